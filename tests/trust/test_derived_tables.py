"""The query tables are held against history: what differs is named, and a rebuild mends it."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Final

import pytest

from commands.demo.county_records import records
from lifecycle.ledger.store import Ledger
from projections import readmodels
from projections.readmodels.query_tables import CONTENT_TABLES, metadata
from tests.county import CountyCli, create_county
from tests.ledgers import LATER, fill
from tests.outside_changes import change_outside

FIELDS: Final = {
    "units": "sequence",
    "projects": "name",
    "figures": "tax",
    "scores": "total",
    "score_parts": "points",
    "score_lines": "clause",
    "deadlines": "estimated",
    "sheets": "status",
    "target_shares": "amount",
    "targets": "actual",
}
"""A field of each table."""
EVENTS: Final = 1_200
"""The county's first events, after which every table has rows."""


def test_every_table_has_its_attack() -> None:
    assert {*FIELDS} == {table.name for table in CONTENT_TABLES}


def test_each_table_that_was_changed_is_named_on_either_database(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        assert readmodels.compare_tables(ledger, store_url) is None
        fill(ledger, islice(records(), EVENTS))
        readmodels.rebuild(ledger, store_url)
        sound = readmodels.compare_tables(ledger, store_url)
        assert sound == readmodels.TableComparison(is_comparable=True, differences=[])
        for name in FIELDS:
            change_outside(store_url, f"DELETE FROM {name}")
        comparison = readmodels.compare_tables(ledger, store_url)
        assert comparison is not None
        assert [table.table for table in comparison.differences] == [*FIELDS]
        readmodels.rebuild(ledger, store_url)
        assert readmodels.compare_tables(ledger, store_url) == sound


@pytest.fixture(scope="module")
def county_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county's beginning with its query tables."""
    folder = tmp_path_factory.mktemp("tables")
    create_county(folder, events=EVENTS)
    url = f"sqlite:///{folder / 'l.db'}"
    with Ledger.open(url) as ledger:
        readmodels.rebuild(ledger, url)
    return folder


def verdict_of(county: CountyCli) -> str:
    verdict: str = json.loads(county("audit", "verify", "--format", "json").out)["verdict"]
    return verdict


def change_one_field(county: CountyCli, table: str) -> str:
    """Change a field of a table's first row behind the program's back; return the row's key."""
    keys = [column.name for column in metadata.tables[table].primary_key.columns]
    matching = " AND ".join(f"{key} = (SELECT {key} FROM {table} LIMIT 1)" for key in keys)
    change_outside(county.url, f"UPDATE {table} SET {FIELDS[table]} = 199 WHERE {matching}")
    return keys[0]


def differing_tables(county: CountyCli) -> list[str]:
    status = county("projections", "status", "--format", "json")
    differing: list[str] = json.loads(status.out)["differing"]
    return differing


@pytest.mark.parametrize("table", FIELDS)
def test_one_changed_field_is_named_by_table_and_row(county: CountyCli, table: str) -> None:
    key = change_one_field(county, table)
    verdict = county("audit", "verify")
    assert verdict.code == 1
    assert f"the query table {table} differs from history, first at {key}=" in verdict.err
    assert "(rows that differ: 1)" in verdict.err
    assert "`lifecycle projections rebuild`" in verdict.err
    assert differing_tables(county) == [table]


def test_a_rebuild_mends_a_changed_field_of_each_table(county: CountyCli) -> None:
    for table in FIELDS:
        change_one_field(county, table)
    county("audit", "verify")
    assert differing_tables(county) == [*FIELDS]
    assert county("projections", "rebuild").code == 0
    assert verdict_of(county) == "CONSISTENT"
    assert differing_tables(county) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE read_tables SET notification_id = notification_id + 1000",
        "UPDATE read_tables SET notification_id = 10",
        "UPDATE read_tables SET as_of = '2024-05-05'",
        "UPDATE read_tables SET as_of = 'x'",
        "UPDATE read_tables SET fingerprint = fingerprint || 'x'",
        "DELETE FROM read_tables",
        "INSERT INTO units SELECT '鬼', name, sequence, category, 1 FROM units LIMIT 1",
        "DROP TABLE targets",
        "ALTER TABLE scores ADD COLUMN extra TEXT",
    ],
)
def test_other_changes_to_the_tables_are_noticed(county: CountyCli, change: str) -> None:
    change_outside(county.url, change)
    verdict = county("audit", "verify")
    assert verdict.code == 1
    assert "the query table " in verdict.err
    county("projections", "rebuild")
    assert verdict_of(county) == "CONSISTENT"


def test_tables_that_are_behind_are_compared_at_their_position(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        county_records = [*islice(records(), EVENTS)]
        fill(ledger, county_records[:-200])
        readmodels.rebuild(ledger, store_url)
        fill(ledger, county_records[-200:])
        comparison = readmodels.compare_tables(ledger, store_url)
        assert comparison == readmodels.TableComparison(is_comparable=True, differences=[])


def test_tables_of_an_earlier_schema_are_named_as_not_compared(county: CountyCli) -> None:
    change_outside(county.url, "UPDATE read_tables SET fingerprint = '3 x'")
    verdict = county("audit", "verify")
    assert "DIFFERS" not in verdict.out
    assert "query tables of another version of lifecycle were not compared" in verdict.out
