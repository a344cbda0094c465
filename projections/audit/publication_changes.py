"""What changed since a publication: points that differ today, with the events that cause it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from lifecycle.events import FactCorrected, RecordedEvent, Stream
from lifecycle.events.county_events import Publication
from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from projections.audit.publications import PublicationRecord, publication_rulebook
from projections.facts.county_facts import county_facts_among
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine

_ZERO: Final = Fraction(0)

PointKey = tuple[str, str | None, str]
"""A unit, a project (None for the unit's own facts), and a rule."""


@dataclass(frozen=True, slots=True)
class PointChange:
    """Points of a unit, project and rule that differ today, and the events that cause it."""

    unit: str
    project: str | None
    rule: str
    published: Fraction
    today: Fraction
    causes: tuple[str, ...]

    def as_json(self, places: int) -> dict[str, Any]:
        """One row of `changes` in `audit publications --against-today --format json`."""
        return {
            "unit": self.unit,
            "project": self.project,
            "rule": self.rule,
            "published": decimal_text(self.published, places),
            "today": decimal_text(self.today, places),
            "events": list(self.causes),
        }


def changes_since(ledger: Ledger, publication: PublicationRecord) -> list[PointChange]:
    """Compare what was known of the publication's day then and today, project by project."""
    event = publication.event
    book = publication_rulebook(publication)
    if book is None:
        return []
    position_today = ledger.head().position
    county = county_facts_among(publication.county_history, event.position)
    view = View(event.year, event.as_of, event.position, book, county=county)
    then = _points(ledger, view)
    today = _points(ledger, replace(view, position=position_today))
    changes = []
    # The published points come first, so that rules which count only today stand at the end.
    for key in dict.fromkeys([*then, *today]):
        points_then = then.get(key, _ZERO)
        points_today = today.get(key, _ZERO)
        if points_then != points_today:
            changes.append(_point_change(ledger, event, key, points_then, points_today))
    return changes


def _point_change(
    ledger: Ledger,
    event: Publication,
    key: PointKey,
    published: Fraction,
    today: Fraction,
) -> PointChange:
    unit, project, rule = key
    causes = _causes(ledger, event, unit, project)
    return PointChange(unit, project, rule, published, today, causes)


def _points(ledger: Ledger, view: View) -> dict[PointKey, Fraction]:
    """Sum the points of every line by unit, project and rule."""
    sums: dict[PointKey, Fraction] = {}

    def add(line: ScoreLine) -> bool:
        key = (line.unit, line.project, line.rule)
        sums[key] = sums.get(key, _ZERO) + line.points
        # Lines are summed as they come; none is kept.
        return False

    evaluate(ledger, view, keep=add)
    return sums


def _causes(
    ledger: Ledger,
    event: Publication,
    unit: str,
    project: str | None,
) -> tuple[str, ...]:
    """Name the events recorded since that bear on the day.

    The project's, or the unit's where it has none.
    """
    streams = [Stream("unit", unit)]
    if project is not None:
        streams.insert(0, Stream("project", project))
    for stream in streams:
        causes = []
        for recorded in ledger.history(stream):
            if recorded.position > event.position and _bears_on(recorded, event):
                causes.append(_cause_text(recorded))
        # The project's own events explain the change; the unit's are named only where it has none.
        if causes:
            return tuple(causes)
    return ()


def _bears_on(recorded: RecordedEvent, event: Publication) -> bool:
    """A correction may change any earlier day; another event only its own day and later ones."""
    return isinstance(recorded.event, FactCorrected) or recorded.event.on <= event.as_of


def _cause_text(recorded: RecordedEvent) -> str:
    recorded_at = recorded.stamp.recorded_at.isoformat()
    return f"{recorded.ref} {type(recorded.event).__name__} {recorded_at}"
