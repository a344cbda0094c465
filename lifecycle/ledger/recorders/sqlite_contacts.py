"""Contacts in an SQLite file, changed so that nothing of a former row stays in the file."""

from __future__ import annotations

import sqlite3
from typing import Final

from lifecycle.ledger.recorders.contact_rows import ContactRow, insert_contacts, select_contacts
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_schema import CREATE_CONTACTS

_CREATE: Final = CREATE_CONTACTS.format(without_rowid=" WITHOUT ROWID")
_WAIT_MILLISECONDS: Final = 2_000
"""How long emptying the log waits for readers."""


def replace_sqlite_contacts(cursor: Cursor, rows: list[ContactRow]) -> None:
    """Put these rows in place of all others; the pages of the former ones are overwritten.

    A deleted row's bytes may stay in a page that goes on being used; dropping the table frees every
    page, and `secure_delete` fills freed pages with zeros. The table has some hundred rows.
    """
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("DROP TABLE IF EXISTS investor_contacts")
    cursor.execute(_CREATE)
    insert_contacts(cursor, str, rows)


def with_contact(cursor: Cursor, row: ContactRow) -> list[ContactRow]:
    """Return the rows with this one in place of the same person's."""
    key = row[:2]
    others = [contact for contact in select_contacts(cursor) if contact[:2] != key]
    return [*others, row]


def without_contacts(cursor: Cursor, project: str, person: str | None) -> list[ContactRow]:
    """Return the rows without a person's of a project, without all of its rows for None."""
    remaining = []
    for contact in select_contacts(cursor):
        if contact.project != project or person not in (None, contact.person):
            remaining.append(contact)
    return remaining


def moved_contacts(cursor: Cursor, old: str, new: str) -> list[ContactRow]:
    """Return the rows with a project's under another code, instead of the same persons' there."""
    rows = select_contacts(cursor)
    by_key = {contact[:2]: contact for contact in rows if contact.project != old}
    for contact in rows:
        if contact.project == old:
            by_key[new, contact.person] = contact._replace(project=new)
    return list(by_key.values())


def empty_log(connection: sqlite3.Connection) -> bool:
    """Bring the log into the file and cut it off: it holds former pages as they were.

    Returns False where another process reads an earlier state; the log then stays until later.
    """
    (timeout,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {_WAIT_MILLISECONDS}")
    try:
        is_busy, _frames, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {timeout}")
    return not is_busy
