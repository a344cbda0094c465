"""`audit key`: show the keys that sign for the store; change the key."""

from __future__ import annotations

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.print_message import print_message
from commands.cli.shared.signing_access import (
    NO_KEY,
    new_key_path,
    new_passphrase,
    present_key,
)
from commands.cli.shared.store_access import author, open_store
from commands.handlers.signing import change_key, create_first_key, require_key_reason
from commands.words.messages import _, say
from lifecycle.ledger.checkpoints import Signer, signers
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg


@click.command("key")
@click.option(
    "--new",
    is_flag=True,
    help=_("Create a new key, endorsed by the current one."),
)
@click.option(
    "--lost",
    is_flag=True,
    help=_("The current key is lost: the new key is not endorsed, and auditors see that."),
)
@click.option("--reason", help=_("The reason for changing the key."))
@click.option(
    "--passphrase",
    "ask",
    is_flag=True,
    help=_("Protect the new key with a passphrase."),
)
@clock_option
def command(
    *,
    new: bool,
    lost: bool,
    reason: str | None,
    ask: bool,
) -> None:
    """Show or change."""
    with open_store() as ledger:
        if new:
            _change_key(
                ledger,
                reason or "",
                lost=lost,
                ask=ask,
            )
        # Read only now: the change may just have added a key.
        known_signers = signers(ledger)
    if not known_signers:
        print_message(say(NO_KEY))
    for signer in known_signers:
        _print_signer(signer)


def _change_key(
    ledger: Ledger,
    reason: str,
    *,
    lost: bool,
    ask: bool,
) -> None:
    """Create the store's next key, or its first."""
    known_signers = signers(ledger)
    path = new_key_path(ledger.head().origin, len(known_signers))
    passphrase = new_passphrase(ask=ask)
    # A first key replaces none: it needs neither a reason nor an endorsement.
    if not known_signers:
        create_first_key(ledger, path, passphrase)
        return
    # The reason is asked for before the old key is, which may be locked by a passphrase.
    require_key_reason(reason)
    previous = None if lost else present_key(ledger)
    change_key(
        ledger, author(ledger), path, reason=reason, previous=previous, passphrase=passphrase
    )


def _print_signer(signer: Signer) -> None:
    click.echo(signer.key)
    # The first key signs from the beginning, and there is no earlier one to endorse it.
    if not signer.since:
        return
    if signer.endorsed:
        endorsement = _("endorsed by the previous key")
    else:
        endorsement = _("NOT endorsed by the previous key")
    since = say(msg("from position {since}"), since=signer.since)
    print_message(f"  {since}, {endorsement}")
