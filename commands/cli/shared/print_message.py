"""Messages beside the results."""

from __future__ import annotations

import click


def print_message(text: str) -> None:
    """Print a message on standard error, where it does not mix with results."""
    click.echo(text, err=True)
