"""A report is a module of content and a row: its command, help, formats and code follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pkgutil import iter_modules

import click
import pytest

from commands.cli.main import cli
from commands.cli.report_document import document_command
from commands.cli.shared.command_table import COMMANDS
from commands.cli.shared.lazy_group import LazyGroup
from commands.reports import document_contents
from commands.reports.document_kinds import DOCUMENT_KINDS, NOTICE_FORMATS, DocumentKind
from commands.reports.documents import content_maker

KINDS_WITH_COMMANDS = [name for name, kind in DOCUMENT_KINDS.items() if kind.summary is not None]


def loaded(group: click.Command | None, name: str) -> click.Command:
    assert isinstance(group, click.Group)
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


def sub_groups() -> Iterator[LazyGroup]:
    for name in COMMANDS:
        command = loaded(cli, name)
        if isinstance(command, LazyGroup):
            yield command


def test_every_kind_has_its_module_and_every_module_its_kind() -> None:
    modules = {module.name for module in iter_modules(document_contents.__path__)}
    assert modules == {kind.module for kind in DOCUMENT_KINDS.values()}
    for name in DOCUMENT_KINDS:
        assert callable(content_maker(name))


def test_a_kind_is_named_as_the_code_of_a_document_can_hold() -> None:
    for name in DOCUMENT_KINDS:
        assert re.fullmatch("[a-z]+", name), name


@pytest.mark.parametrize("name", KINDS_WITH_COMMANDS)
def test_a_kind_with_a_summary_is_a_command_with_its_help_argument_and_formats(name: str) -> None:
    kind = DOCUMENT_KINDS[name]

    command = loaded(loaded(cli, "report"), name)

    assert kind.summary is not None
    assert command.help == kind.summary
    parameters = {parameter.name: parameter for parameter in command.params}
    assert parameters["subject"].make_metavar(click.Context(command)) == kind.argument
    choice = parameters["formats"].type
    assert isinstance(choice, click.Choice)
    assert tuple(choice.choices) == kind.formats
    assert ("rulebook_id" in parameters) == (kind.period is not None)


def test_a_row_alone_makes_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    row = DocumentKind("month_notice", NOTICE_FORMATS, "Write a brief.", "2024-05", "month")
    monkeypatch.setitem(DOCUMENT_KINDS, "brief", row)
    command = document_command("brief")
    assert command.name == "brief"
    assert content_maker("brief") is content_maker("month")


def test_the_sentence_of_a_groups_list_is_the_help_of_its_command() -> None:
    for group in sub_groups():
        for name in group.table:
            assert loaded(group, name).help == group.table[name].summary, name
