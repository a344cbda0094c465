"""Signed and unsigned receipts as the standalone verifier sees them; how far evidence reaches."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from lifecycle.ledger.signing_key import SigningKey
from lifecycle.log.merkle_tree import Frontier, leaf_hash
from lifecycle.log.signed_notes import Checkpoint
from projections.audit.verifier import verify_bundle as verifier
from tests.given import OTHER, TOWN
from tests.projections.audit.bundle_parts import (
    CONSISTENT,
    OTHER_DIGEST,
    SIZE,
    BundleParts,
    SealedLedger,
    Verify,
    changed_parts,
    verified,
)

COVERED = 9
"""The size of the tree that the receipts and the witness file end at."""
ChangeFile = Callable[[dict[str, Any]], object]


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def bundle_without_checkpoints(sealed: SealedLedger, folder: Path) -> Path:
    """A bundle of which evidence alone can vouch."""

    def drop(parts: BundleParts) -> None:
        parts.manifest["checkpoints"] = []

    return changed_parts(sealed, drop).write(folder / "b.zip")


# How far evidence reaches -------------------------------------------------------------------------


def test_a_signed_receipt_vouches_up_to_its_checkpoint(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    path = write(tmp_path / "r.json", sealed.signed_receipt)
    lines = verify(bundle_without_checkpoints(sealed, tmp_path), "--receipt", path)

    assert lines[-1] == verified(COVERED, SIZE)
    assert f"ok: receipts in {path}: their events are present and unchanged" in lines


def test_a_receipt_of_the_first_version_vouches_up_to_its_tree(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    path = write(tmp_path / "r.json", sealed.receipt)

    assert verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)[-1] == verified(
        COVERED, SIZE
    )


def test_an_unsigned_receipt_vouches_for_its_own_events_alone(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    unsigned = {**sealed.signed_receipt, "checkpoint": None, "unsigned": "钥匙不在"}
    path = write(tmp_path / "r.json", unsigned)
    lines = verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)

    assert lines[-1] == CONSISTENT
    assert f"ok: receipts in {path}: their events are present and unchanged" in lines
    assert f"note: {path} is unsigned, so it vouches for its own events and for no others" in lines


def test_the_widest_evidence_counts(sealed: SealedLedger, tmp_path: Path, verify: Verify) -> None:
    """A witness file that ends with its shorter line, and a receipt that reaches further."""
    parts = changed_parts(sealed, lambda parts: parts.manifest.update(checkpoints=[]))
    longer, shorter = sealed.witness[1], sealed.witness[0]
    whole = "".join(json.dumps(line) + "\n" for line in (shorter, longer, shorter))
    (tmp_path / "w.jsonl").write_text(whole, encoding="utf-8")
    (tmp_path / "short.jsonl").write_text(json.dumps(shorter) + "\n", encoding="utf-8")
    parts.manifest["checkpoints"] = [shorter["checkpoint"]]
    bundle = parts.write(tmp_path / "b.zip")
    receipt = write(tmp_path / "r.json", sealed.signed_receipt)

    assert verify(bundle, "--witness", tmp_path / "w.jsonl")[-1] == verified(COVERED, SIZE)
    assert verify(bundle, "--witness", tmp_path / "short.jsonl")[-1] == verified(4, SIZE)
    lines = verify(bundle, "--witness", tmp_path / "short.jsonl", "--receipt", receipt)
    assert lines[-1] == verified(COVERED, SIZE)


def test_a_signature_on_the_empty_tree_vouches_for_nothing(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    def sign_the_empty_tree(parts: BundleParts) -> None:
        parts.manifest["checkpoints"] = [parts.note(0, Frontier().root())]

    bundle = changed_parts(sealed, sign_the_empty_tree).write(tmp_path / "b.zip")

    assert verify(bundle, "--key", sealed.parts.manifest["signer"])[-1] == CONSISTENT


def test_a_receipt_of_the_first_version_is_read_with_its_tree_and_without_a_proof(
    sealed: SealedLedger, tmp_path: Path
) -> None:
    receipt = sealed.receipt
    identity = (receipt["origin"], receipt["tree_hash"])
    path = str(write(tmp_path / "r.json", receipt))

    read = verifier.read_receipts(path)

    tree = (identity[0], COVERED, bytes.fromhex(receipt["root"]), identity[1])
    first = receipt["events"][0]
    event = ("P#2", 5, bytes.fromhex(first["leaf"]), None, None)
    assert (read.path, read.identity, read.note, read.checkpoint) == (path, identity, None, tree)
    assert read.events[0] == event


# Receipts that do not hold ------------------------------------------------------------------------


def first_event(**fields: object) -> ChangeFile:
    return lambda document: document["events"][0].update(fields)


SIGNED = "the ledger's key signed the receipt"
INVENTED = "is not in the tree that was signed: it was invented"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (first_event(event="P#9"), "{path} calls the event at position 5 P#9; it is P#2"),
        (
            first_event(entry="x"),
            "{path}: the entry of P#2 is not the one that its leaf is the hash of",
        ),
        (first_event(leaf=OTHER_DIGEST), f"{{path}}: P#2 {INVENTED}"),
        (first_event(position=6), f"{{path}}: P#2 {INVENTED}"),
        (first_event(proof=None), f"{{path}}: P#2 {INVENTED}"),
        (first_event(proof=[]), f"{{path}}: P#2 {INVENTED}"),
    ],
)
def test_a_signed_receipt_that_was_changed_differs(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: ChangeFile,
    sentence: str,
) -> None:
    document = deepcopy(sealed.signed_receipt)
    change(document)
    path = write(tmp_path / "r.json", document)
    bundle = sealed.parts.write(tmp_path / "b.zip")

    assert verify(bundle, "--receipt", path)[-1] == "DIFFERS: " + sentence.format(path=path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda document: document.update(format="lifecycle-receipt/3"), "{path} is not in the "),
        (lambda document: document.update(checkpoint=1), "checkpoint is not text"),
        (lambda document: document.update(checkpoint="x"), "a signed note is not well formed"),
        (
            lambda document: document.update(origin="lifecycle/other"),
            "{path}: its checkpoint belongs to another ledger",
        ),
        (lambda document: document.update(origin=1), "origin is not text"),
        (lambda document: document.update(events=[1]), "{path} is damaged: AttributeError "),
        (lambda document: document.update(events=[]), "{path} has no receipt of any event"),
        (first_event(proof=1), "proof is not a list"),
        (first_event(proof=["x"]), "a proof is not 64 hex digits"),
        (first_event(entry=1), "entry is not text"),
        (first_event(event=None), "event is not text"),
    ],
)
def test_a_receipt_file_of_a_wrong_form_cannot_be_used(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: ChangeFile,
    sentence: str,
) -> None:
    document = deepcopy(sealed.signed_receipt)
    change(document)
    path = write(tmp_path / "r.json", document)
    last_line = verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)[-1]

    assert last_line.startswith("UNUSABLE: " + sentence.format(path=path))


def test_a_receipt_file_that_is_no_json_is_named(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    path = tmp_path / "r.json"
    path.write_text("{", encoding="utf-8")

    last_line = verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)[-1]

    assert last_line == f"UNUSABLE: {path} is not valid JSON"


def sign_again(sealed: SealedLedger, document: dict[str, Any], key: SigningKey, size: int) -> None:
    """Let a key sign the receipts' first event as the last of a tree of its own making."""
    event = document["events"][0]
    event.update(position=size, event=f"{TOWN}#1", entry=None)
    leaves = [leaf_hash(b"before")] * (size - 1) + [bytes.fromhex(event["leaf"])]
    tree = Frontier()
    tree.append(leaves)
    checkpoint = Checkpoint(sealed.parts.manifest["origin"], size, tree.root())
    event["proof"] = [root.hex() for root in reversed(tree.roots[:-1])]
    if size % 2 == 0:
        before = Frontier()
        before.append(leaves[:-1])
        event["proof"] = [root.hex() for root in reversed(before.roots)]
    document.update(events=[event], checkpoint=str(key.sign(checkpoint.text)))


def test_a_receipt_that_another_key_signed_is_invented(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    document = deepcopy(sealed.signed_receipt)
    another_key = SigningKey.create(sealed.parts.manifest["origin"], tmp_path / "a.pem")
    sign_again(sealed, document, another_key, 1)
    path = write(tmp_path / "r.json", document)

    assert verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)[-1] == (
        f"DIFFERS: {path}: a checkpoint is signed by none of the known keys: the receipt was "
        "invented, or the ledger's key was replaced"
    )


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        (1, f"{{path}} records another event at position 1, which now holds {TOWN}#1; {SIGNED}"),
        (2, f"{{path}} records another event at position 2, which now holds {OTHER}#1; {SIGNED}"),
        (16, f"{{path}} covers 16 events; the bundle has {SIZE}; {SIGNED}"),
    ],
)
def test_a_receipt_that_the_ledger_s_key_signed_cannot_be_denied(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    size: int,
    sentence: str,
) -> None:
    document = deepcopy(sealed.signed_receipt)
    sign_again(sealed, document, sealed.parts.key, size)
    path = write(tmp_path / "r.json", document)

    assert verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)[-1] == (
        "DIFFERS: " + sentence.format(path=path)
    )


def test_a_signed_root_that_the_ledger_has_not_differs(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    """Its own event fits; what came before it was changed."""
    document = deepcopy(sealed.signed_receipt)
    second = sealed.parts.events[1]
    document["events"][0]["leaf"] = second.leaf.hex()
    sign_again(sealed, document, sealed.parts.key, 2)
    document["events"][0]["event"] = f"{OTHER}#1"
    path = write(tmp_path / "r.json", document)

    assert verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)[-1] == (
        f"DIFFERS: {path} records another root for the first 2 events; {SIGNED}"
    )


def test_a_witness_line_of_a_key_that_is_not_the_ledger_s_differs(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    """The tree fits: whoever forged the line knows the events."""
    another_key = SigningKey.create(sealed.parts.manifest["origin"], tmp_path / "a.pem")
    line = deepcopy(sealed.witness[0])
    text = line["checkpoint"].partition("\n\n")[0] + "\n"
    line.update(key=str(another_key.verifier), checkpoint=str(another_key.sign(text)))
    path = tmp_path / "w.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    key = ("--key", sealed.parts.manifest["signer"])

    assert verify(sealed.parts.write(tmp_path / "b.zip"), "--witness", path, *key)[-1] == (
        f"DIFFERS: {path}:1: a checkpoint is signed by none of the known keys"
    )


def test_a_receipt_file_may_hold_many_events(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    """Each is compared: a change in the last is noticed too."""
    document = deepcopy(sealed.signed_receipt)
    assert len(document["events"]) > 1
    document["events"][-1]["event"] = "county#9"
    path = write(tmp_path / "r.json", document)
    last_line = verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)[-1]

    assert last_line == (
        f"DIFFERS: {path} calls the event at position {COVERED} county#9; it is county#1"
    )


def test_what_is_read_of_evidence_is_no_difference() -> None:
    with (
        pytest.raises(verifier.UnusableError, match=r"^a is damaged: KeyError 'b'$"),
        verifier.evidence("a"),
    ):
        raise KeyError("b")


def test_a_receipt_of_the_last_event_vouches_for_the_whole(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    last = sealed.parts.events[-1]
    tree = Frontier()
    tree.append(event.leaf for event in sealed.parts.events)
    receipt = {
        "event": "county#3",
        "position": SIZE,
        "leaf": last.leaf.hex(),
        # The last of an odd number of leaves is a subtree of its own.
        "proof": [root.hex() for root in reversed(tree.roots[:-1])],
    }
    note = sealed.parts.note(SIZE, tree.root())
    path = write(
        tmp_path / "r.json", {**sealed.signed_receipt, "checkpoint": note, "events": [receipt]}
    )

    assert verify(sealed.parts.write(tmp_path / "b.zip"), "--receipt", path)[-1] == verified(
        SIZE, SIZE
    )
