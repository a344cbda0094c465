"""Publications: recompute a frozen result from history, and compare it number by number.

Nothing is appended here; `commands/handlers/publishing.py` publishes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from lifecycle import __version__
from lifecycle.events import COUNTY, RecordedEvent
from lifecycle.events.county_events import BoardPublished, Publication
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook, shipped, shipped_ids
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View, evaluate
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board

EVALUATOR: Final = f"lifecycle {__version__}"
"""The program version that a publication names: a later version may compute by other rules."""


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """A publication as recorded.

    `superseded` names the later event that freezes the same result, if any.
    """

    recorded: RecordedEvent
    event: Publication
    superseded: str | None = None


def publication_records(ledger: Ledger) -> list[PublicationRecord]:
    """Return every publication in the order of recording.

    Corrections do not apply to publications: a later publication supersedes an earlier one.
    """
    publications: list[tuple[RecordedEvent, Publication]] = []
    last_of_subject: dict[tuple[object, ...], str] = {}
    for recorded in ledger.history(COUNTY):
        if isinstance(recorded.event, Publication):
            publications.append((recorded, recorded.event))
            last_of_subject[_subject(recorded.event)] = recorded.ref
    records = []
    for recorded, event in publications:
        last = last_of_subject[_subject(event)]
        superseded = None if last == recorded.ref else last
        records.append(PublicationRecord(recorded, event, superseded))
    return records


def _subject(event: Publication) -> tuple[object, ...]:
    """What a publication freezes; a later one of the same subject supersedes it."""
    return (type(event).__name__, event.year, event.as_of, getattr(event, "month", None))


# Recomputing a publication ------------------------------------------------------------------------


class FigureDifference(NamedTuple):
    """A number that differs: its path in the result, as published, and as recomputed."""

    path: str
    published: object
    recomputed: object


@dataclass(frozen=True, slots=True)
class PublicationCheck:
    """The outcome of recomputing a publication.

    Each number that differs, or the rulebook that is missing.
    """

    publication: PublicationRecord
    differing: list[FigureDifference] = field(default_factory=list)
    missing: str | None = None

    def as_json(self) -> dict[str, Any]:
        """One row of `audit publications --format json`."""
        event = self.publication.event
        recorded = self.publication.recorded
        differing = []
        for path, published, recomputed in self.differing:
            differing.append({"what": path, "published": published, "found": recomputed})
        return {
            "publication": recorded.ref,
            "event": type(event).__name__,
            "year": event.year,
            "as_of": event.as_of.isoformat(),
            "position": event.position,
            "rulebook": event.rulebook_id,
            "published_at": recorded.stamp.recorded_at.isoformat(),
            "superseded_by": self.publication.superseded,
            "differing": differing,
            "missing": self.missing,
        }


def check_publication(
    ledger: Ledger,
    publication: PublicationRecord,
) -> PublicationCheck:
    """Recompute a result from history up to the publication's position, by its rulebook."""
    event = publication.event
    book = publication_rulebook(ledger, event)
    if book is None:
        return PublicationCheck(publication, missing=f"{event.rulebook_id} {event.rulebook_digest}")
    view = View(
        event.year,
        event.as_of,
        event.position,
        book,
    )
    recomputed = _recompute(ledger, event, view)
    published = dict(event.result)
    # The position fixes what was known; `known_at` only repeats how the publisher asked for it.
    recomputed["known_at"] = published.get("known_at")
    return PublicationCheck(publication, list(_differences("", published, recomputed)))


def _recompute(
    ledger: Ledger,
    event: Publication,
    view: View,
) -> dict[str, Any]:
    if isinstance(event, BoardPublished):
        return board_json(month_board(ledger, view, event.month))
    return score_json(evaluate(ledger, view))


def publication_rulebook(ledger: Ledger, event: Publication) -> LoadedRulebook | None:
    """Return the rulebook that a publication names by digest, adopted by then or shipped."""
    # An adopted text comes first: the shipped file of the same id may have changed since.
    candidates = in_force.adopted(ledger, event.tree_size)
    candidates += [shipped(rulebook_id) for rulebook_id in shipped_ids()]
    for book in candidates:
        if book.digest == event.rulebook_digest:
            return book
    return None


def _differences(path: str, published: Any, recomputed: Any) -> Iterator[FigureDifference]:
    # The order of keys means nothing, so it is no difference.
    if isinstance(published, dict) and isinstance(recomputed, dict):
        for name in sorted({*published, *recomputed}):
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
