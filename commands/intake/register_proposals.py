"""Propose a map for a county's own ledger from its headings: what is sure, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

from commands.handlers.register_rows import day_field
from commands.handlers.register_subjects import (
    PROJECTS,
    RESOURCES,
    RegisterSubject,
    subject_of,
)
from commands.intake.register_headings import SheetHeadings, heading_key
from commands.intake.register_map import MAPPED_EVENTS
from commands.intake.register_meanings import heading_meaning, heading_unit, last_part
from commands.intake.register_month_columns import MONTH, ProposedMonths, proposed_months
from commands.intake.register_sheets import RegisterSheet, read_register_sheets
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.intake.workbook_cells import cell_text
from commands.words import register_words as words
from commands.words.register_words import HEADING_WORDS, HeadingMeaning, MapUnit
from lifecycle.rejections import Rejected, msg

_ROWS_SEARCHED: Final = 20
_MOST_HEADING_ROWS: Final = 3
_SURE, _LIKELY = 3, 1
_VOCABULARY_SHAPES: Final = ("choice", "choices")
_NO_HEADINGS: Final = msg(
    "{path}: no visible sheet has headings of a ledger with a row for each project, or of a list "
    "of plots and plants; looked for such as {examples}"
)
_SUBJECTS: Final = (PROJECTS, RESOURCES)


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
    subject: RegisterSubject = PROJECTS

    @property
    def code(self) -> HeadingMeaning:
        """What a column of codes means."""
        return HeadingMeaning(self.subject.kind, "code")

    def unused(self) -> list[str]:
        """Return the headings that nothing comes from."""
        used = {entry.heading for entry in self.fields.values()}
        if self.months is not None:
            used.update(self.months.columns)
            used.add(self.months.column)
        return [heading for heading in self.headings if heading not in used]

    def events(self) -> list[str]:
        """Return the events that a row may yield: the founding one, and those with a day."""
        names = []
        for name, kind in MAPPED_EVENTS.items():
            if subject_of(kind) is not self.subject:
                continue
            day = HeadingMeaning(name, day_field(kind))
            if kind is self.subject.founding or day in self.fields:
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
        events = [*self.events(), self.code.event]
        return [
            meaning
            for meaning, entry in self.fields.items()
            if not entry.is_sure and meaning.event in events
        ]

    def year_heading(self) -> str | None:
        """Return the column of the day by whose year codes are made."""
        founding = self.subject.founding
        founded = HeadingMeaning(founding.__name__, day_field(founding))
        signed = HeadingMeaning("AgreementSigned", "occurred_on")
        for meaning in (founded, signed):
            entry = self.fields.get(meaning)
            if entry is not None and entry.heading is not None:
                return entry.heading
        return None


class _Candidate(NamedTuple):
    """A sheet's headings at some rows, with how much of them is known."""

    score: int
    headings: SheetHeadings
    subject: RegisterSubject


def propose_map(path: Path) -> MapProposal:
    """Propose a map. Raises `Rejected` where no sheet looks like a ledger of either kind."""
    candidates: list[_Candidate] = []
    for sheet in read_register_sheets(path):
        if not sheet.is_hidden:
            candidates.extend(_candidates(sheet))
    best = max(candidates, key=_score_of, default=None)
    if best is None or best.score < _SURE:
        examples = [known[0] for known in list(HEADING_WORDS.values())[1:5]]
        raise Rejected.by("no_headings", _NO_HEADINGS, path=path.name, examples=examples)
    return _proposal(best.headings, best.subject)


def _score_of(candidate: _Candidate) -> tuple[int, int]:
    # Of equal ones that with fewer rows, as a row of data adds nothing; projects come first.
    return candidate.score, -len(candidate.headings.rows)


def _candidates(sheet: RegisterSheet) -> Iterator[_Candidate]:
    numbers = [row.number for row in sheet.content.rows[:_ROWS_SEARCHED]]
    for first in numbers:
        for count in range(1, _MOST_HEADING_ROWS + 1):
            headings = SheetHeadings(sheet, range(first, first + count))
            for subject in _SUBJECTS:
                yield _Candidate(_score(headings, subject), headings, subject)


def _score(headings: SheetHeadings, subject: RegisterSubject) -> int:
    score = 0
    meanings: set[HeadingMeaning] = set()
    for text in headings.texts.values():
        meaning = heading_meaning(text, subject.kind)
        if meaning is None and subject is RESOURCES:
            continue
        if meaning is None:
            score += int(MONTH.fullmatch(last_part(text)) is not None)
        elif meaning.meaning not in meanings:
            meanings.add(meaning.meaning)
            score += _SURE if meaning.is_sure else _LIKELY
    return score


# The proposal -------------------------------------------------------------------------------------


def _proposal(headings: SheetHeadings, subject: RegisterSubject) -> MapProposal:
    unit = _unit_above(headings)
    texts = list(headings.texts.values())
    proposal = MapProposal(
        headings.sheet.name,
        headings.rows,
        unit or words.DEFAULT_UNIT,
        is_unit_sure=unit is not None,
        headings=texts,
        skip=_beginnings(headings),
        subject=subject,
    )
    if subject is RESOURCES:
        proposal.code_pattern = words.PROPOSED_RESOURCE_CODE
    for column, text in headings.texts.items():
        guess = heading_meaning(text, subject.kind)
        if guess is None:
            continue
        # The first column that means a field gives it, unless a later one surely does.
        known = proposal.fields.get(guess.meaning)
        if known is not None and (known.is_sure or not guess.is_sure):
            continue
        entry = ProposedField(text, guess.is_sure)
        proposal.fields[guess.meaning] = entry
        note_unit(guess.meaning, entry)
        _note_words(headings, column, guess.meaning, entry)
    if subject is PROJECTS:
        proposal.months = proposed_months(headings)
    else:
        _share_columns(proposal)
    return proposal


def _share_columns(proposal: MapProposal) -> None:
    """Let a change and a return say what they say by the columns of listing and allotment."""
    sources = {"ResourceChanged": "ResourceListed", "ResourceReleased": "ResourceAllotted"}
    for name, source in sources.items():
        if HeadingMeaning(name, "occurred_on") not in proposal.fields:
            continue
        for field_name in MAPPED_EVENTS[name].model_fields:
            entry = proposal.fields.get(HeadingMeaning(source, field_name))
            if entry is not None and field_name != "occurred_on":
                proposal.fields[HeadingMeaning(name, field_name)] = replace(entry, is_sure=False)


def typed_field(meaning: HeadingMeaning) -> TypedField | None:
    """Return the field that a meaning names; None for the project's code."""
    kind = MAPPED_EVENTS.get(meaning.event)
    if kind is None:
        return None
    for candidate in fields_of_kind(kind):
        if candidate.name == meaning.field:
            return candidate
    return None


def note_unit(meaning: HeadingMeaning, entry: ProposedField) -> None:
    """Let an amount have the unit that its own heading says."""
    target = typed_field(meaning)
    if target is None or target.form != "money":
        return
    entry.unit = heading_unit(entry.heading or "")


def _note_words(
    headings: SheetHeadings, column: int, meaning: HeadingMeaning, entry: ProposedField
) -> None:
    target = typed_field(meaning)
    if target is None or target.shape not in _VOCABULARY_SHAPES:
        return
    usual = words.WORD_MEANINGS.get(meaning.field, {})
    for text in _texts_below(headings, column):
        stored = target.read(text)
        if target.shape == "choices":
            stored = target.read_choice(text)
        if stored in target.choices or text in entry.words or text in entry.unknown_words:
            continue
        if usual.get(text) in target.choices:
            # What an office means by its word is likely, and for a person to confirm.
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
    """Return the unit that a line above the headings, or the title, says; None in doubt."""
    units: set[MapUnit] = set()
    for row in headings.sheet.content.rows:
        if row.number >= headings.rows[0]:
            break
        for value in row.cells.values():
            units.update(_units_said(heading_key(cell_text(value))))
    # 单位:万元、亿元 leaves the unit of a column that says none to a person.
    return units.pop() if len(units) == 1 else None


def _units_said(line: str) -> Iterator[MapUnit]:
    """Yield the units in a line; 亿元以上重大项目 in a title is a class of projects, no unit."""
    for mark, unit in words.UNIT_MARKS.items():
        if re.search(f"{mark}(?!{words.AFTER_CLASS_OF_AMOUNT})", line):
            yield unit


def _beginnings(headings: SheetHeadings) -> list[str]:
    """Return the usual beginnings of totals and footers that occur in the sheet."""
    firsts = []
    for row in headings.sheet.content.rows:
        if row.number > headings.rows[-1]:
            first_cell = row.cells[min(row.cells)]
            firsts.append(heading_key(cell_text(first_cell)))
    # Next month's sheet may have a total that this one lacks.
    beginnings = [*words.SKIPPED_BEGINNINGS[:2]]
    for beginning in words.SKIPPED_BEGINNINGS[2:]:
        key = heading_key(beginning)
        if any(text.startswith(key) for text in firsts):
            beginnings.append(beginning)
    return beginnings
