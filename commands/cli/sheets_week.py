"""`sheets week`: the week that a day lies in, unit by unit."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn, unit_column
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.words import table_headings as headings
from commands.words.messages import say
from commands.words.point_text import trimmed_percent
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes
from projections.views.sheet_week import week_bounds, weekly_summary


def _rate_text(rate: str | None) -> str:
    return "—" if rate is None else trimmed_percent(Fraction(rate))


_COLUMNS: Final = (
    unit_column(),
    OutputColumn("issued", headings.SHEETS_OF_WEEK, number=True),
    OutputColumn("cleared", headings.CLEARED_IN_WEEK, number=True),
    OutputColumn("in_time", headings.CLEARED_IN_TIME, number=True),
    OutputColumn("open", headings.NOT_CLEARED, number=True),
    OutputColumn("overdue", headings.OVERDUE, number=True),
    OutputColumn("closing_rate", headings.CLEARANCE_RATE, number=True, show=_rate_text),
)


@click.command("week")
@axes_options(year=False, rulebook=False)
@format_option
def command(axes: RequestedAxes, form: str) -> None:
    """Show it, as far as the day."""
    with open_store() as ledger:
        view = axes.day_view(ledger)
        rows = [week.as_json() for week in weekly_summary(ledger, view)]
    print_rows(rows, _COLUMNS, form)
    if form == "table":
        # The week is shown whole even if the day asked for is its Wednesday.
        monday, sunday = week_bounds(view.as_of)
        template = msg("{first} to {last}, as of {day}; clearance rate: cleared ÷ (cleared + open)")
        day = view.as_of.isoformat()
        click.echo(
            say(
                template,
                first=monday.isoformat(),
                last=sunday.isoformat(),
                day=day,
            )
        )
