"""Deadlines at (D, K), without a year (spec 3): six kinds, of projects neither terminated nor excluded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lifecycle.calendar import HalfYear, half_year, working_calendar
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.deadline_policy import Deadlines, Levels
from lifecycle.rulebook.parts import Sourced
from projections.facts.narrow_events import MICRO, micro
from projections.scoring.evaluation import View, judged_projects, units_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import prepared
from projections.scoring.schedule_checks import in_force

DEADLINE_KINDS: Final = (
    "assessment_period",
    "milestone",
    "task",
    "rectification",
    "look_back",
    "stalled",
)
URGENCY_LEVELS: Final = ("red", "orange", "yellow", "blue")


class Deadline(NamedTuple):
    """What is due when; how urgent it is depends on the day that is asked about. Clause and basis are the rulebook's."""

    kind: str
    project: str
    unit: str
    about: str | None
    due_on: date
    clause: str
    basis: str

    @property
    def estimated(self) -> bool:
        """Whether it rests on working days of a year whose arrangement is not known."""
        return self.kind == "rectification" and not working_calendar().knows(self.due_on)


# Of one project -------------------------------------------------------------------------------------------------------


def project_deadlines(judged: JudgedProject) -> list[Deadline]:
    """Every deadline of a project as of the day it is judged at, however far off; none where the rulebook watches none."""
    table, project = judged.policy.book.deadlines, judged.project
    if table is None or project.terminated_on is not None or judged.excluded:
        return []
    return [
        *_assessment_period(judged, table),
        *_milestones(judged, table),
        *_tasks(judged, table),
        *_look_backs(judged, table),
        *_stalled(judged, table),
    ]


def _of(
    judged: JudgedProject,
    kind: str,
    about: str | None,
    due_on: date,
    source: Sourced,
    unit: str | None = None,
) -> Deadline:
    return Deadline(
        kind, judged.project.code, unit or judged.unit, about, due_on, source.clause, source.basis
    )


def _assessment_period(judged: JudgedProject, table: Deadlines) -> Iterator[Deadline]:
    if judged.period_end is not None and not is_complete(judged, table):
        yield _of(judged, "assessment_period", None, judged.period_end, table.assessment_period)


def is_complete(judged: JudgedProject, table: Deadlines) -> bool:
    """Whether nothing is left to wait for: the scale invested, a year's tax, or the land, by sector."""
    row = next(
        row for row in table.assessment_period.complete if judged.information.sector in row.sector
    )
    if row.by == "land_acquired":
        return "land" in judged.project.nodes
    if row.at_least is None:
        return judged.invested >= judged.scale
    years: Counter[str] = Counter()
    for month, _, tax in judged.project.taxes:
        years[month[:4]] += micro(tax.amount)
    return any(amount >= row.at_least * MICRO for amount in years.values())


def _milestones(judged: JudgedProject, table: Deadlines) -> Iterator[Deadline]:
    for stage, milestone in in_force(judged.project.plans, judged.axes.as_of).items():
        if stage not in judged.nodes:
            yield _of(judged, "milestone", stage, milestone.due_on, table.milestone)


def _tasks(judged: JudgedProject, table: Deadlines) -> Iterator[Deadline]:
    for task in judged.project.tasks.values():
        if task.is_open:
            dates = (
                ("task", task.due_on, table.task),
                ("rectification", task.rectify_by, table.rectification),
            )
            for kind, due_on, source in dates:
                if due_on is not None:
                    yield _of(judged, kind, task.number, due_on, source, task.responsible_unit)


def _look_backs(judged: JudgedProject, table: Deadlines) -> Iterator[Deadline]:
    signed = judged.project.nodes.get("signing")
    if signed is None:
        return
    for period in _half_years(judged.axes.as_of):
        if signed.on.year < period.first.year and not any(
            period.first <= on <= period.last for on in judged.project.reviews
        ):
            yield _of(judged, "look_back", period.name, period.last, table.look_back)


@lru_cache(maxsize=64)
def _half_years(day: date) -> tuple[HalfYear, HalfYear]:
    """The half-year before the day's, and the day's own."""
    own = half_year(day)
    return half_year(own.first - timedelta(days=1)), own


def _stalled(judged: JudgedProject, table: Deadlines) -> Iterator[Deadline]:
    if judged.node(table.stalled.until) is None:
        yield _of(
            judged,
            "stalled",
            None,
            judged.project.last_on + timedelta(days=table.stalled.days),
            table.stalled,
        )


# Of all ---------------------------------------------------------------------------------------------------------------


def deadline_rows(ledger: Ledger, view: View) -> list[dict[str, Any]]:
    """`deadlines --format json`: the rows of all projects, by level, then due_on, then project."""
    units = units_at(ledger, view.position)
    with ledger.rows_of_kind("project", view.position) as rows:
        found = [
            each
            for judged in judged_projects(rows, prepared(view.rulebook), view.axes, units)
            for each in project_deadlines(judged)
        ]
    table = view.rulebook.rulebook.deadlines
    return [] if table is None else listed_deadlines(found, view.as_of, table.levels)


def listed_deadlines(found: Iterable[Deadline], day: date, levels: Levels) -> list[dict[str, Any]]:
    """The rows of a day, by urgency: without what lies too far off, and without what may stall but has not yet."""
    rows = [
        (deadline, level)
        for deadline in found
        if (level := urgency_level(deadline, day, levels)) is not None
    ]
    rows.sort(
        key=lambda row: (
            URGENCY_LEVELS.index(row[1]),
            row[0].due_on,
            row[0].project,
            DEADLINE_KINDS.index(row[0].kind),
            row[0].about or "",
        )
    )
    return [_row(deadline, day, level) for deadline, level in rows]


def urgency_level(deadline: Deadline, day: date, levels: Levels) -> str | None:
    """How urgent it is on a day; None where it is not listed."""
    left = (deadline.due_on - day).days
    if left < 0:
        return "red"
    if deadline.kind == "stalled":
        return None
    limits = (("orange", levels.orange), ("yellow", levels.yellow), ("blue", levels.blue))
    return next((level for level, most in limits if left <= most), None)


def _row(deadline: Deadline, day: date, level: str) -> dict[str, Any]:
    row = {
        "kind": deadline.kind,
        "project": deadline.project,
        "unit": deadline.unit,
        "about": deadline.about,
        "due_on": deadline.due_on.isoformat(),
        "days_left": (deadline.due_on - day).days,
        "level": level,
        "clause": deadline.clause,
        "basis": deadline.basis,
    }
    return row | {"estimated": True} if deadline.estimated else row


def deadlines_by_unit(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many of each level a unit has; the most pressed first."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row["unit"], Counter())[row["level"]] += 1
    summary = [
        {"unit": unit, **{level: count[level] for level in URGENCY_LEVELS}, "total": count.total()}
        for unit, count in counts.items()
    ]
    return sorted(summary, key=lambda row: ([-row[level] for level in URGENCY_LEVELS], row["unit"]))
