"""`init`: an empty store."""

from __future__ import annotations

import click

from commands.context import made, store_url
from commands.messages import _, say
from lifecycle.recorders import sqlite_path
from lifecycle.refusals import Refused, msg


@click.command("init", help=_("Make an empty store; nothing is recorded."))
def command() -> None:
    """Make the store, unless there is one."""
    url = store_url()
    path = sqlite_path(url)
    if path is not None and path.exists():
        raise Refused.by("store_exists", msg("{path} exists already; nothing was changed"), path=path)
    with made(url) as ledger:
        if path is None and ledger.head().position:
            raise Refused.by("store_exists", msg("{path} exists already; nothing was changed"), path=url)
    click.echo(say(msg("an empty store at {place}"), place=path or url))
    click.echo(_("next: lifecycle template ledger.xlsx, fill it in, lifecycle import ledger.xlsx"))
