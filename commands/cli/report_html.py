"""`report html`: the whole county in one file."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import evidence_store, open_store
from commands.cli.shared.typed_path import TypedPath
from commands.web.county_file import county_file, undrawn_characters
from commands.web.county_view import CountyView
from commands.words.messages import say
from lifecycle.atomic_file import write_atomically
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes


@click.command("html")
@click.argument("file", type=TypedPath(path_type=Path, dir_okay=False))
@axes_options()
def command(file: Path, axes: RequestedAxes) -> None:
    """Write the file; it names no persons."""
    with open_store() as ledger:
        view = axes.year_view(ledger)
        text = county_file(CountyView(ledger, view, evidence_store()))
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
