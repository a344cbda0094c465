"""`init`: create an empty store and its signing key."""

from __future__ import annotations

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.signing_access import (
    make_first_key,
    new_passphrase,
    require_unused_key_file,
)
from commands.cli.shared.store_access import create_store, store_url
from commands.words.messages import _, say
from lifecycle.ledger import machine_clock
from lifecycle.ledger.recorders import sqlite_path, store_place
from lifecycle.ledger.store import Ledger
from lifecycle.log.merkle_tree import HASH_NAMES, HashName
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import DEFAULT
from projections.readmodels import TABLE_NAMES


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
@click.option(
    "--upgrade",
    is_flag=True,
    help=_(
        "PostgreSQL: bring an existing store's tables, functions, roles and rights up to this "
        "version. Only for the owner of the database; no event is touched."
    ),
)
def command(
    *,
    tree_hash: HashName,
    ask: bool,
    upgrade: bool,
) -> None:
    """Create the store, unless there is one."""
    url = store_url()
    if upgrade:
        _upgrade(url)
        return
    path = sqlite_path(url)
    if path is not None and path.exists():
        raise _store_exists(path)
    # A store that is created before its key is rejected would stand there without one.
    if path is not None:
        require_unused_key_file()
    passphrase = new_passphrase(ask=ask)
    with create_store(url, tree_hash) as ledger:
        # A server's database is there before its store is.
        if path is None and _is_in_use(ledger):
            raise _server_store_exists(store_place(url))
        make_first_key(ledger, passphrase)
        if path is None:
            _print_roles(ledger)
    click.echo(say(msg("created an empty store at {place}"), place=store_place(url)))
    # Every other record names a unit, so units come first.
    click.echo(
        _(
            "next: register the units, one by one with lifecycle record UnitRegistered, or all in "
            "the first sheet of a workbook: lifecycle template ledger.xlsx, fill it in, and "
            "lifecycle import ledger.xlsx; a ledger of your own: lifecycle import FILE --propose "
            "map.toml"
        )
    )
    _print_rulebook_of_year(machine_clock.machine_time().year)


def _print_rulebook_of_year(year: int) -> None:
    """Lead to a rulebook of the year where the shipped one, which needs no adoption, is another's.

    Whoever begins a ledger in another year would meet it first at `score`.
    """
    if str(year) in DEFAULT:
        return
    template = msg(
        "scores of {year} need its rulebook: run lifecycle rulebook new ID --from {default} "
        "--year {year}, edit the draft, and run lifecycle rulebook adopt ID.toml"
    )
    click.echo(say(template, year=year, default=DEFAULT))


def _upgrade(url: str) -> None:
    """Upgrade a store on a server. A file is upgraded by its first write."""
    with Ledger.open(url) as ledger:
        if ledger.database_login() is None:
            raise Rejected.by(
                "no_server",
                msg(
                    "only a store on PostgreSQL is upgraded by its owner: a file is "
                    "upgraded by the first record"
                ),
            )
        was_old = ledger.recorder.upgrade(TABLE_NAMES)
    with Ledger.open(url) as ledger:
        _print_roles(ledger)
        position = ledger.head().position
    template = msg("functions, roles and rights of the store at {place} are up to date")
    if was_old:
        template = msg(
            "the store at {place} was moved into the schema lifecycle, its {events} events "
            "unchanged; the query tables of clerks were dropped: run lifecycle projections rebuild"
        )
    click.echo(say(template, place=store_place(url), events=position))


def _is_in_use(ledger: Ledger) -> bool:
    """Return whether an `init` before this one was completed, or something was recorded."""
    # A store without a key is one whose key was rejected: `init` may be repeated there.
    head = ledger.head()
    return bool(head.position or head.signer)


def _store_exists(place: object) -> Rejected:
    template = msg("{path} already exists; nothing was changed")
    return Rejected.by("store_exists", template, path=place)


def _server_store_exists(place: str) -> Rejected:
    # Whoever may run `init` there is the owner, for whom opening it brought the functions along.
    template = msg(
        "{path} already exists; no event was touched, and its functions, roles and rights are up "
        "to date"
    )
    return Rejected.by("store_exists", template, path=place)


def _print_roles(ledger: Ledger) -> None:
    """Say how logins get their rights on a server, and what its owner could not close."""
    roles = ledger.database_roles()
    if roles:
        click.echo(
            say(
                msg(
                    "access is granted by roles: GRANT {clerk} TO logins that record, GRANT "
                    "{manager} TO those that also publish and adopt rulebooks, GRANT {auditor} TO "
                    "those that only read"
                ),
                **roles,
            )
        )
    else:
        print_message(
            _(
                "note: this login may not create roles, so only the owner of the database can use "
                "the store: let an administrator create them (see docs/postgres.md), then run "
                "lifecycle init --upgrade"
            )
        )
    for problem in ledger.recorder.limits():
        print_message(say(problem.template, **problem.values))
