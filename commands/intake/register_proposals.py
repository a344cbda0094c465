"""Propose a map for a county's own ledger from its headings: what is sure, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from commands.handlers.register_rows import day_field
from commands.intake.register_headings import JOINED_BY, SheetHeadings, heading_key
from commands.intake.register_map import MAPPED_EVENTS
from commands.intake.register_sheets import RegisterSheet, read_register_sheets
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.intake.workbook_cells import cell_text
from commands.words import register_words as words
from commands.words.event_words import FIELDS
from commands.words.register_words import HEADING_WORDS, HeadingMeaning, MapUnit
from commands.words.vocabulary_words import VALUE_BY_CHINESE
from lifecycle.events.project_events import InformationReported
from lifecycle.rejections import Rejected, msg

_ROWS_SEARCHED: Final = 20
_MOST_HEADING_ROWS: Final = 3
_SURE, _LIKELY = 3, 1
_SHORTEST_PART: Final = 3
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_MONTH: Final = re.compile(words.MONTH_HEADING)
_UNTIL: Final = re.compile(words.UNTIL_MONTH)
_YEAR: Final = re.compile(words.TITLE_YEAR)
_VOCABULARY_SHAPES: Final = ("choice", "choices")
_NO_HEADINGS: Final = msg(
    "{path}: no visible sheet has headings of a ledger with a row for each project; looked for "
    "such as {examples}"
)
REPORT: Final = InformationReported.__name__
CODE: Final = HeadingMeaning("project", "code")


@dataclass(slots=True)
class ProposedField:
    """Where a field comes from: a column or a value; `is_sure` where nobody needs to look."""

    heading: str | None
    is_sure: bool = False
    value: str | None = None
    unit: MapUnit | None = None
    words: dict[str, str] = field(default_factory=dict)
    unknown_words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ProposedMonths:
    """The columns of monthly investment; with one alone its month is told at each import."""

    columns: dict[str, int] = field(default_factory=dict)
    column: str | None = None
    year: int | None = None
    cumulative: str = "no"
    is_sure: bool = False


@dataclass(slots=True)
class MapProposal:
    """A map as far as the headings tell it."""

    sheet: str
    heading_rows: list[int]
    unit: MapUnit
    is_unit_sure: bool
    headings: list[str]
    fields: dict[HeadingMeaning, ProposedField] = field(default_factory=dict)
    months: ProposedMonths | None = None
    skip: list[str] = field(default_factory=list)
    code_pattern: str = words.PROPOSED_CODE

    def unused(self) -> list[str]:
        """Return the headings that nothing comes from."""
        used = {entry.heading for entry in self.fields.values()}
        if self.months is not None:
            used.update(self.months.columns)
            used.add(self.months.column)
        return [heading for heading in self.headings if heading not in used]

    def events(self) -> list[str]:
        """Return the events that a row may yield: the report, and those whose day is known."""
        names = []
        for name, kind in MAPPED_EVENTS.items():
            day = HeadingMeaning(name, day_field(kind))
            if name == REPORT or day in self.fields:
                names.append(name)
        return names

    def missing(self) -> list[HeadingMeaning]:
        """Return the required fields of these events that nothing gives."""
        lacking = []
        for name in self.events():
            for typed_field in fields_of_kind(MAPPED_EVENTS[name]):
                meaning = HeadingMeaning(name, typed_field.name)
                if typed_field.required and meaning not in self.fields:
                    lacking.append(meaning)
        return lacking

    def unsure(self) -> list[HeadingMeaning]:
        """Return the fields whose columns somebody should look at."""
        events = [*self.events(), CODE.event]
        return [
            meaning
            for meaning, entry in self.fields.items()
            if not entry.is_sure and meaning.event in events
        ]

    def year_heading(self) -> str | None:
        """Return the column of the day by whose year codes are made."""
        for meaning in (
            HeadingMeaning(REPORT, "reported_at"),
            HeadingMeaning("AgreementSigned", "occurred_on"),
        ):
            if meaning in self.fields and self.fields[meaning].heading is not None:
                return self.fields[meaning].heading
        return None


class _Candidate(NamedTuple):
    """A sheet's headings at some rows, with how much of them is known."""

    score: int
    headings: SheetHeadings


def propose_map(path: Path) -> MapProposal:
    """Propose a map. Raises `Rejected` where no sheet looks like a ledger of projects."""
    candidates: list[_Candidate] = []
    for sheet in read_register_sheets(path):
        if not sheet.is_hidden:
            candidates.extend(_candidates(sheet))
    best = max(candidates, key=_score_of, default=None)
    if best is None or best.score < _SURE:
        examples = [known[0] for known in list(HEADING_WORDS.values())[1:5]]
        raise Rejected.by("no_headings", _NO_HEADINGS, path=path.name, examples=examples)
    return _proposal(best.headings)


def _score_of(candidate: _Candidate) -> tuple[int, int]:
    # Of equal ones that with fewer rows, as a row of data adds nothing.
    return candidate.score, -len(candidate.headings.rows)


def _candidates(sheet: RegisterSheet) -> Iterator[_Candidate]:
    numbers = [row.number for row in sheet.content.rows[:_ROWS_SEARCHED]]
    for first in numbers:
        for count in range(1, _MOST_HEADING_ROWS + 1):
            headings = SheetHeadings(sheet, range(first, first + count))
            yield _Candidate(_score(headings), headings)


def _score(headings: SheetHeadings) -> int:
    score = 0
    meanings: set[HeadingMeaning] = set()
    for text in headings.texts.values():
        meaning = _meaning(text)
        if meaning is None:
            score += int(_MONTH.fullmatch(_last_part(text)) is not None)
        elif meaning.meaning not in meanings:
            meanings.add(meaning.meaning)
            score += _SURE if meaning.is_sure else _LIKELY
    return score


# What a heading means -----------------------------------------------------------------------------


class _Guess(NamedTuple):
    """What a heading probably means."""

    meaning: HeadingMeaning
    is_sure: bool


def _known_words() -> dict[str, _Guess]:
    known: dict[str, _Guess] = {}
    for meaning, names in HEADING_WORDS.items():
        for place, name in enumerate(names):
            known.setdefault(heading_key(name), _Guess(meaning, place == 0))
        if meaning.field in FIELDS and meaning.field != "occurred_on":
            known.setdefault(heading_key(FIELDS[meaning.field].chinese), _Guess(meaning, True))  # noqa: FBT003
    return known


_KNOWN: Final = _known_words()


def _last_part(text: str) -> str:
    return heading_key(text).rpartition(JOINED_BY)[2]


def _meaning(text: str) -> _Guess | None:
    whole = heading_key(text)
    last = _last_part(text)
    for key in (whole, last, _BRACKETS.sub("", last)):
        if key in _KNOWN:
            return _of_contract(whole, _KNOWN[key])
    parts = [known for known in _KNOWN if len(known) >= _SHORTEST_PART and known in last]
    if not parts or _is_figure(whole):
        return None
    longest = max(parts, key=len)
    return _of_contract(whole, _KNOWN[longest]._replace(is_sure=False))


def _of_contract(whole: str, guess: _Guess) -> _Guess:
    """Take an amount below a heading such as 签约情况 for the contract's."""
    above = whole.rpartition(JOINED_BY)[0]
    if not any(mark in above for mark in words.SIGNED_MARKS):
        return guess
    contract = {
        "planned_investment": "contract_investment",
        "planned_fixed_assets": "contract_fixed_assets",
    }
    name = contract.get(guess.meaning.field)
    if name is None:
        return guess
    return _Guess(HeadingMeaning("AgreementSigned", name), is_sure=False)


def _is_figure(whole: str) -> bool:
    """Return whether a heading is one of investment that was made, which months are."""
    return words.CUMULATIVE_MARK in whole or any(mark in whole for mark in words.OF_MONTH_MARKS)


# The proposal -------------------------------------------------------------------------------------


def _proposal(headings: SheetHeadings) -> MapProposal:
    unit = _unit_above(headings)
    texts = list(headings.texts.values())
    proposal = MapProposal(
        headings.sheet.name,
        headings.rows,
        unit or words.DEFAULT_UNIT,
        is_unit_sure=unit is not None,
        headings=texts,
        skip=_beginnings(headings),
    )
    for column, text in headings.texts.items():
        guess = _meaning(text)
        if guess is None:
            continue
        known = proposal.fields.get(guess.meaning)
        if known is None or (guess.is_sure and not known.is_sure):
            entry = ProposedField(text, guess.is_sure)
            proposal.fields[guess.meaning] = entry
            _note_unit(proposal, guess.meaning, entry)
            _note_words(headings, column, guess.meaning, entry)
    proposal.months = _months(headings)
    return proposal


def typed_field(meaning: HeadingMeaning) -> TypedField | None:
    """Return the field that a meaning names; None for the project's code."""
    kind = MAPPED_EVENTS.get(meaning.event)
    if kind is None:
        return None
    for candidate in fields_of_kind(kind):
        if candidate.name == meaning.field:
            return candidate
    return None


def _note_unit(proposal: MapProposal, meaning: HeadingMeaning, entry: ProposedField) -> None:
    target = typed_field(meaning)
    if target is None or target.form != "money":
        return
    for mark, unit in words.UNIT_MARKS.items():
        if mark in heading_key(entry.heading or "") and unit != proposal.unit:
            entry.unit = unit


def _note_words(
    headings: SheetHeadings, column: int, meaning: HeadingMeaning, entry: ProposedField
) -> None:
    target = typed_field(meaning)
    if target is None or target.shape not in _VOCABULARY_SHAPES:
        return
    usual = words.WORD_MEANINGS.get(meaning.field, {})
    for text in _texts_below(headings, column):
        stored = VALUE_BY_CHINESE.get(text, text)
        if stored in target.choices or text in entry.words or text in entry.unknown_words:
            continue
        if text in usual:
            entry.words[text] = usual[text]
            entry.is_sure = False
        else:
            entry.unknown_words.append(text)


def _texts_below(headings: SheetHeadings, column: int) -> Iterator[str]:
    for row in headings.sheet.content.rows:
        if row.number > headings.rows[-1] and column in row.cells:
            text = cell_text(row.cells[column]).strip()
            if text:
                yield text


def _unit_above(headings: SheetHeadings) -> MapUnit | None:
    """Return the unit that a line above the headings, or a heading of the whole, says."""
    for row in headings.sheet.content.rows:
        if row.number >= headings.rows[0]:
            break
        for value in row.cells.values():
            for mark, unit in words.UNIT_MARKS.items():
                if mark in cell_text(value):
                    return unit
    return None


def _beginnings(headings: SheetHeadings) -> list[str]:
    """Return the usual beginnings of totals and footers that occur in the sheet."""
    firsts = []
    for row in headings.sheet.content.rows:
        if row.number > headings.rows[-1]:
            firsts.append(heading_key(cell_text(row.cells[min(row.cells)])))
    found_beginnings = []
    for beginning in words.SKIPPED_BEGINNINGS:
        key = heading_key(beginning)
        if beginning in words.SKIPPED_BEGINNINGS[:2] or any(
            text.startswith(key) for text in firsts
        ):
            found_beginnings.append(beginning)
    return found_beginnings


def _months(headings: SheetHeadings) -> ProposedMonths | None:
    """Return the columns of monthly figures: twelve, or one whose month changes."""
    months = ProposedMonths()
    for text in headings.texts.values():
        match = _MONTH.fullmatch(_last_part(text))
        is_plan = any(mark in text for mark in words.PLANNED_MARKS)
        if match is None or is_plan or int(match["month"]) in months.columns.values():
            continue
        months.columns[text] = int(match["month"])
        if words.CUMULATIVE_MARK in text or _UNTIL.fullmatch(_last_part(text)):
            months.cumulative = "year"
    if months.columns:
        months.year = _year(headings, list(months.columns))
        months.is_sure = months.year is not None
        return months
    return _single_month(headings)


def _single_month(headings: SheetHeadings) -> ProposedMonths | None:
    for text in headings.texts.values():
        is_invested = any(mark in text for mark in words.INVESTED_MARKS)
        if not is_invested or not _is_figure(heading_key(text)):
            continue
        if words.CUMULATIVE_MARK not in text:
            return ProposedMonths(column=text)
        is_of_year = any(mark in text for mark in words.OF_YEAR_MARKS)
        return ProposedMonths(column=text, cumulative="year" if is_of_year else "all")
    return None


def _year(headings: SheetHeadings, columns: Sequence[str]) -> int | None:
    """Return the year that the headings, a line above them or the sheet's name says."""
    texts = [*columns, headings.sheet.name]
    for row in headings.sheet.content.rows:
        if row.number < headings.rows[0]:
            texts.extend(cell_text(value) for value in row.cells.values())
    for text in texts:
        match = _YEAR.search(text)
        if match is not None:
            return int(match["year"])
    return None
