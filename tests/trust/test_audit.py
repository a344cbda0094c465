"""`audit` for an auditor: receipts, witness files, keys; messages and exit codes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from commands.cli.shared.receipt_output import keep_receipts
from commands.handlers.signing import sign_for_witness
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.log.witness_file import read_witness_file
from lifecycle.private_files import create_private_file
from lifecycle.rejections import StoreError
from tests.county import CountyCli, create_county
from tests.edited_files import EDITS, MARK, Edit
from tests.given import REPORTED
from tests.ledgers import CLERK, fill
from tests.outside_changes import change_outside
from tests.receipt_files import signed

TOLD = {
    "event": "ActivityHeld",
    "unit": "华埠镇",
    "occurred_on": "2024-03-01",
    "activity": "赴杭招商",
    "led_by_head": True,
}


@pytest.fixture(scope="module")
def county_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county's beginning: each test verifies it several times."""
    folder = tmp_path_factory.mktemp("beginning")
    create_county(folder, events=400)
    return folder


def county_key(county: CountyCli) -> SigningKey:
    with Ledger.open(county.url) as ledger:
        origin = ledger.head().origin
    return SigningKey.load(origin, county.path.parent / "key.pem")


def receipt(county: CountyCli, folder: Path) -> Path:
    with Ledger.open(county.url) as ledger:
        entry = ledger.record(read_record(TOLD), CLERK)
        path = folder / "receipt.json"
        path.write_bytes(signed(ledger, [entry], county_key(county)).encode())
        ledger.record(read_record({**TOLD, "note": "第二次"}), CLERK)
    return path


def test_a_receipt_is_proved_by_the_current_and_later_trees(
    county: CountyCli, tmp_path: Path
) -> None:
    path = receipt(county, tmp_path)
    answer = county("audit", "receipt", path)
    assert (answer.code, answer.err) == (0, "")
    assert "events in place: 1" in answer.out
    assert county("audit", "verify", "--receipt", path).code == 0


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"leaf": "', '"leaf": "00', 3),
        ("华埠镇#", "马金镇#", 1),
        ('"position": ', '"position": 1', 1),
        ('"position": ', '"position": -', 3),
        ("lifecycle/", "other/", 3),
        ("sha256", "sm3", 3),
    ],
)
def test_a_receipt_of_another_event_is_not_proved(
    county: CountyCli, tmp_path: Path, old: str, new: str, code: int
) -> None:
    path = receipt(county, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert county("audit", "receipt", path).code == code


def test_a_receipt_of_a_changed_event_fails_by_name(county: CountyCli, tmp_path: Path) -> None:
    path = receipt(county, tmp_path)
    position = json.loads(path.read_bytes())["events"][0]["position"]
    change_outside(
        county.url, ("UPDATE ledger_events SET state = ? WHERE rowid = ?", (b"{}", position))
    )
    answer = county("audit", "receipt", path)
    assert answer.code == 1
    assert f"position {position}" in answer.err
    verdict = json.loads(county("audit", "verify", "--receipt", path, "--format", "json").out)
    assert verdict["verified"] is False
    assert verdict["differences"][0]["stream"] == "unit/华埠镇"


def test_a_receipt_from_before_a_restored_backup_fails(county: CountyCli, tmp_path: Path) -> None:
    backup = county.path.read_bytes()
    path = receipt(county, tmp_path)
    for name in ("l.db", "l.db-wal", "l.db-shm"):
        county.path.with_name(name).unlink(missing_ok=True)
    county.path.write_bytes(backup)
    answer = county("audit", "receipt", path)
    assert answer.code == 1
    assert "which the store's key signed, says that there were" in answer.err
    assert "the last ones were removed" in answer.err
    answer = county("audit", "verify", "--receipt", path)
    assert (answer.code, "the last ones were removed" in answer.err) == (1, True)


def test_a_witness_file_grows_and_rejects_a_rollback(county: CountyCli, tmp_path: Path) -> None:
    path = tmp_path / "witness.jsonl"
    backup = {file.name: file.read_bytes() for file in county.path.parent.iterdir()}
    county("audit", "checkpoint", "--witness", path)
    receipt(county, tmp_path)
    assert county("audit", "checkpoint", "--witness", path).code == 0
    assert len(path.read_bytes().splitlines()) == 2
    answer = county("audit", "verify", "--witness", path)
    assert (answer.code, "witnessed checkpoints: 2" in answer.out) == (0, True)
    for name, content in backup.items():
        (county.path.parent / name).write_bytes(content)
    for name in ("l.db-wal", "l.db-shm"):
        if name not in backup:
            (county.path.parent / name).unlink(missing_ok=True)
    answer = county("audit", "checkpoint", "--witness", path)
    assert answer.code == 1
    assert "removed" in answer.err
    assert len(path.read_bytes().splitlines()) == 2
    assert county("audit", "verify", "--witness", path).code == 1


def test_receipts_without_an_event_prove_nothing(county: CountyCli, tmp_path: Path) -> None:
    path = receipt(county, tmp_path)
    data = json.loads(path.read_bytes())
    path.write_text(json.dumps({**data, "events": []}), encoding="utf-8")
    for arguments in (("receipt", path), ("verify", "--receipt", path)):
        answer = county("audit", *arguments)
        assert (answer.code, "VERIFIED" in answer.out) == (3, False)
        assert "has no receipt of any event" in answer.err


def test_an_empty_witness_file_vouches_for_nothing_and_takes_a_first_line(
    county: CountyCli, tmp_path: Path
) -> None:
    path = tmp_path / "witness.jsonl"
    path.touch()
    answer = county("audit", "verify", "--witness", path)
    assert (answer.code, "VERIFIED" in answer.out) == (3, False)
    assert "has no checkpoint of any event" in answer.err
    assert county("audit", "checkpoint", "--witness", path).code == 0
    assert county("audit", "verify", "--witness", path).code == 0


def test_checkpoints_of_an_empty_store_vouch_for_nothing(tmp_path: Path) -> None:
    """They agree with every store of the same name, whatever was recorded since."""
    path = tmp_path / "witness.jsonl"
    with Ledger.open(f"sqlite:///{tmp_path / 'empty.db'}", create=True) as ledger:
        key = create_signer(ledger, tmp_path / "empty.pem")
        sign_for_witness(ledger, lambda: key, path)
        sign_for_witness(ledger, lambda: key, path)
        with pytest.raises(StoreError, match="has no checkpoint of any event"):
            verify(ledger, [path])
        fill(ledger, REPORTED, keep=False)
        with pytest.raises(StoreError, match="has no checkpoint of any event"):
            verify(ledger, [path])
        sign_for_witness(ledger, lambda: key, path)
        assert verify(ledger, [path]).differences == []


def test_nothing_recorded_leaves_no_receipt_file(county: CountyCli, tmp_path: Path) -> None:
    record = tmp_path / "a.jsonl"
    record.write_text(json.dumps(TOLD) + "\n", encoding="utf-8")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert county("import", record, "--receipt", first).code == 0
    assert len(json.loads(first.read_bytes())["events"]) == 1
    assert county("import", record, "--receipt", second).code == 0
    with Ledger.open(county.url) as ledger:
        keep_receipts(ledger, [], second)
        keep_receipts(ledger, [ledger.record(read_record(TOLD), CLERK)], second)
    assert not second.exists()


@pytest.mark.parametrize("edit", EDITS)
def test_an_editor_s_marks_and_line_ends_do_no_harm(
    county: CountyCli, tmp_path: Path, edit: Edit
) -> None:
    witness = tmp_path / "witness.jsonl"
    county("audit", "checkpoint", "--witness", witness)
    path = receipt(county, tmp_path)
    county("audit", "checkpoint", "--witness", witness)
    for file in (witness, path):
        file.write_bytes(edit(file.read_bytes()))
    assert county("audit", "receipt", path).code == 0
    answer = county("audit", "checkpoint", "--witness", witness)
    assert (answer.code, answer.err) == (0, "")
    answer = county("audit", "verify", "--witness", witness, "--receipt", path)
    assert (answer.code, "witnessed checkpoints: 3" in answer.out) == (0, True)


@pytest.mark.parametrize("content", [MARK, b"\r\n", MARK + b"\r\n", b"\x1a"])
def test_a_file_that_an_editor_left_empty_takes_a_first_line(
    county: CountyCli, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "witness.jsonl"
    path.write_bytes(content)
    assert county("audit", "verify", "--witness", path).code == 3
    assert county("audit", "checkpoint", "--witness", path).code == 0
    assert county("audit", "verify", "--witness", path).code == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 0), (1, 0, 1)])
@pytest.mark.parametrize(("mark", "end"), [(b"", b""), (MARK, b""), (MARK, b"\x1a")])
def test_joined_witness_files_are_read_and_go_on(
    county: CountyCli, tmp_path: Path, order: tuple[int, ...], mark: bytes, end: bytes
) -> None:
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    joined = tmp_path / "joined.jsonl"
    county("audit", "checkpoint", "--witness", files[0])
    receipt(county, tmp_path)
    for file in files:
        county("audit", "checkpoint", "--witness", file)
    joined.write_bytes(b"".join(mark + files[index].read_bytes() for index in order) + end)
    lines_before = len(read_witness_file(joined))
    answer = county("audit", "checkpoint", "--witness", joined)
    assert (answer.code, answer.err) == (0, "")
    lines = read_witness_file(joined)
    assert len(lines) == lines_before + 1
    assert [line.first_position for line in lines].count(1) == len(order)
    assert county("audit", "verify", "--witness", joined).code == 0
    change_outside(county.url, "UPDATE ledger_events SET state = X'7b7d' WHERE rowid = 7")
    answer = county("audit", "verify", "--witness", joined, "--format", "json")
    assert (answer.code, answer.json["differences"][0]["position"]) == (1, 7)


def test_a_line_that_covers_neither_the_growth_nor_all_is_named(
    county: CountyCli, tmp_path: Path
) -> None:
    path = tmp_path / "witness.jsonl"
    county("audit", "checkpoint", "--witness", path)
    receipt(county, tmp_path)
    county("audit", "checkpoint", "--witness", path)
    second = path.read_bytes().splitlines(keepends=True)[1]
    path.write_bytes(second)
    answer = county("audit", "verify", "--witness", path)
    assert answer.code == 3
    assert "line 1" in answer.err
    assert "start neither after the line before nor at the first event" in answer.err


@pytest.mark.parametrize("damage", [b"{}", b"[]", b"no json", b'{"key":1}'])
def test_an_unreadable_witness_file_is_reported_by_line(
    county: CountyCli, tmp_path: Path, damage: bytes
) -> None:
    path = tmp_path / "witness.jsonl"
    county("audit", "checkpoint", "--witness", path)
    path.write_bytes(path.read_bytes() + damage + b"\n")
    answer = county("audit", "verify", "--witness", path)
    assert answer.code == 3
    assert "line 2" in answer.err


def test_the_key_is_changed_on_the_record_and_both_keys_checkpoints_hold(
    county: CountyCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    county("audit", "checkpoint")
    monkeypatch.delenv("LIFECYCLE_KEY")
    with Ledger.open(county.url) as ledger:
        place = (
            tmp_path
            / "data"
            / "lifecycle"
            / "keys"
            / f"{ledger.head().origin.replace('/', '-')}.pem"
        )
    place.parent.mkdir(parents=True)
    create_private_file(place, (county.path.parent / "key.pem").read_bytes())
    assert county("audit", "key", "--new").code == 1
    answer = county("audit", "key", "--new", "--reason", "人员交接")
    assert answer.code == 0
    assert "endorsed by the previous key" in answer.err
    assert county("audit", "checkpoint").code == 0
    answer = county("audit", "verify")
    assert (answer.code, "signed checkpoints: 2" in answer.out) == (0, True)
    answer = county("audit", "key", "--new", "--lost", "--reason", "遗失")
    assert "NOT endorsed" in answer.err
    assert len(answer.out.splitlines()) == 3  # the keys alone, ready to copy
    assert county("audit", "checkpoint").code == 0


def test_another_store_s_key_signs_nothing(
    county: CountyCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SigningKey.create("x", tmp_path / "other.pem")
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "other.pem"))
    answer = county("audit", "checkpoint")
    assert answer.code == 1
    assert "does not sign for this store" in answer.err


RECORD = (
    "record",
    "ActivityHeld",
    "--unit",
    "华埠镇",
    "--activity",
    "赴杭招商",
    "--led-by-head",
    "true",
    "--occurred-on",
)


def test_each_day_of_use_leaves_a_checkpoint(county: CountyCli) -> None:
    assert county(*RECORD, "2024-03-01").err == ""
    answer = county("audit", "verify")
    assert "signed checkpoints: 1 checked" in answer.out
    assert county(*RECORD, "2024-03-02").err == ""  # the same day
    assert county("audit", "verify").out.count("signed checkpoints: 1 checked") == 1


def test_without_its_key_a_day_of_use_continues_with_a_warning(
    county: CountyCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = str(Path("/nowhere/key.pem"))
    monkeypatch.setenv("LIFECYCLE_KEY", absent)
    answer = county(*RECORD, "2024-03-01")
    assert answer.code == 0
    assert f"no checkpoint was signed: the signing key {absent} cannot be read" in answer.err


def test_every_command_that_records_keeps_its_receipt_in_a_file(
    county: CountyCli, tmp_path: Path
) -> None:
    county(*RECORD, "2024-03-01", "--receipt", tmp_path / "record.json")
    county(
        "correct",
        "华埠镇",
        "2",
        "--void",
        "--reason",
        "误录",
        "--approved-by",
        "余敏",
        "--receipt",
        tmp_path / "correct.json",
    )
    county("rulebook", "adopt", "kaihua-2024", "--receipt", tmp_path / "adopt.json")
    county("publish", "scores", "--year", "2024", "--receipt", tmp_path / "scores.json")
    county("publish", "board", "2024-03", "--receipt", tmp_path / "board.json")
    (tmp_path / "more.jsonl").write_text(
        json.dumps(TOLD | {"note": "导入"}, ensure_ascii=False), encoding="utf-8"
    )
    county("import", tmp_path / "more.jsonl", "--receipt", tmp_path / "import.json")
    receipts = sorted(tmp_path.glob("*.json"))
    assert [path.stem for path in receipts] == [
        "adopt",
        "board",
        "correct",
        "import",
        "record",
        "scores",
    ]
    answer = county("audit", "receipt", *receipts)
    assert (answer.code, answer.err, answer.out.count("events in place: 1")) == (0, "", 6)


def test_recording_loads_no_signatures(county: CountyCli) -> None:
    import subprocess

    county(*RECORD, "2024-03-01")  # the day's checkpoint
    activity = ["ActivityHeld", "--unit", "华埠镇", "--occurred-on", "2024-03-02"]
    fields = ["--activity", "x", "--led-by-head", "true"]
    arguments = ["--db", county.url, "record", *activity, *fields]
    script = (
        "import sys; from commands.cli.main import run;"
        f"run({arguments!r});"
        "print('cryptography' in sys.modules)"
    )
    process = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        encoding="utf-8",
        # `run` leaves the streams as they are, which `main` prepares.
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert process.stdout.splitlines()[0].startswith("recorded")
    assert process.stdout.splitlines()[-1] == "False"


# A new store's key --------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--hash", "sm3")])
def test_init_creates_a_key_away_from_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    new = CountyCli(tmp_path / "store", capsys)
    answer = new("init", *options)
    assert answer.code == 0
    key, public_key = sorted((tmp_path / "data" / "lifecycle" / "keys").iterdir())
    assert (key.suffix, public_key.suffix) == (".pem", ".pub")
    # Windows knows no such bits: its own lists are tried by tests/windows.
    assert sys.platform == "win32" or key.stat().st_mode & 0o777 == 0o600
    assert str(key) in answer.out
    assert {file.name for file in new.path.parent.iterdir()} <= {"l.db", "l.db-wal", "l.db-shm"}
    with Ledger.open(new.url) as ledger:
        assert ledger.head().signer in answer.out
        assert ledger.head().tree_hash == (options[-1] if options else "sha256")
    assert new("audit", "checkpoint").code == 0
    # A signature on the tree without events vouches for nothing.
    answer = new("audit", "verify")
    assert (answer.code, "CONSISTENT" in answer.out) == (1, True)
    assert new("init").code == 1


def test_a_key_can_be_encrypted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFECYCLE_PASSPHRASE", "开化")
    new = CountyCli(tmp_path, capsys)
    assert new("init", "--passphrase").code == 0
    assert new("audit", "checkpoint").code == 0
    monkeypatch.delenv("LIFECYCLE_PASSPHRASE")
    answer = new("audit", "checkpoint")
    assert answer.code == 3
    assert "passphrase" in answer.err


def test_a_key_is_never_written_unprotected_where_a_passphrase_was_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = CountyCli(tmp_path, capsys)
    answer = new("init", "--passphrase")
    assert (answer.code, "LIFECYCLE_PASSPHRASE" in answer.err) == (1, True)
    assert not new.path.exists()
    assert not (tmp_path / "data").exists()


def test_init_leaves_no_store_behind_where_the_key_file_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    SigningKey.create("x", tmp_path / "taken.pem")
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "taken.pem"))
    new = CountyCli(tmp_path / "store", capsys)
    answer = new("init")
    assert (answer.code, "nothing was changed" in answer.err) == (1, True)
    assert not new.path.exists()


def test_the_next_key_lies_beside_the_one_that_the_environment_names(
    county: CountyCli, tmp_path: Path
) -> None:
    folder = tmp_path / "county"
    for number in (1, 2):
        answer = county("audit", "key", "--new", "--reason", "例行更换")
        assert answer.code == 0
        assert "NOT endorsed" not in answer.err
        assert (folder / f"key-{number}.pem").is_file()
    assert county("audit", "checkpoint").code == 0
    answer = county("audit", "verify")
    assert (answer.code, answer.out.splitlines()[-1][:8]) == (0, "VERIFIED")


def test_a_receipt_file_is_checked_before_anything_is_recorded(
    county: CountyCli, tmp_path: Path
) -> None:
    with Ledger.open(county.url) as ledger:
        position = ledger.head().position
    kept = tmp_path / "kept.json"
    kept.write_text("someone's", encoding="utf-8")
    answer = county(*RECORD, "2024-03-01", "--receipt", kept)
    assert (answer.code, "nothing was recorded" in answer.err) == (1, True)
    assert kept.read_text(encoding="utf-8") == "someone's"
    answer = county(*RECORD, "2024-03-01", "--receipt", tmp_path / "none" / "r.json")
    assert (answer.code, "No such file or directory" in answer.err) == (3, True)
    with Ledger.open(county.url) as ledger:
        assert ledger.head().position == position


def test_a_repetition_says_that_it_writes_no_receipt(county: CountyCli, tmp_path: Path) -> None:
    county(*RECORD, "2024-03-01")
    answer = county(*RECORD, "2024-03-01", "--receipt", tmp_path / "r.json")
    assert (answer.code, "was not written" in answer.err) == (0, True)
    assert not (tmp_path / "r.json").exists()


def test_a_store_without_publications_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = CountyCli(tmp_path, capsys)
    new("init")
    answer = new("audit", "publications")
    assert (answer.code, "nothing has been published yet" in answer.err) == (0, True)


def test_a_store_without_a_key_gets_one_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True):
        pass
    old = CountyCli(tmp_path, capsys)
    answer = old("audit", "checkpoint")
    assert (answer.code, "create one with `lifecycle audit key --new`" in answer.err) == (3, True)
    assert old("audit", "key").out == ""
    assert old("audit", "bundle", tmp_path / "b.zip").code == 0  # unsigned, and says so
    assert old("audit", "key", "--new").code == 0
    assert old("audit", "checkpoint").code == 0
