"""What pages show of units and projects, as plain rows: points with their reasons, facts, history with corrections."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from typing import Any

from commands.web.accounts import Reader
from commands.web.personal import LEFT_OUT, PERSONS, nameless, without_persons
from commands.words.event_words import FIELDS
from commands.words.explanation_words import counted_subject, not_counted_reason
from commands.words.formulas import formula
from commands.words.history_words import anomaly_texts, event_row, fields_text
from commands.words.login_names import named_login
from commands.words.point_text import points
from commands.words.vocabulary_words import word
from lifecycle.events import Stream
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import Rulebook
from projections.scoring.evaluation import View
from projections.scoring.explanation import Explanation
from projections.scoring.judgement import JudgedProject
from projections.scoring.score_line import ScoreLine
from projections.views.project_view import project_row

_FACTS = (
    "investor",
    "investor_code",
    "sector",
    "kind",
    "site",
    "reporting_unit",
    "unit",
    "lead_person",
    "outside_ratio",
    "planned_investment",
    "planned_fixed_assets",
    "contract_investment",
    "contract_fixed_assets",
    "area_mu",
    "transfer_fee",
    "filing_code",
    "invested",
    "tax",
    "period_end",
    "terminated_on",
    "excluded",
    "recognised",
    "eligible",
    "not_eligible_because",
)
_HEADINGS = {name: term.chinese for name, term in FIELDS.items()} | {
    "unit": "引进单位",
    "filing_code": "备案代码",
    "invested": "累计固定资产投资",
    "tax": "累计税收",
    "period_end": "考核期限",
    "terminated_on": "终止日期",
    "excluded": "不计入考核",
    "recognised": "认可",
    "eligible": "符合条件",
    "not_eligible_because": "不符合之处",
}
_AMOUNTS = frozenset(
    {
        "planned_investment",
        "planned_fixed_assets",
        "contract_investment",
        "contract_fixed_assets",
        "transfer_fee",
        "invested",
        "tax",
    }
)


def wan(text: str | None) -> str:
    """An amount in 万元 with its thousands set apart."""
    if text is None:
        return ""
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}"


def modules(found: Explanation, reader: Reader) -> list[dict[str, Any]]:
    """A subject's points by module, each line with what, formula, clause, basis and the events it rests on."""
    book = found.view.rulebook.rulebook
    rules = {rule.id: rule.chinese for rule in book.rules}
    named = {module.id: module.chinese for module in book.modules}
    shown = points(book.rounding.shown)
    kept = found.lines if reader.sees_persons else [nameless(line) for line in found.lines]
    return [
        {
            "name": named[module],
            "total": shown(sum((line.points for line in lines), Fraction(0))),
            "lines": [_line(line, rules, shown) for line in lines],
        }
        for module, lines in (
            (module, list(own)) for module, own in groupby(kept, key=lambda line: line.module)
        )
    ]


def _line(line: ScoreLine, rules: dict[str, str], shown: Any) -> dict[str, Any]:
    return {
        "points": shown(line.points),
        "project": line.project or "",
        "what": counted_subject(line, rules),
        "formula": formula(line),
        "clause": line.clause,
        "basis": word(line.basis),
        "events": list(line.events),
    }


def not_counted(found: Explanation, reader: Reader) -> list[dict[str, str]]:
    """What earned nothing, and why."""
    kept = found.not_counted
    if not reader.sees_persons:
        of_persons = {
            line.rule for line in found.lines if not PERSONS.isdisjoint(line.event_fields)
        }
        kept = [
            row._replace(values=row.values | {"item": LEFT_OUT}) if row.rule in of_persons else row
            for row in kept
        ]
    return [
        {"project": row.project or "", "reason": not_counted_reason(row), "clause": row.clause}
        for row in kept
    ]


def totals(found: Explanation, book: Rulebook) -> list[dict[str, str]]:
    """A unit's groups and the modules that stand alone, as summed and as counted, then the total."""
    score = found.score
    assert score is not None
    shown = points(book.rounding.shown)
    rows = []
    for group in book.groups:
        raw, counted = score.groups[group.id]
        rows.append(
            {
                "name": group.chinese,
                "raw": shown(raw),
                "counted": shown(counted),
                "cap": "" if group.cap is None else shown(group.cap),
            }
        )
    grouped = {module for group in book.groups for module in group.modules}
    rows += [
        {
            "name": module.chinese,
            "raw": shown(score.modules[module.id]),
            "counted": shown(score.modules[module.id]),
            "cap": "",
        }
        for module in book.modules
        if module.id not in grouped
    ]
    return [*rows, {"name": "总分", "raw": "", "counted": shown(score.total), "cap": ""}]


def basis(found: Explanation, book: Rulebook) -> list[tuple[str, str]]:
    """How many of a unit's points rest on what."""
    score = found.score
    assert score is not None
    shown = points(book.rounding.shown)
    return [(word(name), shown(value)) for name, value in score.basis.items()]


def projects(judged: Iterable[JudgedProject]) -> list[dict[str, str]]:
    """Projects as a list shows them."""
    rows = (project_row(each).as_json() for each in judged)
    return [
        {
            "project": row["project"],
            "name": row["name"],
            "sector": word(row["sector"]),
            "unit": row["unit"],
            "stage": word(row["stage"]),
            "scale": wan(row["scale"]),
            "invested": wan(row["invested"]),
            "period_end": row["period_end"] or "",
            "standing": "终止" if row["terminated_on"] else row["excluded"] or "",
        }
        for row in rows
    ]


def facts(judged: JudgedProject, reader: Reader) -> list[tuple[str, str]]:
    """A project's facts by their Chinese names; empty ones left out."""
    row = project_row(judged).as_json()
    if not reader.sees_persons:
        row = without_persons(row)
    return [
        (_HEADINGS[name], f"{wan(row[name])} 万元" if name in _AMOUNTS else word(row[name]))
        for name in _FACTS
        if row[name] not in (None, "")
    ]


def nodes(judged: JudgedProject) -> list[tuple[str, str]]:
    """The seven nodes with their days."""
    return [
        (word(stage), "" if (node := judged.node(stage)) is None else node.on.isoformat())
        for stage in STAGES
    ]


def anomalies(judged: JudgedProject, reader: Reader) -> list[str]:
    """What looks odd about a project."""
    told = anomaly_texts(judged)
    return told if reader.sees_persons else without_persons(told)


def history(ledger: Ledger, view: View, code: str, reader: Reader) -> list[dict[str, Any]]:
    """Every event of a project recorded by the view's position, those after its day marked, with what became of each."""
    recorded = ledger.history(Stream("project", code), view.position)
    hide = (lambda fields: fields) if reader.sees_persons else without_persons
    rows = [event_row(item, recorded, hide) for item in recorded]
    return [
        {
            "version": row["version"],
            "on": row["occurred_on"],
            "event": row["chinese"],
            "fields": fields_text(row["fields"]),
            "recorded_at": row["recorded_at"][:16].replace("T", " "),
            "recorded_by": named_login(row["recorded_by"]),
            "migrated": row["migrated_at"] is not None,
            "later": row["occurred_on"] > view.as_of.isoformat(),
            "corrected": row["corrected"],
        }
        for row in rows
    ]
