"""An explanation as tables on a terminal: points with rule, numbers, clause, basis, events."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Final

from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.score_output import axes_line
from commands.cli.shared.table_output import console, print_table
from commands.words import screen_words, table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.explanation_words import counted_subject, not_counted_reason
from commands.words.formulas import formula
from commands.words.line_names import line_names
from commands.words.messages import _, say
from commands.words.point_text import points
from commands.words.shown_names import show_rulebook
from commands.words.unit_change_words import (
    standing_texts,
    succession_events,
    unit_change_texts,
)
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from projections.scoring.explanation import Explanation
from projections.scoring.judgement import JudgedProject
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore

# Amounts of a project are kept as whole millionths of 万元.
_MICRO: Final = 1_000_000


def print_explanation(explanation: Explanation) -> None:
    """Print an explanation of a unit or project."""
    show_rulebook(explanation.view.rulebook.rulebook)
    out = console()
    out.print(explanation.subject, style="bold")
    out.print(axes_line(explanation.view), style="dim")
    if explanation.subject in explanation.projects:
        _print_project(explanation.projects[explanation.subject])
    else:
        _print_unit_changes(explanation)
    for module, lines in groupby(explanation.lines, key=lambda line: line.module):
        _print_module(explanation, module, list(lines))
    for explained in explanation.periods:
        for module, lines in groupby(explained.lines, key=lambda line: line.module):
            _print_module(explanation, module, list(lines), explained.period)
    if not explanation.lines:
        out.print(_("no points"))
    if explanation.score is not None:
        _print_totals(explanation, explanation.score)
    if explanation.not_counted:
        _print_not_counted(explanation)


def _print_unit_changes(explanation: Explanation) -> None:
    for line in unit_change_texts(explanation.units, explanation.subject):
        console().print(line)


def _print_project(judged: JudgedProject) -> None:
    information = judged.information
    scale = decimal_text(Fraction(judged.scale, _MICRO), 6)
    sector = word(information.sector)
    out = console()
    out.print(f"{information.name}  {sector}  {screen_words.wan(scale)}")
    lines = [*_change_lines(judged), _credit_line(judged)]
    if judged.unit is not None:
        lines += standing_texts(judged.units, judged.unit)
    for line in (*lines, *_period_lines(judged)):
        out.print(line)


def _change_lines(judged: JudgedProject) -> Iterator[str]:
    """Say which later event gave the project its investor, and which its scale."""
    facts = judged.facts
    if facts.investor_changes:
        last_change = facts.investor_changes[-1]
        template = msg("investor as changed by {event}: {investor}")
        investor = judged.information.investor
        yield say(template, event=facts.ref(last_change.version), investor=investor)
    contract = facts.contract
    if contract is not None and contract.fixed_assets_version != contract.signing_version:
        amendment = facts.ref(contract.fixed_assets_version)
        yield say(msg("scale as amended by {event}"), event=amendment)


def _credit_line(judged: JudgedProject) -> str:
    """Say whose the points are: the reporter's, a successor's, a later unit's or nobody's."""
    if judged.unit is None:
        nobody = msg("credited to nobody: {unit} was dissolved without a successor: {events}")
        events = succession_events(judged.units, judged.earning_unit)
        return say(nobody, unit=judged.units.shown_name(judged.earning_unit), events=events)
    if judged.unit != judged.earning_unit:
        succession = msg("credited to {unit}, the successor of {dissolved}: {events}")
        dissolved = judged.units.shown_name(judged.earning_unit)
        events = succession_events(judged.units, judged.earning_unit)
        return say(succession, unit=judged.unit_name, dissolved=dissolved, events=events)
    reporting_unit = judged.information.reporting_unit
    if judged.unit == reporting_unit:
        return say(msg("credited to {unit}"), unit=judged.unit_name)
    # After a transfer the credit lies with another unit than the one that reported (考(二)).
    credit = judged.policy.book.credit
    return say(
        msg("reported by {reporting}; credited to {unit} after a transfer, {clause}"),
        reporting=judged.units.shown_name(reporting_unit),
        unit=judged.unit_name,
        clause="" if credit is None else credit.clause,
    )


def _period_lines(judged: JudgedProject) -> Iterator[str]:
    period = judged.policy.book.assessment_period
    if judged.period_end is not None and period is not None:
        template = msg("assessment period until {end}, {clause}")
        yield say(template, end=judged.period_end, clause=period.clause)


def _print_module(
    explanation: Explanation,
    module: str,
    lines: list[ScoreLine],
    period: str = "",
) -> None:
    book = explanation.view.rulebook.rulebook
    shown = points(book.rounding.shown)
    module_names = {part.id: part.chinese for part in book.modules}
    # A gate or a factor says which rule or module it acts on.
    names = line_names(book)
    rows = []
    for line in lines:
        rows.append(
            {
                "points": line.points,
                "project": line.project or "",
                "what": counted_subject(line, names.acted_on),
                "formula": formula(line, names),
                "clause": line.clause,
                "basis": line.basis,
                "events": "、".join(_short_reference(line, event) for event in line.events),
            }
        )
    columns = [
        OutputColumn("points", headings.POINTS_EARNED, number=True, show=shown),
        OutputColumn("project", FIELDS["project"], show=str, whole=True),
        OutputColumn("what", headings.CONTENT, show=str),
        OutputColumn("formula", headings.FORMULA, show=str),
        OutputColumn("clause", headings.CLAUSE, whole=True),
        OutputColumn("basis", headings.BASIS),
        OutputColumn("events", headings.EVENT_REFERENCE, show=str),
    ]
    total = sum((line.points for line in lines), Fraction(0))
    name = " ".join(filter(None, (module_names[module], period)))
    print_table(rows, columns, f"{name}  {shown(total)}")


def _short_reference(line: ScoreLine, event: str) -> str:
    """Name an event by its version alone where its stream is the line's own project or unit."""
    # The table already names project and unit, and its columns are narrow.
    stream, _hash, version = event.rpartition("#")
    if stream in (line.project, line.unit):
        return f"#{version}"
    return event


def _print_not_counted(explanation: Explanation) -> None:
    rows = []
    for row in explanation.not_counted:
        reason = not_counted_reason(row)
        rows.append({"project": row.project, "reason": reason, "clause": row.clause})
    columns = [
        OutputColumn("project", FIELDS["project"], whole=True),
        OutputColumn("reason", headings.WHY_NOT_COUNTED, show=str),
        OutputColumn("clause", headings.CLAUSE, whole=True),
    ]
    print_table(rows, columns, str(headings.NOT_COUNTED))


def _print_totals(explanation: Explanation, score: UnitScore) -> None:
    """Print a unit's groups, the modules outside them, total, grade, outcomes and basis."""
    out, book = console(), explanation.view.rulebook.rulebook
    shown = points(book.rounding.shown)
    # A module inside a group is capped with it, and would be counted twice on its own line.
    grouped: set[str] = set()
    for group in book.groups:
        grouped.update(group.modules)
        raw, counted = score.groups[group.id]
        cap = "" if group.cap is None else screen_words.cap_text(decimal_text(group.cap, 2))
        out.print(f"{group.chinese}  {shown(raw)} → {shown(counted)}{cap}")
    for module in book.modules_of_year:
        if module.id not in grouped:
            out.print(f"{module.chinese}  {shown(score.modules[module.id])}")
    for multiplied in score.total_factors:
        rule_name = next(rule.chinese for rule in book.rules if rule.id == multiplied.rule)
        factor = f"{shown(multiplied.sum_of_groups)} × ({decimal_text(multiplied.factor, 6)} − 1)"
        out.print(f"{rule_name}  {factor} = {shown(multiplied.added)}")
    grade = "" if score.grade is None else f"  {score.grade}"
    out.print(f"{headings.TOTAL}  {shown(score.total)}{grade}", style="bold")
    for rule in book.rules:
        if isinstance(rule, Outcome) and rule.id in score.outcomes:
            out.print(f"{rule.chinese}：{rule.outcome}（{rule.clause}）", style="bold")
    # Signed, limits included: they stand below the total, and add up to it.
    basis = [f"{word(name)} {shown(value)}" for name, value in score.rests_on.items()]
    out.print("  ".join(basis), style="dim")
