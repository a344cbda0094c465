"""A bar that moves on a terminal's standard error while something is worked through."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TextIO, cast

import click

from commands.cli.shared.visible_signs import PlainStream
from lifecycle.ledger.progress import Progress, ignore_progress


@contextmanager
def progress_bar(description: str, total: int | None) -> Iterator[Progress]:
    """Show a bar if standard error is a terminal; yields what advances it by a number of steps.

    Without a total it shows how far it has come.
    """
    if not sys.stderr.isatty():
        yield ignore_progress
        return
    # click's bar and not rich's, which takes as long to load as the whole of `--help`. It takes a
    # missing total from an iterable without length alone.
    endless: Iterator[int] | None = count() if total is None else None
    with click.progressbar(
        endless,
        length=total,
        label=description,
        show_pos=total is None,
        file=cast("TextIO", PlainStream(sys.stderr)),
    ) as bar:
        yield bar.update
