"""The first page is made again as the ledger grows: never an older one, and never at others' cost.

What it shows after each kind of event is compared with a new server's.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from commands.web.application import application, guarded_pages
from commands.web.county_views import CountyViews
from commands.web.page_contents import PageContent, PageRequest, first_page
from commands.web.site import Site
from commands.words.declared_words import declared_words, use_words
from lifecycle.rulebook.declared_words import DeclaredWord
from tests.commands.web.test_county_views import SIGNED, START, STEPS, TASKS
from tests.given import World, of
from tests.outside_changes import change_outside

REVIEWED = of("ReviewHeld", "2024-03-05", findings="正常")
HELD = 600.0


class Served:
    """A first page that stays ready, and at which positions it was made."""

    def __init__(self, world: World, hold: float = 0) -> None:
        self.made_at: list[int] = []
        self.log: list[str] = []
        self.seconds = 0.0
        self.counties = CountyViews(world.ledger, hold=hold)
        self.site = Site(world.ledger, None, self.counties)
        page = self.site.page("board.html", self.content, stays_ready=True)
        self.application = guarded_pages(
            self.site,
            None,
            lambda entry: self.log.append(entry.text),
            [Route("/", page)],
            None,
        )
        self.browser = TestClient(self.application, base_url="http://localhost")

    def content(self, request: PageRequest) -> PageContent:
        time.sleep(self.seconds)
        self.made_at.append(request.county.view.position)
        return first_page(request)

    def read(self, address: str = "/") -> str:
        answer = self.browser.get(address)
        assert answer.status_code == 200, answer.text
        return answer.text


def new_page(world: World) -> str:
    """What a server shows that was just started."""
    started = application(world.ledger, None, lambda _entry: None)
    return TestClient(started, base_url="http://localhost").get("/").text


@pytest.mark.parametrize("step", STEPS)
def test_after_a_step_the_page_is_ready_and_that_of_a_new_server(tmp_path: Path, step: str) -> None:
    world = World(tmp_path).given(*START, *TASKS)
    served = Served(world)
    served.read()
    world.given(*STEPS[step])
    served.site.ready_pages.make()
    made = len(served.made_at)
    assert served.read() == new_page(world)
    assert (len(served.made_at), served.made_at[-1]) == (made, world.ledger.head().position)


def test_what_is_recorded_after_a_page_was_made_is_shown(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    served = Served(world, hold=HELD)
    served.read()
    served.counties.end_hold()
    world.given(REVIEWED)
    served.site.ready_pages.make()
    world.given(SIGNED)
    # Although pages otherwise stay where they are for ten minutes.
    assert served.read() == new_page(world)
    assert served.made_at[-1] == world.ledger.head().position


def test_while_readers_share_a_position_no_page_is_made(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    served = Served(world, hold=HELD)
    page = served.read()
    world.given(SIGNED)
    assert HELD - 60 < served.site.ready_pages.pause() <= HELD
    assert served.read() == page


def test_pages_are_made_once_for_all_that_was_recorded(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    served = Served(world)
    served.read()
    served.read("/?wall=1")
    world.given(REVIEWED, SIGNED)
    for _look in range(3):
        served.site.ready_pages.make()
    end = world.ledger.head().position
    assert served.made_at == [end - 2, end - 2, end, end]


def test_nothing_is_done_for_pages_where_nothing_changed(tmp_path: Path) -> None:
    ready_pages = Served(World(tmp_path).given(*START)).site.ready_pages
    calls: list[int] = []
    ready_pages.keep("page", lambda: calls.append(1))
    for _look in range(3):
        ready_pages.make()
    assert len(calls) == 1


def test_a_page_is_packed_for_browsers_before_they_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path).given(*START)
    served = Served(world)
    served.read()
    world.given(SIGNED)
    served.site.ready_pages.make()
    monkeypatch.setattr("commands.web.gzip_answers.gzip.compress", None)
    assert "华埠镇" in served.read()


def test_the_words_of_a_page_end_with_it(tmp_path: Path) -> None:
    ready_pages = Served(World(tmp_path).given(*START)).site.ready_pages
    use_words(lambda: ())
    words_seen: list[int] = []

    def make_page() -> None:
        words_seen.append(len(declared_words()))
        use_words(lambda: [cast("DeclaredWord", "a word")])

    ready_pages.keep("page", make_page)
    ready_pages.make()
    assert words_seen == [0]
    assert declared_words() == ()


def test_no_other_view_is_made_again(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    served = Served(world)
    for axis in ("year=2024", "as_of=2024-06-30", "rulebook=kaihua-2024"):
        served.read(f"/?{axis}")
    world.given(SIGNED)
    served.site.ready_pages.make()
    assert len(served.made_at) == 3


def test_on_a_new_day_the_page_is_made_without_an_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path).given(*START)
    now = datetime(2024, 6, 30, 15, tzinfo=UTC)
    monkeypatch.setattr(world.ledger, "clock", lambda: now)
    served = Served(world)
    served.read()
    served.site.ready_pages.make()
    assert len(served.made_at) == 1
    now = datetime(2024, 7, 1, 15, tzinfo=UTC)
    served.site.ready_pages.make()
    assert len(served.made_at) == 2
    assert "2024年7月1日" in served.read()
    assert len(served.made_at) == 2


def test_making_takes_a_small_share_of_the_time(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    served = Served(world)
    served.read()
    world.given(REVIEWED)
    served.seconds = 0.2
    served.site.ready_pages.make()
    assert served.site.ready_pages.pause() > 19 * 0.2


def test_a_page_that_cannot_be_made_is_an_error_for_its_readers_alone(tmp_path: Path) -> None:
    world = World(tmp_path).given(*START)
    served = Served(world)
    served.read()
    damage = "UPDATE ledger_events SET state = CAST('{' AS BLOB) WHERE originator_id = 'project/P'"
    assert world.ledger.url is not None
    change_outside(world.ledger.url, damage)
    served.counties.check()
    log_before = list(served.log)
    served.site.ready_pages.make()
    assert served.log == log_before
    assert served.browser.get("/").status_code == 503


def test_a_server_makes_pages_in_the_background(
    tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.web.ready_pages._LOOK_SECONDS", 0.01)
    world = World(tmp_path, store_url).given(*START)
    with world.ledger:
        served = Served(world)
        with served.browser:
            served.read()
            world.given(SIGNED)
            end = world.ledger.head().position
            deadline = time.monotonic() + 20
            while served.made_at[-1] != end and time.monotonic() < deadline:
                time.sleep(0.01)
            assert served.made_at == [end - 1, end]
            assert served.read() == new_page(world)
        # After the server was stopped nothing is made any more.
        world.given(REVIEWED)
        time.sleep(0.1)
        assert served.made_at[-1] == end
