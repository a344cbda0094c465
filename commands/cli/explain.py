"""`explain`: every point with its rule, clause, basis, numbers and events; and why the rest earned nothing."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Any

import click

from commands.cli.score import axes_line, points
from commands.cli.shared.command_context import axes_options, opened, view_of
from commands.cli.shared.row_output import (
    OutputColumn,
    console,
    format_option,
    print_csv,
    print_json,
    print_table,
)
from commands.words.event_words import FIELDS
from commands.words.formulas import formula
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook.kinds import Outcome
from projections.scoring.evaluation import View
from projections.scoring.explanation import Explanation, NotCounted, explain_project, explain_unit
from projections.scoring.rounding import decimal_text
from projections.scoring.score_json import line_json, view_json
from projections.scoring.score_line import ScoreLine


@click.command(
    "explain",
    help=_(
        "Every point of SUBJECT, a unit's name or a project's code, and why it earns nothing elsewhere."
    ),
)
@click.argument("subject")
@axes_options()
@format_option
def command(
    subject: str,
    year: int | None,
    as_of: str | None,
    known_at: str | None,
    rulebook_id: str | None,
    form: str,
) -> None:
    """Explain it."""
    with opened() as ledger:
        view = view_of(ledger, year, as_of, known_at, rulebook_id)
        found = _found(ledger, view, subject)
    _show(found, form)


def show_explanation(ledger: Ledger, view: View, subject: str) -> None:
    """Print an explanation."""
    _show(_found(ledger, view, subject), "table")


def _show(found: Explanation, form: str) -> None:
    if form == "json":
        print_json(_json(found))
    elif form == "csv":
        places = found.view.rulebook.rulebook.rounding.json_places
        fields = (
            "module",
            "rule",
            "points",
            "clause",
            "basis",
            "unit",
            "project",
            "inputs",
            "events",
        )
        print_csv(
            [line_json(line, places) for line in found.lines],
            [OutputColumn(name, name, number=name == "points") for name in fields],
        )
    else:
        _print(found)


def _found(ledger: Ledger, view: View, subject: str) -> Explanation:
    found = explain_unit(ledger, view, subject) or explain_project(ledger, view, subject)
    if found is None:
        template = msg(
            "by {day} there is no unit and no project {subject}; lifecycle project list shows the codes"
        )
        raise Rejected.by("unknown_subject", template, day=view.as_of, subject=subject)
    return found


def _json(found: Explanation) -> dict[str, Any]:
    places = found.view.rulebook.rulebook.rounding.json_places
    return {
        "subject": found.subject,
        **view_json(found.view),
        "lines": [line_json(line, places) for line in found.lines],
        "not_counted": [
            {"project": row.project, "rule": row.rule, "reason": reason(row), "clause": row.clause}
            for row in found.not_counted
        ],
    }


def reason(row: NotCounted) -> str:
    """A reason in the user's language."""
    values = {
        name: decimal_text(value, 6) if isinstance(value, Fraction) else _named(value)
        for name, value in row.values.items()
    }
    return say(row.template, **values)


_MEASURES = {
    "scale": msg("fixed-asset scale (万元)"),
    "outside_ratio": msg("share of investment from outside the county"),
    "tax_in_year": msg("tax of the year (万元)"),
    "meets_city_standard": msg("meeting the city's standard"),
    "land_acquired": msg("land acquired"),
    "statistics_entered": msg("entered into statistics"),
}


def _named(value: object) -> object:
    if isinstance(value, list):
        return "、".join(
            word(part) if isinstance(part, str) else f"{word(part[0])} {part[1]}" for part in value
        )
    if isinstance(value, str):
        return _(_MEASURES[value]) if value in _MEASURES else word(value)
    return value


def _print(found: Explanation) -> None:
    book = found.view.rulebook.rulebook
    out = console()
    shown = points(book.rounding.shown)
    out.print(found.subject, style="bold")
    out.print(axes_line(view_json(found.view), book), style="dim")
    if found.subject in found.projects:
        _print_project(found, out)
    named = {module.id: module.chinese for module in book.modules}
    for module, lines in groupby(found.lines, key=lambda line: line.module):
        _print_module(found, named[module], list(lines), shown)
    if not found.lines:
        out.print(_("no points"))
    if found.score is not None:
        _print_totals(found, out, shown)
    if found.not_counted:
        rows = [
            {"project": row.project, "reason": reason(row), "clause": row.clause}
            for row in found.not_counted
        ]
        print_table(
            rows,
            [
                OutputColumn("project", "项目编号", whole=True),
                OutputColumn("reason", "原因", show=str),
                OutputColumn("clause", "条款", whole=True),
            ],
            "未计分",
        )


def _print_project(found: Explanation, out: Any) -> None:
    judged = found.projects[found.subject]
    name = judged.information.name
    scale = decimal_text(Fraction(judged.scale, 1_000_000), 6)
    out.print(f"{name}  {word(judged.information.sector)}  {scale} 万元")
    if judged.unit != judged.information.reporting_unit:
        credit = judged.policy.book.credit
        clause = "" if credit is None else credit.clause
        template = msg("reported by {reporting}, the credit is {unit}'s by transfer, {clause}")
        out.print(
            say(
                template,
                reporting=judged.information.reporting_unit,
                unit=judged.unit,
                clause=clause,
            )
        )
    else:
        out.print(say(msg("the credit is {unit}'s"), unit=judged.unit))
    period = judged.policy.book.assessment_period
    if judged.period_end is not None and period is not None:
        out.print(
            say(
                msg("assessment period until {end}, {clause}"),
                end=judged.period_end,
                clause=period.clause,
            )
        )


def _print_module(found: Explanation, name: str, lines: list[ScoreLine], shown: Any) -> None:
    rules = {rule.id: rule.chinese for rule in found.view.rulebook.rulebook.rules}
    rows = [
        {
            "points": line.points,
            "project": line.project or "",
            "what": what(line, rules),
            "formula": formula(line),
            "clause": line.clause,
            "basis": line.basis,
            "events": "、".join(_event(line, event) for event in line.events),
        }
        for line in lines
    ]
    columns = [
        OutputColumn("points", "得分", number=True, show=shown),
        OutputColumn("project", "项目编号", show=str, whole=True),
        OutputColumn("what", "内容", show=str),
        OutputColumn("formula", "算式", show=str),
        OutputColumn("clause", "条款", whole=True),
        OutputColumn("basis", "依据"),
        OutputColumn("events", "事件", show=str),
    ]
    total = sum((line.points for line in lines), Fraction(0))
    print_table(rows, columns, f"{name}  {shown(total)}")


def _event(line: ScoreLine, event: str) -> str:
    stream, _hash, version = event.rpartition("#")
    return f"#{version}" if stream in (line.project, line.unit) else event


def what(line: ScoreLine, rules: dict[str, str]) -> str:
    """What was counted, in the policy's words."""
    inputs = line.inputs
    if line.rule not in rules:
        return "封顶" if "cap" in inputs else "保底"
    if "sum_of_rule" in inputs or "left_out" in inputs or "shut" in inputs:
        other = str(inputs.get("rule", inputs.get("left_out", inputs.get("shut"))))
        return f"{rules[line.rule]}（{rules.get(other, word(other))}）"
    parts = [rules[line.rule]]
    if "node" in inputs:
        parts = [word(inputs["node"]), str(inputs["reached_on"])]
    if "months" in inputs and "source" in inputs:
        parts.append(
            f"{inputs['months']} 个月"
            if inputs["source"] != "land_fee"
            else FIELDS["transfer_fee"].chinese
        )
    for name in (
        "check",
        "item",
        "activity",
        "person",
        "title",
        "about_project",
        "month",
        "passed_on",
        "assessed_on",
        "failure",
        "signed_on",
        "period",
    ):
        if name in inputs:
            parts.append(word(inputs[name]))
    return " ".join(parts)


def _print_totals(found: Explanation, out: Any, shown: Any) -> None:
    score, book = found.score, found.view.rulebook.rulebook
    assert score is not None
    for group in book.groups:
        raw, counted = score.groups[group.id]
        cap = f"（封顶 {decimal_text(group.cap, 2)}）" if group.cap is not None else ""
        out.print(f"{group.chinese}  {shown(raw)} → {shown(counted)}{cap}")
    alone = [
        module
        for module in book.modules
        if not any(module.id in group.modules for group in book.groups)
    ]
    for module in alone:
        out.print(f"{module.chinese}  {shown(score.modules[module.id])}")
    out.print(
        f"总分  {shown(score.total)}" + ("" if score.grade is None else f"  {score.grade}"),
        style="bold",
    )
    for rule in book.rules:
        if isinstance(rule, Outcome) and rule.id in score.outcomes:
            out.print(f"{rule.chinese}：{rule.outcome}（{rule.clause}）", style="bold")
    out.print(
        "  ".join(f"{word(name)} {shown(value)}" for name, value in score.basis.items()),
        style="dim",
    )
