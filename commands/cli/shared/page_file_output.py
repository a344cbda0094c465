"""Writing pages as one file, and saying what a reader of it may lack."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.print_message import print_message
from commands.web.county_file import undrawn_characters
from commands.words.messages import say
from lifecycle.atomic_file import write_atomically
from lifecycle.rejections import msg


def write_page_file(file: Path, text: str) -> None:
    """Write it whole or not at all; print its size, and the characters that its font lacks."""
    content = text.encode()
    write_atomically(file, content)
    characters = undrawn_characters(text)
    if characters:
        template = msg(
            "note: the embedded font lacks {characters}; a machine without such a font shows boxes"
        )
        print_message(say(template, characters=characters))
    template = msg("{file}: {size} kB; open it in any browser, no network needed")
    click.echo(say(template, file=file, size=len(content) // 1000))
