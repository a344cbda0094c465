"""The red and black lists (红黑榜) in words: rank changes, reasons and clauses of proposals."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from commands.words.clause_names import cited_clause


def rank_move(rank: int | None, rank_before: int | None) -> str:
    """Show the change of rank since the month before; a dash where either is no rank."""
    if rank is None or rank_before is None:
        return "—"
    if rank_before == rank:
        return "＝"
    if rank_before > rank:
        return f"↑{rank_before - rank}"
    return f"↓{rank - rank_before}"


def candidate_clauses(candidate: dict[str, Any]) -> str:
    """List the clauses that a proposal rests on, in the rulebook's short form."""
    return "、".join(reason["clause"] for reason in candidate["reasons"])


def cited_clauses(candidate: dict[str, Any]) -> str:
    """Cite the clauses that a proposal rests on, as a document does."""
    return "、".join(cited_clause(reason["clause"]) for reason in candidate["reasons"])


def candidate_reason(candidate: dict[str, Any]) -> str:
    """Say why a unit is proposed; `UnitListed` records the same text."""
    return "；".join(_reason(reason) for reason in candidate["reasons"])


def _reason(reason: dict[str, Any]) -> str:
    if reason["why"] == "missed_checks":
        return f"时序进度考核连续扣分：{_missed_checks(reason['checks'])}"
    rank, units = reason["rank"], reason["of"]
    if reason["why"] == "first":
        place = f"本序列第 {rank} 名，共 {units} 个单位"
    else:
        place = f"本序列末位，第 {rank} 名，共 {units} 个单位"
    if not reason["tied_with"]:
        return place
    return f"{place}，与{'、'.join(reason['tied_with'])}并列"


def _missed_checks(checks: list[dict[str, Any]]) -> str:
    """Each check date with the projects that missed it."""
    parts = []
    for day, missed in groupby(checks, key=lambda check: check["check"]):
        projects = "、".join(check["project"] for check in missed)
        parts.append(f"{day}（{projects}）")
    return "、".join(parts)
