"""One record: decided on, appended with its evidence, or rejected with nothing stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.recording import record_event
from lifecycle.events import Stream
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.rejections import Rejected
from tests.given import REPORTED, World, of
from tests.ledgers import CLERK

CONSULTATION = of("ConsultationHeld", "2024-02-01", outcome="passed")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).given(*REPORTED)


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


def minutes(folder: Path, text: str = "纪要") -> Path:
    path = folder / "会议纪要.pdf"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_record_is_appended_to_its_stream(world: World) -> None:
    entry = record_event(world.ledger, CONSULTATION, CLERK)
    assert entry.ref == "P#2"
    assert len(world.ledger.history(Stream("project", "P"))) == 2


def test_the_same_record_again_is_already_there(world: World) -> None:
    first = record_event(world.ledger, CONSULTATION, CLERK)
    again = record_event(world.ledger, CONSULTATION, CLERK)
    assert (again.already, again.position) == (True, first.position)


def test_evidence_is_stored_with_the_event_that_names_it(
    world: World, store: EvidenceStore, tmp_path: Path
) -> None:
    intake = EvidenceIntake(store)
    digest = intake.digest(str(minutes(tmp_path)))
    record_event(world.ledger, CONSULTATION | {"evidence": [digest]}, CLERK, intake)
    assert digest["name"] == "会议纪要.pdf"
    assert store.state_of(digest["sha256"]) == "sound"


def test_a_rejected_record_leaves_neither_event_nor_evidence(
    world: World, store: EvidenceStore, tmp_path: Path
) -> None:
    intake = EvidenceIntake(store)
    digest = intake.digest(str(minutes(tmp_path)))
    head = world.ledger.head()
    record = CONSULTATION | {"project": "Q", "evidence": [digest]}
    with pytest.raises(Rejected):
        record_event(world.ledger, record, CLERK, intake)
    assert world.ledger.head() == head
    assert store.state_of(digest["sha256"]) == "absent"


def test_a_file_that_changed_since_it_was_digested_is_rejected(
    world: World, store: EvidenceStore, tmp_path: Path
) -> None:
    intake = EvidenceIntake(store)
    digest = intake.digest(str(minutes(tmp_path)))
    minutes(tmp_path, "改过的纪要")
    head = world.ledger.head()
    with pytest.raises(Rejected) as rejected:
        record_event(world.ledger, CONSULTATION | {"evidence": [digest]}, CLERK, intake)
    assert rejected.value.problems[0].rule == "evidence_changed"
    assert world.ledger.head() == head


def test_a_file_that_cannot_be_read_is_rejected(store: EvidenceStore, tmp_path: Path) -> None:
    with pytest.raises(Rejected) as rejected:
        EvidenceIntake(store).digest(str(tmp_path / "无.pdf"))
    assert rejected.value.problems[0].rule == "evidence_unreadable"
