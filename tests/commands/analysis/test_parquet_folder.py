"""`export --format parquet`: other programs read what the commands show; again, only changes."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import pytest

from commands.analysis import parquet_folder
from commands.analysis.exported_tables import EXPORTED_TABLES
from commands.web.redaction import PERSON_FIELDS
from lifecycle.events.codec import fields_of
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.given import TOWN

PERSONAL = {*PERSON_FIELDS, "investor", "investor_code"}


class StoredFile(NamedTuple):
    """A file's content, and when it was written."""

    content: bytes
    written_at: int


def export(cli: Cli, folder: Path) -> list[str]:
    """Export, and return the printed lines."""
    answer = cli("export", "--format", "parquet", folder)
    assert (answer.code, answer.err) == (0, "")
    return answer.out.splitlines()


def stored_files(folder: Path) -> dict[str, StoredFile]:
    return {
        path.relative_to(folder).as_posix(): StoredFile(path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def query(folder: Path, table: str, columns: str = "*", rest: str = "") -> list[Any]:
    files = (folder / table / "*" / "*.parquet").as_posix()
    source = f"read_parquet('{files}', hive_partitioning = true)"
    rows: list[Any] = duckdb.sql(f"SELECT {columns} FROM {source} {rest}").fetchall()
    return rows


@pytest.fixture(scope="module")
def exported(county_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county, exported once."""
    folder = tmp_path_factory.mktemp("exported") / "out"
    with Ledger.open(f"sqlite:///{county_store}") as ledger:
        parquet_folder.export_folder(ledger, folder)
    return folder


# Reading ------------------------------------------------------------------------------------------


def test_duckdb_reads_the_scores_that_the_command_shows(county: Cli, exported: Path) -> None:
    units = county("score", "--year", "2024", "--format", "json").json["units"]
    stored = query(exported, "scores", "unit, total, total_exact", "WHERE year = 2024")
    assert {unit: total for unit, total, _exact in stored} == {
        row["unit"]: Decimal(row["total"]) for row in units
    }
    assert all(isinstance(total, Decimal) for _unit, total, _exact in stored)


def test_the_lines_of_a_unit_are_those_of_its_explanation(county: Cli, exported: Path) -> None:
    explanation = county("explain", TOWN, "--year", "2024", "--format", "json").json
    expected = sorted(line["rule"] for line in explanation["lines"])
    stored = query(exported, "lines", "rule", f"WHERE year = 2024 AND unit = '{TOWN}'")
    assert sorted(rule for (rule,) in stored) == expected
    assert expected


def test_each_event_is_there_once_with_its_days_and_moments(county: Cli, exported: Path) -> None:
    with Ledger.open(county.url) as ledger, ledger.newest_first() as recorded_events:
        expected = [
            (
                recorded.position,
                recorded.stream.name,
                type(recorded.event).__name__,
                recorded.event.on,
                recorded.stamp.recorded_at,
                recorded.event.on.year,
            )
            for recorded in recorded_events
        ]
    columns = "position, stream, event, occurred_on, recorded_at, year"
    assert query(exported, "events", columns, "ORDER BY position DESC") == expected
    corrections = query(exported, "events", "event, corrects", "WHERE corrects IS NOT NULL")
    assert {event for event, _version in corrections} == {"FactCorrected"}


def test_pandas_reads_every_table_by_its_folder(exported: Path) -> None:
    for table in EXPORTED_TABLES:
        frame = pd.read_parquet(exported / table.name)
        assert list(frame.columns) == [*table.columns, "year"]
        assert len(frame) > 0, table.name
    events = pd.read_parquet(exported / "events")
    assert str(events["recorded_at"].dtype) == "datetime64[us, UTC]"
    figures = pd.read_parquet(exported / "figures")
    amounts = figures["fixed_assets"].dropna()
    assert all(isinstance(amount, Decimal) for amount in amounts)
    (total,) = query(exported, "figures", "sum(fixed_assets)")[0]
    assert sum(amounts) == total


def test_the_columns_are_those_of_the_query_tables(county: Cli, exported: Path) -> None:
    listed = county("project", "list", "--format", "json").json
    stored = query(exported, "projects", "project, scale, signing_on", "ORDER BY project")
    expected = sorted((row["project"], row["scale"], row["signing_on"]) for row in listed)
    for (project, scale, signing_on), row in zip(stored, expected, strict=True):
        assert (project, scale, signing_on and signing_on.isoformat()) == (
            row[0],
            Decimal(row[1]),
            row[2],
        )


def test_nothing_personal_goes_out(county: Cli, exported: Path) -> None:
    persons: set[str] = set()
    with Ledger.open(county.url) as ledger, ledger.newest_first() as recorded_events:
        for recorded in recorded_events:
            fields = fields_of(recorded.event)
            persons.add(recorded.stamp.recorded_by)
            persons.update(str(fields[name]) for name in PERSONAL & fields.keys())
    texts: set[str] = set()
    for table in EXPORTED_TABLES:
        for row in query(exported, table.name):
            texts.update(cell for cell in row if isinstance(cell, str))
    assert len(persons) > 50
    assert [text for text in texts for person in persons if person in text] == []


def test_a_store_on_either_database_is_exported_by_who_may_only_read(
    cli: Cli, tmp_path: Path
) -> None:
    export(cli, tmp_path / "out")
    positions = query(tmp_path / "out", "events", "position", "ORDER BY 1")
    assert [position for (position,) in positions] == list(range(1, cli.events + 1))
    # A table without rows has its columns all the same.
    assert query(tmp_path / "out", "sheets") == []


# Again --------------------------------------------------------------------------------------------


def test_a_second_run_writes_nothing(county: Cli, exported: Path) -> None:
    before = stored_files(exported)
    assert export(county, exported) == [f"{exported} is up to date; nothing was written"]
    assert stored_files(exported) == before


def test_after_a_record_only_the_changed_files_are_written(
    own_county: Cli, exported: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(exported, folder)
    before = stored_files(folder)
    activity = ("ActivityHeld", "--unit", TOWN, "--led-by-head", "true", "--activity", "赴杭招商")
    assert own_county("record", *activity, "--occurred-on", "2023-05-06").code == 0
    lines = export(own_county, folder)
    after = stored_files(folder)
    changed = {name for name, file in after.items() if before.get(name) != file}
    assert changed == {"events/year=2023/part-0.parquet"}
    assert "files written: 1, unchanged: 4, removed: 0" in lines[0]
    assert all("files written: 0, unchanged" in line for line in lines[1:-1])
    (newest,) = query(folder, "events", "max(position)")
    assert lines[-1].startswith(f"{folder}: up to position {own_county.events}, as of ")
    assert newest == (own_county.events,)


def test_a_damaged_or_missing_file_is_written_anew_and_an_obsolete_one_removed(
    county: Cli, exported: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(exported, folder)
    before = stored_files(folder)
    damaged = folder / "lines" / "year=2024" / "part-0.parquet"
    content = bytearray(damaged.read_bytes())
    # In a page of values, which no footer speaks of: only its checksum tells.
    content[200] ^= 1
    damaged.write_bytes(content)
    shutil.rmtree(folder / "scores")
    (folder / "sheets" / "year=1999").mkdir()
    shutil.copy(damaged, folder / "sheets" / "year=1999" / "part-0.parquet")
    lines = export(county, folder)
    after = stored_files(folder)
    assert {name: file.content for name, file in after.items()} == {
        name: file.content for name, file in before.items()
    }
    assert "files written: 1, unchanged: 0, removed: 0" in lines[3]
    assert "files written: 1, unchanged: 0, removed: 0" in lines[4]
    assert lines[6].endswith("files written: 0, unchanged: 2, removed: 1")


# Errors -------------------------------------------------------------------------------------------


def test_an_error_half_way_leaves_the_folder_as_it_was(
    county: Cli, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(exported, folder)
    # The last table has a column of a type that cannot hold its values.
    *others, sheets = EXPORTED_TABLES
    too_narrow = sheets._replace(columns={**sheets.columns, "number": "day"})
    monkeypatch.setattr(parquet_folder, "EXPORTED_TABLES", (*others, too_narrow))
    shutil.rmtree(folder / "events")
    before = stored_files(folder)
    answer = county("export", "--format", "parquet", folder)
    assert answer.code == 3
    assert "sheets, column number: a value cannot be exported: " in answer.err
    assert stored_files(folder) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", ["notes.txt", "events/year=2024/other.parquet"])
def test_a_folder_with_other_files_is_rejected(county: Cli, tmp_path: Path, name: str) -> None:
    foreign = tmp_path / "out" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine", encoding="utf-8")
    answer = county("export", "--format", "parquet", tmp_path / "out")
    assert answer.code == 1
    assert f"contains {Path(name)}, which no export wrote" in answer.err
    assert "[foreign_file]" in answer.err
    assert foreign.read_text(encoding="utf-8") == "mine"


def test_the_folder_that_the_command_runs_in_is_rejected(
    county: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out" / "inner").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "out" / "inner")
    for folder in (".", "..", tmp_path / "out"):
        answer = county("export", "--format", "parquet", folder)
        assert (answer.code, "[current_folder]" in answer.err) == (1, True)
    assert Path.cwd().exists()


def test_a_file_in_place_of_the_folder_is_wrong_usage(county: Cli, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    answer = county("export", "--format", "parquet", tmp_path / "out")
    assert (answer.code, answer.out) == (2, "")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
