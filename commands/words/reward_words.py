"""Rewards in words: what a rulebook provides, and how far each stage of one has come.

Chinese in every language, as cells are (spec 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from commands.words.filter_words import NEEDS, filter_texts
from commands.words.rule_phrases import policy_number
from commands.words.rule_terms import measure
from commands.words.vocabulary_words import word
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.reward_policy import Reward, RewardStage

PAYMENT_STATUS: Final[dict[str, str]] = {
    "due": "已到期",
    "upcoming": "未到期",
    "awaiting": "节点未到",
    "lapsed": "项目终止，不再兑现",
}
"""How far a stage of a reward has come."""
_RECEIVERS: Final = {
    "credit_unit": "业绩归属单位",
    "first_reporter": "首报单位",
    "investor": "投资方",
}
_UNITS: Final = {"count": "个", "points": "分", "days": "天", "figure": ""}
"""Unit of a measure → how it is written behind a number; others are written as they are."""


def reward_text(reward: Reward, names: Mapping[str, str]) -> str:
    """Say who earns a reward, how much it is, when it falls due, and what it replaces."""
    conditions = [NEEDS[need] for need in reward.needs]
    if reward.where is not None:
        conditions += filter_texts(reward.where)
    stages = "，".join(_stage_text(stage) for stage in reward.stages)
    parts = [
        *conditions,
        _amount_text_of(reward),
        f"兑现给{_RECEIVERS[reward.to]}：{stages}",
    ]
    if reward.instead_of:
        replaced = "、".join(names[name] for name in reward.instead_of)
        parts.append(f"取代{replaced}")
    return "；".join(parts)


def stage_label(stage_number: int, node: str) -> str:
    """Name a stage of a reward by its number and the node it is counted from."""
    return f"第{stage_number}期（{word(node)}）"


def _amount_text_of(reward: Reward) -> str:
    amount = f"奖励 {policy_number(reward.amount)} 万元"
    if reward.measure is None:
        return amount
    unit = MEASURES[reward.measure].unit
    per = f"{measure(reward.measure)}每 {policy_number(reward.per)} {_UNITS.get(unit, unit)}"
    text = f"当年{per.rstrip()}{amount}"
    return text if reward.at_most is None else f"{text}，最高 {policy_number(reward.at_most)} 万元"


def _stage_text(stage: RewardStage) -> str:
    later = f"后 {stage.months} 个月" if stage.months else ""
    return f"{word(stage.at)}{later} {_percentage(stage.share)}"


def _percentage(share: Fraction) -> str:
    # A third has no decimals that end: the quotient is what the text says.
    percent = share * 100
    if (percent * 10**4).denominator != 1:
        return f"{share.numerator}/{share.denominator}"
    return f"{policy_number(percent)}%"
