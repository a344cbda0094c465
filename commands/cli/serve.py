"""`serve`: pages for leaders and auditors, at this machine or with accounts from others."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.cli.shared.page_server import PageServer, page_server_options
from commands.cli.shared.store_access import evidence_store, open_store
from commands.web.application import application
from commands.web.server_log import written_log
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "account": LazyCommand(
        "commands.cli.serve_account",
        msg("Accounts for access from other machines: add, list, remove."),
    ),
}


@click.group(
    "serve",
    cls=LazyGroup,
    table=_COMMANDS,
    # `serve` alone serves; only its accounts have a command of their own.
    invoke_without_command=True,
    help=_("Serve read-only pages for leaders and auditors in a browser."),
)
@page_server_options
@click.option(
    "--calendars",
    "offers_calendars",
    is_flag=True,
    help=_("Give each reader an address of deadlines, to which calendar programs subscribe."),
)
@click.pass_context
def command(
    ctx: click.Context,
    server: PageServer,
    *,
    offers_calendars: bool,
) -> None:
    """Serve until interrupted."""
    if ctx.invoked_subcommand is None:
        _serve(server, offers_calendars=offers_calendars)


def _serve(server: PageServer, *, offers_calendars: bool) -> None:
    sessions = server.login_sessions()
    with open_store() as ledger, server.listening_socket() as listening:
        site = application(
            ledger,
            sessions,
            written_log(server.log_form),
            evidence=evidence_store(),
            publishes_tiles=server.publishes_tiles,
            offers_calendars=offers_calendars,
            metrics=server.metrics(ledger),
        )
        server.run(site, listening)
