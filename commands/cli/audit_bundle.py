"""`audit bundle`: write one archive of everything, with the verifier that needs nothing of ours."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.shell_words import python_command, shell_quoted
from commands.cli.shared.signing_access import sign_if_possible
from commands.cli.shared.store_access import open_store
from commands.cli.shared.typed_path import TypedPath
from commands.words.messages import say
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import msg
from projections.audit.bundles import write_bundle


@click.command("bundle")
@click.argument("file", type=TypedPath(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """Write it, after signing a checkpoint if the key is at hand."""
    with open_store() as ledger:
        # Auditors compare the bundle with a signed tree; without the key the last checkpoint
        # serves.
        sign_if_possible(ledger)
        # `build_atomically` returns nothing, and counting again would read the ledger twice.
        event_counts: list[int] = []
        build_atomically(file, lambda path: event_counts.append(write_bundle(ledger, path)))
        event_count = event_counts[0]
    template = msg("{count} events in {file}; to verify it: {python} verify_bundle.py {name}")
    click.echo(
        say(
            template,
            count=event_count,
            file=file,
            python=python_command(),
            name=shell_quoted(file.name),
        )
    )
