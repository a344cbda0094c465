"""The demo county's bundle as the standalone verifier sees it: sound, and changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from commands.handlers.publishing import publish_board, publish_scores
from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped
from lifecycle.rulebook.rulebook_library import canonical
from projections.audit.bundles import write_bundle
from projections.audit.verifier import verify_bundle as verifier
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board
from projections.views.requested_axes import RequestedAxes
from tests.county import CountyCli, copy_county
from tests.given import REPORTED
from tests.ledgers import CLERK, LATER, fill, new_ledger
from tests.projections.audit.archive_members import (
    Members,
    change_manifest,
    change_publication,
    read_members,
    write_members,
)
from tests.projections.audit.bundle_parts import CONSISTENT, STRANGER, Verify, verified
from tests.receipt_files import signed
from tests.reference.histories import histories
from tests.soak import examples

# A sound bundle -----------------------------------------------------------------------------------


def test_the_verifier_in_a_bundle_verifies_it(
    bundle: Path,
    tmp_path: Path,
) -> None:
    alone = tmp_path / "auditor"
    alone.mkdir()
    (alone / "verify_bundle.py").write_bytes(read_members(bundle)["verify_bundle.py"])

    run = subprocess.run(
        [sys.executable, "-I", "verify_bundle.py", str(bundle)],
        cwd=alone,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout.endswith(f"{CONSISTENT}\n"), run.stdout + run.stderr
    assert run.returncode == 1
    assert run.stdout.count("recomputed") == 2


@pytest.fixture
def evidence(
    county: CountyCli,
    tmp_path: Path,
) -> list[object]:
    """A bundle, with a receipt and a witness file from before it, as arguments of the verifier."""
    county("audit", "checkpoint", "--witness", tmp_path / "w.jsonl")
    with Ledger.open(county.url) as ledger:
        entry = ledger.record(read_record(REPORTED[0] | {"unit": "新单位"}), CLERK)
        key = SigningKey.load(ledger.head().origin, county.path.parent / "key.pem")
        (tmp_path / "r.json").write_bytes(signed(ledger, [entry], key).encode())
    county("audit", "bundle", tmp_path / "b.zip")
    return [
        tmp_path / "b.zip",
        "--receipt",
        tmp_path / "r.json",
        "--witness",
        tmp_path / "w.jsonl",
    ]


def test_receipts_and_witness_files_match_the_bundle(
    evidence: list[object],
    verify: Verify,
) -> None:
    lines = verify(*evidence)

    assert lines[-1].startswith("VERIFIED up to position ")
    assert sum(line.startswith("ok: ") for line in lines) == 6


def test_the_key_in_the_witness_file_is_trusted_like_one_that_is_named(
    evidence: list[object],
    county: CountyCli,
    verify: Verify,
) -> None:
    with Ledger.open(county.url) as ledger:
        key = ledger.head().signer

    assert verify(*evidence, "--key", key) == verify(*evidence)
    assert verify(*evidence, "--key", STRANGER)[-1].startswith("DIFFERS: no checkpoint is signed")


def test_a_receipt_for_another_event_does_not_match(
    evidence: list[object],
    tmp_path: Path,
    verify: Verify,
) -> None:
    receipt = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    receipt["events"][0]["leaf"] = "0" * 64
    (tmp_path / "r.json").write_text(json.dumps(receipt), encoding="utf-8")

    assert "is not in the tree that was signed: it was invented" in verify(*evidence)[-1]


def test_a_bundle_of_a_tree_with_sm3(
    tmp_path: Path,
    verify: Verify,
) -> None:
    with Ledger.open(
        f"sqlite:///{tmp_path / 'l.db'}",
        create=True,
        tree_hash="sm3",
        clock=lambda: LATER,
    ) as ledger:
        key = create_signer(ledger, tmp_path / "k.pem")
        fill(ledger, REPORTED, keep=False)
        sign_checkpoint(ledger, key)
        write_bundle(ledger, tmp_path / "b.zip")

    lines = verify(tmp_path / "b.zip", "--key", key.verifier)
    assert lines[-1] == verified(len(REPORTED), len(REPORTED))


@examples(10)
@given(histories(), st.sampled_from(["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]))
def test_its_scores_agree_with_the_evaluator_on_any_history(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, Any]],
    day: str,
) -> None:
    book = shipped("kaihua-2024")
    as_of = date.fromisoformat(day)
    month = day[:7]
    rules = verifier.CheckedRulebook(json.loads(canonical(book.rulebook)))
    with new_ledger(tmp_path_factory.mktemp("history")) as ledger:
        fill(ledger, records)
        streams = stored_streams(ledger)
        for position in {len(records), len(records) // 2}:
            view = View(2024, as_of, position, book)
            units = score_json(evaluate(ledger, view))["units"]
            assert verifier.scores(streams, rules, 2024, as_of, position) == units

            expected_board = board_json(month_board(ledger, view, month))
            board = verifier.board(streams, rules, month, position)
            for name in ("units", "candidates", "listed", "interviews"):
                assert board[name] == expected_board[name]


def stored_streams(ledger: Ledger) -> dict[str, list[verifier.StoredEvent]]:
    """The stored events of a ledger, stream by stream."""
    streams: dict[str, list[verifier.StoredEvent]] = {}
    last = ledger.head().position
    with ledger.recorder.cursor(write=False) as cursor:
        for position, stream, version, topic, state in ledger.recorder.between(cursor, 1, last):
            event = verifier.StoredEvent(position, stream, version, topic, state)
            streams.setdefault(stream, []).append(event)
    return streams


# A changed bundle ---------------------------------------------------------------------------------


def event_lines(members: Members) -> list[bytes]:
    return members["events.txt"].split(b"\n")


def edit_an_event(members: Members) -> None:
    lines = event_lines(members)
    lines[40] = lines[40].replace(b"2024", b"2023", 1) + b" "
    members["events.txt"] = b"\n".join(lines)


def remove_an_event(members: Members) -> None:
    lines = event_lines(members)
    del lines[40]
    members["events.txt"] = b"\n".join(lines)


def cut_the_last_event(members: Members) -> None:
    lines = event_lines(members)
    members["events.txt"] = b"\n".join(lines[:-2]) + b"\n"


def rulebook_name(members: Members) -> str:
    names = [name for name in members if name.startswith("rulebooks/")]
    return names[0]


def edit_the_rulebook(members: Members) -> None:
    name = rulebook_name(members)
    members[name] = members[name].replace(b'"points":"1"', b'"points":"2"', 1)


def remove_the_rulebook(members: Members) -> None:
    del members[rulebook_name(members)]


def use_an_unknown_kind_of_rule(members: Members) -> None:
    rulebook = members.pop(rulebook_name(members))
    rulebook = rulebook.replace(b'"kind":"per_item"', b'"kind":"lottery"', 1)
    members[f"rulebooks/{verifier.sha256(rulebook).hex()}.json"] = rulebook


def edit_the_calendar(members: Members) -> None:
    for name in [name for name in members if name.startswith("calendars/")]:
        del members[name]
    members["calendar.txt"] += b" "


def edit_a_working_day(members: Members) -> None:
    table = members["working-days.json"]
    members["working-days.json"] = table.replace(b"2024-04-04", b"2024-04-03")


def edit_a_checkpoint(members: Members) -> None:
    notes = json.loads(members["manifest.json"])["checkpoints"]
    notes[0] = notes[0].replace("\n", "\n ", 1)
    change_manifest(members, checkpoints=notes)


def replace_the_first_key(members: Members) -> None:
    change_manifest(members, signer=STRANGER)


def edit_a_published_score(members: Members) -> None:
    change_publication(
        members,
        "ScoresPublished",
        lambda result: result["units"][0].update(total="99"),
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edit_an_event, "does not name the tree"),
        (remove_an_event, "should be version"),
        (cut_the_last_event, "; the bundle has"),
        (edit_the_rulebook, "does not match its digest"),
        (remove_the_rulebook, "is missing"),
        (use_an_unknown_kind_of_rule, "'lottery', unknown"),
        (edit_the_calendar, "its calendar is not in the bundle"),
        (edit_a_working_day, "the working days do not match"),
        (edit_a_checkpoint, "a checkpoint is not well formed"),
        (replace_the_first_key, "none of the known keys"),
        (edit_a_published_score, "total: published 99"),
    ],
)
def test_a_change_is_named(
    bundle: Path,
    verify: Verify,
    change: Callable[[Members], None],
    words: str,
) -> None:
    members = read_members(bundle)
    change(members)

    last_line = verify(write_members(bundle, members))[-1]

    assert last_line.startswith("DIFFERS: ")
    assert words in last_line


def test_a_key_that_signed_nothing_is_not_enough(
    bundle: Path,
    verify: Verify,
) -> None:
    members = read_members(bundle)
    key = json.loads(members["manifest.json"])["signer"]
    assert verify(bundle, "--key", key)[-1].startswith("VERIFIED up to position ")

    change_manifest(members, checkpoints=[])
    write_members(bundle, members)

    last_line = verify(bundle, "--key", key)[-1]
    assert last_line.startswith("DIFFERS: no checkpoint is signed by the key")
    lines = verify(bundle)
    assert lines[-1] == CONSISTENT
    assert any("come after the last signed checkpoint" in line for line in lines)


# Boards -------------------------------------------------------------------------------------------


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
        publish_board(ledger, RequestedAxes(), "2024-01", CLERK)
        publish_board(ledger, RequestedAxes(), "2024-10", CLERK)
        for month in ("2024-09", "2024-10"):
            listing = {
                "event": "UnitListed",
                "unit": "大溪边乡",
                "board": "black",
                "month": month,
                "reason": "末位",
            }
            ledger.record(read_record(listing), CLERK)
        publish_board(ledger, RequestedAxes(), "2024-10", CLERK)
        write_bundle(ledger, folder / "b.zip")
    return folder / "b.zip"


def test_boards_are_recomputed(
    published_boards: Path,
    verify: Verify,
) -> None:
    lines = verify(published_boards)

    assert lines[-1] == CONSISTENT
    assert sum("recomputed" in line for line in lines) == 3


@pytest.mark.parametrize(
    ("change", "words"),
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
    verify: Verify,
    change: Callable[[Any], object],
    words: str,
) -> None:
    members = read_members(published_boards)
    change_publication(members, "BoardPublished", change)

    last_line = verify(write_members(tmp_path / "b.zip", members))[-1]

    assert last_line.startswith("DIFFERS: ")
    assert words in last_line


# Files that are missing or of another kind --------------------------------------------------------


@pytest.fixture
def empty_object(tmp_path: Path) -> Path:
    """A file that is neither a bundle nor a certificate, nor a receipt or witness file."""
    path = tmp_path / "c.json"
    path.write_text("{}", encoding="utf-8")
    return path


def test_a_missing_bundle_fails(
    tmp_path: Path,
    verify: Verify,
) -> None:
    assert "cannot be read" in verify(tmp_path / "none.zip")[-1]


def test_a_file_of_another_kind_fails(
    bundle: Path,
    empty_object: Path,
    verify: Verify,
) -> None:
    for arguments in (
        (empty_object,),
        (empty_object, "--receipt", empty_object),
        (bundle, "--receipt", empty_object),
        (bundle, "--witness", empty_object),
        (bundle, "--key", "x"),
    ):
        assert verify(*arguments)[-1].startswith("UNUSABLE: "), arguments


@pytest.fixture(scope="session")
def published(
    county_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> bytes:
    """The demo county's bundle with two publications."""
    folder = tmp_path_factory.mktemp("published")
    copy_county(county_folder, folder)
    with Ledger.open(f"sqlite:///{folder / 'l.db'}") as ledger:
        for day, moment, reason in (
            (date(2024, 6, 30), datetime(2024, 7, 1, 23, 59, tzinfo=SHANGHAI), "核对"),
            (date(2024, 12, 31), None, None),
        ):
            axes = RequestedAxes(2024, day, moment)
            publish_scores(ledger, axes, CLERK, unofficial=reason)
        sign_checkpoint(ledger, SigningKey.load(ledger.head().origin, folder / "key.pem"))
        write_bundle(ledger, folder / "b.zip")
    return (folder / "b.zip").read_bytes()


@pytest.fixture
def bundle(
    published: bytes,
    tmp_path: Path,
) -> Path:
    """A copy of it, to change."""
    path = tmp_path / "b.zip"
    path.write_bytes(published)
    return path
