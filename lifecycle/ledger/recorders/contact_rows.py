"""Rows of contacts of investors, which stand beside the ledger and can be changed and erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from lifecycle.ledger.recorders.driver_cursor import Cursor

_COLUMNS: Final = "project, person, telephone, position, remark, changed_by, changed_at"
_SELECT: Final = f"SELECT {_COLUMNS} FROM investor_contacts"  # noqa: S608 -- constants
_INSERT: Final = f"INSERT INTO investor_contacts ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 -- constants


class ContactRow(NamedTuple):
    """A person whom an investor named for a project; who last changed the row, and when.

    What is not known is empty; `changed_at` is an ISO moment.
    """

    project: str
    person: str
    telephone: str
    position: str
    remark: str
    changed_by: str
    changed_at: str


def select_contacts(cursor: Cursor) -> list[ContactRow]:
    """Return the contacts of all projects, by project and person."""
    cursor.execute(_SELECT)
    # Sorted here: the databases order text each in its own way.
    return sorted(ContactRow(*row) for row in cursor.fetchall())


def insert_contacts(
    cursor: Cursor,
    sql: Callable[[str], str],
    rows: list[ContactRow],
) -> None:
    """Insert rows into the table, which is empty."""
    if rows:
        cursor.executemany(sql(_INSERT), rows)
