"""`region conflicts`: projects that two members report, with both reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import click

from commands.cli.shared.axes_options import DAY, known_at_option
from commands.cli.shared.output_columns import csv_columns
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
    warn_of_absent_members,
)
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.words.messages import _
from projections.views.counted_twice import CountedTwice

_CSV_FIELDS: Final = (
    "conflict",
    "same_identity",
    "project_codes",
    "unit",
    "project",
    "name",
    "investor",
    "reported_on",
    "recorded_at",
    "event",
)
_NUMBERS: Final = frozenset(("conflict",))


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
@format_option
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
    elif form == "csv":
        print_csv(_report_rows(conflicts), csv_columns(*_CSV_FIELDS, numbers=_NUMBERS))
        warn_of_absent_members(look)
    else:
        print_absent_members(look)
        print_conflict_table(conflicts)


def _report_rows(conflicts: Sequence[CountedTwice]) -> list[dict[str, Any]]:
    """Return a row for each report; those of one conflict share its number."""
    rows = []
    for number, conflict in enumerate(conflicts, start=1):
        codes = " ".join(conflict.project_codes)
        for report in conflict.reports:
            row = {
                "conflict": number,
                "same_identity": conflict.same_identity,
                "project_codes": codes,
                **report.as_json(),
            }
            rows.append(row)
    return rows
