"""The units of a rulebook's case that names none, and their sequence."""

from __future__ import annotations

from typing import Final

CASE_UNITS: Final = ("甲镇", "乙镇", "丙镇")
CASE_SEQUENCE: Final = "乡镇"
