"""Query tables, updated or rebuilt, on either database, hold exactly what history yields."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import select, text

from commands.demo.county_records import records as county
from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from lifecycle.rounding import decimal_text
from lifecycle.rulebook import shipped
from projections import readmodels
from projections.readmodels.query_tables import (
    CONTENT_TABLES,
    deadlines,
    figures,
    projects,
    score_lines,
    scores,
    sheets,
    targets,
    tracking,
)
from projections.readmodels.table_engine import open_engine
from projections.scoring.explanation import explain_unit
from projections.scoring.result_view import View
from projections.views.deadline_view import deadline_rows as deadlines_at
from projections.views.sheet_view import task_rows
from projections.views.target_view import county_target_progress
from tests.ledgers import CLERK, fill
from tests.postgres import Server, running_server
from tests.reference.histories import histories
from tests.soak import history_examples
from tests.table_scores import history_scores, table_scores

BOOK = shipped("kaihua-2024")
NOW = datetime(2030, 1, 1, tzinfo=SHANGHAI)
VIEW = (2024, date(2024, 12, 31))


def execute(url: str, statement: str) -> None:
    with open_engine(url) as engine, engine.begin() as connection:
        connection.execute(text(statement))


def rows(url: str, table: Any) -> list[Any]:
    with open_engine(url) as engine, engine.connect() as connection:
        return list(connection.execute(select(table)))


@history_examples(30)
@given(data=st.data())
def test_updated_tables_equal_rebuilt_ones(data: st.DataObject) -> None:
    records = data.draw(histories())
    cuts = sorted(data.draw(st.lists(st.integers(0, len(records)), max_size=4)))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'l.db'}"
        with Ledger.open(url, create=True, clock=lambda: NOW) as ledger:
            for start, end in zip([0, *cuts], [*cuts, len(records)], strict=True):
                fill(ledger, records[start:end])
                readmodels.catch_up(ledger, url)
            digests_before = readmodels.digests(url)
            assert readmodels.rebuild(ledger, url).rebuilt
            assert readmodels.digests(url) == digests_before
            view = View(*VIEW, ledger.head().position, BOOK)
            assert table_scores(url, view.year) == history_scores(ledger, view)


def test_the_county_on_either_database(store_url: str) -> None:
    records = county()
    # A change of the units and a new year rebuild the tables; what comes later updates them.
    cut = len(records) - 40
    assert str(records[cut]["recorded_at"]) > "2025-01-06"
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, records[:cut])
        assert readmodels.tables_position(store_url) is None
        assert readmodels.catch_up(ledger, store_url).rebuilt
        fill(ledger, records[cut:])
        progress = readmodels.catch_up(ledger, store_url)
        assert (progress.position, progress.rebuilt) == (len(records), False)
        assert 0 < progress.streams < 180
        assert readmodels.catch_up(ledger, store_url).streams == 0
        digests_before = readmodels.digests(store_url)
        readmodels.rebuild(ledger, store_url)
        assert readmodels.digests(store_url) == digests_before
        view = View(*VIEW, ledger.head().position, BOOK)
        assert table_scores(store_url, view.year) == history_scores(ledger, view)
        explained = explain_unit(ledger, view, "华埠镇")
    assert explained is not None
    stored = sorted(
        str(row.points_exact) for row in rows(store_url, score_lines) if row.unit == "华埠镇"
    )
    assert stored == sorted(str(line.points) for line in explained.lines)
    first = next(row for row in rows(store_url, scores) if row.unit == "华埠镇")
    assert explained.score is not None
    assert (decimal_text(explained.score.total, 10), first.rank) == (
        str(first.total).rstrip("0").rstrip("."),
        1,
    )
    assert len(rows(store_url, projects)) == 179
    assert sum(row.fixed_assets is not None for row in rows(store_url, figures)) == sum(
        t["event"] == "InvestmentReported" for t in records
    ) - _voided(records)


def _voided(records: list[dict[str, Any]]) -> int:
    voids = [
        record
        for record in records
        if record["event"] == "FactCorrected" and record["replacement"] is None
    ]
    versions: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        versions.setdefault(str(record.get("project")), []).append(record)
    return sum(
        versions[str(void.get("project"))][void["corrects"] - 1]["event"] == "InvestmentReported"
        for void in voids
    )


def test_deadlines_sheets_and_targets_are_what_history_says(store_url: str) -> None:
    records = county()
    with Ledger.open(
        store_url,
        create=True,
        clock=lambda: datetime(
            2024,
            8,
            20,
            9,
            tzinfo=SHANGHAI,
        ),
    ) as ledger:
        known = [record for record in records if str(record["recorded_at"]) < "2024-08-20"]
        fill(ledger, known)
        readmodels.catch_up(ledger, store_url)
        view = View(2024, date(2024, 8, 20), ledger.head().position, BOOK)
        targets_before = [row.as_json() for row in county_target_progress(ledger, view)]
        sheet_rows = [row.as_json() for row in task_rows(ledger, view)]
        deadline_rows = [row.as_json() for row in deadlines_at(ledger, view)]
        # A target set later changes the tables though no project's stream has changed.
        setting = {
            "event": "TargetSet",
            "occurred_on": "2024-08-20",
            "year": 2024,
            "indicator": "signed_10000",
            "amount": "7",
            "for_unit": "华埠镇",
        }
        ledger.record(read_record(setting), CLERK)
        readmodels.catch_up(ledger, store_url)
        later = [
            row.as_json()
            for row in county_target_progress(
                ledger, View(2024, date(2024, 8, 20), ledger.head().position, BOOK)
            )
        ]
    stored_targets = sorted(rows(store_url, targets), key=lambda row: row.place)
    assert [
        (row.indicator, row.unit, Fraction(row.target), Fraction(row.actual_exact))
        for row in stored_targets
    ] == [
        (row["indicator"], row["unit"], Fraction(row["target"]), Fraction(row["actual"]))
        for row in later
    ]
    assert len(later) == len(targets_before) + 1
    assert {
        (row.number, row.status, row.due_on, row.cleared_on) for row in rows(store_url, sheets)
    } == {(row["number"], row["status"], row["due_on"], row["cleared_on"]) for row in sheet_rows}
    stored = {
        (row.kind, row.project, row.unit, row.about, row.due_on)
        for row in rows(store_url, deadlines)
    }
    assert {
        (row["kind"], row["project"], row["unit"], row["about"], row["due_on"])
        for row in deadline_rows
    } <= stored
    assert len(deadline_rows) > 20
    assert len(sheet_rows) > 20


def fill_small(url: str) -> None:
    """Create a store of the county's beginning with its query tables."""
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, county()[:600])
        readmodels.catch_up(ledger, url)


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "l.db"
    fill_small(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def small_database() -> Iterator[str]:
    """The name of a PostgreSQL database to copy."""
    name = f"t{uuid.uuid4().hex}"
    fill_small(running_server().create(name))
    yield name
    running_server().drop(name)


@pytest.fixture
def sqlite_copy(small_file: Path, tmp_path: Path) -> str:
    shutil.copy(small_file, tmp_path / "copy.db")
    return f"sqlite:///{tmp_path / 'copy.db'}"


@pytest.fixture
def postgresql_copy(small_database: str, server: Server) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex}"
    yield server.create(name, template=small_database)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def small(request: pytest.FixtureRequest) -> str:
    """A store of the county's beginning with its query tables, on either database."""
    url: str = request.getfixturevalue(f"{request.param}_copy")
    return url


@pytest.mark.parametrize("table", CONTENT_TABLES, ids=lambda table: table.name)
def test_a_missing_table_is_rebuilt(small: str, table: Any) -> None:
    before = readmodels.digests(small)
    execute(small, f"DROP TABLE {table.name}")
    with Ledger.open(small) as ledger:
        assert readmodels.catch_up(ledger, small).rebuilt
    assert readmodels.digests(small) == before


def test_a_table_of_another_schema_is_rebuilt(small: str) -> None:
    execute(small, "ALTER TABLE figures ADD COLUMN extra TEXT")
    with Ledger.open(small) as ledger:
        assert readmodels.catch_up(ledger, small).rebuilt


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM read_tables",
        "UPDATE read_tables SET notification_id = notification_id + 5",
        "UPDATE read_tables SET fingerprint = 'of an older version'",
    ],
)
def test_an_untrustworthy_position_triggers_a_rebuild(small: str, statement: str) -> None:
    before = readmodels.digests(small)
    execute(small, statement)
    with Ledger.open(small) as ledger:
        assert readmodels.catch_up(ledger, small).rebuilt
    assert readmodels.digests(small) == before


def test_a_new_day_rebuilds_the_tables(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: NOW) as ledger:
        fill(ledger, county()[:300])
        readmodels.catch_up(ledger, store_url)
    with Ledger.open(store_url, clock=lambda: NOW.replace(day=2)) as ledger:
        assert readmodels.catch_up(ledger, store_url).rebuilt
        (row,) = rows(store_url, tracking)
        assert row.as_of == "2030-01-02"


def test_a_changed_registration_moves_credit_everywhere(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: NOW) as ledger:
        fill(ledger, county())
        readmodels.catch_up(ledger, store_url)
        change = {
            "event": "FactCorrected",
            "unit": "驻杭州招商组",
            "occurred_on": "2025-01-01",
            "corrects": 1,
            "reason": "x",
            "approved_by": "y",
        }
        ledger.record(read_record({**change, "replacement": {"category": "department"}}), CLERK)
        assert readmodels.catch_up(ledger, store_url).rebuilt
        view = View(*VIEW, ledger.head().position, BOOK)
        assert table_scores(store_url, view.year) == history_scores(ledger, view)


def test_unwritable_tables_are_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="query tables"):
        readmodels.tables_position(f"sqlite:///{tmp_path / 'none' / 'l.db'}")
