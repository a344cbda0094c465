"""Commands that print tables, with arguments by which each shows one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import click

from commands.cli.main import cli

ROOT: Final = Path(__file__).parents[3]
_PRINTING: Final = frozenset({"print_table", "print_section"})
_TABLES: Final = "commands.cli.shared.table_output"
_COMMANDS: Final = "commands.cli"
_YEAR: Final = ("--year", "2024")
_DAY: Final = ("--as-of", "2024-06-12")
_CHANGE: Final = ("--on", "2024-07-01", "--dry-run")
_END_OF_YEAR: Final = ("--on", "2024-12-31", "--dry-run")

SCREENS: Final = (
    ("score", *_YEAR),
    ("score", "华埠镇", *_YEAR),
    ("explain", "华埠镇", *_YEAR),
    ("explain", "KH-2024-018", *_YEAR),
    ("deadlines", *_DAY),
    ("today", *_DAY, "--all"),
    ("board", "2024-06"),
    ("board", "2024-06", "--unit", "林山乡"),
    ("targets", *_YEAR),
    ("incentives", *_YEAR),
    ("sheets", "list"),
    ("sheets", "due", *_DAY),
    ("sheets", "week", *_DAY),
    ("sheets", "issue"),
    ("project", "list"),
    ("project", "show", "KH-2024-018"),
    ("project", "history", "KH-2024-018"),
    ("project", "contact", "show", "KH-2024-018"),
    ("unit", "list"),
    ("unit", "show", "华埠镇"),
    ("unit", "history", "华埠镇"),
    ("unit", "rename", "华埠镇", "新华埠镇", *_CHANGE),
    ("unit", "regroup", "华埠镇", "综合部门", *_CHANGE),
    ("unit", "dissolve", "华埠镇", "--successor", "马金镇", *_END_OF_YEAR),
    ("resources", "list"),
    ("resources", "match", "KH-2024-018"),
    ("resources", "show", "ZY-2024-002"),
    ("log", "-n", "30"),
    ("correct", "KH-2024-018"),
    ("rulebook", "list"),
    ("rulebook", "show", "kaihua-2024"),
    ("rulebook", "show", "gaoan-2021"),
    ("rulebook", "check", "kaihua-2024"),
    ("rulebook", "adopt", "kaihua-2024"),
    ("rulebook", "compare", "kaihua-2024", "kaihua-2024", *_YEAR),
    ("rulebook", "try", "kaihua-2024", "rules.award.points", "5..15", "--step", "5", *_YEAR),
    ("calendar", "show", *_YEAR),
    ("audit", "publications"),
    ("projections", "status"),
    ("projections", "rebuild"),
    ("projections", "check"),
    ("serve", "account", "list"),
    ("status",),
)

REGION_SCREENS: Final = (
    ("verify",),
    ("score", *_YEAR),
    ("explain", "开化县", *_YEAR),
    ("board", "2024-06"),
    ("targets", *_YEAR),
    ("conflicts",),
)
"""Of `region`."""

WITHOUT_SCREEN: Final = {
    "demo": "it shows the screens of other commands",
    "import": "test_register.py and test_import.py look at its findings",
    "rulebook import": "test_rulebooks.py looks at the parameters that it lists",
    "audit verify": "lines of heading and value",
    "audit document": "one document: lines of heading and value",
    "audit follow": "one log: lines of heading and value",
    "serve account add": "a line; the list of accounts is a screen",
    "serve account remove": "a line; the list of accounts is a screen",
    "region serve": "lines about members that do not count",
    "region report month": "a line for each file",
    "region report quarter": "a line for each file",
    "region report year": "a line for each file",
    "region report html": "a line for the file",
    "region publish scores": "the screen of region score",
    "region publish board": "the screen of region board",
}
"""Commands that share a module with one that prints tables, or print what others do."""


class _Imports(NamedTuple):
    """What a module of the command line imports there, and whether it prints tables itself."""

    modules: frozenset[str]
    prints_tables: bool


def commands_with_tables() -> set[str]:
    """The commands whose modules, or what those import of the command line, print tables."""
    names = set()
    for words, command in _leaves(cli, ()):
        # All that record one event print the same lines.
        callback = command.callback
        if callback is not None and words[0] != "record" and _prints_tables(callback.__module__):
            names.add(" ".join(words))
    return names


def _leaves(
    command: click.Command, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        member = command.get_command(context, name)
        assert member is not None
        yield from _leaves(member, (*words, name))


def _prints_tables(module: str) -> bool:
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        imports = _imports_of(name)
        if imports.prints_tables:
            return True
        waiting += imports.modules
    return False


@cache
def _imports_of(name: str) -> _Imports:
    path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
    if not path.exists():
        return _Imports(frozenset(), prints_tables=False)
    modules = set()
    prints_tables = False
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_COMMANDS):
            names = {alias.name for alias in node.names}
            modules |= {f"{node.module}.{each}" for each in names} | {node.module or ""}
            prints_tables |= node.module == _TABLES and not _PRINTING.isdisjoint(names)
    return _Imports(frozenset(modules), prints_tables)
