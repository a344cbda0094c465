"""`projections`: the query tables."""

from __future__ import annotations

import click

from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.store_access import open_store, store_url
from commands.words.messages import _, say
from lifecycle.rejections import msg
from projections import readmodels


@click.group("projections", help=_("The read tables: status, rebuild, check."))
def command() -> None:
    """The query tables."""


@command.command("status", help=_("How far the read tables are."))
@table_or_json_option
def status_command(form: str) -> None:
    """Show it; looking changes nothing."""
    url = store_url()
    with open_store() as ledger:
        head = ledger.head().position
        position = readmodels.tables_position(url)
    if form == "json":
        behind = None if position is None else head - position
        print_json({"position": position, "head": head, "behind": behind})
    elif position is None:
        click.echo(_("not made yet; the first result makes them"))
    else:
        click.echo(say(msg("at position {position} of {head}"), position=position, head=head))


@command.command("rebuild", help=_("Make every read table anew from history."))
def rebuild_command() -> None:
    """Rebuild them."""
    url = store_url()
    with open_store() as ledger:
        progress = readmodels.rebuild(ledger, url)
    click.echo(
        say(
            msg("made anew from {streams} projects, at position {position}"),
            streams=progress.streams,
            position=progress.position,
        )
    )


@command.command(
    "check", help=_("Make the tables anew and say which of them had not been what history yields.")
)
def check_command() -> None:
    """Compare the tables with rebuilt ones, which stay; exit 1 where any differed."""
    url = store_url()
    with open_store() as ledger:
        readmodels.catch_up(ledger, url)
        before = readmodels.digests(url)
        readmodels.rebuild(ledger, url)
        after = readmodels.digests(url)
    differing = [name for name in after if before.get(name) != after[name]]
    if differing:
        click.echo(say(msg("made anew; another hand had changed {tables}"), tables=differing))
        raise click.exceptions.Exit(1)
    click.echo(say(msg("every table is what history yields: {tables}"), tables=list(after)))
