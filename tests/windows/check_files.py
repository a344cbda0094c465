"""Files on Windows: who may read them, targets that are open elsewhere, paths as they are typed."""

from __future__ import annotations

import subprocess

import pytest

from tests.windows.conftest import Windows, on_drive_c

HOLD_OPEN = """
import ctypes, sys
kernel = ctypes.WinDLL("kernel32")
# As Excel and WPS open a workbook: others may read it, not write or replace it.
reading_and_writing, shared_for_reading, present = 0xC0000000, 1, 3
handle = kernel.CreateFileW(
    sys.argv[1], reading_and_writing, shared_for_reading, None, present, 0, None
)
assert handle != -1
print("open", flush=True)
sys.stdin.read()
"""

ACCESS_LISTS = """
import sys
from pathlib import Path
from lifecycle import windows_access
for name in sys.argv[1:]:
    print(windows_access.others_have_access(Path(name)), windows_access.access_list(Path(name)))
"""


DAY = ("--as-of", "2024-03-31")
REGISTRATION = (
    *("record", "单位登记", "--unit", "华埠镇", "--category", "township"),
    *("--sequence", "乡镇（办事处）", "--occurred-on", "2024-01-01"),
)
ACTIVITY = (
    *("record", "活动组织", "--unit", "华埠镇", "--activity", "恳谈会", "--led-by-head", "是"),
    *("--occurred-on", "2024-03-01"),
)


@pytest.fixture
def office(windows: Windows) -> Windows:
    """A store of its own for each test."""
    return windows.with_new_store()


def keep_open(office: Windows, name: str) -> subprocess.Popen[bytes]:
    """A program that has a file open until its input ends."""
    holder = office.start("-c", HOLD_OPEN, name)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"open"
    return holder


def test_a_key_and_evidence_are_closed_to_others(office: Windows) -> None:
    (office.home / "合同.txt").write_text("协议", encoding="utf-8")
    key = office.home / "keys" / "签名.pem"
    init, _, recorded, signed = office.series(
        (
            ("init",),
            REGISTRATION,
            (*ACTIVITY, "--evidence", "合同.txt"),
            ("audit", "checkpoint"),
        ),
        LIFECYCLE_KEY=on_drive_c(key),
    )
    assert init.code == recorded.code == signed.code == 0, (init.err, recorded.err, signed.err)

    folder = office.store.with_name(f"{office.store.stem}.evidence")
    open_file = office.home / "合同.txt"
    lines = office.python("-c", ACCESS_LISTS, *map(on_drive_c, (key, folder, open_file))).out

    key_line, folder_line, open_line = lines.splitlines()
    assert key_line.startswith("False"), lines
    assert folder_line.startswith("False"), lines
    assert open_line.startswith("True"), lines


def test_a_key_that_others_can_read_is_not_used(office: Windows) -> None:
    key = office.home / "shared" / "签名.pem"
    (init,) = office.series([("init",)], LIFECYCLE_KEY=on_drive_c(key))
    assert init.code == 0, init.err
    content = key.read_bytes()
    key.unlink()
    key.write_bytes(content)  # as copied from a stick: with the folder's access list

    (signed,) = office.series([("audit", "checkpoint")], LIFECYCLE_KEY=on_drive_c(key))

    assert signed.code == 3
    assert "icacls" in signed.err, signed.err


def test_a_target_that_is_open_elsewhere_is_named(office: Windows) -> None:
    target = office.home / "台账.xlsx"
    report = ("report", "ledger", target.name, *DAY)
    assert [step.code for step in office.series([("init",), REGISTRATION, report])] == [0, 0, 0]
    content = target.read_bytes()
    holder = keep_open(office, on_drive_c(target))

    answers = office.series([report, ("audit", "bundle", target.name)])
    holder.communicate(b"", timeout=60)

    for answer in answers:
        assert answer.code == 3, answer.err
        assert target.name in answer.err
        assert "关闭" in answer.err
    assert target.read_bytes() == content
    assert not list(office.home.glob(f".{target.name}*"))
    (again,) = office.series([report])
    assert again.code == 0, again.err


def test_a_store_is_named_as_windows_users_type_it(office: Windows) -> None:
    assert office.series([("init",)])[0].code == 0
    path = on_drive_c(office.store)
    typed_names = (
        office.store.name,
        path,
        path.replace("\\", "/"),
        "sqlite:///" + path.replace("\\", "/"),
        f"sqlite:///{path}",
    )

    answers = office.requests(
        ["--db", typed, "status", "--format", "json"] for typed in typed_names
    )

    for typed, answer in zip(typed_names, answers, strict=True):
        assert answer.code == 0, (typed, answer.err)
        assert answer.json["events"] == 0


def test_advice_can_be_pasted(office: Windows) -> None:
    assert office.series([("init",)])[0].code == 0

    template, bundle = office.series(
        [("template", "新 台账.xlsx"), ("audit", "bundle", "包 1.zip")]
    )

    assert 'lifecycle import "新 台账.xlsx"' in template.out, template.out
    assert 'verify_bundle.py "包 1.zip"' in bundle.out, bundle.out
    assert "python3" not in bundle.out


def test_two_servers_do_not_share_a_port(office: Windows) -> None:
    assert office.series([("init",)])[0].code == 0
    first = office.start("-m", "commands", "--db", office.url, "serve", "--port", "0")
    assert first.stdout is not None
    port = first.stdout.readline().decode().rpartition("127.0.0.1:")[2].split("/")[0]
    try:
        (second,) = office.series([("serve", "--port", port)])
    finally:
        first.kill()
        first.communicate()

    assert second.code == 3, second.out
    assert port in second.err
