"""Time limits and cadences in words. Chinese in every language, as cells are (spec 5)."""

from __future__ import annotations

from typing import Final

from commands.words.event_words import EVENTS
from commands.words.filter_words import NEEDS, filter_texts
from commands.words.vocabulary_words import word
from lifecycle.rulebook.limit_policy import ANY_EVENT, TimeLimit

_UNITS: Final = {"days": "天", "months": "个月", "working_days": "个工作日"}


def limit_text(limit: TimeLimit) -> str:
    """Say which projects a limit holds for, from where it runs, how long, and its levels."""
    conditions = [NEEDS[need] for need in limit.needs]
    if limit.where is not None:
        conditions += filter_texts(limit.where)
    parts = [*conditions, _course_text(limit)]
    if limit.levels is not None:
        levels = limit.levels
        colours = (
            f"{levels.orange} 天内橙色",
            f"{levels.yellow} 天内黄色",
            f"{levels.blue} 天内蓝色",
        )
        parts.append("，".join(colours))
    return "；".join(parts)


def _course_text(limit: TimeLimit) -> str:
    number, unit = limit.length
    length = f"{number} {_UNITS[unit]}"
    begin = word(limit.from_stage)
    if limit.to_stage is not None:
        return f"{begin}后 {length}内完成{word(limit.to_stage)}"
    end = "" if limit.until is None else f"，至{word(limit.until)}为止"
    return f"{begin}后每 {length}内须有{_events_text(limit)}{end}"


def _events_text(limit: TimeLimit) -> str:
    if limit.by == (ANY_EVENT,):
        return "进展记录"
    return "或".join(EVENTS[name].chinese for name in limit.by or ())
