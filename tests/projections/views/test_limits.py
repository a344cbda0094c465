"""Time limits and cadences of a rulebook are deadlines of its projects, wherever listed."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commands.notices.deadline_calendar import deadline_calendar
from commands.reports.rulebook_rows import provision_rows
from lifecycle.rulebook import LoadedRulebook, parse, shipped
from projections.readmodels import catch_up
from projections.scoring.judged_history import judged_at
from projections.scoring.result_view import View
from projections.views.deadline_view import deadline_rows
from projections.views.project_standing import project_standings
from tests.given import REPORTED, TOWN, JsonRecord, World, of, reported
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, PER_ITEM

SOURCE = 'clause = "二"\nbasis = "policy"\n'
LEVELS = "levels = { orange = 3, yellow = 7, blue = 15 }\n"
NAMES = '[[limits]]\nid = "land"\nchinese = "签约后摘牌"\nfrom = "signing"\n' + SOURCE
LAND = NAMES + 'to = "land"\n' + LEVELS
VISIT = (
    NAMES.replace("land", "visit").replace("签约后摘牌", "每月走访")
    + 'every = true\nby = ["FollowedUp"]\nuntil = "filing"\n'
    + LEVELS
)
ANYTHING = VISIT.replace('["FollowedUp"]', '"any"')
AMOUNTS = {"contract_investment": "3000", "contract_fixed_assets": "2000"}
PARCEL = {"area_mu": "30", "transfer_fee": "900"}


def signed(on: str) -> list[JsonRecord]:
    """A project that was signed on a day."""
    consulted = of("ConsultationHeld", "2024-01-20", outcome="passed")
    return [*REPORTED, consulted, of("AgreementSigned", on, **AMOUNTS)]


def followed_up(on: str) -> JsonRecord:
    return of("FollowedUp", on, content="在谈")


def book(*limits: str) -> LoadedRulebook:
    return parse(HEAD + PER_ITEM + "".join(limits))


def view_of(world: World, day: str, rulebook: LoadedRulebook) -> View:
    on = date.fromisoformat(day)
    return View(on.year, on, world.ledger.head().position, rulebook)


def rows(world: World, day: str, *limits: str) -> list[dict[str, Any]]:
    view = view_of(world, day, book(*limits))
    return [row.as_json() for row in deadline_rows(world.ledger, view)]


def due(world: World, day: str, *limits: str) -> list[str]:
    return [row["due_on"] for row in rows(world, day, *limits)]


@pytest.mark.parametrize(
    ("day", "level"),
    [
        ("2024-03-15", None),
        ("2024-03-16", "blue"),
        ("2024-03-24", "yellow"),
        ("2024-03-28", "orange"),
        ("2024-03-31", "orange"),
        ("2024-04-01", "red"),
    ],
)
def test_a_limit_is_listed_by_its_own_levels(tmp_path: Path, day: str, level: str | None) -> None:
    with World(tmp_path).given(*signed("2024-03-01")).ledger as ledger:
        view = View(
            2024, date.fromisoformat(day), ledger.head().position, book(LAND + "days = 30\n")
        )
        listed = [row.as_json() for row in deadline_rows(ledger, view)]
        if level is None:
            assert listed == []
            return
        [row] = listed
        assert row == {
            "kind": "limit",
            "project": "P",
            "unit": TOWN,
            "name": TOWN,
            "about": "land",
            "due_on": "2024-03-31",
            "days_left": (date(2024, 3, 31) - view.as_of).days,
            "level": level,
            "clause": "二",
            "basis": "policy",
        }


# Worked by hand. 9 February 2024 is a Friday at work, 10 to 17 February are the Spring Festival,
# 18 February is a Sunday at work.
@pytest.mark.parametrize(
    ("signed_on", "length", "due_on"),
    [
        ("2024-02-08", "days = 1", "2024-02-09"),
        ("2024-02-08", "days = 365", "2025-02-07"),
        ("2024-02-08", "working_days = 1", "2024-02-09"),
        ("2024-02-08", "working_days = 2", "2024-02-18"),
        ("2024-02-08", "working_days = 3", "2024-02-19"),
        ("2024-01-31", "months = 1", "2024-02-29"),
        ("2024-01-31", "months = 2", "2024-03-31"),
        ("2024-02-29", "months = 12", "2025-02-28"),
    ],
)
def test_the_day_that_it_runs_from_does_not_count(
    tmp_path: Path, signed_on: str, length: str, due_on: str
) -> None:
    world = World(tmp_path).given(*signed(signed_on))
    with world.ledger:
        assert due(world, "2026-01-01", LAND + length + "\n") == [due_on]


def test_days_beyond_the_published_holidays_are_estimated(tmp_path: Path) -> None:
    world = World(tmp_path).given(*signed("2024-03-01"))
    with world.ledger:
        [row] = rows(world, "2040-01-01", LAND + "working_days = 3660\n")
        assert row["estimated"] is True
        [known] = rows(world, "2040-01-01", LAND + "working_days = 5\n")
        assert "estimated" not in known


def test_a_limit_ends_at_its_node_on_that_day(tmp_path: Path) -> None:
    world = World(tmp_path).given(*signed("2024-03-01"), of("LandAcquired", "2024-04-05", **PARCEL))
    with world.ledger:
        assert due(world, "2024-04-04", LAND + "days = 30\n") == ["2024-03-31"]
        assert due(world, "2024-04-05", LAND + "days = 30\n") == []


def test_a_cadence_begins_anew_with_each_event(tmp_path: Path) -> None:
    visits = [followed_up("2024-03-10"), followed_up("2024-04-30")]
    world = World(tmp_path).given(*signed("2024-03-01"), *visits)
    with world.ledger:
        cadence = VISIT + "months = 1\n"
        assert due(world, "2024-03-09", cadence) == []
        assert due(world, "2024-03-26", cadence) == ["2024-04-10"]
        assert due(world, "2024-04-29", cadence) == ["2024-04-10"]
        assert due(world, "2024-05-29", cadence) == ["2024-05-30"]


def test_a_visit_before_the_node_does_not_shorten_it(tmp_path: Path) -> None:
    world = World(tmp_path).given(*signed("2024-03-01"), followed_up("2024-02-01"))
    with world.ledger:
        assert due(world, "2024-03-31", VISIT + "months = 1\n") == ["2024-04-01"]


def test_any_event_begins_a_cadence_anew(tmp_path: Path) -> None:
    land = of("LandAcquired", "2024-03-20", **PARCEL)
    world = World(tmp_path).given(*signed("2024-03-01"), land)
    with world.ledger:
        assert due(world, "2024-05-01", ANYTHING + "days = 10\n") == ["2024-03-30"]
        assert due(world, "2024-05-01", VISIT + "days = 10\n") == ["2024-03-11"]


def test_a_cadence_ends_at_its_node_and_rests_while_paused(tmp_path: Path) -> None:
    paused = of("ProjectPaused", "2024-04-01", reason="等待规划调整")
    resumed = of("ProjectResumed", "2024-05-01", reason="规划已定")
    filed = of("ProjectFiled", "2024-06-01", project_code="2101-330824-04-01-000001")
    world = World(tmp_path).given(*signed("2024-03-01"), paused, resumed, filed)
    with world.ledger:
        cadence, limit = VISIT + "days = 10\n", LAND + "days = 10\n"
        assert due(world, "2024-03-31", cadence) == ["2024-03-11"]
        assert due(world, "2024-04-01", cadence, limit) == ["2024-03-11"]
        assert due(world, "2024-05-01", cadence) == ["2024-03-11"]
        assert due(world, "2024-06-01", cadence) == []


def test_filters_needs_and_ends_of_projects(tmp_path: Path) -> None:
    unconsulted = [reported("Q"), of("AgreementSigned", "2024-03-01", "Q", **AMOUNTS)]
    world = World(tmp_path).given(*signed("2024-03-01"), *unconsulted)
    recognition = '[recognition]\nneeds = "consultation"\nchinese = "未决策"\n' + SOURCE
    with world.ledger:
        limit = LAND + "days = 10\n"
        assert [row["project"] for row in rows(world, "2024-04-01", limit)] == ["P", "Q"]
        needed = limit + 'needs = ["recognised"]\n' + recognition
        assert [row["project"] for row in rows(world, "2024-04-01", needed)] == ["P"]
        assert rows(world, "2024-04-01", limit + 'where = { sector = ["service"] }\n') == []
        world.record(of("ProjectTerminated", "2024-05-01", reason="终止"))
        assert [row["project"] for row in rows(world, "2024-05-01", limit)] == ["Q"]


def test_calendars_and_query_tables_hold_it(tmp_path: Path) -> None:
    source = shipped("kaihua-2024").content + LAND.replace(LEVELS, "") + "days = 30\n"
    loaded = parse(source)
    adopted = {
        "event": "RulebookAdopted",
        "occurred_on": "2024-01-01",
        "rulebook_id": loaded.id,
        "digest": loaded.digest,
        "content": loaded.content,
    }
    url = f"sqlite:///{tmp_path / 'county.db'}"
    with World(tmp_path, url).given(adopted, *signed("2024-03-01")).ledger as ledger:
        view = View(2024, date(2024, 3, 20), ledger.head().position, loaded)
        calendar = deadline_calendar(ledger, view, None).decode()
        assert "办理时限（签约后摘牌）" in calendar.replace("\r\n ", "")
        listed = [row.as_json() for row in deadline_rows(ledger, view)]
        # The levels of `deadlines` hold for a limit that has none of its own.
        assert [row["level"] for row in listed if row["kind"] == "limit"] == ["yellow"]
        catch_up(ledger, url)
    with sqlite3.connect(tmp_path / "county.db") as database:
        query = "SELECT project, about, due_on FROM deadlines WHERE kind = 'limit'"
        assert database.execute(query).fetchall() == [("P", "land", "2024-03-31")]


def test_a_missed_limit_makes_a_project_overdue_and_a_missed_cadence_does_not(
    tmp_path: Path,
) -> None:
    world = World(tmp_path).given(*signed("2024-03-01"))
    with world.ledger as ledger:
        for limit, standing in ((LAND, "overdue"), (VISIT, "on_track")):
            view = view_of(world, "2024-05-01", book(limit + "days = 10\n"))
            [project] = project_standings(judged_at(ledger, view), view.as_of)
            assert project.standing == standing


def test_limits_in_words() -> None:
    visits = VISIT.replace('["FollowedUp"]', '["FollowedUp", "ReviewHeld"]') + "months = 1\n"
    lands = LAND + 'working_days = 60\nneeds = ["recognised"]\n'
    texts = [row.text for row in provision_rows(book(lands, visits).rulebook)]
    levels = "3 天内橙色，7 天内黄色，15 天内蓝色"
    assert texts == [
        f"须经认可；正式签约后 60 个工作日内完成土地摘牌；{levels}",
        f"正式签约后每 1 个月内须有跟进或回头看，至项目备案为止；{levels}",
    ]
    [row] = provision_rows(book(ANYTHING.replace('until = "filing"\n', "") + "days = 5\n").rulebook)
    assert row.text.startswith("正式签约后每 5 天内须有进展记录；")
