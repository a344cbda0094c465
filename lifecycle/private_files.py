"""Files that their owner alone may read, signing keys and accounts, and folders closed to others.

POSIX has permission bits. On Windows a new file takes over the access list of its folder, so that a
key in a shared folder would be everybody's.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

from lifecycle.file_names import check_file_name

if sys.platform == "win32":
    from lifecycle import windows_access

_OWNER_READS_AND_WRITES: Final = 0o600
_OWNER_AND_GROUP: Final = 0o750
_GROUP_AND_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


if sys.platform == "win32":

    def _create(path: Path) -> int:
        return windows_access.create_for_this_account(path)

    def create_closed_folder(folder: Path) -> None:
        """Create a folder that only this account and the administrators can look into."""
        windows_access.create_folder_for_this_account(folder)

    def others_may_read(file: Path) -> bool:
        """Return whether accounts other than this one and the administrators can read a file."""
        return windows_access.others_have_access(file)

else:

    def _create(path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_READS_AND_WRITES)

    def create_closed_folder(folder: Path) -> None:
        """Create a folder that only its owner and its group can look into."""
        folder.mkdir(_OWNER_AND_GROUP)

    def others_may_read(file: Path) -> bool:
        """Return whether accounts other than the owner can read a file."""
        return bool(file.stat().st_mode & _GROUP_AND_OTHERS)


def create_private_file(path: Path, content: bytes) -> None:
    """Write a new file that its owner alone can read, and wait until it is on disk.

    Raises `FileExistsError` where there is one, which stays as it is.
    """
    check_file_name(path)
    # Exclusive and private from the start: nobody else can open it in between, and no earlier
    # file is ever overwritten.
    with os.fdopen(_create(path), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
