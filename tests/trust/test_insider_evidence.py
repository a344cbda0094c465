"""What evidence is worth: verdicts on true and invented ledgers, with true and forged evidence."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import product

import pytest

from tests.postgres import running_server
from tests.trust.insider import DOCS
from tests.trust.insider_evidence import (
    BEGIN,
    END,
    FORGED_EVIDENCE,
    LEDGERS,
    OUTSIDE,
    PAGES,
    EvidenceScene,
    evidence_tables,
    expected_of_forged,
    expected_verdict,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EvidenceScene]:
    folder = tmp_path_factory.mktemp("evidence")
    if request.param == "sqlite":
        yield EvidenceScene(lambda name: f"sqlite:///{folder / name}.db", folder)
        return
    databases: list[str] = []

    def create(_name: str) -> str:
        databases.append(f"t{uuid.uuid4().hex}")
        return running_server().create(databases[-1])

    yield EvidenceScene(create, folder)
    for database in databases:
        running_server().drop(database)


PAIRS = [*product(LEDGERS, OUTSIDE)]


@pytest.mark.parametrize(("ledger", "evidence"), PAIRS)
def test_store_and_bundle_get_the_promised_verdict(
    scene: EvidenceScene, ledger: str, evidence: str
) -> None:
    expected = expected_verdict(ledger, evidence)
    assert scene.verdicts(ledger, evidence) == (expected, expected)


@pytest.mark.parametrize("evidence", FORGED_EVIDENCE)
def test_forged_evidence_is_told_from_true(scene: EvidenceScene, evidence: str) -> None:
    expected = expected_of_forged(evidence)
    assert scene.verdicts("nothing", evidence) == (expected, expected)


@pytest.mark.parametrize("name", [*PAGES])
def test_the_pages_for_auditors_show_the_verdicts(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    shown = page.partition(BEGIN)[2].partition(END)[0]
    verdicts = {pair: expected_verdict(*pair) for pair in PAIRS}
    for evidence in FORGED_EVIDENCE:
        verdicts["nothing", evidence] = expected_of_forged(evidence)
    assert shown == evidence_tables(verdicts, PAGES[name])
