"""Lists as files for Excel: headings in Chinese, the mark of UTF-8, workbooks, no formulas."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from tests.commands.conftest import Cli

YEAR = ("--year", "2024")
LISTS = [
    ("deadlines", "--as-of", "2024-06-30"),
    ("project", "list", "--as-of", "2024-06-30"),
    ("project", "history", "KH-2024-001"),
    ("sheets", "list", "--as-of", "2024-06-30"),
    ("sheets", "due", "--as-of", "2024-06-30"),
    ("sheets", "week", "--as-of", "2024-06-30"),
    ("targets", *YEAR),
    ("incentives", *YEAR),
    ("score", *YEAR),
    ("board", "2024-03"),
    ("explain", "华埠镇", *YEAR),
    ("calendar", "show", *YEAR),
    ("rulebook", "list"),
    ("rulebook", "compare", "kaihua-2024", "kaihua-2024", *YEAR),
    ("rulebook", "try", "kaihua-2024", "groups.effort.cap", "20..30", *YEAR),
    ("log",),
]


@pytest.mark.parametrize("command", LISTS, ids=lambda command: " ".join(command[:2]))
def test_every_list_is_a_text_file_with_chinese_headings(
    county: Cli, command: tuple[str, ...]
) -> None:
    plain = county(*command, "--format", "csv")
    assert plain.code == 0, plain.err
    assert not plain.out.startswith("\ufeff")
    marked = county(*command, "--format", "csv", "--headings", "zh")
    assert marked.code == 0, marked.err
    headings = next(csv.reader(StringIO(marked.out.removeprefix("\ufeff"))))
    assert marked.out.startswith("\ufeff")
    assert len(headings) == len(next(csv.reader(StringIO(plain.out))))
    for heading in headings:
        assert re.search(r"[\u4e00-\u9fff]|^#$", heading), headings


def test_yes_and_no_are_words_of_the_readers_language_but_below_chinese_headings(
    own_county: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_county("rulebook", "adopt", "kaihua-2024", "--doubts-read").code == 0

    def adopted(*options: str) -> set[str]:
        answer = own_county("rulebook", "list", "--format", "csv", *options)
        rows = list(csv.reader(StringIO(answer.out.removeprefix("\ufeff"))))
        return {row[4] for row in rows[1:]}

    assert adopted("--headings", "zh") == {"是", "否"}
    assert adopted() == {"True", "False"}
    table = own_county("rulebook", "list").out
    assert " yes " in table
    assert " no " in table
    assert "否" not in table
    monkeypatch.setenv("LIFECYCLE_LANG", "zh_CN")
    assert " 否 " in own_county("rulebook", "list").out


def test_modules_are_headed_by_their_names_in_the_rulebook(county: Cli) -> None:
    # One of them has the id of an event's field, and long names are broken in a table's head.
    marked = county("score", *YEAR, "--format", "csv", "--headings", "zh")
    headings = next(csv.reader(StringIO(marked.out)))
    assert {"项目信息", "日常工作", "活动组织", "项目推进"} < set(headings), headings
    assert "活动名称" not in headings


@pytest.mark.parametrize("command", LISTS, ids=lambda command: " ".join(command[:2]))
def test_every_list_is_a_workbook(county: Cli, tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "list.xlsx"
    answer = county(*command, "--format", "xlsx", "--output", file)
    assert answer.code == 0, answer.err
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    rows = list(csv.reader(StringIO(county(*command, "--format", "csv").out)))
    assert (sheet.max_row, sheet.max_column) == (len(rows), len(rows[0]))


def test_a_text_never_becomes_a_formula(cli: Cli, tmp_path: Path) -> None:
    record = ["record", "ReviewHeld", "--project", "P", "--occurred-on", "2024-03-01"]
    assert cli(*record, "--findings", "=1+1").code == 0
    text = tmp_path / "log.csv"
    assert cli("log", "--format", "csv", "--headings", "zh", "--output", text).code == 0
    assert text.read_bytes().startswith(b"\xef\xbb\xbf")
    file = tmp_path / "history.xlsx"
    assert cli("log", "--format", "xlsx", "--output", file).code == 0
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_workbook_goes_to_standard_output_of_a_pipe(county: Cli, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "commands", "--db", county.url, "rulebook", "list"]
    finished = subprocess.run([*command, "--format", "xlsx"], capture_output=True, check=True)
    assert finished.stdout.startswith(b"PK")
    (tmp_path / "a.xlsx").write_bytes(finished.stdout)
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active is not None


@pytest.mark.parametrize("option", [("--headings", "zh"), ("--output", "a.csv")])
def test_what_no_file_is_written_for_is_wrong_usage(cli: Cli, option: tuple[str, str]) -> None:
    answer = cli("project", "list", *option)
    assert (answer.code, "CSV and XLSX only" in answer.err) == (2, True)
