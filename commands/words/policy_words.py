"""What a rulebook says beyond its points, in words: rewards, targets, boards, sheets and deadlines.

Cells are Chinese in every language (spec 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from commands.words.limit_words import limit_text
from commands.words.reward_words import reward_text
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import WORD_LISTS, WordList
from lifecycle.rulebook import Rulebook
from lifecycle.rulebook.incentive_policy import CountyTarget, Incentive
from lifecycle.rulebook.parts import Sourced, exact_text
from lifecycle.rulebook.vocabulary_policy import FigureWord, VocabularyWord

_WORD_LISTS: Final[dict[WordList, str]] = {
    "stages": "节点",
    "traits": "投资方属性",
    "sectors": "产业类别",
    "chains": "产业链",
    "sites": "落地方式",
    "categories": "单位类别",
    "figures": "项目指标",
}
"""The vocabularies to which a rulebook adds words."""


class Provision(NamedTuple):
    """A table of a rulebook in words: its subject, what it provides, and the source it rests on."""

    subject: str
    text: str
    source: Sourced


def provisions(book: Rulebook) -> Iterator[Provision]:
    """Yield the provisions beyond the points, in the order that a reader expects them."""
    yield from _declared_words(book)
    yield from _rewards(book)
    for target in book.targets:
        yield Provision(target.chinese, _target_text(target), target)
    yield from _boards(book)
    yield from _sheets_and_deadlines(book)


def _declared_words(book: Rulebook) -> Iterator[Provision]:
    if book.vocabulary is None:
        return
    for word_list in WORD_LISTS:
        for declared in book.vocabulary.declared(word_list):
            subject = f"用语：{_WORD_LISTS[word_list]}"
            yield Provision(subject, _word_text(declared), declared)


def _word_text(declared: VocabularyWord) -> str:
    text = f"{declared.chinese}（{declared.name}）"
    if isinstance(declared, FigureWord):
        taken = "各期合计" if declared.take == "sum" else "取最后一期"
        return f"{text}，单位{declared.unit}，{taken}"
    return text


def _rewards(book: Rulebook) -> Iterator[Provision]:
    names = {reward.id: reward.chinese for reward in book.rewards or ()}
    for incentive in book.incentives:
        yield Provision(incentive.chinese, _incentive_text(incentive), incentive)
    for reward in book.rewards or ():
        yield Provision(reward.chinese, reward_text(reward, names), reward)
    near_miss = book.near_miss
    if near_miss is not None:
        share = exact_text(near_miss.scale_share)
        yield Provision("接近达标", f"规模达到所需的 {share}", near_miss)


def _incentive_text(incentive: Incentive) -> str:
    kinds = f"{word(incentive.kind)}，" if incentive.kind else ""
    sectors = word(incentive.sector)
    scale = f"规模 ≥ {exact_text(incentive.scale_at_least)}"
    months = "当年入库" if incentive.invested_in == "months_of_year" else "累计入库"
    invested = f"{months} ≥ {exact_text(incentive.invested_at_least)} 万元"
    # 奖惩1: 流转至智造新城的10亿元以上重大项目视同.
    zone = f"，或流转至{incentive.or_zone}" if incentive.or_zone else ""
    return f"{kinds}{sectors}：{scale}，{invested}{zone}"


def _target_text(target: CountyTarget) -> str:
    # 《实施意见》二: 突破36亿元 asks for more than the amount, not for the amount.
    exceed = "突破 " if target.exceed else ""
    return f"{exceed}{exact_text(target.amount)} {target.unit_of_measure}"


def _boards(book: Rulebook) -> Iterator[Provision]:
    boards = book.boards
    if boards is None:
        return
    red = boards.red
    yield Provision("红榜建议", f"各序列前 {red.places} 名（含并列）", red)
    missed = boards.missed_checks
    yield Provision("黑榜建议", f"连续 {missed.consecutive} 次时序进度考核扣分", missed)
    last = boards.last
    yield Provision("黑榜建议", f"序列末位（至少 {last.of_at_least} 个单位）", last)
    interview = boards.interview
    yield Provision("约谈", f"连续 {interview.consecutive_months} 个月列入黑榜", interview)


def _sheets_and_deadlines(book: Rulebook) -> Iterator[Provision]:
    ladder = book.ladder
    if ladder is not None:
        steps = (
            f"提前 {ladder.assign_days} 天交办",
            f"提前 {ladder.warn_days} 天预警",
            f"督办后 {ladder.rectify_working_days} 个工作日整改",
        )
        yield Provision("五单", "，".join(steps), ladder)
    if book.deadlines is not None:
        levels = book.deadlines.levels
        colours = (
            "逾期红色",
            f"{levels.orange} 天内橙色",
            f"{levels.yellow} 天内黄色",
            f"{levels.blue} 天内蓝色",
        )
        yield Provision("时限等级", "，".join(colours), levels)
    for limit in book.limits or ():
        yield Provision(limit.chinese, limit_text(limit), limit)
