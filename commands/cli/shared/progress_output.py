"""A bar that moves on a terminal's standard error while something is worked through."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import click


@contextmanager
def progress_bar(description: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar if standard error is a terminal; yields what advances it by a number of steps.

    Without a total it shows how far it has come.
    """
    if not sys.stderr.isatty():
        yield _no_bar
        return
    # click's bar and not rich's, which takes as long to load as the whole of `--help`. It takes a
    # missing total from an iterable without length alone.
    endless: Iterator[int] | None = count() if total is None else None
    with click.progressbar(
        endless,
        length=total,
        label=description,
        show_pos=total is None,
        file=sys.stderr,
    ) as bar:
        yield bar.update


def _no_bar(_steps: int) -> None:
    """Show nothing: standard error is not a terminal."""
