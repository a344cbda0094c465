"""The insider matrix beside the events: every place as three auditors see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.postgres import running_server
from tests.store_copies import copied_store
from tests.trust.insider import DOCS, EYES
from tests.trust.insider_places import (
    BEGIN,
    END,
    PAGES,
    PLACES,
    PlacesScene,
    expected_beside,
    places_table,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PlacesScene]:
    folder = tmp_path_factory.mktemp("places")
    if request.param == "sqlite":
        yield PlacesScene(f"sqlite:///{folder / 'l.db'}", folder)
        return
    name = f"t{uuid.uuid4().hex}"
    yield PlacesScene(running_server().create(name), folder)
    running_server().drop(name)


def test_a_sound_store_shows_nothing(scene: PlacesScene) -> None:
    assert scene.seen_beside(scene.url, "") == dict.fromkeys(EYES, False)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_changed_beside_the_events_is_noticed_by_whom(
    scene: PlacesScene, place: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with copied_store(scene.url, tmp_path_factory.mktemp("copy")) as url:
        scene.suffers_beside(url, place)
        assert scene.seen_beside(url, place) == {eye: expected_beside(place, eye) for eye in EYES}


@pytest.mark.parametrize("name", [*PAGES])
def test_the_pages_for_auditors_show_the_places(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    shown = page.partition(BEGIN)[2].partition(END)[0]
    noticed = {(place, eye): expected_beside(place, eye) for place in PLACES for eye in EYES}
    assert shown == places_table(noticed, PAGES[name])
