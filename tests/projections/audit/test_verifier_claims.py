"""What the standalone verifier rejects of publications, rulebooks, receipts and witness files."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from projections.audit.verifier import verify_bundle as verifier
from tests.edited_files import EDITS, MARK, Edit
from tests.given import OTHER, TOWN
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

# Publications -------------------------------------------------------------------------------------


def published(
    kind: str,
    **fields: Any,
) -> Change:
    return lambda parts: parts.change_last(kind, lambda data: data.update(fields))


def result(
    kind: str,
    **fields: Any,
) -> Change:
    return lambda parts: parts.change_last(kind, lambda data: data["result"].update(fields))


def unit_of(
    kind: str,
    change: Callable[[list[dict[str, Any]]], object],
) -> Change:
    return lambda parts: parts.change_last(kind, lambda data: change(data["result"]["units"]))


SCORES = "publication county#2 (ScoresPublished 2024, as of 2024-12-31)"
BOARD = "publication county#3 (BoardPublished 2024, as of 2024-10-31)"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            published("ScoresPublished", rulebook_digest=OTHER_DIGEST),
            f"{SCORES}: its rulebook kaihua-2024 is missing",
        ),
        (
            published("ScoresPublished", calendar_digest=OTHER_DIGEST),
            f"{SCORES}: its calendar is not in the bundle",
        ),
        (published("ScoresPublished", rulebook_id="x"), f"{SCORES}: its rulebook has another id"),
        (
            published("ScoresPublished", evaluator="lifecycle 1.2.0"),
            f"{SCORES}: it was computed by 'lifecycle 1.2.0', unknown to this verifier",
        ),
        (
            published("ScoresPublished", evaluator="lifecycle 0.1.0b"),
            f"{SCORES}: it was computed by 'lifecycle 0.1.0b', unknown to this verifier",
        ),
        (published("ScoresPublished", evaluator=1), "evaluator is not text"),
        (published("ScoresPublished", as_of=1), "as_of is not text"),
        (
            published("ScoresPublished", as_of="x"),
            "the file is damaged: ValueError Invalid isoformat string: 'x'",
        ),
        (published("ScoresPublished", year="2024"), "year is not a count"),
        (published("ScoresPublished", position="1"), "position is not a count"),
        (published("ScoresPublished", result=None), f"{SCORES}: its result has another year"),
        (
            published("ScoresPublished", result=[1]),
            "the file is damaged: AttributeError 'list' object has no attribute 'get'",
        ),
        (result("ScoresPublished", year=2023), f"{SCORES}: its result has another year"),
        (result("ScoresPublished", as_of="2024-12-30"), f"{SCORES}: its result has another as_of"),
        (result("ScoresPublished", month="2024-12"), f"{SCORES}: its result has another month"),
        (result("BoardPublished", month="2024-09"), f"{BOARD}: its result has another month"),
        (result("ScoresPublished", units=None), "units is not a list"),
        (unit_of("ScoresPublished", list.reverse), f"{SCORES}: the units, or their order, differ"),
        (
            unit_of("ScoresPublished", lambda units: units.pop()),
            f"{SCORES}: the units, or their order, differ",
        ),
        (
            unit_of("ScoresPublished", lambda units: units[1].update(total="9")),
            f"{SCORES}: {OTHER}, total: published 9, recomputed -4",
        ),
        (
            unit_of("ScoresPublished", lambda units: units[0].update(more=1)),
            f"{SCORES}: {TOWN}, more: published 1, recomputed None",
        ),
        (
            unit_of("ScoresPublished", lambda units: units[0].pop("rank")),
            f"{SCORES}: {TOWN}, rank: published None, recomputed 1",
        ),
        (
            unit_of("BoardPublished", lambda units: units[0].update(rank_before=9)),
            f"{BOARD}: {TOWN}, rank_before: published 9, recomputed 1",
        ),
        (
            lambda parts: parts.change_last(
                "BoardPublished",
                lambda data: (data.update(month=1), data["result"].update(month=1)),
            ),
            "month is not text",
        ),
        (
            lambda parts: parts.change_last(
                "BoardPublished",
                lambda data: (
                    data.update(as_of="2024-10-30"),
                    data["result"].update(as_of="2024-10-30"),
                ),
            ),
            f"{BOARD.replace('31', '30')}: its date is not the last day of its month",
        ),
        (
            lambda parts: parts.change_last(
                "BoardPublished",
                lambda data: (data.update(year=2023), data["result"].update(year=2023)),
            ),
            f"{BOARD.replace('ed 2024', 'ed 2023')}: its date is not the last day of its month",
        ),
        (
            result("BoardPublished", candidates=[]),
            f"{BOARD}, candidates: published [], recomputed ",
        ),
        (
            result("BoardPublished", listed=[]),
            (
                f"{BOARD}, listed: published [], recomputed [{{'unit': '{OTHER}', "
                f"'name': '{OTHER}', 'board': 'black', 'reason': '末位', 'event': '{OTHER}#3'}}]"
            ),
        ),
        (
            result("BoardPublished", interviews=[]),
            (
                f"{BOARD}, interviews: published [], "
                f"recomputed [{{'unit': '{OTHER}', 'name': '{OTHER}', "
                "'months': ['2024-09', '2024-10']}]"
            ),
        ),
    ],
)
def test_a_publication_that_the_events_do_not_give_is_rejected(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Change,
    sentence: str,
) -> None:
    last_line = verify(changed_parts(sealed, change).write(tmp_path / "b.zip"))[-1]
    if sentence.endswith("recomputed "):  # the whole list follows
        assert last_line.startswith(f"DIFFERS: {sentence}[")
    else:
        assert last_line == f"DIFFERS: {sentence}"


def test_a_rulebook_must_match_its_digest(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    def change(parts: BundleParts) -> None:
        parts.files[f"rulebooks/{BOOK.digest}.json"] += b" "

    path = changed_parts(sealed, change).write(tmp_path / "b.zip")

    assert verify(path)[-1] == (
        f"DIFFERS: the rulebook {BOOK.digest[:12]} does not match its digest"
    )


BARE = b'{"id":"x"}'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, f"{SCORES}: its rulebook kaihua-2024 is missing"),
        (b"[]", "a rulebook is not a JSON object"),
        (b'{"id":"1E9"}', "'1E9' is not a plain number"),
        (
            BARE,
            f"the rulebook {verifier.sha256(BARE).hex()[:12]} cannot be read: KeyError('rules')",
        ),
    ],
)
def test_another_rulebook_under_its_own_digest_does_not_pass(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    content: bytes | None,
    sentence: str,
) -> None:
    def change(parts: BundleParts) -> None:
        rulebook = parts.files.pop(f"rulebooks/{BOOK.digest}.json") + b" "
        if content is not None:
            rulebook = content
        digest = verifier.sha256(rulebook).hex()
        parts.files[f"rulebooks/{digest}.json"] = rulebook

    path = changed_parts(sealed, change).write(tmp_path / "b.zip")

    assert verify(path)[-1] == f"DIFFERS: {sentence}"


# Receipts and witness files -----------------------------------------------------------------------


def differs(sentence: str) -> str:
    return f"DIFFERS: {sentence}; the receipt is unsigned and may be invented"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda data: data.update(format="x"),
            "UNUSABLE: {path} is not in the format lifecycle-receipt/2",
        ),
        (lambda data: data.update(origin="other"), "DIFFERS: {path} belongs to another ledger"),
        (lambda data: data.update(tree_hash="sm3"), "DIFFERS: {path} belongs to another ledger"),
        (lambda data: data.update(tree_size=None), "UNUSABLE: tree_size is not a count"),
        (lambda data: data.update(root=None), "UNUSABLE: root is not text"),
        (
            lambda data: data.update(root=OTHER_DIGEST),
            differs("{path} records another root for the first 9 events"),
        ),
        (
            lambda data: data.update(tree_size=99),
            differs(f"{{path}} covers 99 events; the bundle has {SIZE}"),
        ),
        (lambda data: data.update(events=None), "UNUSABLE: events is not a list"),
        (
            lambda data: data["events"].clear(),
            "UNUSABLE: {path} has no receipt of any event, so it proves nothing",
        ),
        (lambda data: data["events"][0].update(position=None), "UNUSABLE: position is not a count"),
        (lambda data: data["events"][0].update(leaf=None), "UNUSABLE: leaf is not text"),
        (lambda data: data["events"][0].update(leaf="x"), "UNUSABLE: leaf is not 64 hex digits"),
        (
            lambda data: data["events"][0].update(leaf=OTHER_DIGEST),
            differs("{path} records another event at position 5, which now holds P#2"),
        ),
        (
            lambda data: data["events"][0].update(position=6),
            differs(f"{{path}} records another event at position 6, which now holds {TOWN}#2"),
        ),
        (
            lambda data: data["events"][0].update(position=0),
            differs("{path} records another event at position 0, which now holds nothing"),
        ),
        (
            lambda data: data["events"][0].update(position=50),
            differs("{path} records another event at position 50, which now holds nothing"),
        ),
        (
            lambda data: [
                data["events"][0].update(position=50),
                data["events"][1].update(position=60),
            ],
            differs("{path} records another event at position 50, which now holds nothing"),
        ),
    ],
)
def test_a_receipt_that_does_not_match_is_rejected(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Any], object],
    sentence: str,
) -> None:
    data = deepcopy(sealed.receipt)
    change(data)
    path = tmp_path / "r.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    bundle = sealed.parts.write(tmp_path / "b.zip")
    assert verify(bundle, "--receipt", path)[-1] == sentence.format(path=path)


def other_note(
    sealed: SealedLedger,
    **fields: Any,
) -> str:
    return sealed.parts.note(fields.pop("size", 9), fields.pop("root", bytes(32)), **fields)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines, _: lines[1].update(checkpoint=1), "UNUSABLE: {path}:2 is not text"),
        (lambda lines, _: lines[1].update(key=1), "UNUSABLE: {path}:2 is not text"),
        (
            lambda lines, _: lines[1].update(key=STRANGER),
            "UNUSABLE: a checkpoint is signed by none of the known keys",
        ),
        (lambda lines, _: lines[1].update(leaves=1), "UNUSABLE: {path}:2 is not text"),
        (lambda lines, _: lines[1].update(leaves="?"), "UNUSABLE: {path}:2 is not base64"),
        (
            lambda lines, _: lines[1].update(leaves=lines[1]["leaves"][:-16]),
            "UNUSABLE: {path}:2 is damaged",
        ),
        (lambda lines, _: lines.reverse(), "UNUSABLE: {path}:1 is damaged"),
        (
            lambda lines, _: lines[0].update(
                leaves=base64.b64encode(base64.b64decode(lines[0]["leaves"])[:-8]).decode()
            ),
            "UNUSABLE: {path}:1 is damaged",
        ),
        (
            lambda lines, _: lines[1].update(checkpoint=lines[0]["checkpoint"], leaves=""),
            "{path}: this is the ledger that it recorded",
        ),
        (
            lambda lines, _: lines.append({**lines[0], "leaves": ""}),
            "UNUSABLE: {path}:3 is damaged",
        ),
        (
            lambda lines, sealed: lines[1].update(checkpoint=other_note(sealed)),
            "DIFFERS: {path}:2 records another root for the first 9 events",
        ),
        (
            lambda lines, sealed: lines[1].update(checkpoint=other_note(sealed, origin="other")),
            "DIFFERS: {path}:2 belongs to another ledger",
        ),
        (
            lambda lines, sealed: lines[1].update(checkpoint=other_note(sealed, tree_hash="sm3")),
            "DIFFERS: {path}:2 belongs to another ledger",
        ),
        (
            lambda lines, _: lines[1].update(leaves=base64.b64encode(bytes(40)).decode()),
            "DIFFERS: {path} records another event at position 5, which now holds P#2",
        ),
        (
            lambda lines, _: lines[0].update(leaves=base64.b64encode(bytes(32)).decode()),
            f"DIFFERS: {{path}} records another event at position 1, which now holds {TOWN}#1",
        ),
        (
            lambda lines, _: lines[1].update(
                leaves=base64.b64encode(base64.b64decode(lines[1]["leaves"])[:-1] + b"\0").decode()
            ),
            "DIFFERS: {path} records another event at position 9, which now holds county#1",
        ),
    ],
)
def test_a_witness_file_is_matched_line_by_line(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    change: Callable[[Any, SealedLedger], object],
    sentence: str,
) -> None:
    lines = deepcopy(sealed.witness)
    change(lines, sealed)
    path = tmp_path / "w.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    printed = verify(sealed.parts.write(tmp_path / "b.zip"), "--witness", path)
    expected = sentence.format(path=path)
    if sentence.endswith("the ledger that it recorded"):
        assert f"ok: witness file {expected}" in printed
    else:
        assert printed[-1] == expected


def test_a_witness_line_must_be_a_json_object(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = tmp_path / "w.jsonl"
    path.write_text("[]\n", encoding="utf-8")
    assert (
        verify(sealed.parts.write(tmp_path / "b.zip"), "--witness", path)[-1]
        == f"UNUSABLE: {path}:1 is not a JSON object"
    )


def test_a_witness_file_with_a_key_whose_name_no_text_can_have_is_named(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = tmp_path / "w.jsonl"
    line = sealed.witness[0] | {"key": "\udcff+00000000+AA=="}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    last_line = verify(sealed.parts.write(tmp_path / "b.zip"), "--witness", path)[-1]
    assert last_line.startswith(f"UNUSABLE: {path} is damaged: UnicodeEncodeError")


def test_of_claims_beyond_the_end_the_shortest_is_named() -> None:
    claims = verifier.TreeClaims()
    for size, source in ((8, "eight"), (7, "seven"), (9, "nine")):
        claims.add_root(size, bytes(32), source)
    with pytest.raises(
        verifier.VerificationError, match=r"^seven covers 7 events; the bundle has 5$"
    ):
        claims.check_end(5)


def test_a_root_is_looked_up_as_far_as_the_tree_gets() -> None:
    claims, tree = verifier.TreeClaims(), verifier.MerkleTree("sha256")
    claims.look_up_root(0)
    claims.look_up_root(1)
    claims.check_at(tree, None, "nothing")
    assert claims.looked_up_roots == {0: hashlib.sha256().digest(), 1: None}


def test_a_line_of_stray_letters_is_no_empty_line(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = tmp_path / "w.jsonl"
    path.write_bytes(b"XX\n" + witness_content(sealed))
    bundle = sealed.parts.write(tmp_path / "b.zip")

    assert verify(bundle, "--witness", path)[-1] == f"UNUSABLE: {path}:1 is not valid JSON"


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_a_line_has_the_same_number_whatever_ends_the_lines(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    line_end: bytes,
) -> None:
    path = tmp_path / "w.jsonl"
    first_line = witness_content(sealed).splitlines()[0]
    path.write_bytes(first_line + line_end + b"[]" + line_end)
    bundle = sealed.parts.write(tmp_path / "b.zip")

    assert verify(bundle, "--witness", path)[-1] == f"UNUSABLE: {path}:2 is not a JSON object"


@pytest.mark.parametrize("sizes", [[], [0], [0, 0]])
def test_a_witness_file_without_a_checkpoint_of_any_event_is_rejected(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    sizes: list[int],
) -> None:
    """The empty tree's root is the hash of nothing (RFC 6962, 2.1)."""
    note = other_note(sealed, size=0, root=hashlib.sha256().digest())
    empty_line = json.dumps({**sealed.witness[0], "checkpoint": note, "leaves": ""}) + "\n"
    path = tmp_path / "w.jsonl"
    path.write_text(empty_line * len(sizes), encoding="utf-8")
    bundle = sealed.parts.write(tmp_path / "b.zip")

    assert verify(bundle, "--witness", path)[-1] == (
        f"UNUSABLE: {path} has no checkpoint of any event, so it proves nothing"
    )

    witness_lines = "".join(json.dumps(line) + "\n" for line in sealed.witness)
    path.write_text(empty_line * len(sizes) + witness_lines, encoding="utf-8")
    assert f"ok: witness file {path}: this is the ledger that it recorded" in verify(
        bundle, "--witness", path
    )


def witness_content(sealed: SealedLedger) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in sealed.witness).encode()


@pytest.mark.parametrize("edit", EDITS)
def test_an_editor_s_marks_and_line_ends_do_no_harm(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    edit: Edit,
) -> None:
    contents = {
        "r.json": json.dumps(sealed.receipt, indent=2).encode() + b"\n",
        "w.jsonl": witness_content(sealed),
        "c.json": json.dumps(sealed.certificate, indent=2).encode() + b"\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(edit(content))
    bundle = sealed.parts.write(tmp_path / "b.zip")
    arguments = ("--receipt", tmp_path / "r.json", "--witness", tmp_path / "w.jsonl")

    assert verify(bundle, *arguments)[-1] == verified(SIZE, SIZE)
    assert verify(tmp_path / "c.json")[-1] == CONSISTENT.replace(
        "--key, --cosigner, --receipt, --witness", "--key or --witness"
    )


def test_a_mark_within_a_line_is_damage(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
) -> None:
    path = tmp_path / "w.jsonl"
    path.write_bytes(witness_content(sealed).replace(b'{"', b"{" + MARK + b'"', 1))
    bundle = sealed.parts.write(tmp_path / "b.zip")

    assert verify(bundle, "--witness", path)[-1] == f"UNUSABLE: {path}:1 is not valid JSON"


@pytest.mark.parametrize("between", [b"", MARK, b"\r\n" + MARK])
def test_joined_witness_files_are_read(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    between: bytes,
) -> None:
    """A longer file before a shorter one, and the same once more."""
    content = witness_content(sealed)
    shorter = content.splitlines(keepends=True)[0]
    path = tmp_path / "w.jsonl"
    path.write_bytes(between.join([content, shorter, content, b"\x1a"]))
    bundle = sealed.parts.write(tmp_path / "b.zip")

    assert f"ok: witness file {path}: this is the ledger that it recorded" in verify(
        bundle, "--witness", path
    )


@pytest.mark.parametrize("changed_line", [0, 1, 2, 3])
def test_each_run_of_a_joined_witness_file_is_matched(
    sealed: SealedLedger,
    tmp_path: Path,
    verify: Verify,
    changed_line: int,
) -> None:
    lines = deepcopy([*sealed.witness, *sealed.witness])
    covered = len(base64.b64decode(lines[changed_line]["leaves"]))
    lines[changed_line]["leaves"] = base64.b64encode(bytes(covered)).decode()
    path = tmp_path / "w.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    position, name = [(1, f"{TOWN}#1"), (5, "P#2")][changed_line % 2]

    assert verify(sealed.parts.write(tmp_path / "b.zip"), "--witness", path)[-1] == (
        f"DIFFERS: {path} records another event at position {position}, which now holds {name}"
    )
