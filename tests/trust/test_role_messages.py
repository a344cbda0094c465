"""What a role on PostgreSQL may not do is said in words; what an auditor does without a key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.cli.main import run
from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.postgres import running_server
from tests.trust.roles import RankedStore, ranked_store
from tests.trust.test_unreadable_events import REVIEWED, appending, score, void_of


@pytest.fixture
def store() -> Iterator[RankedStore]:
    with ranked_store(running_server()) as ranked:
        yield ranked


PROJECT = Stream.of("project/P")
REGISTER = ["record", "UnitRegistered", "--unit", "新镇", "--occurred-on", "2024-01-02"]
REGISTER += ["--sequence", "乡镇", "--category", "township"]


@pytest.mark.parametrize(
    ("rank", "arguments", "sentence"),
    [
        ("clerk", ["projections", "rebuild"], "the owner runs `lifecycle projections rebuild`"),
        ("auditor", ["projections", "check"], "written by the owner of the database alone"),
        ("auditor", REGISTER, "may only read in the database"),
    ],
)
def test_what_a_role_may_not_do_is_said_in_our_words(
    store: RankedStore,
    rank: str,
    arguments: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Tables that were never built are written by nobody.
    assert run(["--db", store.url("owner"), "projections", "rebuild"]) == 0
    assert run(["--db", store.url(rank), *arguments]) == 3
    printed = capsys.readouterr().err
    assert sentence in printed
    assert "permission denied" not in printed


def test_an_auditor_begins_a_witness_file_from_the_last_kept_checkpoint(
    store: RankedStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    witness = tmp_path / "witness.jsonl"
    auditor = ["--db", store.url("auditor"), "audit"]
    with Ledger.open(store.url("owner")) as ledger:
        signed_at = ledger.head().position
        ledger.clock_is_right = True
        ledger.record(read_record(REVIEWED), Author(store.logins["owner"]))

    assert run([*auditor, "checkpoint", "--witness", str(witness)]) == 0
    printed = capsys.readouterr().err
    assert f"the last kept checkpoint, at position {signed_at}" in printed
    assert "not witnessed: 1" in printed
    assert run([*auditor, "verify", "--witness", str(witness)]) == 0
    assert f"VERIFIED up to position {signed_at}" in capsys.readouterr().out

    # The file has that checkpoint: nothing is added.
    before = witness.read_bytes()
    assert run([*auditor, "checkpoint", "--witness", str(witness)]) == 0
    assert witness.read_bytes() == before


def test_only_a_manager_or_the_owner_voids_what_cannot_be_read(store: RankedStore) -> None:
    appending(store.url("owner"))("project/P", "ReviewHeld/1", {"occurred_on": "2024-03-01"})
    with Ledger.open(store.url("owner")) as ledger:
        [*_before, recorded] = ledger.stored_history(PROJECT)
    void = void_of(PROJECT, recorded.version)
    with Ledger.open(store.url("clerk")) as ledger:
        ledger.clock_is_right = True
        with pytest.raises(Rejected, match="only a manager or the owner of the database"):
            ledger.record(read_record(void), Author(store.logins["clerk"]))
    with Ledger.open(store.url("manager")) as ledger:
        ledger.clock_is_right = True
        ledger.record(read_record(void), Author(store.logins["manager"]))
        assert score(ledger)


def test_init_is_not_repeated_on_an_empty_store(
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))
    assert run(["--db", postgres_url, "init"]) == 0
    assert "created an empty store" in capsys.readouterr().out
    assert run(["--db", postgres_url, "init"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "already exists; no event was touched" in captured.err
