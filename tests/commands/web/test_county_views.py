"""Pages build on what they kept: what grew is read, an edit is noticed, memory is bounded."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from commands.handlers.moving_projects import Move, move_project
from commands.web.accounts import Reader
from commands.web.application import application
from commands.web.county_views import CHECK_SECONDS, CountyViews
from commands.web.page_axes import PageAxes
from commands.web.page_contents import PageContent, PageRequest, first_page
from lifecycle.rulebook import shipped
from projections.facts import ledger_growth
from projections.scoring.result_view import View
from tests.agreement.test_kept_parts import as_kept, at_end, from_history
from tests.given import OTHER, TOWN, UNITS, World, correction, of, reported, unit
from tests.ledgers import CLERK
from tests.outside_changes import change_outside, empty_log, overwrite_bytes
from tests.projections.views.test_idle_plots import BOOK as WATCHING_PLOTS
from tests.resources import allotted, plot

KAIHUA = shipped("kaihua-2024")
YEAR_END = date(2024, 12, 31)
START = [
    *UNITS,
    reported("P"),
    reported("Q", reporting_unit=OTHER),
    of("ConsultationHeld", "2024-02-01", "P", outcome="passed"),
    of("ConsultationHeld", "2024-02-01", "Q", outcome="passed"),
    plot("ZY-1", "50"),
]
SIGNED = of("AgreementSigned", "2024-03-01", contract_investment="9", contract_fixed_assets="9")
SUPPORTED = {
    "event": "MajorProjectSupported",
    "unit": TOWN,
    "occurred_on": "2024-03-02",
    "about_project": "P",
}
TARGET = {
    "event": "TargetSet",
    "occurred_on": "2024-01-01",
    "year": 2024,
    "indicator": "funds_in_place",
    "for_unit": TOWN,
    "amount": "5000",
}
TASKS = [
    of(
        "TaskAssigned",
        "2024-04-01",
        "Q",
        number="开招办交〔2024〕1号",
        task="办理用地预审",
        responsible_unit=OTHER,
        due_on="2024-05-01",
    )
]
SIGNED_LATER = {**SIGNED, "project": "Q", "occurred_on": "2024-12-02"}
NAMED_ANEW = reported("L", name="新项目")
STEPS: dict[str, Sequence[dict[str, Any]]] = {
    "a project grows": [SIGNED],
    "a project is reported": [reported("A")],
    "a report is voided": [correction(2, None), correction(1, None)],
    "a project is transferred": [of("ProjectTransferred", "2024-03-01", to_unit=OTHER)],
    "a unit does something": [SUPPORTED],
    "a unit is renamed": [
        {"event": "UnitRenamed", "unit": TOWN, "occurred_on": "2024-06-01", "name": "华埠街道"}
    ],
    "a unit is dissolved": [
        {"event": "UnitDissolved", "unit": TOWN, "occurred_on": "2024-06-01", "successor": OTHER}
    ],
    "a unit of the next year is named": [
        unit("新镇", occurred_on="2025-01-01"),
        reported("N", reporting_unit="新镇"),
    ],
    "a plot is allotted": [allotted("ZY-1", "P", "2024-03-01", area_mu="30")],
    "a target is set": [TARGET],
}


@pytest.mark.parametrize("step", STEPS)
def test_after_a_step_pages_are_those_of_history(tmp_path: Path, step: str) -> None:
    world = World(tmp_path).given(*START)
    counties = CountyViews(world.ledger, hold=0)
    before = as_kept(counties.at(at_end(world.ledger, YEAR_END, WATCHING_PLOTS)))
    world.given(*STEPS[step])
    view = at_end(world.ledger, YEAR_END, WATCHING_PLOTS)
    after = as_kept(counties.at(view))
    assert after == from_history(world.ledger, view)
    assert after != before


READERS = (
    Reader("", "auditor"),
    Reader("", "leader"),
    Reader("", "unit", TOWN),
    Reader("", "unit", OTHER),
)


def first_pages(counties: CountyViews, view: View) -> list[Any]:
    """What the first page shows to each reader."""
    axes = PageAxes(year="2024")
    pages = []
    for reader in READERS:
        pages.append(first_page(PageRequest({}, None, axes, counties.at(view), reader)))
    return pages


@pytest.mark.parametrize("step", STEPS)
def test_after_a_step_every_reader_sees_the_first_page_of_a_new_server(
    tmp_path: Path, step: str
) -> None:
    world = World(tmp_path).given(*START, *TASKS)
    counties = CountyViews(world.ledger, hold=0)
    browser = TestClient(
        application(world.ledger, None, lambda _entry: None, hold=0), base_url="http://localhost"
    )
    before = at_end(world.ledger, YEAR_END, WATCHING_PLOTS)
    assert first_pages(counties, before) == first_pages(CountyViews(world.ledger), before)
    browser.get("/?year=2024")
    for records in (STEPS[step], [SIGNED_LATER], [NAMED_ANEW]):
        world.given(*records)
        view = at_end(world.ledger, YEAR_END, WATCHING_PLOTS)
        assert first_pages(counties, view) == first_pages(CountyViews(world.ledger), view)
        started = application(world.ledger, None, lambda _entry: None)
        new = TestClient(started, base_url="http://localhost").get("/?year=2024")
        assert browser.get("/?year=2024").text == new.text


def test_what_no_event_touches_stands_as_the_very_same(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START, *TASKS)
    counties = CountyViews(world.ledger, hold=0)
    before = counties.at(at_end(world.ledger, YEAR_END, KAIHUA))
    pages_before = first_page(PageRequest({}, None, PageAxes(), before, READERS[0]))
    world.given(of("ReviewHeld", "2025-01-06", "Q", findings="正常"))
    after = counties.at(at_end(world.ledger, YEAR_END, KAIHUA))
    pages_after = first_page(PageRequest({}, None, PageAxes(), after, READERS[0]))
    assert after.targets() is before.targets()
    assert after.project_labels() is before.project_labels()
    assert all(pages_after[name] is shown for name, shown in pages_before.items())
    world.given(reported("A"))
    later = counties.at(at_end(world.ledger, YEAR_END, KAIHUA))
    assert later.project_labels() is not after.project_labels()


def test_a_moved_project_is_named_by_its_new_code(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START, SUPPORTED)
    counties = CountyViews(world.ledger, hold=0)
    counties.at(at_end(world.ledger, YEAR_END, KAIHUA)).scores()
    move_project(world.ledger, Move("P", "KH-2024-001", "编号录错", "余敏"), CLERK)
    view = at_end(world.ledger, YEAR_END, KAIHUA)
    county = counties.at(view)
    assert as_kept(county) == from_history(world.ledger, view)
    assert set(county.projects()) == {"KH-2024-001", "Q"}


def test_only_the_project_that_grew_is_judged_again(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    counties = CountyViews(world.ledger, hold=0)
    before = counties.at(at_end(world.ledger, YEAR_END, KAIHUA)).projects()
    world.given(SIGNED)
    after = counties.at(at_end(world.ledger, YEAR_END, KAIHUA)).projects()
    assert after["Q"] is before["Q"]
    assert (before["P"].facts.contract is None, after["P"].facts.contract is None) == (True, False)


def test_an_earlier_position_is_not_built_on_a_later_one(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    earlier = at_end(world.ledger, YEAR_END, KAIHUA)
    world.given(SIGNED)
    counties = CountyViews(world.ledger, hold=0)
    for view in (at_end(world.ledger, YEAR_END, KAIHUA), earlier):
        assert as_kept(counties.at(view)) == from_history(world.ledger, view)


def test_after_very_many_events_all_is_worked_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_growth, "MOST_EVENTS", 1)
    world = World(tmp_path).given(*START)
    counties = CountyViews(world.ledger, hold=0)
    before = counties.at(at_end(world.ledger, YEAR_END, KAIHUA)).projects()
    world.given(SIGNED, SUPPORTED)
    view = at_end(world.ledger, YEAR_END, KAIHUA)
    assert as_kept(counties.at(view)) == from_history(world.ledger, view)
    assert counties.at(view).projects()["Q"] is not before["Q"]


# Held against history -----------------------------------------------------------------------------


def url_of(world: World) -> str:
    """The store's address."""
    assert world.ledger.url is not None
    return world.ledger.url


UNITS_EDITED = (
    "UPDATE ledger_events SET state = CAST(replace(state, 'township', 'department') AS BLOB)"
    " WHERE originator_id LIKE 'unit/%'"
)


def edited(project: str) -> tuple[str, list[str]]:
    """An edit of a project's consultation in the store, past the program."""
    statement = (
        "UPDATE ledger_events SET state = CAST(replace(state, '2024-02-01', '2024-02-02') AS BLOB)"
        " WHERE originator_id = ?"
    )
    return statement, [f"project/{project}"]


def test_an_edit_of_a_stream_that_grows_is_noticed_at_once(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    noticed: list[bool] = []
    counties = CountyViews(world.ledger, hold=0)
    counties.on_change = lambda: noticed.append(True)
    counties.at(at_end(world.ledger, YEAR_END, KAIHUA)).scores()
    change_outside(url_of(world), edited("Q"), edited("P"))
    world.given(of("ReviewHeld", "2024-03-05", findings="正常"))
    view = at_end(world.ledger, YEAR_END, KAIHUA)
    # Nothing that was kept serves any more, not of the other project either.
    assert as_kept(counties.at(view)) == from_history(world.ledger, view)
    assert noticed == [True]


@pytest.mark.parametrize(
    "edit",
    [
        edited("Q"),
        "DELETE FROM ledger_events WHERE originator_id = 'project/Q'",
        "UPDATE ledger_events SET state = CAST('{' AS BLOB) WHERE originator_id = 'project/Q'",
        UNITS_EDITED,
    ],
)
def test_an_edit_of_any_stream_is_noticed_when_the_store_is_read_again(
    tmp_path: Path, edit: str | tuple[str, list[str]]
) -> None:
    world = World(tmp_path).given(*START)
    noticed: list[bool] = []
    counties = CountyViews(world.ledger, hold=0)
    counties.on_change = lambda: noticed.append(True)
    counties.at(at_end(world.ledger, YEAR_END, KAIHUA)).scores()
    counties.check()
    assert noticed == []
    change_outside(url_of(world), edit)
    counties.check()
    assert noticed == [True]
    counties.check()
    assert noticed == [True]


def test_bytes_that_were_written_past_sqlite_are_noticed_too(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    store = Path(url_of(world).removeprefix("sqlite:///"))
    empty_log(store)
    counties = CountyViews(world.ledger, hold=0)
    counties.at(at_end(world.ledger, YEAR_END, KAIHUA)).scores()
    counties.check()
    assert counties.changes_seen == 0
    overwrite_bytes(store, "投资方Q", "投资方R")
    counties.check()
    assert counties.changes_seen == 1


def test_another_store_copied_over_the_file_is_noticed_at_the_next_look(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other").given(*START, SIGNED)
    stores = [Path(url_of(each).removeprefix("sqlite:///")) for each in (world, other)]
    for store in stores:
        empty_log(store)
    noticed: list[bool] = []
    counties = CountyViews(world.ledger, hold=0)
    counties.on_change = lambda: noticed.append(True)
    position = counties.position()
    counties.at(at_end(world.ledger, YEAR_END, KAIHUA)).scores()
    assert (counties.position(), noticed) == (position, [])
    with stores[0].open("r+b") as file:
        file.write(stores[1].read_bytes())
    assert (counties.position(), noticed) == (position + 1, [True])
    view = at_end(world.ledger, YEAR_END, KAIHUA)
    assert as_kept(counties.at(view)) == from_history(other.ledger, view)


def test_what_sqlite_brings_into_the_file_itself_is_no_change(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    counties = CountyViews(world.ledger, hold=0)
    counties.position()
    for number in range(3):
        world.given(of("ReviewHeld", "2024-03-05", findings=f"正常{number}"))
        empty_log(Path(url_of(world).removeprefix("sqlite:///")))
        counties.position()
    assert counties.changes_seen == 0


def test_the_store_is_read_again_after_minutes_and_the_page_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("commands.web.county_views.time.monotonic", lambda: now)
    world = World(tmp_path).given(*START)
    log: list[str] = []
    pages = application(world.ledger, None, lambda entry: log.append(entry.text))
    browser = TestClient(pages, base_url="http://localhost")
    address = "/project?code=Q&year=2024"
    first = browser.get(address).text
    change_outside(url_of(world), edited("Q"))
    now = CHECK_SECONDS - 1
    assert browser.get(address).text == first
    assert not any("changed outside" in line for line in log)
    now = CHECK_SECONDS
    # This reader still sees what was read before: the store is read again behind the answer.
    assert browser.get(address).text == first
    assert sum("changed outside" in line for line in log) == 1
    assert browser.get(address).text != first


def test_the_log_says_why_a_page_could_not_be_worked_out(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    log: list[str] = []
    pages = application(world.ledger, None, lambda entry: log.append(entry.text))
    browser = TestClient(pages, base_url="http://localhost")
    damage = "UPDATE ledger_events SET state = CAST('{' AS BLOB) WHERE originator_id = 'project/Q'"
    change_outside(url_of(world), damage)
    assert browser.get("/?year=2024").status_code == 503
    error, request = log
    assert error == (
        "the store cannot be read: event 1 of {stream} at position 5 cannot be read ({why}): run "
        "`lifecycle audit verify`; if it was recorded like this, a manager voids it with "
        "`lifecycle correct {name} 1 --void`"
    )
    assert request.startswith("GET / 503 ")


# Memory and threads -------------------------------------------------------------------------------


def test_what_nobody_asks_for_any_more_is_let_go(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    counties = CountyViews(world.ledger, hold=0)
    judged: list[weakref.ref[Any]] = []
    for days in range(12):
        view = at_end(world.ledger, YEAR_END - timedelta(days), KAIHUA)
        judged.append(weakref.ref(counties.at(view).projects()["P"]))
    gc.collect()
    alive = [each() is not None for each in judged]
    # The last views stay in use, and what is kept of the last few days.
    assert alive == [False] * 6 + [True] * 6


def test_readers_at_once_see_whole_pages_while_a_clerk_records(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    counties = CountyViews(world.ledger, hold=0)

    def read(number: int) -> tuple[Any, Any]:
        view = PageAxes(year="2024").view(world.ledger, counties)
        if number % 5 == 0:
            world.given(of("ReviewHeld", "2024-03-05", findings=f"正常{number}"))
        return as_kept(counties.at(view)), from_history(world.ledger, view)

    with ThreadPoolExecutor(8) as readers:
        for kept, worked_out in readers.map(read, range(40)):
            assert kept == worked_out
    assert counties.changes_seen == 0


def test_readers_at_once_have_a_page_rendered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path).given(*START)
    rendered: list[str] = []

    def slow_page(request: PageRequest) -> PageContent:
        rendered.append(request.text("text"))
        time.sleep(0.2)
        return first_page(request)

    monkeypatch.setattr("commands.web.page_contents.first_page", slow_page)
    pages = application(world.ledger, None, lambda _entry: None)

    def read(text: str) -> str:
        browser = TestClient(pages, base_url="http://localhost")
        return browser.get(f"/?year=2024&text={text}").text

    with ThreadPoolExecutor(8) as readers:
        texts = list(readers.map(read, ["a", "b"] * 4))
    assert sorted(rendered) == ["a", "b"]
    assert len(set(texts)) == 2
