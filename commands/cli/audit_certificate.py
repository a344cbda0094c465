"""`audit certificate`: write one file for a unit's score that can be verified by itself."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.shell_words import python_command, shell_quoted
from commands.cli.shared.signing_access import present_key
from commands.cli.shared.store_access import open_store
from commands.handlers.signing import sign_checkpoint
from commands.words.messages import say
from lifecycle.atomic_file import write_atomically
from lifecycle.rejections import msg
from projections.audit.certificates import unit_certificate
from projections.views.requested_axes import RequestedAxes


@click.command("certificate")
@click.argument("unit")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@axes_options()
def command(unit: str, file: Path, axes: RequestedAxes) -> None:
    """Write it."""
    with open_store() as ledger:
        view = axes.year_view(ledger)
        # The proofs lead to the checkpoint's root, so the tree is signed after the view is fixed
        # and before proving.
        note = sign_checkpoint(ledger, present_key(ledger))
        content = unit_certificate(ledger, view, unit, note).as_json()
    # One space of indent: readable by eye, and half the size of two on a file of thousands of
    # hashes.
    text = json.dumps(
        content,
        ensure_ascii=False,
        indent=1,
    )
    write_atomically(file, text.encode())
    click.echo(
        say(
            msg("{unit}, total {total}: {file}, {count} events"),
            unit=unit,
            total=content["score"]["total"],
            file=file,
            count=len(content["events"]),
        )
    )
    template = msg(
        "to verify it: {python} verify_bundle.py {file}, with the verifier from a bundle"
    )
    click.echo(say(template, python=python_command(), file=shell_quoted(file)))
