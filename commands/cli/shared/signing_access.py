"""Where the signing key lies, and how its passphrase is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from commands.cli.shared.data_folder import data_folder
from commands.cli.shared.print_message import print_message
from commands.cli.shared.written_keys import written_cosigner, written_verifier
from commands.handlers.signing import create_first_key, sign_checkpoint
from commands.words.messages import _, say
from lifecycle.ledger.checkpoints import signers
from lifecycle.ledger.known_facts import TrustedKeys
from lifecycle.ledger.signing_key import (
    SigningKey,
    is_encrypted,
    noted_public_key,
    public_key_path,
    unlocked_public_key,
    write_public_key,
)
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Note, VerifierKey
from lifecycle.rejections import LedgerError, Rejected, StoreError, msg

NO_KEY: Final = msg(
    "this store has no signing key yet: create one with `lifecycle audit key --new`"
)


def key_path(origin: str, generation: int = 0) -> Path:
    """Return the key's file: `LIFECYCLE_KEY`, or in the data folder, away from the store.

    Each later key of a store, counted by `generation`, has a file of its own: the one beside
    `LIFECYCLE_KEY`, once it is there.
    """
    named_path = named_key_path()
    if named_path is not None:
        later_path = _later_key_path(named_path, generation)
        return later_path if later_path.exists() else named_path
    suffix = f"-{generation}" if generation else ""
    # An origin contains a slash, which a file's name cannot.
    name = f"{origin.replace('/', '-')}{suffix}.pem"
    return data_folder() / "keys" / name


def new_key_path(origin: str, generation: int) -> Path:
    """Return the file for a key that is about to be created.

    Where `LIFECYCLE_KEY` names the present key, which endorses the new one, it lies beside it.
    """
    named_path = named_key_path()
    if named_path is not None and named_path.exists():
        return _later_key_path(named_path, generation)
    return key_path(origin, generation)


def named_key_path() -> Path | None:
    """Return the file that `LIFECYCLE_KEY` names."""
    path = os.environ.get("LIFECYCLE_KEY")
    return Path(path) if path else None


def _later_key_path(first_path: Path, generation: int) -> Path:
    suffix = f"-{generation}" if generation else ""
    return first_path.with_name(f"{first_path.stem}{suffix}{first_path.suffix}")


def new_passphrase(*, ask: bool) -> str | None:
    """Return the passphrase of a key that is about to be created; None if it needs none.

    Raises `Rejected` where there is nobody to ask: the key would be written unprotected.
    """
    if not ask:
        return None
    passphrase = ask_passphrase(new=True)
    if not passphrase:
        raise Rejected.by(
            "no_passphrase",
            msg(
                "there is no terminal to ask for a passphrase: set LIFECYCLE_PASSPHRASE, or run "
                "the command in a terminal; nothing was changed"
            ),
        )
    return passphrase


def ask_passphrase(*, new: bool = False, ask: bool = True) -> str | None:
    """Take the passphrase from `LIFECYCLE_PASSPHRASE`, or ask on a terminal; a new one twice."""
    # The environment serves timers and services, which have nobody to ask.
    passphrase = os.environ.get("LIFECYCLE_PASSPHRASE")
    if passphrase or not ask or not sys.stdin.isatty():
        return passphrase or None
    answer: str = click.prompt(
        _("passphrase of the signing key"), hide_input=True, confirmation_prompt=new, err=True
    )
    return answer


def require_unused_key_file() -> None:
    """Raise `Rejected` if `LIFECYCLE_KEY` names a file that is there: it is another store's key."""
    path = named_key_path()
    if path is not None and path.exists():
        raise Rejected.by(
            "key_exists",
            msg(
                "LIFECYCLE_KEY names {path}, which already exists: a new store gets a key "
                "of its own; nothing was changed"
            ),
            path=path,
        )


def make_first_key(ledger: Ledger, passphrase: str | None) -> None:
    """Create a new store's key, unless it has one; print its place and what auditors need."""
    head = ledger.head()
    if head.signer:
        return
    path = key_path(head.origin)
    key = create_first_key(ledger, path, passphrase)
    click.echo(
        say(
            msg("the signing key is {path}: keep a copy in a place that only you can read"),
            path=path,
        )
    )
    click.echo(say(msg("public key for auditors: {key}"), key=key.verifier))


def present_key(ledger: Ledger, *, ask: bool = True) -> SigningKey:
    """Load the key that signs for the store now, asking for its passphrase. Raises `StoreError`."""
    known_signers = signers(ledger)
    if not known_signers:
        raise StoreError(NO_KEY)
    origin = ledger.head().origin
    # Earlier keys stay in their files: they verify old checkpoints and sign no new ones.
    path = key_path(origin, len(known_signers) - 1)
    passphrase = ask_passphrase(ask=ask) if is_encrypted(path) else None
    key = SigningKey.load(origin, path, passphrase)
    # Stores of before 0.2.0 have no public key beside it; the folder may be read-only, too.
    if key.verifier == known_signers[-1].key:
        with suppress(OSError):
            write_public_key(path, key.verifier)
    return key


def trusted_keys(
    ledger: Ledger,
    given: Sequence[str],
    cosigners: Sequence[str] = (),
) -> TrustedKeys:
    """Return the keys that were kept outside the store: those given, and those of its key files.

    Raises `StoreError` for a given key that is not one.
    """
    given_keys = [written_verifier(text) for text in given]
    cosigner_keys = [written_cosigner(text) for text in cosigners]
    origin = ledger.head().origin
    noted: list[tuple[Path, VerifierKey]] = []
    unlocked: list[VerifierKey] = []
    for generation in range(max(1, len(signers(ledger)))):
        path = key_path(origin, generation)
        noted_key = noted_public_key(origin, path)
        unlocked_key = unlocked_public_key(origin, path)
        if noted_key is not None:
            noted.append((public_key_path(path), noted_key))
        if unlocked_key is not None:
            unlocked.append(unlocked_key)
    return TrustedKeys(given_keys, noted, unlocked, cosigner_keys)


def sign_if_possible(ledger: Ledger, *, ask: bool = True) -> Note | None:
    """Sign a checkpoint; without the key print a note, as what was recorded remains valid."""
    try:
        return sign_checkpoint(ledger, present_key(ledger, ask=ask))
    except LedgerError as error:
        reason = say(error.template, **error.values)
        print_message(say(msg("note: no checkpoint was signed: {why}"), why=reason))
        return None
