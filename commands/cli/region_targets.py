"""`region targets`: how far the region and its members are."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import csv_columns
from commands.cli.shared.print_message import print_message
from commands.cli.shared.region_access import (
    RequestedRegion,
    engine_options,
    open_region,
    region_options,
)
from commands.cli.shared.region_output import (
    print_absent_members,
    print_conflicts,
    region_json,
    warn_of_absent_members,
)
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.rulebook_year import view_of_year
from commands.cli.shared.target_output import print_targets, unread_targets_text
from commands.words.member_words import WHOLE_REGION
from commands.words.messages import _
from projections.scoring.score_json import view_json
from projections.views.requested_axes import RequestedAxes
from projections.views.target_view import county_target_progress, unread_target_indicators

_CSV_FIELDS: Final = ("indicator", "unit", "target", "actual", "ratio")
_NUMBERS: Final = frozenset(("target", "actual", "ratio"))


@click.command(
    "targets",
    help=_(
        "Show the year's targets of the region and of its members: progress, pace and shortfall."
    ),
)
@region_options
@engine_options
@axes_options()
@format_option
def command(
    region: RequestedRegion,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show them: exact as JSON and CSV, as a table with the pace and what is missing."""
    with open_region(region, known_at=axes.known_at, day=axes.as_of) as opened:
        view = opened.over_members(view_of_year(axes, opened.ledger))
        progress = county_target_progress(opened.ledger, view)
        unread = unread_target_indicators(opened.ledger, view)
        conflicts = opened.conflicts(view.as_of)
        look = opened.look
    rows = [row.as_json() for row in progress]
    if form == "json":
        print_json({**region_json(look, conflicts), **view_json(view), "targets": rows})
    elif form == "csv":
        print_csv(rows, csv_columns(*_CSV_FIELDS, numbers=_NUMBERS))
        warn_of_absent_members(look)
    else:
        print_absent_members(look)
        print_targets(progress, view, WHOLE_REGION)
        print_conflicts(conflicts)
    # In every form, on standard error: a target that nothing measures would go unnoticed.
    if unread:
        print_message(unread_targets_text(unread, view))
