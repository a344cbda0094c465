"""What a publication rests on: its rulebook, what was known, and whether it is official."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifecycle.events import FactCorrected, RecordedEvent
from lifecycle.events.county_events import Publication, RulebookAdopted
from lifecycle.rulebook import LoadedRulebook
from projections.audit.evaluators import marks_unofficial
from projections.facts.county_facts import county_facts_among
from projections.scoring import rulebook_in_force


class PublicationStanding(NamedTuple):
    """Whether a publication's rulebook was adopted by then and in force, and K the ledger's end.

    `is_complete` says whether a region's counts all that its members had signed, or names them.
    `reason` is why it was published although it is not official. All of it is judged from stored
    fields, so that it holds for publications of 0.1.0 too.
    """

    adopted: bool
    in_force: bool
    at_end: bool
    is_complete: bool
    reason: str | None
    marks: bool

    @property
    def official(self) -> bool:
        """Whether it counts as the county's result."""
        is_whole = self.at_end and self.is_complete
        return self.in_force and is_whole and self.reason is None

    @property
    def passes_for_official(self) -> bool:
        """Whether it bears no mark although it is not official; `publish` never writes that."""
        return self.marks and not self.official and self.reason is None


def standing_of(
    event: Publication,
    county_history: Sequence[RecordedEvent],
) -> PublicationStanding:
    """Judge a publication by the rulebooks that the county had adopted.

    In force is what `score` takes for its year, day and position without `--rulebook`, the
    shipped stand-in included.
    """
    # What was known at K decides what was in force; an adoption after K is an adoption still.
    known = _adopted_by(county_history, event.position)
    in_force = rulebook_in_force.if_any(known, event.year, event.as_of)
    adopted_digests = {book.digest for book in _adopted_by(county_history, event.tree_size)}
    return PublicationStanding(
        adopted=event.rulebook_digest in adopted_digests,
        in_force=in_force is not None and in_force.digest == event.rulebook_digest,
        at_end=event.position == event.tree_size,
        is_complete=_is_complete(event),
        reason=event.unofficial,
        marks=marks_unofficial(event.evaluator),
    )


def _is_complete(event: Publication) -> bool:
    members = event.members
    if members is None:
        return True
    # A result of no member at all is none, whoever is named as absent.
    is_any_counted = any(member.counted for member in members)
    return is_any_counted and all(member.is_complete for member in members)


def _adopted_by(
    county_history: Sequence[RecordedEvent],
    position: int,
) -> list[LoadedRulebook]:
    # Only what may matter: a list of publications shows even where another event is damaged.
    bears_on_adoption = (RulebookAdopted, FactCorrected)
    adoptions = [each for each in county_history if isinstance(each.event, bears_on_adoption)]
    return rulebook_in_force.adopted(county_facts_among(adoptions, position))


def subject_of(event: Publication) -> tuple[object, ...]:
    """Return what a publication freezes; a later official one of the same supersedes it."""
    # What a region's ledger gives without its members is another result.
    is_of_members = event.members is not None
    month = getattr(event, "month", None)
    return (type(event).__name__, event.year, event.as_of, month, is_of_members)
