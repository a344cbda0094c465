"""The morning at (D, K).

What is due, what is urgent, what waits, and what changed since yesterday began.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from lifecycle.events import COUNTY, Stream
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import evaluate
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View, county_of
from projections.views.deadline_view import DeadlineRow, deadlines_of, listed_deadlines
from projections.views.json_rows import json_rows
from projections.views.sheet_view import DueSheet, due_sheets_of

PRESSING_LEVELS: Final = ("red", "orange")


@dataclass(frozen=True, slots=True)
class MorningDeadline:
    """A deadline of the day; `new` where it was less urgent the day before."""

    row: DeadlineRow
    new: bool

    @property
    def unit(self) -> str | None:
        """The unit it falls to."""
        return self.row.deadline.unit

    @property
    def sort_key(self) -> tuple[bool, bool, int]:
        """New today first, then what falls due soonest, then overdue from the latest on."""
        return not self.new, *self.row.soonest_first

    def as_json(self) -> dict[str, Any]:
        """One row of `deadlines` or `look_backs` of `today --format json`."""
        return {**self.row.as_json(), "new": self.new}


@dataclass(frozen=True, slots=True)
class WaitingProject:
    """A project whose consultation is not held yet, or was deferred."""

    project: str
    name: str
    unit: str | None
    unit_name: str | None
    reported_on: date
    days: int
    outcome: str | None

    def as_json(self) -> dict[str, Any]:
        """One row of `waiting`."""
        return {**asdict(self), "reported_on": self.reported_on.isoformat()}


@dataclass(frozen=True, slots=True)
class RankChange:
    """A unit whose rank differs from the one at the beginning of yesterday."""

    unit: str
    name: str
    sequence: str
    rank_before: int | None
    rank: int | None

    def as_json(self) -> dict[str, Any]:
        """One row of `moved`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class EntriesSummary:
    """What was recorded yesterday and on the day.

    How many of each event, and about which projects and units.
    """

    events: dict[str, int]
    streams: list[str]

    def as_json(self) -> dict[str, Any]:
        """The object `entered`."""
        count = sum(self.events.values())
        return {"count": count, "events": self.events, "streams": self.streams}


@dataclass(frozen=True, slots=True)
class MorningReport:
    """Everything of a day's morning; of one unit alone where it was asked for."""

    as_of: date
    sheets_due: list[DueSheet]
    deadlines: list[MorningDeadline]
    waiting: list[WaitingProject]
    look_backs: list[MorningDeadline]
    entered: EntriesSummary
    moved: list[RankChange]

    def as_json(self) -> dict[str, Any]:
        """The whole of `today --format json`."""
        return {
            "as_of": self.as_of.isoformat(),
            "sheets_due": json_rows(self.sheets_due),
            "deadlines": json_rows(self.deadlines),
            "waiting": json_rows(self.waiting),
            "look_backs": json_rows(self.look_backs),
            "entered": self.entered.as_json(),
            "moved": json_rows(self.moved),
        }


def morning_report(
    ledger: Ledger,
    view: View,
    unit: str | None = None,
) -> MorningReport:
    """Compute the morning of the view's day; of one unit alone where it is named."""

    def wanted(row_unit: str | None) -> bool:
        return unit is None or row_unit == unit

    projects = judged_at(ledger, view)
    deadlines = [row for row in _morning_deadlines(projects, view) if wanted(row.unit)]
    waiting = [
        _waiting(project, view.as_of) for project in projects if awaits_consultation(project)
    ]
    return MorningReport(
        as_of=view.as_of,
        sheets_due=[sheet for sheet in due_sheets_of(projects) if wanted(sheet.unit)],
        deadlines=sorted(filter(_is_pressing, deadlines), key=lambda row: row.sort_key),
        waiting=[project for project in waiting if wanted(project.unit)],
        look_backs=[row for row in deadlines if _is_look_back(row)],
        entered=_entered(ledger, view, _streams_of(unit, projects)),
        moved=[change for change in _rank_changes(ledger, view) if wanted(change.unit)],
    )


def _is_look_back(deadline: MorningDeadline) -> bool:
    return deadline.row.deadline.kind == "look_back"


def _is_pressing(deadline: MorningDeadline) -> bool:
    # Look-backs fall due for many projects on one day and have a list of their own.
    return deadline.row.level in PRESSING_LEVELS and not _is_look_back(deadline)


def _morning_deadlines(
    projects: Iterable[JudgedProject],
    view: View,
) -> list[MorningDeadline]:
    """List the day's deadlines, each beside its level of the day before."""
    levels = view.rulebook.rulebook.deadline_levels
    deadlines = deadlines_of(projects)
    yesterday = view.as_of - timedelta(days=1)
    levels_yesterday = {}
    for row in listed_deadlines(deadlines, yesterday, levels):
        levels_yesterday[row.subject] = row.level
    morning_deadlines = []
    for row in listed_deadlines(deadlines, view.as_of, levels):
        is_new = levels_yesterday.get(row.subject) != row.level
        morning_deadlines.append(MorningDeadline(row, new=is_new))
    return morning_deadlines


def awaits_consultation(project: JudgedProject) -> bool:
    """Whether the consultation of an active project is not held yet, or was deferred."""
    facts = project.facts
    if facts.terminated_on is not None or project.excluded:
        return False
    return facts.outcome in (None, "deferred")


def _waiting(project: JudgedProject, day: date) -> WaitingProject:
    facts = project.facts
    reported_on = facts.nodes["information"].on
    return WaitingProject(
        project=facts.code,
        name=project.information.name,
        unit=project.unit,
        unit_name=project.unit_name,
        reported_on=reported_on,
        days=(day - reported_on).days,
        outcome=facts.outcome,
    )


# Since yesterday began ----------------------------------------------------------------------------


def _positions(ledger: Ledger, view: View) -> tuple[int, int]:
    """Return the last position before yesterday and the last of the day, both known to the view."""
    yesterday = datetime.combine(view.as_of - timedelta(days=1), time.min, SHANGHAI)
    # The last moment before midnight: what was recorded at midnight belongs to yesterday.
    before_yesterday = ledger.position_at(yesterday - timedelta(microseconds=1))
    end_of_day = ledger.position_at(datetime.combine(view.as_of, time.max, SHANGHAI))
    return min(before_yesterday, view.position), min(end_of_day, view.position)


def _streams_of(unit: str | None, projects: Iterable[JudgedProject]) -> frozenset[str] | None:
    """Return the ids of a unit's streams, None for all: its own, and of projects it has or had."""
    if unit is None:
        return None
    streams = {Stream("unit", unit).id}
    for project in projects:
        if unit in (project.unit, project.information.reporting_unit):
            streams.add(Stream("project", project.facts.code).id)
    return frozenset(streams)


def _entered(
    ledger: Ledger,
    view: View,
    of_streams: frozenset[str] | None,
) -> EntriesSummary:
    before_yesterday, end_of_day = _positions(ledger, view)
    event_counts: Counter[str] = Counter()
    streams: dict[str, None] = {}
    with ledger.recorder.cursor(write=False) as cursor:
        rows = ledger.recorder.between(cursor, before_yesterday + 1, end_of_day)
        # The topic names the event, so nothing has to be decoded.
        for _position, stream, _version, topic, _state in rows:
            if of_streams is not None and stream not in of_streams:
                continue
            event_counts[topic.partition("/")[0]] += 1
            if stream != COUNTY.id:
                streams[Stream.of(stream).name] = None
    return EntriesSummary(dict(event_counts.most_common()), list(streams))


def _rank_changes(ledger: Ledger, view: View) -> list[RankChange]:
    """Compare ranks with those by what was known and true as yesterday began, within one year."""
    before_yesterday, _end_of_day = _positions(ledger, view)
    day_before = view.as_of - timedelta(days=2)
    try:
        book = in_force.for_year(in_force.adopted(county_of(ledger, view)), view.year)
    except Rejected:
        # Without a rulebook in force there are no ranks; the rest of the morning does without.
        return []
    # Ranks start from zero each year, and a ledger without a past has none to compare.
    if day_before.year != view.year or not before_yesterday:
        return []
    view_now = replace(view, rulebook=book)
    view_then = replace(
        view_now,
        as_of=day_before,
        position=before_yesterday,
    )
    ranks_then = {score.unit: score.rank for score in evaluate(ledger, view_then).scores}
    changes = []
    for score in evaluate(ledger, view_now).scores:
        # A unit registered since has not moved.
        rank_before = ranks_then.get(score.unit, score.rank)
        if rank_before != score.rank:
            changes.append(
                RankChange(
                    score.unit,
                    score.name,
                    score.sequence,
                    rank_before,
                    score.rank,
                )
            )
    return changes
