"""The store's contacts of investors: read, changed and erased beside the ledger's events."""

from __future__ import annotations

from typing import Final

from lifecycle.ledger.recorders.contact_rows import ContactRow
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.ledger_schema import CONTACTS_VERSION
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, StoreError, msg

NOT_READABLE: Final = msg(
    "{login} may not read contacts of investors: the manager and clerks of the store may, auditors "
    "may not"
)
NO_TABLE: Final = msg(
    "the store was created by an earlier version and has no table for contacts: its owner "
    "runs `lifecycle init --upgrade`"
)


def may_read_contacts(ledger: Ledger) -> bool:
    """Return whether the login reads contacts; on a server, no auditor does."""
    with ledger.recorder.cursor(write=False) as cursor:
        return ledger.recorder.may_read_contacts(cursor)


def contacts_of(ledger: Ledger, project: str) -> list[ContactRow]:
    """Return a project's contacts by name. Raises `Rejected` where the login may not read them."""
    with ledger.recorder.cursor(write=False) as cursor:
        return _readable(ledger.recorder, cursor, project)


def change_contact(ledger: Ledger, row: ContactRow) -> None:
    """Store a contact in place of the same person's. Raises `StoreError` in a closed store."""
    with ledger.recorder.cursor(write=True) as cursor:
        require_table(cursor)
        ledger.recorder.set_contact(cursor, row)
    ledger.recorder.clear_former_contacts()


def erase_contacts(
    ledger: Ledger,
    project: str,
    person: str | None,
) -> tuple[list[ContactRow], bool]:
    """Erase a person's row of a project, or for None all of its rows.

    Returns the rows that are gone, and whether nothing of them is left in the store's log.
    """
    recorder = ledger.recorder
    with recorder.cursor(write=True) as cursor:
        require_table(cursor)
        rows = _readable(recorder, cursor, project)
        erased = [row for row in rows if person in (None, row.person)]
        recorder.erase_contacts(cursor, project, person)
    return erased, recorder.clear_former_contacts()


def require_table(cursor: Cursor) -> None:
    """Raise `StoreError` in a store of an earlier version, which only its owner upgrades."""
    if read_head(cursor).schema_version < CONTACTS_VERSION:
        raise StoreError(NO_TABLE)


def _readable(recorder: LedgerRecorder, cursor: Cursor, project: str) -> list[ContactRow]:
    if not recorder.may_read_contacts(cursor):
        raise Rejected.by("contacts_role", NOT_READABLE, login=recorder.login(cursor))
    return [row for row in recorder.contacts(cursor) if row.project == project]
