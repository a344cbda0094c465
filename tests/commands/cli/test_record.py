"""Record one event, by options or by prompts at a terminal."""

from __future__ import annotations

import codecs
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands.conftest import Cli

if sys.platform != "win32":
    import pty


def test_an_event_is_recorded_and_its_receipt_printed(cli: Cli) -> None:
    answer = cli(
        "record",
        "ConsultationHeld",
        "--project",
        "P",
        "--occurred-on",
        "2024-02-01",
        "--outcome",
        "passed",
    )
    assert answer.code == 0
    assert "recorded P#2" in answer.out
    assert re.search(
        r"receipt: position 5, leaf [0-9a-f]{16}, tree 5, root [0-9a-f]{16}", answer.out
    )
    assert cli.events == 5


def test_chinese_names_serve_for_event_and_words(cli: Cli) -> None:
    assert (
        cli(
            "record",
            "决策咨询",
            "--project",
            "P",
            "--occurred-on",
            "2024-02-01",
            "--outcome",
            "通过",
        ).code
        == 0
    )
    plan = cli(
        "record",
        "倒排计划",
        "--project",
        "P",
        "--occurred-on",
        "2024-02-02",
        "--milestones",
        "正式签约=2024-05-01、filing=2024-06-01",
    )
    assert plan.code == 0, plan.err
    assert (
        cli(
            "record",
            "ActivityHeld",
            "--unit",
            "华埠镇",
            "--occurred-on",
            "2024-02-02",
            "--activity",
            "赴杭",
            "--led-by-head",
            "是",
        ).code
        == 0
    )


def test_a_list_option_can_be_repeated(cli: Cli) -> None:
    answer = cli(
        "record",
        "InformationReported",
        "--project",
        "Q",
        "--reporting-unit",
        "华埠镇",
        "--reported-at",
        "2024-03-01 09:00",
        "--name",
        "光伏支架",
        "--investor",
        "甲公司",
        "--sector",
        "工业",
        "--kind",
        "新引进",
        "--planned-investment",
        "9000",
        "--planned-fixed-assets",
        "8000",
        "--outside-ratio",
        "1",
        "--chains",
        "光伏半导体",
        "--chains",
        "silicone,cards",
        "--investor-traits",
        "上市",
    )
    assert answer.code == 0, answer.err
    shown = cli("project", "history", "Q", "--format", "json").json
    assert shown[0]["fields"]["chains"] == ["cards", "pv_semiconductor", "silicone"]


def test_evidence_is_stored_by_digest(cli: Cli, tmp_path: Path) -> None:
    paper = tmp_path / "会议纪要.pdf"
    paper.write_bytes(b"minutes")
    answer = cli(
        "record",
        "ReviewHeld",
        "--project",
        "P",
        "--occurred-on",
        "2024-07-01",
        "--findings",
        "正常",
        "--evidence",
        paper,
    )
    assert answer.code == 0, answer.err
    assert (
        cli("project", "history", "P", "--format", "json").json[1]["fields"]["evidence"][0]["name"]
        == "会议纪要.pdf"
    )
    missing = cli(
        "record",
        "ReviewHeld",
        "--project",
        "P",
        "--occurred-on",
        "2024-07-02",
        "--findings",
        "x",
        "--evidence",
        tmp_path / "none.pdf",
    )
    assert (missing.code, "none.pdf" in missing.err) == (1, True)
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    large = cli(
        "record",
        "ReviewHeld",
        "--project",
        "P",
        "--occurred-on",
        "2024-07-02",
        "--findings",
        "x",
        "--evidence",
        tmp_path / "large.bin",
    )
    assert (large.code, "50 MiB" in large.err) == (1, True)


def test_every_wrong_field_is_reported_at_once(cli: Cli) -> None:
    answer = cli(
        "record",
        "AgreementSigned",
        "--project",
        "P",
        "--occurred-on",
        "2024-02-30",
        "--contract-investment",
        "1e5",
    )
    assert answer.code == 1
    assert len(answer.err.strip().splitlines()) == 3
    assert "Contract investment 协议总投资 (contract_investment)" in answer.err
    assert cli.events == 4


def test_an_unknown_word_lists_the_allowed_ones(cli: Cli, spoken_chinese: None) -> None:
    answer = cli(
        "record",
        "ConsultationHeld",
        "--project",
        "P",
        "--occurred-on",
        "2024-02-01",
        "--outcome",
        "过",
    )
    assert answer.code == 1
    assert "通过 (passed)" in answer.err
    assert "只能是以下之一" in answer.err


def test_a_warning_is_printed_beside_the_result(cli: Cli) -> None:
    answer = cli(
        "record",
        "MajorProjectSupported",
        "--unit",
        "华埠镇",
        "--occurred-on",
        "2024-02-01",
        "--about-project",
        "无",
    )
    assert answer.code == 0
    assert "unknown_project" in answer.err


def test_recording_the_same_again_is_reported(cli: Cli) -> None:
    arguments = ("record", "StatisticsEntered", "--project", "P", "--occurred-on", "2024-02-01")
    assert cli(*arguments).code == 0
    assert "already recorded, at position 5" in cli(*arguments).out
    assert cli.events == 5


@pytest.mark.parametrize(
    "arguments",
    [
        ("record", "Nothing"),
        ("record", "FactCorrected"),
        ("record", "ConsultationHeld", "--color", "red"),
        ("recrod",),
    ],
)
def test_wrong_usage_exits_with_two(cli: Cli, arguments: tuple[str, ...]) -> None:
    answer = cli(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        (("recrod",), "record"),
        (("record", "AgreementSign"), "AgreementSigned"),
        (("record", "正式签"), "正式签约"),
    ],
)
def test_a_typing_error_suggests_the_intended_name(
    cli: Cli, typed: tuple[str, ...], near: str
) -> None:
    answer = cli(*typed)
    assert (answer.code, f"Did you mean '{near}'" in answer.err or f"'{near}'" in answer.err) == (
        2,
        True,
    ), answer.err


def test_help_lists_events_and_fields(cli: Cli) -> None:
    assert "正式签约" in cli("record", "--help").out
    assert "协议总投资 *" in cli("record", "AgreementSigned", "--help").out


PATIENCE = 20
"""Seconds until a test gives up on what it waits for."""


def _let_interrupts_act() -> None:
    # A shell that started the tests in the background made every child ignore Ctrl-C and hang-up.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Terminal:
    """A person at a terminal."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        if sys.platform == "win32":
            pytest.skip("a POSIX terminal; tests/windows/check_console.py types at Windows'")
        self.master, slave = pty.openpty()
        env = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            **environment,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "commands", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=env,
            close_fds=True,
            preexec_fn=_let_interrupts_act,  # noqa: PLW1509 (the tests start no threads)
        )
        os.close(slave)
        self.screen = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")(
            "replace"
        )  # a read may end inside a character

    def sees(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in self.screen:
            assert time.monotonic() < deadline, self.screen
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.screen += self.decoder.decode(os.read(self.master, 4096))
                except OSError:
                    break
        assert text in self.screen, self.screen
        self.screen = self.screen.rpartition(text)[2]

    def types(self, text: str) -> None:
        os.write(self.master, text.encode())

    def ends(self) -> int:
        code = self.process.wait(timeout=PATIENCE)
        os.close(self.master)
        return code


def test_a_clerk_is_asked_field_by_field_and_errors_appear_at_once(cli: Cli) -> None:
    clerk = Terminal("--db", cli.url, "record", "正式签约", LIFECYCLE_LANG="zh_CN")
    clerk.sees("项目编号")
    clerk.types("P\n")
    clerk.sees("发生日期")
    clerk.types("2024-02-31\n")
    clerk.sees("应为存在的日期，写 2024-03-05")
    clerk.types("2024-03-01\n")
    clerk.sees("协议总投资")
    clerk.types("约12\n")
    clerk.sees("写 15000 或 1.5亿")
    clerk.types("\n")
    clerk.sees("必须填写")
    clerk.types("12000\n")
    clerk.sees("协议固定资产投资")
    clerk.types("9000.5\n")
    clerk.sees("1.依据文号 2.备注 3.佐证材料")
    clerk.types("1\n")
    clerk.sees("依据文号")
    clerk.types("开招\x7f招办〔2024〕3号\n")  # a Chinese character deleted again
    clerk.sees("确认录入")
    clerk.types("y\n")
    clerk.sees("已录入 P#2")
    assert clerk.ends() == 0
    fields = cli("project", "history", "P", "--format", "json").json[1]["fields"]
    assert fields == {
        "contract_investment": "12000",
        "contract_fixed_assets": "9000.5",
        "source_ref": "开招办〔2024〕3号",
    }


def test_choices_are_picked_by_number_and_declining_records_nothing(cli: Cli) -> None:
    clerk = Terminal("--db", cli.url, "record", "ConsultationHeld", "--project", "P")
    clerk.sees("发生日期")
    clerk.types("\n")
    clerk.sees("1.passed 通过 2.not passed 不通过 3.deferred 暂缓")
    clerk.types("2\n")
    clerk.sees("More?")
    clerk.types("\n")
    clerk.sees("Record this?")
    clerk.types("n\n")
    clerk.sees("nothing was recorded")
    assert clerk.ends() == 1
    assert cli.events == 4


def test_an_unknown_project_is_reported_before_further_questions(cli: Cli) -> None:
    clerk = Terminal("--db", cli.url, "record", "StatisticsEntered", LIFECYCLE_LANG="zh_CN")
    clerk.sees("项目编号")
    clerk.types("\n")
    clerk.sees("必须填写")
    clerk.types("无此项目\n")
    clerk.sees("没有编号为 无此项目 或名称中含此文字的项目")
    clerk.types("P\n")
    clerk.sees("发生日期")
    clerk.types("2024-03-01\n")
    clerk.sees("其他内容")
    clerk.types("\n")
    clerk.sees("1. 发生日期  2024-03-01")  # the summary
    clerk.sees("确认录入")
    clerk.types("\n")
    clerk.sees("已录入 P#2")
    assert clerk.ends() == 0


def test_a_correction_is_asked_for_field_by_field(cli: Cli) -> None:
    clerk = Terminal("--db", cli.url, "correct", "华埠镇", "1", LIFECYCLE_LANG="zh_CN")
    clerk.sees("发生日期（自当日起参加考核） [2024-01-01]")
    clerk.types("\n")
    clerk.sees("考核序列 [乡镇]")
    clerk.types("一类乡镇\n")
    clerk.sees("再输入一次")
    clerk.types("一类乡镇\n")
    clerk.sees("单位类别")
    clerk.types("-\n")
    clerk.sees("必须填写")  # it cannot be unset
    for _rest in range(4):
        clerk.sees("]")
        clerk.types("\n")
    clerk.sees("理由 *")
    clerk.types("误录\n")
    clerk.sees("批准人 *")
    clerk.types("余敏\n")
    clerk.sees("考核序列  乡镇 → 一类乡镇")
    clerk.sees("确认录入")
    clerk.types("\n")
    clerk.sees("考核序列（sequence）：乡镇 → 一类乡镇")
    clerk.sees("已录入 华埠镇#2")
    assert clerk.ends() == 0


def test_a_void_needs_only_a_reason(cli: Cli) -> None:
    clerk = Terminal(
        "--db",
        cli.url,
        "correct",
        "华埠镇",
        "1",
        "--void",
        "--reason",
        "误录",
        LIFECYCLE_LANG="zh_CN",
    )
    clerk.sees("批准人 *")
    clerk.types("余敏\n")
    clerk.sees("作废")
    clerk.sees("确认录入")
    clerk.types("n\n")
    clerk.sees("未录入")
    assert clerk.ends() == 1
    assert cli.events == 4
