"""Signed receipts: who signs them, when nobody does, and what a verdict rests on."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from commands.handlers.receipting import give_receipts
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import (
    change_signer,
    create_signer,
    sign_checkpoint,
    stored_checkpoints,
)
from lifecycle.ledger.known_facts import TrustedKeys
from lifecycle.ledger.receipt_checks import check_receipts
from lifecycle.ledger.receipt_signing import PositionRange, entries_at, sign_receipts
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.signing_key import SigningKey, public_key_path
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import Verdict, verify
from lifecycle.log.receipts import Receipts
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import Rejected, StoreError
from projections.audit.verifier import verify_bundle
from tests.commands.conftest import Answer
from tests.county import CountyCli
from tests.given import REPORTED, UNITS
from tests.ledgers import CLERK, fill
from tests.outside_changes import change_outside
from tests.postgres import Server
from tests.receipt_files import signed, unsigned

LOCKED = "the signing key is not at hand, or a passphrase locks it"


def record(county: CountyCli, day: int, *options: object) -> Answer:
    fields = ("--activity", "招商", "--led-by-head", "true", "--occurred-on", f"2024-03-{day:02}")
    return county("record", "ActivityHeld", "--unit", "华埠镇", *fields, *options)


def document_of(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


# Signing ------------------------------------------------------------------------------------------


def test_a_receipt_carries_entry_proof_and_a_checkpoint_that_the_store_does_not_keep(
    county: CountyCli, tmp_path: Path
) -> None:
    record(county, 1)  # the day's checkpoint
    with Ledger.open(county.url) as ledger:
        notes = stored_checkpoints(ledger)
    answer = record(county, 2, "--receipt", tmp_path / "r.json")

    assert (answer.code, answer.err) == (0, "")
    document = document_of(tmp_path / "r.json")
    assert document["format"] == "lifecycle-receipt/2"
    assert document["unsigned"] is None
    (event,) = document["events"]
    assert event["entry"].startswith("unit/华埠镇\n")
    assert '"occurred_on":"2024-03-02"' in event["entry"]
    with Ledger.open(county.url) as ledger:
        assert stored_checkpoints(ledger) == notes
        assert document["checkpoint"].splitlines()[1] == str(ledger.head().position)


def test_a_file_of_many_events_has_one_signature(county: CountyCli, tmp_path: Path) -> None:
    facts = [
        {"event": "ActivityHeld", "unit": "华埠镇", "occurred_on": "2024-03-01"}
        | {"activity": f"招商{number}", "led_by_head": True}
        for number in range(40)
    ]
    lines = "".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in facts)
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    assert county("import", tmp_path / "a.jsonl", "--receipt", tmp_path / "r.json").code == 0

    document = document_of(tmp_path / "r.json")
    assert len(document["events"]) == 40
    assert document["checkpoint"].count("— ") == 1
    answer = county("audit", "receipt", tmp_path / "r.json")
    assert (answer.code, "events in place: 40" in answer.out) == (0, True)


def test_recording_asks_for_no_passphrase_and_the_key_s_holder_signs_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    county = CountyCli(tmp_path, capsys)
    monkeypatch.setenv("LIFECYCLE_PASSPHRASE", "开化")
    county("init", "--passphrase")
    (tmp_path / "u.jsonl").write_text(json.dumps(UNITS[0]) + "\n", encoding="utf-8")
    monkeypatch.delenv("LIFECYCLE_PASSPHRASE")
    path = tmp_path / "r.json"

    answer = county("import", tmp_path / "u.jsonl", "--receipt", path)
    assert answer.code == 0
    assert "the receipt is unsigned: the signing key" in answer.err
    assert f"lifecycle audit receipt {path} --sign" in answer.err
    document = document_of(path)
    assert (document["checkpoint"], document["unsigned"]) == (None, LOCKED)
    assert document["events"][0]["proof"] is None
    answer = county("audit", "receipt", path)
    assert (answer.code, f"the receipt is unsigned: {LOCKED}" in answer.out) == (0, True)
    answer = county("audit", "verify", "--receipt", path, "--format", "json")
    assert (answer.code, answer.json["verdict"], answer.json["vouched_up_to"]) == (
        1,
        "CONSISTENT",
        0,
    )
    assert [row["rule"] for row in answer.json["not_shown"]] == [
        "unsigned_receipt",
        "nothing_vouches",
    ]
    assert county("audit", "receipt", path, "--sign").code == 3

    monkeypatch.setenv("LIFECYCLE_PASSPHRASE", "开化")
    answer = county("audit", "receipt", path, "--sign")
    assert (answer.code, "signed, in the tree of size 1" in answer.out) == (0, True)
    monkeypatch.delenv("LIFECYCLE_PASSPHRASE")
    assert county("audit", "verify", "--receipt", path).code == 0
    answer = county("audit", "receipt", path, "--sign")
    assert (answer.code, "no receipt is left to be signed" in answer.out) == (0, True)


def test_a_receipt_that_does_not_fit_is_not_signed(county: CountyCli, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    record(county, 2, "--receipt", path)
    document = document_of(path)
    document["checkpoint"], document["events"][0]["leaf"] = None, "00" * 32
    document["events"][0].pop("entry")
    path.write_text(json.dumps(document), encoding="utf-8")
    before = path.read_bytes()

    answer = county("audit", "receipt", path, "--sign")
    assert (answer.code, path.read_bytes()) == (1, before)
    assert "which is unsigned and may be invented" in answer.err
    with Ledger.open(county.url) as ledger:
        key = SigningKey.load(ledger.head().origin, county.path.parent / "key.pem")
        receipts = Receipts.parse(before, "r")
        with pytest.raises(Rejected, match="another event stands at position"):
            sign_receipts(ledger, receipts, key)


def test_nothing_is_signed_where_the_tree_was_rewritten_since_the_last_checkpoint(
    county: CountyCli, tmp_path: Path
) -> None:
    county("audit", "checkpoint")
    change_checkpoint_root(county)
    path = tmp_path / "r.json"

    answer = record(county, 2, "--receipt", path)
    assert answer.code == 0
    assert "does not continue the checkpoint of" in answer.err
    document = document_of(path)
    assert document["checkpoint"] is None
    assert document["unsigned"].startswith("the stored tree does not continue the checkpoint")
    answer = county("audit", "checkpoint")
    assert (answer.code, answer.out) == (1, "")
    assert "so nothing was signed" in answer.err


def change_checkpoint_root(county: CountyCli) -> None:
    """Let the last checkpoint, signed by the key, say that another tree stood there."""
    with Ledger.open(county.url) as ledger:
        head = ledger.head()
    key = SigningKey.load(head.origin, county.path.parent / "key.pem")
    note = key.sign(Checkpoint(head.origin, head.position, bytes(32)).text)
    change_outside(county.url, ("UPDATE ledger_checkpoints SET note = ?", (str(note),)))


def test_a_checkpoint_beyond_the_end_stops_signing(county: CountyCli) -> None:
    """A backup was restored over a longer ledger, and the checkpoints were kept."""
    county("audit", "checkpoint")
    with Ledger.open(county.url) as ledger:
        head = ledger.head()
    key = SigningKey.load(head.origin, county.path.parent / "key.pem")
    note = key.sign(Checkpoint(head.origin, head.position + 5, bytes(32)).text)
    change_outside(
        county.url,
        ("INSERT INTO ledger_checkpoints VALUES (?, 'x', ?)", (head.position + 5, str(note))),
    )
    answer = county("audit", "checkpoint")
    assert (answer.code, "so nothing was signed" in answer.err) == (1, True)


@pytest.fixture
def clerk_url(postgres_url: str, server: Server) -> Iterator[str]:
    """A clerk's login on a store that the owner made."""
    with Ledger.open(postgres_url, create=True) as ledger:
        role = ledger.database_roles()["clerk"]
    login = f"c{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {login} LOGIN IN ROLE {role}".encode())
    yield re.sub("//[^@]*@", f"//{login}@", postgres_url)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP ROLE {login}".encode())


def test_a_clerk_s_login_never_signs_even_with_the_key_at_hand(
    clerk_url: str, postgres_url: str, tmp_path: Path
) -> None:
    with Ledger.open(postgres_url) as ledger:
        key = create_signer(ledger, tmp_path / "key.pem")
    with Ledger.open(clerk_url) as ledger:
        login = ledger.database_login()
        assert login is not None
        entry = ledger.record(read_record(UNITS[0]), Author(login))
        receipts, failure = give_receipts(ledger, [entry], lambda: key)
        assert isinstance(failure, Rejected)
        assert receipts.checkpoint is None
        assert receipts.unsigned == "a clerk's login on a server does not sign"
    with Ledger.open(postgres_url) as ledger:
        assert give_receipts(ledger, [entry], lambda: key).failure is None


# What vouches -------------------------------------------------------------------------------------


def test_each_verdict_with_its_exit_code_and_json(county: CountyCli, tmp_path: Path) -> None:
    record(county, 1)
    with Ledger.open(county.url) as ledger:
        size, key = ledger.head().position, ledger.head().signer
    answer = county("audit", "verify", "--format", "json")
    assert (answer.code, answer.json["verdict"], answer.json["vouched_up_to"]) == (
        0,
        "VERIFIED",
        size,
    )
    assert (answer.json["verified"], answer.json["not_shown"]) == (True, [])
    record(county, 2)
    answer = county("audit", "verify")
    assert f"VERIFIED up to position {size}; events behind it: 1" in answer.out
    assert (
        f"events behind position {size} that nothing outside the store vouches for: 1" in answer.out
    )

    shutil.move(county.path.parent / "key.pem", tmp_path / "away.pem")
    shutil.move(county.path.parent / "key.pub", tmp_path / "away.pub")
    answer = county("audit", "verify", "--format", "json")
    assert (answer.code, answer.json["verdict"], answer.json["verified"]) == (
        1,
        "CONSISTENT",
        False,
    )
    assert county("audit", "verify", "--key", key).code == 0
    change_outside(county.url, "UPDATE ledger_events SET state = X'7b7d' WHERE rowid = 7")
    answer = county("audit", "verify", "--key", key, "--format", "json")
    assert (answer.code, answer.json["verdict"], answer.json["verified"]) == (1, "DIFFERS", False)


def test_the_public_key_beside_a_locked_key_vouches(county: CountyCli, tmp_path: Path) -> None:
    record(county, 1)
    (county.path.parent / "key.pem").write_bytes(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert county("audit", "verify").code == 0
    (county.path.parent / "key.pub").unlink()
    assert county("audit", "verify").code == 1


def test_signing_writes_the_public_key_of_an_older_store(county: CountyCli) -> None:
    public_key = county.path.parent / "key.pub"
    public_key.unlink()
    county("audit", "checkpoint")
    with Ledger.open(county.url) as ledger:
        assert public_key.read_text(encoding="utf-8") == f"{ledger.head().signer}\n"


def test_a_first_key_that_was_replaced_in_the_store_is_noticed(
    county: CountyCli, tmp_path: Path
) -> None:
    with Ledger.open(county.url) as ledger:
        origin = ledger.head().origin
    forged = SigningKey.create(origin, tmp_path / "forged.pem")
    change_outside(county.url, ("UPDATE ledger_head SET signer = ?", (str(forged.verifier),)))
    answer = county("audit", "verify")
    assert answer.code == 1
    assert "is none of this store's keys: the first key was replaced" in answer.err


def test_another_ledger_s_key_file_vouches_for_nothing(
    county: CountyCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(county, 1)
    for name in ("lifecycle/other", "x"):
        SigningKey.create(name, tmp_path / f"{name[-1]}.pem")
        monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / f"{name[-1]}.pem"))
        answer = county("audit", "verify")
        assert (answer.code, "CONSISTENT" in answer.out) == (1, True)


@pytest.mark.parametrize("key", ["bad", "lifecycle/x+00000000+AAAA"])
def test_a_key_that_is_none_cannot_be_used(county: CountyCli, key: str) -> None:
    answer = county("audit", "verify", "--key", key)
    assert (answer.code, answer.out) == (3, "")


@pytest.fixture
def two_keys(tmp_path: Path) -> tuple[Ledger, SigningKey, SigningKey]:
    """A ledger whose key was changed at position 4, endorsed, and a checkpoint of each."""
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True)
    old = create_signer(ledger, tmp_path / "old.pem")
    fill(ledger, REPORTED[:3], keep=False)
    sign_checkpoint(ledger, old)
    new = SigningKey.create(ledger.head().origin, tmp_path / "new.pem")
    change_signer(ledger, CLERK, new, "交接", old)
    fill(ledger, REPORTED[3:], keep=False)
    sign_checkpoint(ledger, new)
    return ledger, old, new


def test_an_endorsed_key_is_vouched_for_by_the_one_before(
    two_keys: tuple[Ledger, SigningKey, SigningKey],
) -> None:
    ledger, old, new = two_keys
    size = ledger.head().position
    for key in (old, new):
        result = verify(ledger, keys=TrustedKeys(given=[key.verifier]))
        assert (result.verdict, result.vouched_up_to) == (Verdict.VERIFIED, size)
    ledger.close()


@pytest.mark.parametrize(
    ("signer", "size", "in_turn"),
    [("old", 3, True), ("old", 4, False), ("new", 3, False), ("new", 4, True)],
)
def test_a_checkpoint_of_a_key_out_of_turn_differs(
    two_keys: tuple[Ledger, SigningKey, SigningKey], signer: str, size: int, *, in_turn: bool
) -> None:
    ledger, old, new = two_keys
    key = {"old": old, "new": new}[signer]
    with ledger.recorder.cursor(write=False) as cursor:
        leaves = ledger.recorder.leaves(cursor, 1, size)
    tree = ledger.tree()
    frontier = type(tree)(hash_=tree.hash_)
    frontier.append(leaves)
    head = ledger.head()
    note = key.sign(Checkpoint(head.origin, size, frontier.root()).text)
    with ledger.recorder.cursor(write=True) as cursor:
        cursor.execute(
            ledger.recorder.sql("INSERT INTO ledger_checkpoints VALUES (?, ?, ?)"),
            (size, "another row", str(note)),
        )
    differences = verify(ledger).differences
    ledger.close()
    assert (
        not differences if in_turn else "did not sign for the store" in str(differences[0].problem)
    )


# Receipts that do not hold ------------------------------------------------------------------------


def test_a_receipt_signed_by_another_key_was_invented(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True) as ledger:
        key = create_signer(ledger, tmp_path / "k.pem")
        entries = fill(ledger, REPORTED, keep=False)
        receipts = signed(ledger, entries, key)
        forger = SigningKey.create(ledger.head().origin, tmp_path / "f.pem")
        assert receipts.checkpoint is not None
        forged = Receipts(
            receipts.origin,
            receipts.tree_hash,
            receipts.events,
            checkpoint=forger.sign(receipts.checkpoint.text),
            tree=receipts.tree,
        )
        assert verify(ledger, receipts=[("r", receipts)]).verdict is Verdict.VERIFIED
        assert check_receipts(ledger, "r", receipts) == []
        for differences in (
            check_receipts(ledger, "r", forged),
            verify(ledger, receipts=[("r", forged)]).differences,
        ):
            assert [difference.problem.rule for difference in differences] == ["signer"]
        with pytest.raises(Rejected, match="does not sign for this store"):
            signed(ledger, entries, forger)


def test_a_signed_receipt_outlives_a_change_of_key(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True) as ledger:
        old = create_signer(ledger, tmp_path / "old.pem")
        entries = fill(ledger, REPORTED, keep=False)
        receipts = signed(ledger, entries, old)
        new = SigningKey.create(ledger.head().origin, tmp_path / "new.pem")
        change_signer(ledger, CLERK, new, "交接", old)
        result = verify(ledger, receipts=[("r", receipts)])
        assert (result.verdict, result.vouched_up_to) == (Verdict.VERIFIED, len(entries))
        with pytest.raises(Rejected, match="does not sign for this store"):
            signed(ledger, entries, old)


def test_an_unsigned_receipt_is_checked_event_by_event(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True) as ledger:
        entries = fill(ledger, REPORTED, keep=False)
        receipts = Receipts.parse(unsigned(ledger, entries).encode(), "r")
        assert check_receipts(ledger, "r", receipts) == []
        result = verify(ledger, receipts=[("r", receipts)])
        assert (result.verdict, result.differences) == (Verdict.CONSISTENT, [])


def test_a_file_of_a_later_version_is_not_read(county: CountyCli, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    record(county, 2, "--receipt", path)
    path.write_text(path.read_text("utf-8").replace("receipt/2", "receipt/3"), encoding="utf-8")
    with pytest.raises(StoreError, match="is not a receipt file"):
        Receipts.parse(path.read_bytes(), path)
    assert public_key_path(path).suffix == ".pub"


# Lost and missing files -----------------------------------------------------------------------


def test_a_lost_receipt_is_issued_again_and_proves_the_event(
    county: CountyCli, tmp_path: Path
) -> None:
    lost, again = tmp_path / "lost.json", tmp_path / "again.json"
    assert record(county, 2, "--receipt", lost).code == 0
    [event] = document_of(lost)["events"]
    record(county, 3)

    answer = county("audit", "receipt", "--again", event["position"], "--to", again)

    assert answer.code == 0, answer.err
    [issued] = document_of(again)["events"]
    for field in ("event", "position", "leaf", "entry"):
        assert issued[field] == event[field]
    assert document_of(again)["unsigned"] == document_of(lost)["unsigned"]
    assert county("audit", "receipt", lost, again).code == 0
    # A receipt replaces no file, and a range is issued as one file.
    assert county("audit", "receipt", "--again", "1", "--to", again).code == 1
    assert county("audit", "receipt", "--again", "3-5", "--to", tmp_path / "three.json").code == 0
    assert len(document_of(tmp_path / "three.json")["events"]) == 3


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--again", "99999"), 1, "no events stand at positions 99999 to 99999; the last is"),
        (("--again", "5-3"), 1, "no events stand at positions 5 to 3"),
        (("--again", "five"), 2, "--again takes a position such as 12"),
        (("--again", "0"), 2, "--again takes a position such as 12"),
    ],
)
def test_a_receipt_of_nothing_is_not_issued(
    county: CountyCli, tmp_path: Path, options: tuple[str, ...], code: int, message: str
) -> None:
    file = tmp_path / "new.json"
    answer = county("audit", "receipt", *options, "--to", file)
    assert answer.code == code
    assert message in answer.err
    assert not file.exists()


def test_a_receipt_on_a_server_is_issued_again(store_url: str, tmp_path: Path) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        key = create_signer(ledger, tmp_path / "k.pem")
        fill(ledger, REPORTED, keep=False)
        entries = entries_at(ledger, [PositionRange(2, 3), PositionRange(3, 4)])
        receipts = give_receipts(ledger, entries, lambda: key).receipts
        assert [receipt.position for receipt in receipts.events] == [2, 3, 4]
        assert receipts.checkpoint is not None
        assert check_receipts(ledger, "r", receipts) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "receipt", "gone"),
        ("audit", "verify", "--receipt", "gone"),
        ("audit", "verify", "--witness", "gone"),
        ("audit", "add-cosignature", "gone"),
    ],
    ids=" ".join,
)
def test_a_missing_file_ends_as_the_verifier_ends(
    county: CountyCli, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    answer = county(*arguments)
    assert answer.err == "gone cannot be used: No such file or directory\n"
    assert answer.code == verify_bundle.main(["gone"]) == 3
    assert "UNUSABLE" in capsys.readouterr().out
