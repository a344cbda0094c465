"""`region conflicts`: projects that two members report, with both reports."""

from __future__ import annotations

from datetime import date, datetime

import click

from commands.cli.shared.axes_options import DAY, known_at_option
from commands.cli.shared.region_access import (
    RequestedRegion,
    engine_options,
    open_region,
    region_options,
)
from commands.cli.shared.region_output import (
    print_absent_members,
    print_conflict_table,
    region_json,
)
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.words.messages import _


@click.command(
    "conflicts",
    help=_(
        "Show the projects that two members report: the same investor and name, or the same "
        "national project code. The region decides which of them counts; the program does not."
    ),
)
@region_options
@engine_options
@click.option(
    "--as-of",
    "day",
    type=DAY,
    metavar="DATE",
    help=_("Facts as of this day. Default: today."),
)
@known_at_option
@table_or_json_option
def command(
    region: RequestedRegion,
    day: date | None,
    known_at: datetime | None,
    form: str,
) -> None:
    """Show them."""
    with open_region(region, known_at=known_at, day=day) as opened:
        conflicts = opened.conflicts(day or opened.ledger.clock().date())
        look = opened.look
    if form == "json":
        print_json(region_json(look, conflicts))
        return
    print_absent_members(look)
    print_conflict_table(conflicts)
