"""A clerk enters next year's days off, and what is counted from then on is no estimate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Answer, Cli

TABLE = """起,止,安排
2027年1月1日,2027年1月3日,放假
2027-2-5,2027-2-11,放假
2027.2.14,,上班
2027/2/28,,补班
"""


def written(folder: Path, text: str, name: str = "2027.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def add(cli: Cli, file: Path) -> Answer:
    return cli("calendar", "add", file, "--source-ref", "国办发明电〔2026〕7号")


def moved_days(cli: Cli) -> list[tuple[str, str]]:
    rows = cli("calendar", "show", "--year", 2027, "--format", "json").json
    return [(row["day"], row["kind"]) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_typed_from_the_notice_is_recorded(cli: Cli, tmp_path: Path, encoding: str) -> None:
    # By law, before anything is arranged.
    assert ("2027-10-01", "off") in moved_days(cli)
    added = add(cli, written(tmp_path, TABLE, encoding=encoding))
    assert added.code == 0
    assert "2027: 10 days off, 2 weekend days worked" in added.err
    # Of the days off, two each of January and February lie on a weekend.
    assert moved_days(cli) == [
        ("2027-01-01", "off"),
        ("2027-02-05", "off"),
        ("2027-02-08", "off"),
        ("2027-02-09", "off"),
        ("2027-02-10", "off"),
        ("2027-02-11", "off"),
        ("2027-02-14", "worked"),
        ("2027-02-28", "worked"),
    ]
    assert "2004–2027" in cli("status").out


def test_a_year_is_arranged_once(cli: Cli, tmp_path: Path) -> None:
    file = written(tmp_path, TABLE)
    add(cli, file)
    recorded = cli.events
    assert add(cli, file).code == 0  # alike in all: already recorded
    other = written(tmp_path, TABLE.replace("2027-2-11", "2027-2-12"), "other.csv")
    rejected = add(cli, other)
    assert rejected.code == 1
    assert "the working days of 2027 are already arranged" in rejected.err
    assert cli.events == recorded


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2027-02-10,,上班", "2027-02-10 is neither a Saturday nor a Sunday"),
        ("2027-02-06,,上班", "2027-02-06 is listed both as off and as worked"),
        ("2029-02-10,,放假", "2029-02-10 does not belong to the arrangement of 2027"),
        ("3月5日,,放假", "line 6:"),
        ("2027-05-01,2027-05-05,调休", "line 6:"),
        ("2027-05-05,2027-05-01,放假", "is no holiday of 1 to 31 days"),
        ("2027-05-05,2027-06-30,放假", "is no holiday of 1 to 31 days"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_recorded(
    cli: Cli, tmp_path: Path, row: str, message: str
) -> None:
    recorded = cli.events
    rejected = add(cli, written(tmp_path, f"{TABLE}{row}\n"))
    assert rejected.code == 1
    assert message in rejected.err
    assert cli.events == recorded


def test_a_file_that_is_no_table(cli: Cli, tmp_path: Path) -> None:
    empty = add(cli, written(tmp_path, "起,止,安排\n"))
    assert (empty.code, "lists no days" in empty.err) == (1, True)
    wrong = add(cli, written(tmp_path, TABLE, "2027.txt"))
    assert (wrong.code, ".csv" in wrong.err) == (3, True)
