"""What the head of a county has to decide today, each with the page that lists all of it."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.duty_rows import (
    DeadlineTexts,
    DueSheetTexts,
    deadline_texts,
    due_sheet_texts,
    open_deadlines,
    open_due_sheets,
)
from commands.web.list_pages import NOT_STALLED
from commands.words import page_words
from projections.views.deadline_view import DeadlineRow
from projections.views.sheet_view import DueSheet

# Three lists of five beside one another fit a screen below the ranking.
_MOST_LINES: Final = 5
_STALLED: Final = {"level": "red", "kind": "stalled"}
_OTHERS: Final = {"level": "red", "kind": NOT_STALLED}


class DecisionLine(NamedTuple):
    """A project, what about it is due, by which unit, and how late."""

    project: str
    name: str
    duty: str
    unit: str
    left: str
    is_late: bool


class DecisionList(NamedTuple):
    """The first lines of what wants a decision, how many there are, and the page with all.

    `table` is the name of the table on that page.
    """

    name: str
    title: str
    lines: list[DecisionLine]
    all_lines: int
    path: str
    table: str
    chosen: Mapping[str, str]


def decision_lists(county: CountyView, reader: Reader) -> list[DecisionList]:
    """Sheets to issue, deadlines past due, projects without progress; those of them that exist.

    A project without progress has a red deadline too, and stands in the list of its own.
    """
    stalled: list[DeadlineRow] = []
    past_due: list[DeadlineRow] = []
    for row in open_deadlines(county, reader):
        if row.level == "red":
            rows = stalled if row.deadline.kind == "stalled" else past_due
            rows.append(row)
    # Deadlines come most urgent first already, sheets by the steps of the ladder.
    due_sheets = sorted(open_due_sheets(county, reader), key=attrgetter("due_on"))
    lists = [
        _due_sheet_list(county, due_sheets),
        _deadline_list(county, "stalled", page_words.STALLED_PROJECTS, stalled, _STALLED),
        _deadline_list(county, "past-due", page_words.DEADLINES_PAST_DUE, past_due, _OTHERS),
    ]
    return [each for each in lists if each.all_lines]


def _due_sheet_list(county: CountyView, sheets: list[DueSheet]) -> DecisionList:
    return DecisionList(
        "due-sheets",
        page_words.SHEETS_TO_ISSUE,
        [_sheet_line(due_sheet_texts(county, sheet)) for sheet in sheets[:_MOST_LINES]],
        len(sheets),
        "/sheets",
        page_words.DUE_SHEET_TABLE,
        {},
    )


def _deadline_list(
    county: CountyView,
    name: str,
    title: str,
    rows: list[DeadlineRow],
    chosen: Mapping[str, str],
) -> DecisionList:
    return DecisionList(
        name,
        title,
        [_deadline_line(deadline_texts(county, row)) for row in rows[:_MOST_LINES]],
        len(rows),
        "/deadlines",
        page_words.DEADLINE_TABLE,
        chosen,
    )


def _deadline_line(row: DeadlineTexts) -> DecisionLine:
    duty = f"{row.kind} {row.about}".strip()
    return DecisionLine(row.project, row.name, duty, row.unit_name, row.left, is_late=True)


def _sheet_line(sheet: DueSheetTexts) -> DecisionLine:
    duty = f"{sheet.action} {sheet.about}".strip()
    return DecisionLine(sheet.project, sheet.name, duty, sheet.unit, sheet.left, sheet.is_late)
