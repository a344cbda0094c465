"""Which corrections are live, and what they make of an event (spec 4, effective events)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from lifecycle.events import FactCorrected, RecordedEvent
from lifecycle.events.codec import with_fields
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


def _live(corrections: Iterable[Correction]) -> list[Correction]:
    """The corrections of facts that no live later correction voids, in the order of versions.

    A correction can only be corrected by a void, so its target alone determines its effect.
    """
    latest_first = sorted(corrections, reverse=True)
    versions = {correction.version for correction in latest_first}
    voided: set[int] = set()
    live: list[Correction] = []
    # When a correction's turn comes, all later ones are known to be live or not.
    for correction in latest_first:
        if correction.version in voided:
            continue
        if correction.corrects in versions:
            voided.add(correction.corrects)
        else:
            live.append(correction)
    live.reverse()
    return live


def effective(history: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """Return a stream's history as corrected, in the order of versions, without corrections."""
    recorded_events = list(history)
    changes = amendments(_corrections_in(recorded_events))
    facts: list[RecordedEvent] = []
    for recorded in recorded_events:
        change = changes.get(recorded.version, {})
        if change is not VOID and not isinstance(recorded.event, FactCorrected):
            facts.append(amended_where_lawful(recorded, change))
    return facts


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
    """Return an event with the fields that corrections change. Raises `Rejected`."""
    if not change:
        return recorded
    return RecordedEvent(
        recorded.stream,
        recorded.version,
        with_fields(recorded.event, change),
        recorded.stamp,
        recorded.position,
    )
