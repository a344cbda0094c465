"""Mistakes: they are listed, shown old and new, taken back, and corrected from a changed row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from commands.cli.shared.machine_login import machine_login
from commands.cli.shared.shell_words import shell_quoted
from commands.intake.replacement_texts import read_replacement, replacement_text
from commands.words.history_words import row_fields_text
from lifecycle.ledger.store import Ledger
from tests.commands.cli.test_record import Terminal
from tests.commands.conftest import Cli
from tests.given import of
from tests.ledgers import fill

VISIT = ("--occurred-on", "2024-02-01", "--activity", "赴杭", "--led-by-head", "否")
WORDS = ("--reason", "误录", "--approved-by", "余敏")


def history(cli: Cli, project: str = "P") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = cli("project", "history", project, "--format", "json").json
    return rows


def login_of(cli: Cli) -> str:
    """Return the login by which the tests record: a database's, else the machine's."""
    with Ledger.open(cli.url) as ledger:
        return ledger.database_login() or machine_login()


@pytest.fixture
def reporting(cli: Cli) -> Cli:
    """The given project in statistics with a figure of 0."""
    with Ledger.open(cli.url) as ledger:
        records = [
            of("StatisticsEntered", "2024-02-10"),
            of("InvestmentReported", None, month="2024-03", fixed_assets="0"),
        ]
        fill(ledger, records, keep=False)
    return cli


# correct ------------------------------------------------------------------------------------------


def test_events_of_a_unit_and_of_the_county_are_listed_with_their_versions(cli: Cli) -> None:
    assert cli("record", "ActivityHeld", "--unit", "华埠镇", *VISIT).code == 0
    meeting = ("--occurred-on", "2024-02-02", "--meeting", "月会商", "--decisions", "无")
    assert cli("record", "MeetingHeld", *meeting).code == 0
    answer = cli("correct", "华埠")
    assert answer.code == 0
    assert "单位登记" in answer.out
    assert "活动组织" in answer.out
    assert "月会商" in cli("correct", "county").out
    assert "月会商" in cli("correct", "县").out
    assert "项目信息" in cli("correct", "P").out


def test_zero_and_no_are_shown_in_histories(reporting: Cli) -> None:
    assert reporting("record", "ActivityHeld", "--unit", "华埠镇", *VISIT).code == 0
    figure, visit = reporting("log", "-n", "2", "--format", "json").json[::-1]
    assert row_fields_text(figure).startswith("月份 2024-03；当月固定资产投资 0 万元")
    assert row_fields_text(visit) == "活动名称 赴杭；主要领导带队 否"


def test_old_and_new_are_confirmed_also_where_all_was_typed(reporting: Cli) -> None:
    typed = ("correct", "P", "3", "fixed_assets=5", *WORDS)
    clerk = Terminal("--db", reporting.url, *typed, LIFECYCLE_LANG="zh_CN")
    clerk.sees("当月固定资产投资  0 万元 → 5 万元")
    clerk.sees("确认录入")
    clerk.types("n\n")
    assert clerk.ends() == 1
    assert len(history(reporting)) == 3
    clerk = Terminal("--db", reporting.url, *typed, "--yes", LIFECYCLE_LANG="zh_CN")
    clerk.sees("已录入 P#4")
    assert clerk.ends() == 0


def test_an_event_is_picked_from_the_list(reporting: Cli) -> None:
    clerk = Terminal("--db", reporting.url, "correct", "P", "--void", LIFECYCLE_LANG="zh_CN")
    clerk.sees("更正哪一条")
    clerk.types("9\n")
    clerk.sees("1至3")
    clerk.types("3\n")
    clerk.sees("理由")
    clerk.types("误录\n")
    clerk.sees("批准人")
    clerk.types("余敏\n")
    clerk.sees("作废")
    clerk.types("\n")
    clerk.sees("已录入 P#4")
    assert clerk.ends() == 0


# undo ---------------------------------------------------------------------------------------------


def test_undo_takes_back_one_record_after_another(cli: Cli) -> None:
    for day in ("2024-02-01", "2024-02-02"):
        visit = ("--occurred-on", day, "--activity", "赴杭", "--led-by-head", "是")
        assert cli("record", "ActivityHeld", "--unit", "华埠镇", *visit).code == 0
    assert cli("undo").code == 2
    later = cli("undo", "--yes")
    earlier = cli("undo", "--yes")
    assert (later.code, earlier.code) == (0, 0)
    # Nobody has chosen the event: each call says which one it took back.
    assert "华埠镇#3 Activity held 活动组织 2024-02-02" in later.err
    assert "华埠镇#2 Activity held 活动组织 2024-02-01" in earlier.err
    rows = cli("log", "--unit", "华埠镇", "--format", "json").json
    assert [row["version"] for row in rows] == [5, 4, 3, 2, 1]
    assert [row["fields"].get("corrects") for row in rows] == [2, 3, None, None, None]
    assert rows[0]["fields"]["approved_by"] == login_of(cli)
    answer = cli("undo", "--yes")
    assert (answer.code, "[nothing_to_undo]" in answer.err) == (1, True)


def test_undo_of_a_correction_restores_what_it_changed(reporting: Cli) -> None:
    assert reporting("correct", "P", "3", "fixed_assets=5", *WORDS).code == 0
    clerk = Terminal("--db", reporting.url, "undo", LIFECYCLE_LANG="zh_CN")
    clerk.sees("P#4 更正")
    clerk.sees("确认录入")
    clerk.types("y\n")
    assert clerk.ends() == 0
    assert "更正已撤销" in reporting("project", "history", "P").out


@pytest.mark.parametrize("store_kind", ["sqlite"])
def test_undo_says_that_a_later_import_is_not_what_it_takes_back(cli: Cli, tmp_path: Path) -> None:
    assert cli("record", "ActivityHeld", "--unit", "华埠镇", *VISIT).code == 0
    assert "imported since" not in cli("undo", "--yes").err
    assert cli("record", "ActivityHeld", "--unit", "华埠镇", *VISIT).code == 0
    lines = tmp_path / "visits.csv"
    lines.write_text(
        "event,unit,occurred_on,activity,led_by_head\nActivityHeld,华埠镇,2024-02-03,赴沪,true\n",
        encoding="utf-8",
    )
    imported = cli("import", lines)
    assert imported.code == 0, imported.err
    answer = cli("undo", "--yes")
    assert "赴杭" in answer.err
    assert "1 events that you imported since are not taken back" in answer.err
    nothing = cli("undo", "--yes")
    assert nothing.code == 1
    assert "1 events that you imported since" in nothing.err


@pytest.mark.parametrize("store_kind", ["sqlite"])
def test_undo_leaves_what_others_recorded(cli: Cli) -> None:
    # The fixture's events are another clerk's; on PostgreSQL every event is the login's.
    answer = cli("undo", "--yes")
    assert (answer.code, login_of(cli) in answer.err) == (1, True)


def form_of_three_nodes(cli: Cli) -> None:
    """Record a report, a consultation and a signing in one form."""
    clerk = Terminal("--db", cli.url, "record", "项目", "N-1", LIFECYCLE_LANG="zh_CN")
    for question, text in (
        ("首报单位 *", "华埠"),
        ("报送时间 *", "20240301 9:00"),
        ("项目名称 *", "硅料二期"),
        ("投资方 *", "丙公司"),
        ("产业类别 *", "1"),
        ("项目性质 *", "1"),
        ("计划总投资 (万元) *", "12000"),
        ("计划固定资产投资 (万元) *", "9000"),
        ("县外投资比例 *", "100%"),
        ("决策咨询  发生日期", "20240315"),
        ("咨询结论 *", "1"),
        ("正式签约  发生日期", "20240320"),
        ("协议总投资 (万元) *", "12000"),
        ("协议固定资产投资 (万元) *", "9000"),
        ("土地摘牌  发生日期", ""),
        ("项目备案  发生日期", ""),
        ("统计入库  发生日期", ""),
        ("其他内容", ""),
        ("确认录入", ""),
    ):
        clerk.sees(question)
        clerk.sees(": ")
        clerk.types(f"{text}\n")
    clerk.sees("已录入 N-1#3")
    assert clerk.ends() == 0


def test_undo_takes_back_a_form_with_all_its_events(cli: Cli, tmp_path: Path) -> None:
    assert cli("record", "ActivityHeld", "--unit", "华埠镇", *VISIT).code == 0
    form_of_three_nodes(cli)
    receipts = tmp_path / "undo.receipts"
    clerk = Terminal("--db", cli.url, "undo", "--receipt", str(receipts), LIFECYCLE_LANG="zh_CN")
    clerk.sees("撤销一并录入的 3 条：")
    for line in ("N-1#1 项目信息 2024-03-01", "N-1#2 决策咨询", "N-1#3 正式签约", "确认录入"):
        clerk.sees(line)
    clerk.types("y\n")
    assert clerk.ends() == 0
    # A later node needs the earlier ones, so the last is voided first.
    voids = cli("project", "history", "N-1", "--format", "json").json[3:]
    assert [row["fields"]["corrects"] for row in voids] == [3, 2, 1]
    assert [row["project"] for row in cli("project", "list", "--format", "json").json] == ["P"]
    assert "receipts: 3 checked" in cli("audit", "verify", "--receipt", receipts).out
    # The next one is the entry before the form.
    assert "华埠镇#2 Activity held" in cli("undo", "--yes").err


def test_what_a_form_has_left_is_taken_back(cli: Cli) -> None:
    form_of_three_nodes(cli)
    assert cli("correct", "N-1", "3", "--void", *WORDS, "--yes").code == 0
    # The void is the last entry but one of the clerk's own events, and is passed over with it.
    answer = cli("undo", "--yes")
    assert (answer.code, "Take back 2 events" in answer.err) == (0, True)
    assert cli("undo", "--yes").code == 1


@pytest.mark.parametrize("store_kind", ["sqlite"])
def test_a_form_with_a_node_that_others_need_is_left_whole(cli: Cli) -> None:
    form_of_three_nodes(cli)
    # Another clerk's event; on PostgreSQL every event is the login's.
    with Ledger.open(cli.url) as ledger:
        amendment = of("AgreementAmended", "2024-04-01", "N-1", contract_investment="13000")
        fill(ledger, [amendment], keep=False)
    assert cli("undo", "--yes").code == 1
    assert len(history(cli, "N-1")) == 4


def test_a_moved_project_is_moved_back_and_not_taken_back_in_part(cli: Cli) -> None:
    form_of_three_nodes(cli)
    assert cli("project", "move", "N-1", "N-2", *WORDS, "--yes").code == 0
    before = cli.events
    answer = cli("undo", "--yes")
    assert (answer.code, cli.events) == (1, before)
    assert "lifecycle project move N-2 N-1" in answer.err
    assert "[undo_move]" in answer.err


def test_whoever_names_the_old_code_is_told_the_new(cli: Cli) -> None:
    form_of_three_nodes(cli)
    assert cli("project", "move", "N-1", "N-2", *WORDS, "--yes").code == 0
    assert cli("project", "move", "N-2", "N-3", *WORDS, "--yes").code == 0
    follow_up = ("跟进", "--occurred-on", "2024-05-01", "--content", "回访")
    for command in (
        ("project", "show", "N-1"),
        ("explain", "N-1", "--year", "2024"),
        ("report", "information", "N-1"),
        ("project", "contact", "set", "N-1", "--person", "王工"),
        ("resources", "match", "N-1"),
    ):
        answer = cli(*command)
        assert answer.code == 1, command
        assert "was moved to N-3" in answer.err, command
    answer = cli("record", *follow_up, "--project", "N-1")
    assert answer.code == 1
    assert "was moved to N-2" in answer.err
    assert cli("project", "show", "N-3").code == 0


# log ----------------------------------------------------------------------------------------------


def test_lists_show_of_a_whole_document_its_beginning(cli: Cli) -> None:
    assert cli("rulebook", "adopt", "kaihua-2024").code == 0
    for command in (("log", "-n", "1"), ("correct", "county")):
        table = cli(*command).out
        assert "kaihua-2024" in table
        assert "…" in table
        assert len(table) < 4_000
    (row,) = cli("log", "-n", "1", "--format", "json").json
    assert len(row["fields"]["content"]) > 4_000


def test_the_log_shows_the_last_entries_by_whom(reporting: Cli) -> None:
    assert reporting("record", "ActivityHeld", "--unit", "华埠镇", *VISIT).code == 0
    rows = reporting("log", "-n", "2", "--format", "json").json
    assert [(row["subject"], row["event"]) for row in rows] == [
        ("华埠镇", "ActivityHeld"),
        ("P", "InvestmentReported"),
    ]
    own = reporting("log", "--by", login_of(reporting), "--format", "json").json
    assert own[0]["event"] == "ActivityHeld"
    reports = reporting("log", "--event", "投资出数", "--project", "P", "--format", "json").json
    assert [row["version"] for row in reports] == [3]
    assert reporting("log", "--since", "2024-01-01").out
    assert "华埠镇" in reporting("log").out


@pytest.mark.parametrize(
    ("option", "value", "rule"),
    [
        ("--by", "无此人", "unknown_login"),
        ("--unit", "无此镇", "unknown_unit"),
        ("--project", "无此项目", "unknown_project"),
        ("--event", "无此事件", "unknown_event"),
    ],
)
def test_a_filter_that_names_nothing_is_an_error(
    cli: Cli, option: str, value: str, rule: str
) -> None:
    answer = cli("log", option, value)
    assert (answer.code, f"[{rule}]" in answer.err) == (1, True)


# The workbook -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "replacement"),
    [
        ("作废", None),
        ("fixed_assets=5", {"fixed_assets": "5"}),
        ("当月固定资产投资＝1.5亿；备注=", {"fixed_assets": "15000", "note": None}),
        ("发生日期=2024年3月5日\n产业链=光伏半导体、卡牌", None),
        ('{"note": "a；b"}', {"note": "a；b"}),
        ("没有等号", "没有等号"),
        ("note=1；备注=2", "note=1；备注=2"),
    ],
)
def test_a_correction_is_typed_as_field_and_value(typed: str, replacement: object) -> None:
    read = read_replacement(typed)
    if typed.startswith("发生"):
        assert isinstance(read, dict)
        assert read["occurred_on"] == "2024-03-05"
        assert len(read["chains"]) == 2
        replacement = read
    assert read == replacement
    if read is None or isinstance(read, dict):
        assert read_replacement(replacement_text(read)) == read


def test_a_changed_row_becomes_a_ready_made_correction(reporting: Cli, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(
        "事件,项目编号,月份,当月固定资产投资\n投资出数,P,2024-03,7\n投资出数,P,2024-04,8\n",
        encoding="utf-8-sig",
    )
    answer = reporting("import", file, "--dry-run")
    assert "0 万元 → 7 万元" in answer.err
    assert f"lifecycle correct P 3 {shell_quoted('fixed_assets=7')}" in answer.err
    entry = reporting("import", file, "--format", "json").json["refused"][0]
    assert entry["correction"] == {
        "stream": "P",
        "version": 3,
        "before": {"fixed_assets": "0"},
        "replacement": {"fixed_assets": "7"},
    }
    answer = reporting("import", file, "--partial")
    assert (answer.code, "recorded 1" in answer.out) == (1, True)
    book = openpyxl.load_workbook(tmp_path / "rows.refused.xlsx")
    sheet = book["更正"]
    headings = [cell.value for cell in sheet[1]]
    cells = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert cells["更正内容"] == "当月固定资产投资=7"
    assert cells["更正版本"] == "3"
    # The clerk adds the reason and who approved it, and imports the workbook.
    sheet.cell(2, headings.index("理由") + 1, "报表更正")
    sheet.cell(2, headings.index("批准人") + 1, "余敏")
    book.save(tmp_path / "mended.xlsx")
    answer = reporting("import", tmp_path / "mended.xlsx")
    assert (answer.code, "recorded 1" in answer.out) == (0, True), answer.err
    history = reporting("project", "history", "P", "--format", "json").json
    assert "0 万元 → 7 万元" in history[2]["corrected"]


def test_a_changed_report_and_registration_are_corrections_too(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(
        "event,unit,occurred_on,sequence,category\nUnitRegistered,华埠镇,2024-01-02,乡镇,township\n",
        encoding="utf-8-sig",
    )
    answer = cli("import", file)
    assert answer.code == 1
    assert f"1 {shell_quoted('occurred_on=2024-01-02')}" in answer.err
