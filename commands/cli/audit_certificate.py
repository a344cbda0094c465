"""`audit certificate`: write one file for a unit's score that can be verified by itself."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.print_message import print_message
from commands.cli.shared.shell_words import python_command, shell_quoted
from commands.cli.shared.signing_access import present_key
from commands.cli.shared.store_access import open_store
from commands.cli.shared.typed_path import TypedPath
from commands.cli.shared.understood_names import understood_name
from commands.handlers.certifying import CertificateBasis, certify_unit
from commands.words.messages import say
from lifecycle.atomic_file import write_atomically
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes


@click.command("certificate")
@click.argument("unit")
@click.argument("file", type=TypedPath(path_type=Path, dir_okay=False))
@axes_options()
def command(
    unit: str,
    file: Path,
    axes: RequestedAxes,
) -> None:
    """Write it."""
    with open_store() as ledger:
        unit = understood_name(ledger, "unit", unit)
        basis = certify_unit(ledger, axes, unit, partial(present_key, ledger))
    content = basis.certificate.as_json()
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
            msg("{unit}, total {total}: {file}; events in it: {count}"),
            unit=unit,
            total=content["score"]["total"],
            file=file,
            count=len(content["events"]),
        )
    )
    _report_basis(basis)
    template = msg(
        "to verify it: {python} verify_bundle.py {file}, with the verifier from a bundle"
    )
    click.echo(say(template, python=python_command(), file=shell_quoted(file)))


def _report_basis(basis: CertificateBasis) -> None:
    """Say on which checkpoint the certificate rests where nothing could be signed for it."""
    if basis.unsigned is None:
        return
    template = msg(
        "note: nothing was signed ({why}); the certificate is based on the last kept "
        "checkpoint, at position {size}; events recorded after it and left out: {count}"
    )
    why = say(basis.unsigned.template, **basis.unsigned.values)
    size = Checkpoint.parse(basis.certificate.checkpoint.text).size
    print_message(say(template, why=why, size=size, count=basis.left_out))
