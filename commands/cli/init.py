"""`init`: create an empty store and its signing key."""

from __future__ import annotations

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.signing_access import make_first_key
from commands.cli.shared.store_access import create_store, store_url
from commands.words.messages import _, say
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.ledger_schema import AUDITOR, CLERK
from lifecycle.log.merkle_tree import HASH_NAMES, HashName
from lifecycle.rejections import Rejected, msg


@click.command("init", help=_("Create an empty store and its signing key; nothing is recorded."))
@click.option(
    "--hash",
    "tree_hash",
    type=click.Choice(HASH_NAMES),
    default="sha256",
    show_default=True,
    help=_("The tree's hash function; sm3 can only be checked by lifecycle's own verifier."),
)
@click.option(
    "--passphrase", "ask", is_flag=True, help=_("Protect the signing key with a passphrase.")
)
def command(*, tree_hash: HashName, ask: bool) -> None:
    """Create the store, unless there is one."""
    url = store_url()
    path = sqlite_path(url)
    if path is not None and path.exists():
        raise _store_exists(path)
    with create_store(url, tree_hash) as ledger:
        # A server's database is there before its store is.
        if path is None and ledger.head().position:
            raise _store_exists(url)
        make_first_key(ledger, ask=ask)
        if path is None:
            _print_roles(ledger.database_roles())
    click.echo(say(msg("created an empty store at {place}"), place=path or url))
    click.echo(
        _(
            "next: run lifecycle template ledger.xlsx, fill it in, and run lifecycle import "
            "ledger.xlsx"
        )
    )


def _store_exists(place: object) -> Rejected:
    template = msg("{path} already exists; nothing was changed")
    return Rejected.by("store_exists", template, path=place)


def _print_roles(roles: list[str]) -> None:
    """Say how logins get their rights on a server, or that the owner may not create roles."""
    if CLERK in roles and AUDITOR in roles:
        template = msg(
            "access is granted by roles: GRANT {clerk} TO logins that record, GRANT "
            "{auditor} TO logins that only read"
        )
        click.echo(
            say(
                template,
                clerk=CLERK,
                auditor=AUDITOR,
            )
        )
        return
    template = msg(
        "note: the roles {clerk} and {auditor} were not created, because this login may "
        "not create roles: run init on an empty store with a login that may"
    )
    print_message(
        say(
            template,
            clerk=CLERK,
            auditor=AUDITOR,
        )
    )
