"""What the standalone verifier prints of a sound bundle, and what it rejects.

The manifest, the members and the events are changed one by one.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lifecycle import working_days
from lifecycle.ledger.checkpoints import create_signer, endorsement_text, sign_checkpoint
from lifecycle.ledger.signing_key import SigningKey
from projections.audit.bundles import write_bundle
from projections.audit.verifier import verify_bundle as verifier
from tests.given import OTHER
from tests.ledgers import new_ledger
from tests.projections.audit.bundle_parts import (
    BOOK,
    CONSISTENT,
    OTHER_DIGEST,
    SIZE,
    STRANGER,
    BundleParts,
    Change,
    SealedLedger,
    Verify,
    changed_parts,
    verified,
)

# A sound bundle -----------------------------------------------------------------------------------


def checks_of_tree(sealed: SealedLedger) -> list[str]:
    root = sealed.parts.manifest["root"]
    return [
        f"ok: {SIZE} events, every stored byte, form the tree with root {root}",
        "ok: 3 signed checkpoints",
    ]


def check_of_working_days() -> str:
    table = json.loads(working_days.working_day_table())
    years = f"{table['first_year']} to {table['last_year']}"
    return f"ok: working days of {years} ({table['source']}) match their digest"


RECOMPUTED = "all 3 units, recomputed, have the published points and ranks"
SCORES = "publication county#2 (ScoresPublished 2024, as of 2024-12-31)"
BOARD = "publication county#3 (BoardPublished 2024, as of 2024-10-31)"
RULEBOOK = f"rulebook kaihua-2024 {BOOK.digest}, not adopted, in force"
CHECKS_OF_PUBLICATIONS = [
    f"ok: {SCORES}: {RECOMPUTED}",
    f"ok: {SCORES} is official: {RULEBOOK}; known at position {SIZE - 2} of {SIZE - 2}",
    f"ok: {BOARD}: {RECOMPUTED}",
    f"ok: {BOARD} is official: {RULEBOOK}; known at position {SIZE - 1} of {SIZE - 1}",
]


def check_of_trusted_key(size: int) -> str:
    return (
        "ok: the key that you trust, or one that it signed for, "
        f"signed the tree of the first {size} events"
    )


def test_a_sound_bundle_without_a_key_asks_to_compare_the_key(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    assert verify(sealed.parts.write(tmp_path / "b.zip")) == [
        *checks_of_tree(sealed),
        f"note: compare this key with the one that you noted: {sealed.parts.manifest['signer']}",
        check_of_working_days(),
        *CHECKS_OF_PUBLICATIONS,
        CONSISTENT,
    ]


def test_a_trusted_key_answers_for_the_tree_that_it_signed(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = sealed.parts.write(tmp_path / "b.zip")

    assert verify(path, "--key", sealed.parts.manifest["signer"]) == [
        *checks_of_tree(sealed),
        check_of_trusted_key(SIZE),
        check_of_working_days(),
        *CHECKS_OF_PUBLICATIONS,
        verified(SIZE, SIZE),
    ]


def evidence_options(
    sealed: SealedLedger,
    folder: Path,
) -> list[object]:
    """A receipt file and a witness file, each named twice."""
    receipt = folder / "r.json"
    receipt.write_text(json.dumps(sealed.receipt), encoding="utf-8")
    witness = folder / "w.jsonl"
    lines = [json.dumps(line) + "\n" for line in sealed.witness]
    witness.write_text("".join(lines), encoding="utf-8")
    return ["--receipt", receipt, "--receipt", receipt, "--witness", witness, "--witness", witness]


def test_receipts_and_witness_files_are_checked_one_by_one(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = sealed.parts.write(tmp_path / "b.zip")
    receipts = f"ok: receipts in {tmp_path / 'r.json'}: their events are present and unchanged"
    witness = f"ok: witness file {tmp_path / 'w.jsonl'}: this is the ledger that it recorded"

    assert verify(path, *evidence_options(sealed, tmp_path)) == [
        *checks_of_tree(sealed),
        check_of_trusted_key(SIZE),
        check_of_working_days(),
        receipts,
        receipts,
        witness,
        witness,
        *CHECKS_OF_PUBLICATIONS,
        verified(SIZE, SIZE),
    ]


def test_a_key_that_is_named_counts_before_the_one_in_the_witness_file(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = sealed.parts.write(tmp_path / "b.zip")
    options = [*evidence_options(sealed, tmp_path), "--key", STRANGER]

    assert verify(path, *options)[-1] == (
        f"DIFFERS: no checkpoint is signed by the key that you trust, {STRANGER}, "
        "nor by one that it signed for"
    )


def test_a_bundle_that_nobody_signed_says_so(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    unsigned = changed_parts(sealed, manifest(signer="", checkpoints=[]))

    assert verify(unsigned.write(tmp_path / "b.zip"))[1:3] == [
        "ok: 0 signed checkpoints",
        f"note: the last {SIZE} events come after the last signed checkpoint",
    ]


def test_events_after_the_last_checkpoint_are_counted(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    older = changed_parts(sealed, lambda parts: parts.manifest["checkpoints"].pop())

    lines = verify(older.write(tmp_path / "b.zip"), "--key", older.manifest["signer"])

    assert lines[2:4] == [
        check_of_trusted_key(SIZE - 2),
        "note: the last 2 events come after the last signed checkpoint",
    ]


def test_an_empty_ledger_is_a_tree_too(
    tmp_path: Path,
    verify: Verify,
) -> None:
    with new_ledger(tmp_path) as ledger:
        sign_checkpoint(ledger, create_signer(ledger, tmp_path / "k.pem"))
        write_bundle(ledger, tmp_path / "b.zip")
    # The root of an empty tree is the hash of nothing (RFC 6962, 2.1).
    empty_root = hashlib.sha256().hexdigest()
    assert verify(tmp_path / "b.zip")[0] == (
        f"ok: 0 events, every stored byte, form the tree with root {empty_root}"
    )


# The manifest -------------------------------------------------------------------------------------


def manifest(**fields: Any) -> Change:
    return lambda parts: parts.manifest.update(fields)


def noted(change: Callable[[str], str]) -> Change:
    """A checkpoint's text changed, after it was signed."""
    return lambda parts: parts.manifest["checkpoints"].append(
        change(parts.manifest["checkpoints"][-1])
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            manifest(format="lifecycle-bundle/2"),
            "manifest.json is not in the format lifecycle-bundle/1",
        ),
        (manifest(origin=1), "origin is not text"),
        (manifest(tree_hash=1), "tree_hash is not text"),
        (manifest(tree_hash="md5"), "the tree's hash 'md5' is unknown"),
        (manifest(tree_size="1"), "tree_size is not a count"),
        (manifest(tree_size=True), "tree_size is not a count"),
        (manifest(tree_size=-1), "tree_size is not a count"),
        (manifest(tree_size=1 << 63), "tree_size is not a count"),
        (
            manifest(tree_size=(1 << 63) - 1),
            f"the manifest covers {(1 << 63) - 1} events; the bundle has {SIZE}",
        ),
        (manifest(tree_size=0), "the manifest records another root for the first 0 events"),
        (manifest(root=1), "root is not text"),
        (manifest(root=OTHER_DIGEST[1:]), "root is not 64 hex digits"),
        (manifest(root="A" * 64), "root is not 64 hex digits"),
        (
            manifest(root=OTHER_DIGEST),
            f"the manifest records another root for the first {SIZE} events",
        ),
        (
            manifest(tree_size=SIZE - 1),
            f"the manifest records another root for the first {SIZE - 1} events",
        ),
        (
            manifest(tree_size=SIZE + 1),
            f"the manifest covers {SIZE + 1} events; the bundle has {SIZE}",
        ),
        (manifest(signer=1), "signer is not text"),
        (manifest(signer="x+00+?"), "a public key is not base64"),
        (manifest(signer="x"), "'x' is not an Ed25519 verifier key"),
        (manifest(signer=STRANGER[12:]), f"{STRANGER[12:]!r} is not an Ed25519 verifier key"),
        (manifest(signer=STRANGER), "a checkpoint is signed by none of the known keys"),
        (manifest(checkpoints={}), "checkpoints is not a list"),
        (manifest(checkpoints=[1]), "a checkpoint is not text"),
        (manifest(cosigners=[1]), "a cosigner is not text"),
        (
            lambda parts: parts.manifest["checkpoints"].append(parts.note(SIZE, bytes(32))),
            f"the checkpoint at {SIZE} records another root for the first {SIZE} events",
        ),
        (
            lambda parts: parts.manifest["checkpoints"].append(parts.note(SIZE + 1, bytes(32))),
            f"the checkpoint at {SIZE + 1} covers {SIZE + 1} events; the bundle has {SIZE}",
        ),
        (
            lambda parts: parts.manifest["checkpoints"].append(
                parts.note(1, bytes(32), origin="other")
            ),
            "a checkpoint belongs to another ledger, other",
        ),
        (
            noted(lambda note: note.replace("\n\n", "\ntree-hash sm3\n\n")),
            "a checkpoint belongs to another ledger, {origin}",
        ),
        (noted(lambda note: note.replace("\n\n", "\n")), "a signed note is not well formed"),
        (
            noted(lambda note: "\n\n" + note.partition("\n\n")[2]),
            "a signed note is not well formed",
        ),
        (noted(lambda note: note[:-1]), "a signed note is not well formed"),
        (
            noted(lambda note: "a" * ((1 << 20) - len(note) + 1) + note),
            "a signed note is not well formed",
        ),
        (
            noted(lambda note: "a" * ((1 << 20) - len(note)) + note),
            "a checkpoint belongs to another ledger, " + "a" * 100,
        ),
        (noted(lambda note: note + "\n"), "a signed note is not well formed"),
        (noted(lambda note: note.replace("\u2014", "-")), "a signature line is not well formed"),
        (noted(lambda note: note + "x\n"), "a signature line is not well formed"),
        (
            noted(
                lambda note: note.replace("=\n", "\n").replace("\n\n", "=\n\n") + "\u2014 a AAAAA\n"
            ),
            "a signature is not base64",
        ),
        (
            noted(lambda note: note.replace(f"\n{SIZE}\n", f"\n0{SIZE}\n")),
            "a checkpoint is not well formed",
        ),
        (
            noted(lambda note: note.replace(f"\n{SIZE}\n", "\n10000000000000000000\n")),
            "a checkpoint is not well formed",
        ),
        (
            noted(lambda note: note.partition("\n")[0] + "\n1\n\n" + note.partition("\n\n")[2]),
            "a checkpoint is not well formed",
        ),
        (noted(lambda note: note.replace("=\n\n", "?\n\n")), "a root is not base64"),
        (
            noted(lambda note: note.replace("\n\n", "\nmore\n\n")),
            "the signature of {origin} on a checkpoint does not hold",
        ),
    ],
)
def test_a_manifest_that_does_not_hold_is_rejected(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Change,
    sentence: str,
) -> None:
    parts = changed_parts(sealed, change)
    last_line = verify(parts.write(tmp_path / "b.zip"))[-1]
    expected = "DIFFERS: " + sentence.format(origin=sealed.parts.manifest["origin"])
    if sentence.endswith("aaa"):  # a sentence of a megabyte
        assert last_line.startswith(expected)
    else:
        assert last_line == expected


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("manifest.json", b"{", "manifest.json is not valid JSON"),
        ("manifest.json", b"\xff", "manifest.json is not valid JSON"),
        ("manifest.json", b"[]", "manifest.json is not a JSON object"),
        ("manifest.json", b'{"tree_size": 1.5}', "manifest.json is not valid JSON"),
        ("manifest.json", b'{"tree_size": NaN}', "manifest.json is not valid JSON"),
        (
            "manifest.json",
            b'{"tree_size": 100000000000000000000}',
            "manifest.json is not valid JSON",
        ),
        (
            "manifest.json",
            b'{"tree_size": -1000000000000000000}',
            "manifest.json is not in the format lifecycle-bundle/1",
        ),
        ("events.txt", b"x\t1\ty\tz", "events.txt does not end with a line feed"),
        ("working-days.json", b"[]", "working-days.json is not a JSON object"),
        ("working-days.json", b"{", "working-days.json is not valid JSON"),
        ("working-days.json", b'{"weekdays_off": 1}', "weekdays_off is not a list"),
        (
            "working-days.json",
            b'{"weekdays_off": [], "weekends_worked": 1}',
            "weekends_worked is not a list",
        ),
    ],
)
def test_a_member_of_a_wrong_form_is_rejected(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    name: str,
    data: bytes,
    sentence: str,
) -> None:
    with (
        zipfile.ZipFile(sealed.parts.write(tmp_path / "whole.zip")) as whole,
        zipfile.ZipFile(tmp_path / "b.zip", "w") as archive,
    ):
        for member in whole.namelist():
            archive.writestr(member, data if member == name else whole.read(member))
    assert verify(tmp_path / "b.zip")[-1] == f"DIFFERS: {sentence}"


@pytest.mark.parametrize(
    "field", ["first_year", "last_year", "weekdays_off", "weekends_worked", "digest"]
)
def test_the_digest_covers_every_part_of_the_working_days(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    field: str,
) -> None:
    def touch(parts: BundleParts) -> None:
        table = json.loads(parts.files["working-days.json"])
        table[field] = (
            table[field][1:] if isinstance(table[field], (list, str)) else table[field] + 1
        )
        parts.files["working-days.json"] = json.dumps(table).encode()

    assert (
        verify(changed_parts(sealed, touch).write(tmp_path / "b.zip"))[-1]
        == "DIFFERS: the working days do not match their digest"
    )


@pytest.mark.parametrize(
    "name", ["manifest.json", "events.txt", "calendar.txt", "working-days.json"]
)
def test_a_member_that_is_missing_is_named(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    name: str,
) -> None:
    with (
        zipfile.ZipFile(sealed.parts.write(tmp_path / "whole.zip")) as whole,
        zipfile.ZipFile(tmp_path / "b.zip", "w") as archive,
    ):
        for member in whole.namelist():
            if member != name:
                archive.writestr(member, whole.read(member))
    assert verify(tmp_path / "b.zip")[-1] == f"DIFFERS: {name} is missing or damaged"


# The events ---------------------------------------------------------------------------------------


def event(
    at: int,
    **fields: Any,
) -> Change:
    """Fields of an event as it is stored: its stream, version, topic or state."""

    def change(parts: BundleParts) -> None:
        for name, value in fields.items():
            setattr(parts.events[at], name, value)

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (event(1, version="x"), "position 2 is not an event"),
        (event(1, version=10**18), "position 2 is not an event"),
        (
            event(1, version=10**17),
            f"position 2: {OTHER}#{10**17} should be version 1 of its stream",
        ),
        (event(1, version=2), f"position 2: {OTHER}#2 should be version 1 of its stream"),
        (event(4, version=1), "position 5: P#1 should be version 2 of its stream"),
        (event(8, version=3), "position 9: county#3 should be version 1 of its stream"),
        (
            event(1, topic="Unheard/1"),
            "position 2: the event 'Unheard/1' is unknown to this verifier",
        ),
        (
            event(1, topic="UnitRegistered/2"),
            "position 2: the event 'UnitRegistered/2' is unknown to this verifier",
        ),
        (
            event(1, topic="UnitRegistered/x"),
            "position 2: the event 'UnitRegistered/x' is unknown to this verifier",
        ),
        (
            event(1, topic="UnitRegistered"),
            "position 2: the event 'UnitRegistered' is unknown to this verifier",
        ),
        (
            event(1, topic="A" * 81),
            f"position 2: the event {'A' * 80!r} is unknown to this verifier",
        ),
        (
            event(5, topic="ActivityHeld/3"),
            "position 6: the event 'ActivityHeld/3' is unknown to this verifier",
        ),
        (
            event(5, topic="ActivityHeld/0"),
            "position 6: the event 'ActivityHeld/0' is unknown to this verifier",
        ),
        (
            event(5, topic="ActivityHeld/1"),
            "the checkpoint at 9 records another root for the first 9 events",
        ),
        (
            lambda parts: parts.change_last(
                "ScoresPublished", lambda data: data.update(rulebook_digest=1)
            ),
            "rulebook_digest is not text",
        ),
    ],
)
def test_an_event_of_a_wrong_form_is_rejected(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Change,
    sentence: str,
) -> None:
    bundle = changed_parts(sealed, change).write(tmp_path / "b.zip")
    assert verify(bundle)[-1] == f"DIFFERS: {sentence}"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"only one part", "is not an event"),
        (b"unit/x\t1\tUnitRegistered/1", "is not an event"),
        (b"unit/\xff\t1\tUnitRegistered/1\t{}", "is not UTF-8"),
        (b"unit/x\t1\tUnitRegistered/\xff\t{}", "is not UTF-8"),
    ],
)
def test_a_line_of_a_wrong_form_is_rejected(
    line: bytes,
    sentence: str,
) -> None:
    with pytest.raises(verifier.VerificationError, match=f"^position 7 {sentence}$"):
        verifier.parse_event(7, line)


def test_the_bytes_of_an_event_follow_the_third_tab() -> None:
    event = verifier.parse_event(7, b'unit/a b\t1\tUnitRegistered/1\t{"a":\t"b\tc"} ')
    assert (event.position, event.stream, event.version, event.topic, event.state) == (
        7,
        "unit/a b",
        1,
        "UnitRegistered/1",
        b'{"a":\t"b\tc"} ',
    )
    assert (
        event.name,
        event.kind,
        verifier.parse_event(1, b"county\t12\tTargetSet/1\t{}").name,
    ) == (
        "a b#1",
        "UnitRegistered",
        "county#12",
    )


def test_a_key_is_endorsed_by_the_one_just_before(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second, third = (SigningKey.create("origin", tmp_path / name) for name in "abc")

    def change(
        new: SigningKey,
        by: SigningKey | None,
    ) -> verifier.StoredEvent:
        endorsement = (
            by.sign(endorsement_text("origin", new.verifier)).signatures[0] if by else None
        )
        fields = {
            "verifier_key": str(new.verifier),
            "reason": "交接",
            "endorsement": str(endorsement).strip() if by else None,
        }
        return verifier.StoredEvent(
            1, "county", 1, "SigningKeyChanged/1", json.dumps(fields).encode()
        )

    keys = [verifier.PublicKey(str(first.verifier))]
    verifier.follow_key_change(change(second, first), "origin", keys)
    with pytest.raises(
        verifier.VerificationError, match=r"^a checkpoint is signed by none of the known keys$"
    ):
        verifier.follow_key_change(change(third, first), "origin", keys)
    with pytest.raises(
        verifier.VerificationError, match=r"^a checkpoint is signed by none of the known keys$"
    ):
        verifier.follow_key_change(change(third, second), "another", keys[:1])
    verifier.follow_key_change(change(third, None), "origin", keys)
    assert [(key.written, key.vouched) for key in keys] == [
        (str(first.verifier), False),
        (str(second.verifier), True),
        (str(third.verifier), False),
    ]
    assert capsys.readouterr().out.splitlines() == [
        "ok: county#1: the signing key was changed; the previous key signed for it",
        "note: county#1: the signing key was changed; the previous key did not sign for it (交接)",
    ]
    with pytest.raises(verifier.VerificationError, match=r"^verifier_key is not text$"):
        verifier.follow_key_change(
            verifier.StoredEvent(1, "county", 1, "SigningKeyChanged/1", b'{"verifier_key": 1}'),
            "origin",
            keys,
        )
    # The first key vouches for itself and the second; nobody signed for the third.
    assert [
        [keys.index(vouched) for vouched in verifier.vouched_keys(keys, key.written)]
        for key in keys
    ] == [
        [0, 1],
        [1],
        [2],
    ]


def test_how_far_signatures_reach(capsys: pytest.CaptureFixture[str]) -> None:
    verifier.check_signatures([], [], None, 0)
    verifier.check_signatures([], [], None, 1)
    assert capsys.readouterr().out.splitlines() == [
        "ok: 0 signed checkpoints",
        "ok: 0 signed checkpoints",
        "note: the last 1 events come after the last signed checkpoint",
    ]


@pytest.mark.parametrize(("field", "wrong"), [("tree_size", SIZE - 2), ("root", OTHER_DIGEST)])
def test_a_publication_names_the_tree_before_it(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    field: str,
    wrong: object,
) -> None:
    def touch(parts: BundleParts) -> None:
        last = parts.events[-1]
        last.replace_data({**last.data, field: wrong})

    assert (
        verify(changed_parts(sealed, touch).write(tmp_path / "b.zip"))[-1]
        == "DIFFERS: publication county#3 does not name the tree that it was added to"
    )


def test_more_events_than_the_limit_need_large(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = sealed.parts.write(tmp_path / "b.zip")
    monkeypatch.setitem(
        verifier.LIMITS, "bytes", verifier.LIMITS["bytes"]
    )  # as they were, after --large
    monkeypatch.setitem(verifier.LIMITS, "events", SIZE)
    assert verify(path)[-1] == CONSISTENT
    monkeypatch.setitem(verifier.LIMITS, "events", SIZE - 1)
    assert verify(path)[-1] == (
        f"UNUSABLE: there are more than {SIZE - 1} events; "
        "use --large if you trust the file's maker"
    )
    assert verify(path, "--large")[-1] == CONSISTENT
    assert verifier.LARGE == verifier.LIMITS


@pytest.mark.parametrize("buffering", [[], ["-u"]])
def test_a_reader_that_leaves_early_brings_no_traceback(
    sealed: SealedLedger,
    tmp_path: Path,
    buffering: list[str],
) -> None:
    """Unread, the verdict is not VERIFIED either."""
    bundle = sealed.parts.write(tmp_path / "b.zip")
    command = [sys.executable, *buffering, str(verifier.__file__), str(bundle)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()

    assert (process.returncode, errors) == (1, b"")


def test_the_program_ends_with_the_code_of_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier, "main", lambda: 0)
    assert verifier.run() == 0


def test_what_a_reader_that_left_does_not_read_goes_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def write_verdict() -> int:
        return sys.stdout.write("VERIFIED\n")

    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    with os.fdopen(writing_end, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setattr(verifier, "main", write_verdict)

        assert verifier.run() == 1
        pipe.write("more\n")
        pipe.flush()


@pytest.mark.parametrize("read", [0, 1])
def test_a_reader_who_leaves_early_sees_no_traceback(
    sealed: SealedLedger, tmp_path: Path, read: int
) -> None:
    bundle = sealed.parts.write(tmp_path / "b.zip")
    program = [sys.executable, verifier.__file__, str(bundle)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(read)
        process.stdout.close()
        assert process.stderr.read() == b""
    # Nobody has read the verdict, so it does not exit as if it were good.
    assert process.returncode == 1
