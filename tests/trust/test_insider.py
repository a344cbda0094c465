"""The insider matrix: every deed and cover as three auditors see it; the docs hold its table."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import running_server
from tests.soak import either
from tests.store_copies import copied_store
from tests.trust.insider import BEGIN, CASES, DOCS, END, EYES, PAGES, Case, Scene, expected, table

COVERED = [case for case in CASES if case.tree == case.dropped == case.stolen]
PAIRS = [("sqlite", case) for case in CASES] + [
    ("postgresql", case) for case in either(COVERED, CASES)
]


@pytest.fixture(scope="module")
def sqlite_scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    return Scene(f"sqlite:///{folder / 'l.db'}", folder)


@pytest.fixture(scope="module")
def postgresql_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    name = f"t{uuid.uuid4().hex}"
    yield Scene(running_server().create(name), tmp_path_factory.mktemp("scene"))
    running_server().drop(name)


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    # A module's fixture with parameters of its own would be set up again for each pair.
    shared_scene: Scene = request.getfixturevalue(f"{request.param}_scene")
    return shared_scene


@pytest.mark.parametrize("scene", ["sqlite", "postgresql"], indirect=True)
def test_a_sound_store_shows_nothing(scene: Scene) -> None:
    assert scene.seen(scene.url, CASES[0]) == dict.fromkeys(EYES, (False, None))


@pytest.mark.parametrize(
    ("scene", "case"),
    PAIRS,
    indirect=["scene"],
    ids=[f"{database}: {case.deed}, {case.covers}, {case.when}" for database, case in PAIRS],
)
def test_what_an_insider_does_is_noticed_by_whom(
    scene: Scene,
    case: Case,
    tmp_path: Path,
) -> None:
    with copied_store(scene.url, tmp_path) as url:
        scene.suffers(url, case)
        seen = scene.seen(url, case)
    assert {eye: noticed for eye, (noticed, _) in seen.items()} == {
        eye: expected(case, eye) for eye in EYES
    }
    assert seen["receipts"] == (True, case.first)  # the first event that differs is named
    if case.when == "before":
        assert seen["witness"] == (True, case.first)


@pytest.mark.parametrize("name", [*PAGES])
def test_the_pages_for_auditors_show_this_table(name: str) -> None:
    shown = (DOCS / name).read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown == table(
        {(case, eye): expected(case, eye) for case in CASES for eye in EYES}, PAGES[name]
    )
