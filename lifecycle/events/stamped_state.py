"""The stored bytes of an event before its stamp is known: cut where the stamp stands in them.

The process that reads a file writes them, and the one that decides puts the stamp in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import orjson

from lifecycle.events.codec import state_of

StateParts = tuple[bytes, ...]
"""What stands before, between and after the values of an import's stamp."""
StampValues = tuple[bytes, ...]
"""The values of an import's stamp as they are stored, in the order of their names."""

_IMPORT_STAMP: Final = ("imported_by", "recorded_at", "recorded_by")
"""The fields of a stamp that an import gives; others are rare."""
# No text that a field takes is this one sign, and one that is leaves the parts uncut.
_MARK: Final = "\0"
_MARK_TEXT: Final = orjson.dumps(_MARK)


def state_parts(fields: Mapping[str, object]) -> StateParts | None:
    """Return the parts of the bytes that are stored of an event's fields, None where unsure."""
    marked = state_of(fields, dict.fromkeys(_IMPORT_STAMP, _MARK))
    parts = marked.split(_MARK_TEXT)
    return tuple(parts) if len(parts) == len(_IMPORT_STAMP) + 1 else None


def stamp_values(stamp: Mapping[str, object]) -> StampValues | None:
    """Return the values of a stamp's fields, None where it has other fields than an import's."""
    if sorted(stamp) != [*_IMPORT_STAMP]:
        return None
    return tuple(orjson.dumps(stamp[name]) for name in _IMPORT_STAMP)


def stamped_state(parts: Sequence[bytes], values: Sequence[bytes]) -> bytes:
    """Return the bytes that are stored: what `codec.state_of` gives of fields and stamp."""
    before, second, third, after = parts
    imported_by, recorded_at, recorded_by = values
    return b"".join((before, imported_by, second, recorded_at, third, recorded_by, after))
