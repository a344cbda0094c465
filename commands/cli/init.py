"""`init`: an empty store."""

from __future__ import annotations

import click

from commands.cli.main import tell
from commands.cli.shared.command_context import made, store_url
from commands.cli.shared.key_access import make_first_key
from commands.words.messages import _, say
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.ledger_schema import AUDITOR, CLERK
from lifecycle.log.merkle_tree import HASH_NAMES, HashName
from lifecycle.rejections import Rejected, msg


@click.command("init", help=_("Make an empty store and its signing key; nothing is recorded."))
@click.option(
    "--hash",
    "tree_hash",
    type=click.Choice(HASH_NAMES),
    default="sha256",
    show_default=True,
    help=_("The tree's hash; sm3 is read by our own verifier only."),
)
@click.option(
    "--passphrase", "ask", is_flag=True, help=_("Protect the signing key by a passphrase.")
)
def command(*, tree_hash: HashName, ask: bool) -> None:
    """Make the store, unless there is one."""
    url = store_url()
    path = sqlite_path(url)
    if path is not None and path.exists():
        raise Rejected.by(
            "store_exists", msg("{path} exists already; nothing was changed"), path=path
        )
    with made(url, tree_hash) as ledger:
        if path is None and ledger.head().position:
            raise Rejected.by(
                "store_exists", msg("{path} exists already; nothing was changed"), path=url
            )
        make_first_key(ledger, ask=ask)
        if path is None:
            _tell_roles(ledger.database_roles())
    click.echo(say(msg("an empty store at {place}"), place=path or url))
    click.echo(_("next: lifecycle template ledger.xlsx, fill it in, lifecycle import ledger.xlsx"))


def _tell_roles(roles: list[str]) -> None:
    """How people get their rights on a server's database; or that the owner may not make roles."""
    if CLERK in roles and AUDITOR in roles:
        click.echo(
            say(
                msg(
                    "rights are given by roles: GRANT {clerk} TO a login that records, GRANT {auditor} TO one that only reads"
                ),
                clerk=CLERK,
                auditor=AUDITOR,
            )
        )
    else:
        tell(
            say(
                msg(
                    "note: the roles {clerk} and {auditor} were not made, as this login may make none: let one that may run init again on an empty store"
                ),
                clerk=CLERK,
                auditor=AUDITOR,
            )
        )
