"""Telephone numbers are personal data: pages and printed documents leave them out of every text."""

from __future__ import annotations

from typing import Final

from lifecycle.deciding.personal_numbers import TELEPHONE

NUMBER_LEFT_OUT: Final = "（联系方式略）"


def without_telephones(text: str) -> str:
    """The text with each telephone number replaced by a remark that it is left out."""
    return TELEPHONE.sub(NUMBER_LEFT_OUT, text)
