"""Telephone and identity numbers in texts: personal data, which a ledger could never erase."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

# Mobile numbers and fixed lines of the mainland, as clerks type them into notes. The guards at
# both ends keep project codes, credit codes and file digests from being taken for numbers.
TELEPHONE: Final = re.compile(
    r"(?<![\d.A-Za-z])"
    r"(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8})"
    r"(?![\d.A-Za-z])"
)
_IDENTITY: Final = re.compile(
    r"(?<![\dA-Za-z])\d{6}(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})\d{3}[\dXx](?![\dA-Za-z])"
)
# GB 11643: the weights of the 17 digits, and the check character by their sum modulo 11.
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS: Final = "10X98765432"


def has_personal_number(text: str) -> bool:
    """Return whether a text seems to hold a telephone or identity number."""
    if TELEPHONE.search(text) is not None:
        return True
    return any(_is_identity_number(match) for match in _IDENTITY.finditer(text))


def _is_identity_number(match: re.Match[str]) -> bool:
    try:
        date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return False
    digits, check = match[0][:17], match[0][17].upper()
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[weighted % 11] == check
