"""The five task sheets (五单), tasks and deadlines: terms of the policy, Chinese in cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from commands.words.terms import PolicyTerm
from commands.words.vocabulary_words import word

ACTIONS: Final[dict[str, PolicyTerm]] = {
    "assign": PolicyTerm("assign", "交办"),
    "warn": PolicyTerm("warn", "预警"),
    "supervise": PolicyTerm("supervise", "督办"),
    "expose": PolicyTerm("expose", "曝光"),
    "clear": PolicyTerm("clear", "销号"),
}
"""What is done about a task, by issuing a sheet."""

STATUS: Final[dict[str, PolicyTerm]] = {
    "open": PolicyTerm("open", "办理中"),
    "overdue": PolicyTerm("overdue", "已逾期"),
    "warned": PolicyTerm("warned", "已预警"),
    "supervised": PolicyTerm("supervised", "已督办"),
    "exposed": PolicyTerm("exposed", "已曝光"),
    "cleared": PolicyTerm("cleared", "已销号"),
}
"""A task's state."""

LEVELS: Final[dict[str, PolicyTerm]] = {
    "red": PolicyTerm("Red", "红色"),
    "orange": PolicyTerm("Orange", "橙色"),
    "yellow": PolicyTerm("Yellow", "黄色"),
    "blue": PolicyTerm("Blue", "蓝色"),
}
"""How urgent a deadline is."""

DEADLINE_KINDS: Final[dict[str, PolicyTerm]] = {
    "assessment_period": PolicyTerm("end of the assessment period", "考核期届满"),
    "milestone": PolicyTerm("milestone", "节点计划"),
    "task": PolicyTerm("task due", "任务时限"),
    "rectification": PolicyTerm("rectification due", "整改期限"),
    "look_back": PolicyTerm("look-back", "回头看"),
    "follow_up": PolicyTerm("follow-up due", "跟进到期"),
    "stalled": PolicyTerm("no progress", "久无进展"),
    "idle_plot": PolicyTerm("allotted plot idle", "供地闲置"),
    "limit": PolicyTerm("time limit", "办理时限"),
}
"""What falls due."""


def action(value: str) -> str:
    """Return an action's term, as a cell shows it."""
    return ACTIONS[value].chinese


def status(value: str) -> str:
    """Return a state's term, as a cell shows it."""
    return STATUS[value].chinese


def level(value: str) -> str:
    """Return a level's term, as a cell shows it."""
    return LEVELS[value].chinese


def deadline_kind(value: str) -> str:
    """Return the term of a kind of deadline, as a cell shows it."""
    return DEADLINE_KINDS[value].chinese


def about(value: Any, subject: str | None = None) -> str:
    """Say what a sheet or deadline is about: a stage, a task's number, a half-year, a plot.

    A limit of the rulebook goes by the name that the rulebook gives it, its `subject`.
    """
    if subject is not None:
        return subject
    text = str(value or "")
    year, _separator, half = text.rpartition("-")
    # A look-back is about a half-year (《实施意见》9: 每半年对往年的招商引资项目进行回头看).
    if half in ("H1", "H2") and year.isdigit():
        return f"{year}年{'上' if half == 'H1' else '下'}半年"
    return word(text)


def about_in_brackets(value: Any, subject: str | None = None) -> str:
    """Say the same within a sentence; empty where there is nothing to say."""
    text = about(value, subject)
    return f"（{text}）" if text else ""


def stored_name(terms: Mapping[str, PolicyTerm], text: str) -> str:
    """Return the stored name of a typed Chinese term; any other text unchanged."""
    for name, term in terms.items():
        if term.chinese == text:
            return name
    return text
