"""Forms on a terminal: few questions, mistakes said at once, and nothing typed is lost."""

from __future__ import annotations

import os
import signal
import time
from io import StringIO
from pathlib import Path

import pytest

from lifecycle.ledger.store import Ledger
from tests.commands.cli.test_record import PATIENCE, Terminal
from tests.commands.conftest import Cli
from tests.given import of, reported
from tests.ledgers import fill

MOST_PROMPTS, MOST_KEYSTROKES = 30, 250


@pytest.fixture
def store_kind() -> str:
    """One kind of database: what is asked depends on none."""
    return "sqlite"


class CountingClerk:
    """A clerk who answers one question after another; prompts and keystrokes are counted."""

    def __init__(self, cli: Cli, *command: str) -> None:
        self.terminal = Terminal("--db", cli.url, *command, LIFECYCLE_LANG="zh_CN")
        self.prompts = 0
        self.keystrokes = len(" ".join(("lifecycle", *command))) + 1

    def answers(self, question: str, text: str) -> None:
        """Answer the question that is asked next."""
        self.terminal.sees(question)
        self.terminal.sees(": ")
        self.terminal.types(f"{text}\n")
        self.prompts += 1
        self.keystrokes += len(text) + 1

    def ends(self) -> int:
        return self.terminal.ends()


def clerk_at(cli: Cli, *command: str) -> Terminal:
    return Terminal("--db", cli.url, *command, LIFECYCLE_LANG="zh_CN")


def interrupt(clerk: Terminal) -> None:
    """Press Ctrl-C; the test's terminal controls no process that the key would reach."""
    # Between a prompt and its answer: a moment earlier nothing would be waiting for the signal.
    time.sleep(0.3)
    os.kill(clerk.process.pid, signal.SIGINT)


def answer_all(clerk: Terminal, *answers: tuple[str, str]) -> None:
    for question, text in answers:
        clerk.sees(question)
        if question != ": ":
            clerk.sees(": ")
        clerk.types(f"{text}\n")


# One form for a project ---------------------------------------------------------------------------


def test_seven_nodes_take_at_most_thirty_prompts_and_250_keystrokes(cli: Cli) -> None:
    clerk = CountingClerk(cli, "record", "项目")
    answers = [
        ("项目编号 *", "KH-2024-017"),
        ("首报单位 *", "华埠"),
        ("报送时间 *", "20240301 9:00"),
        ("项目名称 *", "年产5万吨有机硅单体项目"),
        ("投资方 *", "浙江某某新材料有限公司"),
        ("产业类别 *", "1"),
        ("项目性质 *", "1"),
        ("计划总投资 (万元) *", "120000"),
        ("计划固定资产投资 (万元) *", "90000"),
        ("县外投资比例 *", "100%"),
        ("决策咨询  发生日期", "20240315"),
        ("咨询结论 *", "1"),
        ("正式签约  发生日期", "20240320"),
        ("协议总投资 (万元) *", "120000"),
        ("协议固定资产投资 (万元) *", "90000"),
        ("土地摘牌  发生日期", "20240410"),
        ("土地面积（亩） *", "86.5"),
        ("土地出让金 (万元) *", "2600"),
        ("项目备案  发生日期", "20240415"),
        ("项目代码 *", "2403-330824-04-01-123456"),
        ("统计入库  发生日期", "20240506"),
        ("投资出数  月份", "202405"),
        ("当月固定资产投资 (万元) *", "1500"),
        ("投资出数  月份", ""),
        ("其他内容", ""),
        ("确认录入", ""),
    ]
    for question, text in answers:
        clerk.answers(question, text)
    clerk.terminal.sees("已录入 KH-2024-017#7")
    assert clerk.ends() == 0
    events = [
        row["event"] for row in cli("project", "history", "KH-2024-017", "--format", "json").json
    ]
    assert events == [
        "InformationReported",
        "ConsultationHeld",
        "AgreementSigned",
        "LandAcquired",
        "ProjectFiled",
        "StatisticsEntered",
        "InvestmentReported",
    ]
    # Seven commands took 71 prompts and 458 keystrokes before.
    assert clerk.prompts <= MOST_PROMPTS, clerk.prompts
    assert clerk.keystrokes <= MOST_KEYSTROKES, clerk.keystrokes


@pytest.mark.parametrize(
    ("day", "clock", "stored"),
    [
        ("20240301", "9:30", "2024-03-01T09:30:00+08:00"),
        ("2024年3月1日", "", "2024-03-01T00:00:00+08:00"),
    ],
)
def test_a_report_of_a_day_alone_is_asked_for_its_time(
    cli: Cli, day: str, clock: str, stored: str
) -> None:
    clerk = clerk_at(cli, "record", "项目", "N-1")
    answer_all(
        clerk,
        ("首报单位 *", "华埠"),
        ("报送时间 *", day),
        ("时刻", clock),
        ("项目名称 *", "硅料二期"),
        ("投资方 *", "丙公司"),
        ("产业类别 *", "1"),
        ("项目性质 *", "1"),
        ("计划总投资 (万元) *", "12000"),
        ("计划固定资产投资 (万元) *", "9000"),
        ("县外投资比例 *", "100%"),
        *((node, "") for node in ("决策咨询", "正式签约", "土地摘牌", "项目备案", "统计入库")),
        ("其他内容", ""),
        ("确认录入", ""),
    )
    clerk.sees("已录入 N-1#1")
    assert clerk.ends() == 0
    (report,) = cli("project", "history", "N-1", "--format", "json").json
    assert report["fields"]["reported_at"] == stored


def test_a_wrong_time_of_day_is_asked_for_again(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "项目", "N-1")
    answer_all(clerk, ("首报单位 *", "华埠"), ("报送时间 *", "20240301"), ("时刻", "上午"))
    clerk.sees("应为日期和时间")
    clerk.sees("报送时间 *")
    interrupt(clerk)
    assert clerk.ends() == 1


def test_the_form_asks_only_for_nodes_that_are_not_recorded(cli: Cli) -> None:
    with Ledger.open(cli.url) as ledger:
        records = [
            of("AgreementSigned", contract_investment="3000", contract_fixed_assets="2000"),
            of("StatisticsEntered", "2024-03-05"),
        ]
        fill(ledger, records, keep=False)
    clerk = clerk_at(cli, "record", "project", "P")
    clerk.sees("已录入的节点：项目信息、正式签约、统计入库")
    answer_all(
        clerk,
        ("决策咨询  发生日期", ""),
        ("土地摘牌  发生日期", ""),
        ("项目备案  发生日期", ""),
        ("投资出数  月份", "2024-03"),
        ("当月固定资产投资", "5"),
        ("投资出数  月份", "2024-03"),
    )
    clerk.sees("2024-03")  # the month has its figure in this form
    answer_all(clerk, (": ", ""), ("其他内容", ""), ("确认录入", ""))
    clerk.sees("已录入 P#4")
    assert clerk.ends() == 0
    assert cli.events == 7


def test_a_form_of_which_one_record_is_rejected_records_nothing(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "project", "P")
    answer_all(
        clerk,
        ("决策咨询  发生日期", "2024-03-01"),
        ("咨询结论", "1"),
        ("正式签约  发生日期", ""),
        ("土地摘牌  发生日期", ""),
        ("项目备案  发生日期", ""),
        ("统计入库  发生日期", ""),
        ("其他内容", ""),
        ("确认录入", "n"),
    )
    clerk.sees("已填写的内容已保留")
    assert clerk.ends() == 1
    assert cli.events == 4


def test_without_a_terminal_the_form_is_not_begun(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    answer = cli("record", "project", "P")
    assert (answer.code, "lifecycle import" in answer.err) == (2, True)


# Said at the question ----------------------------------------------------------------------------


def test_figures_before_the_entry_into_statistics_are_said_at_the_project(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "投资出数")
    answer_all(clerk, ("项目编号 *", "P"))
    clerk.sees("尚未统计入库")
    clerk.sees("项目编号 *")
    interrupt(clerk)
    assert clerk.ends() == 1
    # Named by an option it is rejected before any question.
    clerk = clerk_at(cli, "record", "投资出数", "--project", "P")
    clerk.sees("尚未统计入库")
    assert clerk.ends() == 1


def test_a_share_above_the_fee_is_said_at_the_share(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "土地摘牌", "--project", "P")
    answer_all(
        clerk,
        ("发生日期", "2024-03-01"),
        ("土地面积", "30"),
        ("土地出让金", "900"),
        ("1.其中县内国资", "1"),
        ("其中县内国资 (万元)", "901"),
    )
    clerk.sees("县内国资部分不得超过土地出让金")
    answer_all(clerk, ("其中县内国资 (万元)", "900"), ("确认录入", ""))
    clerk.sees("已录入 P#2")
    assert clerk.ends() == 0


def test_a_second_parcel_is_asked_for_by_name_at_once(cli: Cli) -> None:
    with Ledger.open(cli.url) as ledger:
        fill(ledger, [of("LandAcquired", area_mu="1", transfer_fee="2")], keep=False)
    clerk = clerk_at(cli, "record", "土地摘牌")
    answer_all(clerk, ("项目编号", "P"))
    clerk.sees("parcel")
    answer_all(
        clerk,
        ("地块", "2号地块"),
        ("发生日期", "2024-03-02"),
        ("土地面积", "3"),
        ("土地出让金", "4"),
        ("其他内容", ""),
        ("确认录入", ""),
    )
    clerk.sees("已录入 P#3")
    assert clerk.ends() == 0


def test_an_event_that_needs_one_of_two_fields_asks_for_them(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "流转", "--project", "P")
    answer_all(clerk, ("发生日期", "2024-03-01"), ("流转至单位", "无此单位"))
    clerk.sees("单位 无此单位 未登记")
    answer_all(clerk, ("流转至单位", ""), ("流转至园区", "开发区"), ("其他内容", ""))
    answer_all(clerk, ("确认录入", ""))
    clerk.sees("已录入 P#2")
    assert clerk.ends() == 0


def test_a_plan_that_does_not_lie_ahead_is_asked_for_again(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "倒排计划", "--project", "P")
    answer_all(clerk, ("发生日期", "2024-03-01"))
    # The example is in the reader's words, and may be typed as it stands.
    clerk.sees("如 土地摘牌=2024-06-30,项目备案=2024-08-31")
    answer_all(clerk, (": ", "土地摘牌=2024-02-01"))
    clerk.sees("各节点期限须晚于计划日期")
    answer_all(clerk, ("节点计划 [", "land=2024-04-01"), ("其他内容", ""), ("确认录入", ""))
    clerk.sees("已录入 P#2")
    assert clerk.ends() == 0


def test_a_sequence_is_picked_from_those_in_use(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "单位登记", "--unit", "新镇")
    answer_all(clerk, ("发生日期", "2024-01-01"))
    clerk.sees("1.乡镇")
    answer_all(clerk, (": ", "乡镇街道"))
    clerk.sees("尚未使用；现有：乡镇、驻外")
    answer_all(clerk, (": ", ""), ("考核序列", "1"), ("单位类别", "1"))
    answer_all(clerk, ("其他内容", ""), ("确认录入", ""))
    clerk.sees("已录入 新镇#1")
    assert clerk.ends() == 0


# Nothing is lost ---------------------------------------------------------------------------------


def test_answers_survive_control_c_and_are_offered_next_time(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "正式签约")
    answer_all(clerk, ("项目编号", "P"), ("发生日期", "2024-03-01"), ("协议总投资", "12000"))
    clerk.sees("协议固定资产投资")
    interrupt(clerk)
    clerk.sees("接着填写：lifecycle record 正式签约")
    assert clerk.ends() == 1
    clerk = clerk_at(cli, "record", "正式签约")
    clerk.sees("P；2024-03-01；12000")
    answer_all(clerk, ("是否接着填写", "y"), ("协议固定资产投资", "9000"), ("其他内容", ""))
    clerk.sees("协议总投资  12000 万元")
    answer_all(clerk, ("确认录入", ""))
    clerk.sees("已录入 P#2")
    assert clerk.ends() == 0
    # What is recorded is offered no more.
    clerk = clerk_at(cli, "record", "决策咨询")
    clerk.sees("决策咨询 ConsultationHeld")
    clerk.sees("项目编号")
    interrupt(clerk)
    assert clerk.ends() == 1


def test_answers_survive_a_broken_connection(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "正式签约", "--project", "P")
    answer_all(clerk, ("发生日期", "2024-03-01"))
    clerk.sees("协议总投资")
    os.kill(clerk.process.pid, signal.SIGHUP)
    clerk.process.wait(timeout=PATIENCE)
    clerk = clerk_at(cli, "record", "决策咨询", "--project", "P")
    clerk.sees("接着填写：lifecycle record 正式签约")
    answer_all(clerk, ("发生日期", "2024-03-01"))
    clerk.sees("咨询结论")
    interrupt(clerk)
    assert clerk.ends() == 1
    clerk = clerk_at(cli, "record", "正式签约", "--project", "P")
    answer_all(clerk, ("是否接着填写", "n"), ("发生日期", ""))
    clerk.sees("协议总投资")
    interrupt(clerk)
    assert clerk.ends() == 1


def test_a_rejected_form_is_mended_line_by_line(cli: Cli) -> None:
    clerk = clerk_at(cli, "record", "决策咨询", "--project", "P")
    answer_all(clerk, ("发生日期", "2024-03-01"), ("咨询结论", "1"), ("其他内容", ""))
    clerk.sees("确认录入")
    # Meanwhile somebody else records the project's end.
    with Ledger.open(cli.url) as ledger:
        fill(ledger, [of("ProjectTerminated", "2024-02-01", reason="放弃")], keep=False)
    clerk.types("\n")
    clerk.sees("2024-02-01")
    answer_all(clerk, ("确认录入", "9"))
    clerk.sees("1至2")
    answer_all(clerk, (": ", "1"), ("发生日期 [2024-03-01]", "2024-01-31"), ("确认录入", ""))
    clerk.sees("已录入 P#3")
    assert clerk.ends() == 0


def test_evidence_is_digested_again_and_left_out_where_it_changed(cli: Cli, tmp_path: Path) -> None:
    paper = tmp_path / "纪要.pdf"
    paper.write_bytes(b"minutes")
    for changed in (False, True):
        clerk = clerk_at(cli, "record", "决策咨询", "--project", "P")
        if changed:
            answer_all(clerk, ("是否接着填写", "n"))
        answer_all(clerk, ("发生日期", "2024-03-01"), ("咨询结论", "1"), ("其他内容", "3"))
        answer_all(clerk, ("佐证材料", str(paper)), ("还有其他文件", ""), ("确认录入", "n"))
        assert clerk.ends() == 1
    paper.write_bytes(b"other minutes")
    clerk = clerk_at(cli, "record", "决策咨询", "--project", "P")
    answer_all(clerk, ("是否接着填写", ""), ("3.佐证材料", ""), ("确认录入", ""))
    clerk.sees("已录入 P#2")
    assert clerk.ends() == 0


def test_another_store_and_another_project_are_not_offered(cli: Cli) -> None:
    with Ledger.open(cli.url) as ledger:
        fill(ledger, [reported("Q")], keep=False)
    clerk = clerk_at(cli, "record", "正式签约", "--project", "P")
    answer_all(clerk, ("发生日期", "2024-03-01"))
    clerk.sees("协议总投资")
    interrupt(clerk)
    assert clerk.ends() == 1
    clerk = clerk_at(cli, "record", "正式签约", "--project", "Q")
    clerk.sees("发生日期")
    assert "是否接着填写" not in clerk.screen
    interrupt(clerk)
    assert clerk.ends() == 1
