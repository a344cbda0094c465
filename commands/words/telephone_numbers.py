"""Telephone numbers are personal data: pages and printed documents leave them out of every text."""

from __future__ import annotations

import re
from typing import Final

# Mobile numbers and fixed lines of the mainland, as clerks type them into notes. The guards at
# both ends keep project codes, credit codes and file digests from being taken for numbers.
_TELEPHONE: Final = re.compile(
    r"(?<![\d.A-Za-z])"
    r"(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8})"
    r"(?![\d.A-Za-z])"
)
NUMBER_LEFT_OUT: Final = "（联系方式略）"


def without_telephones(text: str) -> str:
    """The text with each telephone number replaced by a remark that it is left out."""
    return _TELEPHONE.sub(NUMBER_LEFT_OUT, text)
