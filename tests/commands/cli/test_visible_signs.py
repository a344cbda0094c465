"""No output obeys what a database was made to hold: acting signs are shown as escapes."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import click
import pytest
from hypothesis import given, strategies as st

from commands.cli.main import cli as root
from commands.cli.shared.visible_signs import PlainStream, visible, visible_output
from tests.commands.conftest import Cli
from tests.soak import examples

TURNING: Final = "\u202e\u2066\u200f"
"""Marks that turn text around: an event's fields are readable with them."""
HIDING: Final = f"\\u001b[2J\\r\x9b2K\x7f{TURNING}"
"""C0 as JSON has it, C1, DEL: of an event only the stamp is readable with them."""
ACTING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
ARGUMENTS: Final[dict[str, tuple[str, ...]]] = {
    "import": ("missing.jsonl",),
    "template": ("template.xlsx",),
    "correct": ("project/KH-2024-001",),
    "log": ("--by", "clerk-01"),
    "project show": ("KH-2024-001",),
    "project history": ("KH-2024-001",),
    "explain": ("华埠镇",),
    "sheets clear": ("开招办交〔2024〕1号",),
    "sheets reopen": ("开招办交〔2024〕1号",),
    "sheets assign": ("KH-2024-001",),
    "sheets expose": ("开招办交〔2024〕1号",),
    "rulebook show": ("kaihua-2024",),
    "rulebook check": ("kaihua-2024",),
    "rulebook new": ("kaihua-2026", "kaihua-2024", "2026"),
    "rulebook export": ("rulebook.xlsx",),
    "rulebook import": ("rulebook.xlsx",),
    "rulebook compare": ("kaihua-2024", "city-2024"),
    "rulebook try": ("kaihua-2024", "rules.award.points", "5..15", "--step", "5"),
    "audit receipt": ("missing.json",),
    "audit certificate": ("华埠镇", "certificate.json"),
    "audit bundle": ("bundle.zip",),
    "audit tiles": ("tiles",),
    "audit follow": ("http://127.0.0.1:9/", "witness.txt"),
    "audit cosign": ("key.pem",),
    "audit add-cosignature": ("note.txt",),
    "audit document": ("word",),
    "calendar add": ("days.csv", "国办发明电〔2026〕1号"),
    "publish board": ("2024-05",),
    "region verify": ("region.toml",),
    "region score": ("region.toml",),
    "region explain": ("华埠镇", "region.toml"),
    "region board": ("2024-05", "region.toml"),
    "region targets": ("region.toml",),
    "region conflicts": ("region.toml",),
    "report agenda": ("2024-05",),
    "report html": ("page.html",),
    "report information": ("KH-2024-001",),
    "report minutes": ("2024-05-17",),
    "report month": ("2024-05",),
    "report quarter": ("2024-Q2",),
    "report template": ("form.docx",),
    "report year": ("2024",),
    "serve account add": ("甲", "unit"),
    "serve account remove": ("甲",),
    "backup": ("backup.zip",),
    "copy": ("copy.db",),
}
LEFT_OUT: Final = {"init", "demo", "restore"}
"""They make a store and read none; `restore` reads a backup, whose events are compared first."""


def leaves(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        assert child is not None
        yield from leaves(child, (*path, name))


COMMANDS: Final = dict(leaves(root))
TRIED: Final = [name for name in COMMANDS if name not in LEFT_OUT]


def forms(command: click.Command) -> list[tuple[str, ...]]:
    for parameter in command.params:
        if parameter.name == "form" and isinstance(parameter.type, click.Choice):
            # A workbook is bytes and no text: nothing in it acts on a terminal.
            texts = [str(form) for form in parameter.type.choices if form != "xlsx"]
            return [("--format", form) for form in texts]
    return [()]


@pytest.fixture(scope="module")
def tampered_store(county_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county, in which names and authors were made to hold acting signs."""
    path = tmp_path_factory.mktemp("tampered") / "l.db"
    path.write_bytes(county_store.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for text, signs in (("有限公司", TURNING), ("华埠镇", TURNING), ("clerk-", HIDING)):
            connection.execute(
                "UPDATE ledger_events SET state = CAST(replace(CAST(state AS TEXT), ?, ?) AS BLOB)",
                (text, text + signs),
            )
        connection.execute(
            "UPDATE ledger_events SET originator_id = replace(originator_id, '华埠镇', ?)",
            (f"华埠镇{TURNING}",),
        )
    return path


@pytest.fixture
def tampered(
    tampered_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    """`lifecycle` on a copy of that store, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "l.db").write_bytes(tampered_store.read_bytes())
    return Cli(f"sqlite:///{tmp_path / 'l.db'}", capsys)


@pytest.mark.parametrize("name", TRIED)
def test_no_command_lets_an_acting_sign_through(tampered: Cli, name: str) -> None:
    for form in forms(COMMANDS[name]):
        if name == "serve":
            return
        answer = tampered(*name.split(), *ARGUMENTS.get(name, ()), *form)
        assert ACTING.search(answer.out + answer.err) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("log", "--by", "nobody"),
        ("project", "list"),
        ("project", "show", "KH-2024-001"),
        ("project", "history", "KH-2024-001"),
        ("score", "--year", "2024"),
        ("deadlines",),
        ("targets", "--year", "2024"),
        ("sheets", "list"),
        ("audit", "verify"),
    ],
    ids=" ".join,
)
def test_what_stands_there_is_shown_with_escapes(tampered: Cli, arguments: tuple[str, ...]) -> None:
    answer = tampered(*arguments)
    assert re.search(r"\\u202e", answer.out + answer.err)


def test_json_reads_back_what_stood_there_and_csv_shows_it(tampered: Cli) -> None:
    rows = tampered("project", "list", "--format", "json").json
    texts = json.dumps(rows, ensure_ascii=False)
    assert "\u202e" in texts
    table = list(csv.reader(io.StringIO(tampered("project", "list", "--format", "csv").out)))
    assert any("\\u202e" in cell for row in table for cell in row)


@examples(200)
@given(st.text())
def test_only_acting_signs_change(text: str) -> None:
    seen = visible(text)
    assert ACTING.search(seen) is None
    assert re.sub(r"\\u[0-9a-f]{4}", "", seen) == re.sub(
        r"\\u[0-9a-f]{4}", "", ACTING.sub("", text)
    )


def test_styles_of_our_own_pass_and_others_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    with visible_output():
        sys.stdout.write("\x1b[1;31mred\x1b[0m \x1b[8mhidden\x1b[2J\n")
        PlainStream(sys.stdout).write("\x1b[?25l\r")
    assert capsys.readouterr().out == "\x1b[1;31mred\x1b[0m \\u001b[8mhidden\\u001b[2J\n\x1b[?25l\r"
    sys.stdout.write("\x07")
    assert capsys.readouterr().out == "\x07"
