"""Clauses as official papers cite them: the short form of a rulebook in full.

`kaihua-2024` abbreviates its clauses: 「意」 is the 实施意见, 「考」 the 考核办法, to whose second
chapter the numbers in brackets belong. No papers are known for the clauses of other rulebooks,
which keep their wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_OPINION: Final = "《实施意见》"
_MEASURES: Final = "《考核办法》"
_CHAPTER: Final = "第二条"

_OF_OPINION: Final = re.compile(r"意(?:(?P<part>[一二三四])|(?P<item>\d+))")
_OF_MEASURES: Final = re.compile(r"考(?P<items>\([^()]+\)\S*)")
# A bare 三 may be the clause of any rulebook.
_OF_REWARDS: Final = re.compile(r"三\.(?P<item>\d)")
# Of several items only the first is written with the paper's sign: 考(二),(九)2.
_ITEM: Final = re.compile(r"\((?P<item>[一二三四五六七八九十]+)\)(?P<target>\d)?(?P<sign>[①-⑨])?")


def cited_clause(clause: str) -> str:
    """Cite a clause in full: `考(八)2` as 《考核办法》第二条第（八）项第2目."""
    opinion = _OF_OPINION.fullmatch(clause)
    if opinion:
        return _cited_opinion(opinion)
    measures = _OF_MEASURES.fullmatch(clause)
    if measures:
        return _cited_measures(clause, measures["items"])
    rewards = _OF_REWARDS.fullmatch(clause)
    if rewards:
        return f"{_MEASURES}第三条第{rewards['item']}项"
    return clause


def _cited_opinion(cited: re.Match[str]) -> str:
    if cited["part"]:
        return f"{_OPINION}第{cited['part']}部分"
    return f"{_OPINION}第{cited['item']}条"


def _cited_measures(clause: str, items: str) -> str:
    places = []
    for item in items.split(","):
        cited = _ITEM.fullmatch(item)
        if cited is None:
            return clause
        place = f"第（{cited['item']}）项"
        if cited["target"]:
            place += f"第{cited['target']}目"
        places.append(place + (cited["sign"] or ""))
    return f"{_MEASURES}{_CHAPTER}{'、'.join(places)}"


def named_clause(name: str) -> str:
    """A clause as papers cite it, with the rulebook's name for it where that differs."""
    cited = cited_clause(name)
    return name if cited == name else f"{cited}（{name}）"


def policy_source_text(files: Iterable[str]) -> str:
    """Where the text of a policy is from: files of its adoption, or the product."""
    names = "、".join(files)
    if not names:
        return "原文随程序提供，以公开发布的文本为准。"
    return f"原文取自采用规则手册时所附文件：{names}。"
