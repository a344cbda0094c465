"""Chinese belongs to `commands/words/`: other code names a label and never spells it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
HAN = re.compile(r"[\u4e00-\u9fff]")
HOMES = ("commands/words/", "commands/demo/")
"""The home of words, and the invented county, whose names are data."""

STORED = {
    "lifecycle/events/vocabulary.py",  # the awards' titles are stored in Chinese
    "lifecycle/events/sheet_events.py",  # the signs 交 警 督 销 曝 are part of a sheet's number
    "lifecycle/events/field_types.py",  # the prefix of a sheet's number; 是 and 否 as typed
    "lifecycle/deciding/sheet_numbers.py",  # the pattern of a sheet's number
    "lifecycle/calendar.py",  # the text under whose digest scores were published
    "lifecycle/rulebook/deadline_policy.py",  # 意9 is a clause, as rulebooks name it
    "lifecycle/deciding/near_names.py",  # 年产, 项目 and 期 are what names are compared without
    "lifecycle/rulebook/measure_form.py",  # 万元 and 亩 are units of measures
    "lifecycle/rulebook/measures.py",  # 万元 is a unit that rulebooks name
}
"""Files whose Chinese is stored or typed by rule, not shown."""


def _docstrings(tree: ast.Module) -> set[int]:
    """The identities of all bare strings, which document modules, classes and constants."""
    return {
        id(statement.value)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }


def _messages(tree: ast.Module) -> set[int]:
    """The identities of message templates: English sentences that may name a term of the policy."""
    return {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("msg", "_")
        for argument in call.args
    }


def chinese_literals(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    # Most files need no parsing: a literal is spelled out, or escaped by code point or name.
    if not HAN.search(text) and not re.search(r"\\[uUN]", text):
        return
    tree = ast.parse(text)
    passed_over = _docstrings(tree) | _messages(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if HAN.search(node.value) and id(node) not in passed_over:
            yield f"line {node.lineno}: {node.value}"


@cache
def files_with_chinese() -> set[str]:
    names = set()
    for package in ("lifecycle", "projections", "commands"):
        for path in (ROOT / package).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(HOMES) and any(chinese_literals(path)):
                names.add(name)
    return names


def test_chinese_is_spelled_in_commands_words_alone() -> None:
    assert files_with_chinese() - STORED == set()


def test_every_exception_is_needed() -> None:
    assert STORED - files_with_chinese() == set()
