"""`region serve`: pages of a region over its members' ledgers, in a browser."""

from __future__ import annotations

from collections.abc import Sequence

import click

from commands.cli.shared.page_server import PageServer, page_server_options
from commands.cli.shared.progress_output import progress_bar
from commands.cli.shared.region_access import RequestedRegion, print_waiting, region_options
from commands.cli.shared.region_output import warn_of_absent_members
from commands.cli.shared.store_access import evidence_store, open_store
from commands.handlers.region_file import RegionMember, read_region_file
from commands.handlers.region_members import look_of_day
from commands.handlers.watched_members import WatchedMembers
from commands.web.region_application import region_application
from commands.web.server_log import written_log
from commands.words.messages import _
from lifecycle.all_cores import engine_for
from lifecycle.ledger.store import Ledger


@click.command("serve")
@region_options
@page_server_options
def command(region: RequestedRegion, server: PageServer) -> None:
    """Serve until interrupted."""
    sessions = server.login_sessions()
    members = read_region_file(region.file)
    with (
        open_store() as ledger,
        server.listening_socket() as listening,
        _verified_members(members, ledger) as watched,
    ):
        # A name that is no unit is rejected before anybody reads a page.
        today = ledger.clock().date()
        states = watched.now().states
        look = look_of_day(ledger, states, today, ledger.head().position, left_out=region.left_out)
        warn_of_absent_members(look)
        site = region_application(
            ledger,
            watched,
            sessions,
            written_log(server.log_form),
            left_out=region.left_out,
            evidence=evidence_store(),
            publishes_tiles=server.publishes_tiles,
            metrics=server.metrics(ledger),
        )
        server.run(site, listening)


def _verified_members(members: Sequence[RegionMember], ledger: Ledger) -> WatchedMembers:
    """Open and verify every member, with a bar on a terminal."""
    with progress_bar(_("Verifying"), len(members)) as advance:
        return WatchedMembers(
            members,
            ledger.clock,
            choose_engine=engine_for,
            report_done=advance,
            report_wait=print_waiting,
        )
