"""Each check of rulebooks has a text that it finds one mistake in, and one that passes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import commands.handlers
import lifecycle.rulebook
from commands.handlers.rulebook_fitness import fitness_findings
from lifecycle.rejections import Rejected
from lifecycle.rulebook import parse
from tests.lifecycle.rulebook.one_mistake import MISTAKES
from tests.lifecycle.rulebook.test_rulebook_review import CASES, HEAD, PER_ITEM

OF_CHECKS = (
    *sorted(Path(lifecycle.rulebook.__path__[0]).rglob("*.py")),
    Path(commands.handlers.__path__[0]) / "rulebook_cases.py",
    Path(commands.handlers.__path__[0]) / "rulebook_fitness.py",
)
# What asks for a rulebook by name, or for a value to try, looks at no file.
ELSEWHERE = {"rulebook_id", "rulebook_digest", "rulebook_unsound", "unknown_parameter", "form"}


def whole(text: str) -> str:
    """The text as a whole rulebook: fields of the head come before its first table."""
    if "effective_to" in text:
        return text
    if text.startswith(("clauses", "left_out")):
        return text + HEAD + PER_ITEM
    return HEAD + text


def found_in(text: str) -> set[str]:
    """The checks that find something in a rulebook, read or rejected."""
    try:
        book = parse(text)
    except Rejected as rejection:
        return {problem.rule for problem in rejection.problems}
    return {finding.problem.rule for finding in fitness_findings(book)}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_check_finds_its_mistake_and_nothing_else(name: str) -> None:
    mistake = MISTAKES[name]
    assert found_in(whole(mistake.passing)) == set()
    assert found_in(whole(mistake.failing)) == {name.partition(":")[0]}


def checks_named(module: Path) -> Iterator[str]:
    """The names by which a module's checks reject or report."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id not in ("Problem", "PydanticCustomError") or not node.args:
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def test_every_check_has_a_mistake() -> None:
    tables = {name.partition(":")[0] for name in (*MISTAKES, *CASES)}
    checks = {name for module in OF_CHECKS for name in checks_named(module)}
    # A name or title of another year is tested beside the table: it is in the head itself.
    assert checks - ELSEWHERE - tables == {"other_year"}
