"""Rows that explain points: by module with formula and events, as counted, and what earned none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from commands.web.accounts import Reader
from commands.web.redaction import PERSON_FIELDS, nameless_line
from commands.words import page_words
from commands.words.explanation_words import counted_subject, not_counted_reason
from commands.words.formulas import formula
from commands.words.line_names import LineNames, line_names
from commands.words.point_text import points
from commands.words.shown_names import show_rulebook
from commands.words.vocabulary_words import word
from lifecycle.rounding import decimal_text
from lifecycle.rulebook import Rulebook
from projections.scoring.explanation import Explanation
from projections.scoring.not_counted import NotCounted
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore

ShowPoints = Callable[[Fraction], str]


class EventLink(NamedTuple):
    """An event that points rest on: its reference, and the page and anchor that show it.

    `page` is empty where no page shows the event: the county's own, a dissolved unit's.
    """

    reference: str
    page: str
    subject: str
    anchor: str


class LineTexts(NamedTuple):
    """A score line in words."""

    points: str
    project: str
    subject: str
    formula: str
    clause: str
    basis: str
    events: list[EventLink]


class ModuleTexts(NamedTuple):
    """A module's lines, and their sum."""

    name: str
    total: str
    lines: list[LineTexts]


def module_rows(explanation: Explanation, reader: Reader) -> list[ModuleTexts]:
    """The points of a unit or project by module."""
    rulebook = explanation.view.rulebook.rulebook
    show_rulebook(rulebook)
    names = {module.id: module.chinese for module in rulebook.modules}
    of_lines = line_names(rulebook)
    show_points = points(rulebook.rounding.shown)
    # Behind the year stand the periods of modules that are assessed by period.
    stretches = [("", explanation.lines)]
    stretches += [(period, lines) for period, _end, lines in explanation.periods]
    modules = []
    for period, lines in stretches:
        shown_lines = lines
        if not reader.sees_persons:
            shown_lines = [nameless_line(line) for line in lines]
        for module_id, of_module in groupby(shown_lines, key=_module_of):
            name = f"{names[module_id]}（{period}）" if period else names[module_id]
            module = _module_texts(explanation, name, of_module, of_lines, show_points)
            modules.append(module)
    return modules


def _module_of(line: ScoreLine) -> str:
    return line.module


def _module_texts(
    explanation: Explanation,
    name: str,
    lines: Iterable[ScoreLine],
    names: LineNames,
    show_points: ShowPoints,
) -> ModuleTexts:
    total = Fraction(0)
    texts = []
    for line in lines:
        total += line.points
        line_texts = LineTexts(
            points=show_points(line.points),
            project=line.project or "",
            subject=counted_subject(line, names.acted_on),
            formula=formula(line, names),
            clause=line.clause,
            basis=word(line.basis),
            events=[_event_link(explanation, line, event) for event in line.events],
        )
        texts.append(line_texts)
    return ModuleTexts(name, show_points(total), texts)


def _event_link(explanation: Explanation, line: ScoreLine, reference: str) -> EventLink:
    subject, _mark, version = reference.rpartition("#")
    page = ""
    if subject == line.project or subject in explanation.projects:
        page = "/project"
    elif subject in explanation.units:
        page = "/unit"
    return EventLink(reference, page, subject, f"event-{version}")


# What earned nothing


class NotCountedTexts(NamedTuple):
    """Why something earned nothing; the project is empty for a unit's own events."""

    project: str
    reason: str
    clause: str


def not_counted_rows(explanation: Explanation, reader: Reader) -> list[NotCountedTexts]:
    """What earned nothing, and why."""
    rules_of_persons = set()
    if not reader.sees_persons:
        rules_of_persons = _rules_of_persons(explanation)
    rows = []
    for row in explanation.not_counted:
        shown_row = _nameless(row) if row.rule in rules_of_persons else row
        reason = not_counted_reason(shown_row)
        rows.append(NotCountedTexts(row.project or "", reason, row.clause))
    return rows


def _rules_of_persons(explanation: Explanation) -> set[str]:
    """The rules that count persons: what they left out is a person too."""
    rules = set()
    for line in explanation.lines:
        if not PERSON_FIELDS.isdisjoint(line.event_fields):
            rules.add(line.rule)
    return rules


def _nameless(row: NotCounted) -> NotCounted:
    return row._replace(values={**row.values, "item": page_words.LEFT_OUT})


# Total


class TotalRow(NamedTuple):
    """A part of a unit's total: as summed, its cap, as counted."""

    name: str
    summed: str
    cap: str
    counted: str


def total_rows(score: UnitScore, rulebook: Rulebook) -> list[TotalRow]:
    """A unit's groups, the modules that belong to none, and the total."""
    show_points = points(rulebook.rounding.shown)
    rows = []
    grouped_modules: set[str] = set()
    for group in rulebook.groups:
        grouped_modules.update(group.modules)
        summed, counted = score.groups[group.id]
        cap = "" if group.cap is None else show_points(group.cap)
        rows.append(TotalRow(group.chinese, show_points(summed), cap, show_points(counted)))
    for module in rulebook.modules_of_year:
        if module.id not in grouped_modules:
            module_points = show_points(score.modules[module.id])
            rows.append(TotalRow(module.chinese, module_points, "", module_points))
    rule_names = {rule.id: rule.chinese for rule in rulebook.rules}
    for multiplied in score.total_factors:
        name = f"{rule_names[multiplied.rule]} ×{decimal_text(multiplied.factor, 6)}"
        rows.append(TotalRow(name, "", "", show_points(multiplied.added)))
    rows.append(TotalRow(page_words.TOTAL, "", "", show_points(score.total)))
    return rows


def basis_rows(score: UnitScore, rulebook: Rulebook) -> list[tuple[str, str]]:
    """How many of a unit's points rest on policy, interpretation or assumption."""
    show_points = points(rulebook.rounding.shown)
    # Signed, limits included: they stand below the total, and add up to it.
    return [(word(basis), show_points(value)) for basis, value in score.rests_on.items()]
