"""What the guide for analysts shows runs as it stands, and names every table and column."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from commands.analysis.exported_tables import EXPORTED_TABLES
from commands.analysis.parquet_folder import export_folder
from lifecycle.ledger.store import Ledger

DOCS = Path(__file__).parents[3] / "docs"
GUIDES = ("analysis.md", "analysis.zh-CN.md")


def blocks(guide: str, language: str) -> list[str]:
    text = (DOCS / guide).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_names_every_table_and_column(guide: str) -> None:
    text = (DOCS / guide).read_text(encoding="utf-8")
    for table in EXPORTED_TABLES:
        (row,) = re.findall(rf"^\| `{table.name}` \|.*$", text, re.MULTILINE)
        _name, _meaning, year_of, columns = row.strip("| ").split(" | ")
        assert re.findall(r"`(\w+)`", columns) == list(table.columns)
        assert table.year_of == "year" or year_of == f"`{table.year_of}`"


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_s_queries_and_programs_run(
    guide: str, county_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Ledger.open(f"sqlite:///{county_store}") as ledger:
        export_folder(ledger, Path("export"))
        position = ledger.head().position
    ranking, currency = [duckdb.sql(query).fetchall() for query in blocks(guide, "sql")]
    assert [place for place, _unit, _total in ranking] == list(range(1, len(ranking) + 1))
    assert currency[0][0] == position
    names: dict[str, Any] = {}
    for program in blocks(guide, "python"):
        exec(program, names)
    assert names["by_sector"].sum() == sum(names["figures"]["fixed_assets"].dropna())
    assert (tmp_path / "scores-2024.xlsx").stat().st_size > 0
    with duckdb.connect("county.duckdb", read_only=True) as database:
        views = database.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        assert {name for (name,) in views} == {table.name for table in EXPORTED_TABLES}
        assert database.sql("SELECT max(position) FROM events").fetchall() == [(position,)]
