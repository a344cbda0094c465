"""Two rules of one clause that count the same: the text would score it twice (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.kinds import RuleBase
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.parts import Filter
from lifecycle.rulebook.rulebook_model import Rulebook

_BANDS: Final = ("scale", "investment", "invested_share")
_LISTS: Final = ("sector", "kind", "site", "category", "sequence")
"""Filters of which a project or a unit has one value: two lists without a common one are apart."""


def repeated_counting(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules that may count one thing under one clause twice.

    Two rules are apart where their filters take nothing in common, where they count other nodes,
    or where one counts up to a target and the other what lies beyond it.
    """
    rules_by_subject: dict[tuple[object, ...], list[RuleBase]] = {}
    for rule in rulebook.rules:
        if not isinstance(rule, RuleBase):
            continue
        # Two indicators under one clause are two things counted.
        counted = (rule.measure, rule.indicator, rule.figure, rule.time_limit)
        subject = (rule.module, rule.clause, *counted)
        earlier_rules = rules_by_subject.setdefault(subject, [])
        for earlier_rule in earlier_rules:
            if not _apart(rule, earlier_rule):
                yield Problem(
                    "clause_twice",
                    msg("the rule {other} already counts the same measure under clause {clause}"),
                    {"other": earlier_rule.id, "clause": rule.clause},
                    f"rules.{rule.id}.clause",
                )
                break
        earlier_rules.append(rule)


def _apart(first: RuleBase, second: RuleBase) -> bool:
    if _disjoint(first.where or Filter(), second.where or Filter()):
        return True
    # What a unit has and how it compares are two things counted.
    if _counts_other_nodes(first, second) or first.compared_as != second.compared_as:
        return True
    return _continues(first, second) or _continues(second, first)


def _counts_other_nodes(first: RuleBase, second: RuleBase) -> bool:
    """Whether two rules count nodes, and none in common."""
    if first.measure != "nodes_reached":
        return False
    return not _scored_nodes(first) & _scored_nodes(second)


def _scored_nodes(rule: RuleBase) -> set[str]:
    """The nodes that a rule counts; with points by node, those that have some."""
    if isinstance(rule, PerItem) and rule.points_by is not None:
        return set(rule.points_by)
    return set(rule.counted_stages)


def _disjoint(first: Filter, second: Filter) -> bool:
    # A filter that leaves a field out takes every value of it.
    for name in _LISTS:
        values = getattr(first, name)
        other_values = getattr(second, name)
        if values is None or other_values is None:
            continue
        if not set(values) & set(other_values):
            return True
    for name in _BANDS:
        band = getattr(first, name)
        other_band = getattr(second, name)
        if band is None or other_band is None:
            continue
        if not _overlap(band, other_band):
            return True
    return _excepts(first, second) or _excepts(second, first)


def _excepts(where: Filter, excepting: Filter) -> bool:
    """Whether one filter takes no sequence that the other leaves."""
    if where.sequence is None or excepting.except_sequence is None:
        return False
    return set(where.sequence) <= set(excepting.except_sequence)


def _overlap(first: Interval, second: Interval) -> bool:
    return not _ends_before(first, second) and not _ends_before(second, first)


def _ends_before(band: Interval, other: Interval) -> bool:
    """Whether a band ends before another begins."""
    if band.high is None or other.low is None or band.high > other.low:
        return False
    return band.high < other.low or not (band.with_high and other.with_low)


def _continues(first: RuleBase, second: RuleBase) -> bool:
    """Whether one rule counts what lies beyond a number at which the other stops."""
    if first.beyond is None:
        return False
    # A cap or a limit stops the other by points, a target by the same number.
    stops = any(getattr(second, name, None) is not None for name in ("cap", "limit"))
    return stops or first.beyond == second.target
