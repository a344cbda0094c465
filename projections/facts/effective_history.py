"""From stored rows to facts: a stream's effective history, in the order that counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import msgspec
import orjson

from lifecycle.deciding.corrections import VOID, Correction, amendments
from lifecycle.events import BY_NAME
from lifecycle.events.codec import topic, upcast
from lifecycle.ledger.recorders.ledger_recorder import StoredRow
from lifecycle.rejections import StoreError, msg
from projections.facts.narrow_events import FACTS, Dated, Fact, FactCorrected

_DECODERS: Final[dict[str, Callable[[bytes], Any]]] = {
    topic(BY_NAME[name]): msgspec.json.Decoder(kind).decode for name, kind in FACTS.items()
}
_AS_TOLD: Final = {
    stored: decode
    for stored, decode in _DECODERS.items()
    if stored != topic(BY_NAME["FactCorrected"])
}
"""Without corrections, which make another thing of what was told."""


def effective(rows: Sequence[StoredRow], as_of: date | None = None) -> list[Dated]:
    """A stream's effective facts by `as_of`, in the order (day, version), from all its rows (spec 4).

    Raises `StoreError`, naming the place, on damage.
    """
    try:
        facts = [
            ((fact := _AS_TOLD[topic](state)).occurred_on or fact.on, version, fact)
            for _, _, version, topic, state in rows
        ]
    except _UNREADABLE:  # a correction, an event of an earlier version, or damage
        facts = list(_amended(rows))
    facts.sort()
    if as_of is not None and facts and facts[-1][0] > as_of:
        del facts[bisect_right(facts, as_of, key=itemgetter(0)) :]
    return facts


_UNREADABLE: Final = (msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError)


def _amended(rows: Sequence[StoredRow]) -> Iterator[Dated]:
    """A stream's facts with its corrections, less those that no fold needs."""
    read = [(row, dated) for row in rows if (dated := _dated(row, {})) is not None]
    changes = amendments(
        Correction(version, e.corrects, e.replacement)
        for _, (_, version, e) in read
        if isinstance(e, FactCorrected)
    )
    for row, dated in read:
        change = changes.get(row[2], {})
        if change is not VOID and not isinstance(dated[2], FactCorrected):
            amended = _dated(row, change) if change else dated
            if amended is not None:
                yield amended


def _dated(row: StoredRow, change: dict[str, object]) -> Dated | None:
    """Any version of an event, or a corrected one; None where no fold needs it."""
    position, stream, version, stored_topic, state = row
    try:
        fact = (
            _DECODERS[stored_topic](state)
            if stored_topic in _DECODERS and not change
            else _converted(stored_topic, state, change)
        )
        dated = None if fact is None else (fact.on, version, fact)
    except _UNREADABLE as error:
        raise StoreError(
            msg(
                "event {version} of {stream}, at position {position}, cannot be read: the store is damaged ({why})"
            ),
            version=version,
            stream=stream,
            position=position,
            why=type(error).__name__,
        ) from error
    return dated


def _converted(stored_topic: str, state: bytes, change: dict[str, object]) -> Fact | None:
    kind, fields = upcast(stored_topic, orjson.loads(state))
    fact = FACTS.get(kind.__name__)
    fields.update(change)
    return (
        None
        if fact is None
        else msgspec.convert(
            {name: value for name, value in fields.items() if value is not None}, fact
        )
    )


def by_stream(rows: Iterable[StoredRow]) -> Iterator[tuple[str, list[StoredRow]]]:
    """Group rows that come by stream: (stream id, its rows)."""
    return ((stream, list(own)) for stream, own in groupby(rows, key=itemgetter(1)))
