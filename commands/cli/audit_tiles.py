"""`audit tiles`: write checkpoint and tiles into a folder that any web server publishes."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.signing_access import sign_if_possible
from commands.cli.shared.store_access import open_store
from commands.cli.shared.typed_path import TypedPath
from commands.words.messages import say
from lifecycle.ledger.published_log import require_sha256
from lifecycle.rejections import msg
from projections.audit.tile_folder import write_tile_folder


@click.command("tiles")
@click.argument("folder", type=TypedPath(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Write them, after signing a checkpoint if the key is at hand."""
    with open_store() as ledger:
        require_sha256(ledger)
        sign_if_possible(ledger)
        written = write_tile_folder(ledger, folder)
    template = msg("{folder}: checkpoint of {size} events, {tiles} tiles written")
    click.echo(
        say(
            template,
            folder=folder,
            size=written.size,
            tiles=written.tiles,
        )
    )
