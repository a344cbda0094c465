"""The morning at (D, K): what is due, what presses, what waits, and what has changed since the beginning of yesterday."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from lifecycle.events import COUNTY, Stream
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View, evaluate, judged_at
from projections.scoring.judgement import JudgedProject
from projections.views import deadline_view as d, sheet_view as sheets

PRESSING_LEVELS: Final = ("red", "orange")


def morning_report(ledger: Ledger, view: View, unit: str | None = None) -> dict[str, Any]:
    """Everything of the day; of one unit alone where it is named."""
    judged = judged_at(ledger, view)
    rows = _deadlines(judged, view)
    orders = sorted(
        (order for one in judged for order in sheets.project_due_sheets(one)),
        key=lambda order: order.place,
    )
    return {
        "as_of": view.as_of.isoformat(),
        "sheets_due": _of(unit, [sheets.due_sheet_row(order) for order in orders]),
        "deadlines": sorted(
            _of(
                unit,
                [
                    row
                    for row in rows
                    if row["level"] in PRESSING_LEVELS and row["kind"] != "look_back"
                ],
            ),
            key=_freshest,
        ),
        "waiting": _of(
            unit, [_waiting_row(one, view.as_of) for one in judged if awaits_consultation(one)]
        ),
        "look_backs": _of(unit, [row for row in rows if row["kind"] == "look_back"]),
        "entered": _entered(ledger, view),
        "moved": _of(unit, _moved(ledger, view)),
    }


def _of(unit: str | None, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if unit in (None, row["unit"])]


def _deadlines(judged: Iterable[JudgedProject], view: View) -> list[dict[str, Any]]:
    """The day's deadlines, each with whether it was less urgent the day before."""
    table = view.rulebook.rulebook.deadlines
    if table is None:
        return []
    found = [each for one in judged for each in d.project_deadlines(one)]
    before = {
        (row["kind"], row["project"], row["about"]): row["level"]
        for row in d.listed_deadlines(found, view.as_of - timedelta(days=1), table.levels)
    }
    rows = d.listed_deadlines(found, view.as_of, table.levels)
    return [
        {**row, "new": before.get((row["kind"], row["project"], row["about"])) != row["level"]}
        for row in rows
    ]


def _freshest(row: dict[str, Any]) -> tuple[bool, bool, int]:
    """What turned today first, then what falls due this week, then what is over, the latest first."""
    return (
        not row["new"],
        row["level"] == "red",
        row["days_left"] if row["level"] == "orange" else -row["days_left"],
    )


def awaits_consultation(judged: JudgedProject) -> bool:
    """Whether an information awaits its consultation: not held yet, or deferred; the project neither over nor excluded."""
    project = judged.project
    return (
        project.outcome in (None, "deferred")
        and project.terminated_on is None
        and not judged.excluded
    )


def _waiting_row(judged: JudgedProject, day: date) -> dict[str, Any]:
    reported = judged.project.nodes["information"].on
    return {
        "project": judged.project.code,
        "name": judged.information.name,
        "unit": judged.unit,
        "reported_on": reported.isoformat(),
        "days": (day - reported).days,
        "outcome": judged.project.outcome,
    }


# Since the beginning of yesterday -------------------------------------------------------------------------------------


def _bounds(ledger: Ledger, view: View) -> tuple[int, int]:
    """The last position before yesterday, and the last of the day, as far as the view knows."""
    yesterday = datetime.combine(view.as_of - timedelta(days=1), time.min, SHANGHAI)
    first = ledger.position_at(yesterday - timedelta(microseconds=1))
    last = ledger.position_at(datetime.combine(view.as_of, time.max, SHANGHAI))
    return min(first, view.position), min(last, view.position)


def _entered(ledger: Ledger, view: View) -> dict[str, Any]:
    """What was recorded yesterday and on the day: how many of each event, and about what."""
    first, last = _bounds(ledger, view)
    kinds: Counter[str] = Counter()
    streams: dict[str, None] = {}
    with ledger.recorder.cursor(write=False) as cursor:
        for _position, stream, _version, topic, _state in ledger.recorder.between(
            cursor, first + 1, last
        ):
            kinds[topic.partition("/")[0]] += 1
            if stream != COUNTY.id:
                streams[Stream.of(stream).name] = None
    return {"count": kinds.total(), "events": dict(kinds.most_common()), "streams": list(streams)}


def _moved(ledger: Ledger, view: View) -> list[dict[str, Any]]:
    """Units whose rank is another than by what was known and so at the beginning of yesterday, in the same year."""
    first, _last = _bounds(ledger, view)
    before = view.as_of - timedelta(days=2)
    try:
        book = in_force.for_year(in_force.adopted(ledger, view.position), view.year)
    except Rejected:
        return []
    if before.year != view.year or not first:
        return []
    now = replace(view, rulebook=book)
    then = {
        score.unit: score
        for score in evaluate(ledger, replace(now, as_of=before, position=first)).scores
    }
    return [
        {
            "unit": score.unit,
            "sequence": score.sequence,
            "rank_before": then[score.unit].rank,
            "rank": score.rank,
        }
        for score in evaluate(ledger, now).scores
        if score.unit in then and then[score.unit].rank != score.rank
    ]
