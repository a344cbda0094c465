"""Where the signing key lies, and how its passphrase is asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from commands.cli.main import tell
from commands.words.messages import _, say
from lifecycle.rejections import LedgerError, StoreError, msg

NO_KEY: Final = msg("this store has no signing key yet: `lifecycle audit key --new` makes one")

if TYPE_CHECKING:
    from lifecycle.ledger.signing_key import SigningKey
    from lifecycle.ledger.store import Ledger
    from lifecycle.log.signed_notes import Note


def key_path(origin: str, generation: int = 0) -> Path:
    """The key's file: `LIFECYCLE_KEY`, or one in the user's data folder, away from the store; each later key has its own."""
    named = os.environ.get("LIFECYCLE_KEY")
    if named:
        return Path(named)
    from platformdirs import user_data_path  # noqa: PLC0415 -- whoever names a key does not pay for it

    name = origin.replace("/", "-") + (f"-{generation}" if generation else "")
    return user_data_path("lifecycle") / "keys" / f"{name}.pem"


def make_first_key(ledger: Ledger, *, ask: bool) -> None:
    """A new store's key, unless it has one; says where it lies and what auditors are to know."""
    from lifecycle.ledger.checkpoints import create_signer  # noqa: PLC0415 -- help does not pay for signatures

    head = ledger.head()
    if head.signer:
        return
    path = key_path(head.origin)
    key = create_signer(ledger, path, passphrase(new=True) if ask else None)
    click.echo(
        say(msg("the signing key is {path}: keep a copy where nobody else can read it"), path=path)
    )
    click.echo(say(msg("its public key, for auditors: {key}"), key=key.verifier))


def passphrase(*, new: bool = False, ask: bool = True) -> str | None:
    """From `LIFECYCLE_PASSPHRASE`, else asked for on a terminal; a new one twice."""
    given = os.environ.get("LIFECYCLE_PASSPHRASE")
    if given or not ask or not sys.stdin.isatty():
        return given or None
    answer: str = click.prompt(
        _("passphrase of the signing key"), hide_input=True, confirmation_prompt=new, err=True
    )
    return answer


def present_key(ledger: Ledger, *, ask: bool = True) -> SigningKey:
    """The key that signs for the store now, from its file; a locked one is asked for. Raises `StoreError`."""
    from lifecycle.ledger.checkpoints import signers  # noqa: PLC0415 -- help does not pay for signatures
    from lifecycle.ledger.signing_key import SigningKey, is_encrypted  # noqa: PLC0415 -- as above

    origin, known = ledger.head().origin, signers(ledger)
    if not known:
        raise StoreError(NO_KEY)
    path = key_path(origin, len(known) - 1)
    return SigningKey.load(origin, path, passphrase(ask=ask) if is_encrypted(path) else None)


def signed_if_possible(ledger: Ledger, *, ask: bool = True) -> Note | None:
    """A checkpoint of the tree as it is now; without the key at hand what was recorded stands all the same, and that is said."""
    from lifecycle.ledger.checkpoints import sign_checkpoint  # noqa: PLC0415 -- as above

    try:
        return sign_checkpoint(ledger, present_key(ledger, ask=ask))
    except LedgerError as error:
        tell(
            say(
                msg("note: no checkpoint was signed: {why}"),
                why=say(error.template, **error.values),
            )
        )
        return None
