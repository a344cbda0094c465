"""Amounts as people read them."""

from __future__ import annotations


def grouped_amount(text: str) -> str:
    """An amount in 万元 with its thousands set apart: `1,234.5`."""
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}"
