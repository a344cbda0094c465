"""A plot that was allotted and lies idle, without land acquired, is a deadline of its project."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commands.reports.ledger_workbook import write_ledger
from lifecycle.rulebook import LoadedRulebook, parse, shipped
from projections.readmodels import catch_up
from projections.scoring.result_view import View
from projections.views.deadline_view import deadline_rows
from tests.commands.reports.conftest import ledger_foot
from tests.given import REPORTED, TOWN, World, correction, of
from tests.resources import allotted, plot, resource

SOURCE = shipped("kaihua-2024").content
TABLE = """[deadlines.idle_plot]
days = 180
clause = "意8"
basis = "assumption"
note = "The text names no period."

[deadlines.stalled]"""
BOOK = parse(SOURCE.replace("[deadlines.stalled]", TABLE))
GIVEN = [*REPORTED, plot("ZY-1", "50"), allotted("ZY-1", "P", "2024-03-01", area_mu="30")]
# 180 days after 1 March 2024.
DUE = "2024-08-28"
LAND = {"area_mu": "30", "transfer_fee": "900"}


def rows(world: World, day: str, book: LoadedRulebook = BOOK) -> list[dict[str, Any]]:
    on = date.fromisoformat(day)
    view = View(on.year, on, world.ledger.head().position, book)
    listed = [row.as_json() for row in deadline_rows(world.ledger, view)]
    return [row for row in listed if row["kind"] == "idle_plot"]


def about(world: World, day: str) -> list[tuple[str, str]]:
    return [(row["about"], row["due_on"]) for row in rows(world, day)]


@pytest.mark.parametrize(
    ("day", "level"),
    [
        ("2024-05-29", None),
        ("2024-05-30", "blue"),
        ("2024-07-29", "yellow"),
        ("2024-08-21", "orange"),
        ("2024-08-28", "orange"),
        ("2024-08-29", "red"),
    ],
)
def test_it_is_due_so_many_days_after_the_allotment(
    tmp_path: Path, day: str, level: str | None
) -> None:
    world = World(tmp_path).given(*GIVEN)
    if level is None:
        assert rows(world, day) == []
        return
    (row,) = rows(world, day)
    assert (row["project"], row["unit"], row["about"]) == ("P", TOWN, "ZY-1")
    assert (row["due_on"], row["level"]) == (DUE, level)
    assert (row["clause"], row["basis"]) == ("意8", "assumption")


def test_a_rulebook_without_the_table_watches_no_plot(tmp_path: Path) -> None:
    world = World(tmp_path).given(*GIVEN)
    assert rows(world, "2024-12-31", shipped("kaihua-2024")) == []


@pytest.mark.parametrize(("acquired", "idle"), [("2024-02-29", True), ("2024-03-01", False)])
def test_land_acquired_from_the_day_of_the_allotment_on_ends_it(
    tmp_path: Path, acquired: str, *, idle: bool
) -> None:
    world = World(tmp_path).given(*GIVEN, of("LandAcquired", acquired, **LAND))
    assert about(world, "2024-08-28") == [("ZY-1", DUE)] * idle


def test_a_second_plot_waits_for_land_of_its_own(tmp_path: Path) -> None:
    world = World(tmp_path).given(
        *GIVEN,
        of("LandAcquired", "2024-04-01", **LAND),
        plot("ZY-2", "9"),
        allotted("ZY-2", "P", "2024-05-01"),
        # More of the first plot: its own day counts, as the first was acquired.
        allotted("ZY-1", "P", "2024-05-03", area_mu="1"),
    )
    assert about(world, "2024-10-20") == [("ZY-2", "2024-10-28"), ("ZY-1", "2024-10-30")]
    world.given(of("LandAcquired", "2024-06-01", parcel="二期", **LAND))
    assert about(world, "2024-10-20") == []


@pytest.mark.parametrize(
    "change",
    [
        resource("ResourceReleased", "ZY-1", "2024-07-01", project="P"),
        resource("ResourceChanged", "ZY-1", "2024-07-01", kind="tourism_asset"),
        of("ProjectTerminated", "2024-07-01", reason="终止"),
    ],
)
def test_what_ends_it_ends_it_from_its_day_on(tmp_path: Path, change: dict[str, Any]) -> None:
    world = World(tmp_path).given(*GIVEN, change)
    assert about(world, "2024-06-30") == [("ZY-1", DUE)]
    assert about(world, "2024-07-01") == []


def test_a_pause_and_a_withdrawal_leave_it(tmp_path: Path) -> None:
    world = World(tmp_path).given(
        *GIVEN,
        of("ProjectPaused", "2024-06-01", reason="市场"),
        resource("ResourceWithdrawn", "ZY-1", "2024-06-01", reason="收回"),
    )
    assert about(world, "2024-08-28") == [("ZY-1", DUE)]


def test_a_building_is_no_plot_and_a_void_allotment_none(tmp_path: Path) -> None:
    void = correction(2, None)
    del void["project"]
    world = World(tmp_path).given(
        *GIVEN,
        plot("ZY-2", "9", kind="idle_plant", floor_area_m2="500"),
        allotted("ZY-2", "P", "2024-03-01"),
    )
    assert about(world, "2024-08-28") == [("ZY-1", DUE)]
    world.given(void | {"resource": "ZY-1"})
    assert about(world, "2024-08-28") == []


def test_the_ledger_workbook_warns_of_it(tmp_path: Path) -> None:
    world = World(tmp_path).given(*GIVEN, of("StatisticsEntered", "2024-08-01"))
    view = View(2024, date(2024, 8, 25), world.ledger.head().position, BOOK)
    write_ledger(tmp_path / "a.xlsx", world.ledger, view, ledger_foot(world.ledger, view))
    texts = [
        str(cell.value)
        for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["全部项目"].iter_rows()
        for cell in row
    ]
    assert f"橙色：供地闲置ZY-1 {DUE}" in texts


def test_query_tables_follow_what_happens_to_plots(tmp_path: Path) -> None:
    adopted = {"rulebook_id": BOOK.id, "digest": BOOK.digest, "content": BOOK.content}
    world = World(tmp_path).given(
        *REPORTED,
        {"event": "RulebookAdopted", "occurred_on": "2024-01-01", **adopted},
        plot("ZY-1", "50"),
    )
    # The tables stand in the store's own file.
    tables = tmp_path / "ledger.db"

    def idle() -> list[tuple[str, str]]:
        catch_up(world.ledger, f"sqlite:///{tables}")
        with sqlite3.connect(tables) as connection:
            query = "SELECT project, about FROM deadlines WHERE kind = 'idle_plot'"
            return connection.execute(query).fetchall()

    assert idle() == []
    world.given(allotted("ZY-1", "P", "2024-03-01"))
    assert idle() == [("P", "ZY-1")]
    world.given(resource("ResourceReleased", "ZY-1", "2024-04-01", project="P"))
    assert idle() == []
