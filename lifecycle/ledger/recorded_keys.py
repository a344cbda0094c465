"""The idempotency key and the digest of a stored event, as recording it computed them."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, NamedTuple

import orjson

from lifecycle.deciding.drafts import canonical_fields
from lifecycle.events import BY_NAME, Event, Stream
from lifecycle.events.codec import own_fields, recorded_from
from lifecycle.ledger.recorders.stored_rows import StoredRow, stored_bytes


class EventKey(NamedTuple):
    """An event's idempotency key, and the digest of its record."""

    key: str
    digest: str


def key_of_row(row: StoredRow) -> EventKey:
    """Return the key of a stored event. Raises `StoreError` where it cannot be read."""
    return key_of_fields(row, orjson.loads(stored_bytes(row)))


def key_of_fields(row: StoredRow, fields: dict[str, Any]) -> EventKey:
    """Return the key of a stored event whose bytes were read into fields."""
    content = own_fields(fields)
    if "occurred_on" not in content:
        content["occurred_on"] = recorded_from(*row).event.on.isoformat()
    # The digest was taken of the fields as they are stored, also where a later version renames one.
    record = canonical_fields(Stream.of(row[1]), _kind_of(row[3]).__name__, content)
    digest = hashlib.sha256(record).hexdigest()
    return EventKey(fields.get("key") or digest, digest)


@cache
def _kind_of(stored_topic: str) -> type[Event]:
    """Return the event of a stored topic, of whichever version."""
    return BY_NAME[stored_topic.rpartition("/")[0]]
