"""Names the event where a value that was read out of it is none of its field's.

Decoding does not look into texts, which would slow down every replay, so a number may be looked at
where nobody knows any more which event it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lifecycle.events import Stream
from lifecycle.events.codec import UnreadableError, UnreadableValueError, recorded_from
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION
from lifecycle.rejections import LedgerError


@contextmanager
def naming_unreadable(recorder: LedgerRecorder, upto: int = MAX_POSITION) -> Iterator[None]:
    """Name the event where a value that the block meets is none of its field's."""
    try:
        yield
    except UnreadableValueError:
        require_readable_events(recorder, upto)
        raise


def named_error(recorder: LedgerRecorder, error: LedgerError) -> LedgerError:
    """Return the error that names the event, where one is about a value; else the error itself."""
    if not isinstance(error, UnreadableValueError):
        return error
    try:
        require_readable_events(recorder)
    except UnreadableError as named:
        return named
    return error


def require_readable_events(recorder: LedgerRecorder, upto: int = MAX_POSITION) -> None:
    """Raise `UnreadableError` for the first event that cannot be read and is not void."""
    with recorder.cursor(write=False) as cursor:
        for row in recorder.between(cursor, 0, upto):
            try:
                recorded_from(*row)
            except UnreadableError:
                # Raises unless a correction voids it. By a cursor of its own: this one is in use.
                with recorder.cursor(write=False) as other:
                    recorder.history(other, Stream.of(row[1]))
