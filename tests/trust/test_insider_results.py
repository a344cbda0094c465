"""The insider matrix of results: every publication and certificate, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import running_server
from tests.trust.insider import DOCS
from tests.trust.insider_results import (
    BEGIN,
    BY_THE_VERIFIER,
    CERTIFIED,
    END,
    EYES,
    PAGES,
    PUBLISHED,
    CertifiedScene,
    ResultsScene,
    expected_of,
    results_table,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ResultsScene]:
    if request.param == "sqlite":
        scene = ResultsScene(f"sqlite:///{tmp_path / 'l.db'}", tmp_path)
        yield scene
        scene.ledger.close()
        return
    name = f"t{uuid.uuid4().hex}"
    scene = ResultsScene(running_server().create(name), tmp_path)
    yield scene
    scene.ledger.close()
    running_server().drop(name)


def test_a_sound_publication_is_official(scene: ResultsScene) -> None:
    scene.publish()
    assert scene.seen() == dict.fromkeys(EYES, False)


@pytest.mark.parametrize("deed", PUBLISHED)
def test_what_an_insider_publishes_is_noticed(scene: ResultsScene, deed: str) -> None:
    scene.publish()
    scene.forge(deed)
    assert scene.seen() == dict.fromkeys(EYES, expected_of(deed))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def certified(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CertifiedScene]:
    folder = tmp_path_factory.mktemp("certified")
    if request.param == "sqlite":
        yield CertifiedScene(f"sqlite:///{folder / 'l.db'}", folder)
        return
    name = f"t{uuid.uuid4().hex}"
    yield CertifiedScene(running_server().create(name), folder)
    running_server().drop(name)


def test_a_sound_certificate_is_verified(certified: CertifiedScene) -> None:
    assert not certified.is_noticed(None)


@pytest.mark.parametrize("deed", CERTIFIED)
def test_what_an_insider_certifies_is_noticed(certified: CertifiedScene, deed: str) -> None:
    assert certified.is_noticed(deed) == expected_of(deed)


@pytest.mark.parametrize("name", [*PAGES])
def test_the_pages_for_auditors_show_the_results(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    shown = page.partition(BEGIN)[2].partition(END)[0]
    noticed = {(deed, eye): expected_of(deed) for deed in PUBLISHED for eye in EYES}
    noticed |= {(deed, BY_THE_VERIFIER): expected_of(deed) for deed in CERTIFIED}
    assert shown == results_table(noticed, PAGES[name])
