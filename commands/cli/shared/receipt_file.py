"""The file that `--receipt` names: checked before anything is recorded."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import click

from commands.cli.shared.typed_path import TypedPath
from lifecycle.rejections import Rejected, msg


class ReceiptFile(TypedPath):
    """A new file in a folder that can be written.

    Checked first: an event that is recorded stays so, and its receipt is written only once. A file
    that is there may be another receipt, or somebody's witness file.
    """

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """Return the path. Raises `Rejected` where the file exists, `OSError` for its folder."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path.exists():
            raise Rejected.by(
                "receipt_exists",
                msg(
                    "{path} already exists, and a receipt never replaces a file: name "
                    "another one; nothing was recorded"
                ),
                path=path,
            )
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return path
