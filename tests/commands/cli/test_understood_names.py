"""A typed code or unit name that only looks like one that is held is understood as it, and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle.ledger.store import Ledger
from tests.commands.cli.test_record import Terminal
from tests.commands.conftest import Cli
from tests.given import OTHER, OUTPOST, TOWN, reported
from tests.ledgers import fill

UNIT, TYPED_UNIT = "A-1招商组", "ａ－1招商组"
END_OF_INPUT = "\x04"
CODE, TYPED_CODE = "KH-2024-001", "kh–2024–001"


@pytest.fixture
def store(cli: Cli) -> Cli:
    """The given store with a unit and a project whose names have variants."""
    unit = ("--unit", UNIT, "--sequence", "专班", "--category", "area_group")
    assert cli("record", "UnitRegistered", *unit, "--occurred-on", "2024-01-01").code == 0
    fields = {
        "project": CODE,
        "reporting-unit": TYPED_UNIT,
        "reported-at": "2024-01-10 09:00",
        "name": "硅橡胶项目",
        "investor": "某公司",
        "sector": "industrial",
        "kind": "new",
        "planned-investment": "3000",
        "planned-fixed-assets": "2000",
        "outside-ratio": "0.3",
    }
    options = [text for name, value in fields.items() for text in (f"--{name}", value)]
    answer = cli("record", "InformationReported", *options)
    assert answer.code == 0
    assert f"{TYPED_UNIT} is understood as {UNIT}" in answer.err
    return cli


@pytest.mark.parametrize(
    "command",
    [
        ("explain", TYPED_UNIT, "--year", "2024"),
        ("explain", TYPED_CODE, "--year", "2024"),
        ("score", TYPED_UNIT, "--year", "2024"),
        ("board", "2024-03", "--unit", TYPED_UNIT),
        ("project", "show", TYPED_CODE),
        ("project", "history", TYPED_CODE),
        ("project", "list", "--unit", TYPED_UNIT),
        ("deadlines", "--unit", TYPED_UNIT, "--as-of", "2024-06-30"),
        ("deadlines", "--project", TYPED_CODE, "--as-of", "2024-06-30"),
        ("sheets", "list", "--unit", TYPED_UNIT),
        ("sheets", "due", "--project", TYPED_CODE, "--as-of", "2024-06-30"),
        ("sheets", "issue", "--project", TYPED_CODE, "--dry-run"),
        ("today", "--unit", TYPED_UNIT, "--as-of", "2024-06-30"),
    ],
)
def test_a_command_understands_what_is_typed(store: Cli, command: tuple[str, ...]) -> None:
    answer = store(*command)
    assert answer.code == 0
    assert "is understood as" in answer.err
    held = [text.replace(TYPED_UNIT, UNIT).replace(TYPED_CODE, CODE) for text in command]
    assert answer.out == store(*held).out


def test_a_correction_finds_the_event_of_what_is_meant(store: Cli) -> None:
    words = ("--reason", "误录", "--approved-by", "余敏")
    answer = store("correct", TYPED_CODE, "1", "name=硅橡胶二期项目", *words)
    assert (answer.code, f"recorded {CODE}#2" in answer.out) == (0, True)


def test_what_is_held_is_not_remarked_on(store: Cli) -> None:
    for command in (("score", UNIT, "--year", "2024"), ("explain", OUTPOST, "--year", "2024")):
        assert store(*command).err == ""


# Parts of names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "a-1招", "--year", "2024"),
        ("explain", "硅橡胶", "--year", "2024"),
        ("score", "A-1", "--year", "2024"),
        ("board", "2024-03", "--unit", "a－1招商"),
        ("project", "show", "硅橡胶"),
        ("project", "history", "硅 橡胶"),
        ("project", "list", "--unit", "A-1"),
        ("deadlines", "--unit", "A-1", "--as-of", "2024-06-30"),
        ("deadlines", "--project", "硅橡胶", "--as-of", "2024-06-30"),
        ("sheets", "list", "--unit", "A-1"),
        ("sheets", "due", "--project", "橡胶项目", "--as-of", "2024-06-30"),
        ("sheets", "issue", "--project", "橡胶项目", "--dry-run"),
        ("today", "--unit", "A-1", "--as-of", "2024-06-30"),
    ],
)
def test_a_command_takes_the_one_match_of_a_part_and_says_so(
    store: Cli, command: tuple[str, ...]
) -> None:
    answer = store(*command)
    assert answer.code == 0, answer.err
    assert "is understood as" in answer.err
    meant = {"硅橡胶": CODE, "硅 橡胶": CODE, "橡胶项目": CODE}
    held = [UNIT if "-1" in text else meant.get(text, text) for text in command]
    assert answer.out == store(*held).out


def test_half_a_code_means_nothing(store: Cli) -> None:
    answer = store("project", "show", "KH-2024")
    assert (answer.code, "[unknown_project]" in answer.err) == (1, True)
    assert f"{CODE} 硅橡胶项目" in answer.err


def test_of_several_matches_none_is_taken(cli: Cli) -> None:
    answer = cli("today", "--unit", "镇")
    assert answer.code == 1
    assert f"{OTHER}, {TOWN}" in answer.err or f"{TOWN}, {OTHER}" in answer.err


def test_a_whole_name_goes_before_a_part(cli: Cli) -> None:
    with Ledger.open(cli.url) as ledger:
        named = [reported("KH-1", name="硅橡胶"), reported("KH-2", name="硅橡胶二期")]
        fill(ledger, named, keep=False)
    assert "KH-1" in cli("project", "show", "硅橡胶").out
    answer = cli("project", "show", "橡胶")
    assert (answer.code, "KH-1 硅橡胶" in answer.err, "KH-2 硅橡胶二期" in answer.err) == (
        1,
        True,
        True,
    )


def test_an_event_is_recorded_by_parts_of_names(cli: Cli) -> None:
    visit = ("--occurred-on", "2024-02-01", "--activity", "赴杭", "--led-by-head", "是")
    answer = cli("record", "ActivityHeld", "--unit", "华埠", *visit)
    assert (answer.code, f"recorded {TOWN}#2" in answer.out) == (0, True)
    support = ("--unit", "马金", "--occurred-on", "2024-02-01", "--about-project", "项目P")
    answer = cli("record", "MajorProjectSupported", *support)
    assert (answer.code, "unknown_project" in answer.err) == (0, False)
    assert "项目P is understood as P 项目P" in answer.err


def test_what_an_event_founds_keeps_its_name(cli: Cli) -> None:
    fields = ("--sequence", "乡镇", "--category", "township", "--occurred-on", "2024-01-01")
    answer = cli("record", "UnitRegistered", "--unit", "华埠", *fields)
    assert (answer.code, "recorded 华埠#1" in answer.out) == (0, True)


def test_files_take_whole_names_alone(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    row = '{"event": "ActivityHeld", "unit": "华埠", "occurred_on": "2024-02-01"}\n'
    file.write_text(row, encoding="utf-8")
    assert cli("import", file).code == 1


def test_a_unit_is_corrected_by_part_of_its_name(cli: Cli) -> None:
    words = ("--reason", "误录", "--approved-by", "余敏")
    answer = cli("correct", "华埠", "1", "sequence=乡镇街道", *words)
    assert (answer.code, f"recorded {TOWN}#2" in answer.out) == (0, True)
    answer = cli("correct", "P", "1", "reporting_unit=马金", *words)
    assert (answer.code, f"→ {OTHER}" in answer.err) == (0, True)


def test_a_person_picks_from_several_matches(cli: Cli) -> None:
    clerk = Terminal("--db", cli.url, "record", "ActivityHeld", LIFECYCLE_LANG="zh_CN")
    clerk.sees("单位 *")
    clerk.types("镇\n")
    clerk.sees("名称中含“镇”的有2个")
    clerk.sees(f"2. {OTHER}")
    clerk.sees("请选择（1至2）")
    clerk.types("9\n")
    clerk.sees("请输入名称前的序号")
    clerk.types("2\n")
    clerk.sees(f"镇 按 {OTHER} 处理")
    clerk.sees("发生日期")
    clerk.types(END_OF_INPUT)
    assert clerk.ends() == 1


def test_a_unit_that_does_not_exist_is_said_at_its_question(cli: Cli) -> None:
    clerk = Terminal("--db", cli.url, "record", "InformationReported", LIFECYCLE_LANG="zh_CN")
    clerk.sees("项目编号 *")
    clerk.types("KH-9\n")
    clerk.sees("首报单位")
    clerk.types("无此单位\n")
    clerk.sees("[unknown_unit]")
    clerk.sees("首报单位")
    clerk.types("马金\n")
    clerk.sees(f"马金 按 {OTHER} 处理")
    clerk.sees("报送时间")
    clerk.types(END_OF_INPUT)
    assert clerk.ends() == 1
