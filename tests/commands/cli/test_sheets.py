"""The five task sheets: each is issued once; acts that the ladder excludes are rejected."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import os
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from commands.handlers.sheet_issuing import ISSUED_BY_RULE, IssueRequest, issue_sheets
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from tests.commands.cli.test_record import Terminal
from tests.commands.conftest import Cli
from tests.given import TOWN, of, reported
from tests.ledgers import fill

TASK = "开招办交〔2024〕1号"


@pytest.fixture
def town(cli: Cli) -> Cli:
    """The project P with a plan: to be signed by 20 May, its land by 30 June."""
    milestones = [
        {"stage": "signing", "due_on": "2024-05-20"},
        {"stage": "land", "due_on": "2024-06-30"},
    ]
    with Ledger.open(cli.url) as ledger:
        fill(ledger, [of("ScheduleSet", "2024-03-01", milestones=milestones)], keep=False)
    return cli


def due(cli: Cli, day: str) -> list[tuple[str, str]]:
    rows = cli("sheets", "due", "--as-of", day, "--format", "json").json
    return [(row["action"], row["about"]) for row in rows]


def issue(cli: Cli, day: str, *options: object) -> list[dict[str, Any]]:
    answer = cli("sheets", "issue", "--occurred-on", day, "--format", "json", *options)
    assert answer.code == 0, answer.err
    rows: list[dict[str, Any]] = answer.json
    return rows


def rows(cli: Cli, day: str = "2024-07-31") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = cli("sheets", "list", "--as-of", day, "--format", "json").json
    return rows


def rejected_rule(cli: Cli, *arguments: object) -> str:
    before = cli.events
    answer = cli("sheets", *arguments)
    assert (answer.code, answer.out, cli.events) == (1, "", before)
    return answer.err.rsplit("[", 1)[1].rstrip("]\n")


def test_a_task_goes_up_the_ladder(town: Cli, tmp_path: Path) -> None:
    assert due(town, "2024-03-20") == []
    assert due(town, "2024-03-21") == [("assign", "signing")]  # 60 days before
    (assigned,) = issue(town, "2024-03-21")
    assert (assigned["number"], assigned["unit"], assigned["due_on"], assigned["task"]) == (
        TASK,
        TOWN,
        "2024-05-20",
        "推进“项目P”正式签约",
    )
    assert issue(town, "2024-03-21") == []
    assert [row["number"] for row in issue(town, "2024-05-13")] == [
        "开招办交〔2024〕2号",
        "开招办警〔2024〕1号",
    ]
    (supervised,) = issue(town, "2024-05-21")
    assert (supervised["number"], supervised["rectify_by"], supervised["estimated"]) == (
        "开招办督〔2024〕1号",
        "2024-05-28",
        False,
    )
    assert "5个工作日" in supervised["note"]
    assert due(town, "2024-05-29") == [("expose", TASK)]
    assert issue(town, "2024-05-29") == []  # a person must approve an exposure
    answer = town(
        "sheets",
        "expose",
        TASK,
        "--facts",
        "逾期未签约",
        "--approved-by",
        "余敏",
        "--occurred-on",
        "2024-05-29",
    )
    assert (answer.code, "recorded P#" in answer.out) == (0, True)
    assert [row["status"] for row in rows(town)] == ["exposed", "overdue"]
    paper = tmp_path / "投资协议.pdf"
    paper.write_bytes(b"signed")
    with Ledger.open(town.url) as ledger:
        fill(
            ledger,
            [
                of(
                    "AgreementSigned",
                    "2024-06-03",
                    contract_investment="3000",
                    contract_fixed_assets="2000",
                )
            ],
            keep=False,
        )
    assert due(town, "2024-06-03") == [("clear", TASK)]
    who = ("--submitted-by", "张三", "--reviewed-by", "李四", "--occurred-on", "2024-06-04")
    assert (
        town("sheets", "clear", "交2024-1", "--result", "已签约", "--evidence", paper, *who).code
        == 0
    )
    first = rows(town)[0]
    assert (first["status"], first["cleared_on"], first["exposed_on"]) == (
        "cleared",
        "2024-06-04",
        "2024-05-29",
    )
    week = town("sheets", "week", "--as-of", "2024-06-04", "--format", "json").json
    assert week == [
        {
            "unit": TOWN,
            "name": TOWN,
            "issued": 0,
            "cleared": 1,
            "in_time": 0,
            "open": 1,
            "overdue": 0,
            "closing_rate": "0.5",
        }
    ]
    assert (
        town("sheets", "reopen", TASK, "--reason", "佐证不全", "--occurred-on", "2024-06-05").code
        == 0
    )
    assert rows(town)[0] | {"status": "overdue"} == rows(town)[0]


def test_acts_outside_the_ladder_are_rejected(town: Cli, tmp_path: Path) -> None:
    paper = tmp_path / "材料.pdf"
    paper.write_bytes(b"proof")
    issue(town, "2024-04-01", "assign")
    clearing = (
        "clear",
        TASK,
        "--result",
        "办结",
        "--submitted-by",
        "甲",
        "--occurred-on",
        "2024-05-13",
    )
    assert (
        rejected_rule(town, "issue", "warn", "--about", TASK, "--occurred-on", "2024-05-12")
        == "warning_day"
    )
    assert (
        rejected_rule(town, "issue", "--about", TASK, "--occurred-on", "2024-05-12")
        == "warning_day"
    )
    issue(town, "2024-05-13", "预警", "--about", "[2024]1")
    assert (
        rejected_rule(town, "issue", "warn", "--about", TASK, "--occurred-on", "2024-05-14")
        == "second_warning"
    )
    assert (
        rejected_rule(town, "issue", "supervise", "--about", TASK, "--occurred-on", "2024-05-20")
        == "not_overdue"
    )
    assert (
        rejected_rule(
            town,
            "expose",
            TASK,
            "--facts",
            "x",
            "--approved-by",
            "甲",
            "--occurred-on",
            "2024-05-20",
        )
        == "not_supervised"
    )
    issue(town, "2024-05-21", "supervise")
    assert (
        rejected_rule(
            town,
            "expose",
            TASK,
            "--facts",
            "x",
            "--approved-by",
            "甲",
            "--occurred-on",
            "2024-05-28",
        )
        == "before_rectification"
    )
    assert (
        rejected_rule(town, "expose", TASK, "--facts", "x", "--occurred-on", "2024-05-29")
        == "missing"
    )
    assert rejected_rule(town, *clearing, "--reviewed-by", "乙") == "evidence"
    assert rejected_rule(town, *clearing, "--reviewed-by", "甲", "--evidence", paper) == "reviewer"
    assert (
        rejected_rule(town, *clearing, "--reviewed-by", "乙", "--evidence", tmp_path / "无.pdf")
        == "evidence_unreadable"
    )
    assert (
        rejected_rule(
            town,
            "clear",
            "开招办交〔2024〕9号",
            *clearing[2:],
            "--reviewed-by",
            "乙",
            "--evidence",
            paper,
        )
        == "no_task"
    )
    assert rejected_rule(town, "reopen", TASK, "--reason", "x") == "task_open"
    assert (
        rejected_rule(town, "issue", "--project", "Q", "--occurred-on", "2024-05-29")
        == "unknown_project"
    )
    early = town("sheets", *clearing, "--reviewed-by", "乙", "--evidence", paper)
    assert (early.code, "not_reached" in early.err) == (0, True)
    assert (
        rejected_rule(town, "issue", "supervise", "--about", TASK, "--occurred-on", "2024-05-30")
        == "task_closed"
    )
    assert {
        town("sheets", *wrong).code
        for wrong in (
            ("issue", "expose"),
            ("issue", "--each"),
            ("issue", "assign", "--about", TASK),
            ("list", "--status", "x"),
            ("issue", "--occurred-on", "5月"),
        )
    } == {2}


def test_a_dry_run_and_a_preview_record_nothing(town: Cli) -> None:
    before = town.events
    assert [row["number"] for row in issue(town, "2024-05-25", "--dry-run")] == [
        "开招办交〔2024〕1号",
        "开招办交〔2024〕2号",
        "开招办督〔2024〕1号",
    ]  # the land first, which is not due yet
    for arguments in (("due",), ("list",), ("week",)):
        assert town("sheets", *arguments, "--as-of", "2024-05-25").code == 0
    assert town.events == before
    shown = town(
        "sheets",
        "issue",
        "--occurred-on",
        "2024-05-25",
        "--mandate",
        "月会商纪要〔2024〕5号",
        "--unit",
        TOWN,
    )
    assert ("sheets issued: 3" in shown.out, "督办" in shown.out) == (True, True)
    assert "nothing is due" in town("sheets", "issue", "--occurred-on", "2024-05-25").out


def test_rectification_beyond_the_known_arrangements_is_marked(town: Cli) -> None:
    with Ledger.open(town.url) as ledger:
        fill(ledger, [of("ProjectTerminated", "2024-12-31", reason="撤资")], keep=False)
        fill(
            ledger,
            [
                reported("Q", reported_at="2026-09-01T09:00:00+08:00"),
                of(
                    "ScheduleSet",
                    "2026-09-02",
                    "Q",
                    milestones=[{"stage": "signing", "due_on": "2026-09-30"}],
                ),
            ],
            keep=False,
        )
    issue(town, "2026-09-02")
    before = town.events
    answer = town("sheets", "issue", "supervise", "--occurred-on", "2026-10-08")
    assert (answer.code, "estimated" in answer.err) == (0, False)
    assert town.events == before + 1
    record = of(
        "SupervisionIssued",
        "2026-10-09",
        "Q",
        number="开招办督〔2026〕2号",
        about="开招办交〔2026〕1号",
        problem="x",
        rectify_by="2027-01-08",
    )
    with Ledger.open(town.url) as ledger:
        fill(ledger, [record], keep=False)
    assert rows(town, "2026-11-01")[-1]["estimated"] is True
    assert "estimated" in town("sheets", "list", "--as-of", "2026-11-01").out
    listed = [
        row
        for row in town("deadlines", "--as-of", "2026-11-01", "--format", "json").json
        if row["kind"] == "rectification"
    ]
    assert [(row["due_on"], row["estimated"]) for row in listed] == [("2027-01-08", True)]
    assert (
        "estimated"
        in town("deadlines", "--as-of", "2026-11-01", "--format", "csv").out.splitlines()[0]
    )


def test_a_deadline_beyond_the_known_years_is_marked(town: Cli) -> None:
    milestones = [{"stage": "signing", "due_on": "2027-01-05"}]
    with Ledger.open(town.url, clock=lambda: _moment("2027-01-06")) as ledger:
        fill(
            ledger,
            [of("ScheduleSet", "2024-04-01", milestones=milestones, reason="调整")],
            keep=False,
        )
        issued = issue_sheets(ledger, IssueRequest(), Author("文员"))
    supervised = next(
        sheet
        for sheet in issued
        if sheet.due.action == "supervise" and sheet.record["about"].endswith("1号")
    )
    assert supervised.estimated
    assert "按周末和法定节假日暂估" in supervised.record["note"]


def _moment(day: str) -> Any:
    from datetime import datetime

    from lifecycle.events.field_types import SHANGHAI

    return datetime.combine(date.fromisoformat(day), datetime.min.time(), SHANGHAI)


def test_evidence_is_stored_by_content(
    town: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFECYCLE_EVIDENCE", str(tmp_path / "材料柜"))
    issue(town, "2024-04-01")
    paper, digest = tmp_path / "证明.pdf", sha256(b"proof").hexdigest()
    paper.write_bytes(b"proof")
    act = (
        "clear",
        TASK,
        "--result",
        "办结",
        "--submitted-by",
        "甲",
        "--evidence",
        paper,
        "--occurred-on",
        "2024-04-02",
    )
    assert rejected_rule(town, *act, "--reviewed-by", "甲") == "reviewer"
    stored_file = tmp_path / "材料柜" / digest[:2] / digest
    assert not stored_file.exists()  # a rejected act leaves nothing behind
    assert town("sheets", *act, "--reviewed-by", "乙").code == 0
    assert stored_file.read_bytes() == b"proof"
    fields = town("project", "history", "P", "--format", "json").json[-1]["fields"]
    assert fields["evidence"] == [{"name": "证明.pdf", "sha256": digest}]
    with Ledger.open(town.url) as ledger:
        fill(
            ledger,
            [
                of(
                    "ReviewHeld",
                    findings="正常",
                    evidence=[{"name": "别处.pdf", "sha256": "ab" * 32}],
                )
            ],
            keep=False,
        )
    sound = town("audit", "verify", "--format", "json")
    assert (
        sound.json["verdict"],
        sound.json["checked"]["evidence"],
        sound.json["checked"]["evidence_elsewhere"],
    ) == ("CONSISTENT", 1, 1)
    assert "not stored here: 1" in town("audit", "verify").out
    stored_file.write_bytes(b"forged")
    altered = town("audit", "verify", "--format", "json")
    assert (altered.code, [difference["rule"] for difference in altered.json["differences"]]) == (
        1,
        ["evidence_altered"],
    )
    assert "证明.pdf" in town("audit", "verify").err
    paper.write_bytes(b"proof")
    again = ("--reviewed-by", "乙", "--evidence", paper, "--note", "补")
    assert (
        town("sheets", "reopen", TASK, "--reason", "重办", "--occurred-on", "2024-04-03").code == 0
    )
    assert town("sheets", "clear", TASK, *act[2:6], *again, "--occurred-on", "2024-04-04").code == 0
    assert town("status", "--format", "json").json["evidence"] == str(tmp_path / "材料柜")
    assert (
        stored_file.read_bytes() == b"proof"
    )  # the forged file is replaced by the one with the digest


def test_only_a_file_that_stays_what_it_was_is_evidence(
    town: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(town, "2024-04-01")
    act = (
        "clear",
        TASK,
        "--result",
        "办结",
        "--submitted-by",
        "甲",
        "--reviewed-by",
        "乙",
        "--occurred-on",
        "2024-04-02",
        "--evidence",
    )
    if sys.platform != "win32":  # which has no pipes among files
        os.mkfifo(tmp_path / "管道")
        assert rejected_rule(town, *act, tmp_path / "管道") == "evidence_unreadable"
    paper = tmp_path / "证明.pdf"
    paper.write_bytes(b"first")
    add = EvidenceStore.add

    def add_another(store: EvidenceStore, file: Path) -> str:
        file.write_bytes(b"second")
        return add(store, file)

    monkeypatch.setattr(EvidenceStore, "add", add_another)
    assert rejected_rule(town, *act, paper) == "evidence_changed"


def test_lists_are_narrowed_and_fit_the_screen(town: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    issue(town, "2024-05-25")
    assert [
        row["action"]
        for row in town(
            "sheets", "due", "--as-of", "2024-06-24", "--kind", "预警", "--format", "json"
        ).json
    ] == ["warn"]
    listed = town(
        "sheets",
        "list",
        "--as-of",
        "2024-06-24",
        "--status",
        "未销号",
        "--project",
        "P",
        "--format",
        "csv",
    ).out
    assert (listed.count("\n"), "rectify_by" in listed) == (3, True)
    assert "整改期限" in town("sheets", "list", "--as-of", "2024-06-24").out
    assert (
        town(
            "sheets", "list", "--status", "supervised", "--as-of", "2024-06-24", "--format", "json"
        ).json[0]["number"]
        == "开招办交〔2024〕2号"
    )
    assert (
        town("sheets", "week", "--as-of", "2024-05-25", "--format", "csv").out.splitlines()[1]
        == f"{TOWN},3,0,0,2,1,0"
    )
    assert "暂估" not in town("deadlines", "--as-of", "2024-06-24").out


def test_deadlines_are_sorted_by_urgency_and_counted_by_unit(town: Cli) -> None:
    deadlines = town("deadlines", "--as-of", "2024-05-21", "--format", "json").json
    assert [(row["kind"], row["about"], row["level"], row["days_left"]) for row in deadlines] == [
        ("stalled", None, "red", -51),
        ("milestone", "signing", "red", -1),
        ("milestone", "land", "blue", 40),
    ]
    assert {(row["clause"], row["basis"]) for row in deadlines} == {
        ("意8", "assumption"),
        ("考(八)2", "policy"),
    }
    summary = town("deadlines", "--as-of", "2024-05-21", "--summary", "--format", "json").json
    assert summary == [{"unit": TOWN, "red": 2, "orange": 0, "yellow": 0, "blue": 1, "total": 3}]
    table = list(
        csv.reader(
            io.StringIO(
                town(
                    "deadlines",
                    "--as-of",
                    "2024-05-21",
                    "--kind",
                    "milestone",
                    "--level",
                    "red",
                    "--format",
                    "csv",
                ).out
            )
        )
    )
    assert table[0][:5] == ["kind", "project", "unit", "about", "due_on"]
    assert len(table) == 2
    assert "土地摘牌" in town("deadlines", "--as-of", "2024-05-21", "--unit", TOWN).out


def _clerk(url: str, code: str) -> None:
    with Ledger.open(url) as ledger:
        for action in ISSUED_BY_RULE:
            request = IssueRequest((action,), day=date(2024, 5, 25), project=code)
            issue_sheets(ledger, request, Author(code))


def test_eight_clerks_at_once_leave_no_gap_and_repeat_no_number(cli: Cli) -> None:
    codes = [f"Q{number}" for number in range(8)]
    milestones = [
        {"stage": stage, "due_on": f"2024-05-{day}"}
        for stage, day in (("signing", 20), ("land", 21), ("filing", 28))
    ]
    with Ledger.open(cli.url) as ledger:
        for code in codes:
            fill(
                ledger,
                [reported(code), of("ScheduleSet", "2024-03-01", code, milestones=milestones)],
                keep=False,
            )
    clerks = [multiprocessing.Process(target=_clerk, args=(cli.url, code)) for code in codes]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join(60)
    assert [clerk.exitcode for clerk in clerks] == [0] * 8
    counters: dict[str, list[int]] = {}
    for code in codes:
        for item in cli("project", "history", code, "--format", "json").json:
            number = json.loads(json.dumps(item["fields"])).get("number")
            if number:
                counters.setdefault(number[3], []).append(
                    int(number.partition("〕")[2].removesuffix("号"))
                )
    assert {sign: sorted(numbers) for sign, numbers in counters.items()} == {
        "交": list(range(1, 25)),
        "警": list(range(1, 9)),
        "督": list(range(1, 17)),
    }


# At a terminal ------------------------------------------------------------------------------------


@pytest.mark.parametrize("store_kind", ["sqlite"])
def test_a_clerk_sees_each_sheet_before_it_is_issued(town: Cli) -> None:
    clerk = Terminal(
        "--db", town.url, "sheets", "issue", "--occurred-on", "2024-05-25", LIFECYCLE_LANG="zh_CN"
    )
    clerk.sees("期限已过的交办任务：1 件")
    clerk.sees("重新确定期限")
    clerk.types("\n")
    clerk.sees("待签发 3 件")
    clerk.types("x\n")
    clerk.sees("逐件审看")
    clerk.types("e\n")
    clerk.sees("土地摘牌")
    clerk.sees("签发这一件")
    clerk.types("n\n")
    clerk.sees("推进“项目P”正式签约")
    clerk.sees("签发这一件")
    clerk.types("y\n")
    clerk.sees("问题督办单")
    clerk.sees("整改期限")
    clerk.sees("签发这一件")
    clerk.types("y\n")
    clerk.sees("已签发 2 件")
    assert clerk.ends() == 0
    assert [(row["number"], row["stage"], row["status"]) for row in rows(town)] == [
        (TASK, "signing", "supervised")
    ]
    before = town.events
    again = Terminal(
        "--db", town.url, "sheets", "issue", "--occurred-on", "2024-05-25", LIFECYCLE_LANG="zh_CN"
    )
    again.sees("逐件审看")
    again.types("q\n")
    again.sees("未录入")
    assert (again.ends(), town.events) == (1, before)
    everything = Terminal(
        "--db", town.url, "sheets", "issue", "--occurred-on", "2024-05-25", LIFECYCLE_LANG="zh_CN"
    )
    everything.sees("逐件审看")
    everything.types("a\n")
    everything.sees("已签发 1 件")
    assert everything.ends() == 0


@pytest.mark.parametrize("store_kind", ["sqlite"])
def test_a_clerk_clears_a_task_with_chinese_typed_in(town: Cli, tmp_path: Path) -> None:
    issue(town, "2024-04-01")
    paper = tmp_path / "协议.pdf"
    paper.write_bytes(b"proof")
    clerk = Terminal(
        "--db",
        town.url,
        "sheets",
        "clear",
        "2024-1",
        "--occurred-on",
        "2024-04-02",
        LIFECYCLE_LANG="zh_CN",
    )
    clerk.sees("推进“项目P”正式签约")
    clerk.sees("尚未录入")
    for place, answer in (
        ("结果", "已签约"),
        ("提交人", "张三"),
        ("审核人", "张三"),
        ("依据文号", ""),
        ("备注", ""),
        ("佐证材料", f"{paper}"),
        ("还有其他文件", ""),
    ):
        clerk.sees(place)
        clerk.types(f"{answer}\n")
    clerk.sees("不得为同一人")
    clerk.sees("审核人")
    clerk.types("李四\n")
    clerk.sees("确认录入")
    clerk.types("y\n")
    clerk.sees("开招办销〔2024〕1号")
    assert clerk.ends() == 0
    assert rows(town)[0]["status"] == "cleared"


@pytest.mark.parametrize("store_kind", ["sqlite"])
def test_a_task_that_would_be_overdue_is_issued_with_a_new_day(town: Cli) -> None:
    clerk = Terminal(
        "--db", town.url, "sheets", "issue", "--occurred-on", "2024-05-25", LIFECYCLE_LANG="zh_CN"
    )
    clerk.sees("重新确定期限")
    clerk.types("5月30日\n")
    clerk.sees("不是日期")
    clerk.types("2024-05-25\n")
    clerk.sees("未晚于签发日")
    clerk.types("2024-06-10\n")
    clerk.sees("逐件审看")
    clerk.types("a\n")
    assert clerk.ends() == 0
    signing = next(row for row in rows(town) if row["stage"] == "signing")
    # Supervised at once it would have been, had it kept the milestone's day.
    assert (signing["due_on"], signing["supervised_on"]) == ("2024-06-10", None)


def test_a_script_gives_the_new_day_by_an_option(town: Cli) -> None:
    day = ("--occurred-on", "2024-05-25")
    answer = town("sheets", "issue", *day, "--due-on", "2024-05-25")
    assert (answer.code, "is not after the day of issue" in answer.err) == (1, True)
    answer = town("sheets", "issue", *day, "--due-on", "2024-06-10", "--format", "json")
    assert answer.code == 0, answer.err
    days = {row["stage"]: row["due_on"] for row in answer.json if row["action"] == "assign"}
    assert days["signing"] == "2024-06-10"
