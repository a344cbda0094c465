"""Sections that several reports share: ranks, changes, projects by node, basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from commands.reports.content import (
    DocumentColumn,
    DocumentTable,
    Section,
    TableRow,
    points_text,
    signed_points,
)
from commands.reports.period_results import ZERO, PeriodResults, points_by_rule
from commands.words import report_words
from commands.words.board_words import rank_move
from commands.words.rank_words import rank_cell
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.reads import factors_of_total
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import BASES
from projections.scoring.unit_scores import UnitScore
from projections.views.target_view import (
    counted_funds,
)

# The key under which a unit's projects are counted, whatever node they have reached.
_ALL_PROJECTS = "all"
UNIT_COLUMN = DocumentColumn(report_words.UNIT, width=6)

# Ranks


def rank_tables(results: PeriodResults) -> tuple[DocumentTable, ...]:
    """A table for each sequence: rank, unit, change of rank, total, modules, groups as counted."""
    columns = [
        DocumentColumn(report_words.RANK, "count", 2),
        UNIT_COLUMN,
        DocumentColumn(report_words.RANK_MOVE, width=2),
        DocumentColumn(report_words.TOTAL, "points", 3),
    ]
    modules = results.rulebook.modules_of_year
    for module in modules:
        columns.append(DocumentColumn(module.chinese, "points", 3))
    # Without the groups, which have caps of their own, the modules do not add up to the total.
    for group in results.rulebook.groups:
        columns.append(DocumentColumn(group.chinese, "points", 4))
    # Nor without what factors add to them.
    factors = factors_of_total(results.rulebook)
    for factor in factors:
        columns.append(DocumentColumn(factor.chinese, "points", 4))
    ranks_before = {}
    if results.before is not None:
        ranks_before = {score.unit: score.rank for score in results.before.scores}
    tables = []
    for sequence, scores in groupby(results.current.scores, key=_sequence):
        rows = []
        for score in scores:
            added = {multiplied.rule: multiplied.added for multiplied in score.total_factors}
            by_factors = [added.get(factor.id, ZERO) for factor in factors]
            of_modules = [score.modules[module.id] for module in modules]
            row = _rank_row(score, ranks_before.get(score.unit), of_modules)
            rows.append((*row, *by_factors))
        tables.append(DocumentTable(sequence, tuple(columns), tuple(rows)))
    return tuple(tables)


def ranks_section(
    results: PeriodResults,
    heading: str,
    sentence: str,
) -> Section:
    """The ranks, with how the modules in their columns add up to the total."""
    module_names = {module.id: module.chinese for module in results.rulebook.modules}
    caps = []
    for group in results.rulebook.groups:
        if group.cap is not None:
            modules = "、".join(module_names[module] for module in group.modules)
            caps.append((group.chinese, modules, decimal_text(group.cap, 2)))
    sentences = (sentence, report_words.caps_sentence(caps)) if caps else (sentence,)
    return Section(heading, sentences, rank_tables(results))


def _sequence(score: UnitScore) -> str:
    return score.sequence


def _rank_row(
    score: UnitScore,
    rank_before: int | None,
    of_modules: Sequence[Fraction],
) -> TableRow:
    move = rank_move(score.rank, rank_before)
    counted = [points for _raw, points in score.groups.values()]
    return (
        rank_cell(score.rank) if score.rank is None else score.rank,
        score.name,
        move,
        score.total,
        *of_modules,
        *counted,
    )


# Changes of points


def changes_section(results: PeriodResults, earlier: str) -> Section:
    """Each unit whose points changed since the period before, by how much and by which rules."""
    heading = report_words.CHANGES_HEADING
    rows = _change_rows(results)
    if not rows:
        return Section(heading, (report_words.no_changes_sentence(earlier),))
    columns = (
        UNIT_COLUMN,
        DocumentColumn(report_words.CHANGE, "points", 4),
        DocumentColumn(report_words.CAUSE, width=22),
    )
    has_period_before = results.before is not None
    sentence = report_words.changes_sentence(earlier if has_period_before else None)
    table = DocumentTable(report_words.CHANGES_TABLE, columns, tuple(rows))
    return Section(heading, (sentence,), (table,))


def _change_rows(results: PeriodResults) -> list[TableRow]:
    changes_of_units = _changes_of_units(results)
    rows = []
    for score in results.current.scores:
        changes = changes_of_units.get(score.unit)
        if changes is not None:
            rows.append(_change_row(score.name, changes, results.rulebook))
    return rows


def _changes_of_units(results: PeriodResults) -> dict[str, dict[str, Fraction]]:
    """Unit → rule → by how much its points changed; rules without a change are left out."""
    changes = points_by_rule(results.current.lines)
    if results.before is not None:
        for key, points in points_by_rule(results.before.lines).items():
            changes[key] = changes.get(key, ZERO) - points
    changes_of_units: dict[str, dict[str, Fraction]] = {}
    for (unit, rule), change in changes.items():
        if change != 0:
            changes_of_units.setdefault(unit, {})[rule] = change
    return changes_of_units


def _change_row(
    unit: str,
    changes: dict[str, Fraction],
    rulebook: Rulebook,
) -> TableRow:
    causes = []
    for rule, change in changes.items():
        causes.append(f"{rule_name(rule, rulebook)}{signed_points(change)}")
    return unit, sum(changes.values(), ZERO), "；".join(causes)


def rule_name(rule: str, rulebook: Rulebook) -> str:
    """The Chinese name of a rule, or of a module's cap or floor, which is a line of its own."""
    for row in rulebook.rules:
        if row.id == rule:
            return row.chinese
    module_id, _dot, limit = rule.rpartition(".")
    module_name = module_id
    for module in rulebook.modules:
        if module.id == module_id:
            module_name = module.chinese
    template = report_words.CAP_OF if limit == "cap" else report_words.FLOOR_OF
    return template.format(module=module_name)


# Projects by node


def nodes_section(results: PeriodResults) -> Section:
    """Each unit's projects by the nodes reached, and its funds in place this year (比亮晒)."""
    counts = _projects_by_node(results.projects)
    funds = _funds_by_unit(results.projects)
    rows: list[TableRow] = []
    for score in results.current.scores:
        if score.unit in counts:
            count = counts[score.unit]
            nodes = [count[stage] for stage in STAGES]
            unit_funds = funds.get(score.unit, ZERO)
            rows.append((score.name, count[_ALL_PROJECTS], *nodes, unit_funds))
    columns = [
        UNIT_COLUMN,
        DocumentColumn(report_words.PROJECTS, "count", 3),
    ]
    for stage in STAGES:
        columns.append(DocumentColumn(word(stage), "count", 3))
    columns.append(DocumentColumn(report_words.FUNDS, "amount", 6))
    table = DocumentTable(report_words.NODES_TABLE, tuple(columns), tuple(rows))
    return Section(report_words.NODES_HEADING, (report_words.NODES_SENTENCE,), (table,))


def _projects_by_node(projects: Iterable[JudgedProject]) -> dict[str, Counter[str]]:
    """Unit → node → projects that reached it."""
    counts: dict[str, Counter[str]] = {}
    for project in projects:
        if project.unit is None:
            continue
        count = counts.setdefault(project.unit, Counter())
        count[_ALL_PROJECTS] += 1
        count.update(stage for stage in STAGES if project.node(stage) is not None)
    return counts


def _funds_by_unit(projects: Iterable[JudgedProject]) -> dict[str, Fraction]:
    """Unit → funds in place this year, in 万元."""
    funds: dict[str, Fraction] = {}
    for project in projects:
        if project.unit is not None:
            funds[project.unit] = funds.get(project.unit, ZERO) + counted_funds(project)
    return funds


# What points rest on


def basis_section(results: PeriodResults) -> Section:
    """How many points rest on the policy's text, on a reading of it, or on an assumption."""
    sums = []
    for basis in BASES:
        points = sum((score.basis[basis] for score in results.current.scores), ZERO)
        sums.append((word(basis), points_text(points)))
    sentence = report_words.basis_sentence(results.rulebook.title, sums)
    return Section(report_words.BASIS_HEADING, (sentence, report_words.BASIS_NOTE))
