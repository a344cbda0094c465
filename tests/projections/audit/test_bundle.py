"""The bundle and the certificate as the standalone verifier sees them.

Sound, changed and hostile.
"""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from commands.handlers.publishing import publish_board, publish_scores
from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.checkpoints import change_signer, create_signer, sign_checkpoint, signers
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.merkle_tree import sm3
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rulebook import shipped
from lifecycle.rulebook.rulebook_library import canonical
from projections.audit.bundles import write_bundle
from projections.audit.certificates import unit_certificate
from projections.audit.verifier import verify_bundle as verifier
from projections.scoring.evaluation import View, evaluate
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board, view_of_month
from tests.county import CountyCli
from tests.given import REPORTED
from tests.ledgers import CLERK, LATER, fill, new_ledger
from tests.reference.histories import histories
from tests.soak import examples

Members = dict[str, bytes]


@pytest.fixture(scope="session")
def published(
    county_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> bytes:
    """The demo county's bundle, two publications in it."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copytree(county_folder, folder, dirs_exist_ok=True)
    book = shipped("kaihua-2024")
    with Ledger.open(f"sqlite:///{folder / 'l.db'}") as ledger:
        for day, moment in (
            (date(2024, 6, 30), datetime(2024, 7, 1, 23, 59, tzinfo=SHANGHAI)),
            (date(2024, 12, 31), LATER),
        ):
            publish_scores(ledger, View(2024, day, ledger.position_at(moment), book), CLERK)
        sign_checkpoint(ledger, SigningKey.load(ledger.head().origin, folder / "key.pem"))
        write_bundle(ledger, folder / "b.zip")
    return (folder / "b.zip").read_bytes()


@pytest.fixture
def bundle(
    published: bytes,
    tmp_path: Path,
) -> Path:
    """A copy of it."""
    path = tmp_path / "b.zip"
    path.write_bytes(published)
    return path


@pytest.fixture(scope="session")
def certified(county_folder: Path) -> str:
    """The certificate of a unit of it."""
    with Ledger.open(f"sqlite:///{county_folder / 'l.db'}") as ledger:
        head = ledger.head()
        note = SigningKey.load(head.origin, county_folder / "key.pem").sign(
            Checkpoint(head.origin, head.position, ledger.tree().root()).text
        )
        return json.dumps(
            unit_certificate(
                ledger,
                View(2024, date(2024, 12, 31), head.position, shipped("kaihua-2024")),
                "华埠镇",
                note,
            ).as_json()
        )


def verified(
    capsys: pytest.CaptureFixture[str],
    *arguments: object,
) -> tuple[int, str]:
    capsys.readouterr()
    code = verifier.main([str(argument) for argument in arguments])
    return code, capsys.readouterr().out


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(
    path: Path,
    content: Members,
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


# Sound --------------------------------------------------------------------------------------------


def test_the_verifier_in_a_bundle_verifies_it(
    bundle: Path,
    tmp_path: Path,
) -> None:
    alone = tmp_path / "auditor"
    alone.mkdir()
    (alone / "verify_bundle.py").write_bytes(members(bundle)["verify_bundle.py"])

    run = subprocess.run(
        [sys.executable, "-I", "verify_bundle.py", str(bundle)],
        cwd=alone,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout.endswith("VERIFIED\n"), run.stdout + run.stderr
    assert run.returncode == 0
    assert run.stdout.count("recomputed") == 2


def test_receipts_and_witness_files_meet_the_bundle(
    county: CountyCli,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    county("audit", "checkpoint", "--witness", tmp_path / "w.jsonl")
    with Ledger.open(county.url) as ledger:
        entry = ledger.record(read_record(REPORTED[0] | {"unit": "新单位"}), CLERK)
        (tmp_path / "r.json").write_bytes(ledger.receipts([entry]).encode())
        key = ledger.head().signer
    county("audit", "bundle", tmp_path / "b.zip")
    arguments = (
        tmp_path / "b.zip",
        "--receipt",
        tmp_path / "r.json",
        "--witness",
        tmp_path / "w.jsonl",
    )
    code, out = verified(capsys, *arguments)  # the trusted key is the one in the witness file
    assert (code, out.count("ok: ")) == (0, 6)
    assert verified(capsys, *arguments, "--key", key) == (code, out)
    stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert verified(capsys, *arguments, "--key", stranger)[0] == 1
    old = (tmp_path / "r.json").read_text(encoding="utf-8")
    (tmp_path / "r.json").write_text(old.replace(entry.leaf, "0" * 64), encoding="utf-8")
    code, out = verified(capsys, *arguments)
    assert (code, "another event at position" in out) == (1, True)


def test_a_bundle_of_a_tree_with_sm3(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Ledger.open(
        f"sqlite:///{tmp_path / 'l.db'}", create=True, tree_hash="sm3", clock=lambda: LATER
    ) as ledger:
        key = create_signer(ledger, tmp_path / "k.pem")
        fill(ledger, REPORTED, keep=False)
        sign_checkpoint(ledger, key)
        write_bundle(ledger, tmp_path / "b.zip")
    assert verified(capsys, tmp_path / "b.zip")[0] == 0


@given(st.binary(max_size=300))
def test_its_sm3_agrees_with_the_product_s(data: bytes) -> None:
    assert verifier.sm3(data) == sm3(data)


def test_its_ed25519_meets_the_vectors_of_rfc_8032() -> None:
    # RFC 8032, 7.1, TEST 1 to 3
    for public, message, signature in (
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ):
        key, text, mark = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
        assert verifier.signature_holds(key, mark, text)
        assert not verifier.signature_holds(key, mark, text + b"x")
        for at in (0, 31, 32, 63):
            assert not verifier.signature_holds(
                key, mark[:at] + bytes([mark[at] ^ 1]) + mark[at + 1 :], text
            )
        assert not verifier.signature_holds(
            key,
            mark[:32]
            + (int.from_bytes(mark[32:], "little") + verifier.ORDER).to_bytes(32, "little"),
            text,
        )


@examples(10)
@given(histories(), st.sampled_from(["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]))
def test_its_scores_agree_with_the_evaluator_on_any_history(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, Any]],
    day: str,
) -> None:
    book = shipped("kaihua-2024")
    with new_ledger(tmp_path_factory.mktemp("history")) as ledger:
        fill(ledger, records)
        streams: dict[str, list[verifier.StoredEvent]] = {}
        with ledger.recorder.cursor(write=False) as cursor:
            for position, stream, version, topic, state in ledger.recorder.between(
                cursor, 1, len(records)
            ):
                streams.setdefault(stream, []).append(
                    verifier.StoredEvent(position, stream, version, topic, state)
                )
        rules = verifier.CheckedRulebook(json.loads(canonical(book.rulebook)))
        for position in {len(records), len(records) // 2}:
            expected = score_json(
                evaluate(ledger, View(2024, date.fromisoformat(day), position, book))
            )["units"]
            assert (
                verifier.scores(streams, rules, 2024, date.fromisoformat(day), position) == expected
            )
            expected_board = board_json(
                month_board(ledger, View(2024, date.fromisoformat(day), position, book), day[:7])
            )
            board = verifier.board(streams, rules, day[:7], position)
            assert {
                name: board[name] for name in ("units", "candidates", "listed", "interviews")
            }.items() <= expected_board.items()


# Changed ------------------------------------------------------------------------------------------


def _line(
    content: Members,
    at: int,
    change: Callable[[bytes], bytes],
) -> None:
    lines = content["events.txt"].split(b"\n")
    lines[at] = change(lines[at])
    content["events.txt"] = b"\n".join(lines)


def _edited(content: Members) -> None:
    _line(
        content,
        40,
        lambda line: line.replace(b"2024", b"2023", 1) if b"2024" in line else line + b" ",
    )


def _removed(content: Members) -> None:
    content["events.txt"] = b"\n".join(
        content["events.txt"].split(b"\n")[:40] + content["events.txt"].split(b"\n")[41:]
    )


def _cut(content: Members) -> None:
    content["events.txt"] = b"\n".join(content["events.txt"].split(b"\n")[:-2]) + b"\n"


def _rulebook(content: Members) -> None:
    name = next(name for name in content if name.startswith("rulebooks/"))
    content[name] = content[name].replace(b'"points":"1"', b'"points":"2"', 1)


def _no_rulebook(content: Members) -> None:
    del content[next(name for name in content if name.startswith("rulebooks/"))]


def _calendar(content: Members) -> None:
    content["calendar.txt"] += b" "


def _working_day(content: Members) -> None:
    content["working-days.json"] = content["working-days.json"].replace(
        b"2024-04-04", b"2024-04-03"
    )


def _note(content: Members) -> None:
    manifest = json.loads(content["manifest.json"])
    manifest["checkpoints"][0] = manifest["checkpoints"][0].replace("\n", "\n ", 1)
    content["manifest.json"] = json.dumps(manifest).encode()


def _signer(content: Members) -> None:
    manifest = json.loads(content["manifest.json"])
    manifest["signer"] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    content["manifest.json"] = json.dumps(manifest).encode()


def _score_published(content: Members) -> None:
    _published(content, b"ScoresPublished", lambda result: result["units"][0].update(total="99"))


def _published(
    content: Members,
    kind: bytes,
    change: Callable[[Any], object],
) -> None:
    """Change a published number, make the root in the manifest match, leave the checkpoints out."""
    lines = content["events.txt"].split(b"\n")
    at = max(at for at, line in enumerate(lines) if kind in line)
    stream, version, topic, state = lines[at].split(b"\t", 3)
    data = json.loads(state)
    change(data["result"])
    lines[at] = b"\t".join([stream, version, topic, json.dumps(data).encode()])
    content["events.txt"] = b"\n".join(lines)
    tree = verifier.MerkleTree("sha256")
    for position, line in enumerate(lines[:-1], 1):
        tree.append(tree.leaf(verifier.parse_event(position, line)))
    manifest = json.loads(content["manifest.json"])
    manifest["checkpoints"], manifest["root"] = [], tree.root().hex()
    content["manifest.json"] = json.dumps(manifest).encode()


def _unsigned(content: Members) -> None:
    """The checkpoints are left out; the key stays, as if it had signed."""
    manifest = json.loads(content["manifest.json"])
    manifest["checkpoints"] = []
    content["manifest.json"] = json.dumps(manifest).encode()


def test_a_key_that_signed_nothing_is_not_enough(
    bundle: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = members(bundle)
    key = json.loads(content["manifest.json"])["signer"]
    assert verified(capsys, bundle, "--key", key)[0] == 0
    _unsigned(content)
    code, out = verified(capsys, packed(bundle, content), "--key", key)
    assert (code, "no checkpoint is signed by the key that you trust" in out) == (1, True)
    code, out = verified(capsys, bundle)
    assert (code, "come after the last signed checkpoint" in out) == (0, True)


def _strange_kind(content: Members) -> None:
    name = next(name for name in content if name.startswith("rulebooks/"))
    data = content.pop(name).replace(b'"kind":"per_item"', b'"kind":"lottery"', 1)
    content[f"rulebooks/{verifier.sha256(data).hex()}.json"] = data


@pytest.mark.parametrize(
    ("tamper", "word"),
    [
        (_edited, "does not name the tree"),
        (_removed, "should be version"),
        (_cut, "; the bundle has"),
        (_rulebook, "does not match its digest"),
        (_no_rulebook, "is missing"),
        (_calendar, "calendar"),
        (_working_day, "working days"),
        (_note, "checkpoint"),
        (_signer, "none of the known keys"),
        (_score_published, "total: published 99"),
        (_strange_kind, "'lottery', unknown"),
    ],
)
def test_a_change_is_named(
    bundle: Path,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[Members], None],
    word: str,
) -> None:
    content = members(bundle)
    tamper(content)
    code, out = verified(capsys, packed(bundle, content))
    assert code == 1
    assert out.splitlines()[-1].startswith("FAILED: ")
    assert word in out


# Hostile ------------------------------------------------------------------------------------------


def _crowd(count: int) -> bytes:
    """A directory of many members of no content."""
    entry = (
        struct.pack(
            "<4sBBHHHHHIIIHHHHHII",
            b"PK\x01\x02",
            20,
            3,
            20,
            0,
            0,
            0,
            33,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"x"
    )
    end = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, count * len(entry), 0, 0
    )
    return entry * count + end


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "harm",
    [
        "bomb",
        "traversal",
        "absolute",
        "duplicate",
        "crowd",
        "wrapped crowd",
        "long line",
        "no zip",
        "empty",
        "deep json",
        "float",
    ],
)
def test_a_hostile_archive_is_rejected(
    bundle: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    harm: str,
) -> None:
    path = tmp_path / "evil.zip"
    content = members(bundle)
    extra: dict[str, tuple[str, bytes]] = {
        "traversal": ("../../etc/passwd", b"x"),
        "absolute": ("/etc/passwd", b"x"),
        "duplicate": ("calendar.txt", b"x"),
        "bomb": ("README.txt", bytes(1 << 26)),
    }
    if harm == "bomb":
        del content["README.txt"]
    if harm in extra:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in [*content.items(), extra[harm]]:
                archive.writestr(name, data)
    elif harm in ("crowd", "wrapped crowd"):
        path.write_bytes(_crowd(1_000_000 if harm == "crowd" else (1 << 16) * 16 + 7))
    elif harm in ("no zip", "empty"):
        path.write_bytes(b"PK but no archive" if harm == "no zip" else b"")
    else:
        content |= {
            "long line": {"events.txt": b"x" * (5 << 20)},
            "deep json": {"manifest.json": b"[" * 200_000},
            "float": {"manifest.json": b'{"tree_size":1.5}'},
        }[harm]
        packed(path, content)
    tracemalloc.start()
    code, out = verified(capsys, path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 << 20
    assert code == 1
    assert out.startswith("FAILED: ")


@examples(60)
@given(st.data())
def test_no_damage_crashes_it(
    small_bundle: bytes,
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    damaged = bytearray(small_bundle)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "b.zip"
    path.write_bytes(bytes(damaged[: data.draw(st.integers(len(damaged) // 2, len(damaged)))]))
    assert verifier.main([str(path)]) in (0, 1)


@pytest.fixture(scope="session")
def small_bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("small")
    with new_ledger(folder) as ledger:
        key = create_signer(ledger, folder / "k.pem")
        fill(ledger, REPORTED, keep=False)
        sign_checkpoint(ledger, key)
        write_bundle(ledger, folder / "b.zip")
    return (folder / "b.zip").read_bytes()


# The certificate ----------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["华埠镇", "驻杭州招商组"])
def test_a_certificate_is_checked_alone(
    county: CountyCli,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    unit: str,
) -> None:
    path = tmp_path / "c.json"
    assert county("audit", "certificate", unit, path, "--year", "2024").code == 0
    code, out = verified(capsys, path)
    assert code == 0, out
    shown = json.loads(county("score", unit, "--year", "2024", "--format", "json").out)["units"][0]
    assert f"total {shown['total']} in 2024, as of 2024-12-31" in out
    assert "no event here adopts the rulebook kaihua-2024" in out


def test_a_certificate_shows_that_its_rulebook_was_adopted(
    county: CountyCli,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert county("rulebook", "adopt", "kaihua-2024").code == 0
    assert county("audit", "certificate", "华埠镇", tmp_path / "c.json", "--year", "2024").code == 0
    code, out = verified(capsys, tmp_path / "c.json")
    assert (code, "was adopted by county#" in out) == (0, True)


@pytest.mark.parametrize(
    ("tamper", "word"),
    [
        (lambda c: c["score"].update(total="100"), "certified 100"),
        (
            lambda c: c["events"][3].update(state=c["events"][3]["state"] + " "),
            "not in the signed tree",
        ),
        (lambda c: c["events"].pop(0), "not among the events"),
        (lambda c: c["events"][0]["proof"].pop(), "not in the signed tree"),
        (
            lambda c: c.update(checkpoint=c["checkpoint"].replace("lifecycle", "lifecycles", 1)),
            "does not hold",
        ),
        (lambda c: c["lines"].pop(0), "do not sum"),
        (
            lambda c: c.update(rulebook=c["rulebook"].replace('"limit":"15"', '"limit":"99"')),
            "does not match its digest",
        ),
        (lambda c: c.pop("axes"), "damaged"),
    ],
)
def test_a_changed_certificate_is_rejected(
    certified: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    tamper: Any,
    word: str,
) -> None:
    path = tmp_path / "c.json"
    data = json.loads(certified)
    tamper(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    code, out = verified(capsys, path)
    assert code == 1
    assert word in out


def test_a_certificate_needs_a_registered_unit(
    county: CountyCli,
    tmp_path: Path,
) -> None:
    output = county("audit", "certificate", "无此单位", tmp_path / "c.json", "--year", "2024")
    assert output.code == 1
    assert not (tmp_path / "c.json").exists()


# Changes of the key, and boards -------------------------------------------------------------------


@pytest.mark.parametrize("endorsed", [True, False])
def test_a_changed_key_is_followed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    endorsed: bool,
) -> None:
    with new_ledger(tmp_path) as ledger:
        old = create_signer(ledger, tmp_path / "old.pem")
        fill(ledger, REPORTED, keep=False)
        sign_checkpoint(ledger, old)
        new = SigningKey.create(ledger.head().origin, tmp_path / "new.pem")
        change_signer(ledger, CLERK, new, "交接", old if endorsed else None)
        sign_checkpoint(ledger, new)
        write_bundle(ledger, tmp_path / "b.zip")
        size = ledger.head().position
    code, out = verified(capsys, tmp_path / "b.zip", "--key", new.verifier)
    assert code == 0
    assert ("the previous key signed for it" in out, "did not sign for it" in out) == (
        endorsed,
        not endorsed,
    )
    assert f"signed the tree of the first {size} events" in out
    # With the old key alone, the verifier says how far it reaches.
    code, out = verified(capsys, tmp_path / "b.zip", "--key", old.verifier)
    assert (
        code,
        f"signed the tree of the first {size if endorsed else size - 1} events" in out,
    ) == (0, True)
    assert ("the last 1 events come after" in out) == (not endorsed)


def test_a_forged_endorsement_is_rejected(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with new_ledger(tmp_path) as ledger:
        create_signer(ledger, tmp_path / "old.pem")
        new = SigningKey.create(ledger.head().origin, tmp_path / "new.pem")
        change_signer(ledger, CLERK, new, "交接", new)
        assert [signer.endorsed for signer in signers(ledger)] == [True, False]
        write_bundle(ledger, tmp_path / "b.zip")
    assert verified(capsys, tmp_path / "b.zip")[0] == 1


@pytest.fixture(scope="session")
def published_boards(
    county_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A bundle with three boards: a January, a month with checks missed in a row, the same again.

    Before the third, a unit was listed in two months, so that it is called in.
    """
    folder = tmp_path_factory.mktemp("boards")
    shutil.copy(county_folder / "l.db", folder / "l.db")
    with Ledger.open(f"sqlite:///{folder / 'l.db'}") as ledger:
        view = View(2024, date.max, ledger.head().position, shipped("kaihua-2024"))
        for month in ("2024-01", "2024-10"):
            publish_board(ledger, view_of_month(view, month), month, CLERK)
        for month in ("2024-09", "2024-10"):
            listing = {
                "event": "UnitListed",
                "unit": "大溪边乡",
                "board": "black",
                "month": month,
                "reason": "末位",
            }
            ledger.record(read_record(listing), CLERK)
        publish_board(
            ledger,
            view_of_month(replace(view, position=ledger.head().position), "2024-10"),
            "2024-10",
            CLERK,
        )
        write_bundle(ledger, folder / "b.zip")
    return folder / "b.zip"


def test_boards_are_recomputed(
    published_boards: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out = verified(capsys, published_boards)
    assert (code, out.count("recomputed")) == (0, 3)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda result: result["candidates"].pop(), "candidates: published"),
        (lambda result: result["listed"][0].update(reason="第一"), "listed: published"),
        (lambda result: result["interviews"].clear(), "interviews: published"),
        (lambda result: result["units"][3].update(rank_before=9), "rank_before: published 9"),
        (lambda result: result.update(month="2024-11"), "another month"),
    ],
)
def test_a_change_in_a_board_is_named(
    published_boards: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Any,
    word: str,
) -> None:
    content = members(published_boards)
    _published(content, b"BoardPublished", change)
    code, out = verified(capsys, packed(tmp_path / "b.zip", content))
    assert code == 1
    assert word in out


def test_missing_and_mismatched_files_fail(
    bundle: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verified(capsys, tmp_path / "none.zip")[0] == 1
    (tmp_path / "c.json").write_text("{}", encoding="utf-8")
    for arguments in (
        (tmp_path / "c.json",),
        (tmp_path / "c.json", "--receipt", tmp_path / "c.json"),
        (bundle, "--receipt", tmp_path / "c.json"),
        (bundle, "--witness", tmp_path / "c.json"),
        (bundle, "--key", "x"),
    ):
        code, out = verified(capsys, *arguments)
        assert (code, out.splitlines()[-1][:7]) == (1, "FAILED:")
