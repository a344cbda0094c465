"""Personal data: what is left out of boards and printed documents unless whoever asks has the role for it."""

from __future__ import annotations

import re
from typing import Final

_TELEPHONE: Final = re.compile(
    r"(?<![\d.A-Za-z])(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8})(?![\d.A-Za-z])"
)
"""Mobile and fixed numbers of the mainland, as they are typed into notes."""
HIDDEN: Final = "（联系方式略）"


def without_telephones(text: str) -> str:
    """A text with its telephone numbers left out."""
    return _TELEPHONE.sub(HIDDEN, text)
