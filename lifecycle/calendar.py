"""The calendar of the policy: months and quarters (working days follow with the sheets)."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from datetime import date
from typing import Final


def add_months(anchor: date, months: int) -> date:
    """The corresponding day so many months later, or that month's last day where there is none (民法典 202)."""
    years, month = divmod(anchor.month - 1 + months, 12)
    year = anchor.year + years
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def quarter_ends(year: int) -> tuple[date, date, date, date]:
    """The last days of the four quarters."""
    return date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)


RULES: Final = "months: the corresponding day, else the month's last (民法典 202); quarters: end of March, June, September, December"
"""What scores take from the calendar: rules alone, no table of days."""


def digest() -> str:
    """SHA-256 over what scores take from the calendar; a publication names it."""
    return hashlib.sha256(RULES.encode()).hexdigest()
