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
from projections.audit.published_members import NO_LEDGERS, MemberLedgers, members_as_published
from projections.facts.county_facts import county_facts_among
from projections.facts.member_projects import MemberLedger, MemberProjects, member_code
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


def changes_since(
    ledger: Ledger,
    publication: PublicationRecord,
    member_ledgers: MemberLedgers = NO_LEDGERS,
) -> list[PointChange]:
    """Compare what was known of the publication's day then and today, project by project.

    Of a region's, what its members know today counts. Without a member's ledger nothing can be
    compared, and nothing is returned.
    """
    event = publication.event
    book = publication_rulebook(publication)
    members = members_as_published(event, member_ledgers)
    if book is None or members.absent:
        return []
    position_today = ledger.head().position
    county = county_facts_among(publication.county_history, event.position)
    view = View(event.year, event.as_of, event.position, book, county=county)
    view_today = replace(view, position=position_today)
    sources: tuple[MemberLedger, ...] = ()
    if event.members is not None:
        sources = members.projects.members
        projects_today = MemberProjects(tuple(_at_its_end(source) for source in sources))
        uncounted = members.uncounted
        view = replace(view, projects=members.projects, uncounted=uncounted)
        view_today = replace(view_today, projects=projects_today, uncounted=uncounted)
    then = _points(ledger, view)
    today = _points(ledger, view_today)
    histories = PublishedHistories(ledger, event, sources)
    changes = []
    # The published points come first, so that rules which count only today stand at the end.
    for key in dict.fromkeys([*then, *today]):
        points_then = then.get(key, _ZERO)
        points_today = today.get(key, _ZERO)
        if points_then != points_today:
            changes.append(_point_change(histories, key, points_then, points_today))
    return changes


def _at_its_end(source: MemberLedger) -> MemberLedger:
    return source._replace(position=source.ledger.head().position)


def _point_change(
    histories: PublishedHistories,
    key: PointKey,
    published: Fraction,
    today: Fraction,
) -> PointChange:
    unit, project, rule = key
    causes = histories.causes(unit, project)
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


@dataclass(frozen=True, slots=True)
class PublishedHistories:
    """Where the events since a publication are: in the ledger, or in a region's members'."""

    ledger: Ledger
    event: Publication
    members: tuple[MemberLedger, ...] = ()

    def causes(
        self,
        unit: str,
        project: str | None,
    ) -> tuple[str, ...]:
        """Name the events recorded since that bear on the day.

        The project's, or the unit's where it has none.
        """
        # The project's own events explain the change; the unit's are named only where it has none.
        if project is not None:
            causes = self._project_causes(project)
            if causes:
                return causes
        return self._since(self.ledger, Stream("unit", unit), self.event.position, "")

    def _project_causes(
        self,
        project: str,
    ) -> tuple[str, ...]:
        if self.event.members is None:
            return self._since(self.ledger, Stream("project", project), self.event.position, "")
        for member in self.members:
            start = member_code(member.unit, "")
            if project.startswith(start):
                stream = Stream("project", project.removeprefix(start))
                return self._since(member.ledger, stream, member.position, start)
        return ()

    def _since(
        self,
        ledger: Ledger,
        stream: Stream,
        position: int,
        start: str,
    ) -> tuple[str, ...]:
        """Name a stream's events behind a position; `start` stands before the name of each."""
        causes = []
        for recorded in ledger.history(stream):
            if recorded.position > position and _bears_on(recorded, self.event):
                causes.append(f"{start}{_cause_text(recorded)}")
        return tuple(causes)


def _bears_on(recorded: RecordedEvent, event: Publication) -> bool:
    """A correction may change any earlier day; another event only its own day and later ones."""
    return isinstance(recorded.event, FactCorrected) or recorded.event.on <= event.as_of


def _cause_text(recorded: RecordedEvent) -> str:
    recorded_at = recorded.stamp.recorded_at.isoformat()
    return f"{recorded.ref} {type(recorded.event).__name__} {recorded_at}"
