"""What a unit of work begins with: its transaction, where the ledger ends, and the moment."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head


class WorkStart(NamedTuple):
    """A transaction's cursor, the head that it saw, and the moment by the store's own clock."""

    cursor: Cursor
    head: Head
    now: datetime
