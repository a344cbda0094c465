"""Publications: recompute a frozen result from history, and compare it number by number.

Nothing is appended here; `commands/handlers/publishing.py` publishes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lifecycle.calendar import calendar_rules
from lifecycle.events import COUNTY, RecordedEvent
from lifecycle.events.county_events import BoardPublished, Publication
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook, shipped_with_digest
from projections.audit.evaluators import is_known, ranks_registered
from projections.audit.figure_difference import FigureDifference
from projections.audit.frozen_results import frozen_board, frozen_scores
from projections.audit.publication_standing import (
    PublicationStanding,
    standing_of,
    subject_of,
)
from projections.audit.published_members import (
    NO_LEDGERS,
    MemberLedgers,
    PublishedMembers,
    members_as_published,
)
from projections.facts.county_facts import county_facts_among
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.result_view import View


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """A publication as recorded, and what it rests on.

    `supersedes` names the official one before it that freezes the same result, `superseded` the
    last official one after it. One that is not official has neither. `county_history` is the
    county's events without publications, one list for all of them.
    """

    recorded: RecordedEvent
    event: Publication
    standing: PublicationStanding
    county_history: Sequence[RecordedEvent] = field(repr=False)
    supersedes: str | None = None
    superseded: str | None = None


def publication_records(ledger: Ledger) -> list[PublicationRecord]:
    """Return every publication in the order of recording.

    Corrections do not apply to publications: a later publication supersedes an earlier one.
    """
    history = ledger.history(COUNTY)
    # Publications are long and bear on none of the county's facts.
    county_history = [each for each in history if not isinstance(each.event, Publication)]
    records: list[PublicationRecord] = []
    last_of_subject: dict[tuple[object, ...], str] = {}
    for recorded in history:
        event = recorded.event
        if not isinstance(event, Publication):
            continue
        standing = standing_of(event, county_history)
        supersedes = None
        if standing.official:
            supersedes = last_of_subject.get(subject_of(event))
            last_of_subject[subject_of(event)] = recorded.ref
        records.append(PublicationRecord(recorded, event, standing, county_history, supersedes))
    return [_with_successor(record, last_of_subject) for record in records]


def _with_successor(
    record: PublicationRecord,
    last_of_subject: dict[tuple[object, ...], str],
) -> PublicationRecord:
    last = last_of_subject.get(subject_of(record.event))
    if not record.standing.official or last == record.recorded.ref:
        return record
    return replace(record, superseded=last)


# Recomputing a publication ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicationCheck:
    """The outcome of recomputing a publication.

    Each number that differs, or what is missing: the rulebook, the calendar, the evaluator, or the
    ledgers of `absent_members`.
    """

    publication: PublicationRecord
    differing: list[FigureDifference] = field(default_factory=list)
    missing: str | None = None
    absent_members: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """One row of `audit publications --format json`."""
        event = self.publication.event
        recorded = self.publication.recorded
        differing = []
        for path, published, recomputed in self.differing:
            differing.append({"what": path, "published": published, "found": recomputed})
        standing = self.publication.standing
        row = {
            "publication": recorded.ref,
            "event": type(event).__name__,
            "year": event.year,
            "as_of": event.as_of.isoformat(),
            "month": getattr(event, "month", None),
            "position": event.position,
            "tree_size": event.tree_size,
            "rulebook": event.rulebook_id,
            "rulebook_digest": event.rulebook_digest,
            "adopted": standing.adopted,
            "in_force": standing.in_force,
            "official": standing.official,
            "unofficial": standing.reason,
            "evaluator": event.evaluator,
            "published_at": recorded.stamp.recorded_at.isoformat(),
            "supersedes": self.publication.supersedes,
            "superseded_by": self.publication.superseded,
            "differing": differing,
            "missing": self.missing,
        }
        if event.members is not None:
            row["members"] = [member.model_dump(mode="json") for member in event.members]
            row["absent_members"] = list(self.absent_members)
        return row


def _published_view(
    publication: PublicationRecord,
    members: PublishedMembers,
    book: LoadedRulebook,
) -> View:
    event = publication.event
    return View(
        event.year,
        event.as_of,
        event.position,
        book,
        county=county_facts_among(publication.county_history, event.position),
        ranks_registered=ranks_registered(event.evaluator),
        projects=None if event.members is None else members.projects,
        uncounted=members.uncounted,
    )


def check_publication(
    ledger: Ledger,
    publication: PublicationRecord,
    members: MemberLedgers = NO_LEDGERS,
) -> PublicationCheck:
    """Recompute a result from history up to the publication's position, by its rulebook.

    A region's needs the ledgers of its members.
    """
    event = publication.event
    book = publication_rulebook(publication)
    if book is None:
        return PublicationCheck(publication, missing=f"{event.rulebook_id} {event.rulebook_digest}")
    missing = _missing_rules(event)
    if missing is not None:
        return PublicationCheck(publication, missing=missing)
    published_members = members_as_published(event, members)
    if published_members.absent:
        absent = published_members.absent
        return PublicationCheck(publication, published_members.differing, absent_members=absent)
    view = _published_view(publication, published_members, book)
    recomputed = _recompute(ledger, event, view)
    if view.ranks_registered:
        _remove_names(recomputed)
    published = dict(event.result)
    # The position fixes what was known; `known_at` only repeats how the publisher asked for it.
    recomputed["known_at"] = published.get("known_at")
    if event.members is not None:
        # Every region's result had it from the first version on, so that none may lack it.
        published.setdefault("counted_twice", None)
    differing = [*published_members.differing, *_differences("", published, recomputed)]
    if book.id != event.rulebook_id:
        differing.append(FigureDifference("rulebook", event.rulebook_id, book.id))
    # `publish` marks it: without the mark it was recorded by something else.
    if publication.standing.passes_for_official:
        differing.append(FigureDifference("official", published=True, recomputed=False))
    return PublicationCheck(publication, differing)


def _remove_names(result: dict[str, Any]) -> None:
    """Leave a result with the keys of version 0.1, where a unit had its identity alone."""
    for rows in ("units", "candidates", "listed", "interviews"):
        for row in result.get(rows, ()):
            row.pop("name", None)


def _missing_rules(event: Publication) -> str | None:
    """Name the evaluator or the calendar of a publication that this version does not know."""
    if not is_known(event.evaluator):
        return event.evaluator
    if calendar_rules(event.calendar_digest) is None:
        return event.calendar_digest
    return None


def _recompute(
    ledger: Ledger,
    event: Publication,
    view: View,
) -> dict[str, Any]:
    if isinstance(event, BoardPublished):
        return frozen_board(ledger, view, event.month)
    return frozen_scores(ledger, view)


def publication_rulebook(publication: PublicationRecord) -> LoadedRulebook | None:
    """Return the rulebook that a publication names by digest, adopted by then or shipped."""
    event = publication.event
    # An adopted text comes first: the shipped file of the same id may have changed since.
    county = county_facts_among(publication.county_history, event.tree_size)
    for book in in_force.adopted(county):
        if book.digest == event.rulebook_digest:
            return book
    return shipped_with_digest(event.rulebook_digest)


def _differences(
    path: str,
    published: Any,
    recomputed: Any,
) -> Iterator[FigureDifference]:
    # The order of keys means nothing, so it is no difference.
    if isinstance(published, dict) and isinstance(recomputed, dict):
        # A result has gained keys since: only those that the publication holds were published.
        for name in sorted(published):
            inner = f"{path}.{name}" if path else name
            yield from _differences(inner, published.get(name), recomputed.get(name))
    elif path == "units" and isinstance(published, list) and isinstance(recomputed, list):
        yield from _unit_differences(published, recomputed)
    elif published != recomputed:
        yield FigureDifference(path, published, recomputed)


def _unit_differences(
    published: list[Any],
    recomputed: list[Any],
) -> Iterator[FigureDifference]:
    """Compare units by name.

    One that changed places would otherwise make every row after it differ.
    """
    published_rows = _rows_by_unit(published)
    recomputed_rows = _rows_by_unit(recomputed)
    for unit in dict.fromkeys([*published_rows, *recomputed_rows]):
        yield from _differences(
            f"units[{unit}]", published_rows.get(unit), recomputed_rows.get(unit)
        )
    published_order = list(published_rows)
    recomputed_order = list(recomputed_rows)
    same_units = set(published_rows) == set(recomputed_rows)
    if same_units and published_order != recomputed_order:
        yield FigureDifference("units", published_order, recomputed_order)


def _rows_by_unit(rows: list[Any]) -> dict[Any, dict[str, Any]]:
    # A stored result may have been damaged: a row that is no object is passed over here and differs
    # by its absence.
    return {row.get("unit"): row for row in rows if isinstance(row, dict)}
