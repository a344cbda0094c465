"""A filter that names nothing known is an error in every command, never an empty answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import click
import pytest

from commands.cli.main import cli as root
from tests.commands.conftest import Cli

NOTHING: Final = "无此名称"
_WRITTEN_TEXTS: Final = """
    name title note reason approved_by on_behalf_of source_ref occurred_on result submitted_by
    reviewed_by evidence facts task mandate problem changes text number folder target keep_open
    unofficial words address given_keys cosigners written_key day telephone position remark
"""
WRITTEN: Final = frozenset(_WRITTEN_TEXTS.split())
"""Parameters that are written down or searched for, and name nothing that the ledger holds."""
LEFT_OUT: Final = {
    # The id is the new rulebook's, the name that of an account, which no ledger holds.
    ("rulebook new", "rulebook_id"),
    ("serve account remove", "name"),
    # A position is a number; tests of receipts try one at which nothing stands.
    ("audit receipt", "positions"),
    # A workbook and a signing key are needed first, and lack here.
    ("rulebook import", "source"),
    ("audit certificate", "rulebook_id"),
    # A rulebook that there is stands before it: see test_rulebook_try.
    ("rulebook try", "parameter"),
    # A ledger and its map are needed first: see test_register.
    ("import", "month"),
    ("import", "same"),
    ("import", "new"),
    # The code that a project gets, a sequence that a unit may be the first of, a new contact.
    ("project move", "new"),
    ("unit regroup", "sequence"),
    ("project contact set", "person"),
    # No project of the county has contacts: see the tests of contacts.
    ("project contact erase", "person"),
}
BESIDE: Final[dict[str, tuple[str, ...]]] = {
    "correct": ("1", "--void", "--reason", "误录", "--approved-by", "余敏"),
    "board": ("2024-05", "--list", "--yes"),
    "explain rulebook_id": ("林山乡",),
    "sheets assign project": ("--task", "甲", "--due-on", "2025-03-01", "--meeting", "2024-12-13"),
    "sheets assign unit": (
        "KH-2024-001",
        *("--task", "甲", "--due-on", "2025-03-01", "--meeting", "2024-12-13"),
    ),
    "sheets clear": ("--result", "已办结", "--submitted-by", "甲", "--reviewed-by", "乙"),
    "sheets reopen": ("--reason", "未办结"),
    "sheets expose": ("--facts", "逾期", "--approved-by", "余敏"),
    "publish board": ("2024-05",),
    "rulebook new": ("kaihua-2026", "--year", "2026"),
    "rulebook compare": ("kaihua-2024",),
    "rulebook try": ("rules.award.points", "5..15", "--step", "5"),
    "serve account add": ("甲", "--role", "unit"),
    "report html": ("page.html",),
    "report ledger": ("ledger.xlsx",),
    "report wall": ("wall.pdf",),
    "report agenda rulebook_id": ("2024-05",),
    "report month rulebook_id": ("2024-05",),
    "report quarter rulebook_id": ("2024-Q2",),
    "report year rulebook_id": ("2024",),
    "rulebook export": ("rulebook.xlsx",),
    "project move": ("KH-2024-900", "--reason", "误录", "--approved-by", "余敏"),
    "calendar write": ("deadlines.ics",),
    "unit rename": ("新镇", "--on", "2024-06-01"),
    "unit regroup": ("经济部门", "--on", "2024-06-01"),
    "unit dissolve unit": ("--on", "2024-06-01"),
    "unit dissolve": ("林山乡", "--on", "2024-06-01"),
    "project contact set": ("--person", "甲"),
    "audit certificate unit": ("certificate.json",),
}
"""What a command needs beside the filter, or beside one of its filters."""


class Filter(NamedTuple):
    """A command's parameter that names something."""

    command: str
    parameter: click.Parameter

    def __str__(self) -> str:
        return f"{self.command} {self.parameter.name}"

    def arguments(self) -> list[str]:
        """The command line that filters by a name that nothing has."""
        words = self.command.split()
        beside = BESIDE.get(f"{self.command} {self.parameter.name}", BESIDE.get(self.command, ()))
        if isinstance(self.parameter, click.Option):
            return [*words, *beside, self.parameter.opts[0], NOTHING]
        return [*words, NOTHING, *beside]


def commands_of(group: click.Group, path: str, context: click.Context) -> Iterator[Filter]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        command_path = f"{path} {name}".strip()
        if isinstance(command, click.Group):
            # `record` asks for the fields of an event, `region` for members: see their tests.
            if name not in ("record", "region"):
                yield from commands_of(command, command_path, context)
            continue
        for parameter in command.params:
            yield Filter(command_path, parameter)


def filters() -> list[Filter]:
    """Every parameter of every command that may name something that exists."""
    named = []
    for candidate in commands_of(root, "", click.Context(root)):
        parameter = candidate.parameter
        place = (candidate.command, parameter.name)
        is_text = parameter.type.name in ("text", "word")
        if is_text and parameter.name not in WRITTEN and place not in LEFT_OUT:
            named.append(candidate)
    return named


@pytest.mark.parametrize("named", filters(), ids=str)
def test_a_filter_that_names_nothing_is_an_error(
    county: Cli,
    named: Filter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    events = county.events
    answer = county(*named.arguments())
    assert answer.code in (1, 2), answer
    assert answer.out == ""
    # The name itself is said, and not that the command line lacks something.
    assert NOTHING in answer.err
    assert "Missing" not in answer.err
    assert county.events == events


def test_every_day_month_and_time_is_read_in_the_forms_that_people_type() -> None:
    options = {"occurred_on", "due_on", "since", "dated", "as_of", "known_at", "month"}
    walked = set()
    for candidate in commands_of(root, "", click.Context(root)):
        parameter = candidate.parameter
        # The minutes read the day of their meeting themselves.
        if candidate.command == "report minutes" and parameter.name == "subject":
            continue
        if parameter.name in options or parameter.metavar in ("DATE", "TIME"):
            walked.add(parameter.name)
            assert parameter.type.name in ("date", "month", "time"), str(candidate)
    assert options <= walked


def test_every_kind_of_filter_is_walked_over() -> None:
    walked = {(named.command, named.parameter.name) for named in filters()}
    assert {
        ("today", "unit"),
        ("deadlines", "unit"),
        ("deadlines", "kind"),
        ("sheets due", "unit"),
        ("sheets list", "status"),
        ("sheets issue", "about"),
        ("project list", "stage"),
        ("project list", "sector"),
        ("board", "only"),
        ("score", "unit"),
    } <= walked


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("today", "--unit", NOTHING), "unknown_unit"),
        (("sheets", "due", "--unit", NOTHING), "unknown_unit"),
        (("score", NOTHING), "unknown_unit"),
        (("deadlines", "--project", NOTHING), "unknown_project"),
        (("project", "show", NOTHING), "unknown_project"),
        (("report", "information", NOTHING), "unknown_project"),
    ],
)
def test_the_rule_is_named(county: Cli, arguments: tuple[str, ...], rule: str) -> None:
    answer = county(*arguments)
    assert (answer.code, f"[{rule}]" in answer.err) == (1, True)


def test_a_stage_is_named_by_its_stored_or_chinese_name(county: Cli) -> None:
    stored = county("project", "list", "--stage", "signing", "--format", "json")
    assert stored.json
    assert county("project", "list", "--stage", "正式签约", "--format", "json").out == stored.out
    answer = county("project", "list", "--stage", "签约")
    assert (answer.code, "正式签约 (signing)" in answer.err) == (2, True)
