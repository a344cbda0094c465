"""Two rulebooks compared, in words; Chinese in every language, as cells are (spec 5)."""

from __future__ import annotations

from collections.abc import Mapping

from commands.words import table_headings as headings


def rule_or_limit_name(
    rule: str,
    rule_names: Mapping[str, str],
) -> str:
    """Name a rule, or a module's limit, whose lines are named `MODULE.cap` and `MODULE.floor`."""
    if rule in rule_names:
        return rule_names[rule]
    _module, dot, limit = rule.rpartition(".")
    if not dot:
        return rule
    return headings.CAP.chinese if limit == "cap" else headings.FLOOR.chinese


def rank_change_text(change: int | None) -> str:
    """Write by how many ranks a unit rises or falls; nothing where it keeps its rank."""
    if not change:
        return ""
    return f"↑{change}" if change > 0 else f"↓{-change}"
