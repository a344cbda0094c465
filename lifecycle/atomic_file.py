"""Write result files that are either complete or not there."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lifecycle.file_names import check_file_name


def write_atomically(path: Path, content: bytes) -> None:
    """Put a file with this content in place of `path`. Raises `OSError`, naming `path`."""

    def write_content(temporary: Path) -> None:
        temporary.write_bytes(content)

    build_atomically(path, write_content)


def build_atomically(path: Path, build: Callable[[Path], object]) -> None:
    """Let `build` write a temporary file, then put it in place of `path`.

    A reader, or a machine that loses power, sees the old file or the new one, never half of it.
    Raises `OSError`, naming `path`.
    """
    check_file_name(path)
    # In the same folder: a rename is atomic within one file system only.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        build(temporary)
        wait_for_disk(temporary)
        replace_path(temporary, path)
    except OSError as error:
        error.filename = str(path)  # the name that the caller knows
        raise
    finally:
        temporary.unlink(missing_ok=True)


if sys.platform == "win32":

    def replace_path(temporary: Path, path: Path) -> None:
        """Move a file or a folder into its place."""
        # Virus scanners and search indexes hold a new file open for a moment.
        for seconds in (0.05, 0.1, 0.2, 0.4):
            try:
                temporary.replace(path)
            except PermissionError:
                time.sleep(seconds)
            else:
                return
        temporary.replace(path)

else:

    def replace_path(temporary: Path, path: Path) -> None:
        """Move a file or a folder into its place."""
        temporary.replace(path)


def wait_for_disk(file: Path) -> None:
    """Return once the file's content is on disk."""
    # Without this a power loss after the rename can leave an empty file under the final name.
    with file.open("r+b") as written:  # Windows syncs only what is open for writing
        os.fsync(written.fileno())
