"""`projections`: the query tables."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.store_access import open_store, store_url
from commands.words.messages import _, say
from lifecycle.rejections import msg
from projections import readmodels

_NOT_BUILT: Final = msg("not built yet: run `lifecycle projections rebuild`")


@click.group("projections", help=_("The query tables: status, rebuild, check."))
def command() -> None:
    """The query tables."""


@command.command("status", help=_("Show how current the query tables are."))
@table_or_json_option
def status_command(form: str) -> None:
    """Show it; looking changes nothing."""
    url = store_url()
    with open_store() as ledger:
        head = ledger.head().position
        position = readmodels.tables_position(url)
        comparison = readmodels.compare_tables(ledger, url)
    differing = [] if comparison is None else [table.table for table in comparison.differences]
    if form == "json":
        behind = None if position is None else head - position
        print_json({"position": position, "head": head, "behind": behind, "differing": differing})
    elif position is None:
        click.echo(_(_NOT_BUILT))
    else:
        click.echo(
            say(
                msg("at position {position} of {head}"),
                position=position,
                head=head,
            )
        )
    if differing:
        print_message(
            say(
                msg(
                    "not what history yields: {tables}; `lifecycle projections rebuild` rebuilds "
                    "them"
                ),
                tables=differing,
            )
        )


@command.command("rebuild", help=_("Rebuild every query table from history."))
def rebuild_command() -> None:
    """Rebuild them."""
    url = store_url()
    with open_store() as ledger:
        progress = readmodels.rebuild(ledger, url)
    click.echo(
        say(
            msg("rebuilt from {streams} projects, at position {position}"),
            streams=progress.streams,
            position=progress.position,
        )
    )


@command.command(
    "check", help=_("Rebuild the query tables and report which of them differed from history.")
)
def check_command() -> None:
    """Compare the tables with rebuilt ones, which stay; exit 1 where any differed.

    Tables that were never built are not built now: there is nothing to compare.
    """
    url = store_url()
    with open_store() as ledger:
        if not readmodels.tables_exist(url):
            click.echo(_(_NOT_BUILT))
            return
        # Tables that are only behind are not damaged: they catch up before they are compared.
        readmodels.catch_up(ledger, url)
        before = readmodels.digests(url)
        # The rebuilt tables stay, so that a check repairs what it finds.
        readmodels.rebuild(ledger, url)
        after = readmodels.digests(url)
    differing = [name for name in after if before.get(name) != after[name]]
    if differing:
        click.echo(say(msg("rebuilt; changed outside lifecycle: {tables}"), tables=differing))
        raise click.exceptions.Exit(1)
    click.echo(say(msg("every query table matches history: {tables}"), tables=list(after)))
