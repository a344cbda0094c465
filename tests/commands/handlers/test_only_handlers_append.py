"""Events are appended by `commands/handlers` alone: no other module of ours calls what appends."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
APPENDING = {"record", "execute", "unit_of_work", "change_signer"}
"""Methods of `Ledger` and `UnitOfWork`, and of `checkpoints`, by which events are appended."""


def appending_calls(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = ast.unparse(node.func.value)
            is_sql = receiver.endswith(("cursor", "connection", "database", "driver"))
            if node.func.attr in APPENDING and not is_sql:
                place = file.relative_to(ROOT).as_posix()
                yield f"{place}:{node.lineno} {receiver}.{node.func.attr}"


def appending_calls_in(folder: str) -> list[str]:
    files = sorted((ROOT / folder).rglob("*.py"))
    return [call for file in files for call in appending_calls(file)]


def test_only_handlers_append() -> None:
    calls = [*appending_calls_in("commands"), *appending_calls_in("projections")]
    assert [call for call in calls if not call.startswith("commands/handlers/")] == []


def test_the_search_finds_what_appends() -> None:
    files = {call.partition(":")[0] for call in appending_calls_in("commands/handlers")}
    assert {"commands/handlers/recording.py", "commands/handlers/importing.py"} <= files
