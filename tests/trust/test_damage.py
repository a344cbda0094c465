"""A store with visible damage: each is reported with its position; and invalid evidence files."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.receipt_checks import check_receipts
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import VerificationResult, verify
from lifecycle.log import witness_file as witness
from lifecycle.log.receipts import FIRST_FORMAT, Receipts
from lifecycle.rejections import LedgerError, StoreError
from projections.audit.bundles import write_bundle
from tests.given import REPORTED, reported
from tests.ledgers import fill
from tests.outside_changes import change_outside
from tests.receipt_files import unsigned
from tests.soak import examples


@pytest.fixture
def url(store_url: str, tmp_path: Path) -> str:
    """Twenty-four events and a checkpoint."""
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, [*REPORTED, *(reported(f"Q{number}") for number in range(20))], keep=False)
        sign_checkpoint(ledger, create_signer(ledger, tmp_path / "key.pem"))
    return store_url


def verdict(url: str) -> VerificationResult:
    with Ledger.open(url) as ledger:
        return verify(ledger)


def position_column(url: str) -> str:
    return "rowid" if url.startswith("sqlite") else "notification_id"


def test_a_gap_is_reported(url: str) -> None:
    change_outside(url, f"DELETE FROM ledger_events WHERE {position_column(url)} = 7")
    result = verdict(url)
    assert (
        result.size,
        result.differences[0].problem.rule,
        result.differences[0].place and result.differences[0].place.position,
    ) == (6, "gap", 7)


def test_an_event_before_the_first_position_is_reported(url: str) -> None:
    column = position_column(url)
    change_outside(url, (f"UPDATE ledger_events SET {column} = ? WHERE {column} = ?", (-5, 24)))
    first = verdict(url).differences[0]
    assert (first.problem.rule, first.problem.values["next"]) == ("gap", -5)


def test_a_wrong_head_is_reported(url: str) -> None:
    change_outside(url, "UPDATE ledger_head SET position = 20")
    first = verdict(url).differences[0]
    assert (first.problem.rule, first.place and first.place.position) == ("head", 21)


def test_a_changed_node_without_a_changed_event_is_reported(url: str) -> None:
    change_outside(url, ("UPDATE ledger_nodes SET hash = ?", (bytes(32),)))
    first = verdict(url).differences[0]
    assert (first.problem.rule, first.problem.values) == ("tree", {"first": 1, "last": 16})


def test_a_changed_frontier_is_reported(url: str) -> None:
    change_outside(url, ("UPDATE ledger_head SET frontier = ?", (bytes(64),)))
    assert [
        (result.problem.rule, result.problem.values) for result in verdict(url).differences
    ] == [("tree", {"first": 17, "last": 24})]


@pytest.mark.parametrize("position", [3, 20])
def test_a_changed_event_is_named_by_the_store_s_own_notes(url: str, position: int) -> None:
    change_outside(
        url,
        (f"UPDATE ledger_events SET state = ? WHERE {position_column(url)} = ?", (b"{}", position)),
    )
    first = verdict(url).differences[0]
    assert first.place is not None
    assert (first.place.position, first.place.version, first.place.recorded_at) == (
        position,
        1,
        None,
    )


@pytest.mark.parametrize("note", ["", "no note\n", "a\n1\nAAAA\n\n— a AAAAAAAA\n"])
def test_an_untrustworthy_checkpoint_is_reported(url: str, note: str) -> None:
    change_outside(url, ("UPDATE ledger_checkpoints SET note = ?", (note,)))
    assert [result.problem.rule for result in verdict(url).differences] == ["checkpoint"]


def test_a_checkpoint_of_another_store_is_reported(url: str) -> None:
    change_outside(url, "UPDATE ledger_head SET origin = 'lifecycle/other'")
    assert [result.problem.rule for result in verdict(url).differences] == ["origin"]


def test_an_unreadable_county_stream_is_reported(url: str) -> None:
    statement = (
        "UPDATE ledger_events SET originator_id = 'county', topic = 'Strange/1'"
        f" WHERE {position_column(url)} = ?"
    )
    change_outside(url, (statement, (5,)))
    result = verdict(url)
    assert "unreadable" in {each.problem.rule for each in result.differences}
    assert result.differences[0].place is not None


def test_a_line_that_would_not_fit_is_not_bundled(url: str, tmp_path: Path) -> None:
    change_outside(
        url, (f"UPDATE ledger_events SET state = ? WHERE {position_column(url)} = ?", (b"{\n}", 5))
    )
    with Ledger.open(url) as ledger, pytest.raises(StoreError, match="position 5"):
        write_bundle(ledger, tmp_path / "b.zip")


# Files --------------------------------------------------------------------------------------------

SOUND = {
    "format": FIRST_FORMAT,
    "origin": "lifecycle/x",
    "tree_hash": "sha256",
    "tree_size": 3,
    "root": "0" * 64,
    "events": [{"event": "P#1", "position": 1, "leaf": "0" * 64}],
}


def test_a_sound_file_of_receipts_is_read() -> None:
    result = Receipts.parse(json.dumps(SOUND).encode(), "r")
    assert result.tree is not None
    assert (result.tree.size, result.events[0].ref) == (3, "P#1")


@pytest.mark.parametrize(
    "change",
    [
        {"format": "x"},
        {"tree_hash": "md5"},
        {"tree_size": -1},
        {"tree_size": True},
        {"tree_size": 1 << 63},
        {"root": "x"},
        {"root": 5},
        {"events": 5},
        {"events": [{"event": "P#1", "position": 4, "leaf": "0" * 64}]},
        {"events": [{"event": "P#1", "position": 0, "leaf": "0" * 64}]},
        {"events": [5]},
        {"origin": None},
    ],
)
def test_an_unsound_one_is_not(change: dict[str, object]) -> None:
    with pytest.raises(StoreError, match="not a receipt file"):
        Receipts.parse(json.dumps(SOUND | change).encode(), "r")


def test_a_file_without_receipts_is_named() -> None:
    with pytest.raises(StoreError, match="r has no receipt of any event"):
        Receipts.parse(json.dumps(SOUND | {"events": []}).encode(), "r")


@examples(30)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_content_brings_the_readers_down(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    with suppress(StoreError):
        Receipts.parse(content, "r")
    path = tmp_path_factory.mktemp("w") / "w.jsonl"
    path.write_bytes(content)
    with suppress(LedgerError):
        assert witness.read_witness_file(path) == []


def test_a_witness_file_in_a_missing_folder_is_reported(tmp_path: Path, url: str) -> None:
    with Ledger.open(url) as ledger:
        note = sign_checkpoint(ledger, key_of(ledger, tmp_path))
        with pytest.raises(StoreError, match="cannot be written"):
            witness.append_witness_line(
                tmp_path / "none" / "w.jsonl", key_of(ledger, tmp_path).verifier, note, []
            )
    with pytest.raises(StoreError, match="cannot be read"):
        witness.read_witness_file(tmp_path)


def key_of(ledger: Ledger, folder: Path) -> SigningKey:
    return SigningKey.load(ledger.head().origin, folder / "key.pem")


def test_text_in_place_of_bytes_is_reported_by_every_reader(tmp_path: Path) -> None:
    """SQLite stores text in a column of bytes, if a statement from outside does so."""
    url = f"sqlite:///{tmp_path / 'l.db'}"
    with Ledger.open(url, create=True) as ledger:
        entries = fill(ledger, REPORTED, keep=False)
        receipts = unsigned(ledger, entries)
    change_outside(url, "UPDATE ledger_events SET state = CAST(state AS TEXT) WHERE rowid = 4")
    with Ledger.open(url) as ledger:
        assert verify(ledger).differences[0].problem.rule == "not_bytes"
        for read_it in (
            lambda: write_bundle(ledger, tmp_path / "b.zip"),
            lambda: check_receipts(ledger, "r", receipts),
            lambda: ledger.leaves(1, 4),
        ):
            with pytest.raises(StoreError, match="position 4 is not stored as bytes"):
                read_it()
