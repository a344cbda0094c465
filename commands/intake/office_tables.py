"""What offices add to a table: titles above the headings, columns of their own, totals, notes.

What is added is passed over and said. What may be a slip of the hand, such as a heading with a
letter too many, is rejected: its cells would be lost in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from commands.intake.column_checks import first_repeated
from commands.intake.typed_fields import event_named, fields_of_kind
from commands.intake.workbook_cells import cell_text
from commands.intake.workbook_layout import SHEET_EVENTS, column_headings, named_streams
from commands.intake.worksheet_cells import StoredCell, WorksheetRow
from commands.words.event_words import EVENTS
from commands.words.register_words import SKIPPED_BEGINNINGS
from commands.words.typed_words import UNITS_OF_MONEY
from commands.words.workbook_words import NAME_BESIDE_CODE, ORDER
from lifecycle.events import BY_NAME, Event
from lifecycle.rejections import Problem, Rejected, msg

_LOOKED_AT: Final = 10
"""How far below the top the headings may stand."""
_LIKELY: Final = 2
"""From so many known headings on a row is the headings' row."""
_MISSPELLED: Final = 65
"""From this similarity on, of 100, an unknown heading is taken for a slip of the hand."""
_BLANKS: Final = re.compile(r"\s+")
_UNIT_BEHIND: Final = re.compile(r"[（(](?P<unit>[^（()）]+)[)）]$")
_MARKS_BEHIND: Final = "*＊"


class TableColumns(NamedTuple):
    """The columns of a table: which row heads them, and what each of them holds.

    `names` are fields, "" where the column is passed over; `units` are those that a heading gives
    to its column's amounts.
    """

    row_place: int
    headings: list[str]
    names: list[str]
    units: Mapping[int, str]


def table_columns(
    table: str,
    rows: Sequence[WorksheetRow],
    fields: Mapping[str, str],
) -> TableColumns:
    """Find the headings of a table and the field of each column.

    Raises `Rejected` for a heading twice, and for one that is most likely misspelled.
    """
    place = _headings_place(rows, fields)
    headings: list[str] = []
    if place is not None:
        headings = _headings_of(rows[place])
    names = []
    units = {}
    for column, heading in enumerate(headings):
        bare = _bare_heading(heading, fields)
        names.append(fields.get(bare, ""))
        unit = _UNIT_BEHIND.search(heading)
        # Templates of our own have headings that end in a unit, and amounts in just that unit.
        if heading in fields or unit is None:
            continue
        if unit["unit"] in UNITS_OF_MONEY:
            units[column] = unit["unit"]
    _reject_misspelled(table, headings, names, fields)
    _reject_repeated(table, headings, names)
    row_place = -1 if place is None else place
    return TableColumns(row_place, headings, names, units)


def _headings_of(row: WorksheetRow) -> list[str]:
    """Return the heading of each column, "" where a column before the last has none."""
    last_column = max(row.cells)
    headings = [""] * (last_column + 1)
    for column, value in row.cells.items():
        headings[column] = _without_blanks(value)
    return headings


def _without_blanks(value: StoredCell) -> str:
    # Offices space out short headings, 名  称, and break long ones into lines.
    return _BLANKS.sub("", cell_text(value))


def _reject_repeated(
    table: str,
    headings: Sequence[str],
    names: Sequence[str],
) -> None:
    repeated = first_repeated(names) or first_repeated(headings)
    if not repeated:
        return
    heading = repeated
    if repeated in names:
        heading = headings[names.index(repeated)]
    template = msg("sheet {name} has the heading {twice} twice")
    raise Rejected.by("heading_twice", template, name=table, twice=heading)


def _headings_place(rows: Sequence[WorksheetRow], fields: Mapping[str, str]) -> int | None:
    """Return the first row with known headings; else the first row of the sheet, if it is filled.

    Above the headings a title may stand, and who filled the table in.
    """
    for place, row in enumerate(rows[:_LOOKED_AT]):
        texts = [_without_blanks(value) for value in row.cells.values()]
        known = [text for text in texts if _bare_heading(text, fields) in fields]
        # A table of one column has one known heading.
        is_known_whole = bool(known) and len(known) == len(texts)
        if len(known) >= _LIKELY or is_known_whole:
            return place
    if rows and rows[0].number == 1:
        return 0
    return None


def _bare_heading(heading: str, fields: Mapping[str, str]) -> str:
    """Return a heading without the mark of what is required and the unit of its amounts."""
    if heading in fields:
        return heading
    bare = heading.strip(_MARKS_BEHIND)
    unit = _UNIT_BEHIND.search(bare)
    if bare not in fields and unit is not None and unit["unit"] in UNITS_OF_MONEY:
        bare = bare[: unit.start()]
    return bare.strip(_MARKS_BEHIND)


def _reject_misspelled(
    table: str,
    headings: Sequence[str],
    names: Sequence[str],
    fields: Mapping[str, str],
) -> None:
    for heading, name in zip(headings, names, strict=True):
        if not heading or name:
            continue
        nearest = _nearest_missing(heading, fields, names)
        if nearest is not None:
            raise Rejected.by(
                "unknown_heading",
                msg(
                    "sheet {name} has the unknown heading {unknown}; did you mean {nearest}? "
                    "Allowed: {allowed}"
                ),
                name=table,
                unknown=heading,
                nearest=nearest,
                allowed=list(fields),
            )


def is_misspelled(
    heading: str,
    fields: Mapping[str, str],
    names: Sequence[str],
) -> bool:
    """Whether an unknown heading is most likely a slip for a field that no column has."""
    return _nearest_missing(heading, fields, names) is not None


def _nearest_missing(
    heading: str,
    fields: Mapping[str, str],
    names: Sequence[str],
) -> str | None:
    if heading in NAME_BESIDE_CODE:
        return None
    # What has a column already was not misspelled in another.
    missing = [known for known, name in fields.items() if name not in names]
    match = process.extractOne(heading, missing, scorer=fuzz.ratio, score_cutoff=_MISSPELLED)
    if match is None:
        return None
    return str(match[0])


def extra_columns_note(headings: Sequence[str], names: Sequence[str]) -> Problem | None:
    """Return what to say of columns that are no fields, None where there are none.

    A project's name beside its code is usual and not worth a word.
    """
    extra = []
    for heading, name in zip(headings, names, strict=True):
        if heading and not name and heading not in NAME_BESIDE_CODE:
            extra.append(heading)
    if not extra:
        return None
    template = msg("the columns {columns} are no fields of this event and were passed over")
    return Problem("extra_columns", template, {"columns": extra})


def passed_over(row: WorksheetRow, columns: TableColumns) -> Problem | None:
    """Return why a row is no record: a total, or a note below the table; None for a record."""
    texts = []
    for column, value in sorted(row.cells.items()):
        text = cell_text(value)
        is_order = column < len(columns.names) and columns.names[column] == ORDER
        # 合计 often stands where the others have their number.
        if not (is_order and text.isdigit()):
            texts.append(text)
    return passed_over_text(texts)


def passed_over_text(texts: Sequence[str]) -> Problem | None:
    """Return the same for the texts of a row: its first filled one decides."""
    for text in texts:
        bare = _BLANKS.sub("", text)
        for beginning in SKIPPED_BEGINNINGS:
            if bare.startswith(beginning):
                template = msg("the row begins with {beginning} and was passed over")
                return Problem("passed_over", template, {"beginning": beginning})
        if bare:
            return None
    return None


def prefilled_only(kind: type[Event], cells: Mapping[str, str]) -> Problem | None:
    """Return a note for a row of which nothing but what a template fills in stands there."""
    known = {*named_streams(kind), "month"}
    filled = {name for name, text in cells.items() if text}
    if "month" not in filled or not filled <= known:
        return None
    template = msg("the row has no figure and was passed over")
    return Problem("prefilled", template)


# Sheets ------------------------------------------------------------------------------------------


def event_of_sheet(name: str, rows: Sequence[WorksheetRow]) -> type[Event] | None:
    """Return the event whose records a sheet holds: by its name, a part of it, or its headings."""
    kind = event_named(name)
    if kind is not None:
        return kind
    bare_name = _BLANKS.sub("", name)
    contained = [event for event in SHEET_EVENTS if EVENTS[event].chinese in bare_name]
    if contained:
        # 项目备案 is the longer one of two that end alike.
        longest = max(contained, key=lambda event: len(EVENTS[event].chinese))
        return BY_NAME[longest]
    fitting = [event for event in SHEET_EVENTS if _fits(BY_NAME[event], rows)]
    # Of several a guess may record another event than was meant.
    if len(fitting) != 1:
        return None
    return BY_NAME[fitting[0]]


def _fits(kind: type[Event], rows: Sequence[WorksheetRow]) -> bool:
    """Whether a row of headings has every required field of an event, and two of its own."""
    fields = column_headings(kind)
    required = {field.name for field in fields_of_kind(kind) if field.required}
    # One heading such as 项目编号 is in the tables of many events.
    if len(required) <= 1:
        return False
    streams = set(named_streams(kind))
    for row in rows[:_LOOKED_AT]:
        names = set()
        for value in row.cells.values():
            bare = _bare_heading(_without_blanks(value), fields)
            names.add(fields.get(bare, ""))
        if required <= names and names & streams:
            return True
    return False


def renamed_sheet_note(name: str, kind: type[Event]) -> Problem | None:
    """Return what to say of a sheet that is not named after its event; None where it is."""
    if event_named(name) is kind:
        return None
    template = msg("the sheet {name} is read as {event}")
    return Problem("renamed_sheet", template, {"name": name, "event": EVENTS[kind.__name__]})
