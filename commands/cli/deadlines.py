"""`deadlines`: what is due when, by urgency, and how pressed each unit is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.dissolved_filter import note_dissolved_filter
from commands.cli.shared.output_columns import OutputColumn, csv_columns, unit_column
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_filter
from commands.cli.shared.word_option import VocabularyWord
from commands.words import sheet_words, table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from lifecycle.rejections import msg
from projections.views.deadline_counts import deadlines_by_unit
from projections.views.deadline_view import DEADLINE_KINDS, URGENCY_LEVELS, deadline_rows
from projections.views.requested_axes import RequestedAxes

_CSV_FIELDS: Final = (
    "kind",
    "project",
    "unit",
    "about",
    "due_on",
    "days_left",
    "level",
    "clause",
    "basis",
)


@click.command(
    "deadlines",
    help=_(
        "List deadlines, the most urgent first: assessment periods, milestones, tasks, "
        "rectifications, look-backs, follow-ups, stalled projects, idle plots, time limits."
    ),
)
@click.option("--unit", help=_("Only this unit."))
@click.option("--project", help=_("Only this project."))
@click.option(
    "--kind",
    type=VocabularyWord(sheet_words.DEADLINE_KINDS, DEADLINE_KINDS),
    help=_("Only this kind."),
)
@click.option(
    "--level",
    type=VocabularyWord(sheet_words.LEVELS, URGENCY_LEVELS),
    help=_(
        "Only this level: red is overdue, orange is due within a week, yellow within a "
        "month, blue within a quarter."
    ),
)
@click.option(
    "--summary",
    is_flag=True,
    help=_("Count the deadlines of each unit by level."),
)
@axes_options(year=False, rulebook=False)
@format_option
def command(axes: RequestedAxes, form: str, *, summary: bool, **filters: str | None) -> None:
    """Show them."""
    with open_store() as ledger:
        filters["unit"] = understood_filter(ledger, "unit", filters["unit"])
        filters["project"] = understood_filter(ledger, "project", filters["project"])
        view = axes.day_view(ledger)
        listed = deadline_rows(ledger, view)
        note_dissolved_filter(ledger, view, filters["unit"])
    subjects = {row.deadline.about: row.deadline.subject for row in listed if row.deadline.subject}
    rows = [row.as_json() for row in listed]
    rows = [row for row in rows if _matches(row, filters)]
    if summary:
        # What a unit dissolved without a successor left presses nobody.
        credited = [row for row in rows if row["unit"] is not None]
        counts = deadlines_by_unit((row["unit"], row["level"]) for row in credited)
        print_rows([count.as_json() for count in counts], _summary_columns(), form)
        return
    # Working days are published a year ahead at most; later days rest on weekends alone.
    any_estimated = any("estimated" in row for row in rows)
    if form != "table":
        # The column is there only if it says something: most years' working days are known.
        estimated_field = ["estimated"] if any_estimated else []
        columns = csv_columns(*_CSV_FIELDS, *estimated_field, numbers={"days_left"})
        print_rows(rows, columns, form)
        return
    print_rows([_with_subject(row, subjects) for row in rows], _table_columns(), form)
    count_line = msg("deadlines as of {day}: {count}")
    click.echo(say(count_line, count=len(rows), day=view.as_of.isoformat()))
    if any_estimated:
        click.echo(
            _(
                "some dates are estimated, because the working days of that year have not "
                "been published (marked `estimated` in JSON and CSV)"
            )
        )


def _matches(row: dict[str, Any], filters: dict[str, str | None]) -> bool:
    return all(value in (None, row[name]) for name, value in filters.items())


def _with_subject(row: dict[str, Any], subjects: Mapping[str | None, str]) -> dict[str, Any]:
    """A row whose limit goes by the name that the rulebook gives it."""
    subject = None
    if row["kind"] == "limit":
        subject = subjects.get(row["about"])
    return row | {"about": sheet_words.about(row["about"], subject)}


def _table_columns() -> list[OutputColumn]:
    return [
        OutputColumn("level", headings.LEVEL, show=sheet_words.level, whole=True),
        OutputColumn("due_on", headings.DUE_ON, whole=True),
        OutputColumn("days_left", headings.DAYS_LEFT, number=True),
        OutputColumn("kind", headings.DEADLINE, show=sheet_words.deadline_kind, whole=True),
        OutputColumn("project", FIELDS["project"], show=str, whole=True),
        unit_column(),
        OutputColumn("about", headings.ABOUT, show=str, whole=True),
        OutputColumn("clause", headings.CLAUSE),
    ]


def _summary_columns() -> list[OutputColumn]:
    columns = [OutputColumn("unit", FIELDS["unit"], show=str)]
    for level in URGENCY_LEVELS:
        columns.append(OutputColumn(level, sheet_words.LEVELS[level], number=True))
    columns.append(OutputColumn("total", headings.SUM, number=True))
    return columns
