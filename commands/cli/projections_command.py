"""`projections`: the read tables."""

from __future__ import annotations

import click

from commands.cli.shared.command_context import opened, store_url
from commands.cli.shared.row_output import print_json
from commands.words.messages import _, say
from lifecycle.rejections import msg
from projections import readmodels


@click.group("projections", help=_("The read tables: status, rebuild, check."))
def command() -> None:
    """The read tables."""


@command.command("status", help=_("How far the read tables are."))
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def status_command(form: str) -> None:
    """Show it; nothing is changed by looking."""
    url = store_url()
    with opened() as ledger:
        head, made = ledger.head().position, readmodels.tables_position(url)
    if form == "json":
        print_json(
            {"position": made, "head": head, "behind": None if made is None else head - made}
        )
    elif made is None:
        click.echo(_("not made yet; the first result makes them"))
    else:
        click.echo(say(msg("at position {position} of {head}"), position=made, head=head))


@command.command("rebuild", help=_("Make every read table anew from history."))
def rebuild_command() -> None:
    """Rebuild."""
    url = store_url()
    with opened() as ledger:
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
    """Compare, repair, and exit 1 where anything differed."""
    url = store_url()
    with opened() as ledger:
        readmodels.catch_up(ledger, url)
        before = readmodels.digests(url)
        readmodels.rebuild(ledger, url)
        after = readmodels.digests(url)
    differing = [name for name in after if before.get(name) != after[name]]
    if differing:
        click.echo(say(msg("made anew; another hand had changed {tables}"), tables=differing))
        raise click.exceptions.Exit(1)
    click.echo(say(msg("every table is what history yields: {tables}"), tables=list(after)))
