"""Which corrections are live, and what they make of an event (spec 4, effective events)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from lifecycle.events import FactCorrected, RecordedEvent
from lifecycle.events.codec import with_fields


class Correction(NamedTuple):
    """A `FactCorrected` reduced to what decides: its own version, the version it corrects, the fields (None: void)."""

    version: int
    corrects: int
    replacement: Mapping[str, object] | None


VOID: Final = None
"""What an amendment is where a live correction removes the event."""


def amendments(corrections: Iterable[Correction]) -> dict[int, dict[str, object] | None]:
    """Map each corrected version to its changed fields, or to `VOID`.

    A correction is live unless a live later one voids it. Live replacements apply in the order of their versions, each
    over what the one before left; a live void removes the event, whatever else was replaced.
    """
    given = sorted(corrections, reverse=True)
    own = {correction.version for correction in given}
    dead: set[int] = set()
    live: list[Correction] = []
    for correction in given:  # latest first: whether a later one lives is known by then
        if correction.version in dead:
            continue
        if correction.corrects in own:
            dead.add(correction.corrects)
        else:
            live.append(correction)
    changes: dict[int, dict[str, object] | None] = {}
    for _version, corrects, replacement in reversed(live):
        before = changes.get(corrects, {})
        changes[corrects] = (
            VOID if replacement is None or before is VOID else {**before, **replacement}
        )
    return changes


def effective(history: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """The history of one stream as corrected, in the order of versions, without the corrections themselves."""
    facts = list(history)
    changes = amendments(
        Correction(item.version, item.event.corrects, item.event.replacement)
        for item in facts
        if isinstance(item.event, FactCorrected)
    )
    return [
        amended
        for item in facts
        if not isinstance(item.event, FactCorrected)
        and (amended := _amended(item, changes.get(item.version, {})))
    ]


def _amended(item: RecordedEvent, change: dict[str, object] | None) -> RecordedEvent | None:
    if change is VOID:
        return None
    if not change:
        return item
    return RecordedEvent(
        item.stream, item.version, with_fields(item.event, change), item.stamp, item.position
    )
