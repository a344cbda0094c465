"""Which corrections are live, and what they make of an event (spec 4, effective events)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from lifecycle.events import FactCorrected, RecordedEvent, UnreadableEvent
from lifecycle.events.codec import UnreadableError, unreadable_at, with_fields
from lifecycle.events.project_events import InformationReported
from lifecycle.rejections import Rejected


class Correction(NamedTuple):
    """A `FactCorrected`, reduced to what decides.

    `version` is its own, `corrects` the version of the event it corrects; a replacement of None
    voids that event.
    """

    version: int
    corrects: int
    replacement: Mapping[str, object] | None


VOID: Final = None
"""The change to an event that a live correction voids."""

Change = dict[str, object] | None
"""The fields of an event that corrections change, or `VOID`."""


def amendments(corrections: Iterable[Correction]) -> dict[int, Change]:
    """Map each corrected version to its changed fields, or to `VOID`.

    Live replacements apply in the order of their versions, each over what the one before left. A
    live void removes the event, whatever else was replaced.
    """
    changes: dict[int, Change] = {}
    for _version, corrects, replacement in _live(corrections):
        change = changes.setdefault(corrects, {})
        if replacement is None or change is VOID:
            changes[corrects] = VOID
        else:
            # In place: copying what came before makes thousands of corrections quadratic.
            change.update(replacement)
    return changes


def voided_corrections(corrections: Iterable[Correction]) -> set[int]:
    """Return the versions of the corrections that a live later one voids."""
    latest_first = sorted(corrections, reverse=True)
    versions = {correction.version for correction in latest_first}
    voided: set[int] = set()
    # When a correction's turn comes, all later ones are known to be live or not.
    for correction in latest_first:
        if correction.version not in voided and correction.corrects in versions:
            voided.add(correction.corrects)
    return voided


def _live(corrections: Iterable[Correction]) -> list[Correction]:
    """The corrections of facts that no live later correction voids, in the order of versions.

    A correction can only be corrected by a void, so its target alone determines its effect.
    """
    known_corrections = sorted(corrections)
    versions = {correction.version for correction in known_corrections}
    voided = voided_corrections(known_corrections)
    live: list[Correction] = []
    for correction in known_corrections:
        if correction.version not in voided and correction.corrects not in versions:
            live.append(correction)
    return live


class CorrectedHistory(NamedTuple):
    """A stream's effective facts in the order of versions, and those that cannot be read."""

    facts: list[RecordedEvent]
    unreadable: list[UnreadableError]


def corrected_history(history: Iterable[RecordedEvent]) -> CorrectedHistory:
    """Return a stream's history as corrected, without what cannot be read and was not voided."""
    recorded_events = list(history)
    changes = amendments(_corrections_in(recorded_events))
    corrected = CorrectedHistory([], [])
    for recorded in recorded_events:
        change = changes.get(recorded.version, {})
        if change is VOID or isinstance(recorded.event, FactCorrected):
            continue
        try:
            corrected.facts.append(amended_where_lawful(recorded, change))
        except UnreadableError as error:
            corrected.unreadable.append(error)
    return corrected


def effective(history: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """Return a stream's history as corrected, in the order of versions, without corrections.

    Raises `UnreadableError`, naming the place, for an event that cannot be read and is not void.
    """
    corrected = corrected_history(history)
    for error in corrected.unreadable:
        raise error
    return corrected.facts


def moved_to(history: Sequence[RecordedEvent]) -> str | None:
    """Return the code under which a project was recorded anew, by the void of its report."""
    voided = voided_corrections(_corrections_in(history))
    reports = {
        recorded.version for recorded in history if isinstance(recorded.event, InformationReported)
    }
    for recorded in reversed(history):
        event = recorded.event
        if not isinstance(event, FactCorrected) or recorded.version in voided:
            continue
        if event.moved_to is not None and event.corrects in reports:
            return event.moved_to
    return None


def require_readable(history: Sequence[RecordedEvent]) -> None:
    """Raise `UnreadableError` for the first event that cannot be read and is not void."""
    if not any(isinstance(recorded.event, UnreadableEvent) for recorded in history):
        return
    changes = amendments(_corrections_in(history))
    for recorded in history:
        if changes.get(recorded.version, {}) is not VOID:
            _require_event(recorded)


def _require_event(recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, UnreadableEvent):
        raise unreadable_at(recorded.position, recorded.stream.id, recorded.version, event.reason)


def _corrections_in(history: Iterable[RecordedEvent]) -> Iterator[Correction]:
    for recorded in history:
        event = recorded.event
        if isinstance(event, FactCorrected):
            yield Correction(recorded.version, event.corrects, event.replacement)


def amended_where_lawful(recorded: RecordedEvent, change: Mapping[str, object]) -> RecordedEvent:
    """Return an event as amended, or as it was recorded where its own fields rule the change out.

    `record` lets no such correction in, and `audit verify` names it. Whoever put it there past the
    rules must not keep the stream from being read, or the correction itself from being voided.
    """
    try:
        return amended(recorded, change)
    except Rejected:
        return recorded


def amended(recorded: RecordedEvent, change: Mapping[str, object]) -> RecordedEvent:
    """Return an event with the fields that corrections change. Raises `Rejected`.

    Raises `UnreadableError` for an event that cannot be read: corrections do not mend it.
    """
    _require_event(recorded)
    if not change:
        return recorded
    return RecordedEvent(
        recorded.stream,
        recorded.version,
        with_fields(recorded.event, change),
        recorded.stamp,
        recorded.position,
    )
