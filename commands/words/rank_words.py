"""Ranks in words; a unit that an outcome takes out of the ranking has none."""

from __future__ import annotations

from typing import Final

UNRANKED: Final = "不参与排名"


def rank_text(rank: int | None) -> str:
    """Write a unit's rank, or that the unit is not ranked."""
    return UNRANKED if rank is None else f"第 {rank} 名"


def rank_cell(rank: int | None) -> str:
    """Write a rank for a cell; a dash where the unit is not ranked."""
    return "—" if rank is None else str(rank)
