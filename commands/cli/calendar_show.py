"""`calendar show`: the days that a year moves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import labelled, say
from commands.words.working_day_words import DAY_KINDS
from lifecycle.rejections import msg
from lifecycle.working_days import SATURDAY, WorkingCalendar
from projections.facts.county_facts import county_facts
from projections.views.requested_axes import RequestedAxes


def _kind_text(kind: str) -> str:
    return DAY_KINDS[kind].chinese


_COLUMNS: Final = (
    OutputColumn("day", headings.DAY),
    OutputColumn("kind", headings.KIND_OF_DAY, show=_kind_text),
)


@click.command("show")
@axes_options(rulebook=False)
@format_option
def command(axes: RequestedAxes, form: str) -> None:
    """List them."""
    with open_store() as ledger:
        day = axes.as_of or ledger.clock().date()
        calendar = county_facts(ledger, axes.position(ledger)).calendar(day)
    year = axes.year or day.year
    print_rows(_rows(calendar, year), _COLUMNS, form)
    if form != "table":
        return
    source = f"{calendar.source} ({calendar.digest[:16]})"
    click.echo(labelled(FIELDS["source_ref"], source))
    if not calendar.knows(date(year, 1, 1)):
        note = msg(
            "the arrangement of {year} is not known: the holidays by law count as days off; "
            "`lifecycle calendar add` records it"
        )
        click.echo(say(note, year=year))


def _rows(calendar: WorkingCalendar, year: int) -> list[dict[str, Any]]:
    """The weekdays off and the weekend days worked, in their order."""
    rows: list[dict[str, Any]] = []
    day = date(year, 1, 1)
    while day.year == year:
        is_weekday = day.weekday() < SATURDAY
        # Listed is what an arrangement moves; all other days are as in every week.
        if calendar.works(day) != is_weekday:
            rows.append({"day": day.isoformat(), "kind": "off" if is_weekday else "worked"})
        day += timedelta(days=1)
    return rows
