"""The ledger as a workbook: a sheet for each event, Chinese headings, drop-downs, examples; written and read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from commands.intake.typed_fields import EXAMPLES, Field, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.vocabulary_words import chinese_word
from lifecycle.events import BY_NAME, Event

ORDER: Final = "序号"
REASON: Final = "原因"
UNREADABLE: Final = "无法识别"
EXTRA: Final = ("recorded_by", "recorded_at")
_ROWS: Final = 2_000
_LONGEST: Final = 32_000
"""Excel's cells hold a little more."""
_EXACT_DIGITS: Final = 15
"""Excel keeps no more of a number."""
_SPECIAL: Final = ("FactCorrected", "RulebookAdopted", "ScoresPublished", "BoardPublished")
# Units first: every other event names one. Corrections last.
_FIRST: Final = ("UnitRegistered", "InformationReported")
SHEETS: Final = (
    *_FIRST,
    *(name for name in BY_NAME if name not in (*_FIRST, "FactCorrected")),
    "FactCorrected",
)


def streams_of(kind: type[Event]) -> list[str]:
    """How the event names its stream."""
    return [stream for stream in kind.streams if stream != "county"]


def headings(kind: type[Event]) -> dict[str, str]:
    """Heading → field, in the order of the columns."""
    names = [*streams_of(kind), *(field.name for field in fields_of_kind(kind)), *EXTRA]
    return {ORDER: ORDER} | {FIELDS[name].chinese: name for name in names} | {REASON: REASON}


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A record that was refused, as it came, with the reasons."""

    record: Mapping[str, Any]
    reason: str


def write_template(path: Path) -> None:
    """An empty workbook to fill in."""
    _write(path, [name for name in SHEETS if name not in _SPECIAL[1:]], {}, reasons=False)


def write_records(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Records in the template's layout, in their order."""
    rows: dict[str, list[tuple[int, Mapping[str, Any], str]]] = {}
    for place, record in enumerate(records, start=1):
        rows.setdefault(str(record["event"]), []).append((place, record, ""))
    _write(path, [name for name in SHEETS if name in rows], rows, reasons=False)


def write_rejected(path: Path, refusals: Sequence[RejectedRecord]) -> None:
    """Refused records in the same layout, the reason beside each, to be mended and imported again."""
    rows: dict[str, list[tuple[int, Mapping[str, Any], str]]] = {}
    for place, refusal in enumerate(refusals, start=1):
        name = str(refusal.record.get("event"))
        rows.setdefault(name if name in BY_NAME else UNREADABLE, []).append(
            (place, refusal.record, refusal.reason)
        )
    _write(path, [name for name in (*SHEETS, UNREADABLE) if name in rows], rows, reasons=True)


def _write(
    path: Path,
    names: Sequence[str],
    rows: Mapping[str, list[tuple[int, Mapping[str, Any], str]]],
    *,
    reasons: bool,
) -> None:
    try:
        _write_book(path, names, rows, reasons=reasons)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise error.args[0] from None  # the operating system's own, as for every other file


def _write_book(
    path: Path,
    names: Sequence[str],
    rows: Mapping[str, list[tuple[int, Mapping[str, Any], str]]],
    *,
    reasons: bool,
) -> None:
    # What a person typed never becomes a formula, a link or a number.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        style = {
            "head": book.add_format(
                {
                    "bold": True,
                    "bg_color": "#DDEBF7",
                    "border": 1,
                    "text_wrap": True,
                    "valign": "vcenter",
                }
            ),
            "must": book.add_format(
                {
                    "bold": True,
                    "bg_color": "#FCE4D6",
                    "border": 1,
                    "text_wrap": True,
                    "valign": "vcenter",
                }
            ),
            "text": book.add_format({"num_format": "@"}),
        }
        lists = _Lists(book)
        for name in names:
            if name == UNREADABLE:
                _unreadable(book, rows[name], style)
            else:
                _sheet(book, BY_NAME[name], rows.get(name, []), style, lists, reasons=reasons)
        lists.write()


class _Lists:
    """The words of drop-downs on a hidden sheet: in the rule itself they may have 255 characters only."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._columns: dict[tuple[str, ...], int] = {}

    def source(self, choices: tuple[str, ...]) -> str:
        column = self._columns.setdefault(choices, len(self._columns))
        letter = xlsxwriter.utility.xl_col_to_name(column)
        return f"=词表!${letter}$1:${letter}${len(choices)}"

    def write(self) -> None:
        if self._columns:
            sheet = self._book.add_worksheet("词表")
            sheet.hide()
            for choices, column in self._columns.items():
                sheet.write_column(0, column, [chinese_word(choice) for choice in choices])


def _sheet(
    book: Any,
    kind: type[Event],
    rows: Sequence[tuple[int, Mapping[str, Any], str]],
    style: Mapping[str, Any],
    lists: _Lists,
    *,
    reasons: bool,
) -> None:
    sheet = book.add_worksheet(EVENTS[kind.__name__].chinese)
    fields = {field.name: field for field in fields_of_kind(kind)}
    columns = {
        heading: name for heading, name in headings(kind).items() if reasons or name != REASON
    }
    last = max(_ROWS, len(rows) + 1)
    for column, (heading, name) in enumerate(columns.items()):
        field = fields.get(name)
        must = name in streams_of(kind) or (field is not None and field.required)
        sheet.write_string(0, column, heading, style["must" if must else "head"])
        sheet.set_column(column, column, max(12, 2 * len(heading) + 2), style["text"])
        if name in EXAMPLES:
            sheet.write_comment(0, column, f"例：{EXAMPLES[name]}")
        if field is not None and field.shape in ("choice", "truth"):
            sheet.data_validation(
                1, column, last, column, {"validate": "list", "source": lists.source(field.choices)}
            )
        elif field is not None and field.shape == "choices":
            sheet.write_comment(
                0,
                column,
                "可多选，以顿号分隔："
                + "、".join(chinese_word(choice) for choice in field.choices),
            )
    sheet.freeze_panes(1, 0)
    for line, (place, record, reason) in enumerate(rows, start=1):
        for column, name in enumerate(columns.values()):
            text = (
                str(place)
                if name == ORDER
                else reason
                if name == REASON
                else _text(fields.get(name), name, record)
            )
            if text:
                sheet.write_string(line, column, text[:_LONGEST], style["text"])


def _text(field: Field | None, name: str, record: Mapping[str, Any]) -> str:
    """A field as its cell holds it; a refused value of the wrong shape stands there as it came."""
    value = record.get(name)
    if name == "replacement":
        return "" if name not in record else "作废" if value is None else _json(value)
    try:
        if name == "evidence" and isinstance(value, list):
            return "、".join(f"{entry['name']}|{entry['sha256']}" for entry in value)
        return field.write(value) if field is not None else "" if value is None else str(value)
    except (KeyError, TypeError):
        return _json(value)


def _json(value: object) -> str:
    import json  # noqa: PLC0415 -- corrections are few

    return json.dumps(value, ensure_ascii=False)


def _unreadable(
    book: Any, rows: Sequence[tuple[int, Mapping[str, Any], str]], style: Mapping[str, Any]
) -> None:
    sheet = book.add_worksheet(UNREADABLE)
    for column, heading in enumerate((ORDER, "原文", REASON)):
        sheet.write_string(0, column, heading, style["head"])
    for line, (place, record, reason) in enumerate(rows, start=1):
        for column, text in enumerate(
            (str(place), str(record.get("line", dict(record)))[:_LONGEST], reason)
        ):
            sheet.write_string(line, column, text, style["text"])


# Reading --------------------------------------------------------------------------------------------------------------


def cell(value: object) -> str:
    """A cell as text: numbers as they were typed, dates in ISO."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return chinese_word("true" if value else "false")
    if isinstance(value, datetime):
        return (
            value.isoformat(sep=" ")
            if (value.hour, value.minute, value.second) != (0, 0, 0)
            else value.date().isoformat()
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value).strip()


def lost_digits(value: object) -> bool:
    """Whether a cell's number may have had more digits than Excel keeps, so that it is not what was typed."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return (
        abs(value) >= 10**_EXACT_DIGITS
        or len(Decimal(repr(value)).normalize().as_tuple().digits) > _EXACT_DIGITS
    )


def from_cells(kind: type[Event], row: Mapping[str, str]) -> dict[str, Any]:
    """A row's cells by field as a record; empty ones are missing."""
    fields = {field.name: field for field in fields_of_kind(kind)}
    record: dict[str, Any] = {"event": kind.__name__}
    for name, text in row.items():
        if not text or name in (ORDER, REASON):
            continue
        field = fields.get(name)
        if name == "replacement":
            record[name] = _read_json(text)
        elif name == "evidence":
            record[name] = [_evidence(part) for part in text.split("、") if part.strip()]
        else:
            record[name] = field.read(text) if field is not None else text
    return record


def _read_json(text: str) -> object:
    import json  # noqa: PLC0415 -- corrections are few

    if text.strip() in ("作废", "null"):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _evidence(text: str) -> dict[str, str]:
    name, _bar, digest = text.rpartition("|")
    return {"name": name, "sha256": digest}


def sheet_order(names: Iterable[str]) -> Iterator[str]:
    """The sheets of a workbook in the order in which events depend on each other."""
    by_chinese = {EVENTS[name].chinese: place for place, name in enumerate(SHEETS)}
    return iter(sorted(names, key=lambda name: by_chinese.get(name, len(SHEETS))))
