"""Lines that a person types at a terminal."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from importlib import import_module

import click

from commands.cli.shared.visible_signs import visible


def read_line(prompt: str, default: str | None = None) -> str:
    """Read one line from the terminal; Enter alone gives the default. Raises `Abort` at its end."""
    _load_line_editing()
    try:
        text = input(visible(f"{prompt}: ")).strip()
    except EOFError:
        raise click.Abort from None
    return text or default or ""


@cache
def _load_line_editing() -> None:
    """Let `input` edit a line; without readline a terminal deletes half of a Chinese character.

    Windows has no readline and needs none. It is loaded with the first question only, as it may
    write control characters to standard output.
    """
    with suppress(ImportError):
        import_module("readline")
