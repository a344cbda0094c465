"""What sheets, their states and deadlines are called: Chinese with every locale (spec 5)."""

from __future__ import annotations

from typing import Any, Final

from commands.words.labels import word

ACTIONS: Final[dict[str, str]] = {
    "assign": "交办",
    "warn": "预警",
    "supervise": "督办",
    "expose": "曝光",
    "clear": "销号",
}
STATUS: Final[dict[str, str]] = {
    "open": "办理中",
    "overdue": "已逾期",
    "warned": "已预警",
    "supervised": "已督办",
    "exposed": "已曝光",
    "cleared": "已销号",
}
LEVELS: Final[dict[str, str]] = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}
KINDS: Final[dict[str, str]] = {
    "assessment_period": "考核期届满",
    "milestone": "节点计划",
    "task": "任务时限",
    "rectification": "整改期限",
    "look_back": "回头看",
    "stalled": "久无进展",
}


def action(value: Any) -> str:
    """An action's name."""
    return ACTIONS[value]


def about(value: Any) -> str:
    """A stage by its name, a task by its number, a half-year in words."""
    text = str(value or "")
    half = text.removesuffix("-H1").removesuffix("-H2")
    return f"{half}年{'上' if text.endswith('H1') else '下'}半年" if half != text else word(text)


def stored(names: dict[str, str], text: str) -> str:
    """A stored name, by itself or by its Chinese name."""
    return next((name for name, chinese in names.items() if text == chinese), text)
