"""Compare each event's author with the database session that appended it (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lifecycle.ledger.audit_chunk import event_place
from lifecycle.ledger.audit_expectations import AuditFindings, EventPlace
from lifecycle.ledger.recorders.login_range import LoginRange
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.rejections import msg

AUTHOR: Final = msg(
    "the event at position {position} names {author} as the one who recorded it, but {login} was "
    "logged in to the database (events that differ: {events})"
)
AUTHORSHIP: Final = "author"
"""The rule of events that another login's session appended."""
UNKNOWN_SESSION: Final = msg(
    "the store does not say whose session appended the event at position {position}, although it "
    "does for earlier ones: the event or the table ledger_logins was changed outside lifecycle"
)
BEYOND: Final = msg(
    "the table ledger_logins names sessions up to position {last}, and the store ends at {held}"
)


class SessionLogins:
    """The logins of the sessions, compared event by event in the order of positions.

    Events of 0.1.0, and copied ones, have no login: nobody witnessed who appended them.
    """

    def __init__(self, ranges: Sequence[LoginRange], findings: AuditFindings) -> None:
        self._ranges = ranges
        self._findings = findings
        self._index = 0
        self._checked = 0
        self._forged: list[tuple[StoredRow, str, str]] = []
        self._is_unknown = False

    def check(self, row: StoredRow, fields: dict[str, Any]) -> None:
        """Compare an event's author with the login of its session."""
        position = row[0]
        if not self._ranges or position < self._ranges[0].first:
            return
        login = self._login_at(position)
        if login is None:
            self._note_unknown(row)
            return
        if not login:
            return
        self._checked += 1
        author = str(fields.get("imported_by") or fields["recorded_by"])
        if author != login:
            self._forged.append((row, author, login))

    def _login_at(self, position: int) -> str | None:
        while self._index < len(self._ranges) and self._ranges[self._index].last < position:
            self._index += 1
        if self._index == len(self._ranges) or self._ranges[self._index].first > position:
            return None
        return self._ranges[self._index].login

    def _note_unknown(self, row: StoredRow) -> None:
        if self._is_unknown:
            return
        self._is_unknown = True
        self._findings.differ(
            AUTHORSHIP, UNKNOWN_SESSION, event_place(row, row[0]), position=row[0]
        )

    def note_end(self, held: int) -> None:
        """Name the first event whose author is another's, and sessions beyond the end."""
        if self._checked:
            self._findings.count("logins", self._checked)
        if self._forged:
            row, author, login = self._forged[0]
            self._findings.differ(
                AUTHORSHIP,
                AUTHOR,
                event_place(row, row[0]),
                position=row[0],
                author=author,
                login=login,
                events=len(self._forged),
            )
        if self._ranges and self._ranges[-1].last > held:
            last = self._ranges[-1].last
            self._findings.differ(AUTHORSHIP, BEYOND, EventPlace(held + 1), last=last, held=held)
