"""The write side: which events there are, what may be recorded, and how it is stored."""

from __future__ import annotations

from datetime import date
from typing import Final

__version__ = "0.2.0"

RELEASED: Final = date(2026, 11, 24)
"""No clock that runs this version is right before this day; it is set with each release."""
