"""Generated pages follow the code; the others mention every command and event."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from commands.cli.main import cli
from commands.cli.shared.command_table import COMMANDS
from commands.cli.shared.lazy_group import LazyGroup
from commands.words.event_words import EVENTS
from commands.words.messages import _ as gettext, in_chinese
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.audit.verifier import verifier_digest

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "tools" / "reference_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generated_pages() -> dict[str, str]:
    """The pages as the code writes them now.

    A process of its own: a command that ran here in Chinese keeps its help in Chinese.
    """
    code = (
        "import json\n"
        "from tools.reference_pages import PAGES, page\n"
        "print(json.dumps({name: page(name) for name in PAGES}))"
    )
    environment = {**os.environ, "LANGUAGE": "en"}
    environment.pop("LIFECYCLE_LANG", None)
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    pages: dict[str, str] = json.loads(printed.stdout)
    return pages


@pytest.mark.parametrize("name", ["events.md", "commands.md", "measures.md", "tables.md"])
def test_a_generated_page_is_what_the_code_says(generated_pages: dict[str, str], name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generated_pages[name]


@pytest.mark.parametrize("name", ["for-outsiders.md", "for-outsiders.zh-CN.md"])
def test_a_page_for_outsiders_names_the_verifier_as_it_is(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert text == generator().with_verifier_digest(text)
    assert f"{verifier_digest()}  verify_bundle.py" in text


def test_every_event_and_command_has_its_place() -> None:
    events, commands = (
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("events.md", "commands.md")
    )
    assert all(f"## {name} {term.chinese}" in events for name, term in EVENTS.items())
    assert all(f"## lifecycle {name}" in commands for name in COMMANDS)


def test_every_table_of_a_rulebook_has_its_place() -> None:
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    tables = set(Rulebook.model_fields) - {
        "id",
        "title",
        "issuer",
        "effective_from",
        "effective_to",
        "rules",
    }
    assert [table for table in tables if f"`{table}`" not in rules] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_readme_names_commands_and_pages_that_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for command in re.findall(r"^(?:\$ )?lifecycle (?:--db \S+ )?([a-z]+)", text, re.MULTILINE):
        assert command in COMMANDS, command
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / link).exists(), link
    for target in re.findall(r"`make ([a-z]+)`", text):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), target


def test_a_group_says_of_each_command_what_the_command_says_itself() -> None:
    context = click.Context(cli)
    for name in COMMANDS:
        group = cli.get_command(context, name)
        if not isinstance(group, LazyGroup):
            continue
        for subcommand, entry in group.table.items():
            command = group.get_command(context, subcommand)
            assert command is not None
            with in_chinese():
                chinese = gettext(entry.summary)
            # The help is repeated so that a group's list is shown without loading its commands. It
            # is in the language in which the command was first loaded.
            assert command.help in {entry.summary, chinese}, f"{name} {subcommand}"


def test_every_section_of_the_benchmark_is_described() -> None:
    # Read as text: importing what they measure takes longer than all else here.
    source = (ROOT / "benchmarks" / "__main__.py").read_text(encoding="utf-8")
    table = source.partition("SECTIONS: Final")[2].partition("}")[0]
    sections = re.findall(r'^    "(\w+)": ', table, re.MULTILINE)
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    described = contributing.partition("The sections of `make bench`")[2].partition("## ")[0]
    assert sections
    assert re.findall(r"^\| `(\w+)` ", described, re.MULTILINE) == sections
