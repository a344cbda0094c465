"""Keeping and moving a store on Windows: backup, restore, copy, tiles, and what a year needs."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Answer
from tests.windows.conftest import Windows

REGISTRATION = (
    *("record", "单位登记", "--unit", "华埠镇", "--category", "township"),
    *("--sequence", "乡镇（办事处）", "--occurred-on", "2024-01-01"),
)
ACTIVITY = (
    *("record", "活动组织", "--unit", "华埠镇", "--activity", "恳谈会", "--led-by-head", "是"),
    *("--occurred-on", "2024-03-01", "--evidence", "合同 一.txt"),
)
DAYS_OFF = "起,止,安排\n2027-01-01,2027-01-03,放假\n"
RECEIPT, WITNESS = "回执 1.json", "见证 1.txt"


@pytest.fixture
def office(windows: Windows) -> Windows:
    """A store with a unit, an event with evidence, and an auditor's witness file."""
    office = windows.with_new_store()
    (office.home / "合同 一.txt").write_text("协议", encoding="utf-8")
    for old in (RECEIPT, WITNESS):
        (office.home / old).unlink(missing_ok=True)
    succeed(
        office,
        ("init",),
        REGISTRATION,
        (*ACTIVITY, "--receipt", RECEIPT),
        ("audit", "checkpoint", "--witness", WITNESS),
    )
    return office


def succeed(office: Windows, *commands: tuple[str, ...]) -> list[Answer]:
    """Run commands on the office's store; each has to succeed."""
    answers = office.series(commands)
    for command, answer in zip(commands, answers, strict=True):
        assert answer.code == 0, (command, answer.out, answer.err)
    return answers


def root_of(store: Windows) -> tuple[int, str]:
    (answer,) = succeed(store, ("status", "--format", "json"))
    return answer.json["events"], answer.json["root"]


def test_a_backup_is_restored_and_goes_on(office: Windows) -> None:
    folder = office.home / "备 份"
    folder.mkdir(exist_ok=True)
    before = root_of(office)
    succeed(office, ("backup", "备 份", "--keep", "2"))
    (backup,) = folder.glob("*.zip")
    restored = office.with_new_store()

    succeed(restored, ("restore", f"备 份/{backup.name}"))
    (closed,) = restored.series([(*ACTIVITY[:-4], "--occurred-on", "2024-03-02")])
    succeed(
        restored,
        ("restore", "--continue", "--witness", WITNESS, "--receipt", RECEIPT),
        ("audit", "verify", "--witness", WITNESS),
        (*ACTIVITY[:-4], "--occurred-on", "2024-03-02"),
    )

    assert closed.code != 0
    assert root_of(restored)[0] == before[0] + 1


def test_a_copy_has_the_same_root_and_the_source_takes_no_more_events(office: Windows) -> None:
    before = root_of(office)
    copy = office.with_new_store()

    succeed(office, ("copy", "--to", copy.url))
    (rejected,) = office.series([(*ACTIVITY[:-4], "--occurred-on", "2024-03-02")])

    assert root_of(copy) == before
    assert rejected.code != 0
    assert copy.store.name in rejected.err
    succeed(copy, ("audit", "verify", "--witness", WITNESS), ("audit", "receipt", RECEIPT))


def test_the_environment_is_checked(office: Windows) -> None:
    succeed(office, ("backup", "一次.zip"))

    (answer,) = succeed(office, ("status", "--check", "--format", "json"))

    assert {row["check"]: row["state"] for row in answer.json if row["state"] == "fail"} == {}
    (office.home / "一次.zip").unlink()


def test_tiles_are_followed_from_a_folder(office: Windows) -> None:
    succeed(
        office,
        ("audit", "tiles", "公 开"),
        ("audit", "follow", "公 开", "--witness", WITNESS),
    )


def test_a_year_is_prepared(office: Windows) -> None:
    (office.home / "2027.csv").write_text(DAYS_OFF, encoding="gb18030")

    succeed(
        office,
        ("calendar", "add", "2027.csv", "--source-ref", "国办发明电〔2026〕7号"),
        ("calendar", "show", "--year", "2027"),
        ("rulebook", "new", "kh-2027", "--from", "kaihua-2024", "--year", "2027"),
        ("rulebook", "check", "kh-2027.toml"),
    )
