"""Names and codes as they are compared: what looks alike to a reader is alike (spec 7)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Unicode's Default_Ignorable_Code_Point: characters that show nothing.
_IGNORABLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Unicode's property Dash.
_DASH: Final = re.compile(
    "[\u058a\u05be\u1400\u1806\u2010-\u2015\u2053\u207b\u208b\u2212\u2e17\u2e1a\u2e3a\u2e3b"
    "\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d\U00010ead]"
)


def without_ignorables(text: str) -> str:
    """Return a text without the characters that show nothing."""
    return text if text.isascii() else _IGNORABLE.sub("", text)


@lru_cache(maxsize=65_536)
def folded_name(name: str) -> str:
    """Return a code or a unit's name as it is compared; white space and punctuation count."""
    # Dashes first: NFKC turns some of them into other characters.
    text = _DASH.sub("-", without_ignorables(name))
    text = unicodedata.normalize("NFKC", text).casefold()
    return _DASH.sub("-", unicodedata.normalize("NFKC", text))
