"""The stored rows of sheets: the number that one took in a year."""

from __future__ import annotations

import orjson

from lifecycle.events.codec import recorded_or_unreadable
from lifecycle.events.correction_event import is_moved
from lifecycle.events.sheet_events import Sheet
from lifecycle.ledger.recorders.stored_rows import StoredRow


def sheet_number_in(year: int, row: StoredRow) -> str | None:
    """Return the number that a stored sheet took in a year; None where it took none."""
    # The first sheet of a year meets those of all years before it, of which decoding no more than
    # the day takes a tenth.
    if not _is_dated_in(year, row[4]):
        return None
    sheet = recorded_or_unreadable(*row).event
    # What cannot be read took no number.
    if not isinstance(sheet, Sheet) or sheet.on.year != year:
        return None
    # One that moved with its project was issued earlier, under the number it has.
    return None if is_moved(sheet) else sheet.number


def _is_dated_in(year: int, state: bytes | memoryview) -> bool:
    """Return whether the day that a stored event bears lies in the year."""
    try:
        fields = orjson.loads(state)
    except ValueError:
        return False
    return isinstance(fields, dict) and str(fields.get("occurred_on")).strip()[:4] == str(year)
