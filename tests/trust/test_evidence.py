"""Evidence that was kept and is gone is a difference; only regular files are read."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.recording import record_event
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.evidence_check import EvidenceCheck, verify_evidence
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Conflict, Rejected, StoreError
from tests.compatibility.test_v0_1_0 import FOLDER as FIRST_VERSION
from tests.given import REPORTED, of, unit
from tests.ledgers import CLERK, LATER
from tests.outside_changes import change_outside
from tests.platforms import not_on_windows

CONTENT = b"proof"
DIGEST = sha256(CONTENT).hexdigest()
ELSEWHERE = "ab" * 32


@pytest.fixture
def files(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


@pytest.fixture
def ledger(store_url: str, tmp_path: Path, files: EvidenceStore) -> Iterator[Ledger]:
    """A review with a kept file at position 5, and one with a digest alone."""
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        _record_reviews(ledger, tmp_path / "证明.pdf", files)
        yield ledger


def _record_reviews(ledger: Ledger, paper: Path, files: EvidenceStore) -> None:
    for record in REPORTED:
        ledger.record(read_record(record), CLERK)
    paper.write_bytes(CONTENT)
    intake = EvidenceIntake(files)
    record_event(
        ledger,
        of("ReviewHeld", findings="正常", evidence=[intake.digest(str(paper))]),
        CLERK,
        intake,
    )
    by_digest = [{"name": "别处.pdf", "sha256": ELSEWHERE}]
    ledger.record(read_record(of("ReviewHeld", findings="二", evidence=by_digest)), CLERK)


def rules(check: EvidenceCheck) -> list[str]:
    return [problem.rule for problem in check.differences]


def test_a_kept_file_leaves_a_row_that_is_never_changed(
    ledger: Ledger, files: EvidenceStore
) -> None:
    with ledger.recorder.cursor(write=False) as cursor:
        assert ledger.recorder.kept_evidence(cursor) == {DIGEST: 5}
        assert ledger.recorder.upgraded_at(cursor) == 0
    for statement in (
        "DELETE FROM ledger_evidence",
        "UPDATE ledger_evidence SET position = 1",
        "DELETE FROM ledger_upgrades",
    ):
        with pytest.raises((StoreError, Conflict)), ledger.recorder.cursor(write=True) as cursor:
            cursor.execute(statement)
    check = verify_evidence(ledger, files)
    assert (check.sound, check.never_kept, check.unknown, rules(check)) == (1, [ELSEWHERE], [], [])


def test_the_same_file_kept_twice_has_one_row(
    ledger: Ledger, files: EvidenceStore, tmp_path: Path
) -> None:
    intake = EvidenceIntake(files)
    evidence = [intake.digest(str(tmp_path / "证明.pdf"))]
    record_event(ledger, of("ReviewHeld", findings="三", evidence=evidence), CLERK, intake)
    with ledger.recorder.cursor(write=False) as cursor:
        assert ledger.recorder.kept_evidence(cursor) == {DIGEST: 5}


def test_a_kept_file_that_is_gone_is_a_difference(ledger: Ledger, files: EvidenceStore) -> None:
    files.path_of(DIGEST).unlink()
    check = verify_evidence(ledger, files)
    assert rules(check) == ["evidence_gone"]
    assert "证明.pdf at position 5 (project/P) was kept and is gone" in str(check.differences[0])


@pytest.mark.parametrize("digest", [ELSEWHERE, "cd" * 32])
def test_a_row_that_no_event_explains_is_a_difference(
    ledger: Ledger, files: EvidenceStore, store_url: str, digest: str
) -> None:
    change_outside(store_url, ("INSERT INTO ledger_evidence VALUES (?, 5)", (digest,)))
    check = verify_evidence(ledger, files)
    assert "evidence_row" in rules(check)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.with_name("elsewhere").write_bytes(CONTENT)
    path.symlink_to(path.with_name("elsewhere"))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()


@not_on_windows("Windows has no pipes among files")
@pytest.mark.parametrize("put", [_pipe, _link, _device, _folder])
def test_what_takes_the_place_of_a_kept_file_is_never_read(
    ledger: Ledger, files: EvidenceStore, put: object
) -> None:
    path = files.path_of(DIGEST)
    path.unlink()
    assert callable(put)
    put(path)
    assert rules(verify_evidence(ledger, files)) == ["evidence_altered"]


@not_on_windows("Windows has no pipes among files")
@pytest.mark.parametrize("put", [_pipe, _device])
def test_only_a_regular_file_becomes_evidence(
    files: EvidenceStore, tmp_path: Path, put: object
) -> None:
    assert callable(put)
    put(tmp_path / "paper")
    with pytest.raises(Rejected, match="is not a file"):
        EvidenceIntake(files).digest(str(tmp_path / "paper"))


def test_of_an_earlier_version_it_is_not_known_what_was_kept(
    tmp_path: Path, files: EvidenceStore
) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(gzip.decompress((FIRST_VERSION / "ledger.db.gz").read_bytes()))
    with Ledger.open(f"sqlite:///{path}") as ledger:
        before = verify_evidence(ledger, files)
        position = ledger.head().position
        assert before.unknown
        assert (before.never_kept, before.differences) == ([], [])
        assert ledger.head().schema_version == 1  # reading it writes nothing
        ledger.record(read_record(unit("新镇")), CLERK)
        assert ledger.head().schema_version == 4
        with ledger.recorder.cursor(write=False) as cursor:
            assert ledger.recorder.upgraded_at(cursor) == position
        assert verify_evidence(ledger, files).unknown == before.unknown


def test_an_upgrade_that_is_rolled_back_is_done_again(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(gzip.decompress((FIRST_VERSION / "ledger.db.gz").read_bytes()))
    with Ledger.open(f"sqlite:///{path}") as ledger:
        with pytest.raises(RuntimeError), ledger.unit_of_work(CLERK):
            raise RuntimeError
        assert ledger.head().schema_version == 1
        ledger.record(read_record(unit("新镇")), CLERK)
        assert ledger.head().schema_version == 4
