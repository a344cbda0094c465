"""What a store is compared with from outside: an auditor's witness files and clerks' receipts."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from commands.cli.shared.typed_path import TypedPath
from commands.words.messages import _
from lifecycle.log.receipts import Receipts
from lifecycle.regular_file import read_regular

F = TypeVar("F", bound=Callable[..., Any])


class PresentFile(TypedPath):
    """A file that has to be there: without it nothing is shown, as the verifier says too.

    click would call a missing one wrong usage, and a script could not tell it from that.
    """

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """Return the path. Raises `FileNotFoundError`."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return path


PRESENT_FILE: Final = PresentFile()


def evidence_options(function: F) -> F:
    """Add `--witness FILE` and `--receipt FILE`; the command takes `witnesses`, `receipt_files`."""
    receipt = click.option(
        "--receipt",
        "receipt_files",
        type=PRESENT_FILE,
        multiple=True,
        help=_("A receipt file; may be repeated."),
    )
    witness = click.option(
        "--witness",
        "witnesses",
        type=PRESENT_FILE,
        multiple=True,
        help=_("An auditor's witness file; may be repeated."),
    )
    # The help lists options in the order of decorators, the outermost first.
    return witness(receipt(function))


def read_receipts(paths: Iterable[Path]) -> list[tuple[str, Receipts]]:
    """Return the receipts of each file with its name. Raises `StoreError`, naming the file."""
    return [(path.name, Receipts.parse(read_regular(path), path)) for path in paths]
