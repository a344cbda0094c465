"""`audit cosign`: cosign the last checkpoint of a witness file with a key of one's own."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from commands.cli.shared.signing_access import ask_passphrase, new_passphrase
from commands.cli.shared.typed_path import TypedPath
from commands.handlers.cosigning import cosign_last_line, create_cosigner, load_cosigner
from commands.words.messages import _, say
from lifecycle.atomic_file import write_atomically
from lifecycle.ledger.signing_key import is_encrypted
from lifecycle.log.cosignatures import CosignerKey
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.log.witness_file import read_witness_file
from lifecycle.rejections import StoreError, msg

_ANY_FILE = TypedPath(path_type=Path, dir_okay=False)


@click.command("cosign")
@click.argument("witness", required=False, type=_ANY_FILE)
@click.argument("file", required=False, type=_ANY_FILE)
@click.option(
    "--key-file",
    required=True,
    type=_ANY_FILE,
    help=_("The file of your own cosigning key."),
)
@click.option(
    "--new",
    "name",
    metavar="NAME",
    help=_("Create the key under this name, such as audit.kaihua.gov.cn."),
)
@click.option(
    "--passphrase",
    "ask",
    is_flag=True,
    help=_("Protect the new key with a passphrase."),
)
def command(
    witness: Path | None,
    file: Path | None,
    key_file: Path,
    name: str | None,
    *,
    ask: bool,
) -> None:
    """Create the key, cosign, or both."""
    if name is not None:
        _print_key(create_cosigner(name, key_file, new_passphrase(ask=ask)))
    if witness is not None and file is not None:
        _cosign(witness, file, key_file)
    elif name is None or witness is not None:
        raise click.UsageError(_("name the witness file and the file to write"))


def _print_key(key: CosignerKey) -> None:
    click.echo(say(msg("your public key, for the county and for whoever verifies: {key}"), key=key))


def _cosign(
    witness: Path,
    file: Path,
    key_file: Path,
) -> None:
    # `follow` begins a missing witness file; here there is nothing to begin.
    if not witness.exists():
        raise StoreError(
            msg("the witness file {path} cannot be read: {why}"),
            path=witness,
            why=os.strerror(errno.ENOENT),
        )
    lines = read_witness_file(witness)
    passphrase = ask_passphrase() if is_encrypted(key_file) else None
    key = load_cosigner(key_file, passphrase)
    # The machine's clock: a cosignature says when its maker had seen nothing longer.
    note = cosign_last_line(lines, key, datetime.now(UTC))
    write_atomically(file, str(note).encode())
    checkpoint = Checkpoint.parse(note.text)
    click.echo(
        say(
            msg("{file}: {origin} at {size} events, cosigned by {name}"),
            file=file,
            origin=checkpoint.origin,
            size=checkpoint.size,
            name=key.cosigner.name,
        )
    )
