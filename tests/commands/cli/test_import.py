"""Importing files: three formats, all or nothing, rejected rows returned, the same file twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from commands.demo.county_records import records
from commands.intake.ledger_workbook_writer import write_records
from commands.intake.record_files import rows_of_file
from commands.intake.workbook_cells import may_have_lost_digits
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.given import REPORTED, of, reported
from tests.platforms import not_on_windows

PASSED = of("ConsultationHeld", "2024-02-01", outcome="passed")
BAD = [
    {**reported("Q"), "planned_investment": 1.5},
    of("AgreementSigned", "2024-03-01", "none", contract_investment="1", contract_fixed_assets="1"),
    of("StatisticsEntered", "2024-03-01", colour="red"),
]


def jsonl(path: Path, lines: list[Any]) -> Path:
    path.write_text(
        "\n".join(
            line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
            for line in lines
        )
        + "\n",
        encoding="utf-8",
    )
    return path


def test_a_file_is_recorded_once_however_often_it_is_imported(cli: Cli, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", [PASSED, "", of("StatisticsEntered", "2024-03-01")])
    assert "recorded 2, already recorded 0, rejected 0" in cli("import", file).out
    assert "recorded 0, already recorded 2, rejected 0" in cli("import", file).out
    assert cli.events == 6


def test_one_rejected_row_stops_the_import_and_names_line_field_and_rule(
    cli: Cli, tmp_path: Path
) -> None:
    answer = cli("import", jsonl(tmp_path / "a.jsonl", [PASSED, *BAD, "{broken", "[1]"]))
    assert (answer.code, cli.events) == (1, 4)
    assert [line.split(":")[0] for line in answer.err.strip().splitlines()] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
        "line 6",
    ]
    assert "number_text" in answer.err
    assert "nothing was recorded" in answer.out


def test_json_lists_the_rejected_rows(cli: Cli, tmp_path: Path) -> None:
    answer = cli("import", jsonl(tmp_path / "a.jsonl", [PASSED, *BAD]), "--format", "json")
    assert answer.code == 1
    assert (answer.json["recorded"], answer.json["already_recorded"]) == (0, 0)
    assert [(row["line"], row["rule"]) for row in answer.json["refused"]] == [
        (2, "number_text"),
        (3, "no_information"),
        (4, "unknown_field"),
    ]
    assert all(row["message"] for row in answer.json["refused"])


def test_partial_records_the_rest_and_returns_the_rejected_rows(cli: Cli, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", [PASSED, *BAD, "{broken"])
    answer = cli("import", file, "--partial")
    assert (answer.code, cli.events) == (1, 5)
    book = openpyxl.load_workbook(tmp_path / "a.refused.xlsx")
    sheet = book["项目信息"]
    assert [cell.value for cell in sheet[1]][-1] == "原因"
    assert "exact" in str(sheet.cell(2, sheet.max_column).value)
    assert book["无法识别"].cell(2, 2).value == "{broken"
    # Once corrected in the workbook, the row is accepted.
    heading = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heading["计划总投资"]).value = "1.5"
    for name in book.sheetnames:
        if name not in ("项目信息", "词表"):
            del book[name]
    book.save(tmp_path / "mended.xlsx")
    assert "recorded 1, already" in cli("import", tmp_path / "mended.xlsx").out


def test_a_dry_run_records_nothing(cli: Cli, tmp_path: Path) -> None:
    answer = cli("import", jsonl(tmp_path / "a.jsonl", [PASSED]), "--dry-run")
    assert (answer.code, cli.events) == (0, 4)
    assert "would record 1" in answer.out
    assert cli("import", tmp_path / "a.jsonl", "--dry-run", "--partial").code == 0


def test_record_times_are_ignored_unless_requested(cli: Cli, tmp_path: Path) -> None:
    file = jsonl(
        tmp_path / "a.jsonl",
        [{**PASSED, "recorded_at": "2024-02-01T09:00:00+08:00", "recorded_by": "老台账"}],
    )
    rejected_import = cli("import", file, "--keep-recorded-at")
    assert (rejected_import.code, "recorded_at_order" in rejected_import.err) == (1, True)
    answer = cli("import", file)
    assert (answer.code, "recording times" in answer.err) == (0, True)
    row = cli("project", "history", "P", "--format", "json").json[1]
    assert (row["recorded_by"], row["migrated_at"]) == ("老台账", None)


def test_the_county_survives_a_workbook_unchanged(tmp_path: Path) -> None:
    county_records = records()
    write_records(tmp_path / "l.xlsx", county_records)
    lines = list(rows_of_file(tmp_path / "l.xlsx"))
    assert [read_record(line.record).event for line in lines] == [
        read_record(record).event for record in county_records
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_takes_chinese_headings_and_the_encodings_of_offices(
    cli: Cli, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "事件,项目编号,发生日期,咨询结论,备注\n决策咨询,P,2024-02-01,通过,\nReviewHeld,P,2024-03-01,,\n",
        encoding=encoding,
    )
    answer = cli("import", file)
    assert answer.code == 1
    assert "Findings 情况 (findings)" in answer.err
    file.write_text(
        "事件,项目编号,发生日期,咨询结论,备注\n决策咨询,P,2024-02-01,通过,=1+1\n", encoding=encoding
    )
    assert cli("import", file).code == 0
    history = cli("project", "history", "P", "--format", "json").json
    assert history[1]["fields"]["note"] == "=1+1"


def test_cells_of_every_kind_are_read_exactly(cli: Cli, tmp_path: Path) -> None:
    from datetime import date

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("正式签约")
        sheet.write_row(0, 0, ["项目编号", "发生日期", "协议总投资", "协议固定资产投资"])
        sheet.write_string(1, 0, "P")
        sheet.write_datetime(1, 1, date(2024, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(1, 2, 120000)
        sheet.write_number(1, 3, 96000.1)
        blank = book.add_worksheet("随手记")
        blank.hide()
    assert cli("import", tmp_path / "a.xlsx").code == 0
    fields = cli("project", "history", "P", "--format", "json").json[1]["fields"]
    assert fields == {"contract_investment": "120000", "contract_fixed_assets": "96000.1"}


def workbook(path: Path, sheet: str, headings: list[str], *rows: list[Any]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(sheet)
        for line, cells in enumerate([headings, *rows]):
            for column, value in enumerate(cells):
                page.write(line, column, value)
    return path


SIGNED = ["项目编号", "发生日期", "协议总投资", "协议固定资产投资"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (120000, "120000"),
        (96000.1, "96000.1"),
        (0.00001, "0.00001"),
        (123456789.123456, "123456789.123456"),
    ],
)
def test_a_cell_holds_the_number_as_typed(
    cli: Cli, tmp_path: Path, typed: float, stored: str
) -> None:
    file = workbook(tmp_path / "a.xlsx", "正式签约", SIGNED, ["P", "2024-03-01", typed, "0.000001"])
    assert cli("import", file).code == 0
    assert (
        cli("project", "history", "P", "--format", "json").json[1]["fields"]["contract_investment"]
        == stored
    )


@pytest.mark.parametrize("eaten", [1234567890123456, 913308240000000000])
def test_a_number_that_excel_may_have_truncated_is_rejected(
    cli: Cli, tmp_path: Path, eaten: float
) -> None:
    file = workbook(
        tmp_path / "a.xlsx", "正式签约", [*SIGNED, "依据文号"], ["P", "2024-03-01", "1", "1", eaten]
    )
    answer = cli("import", file)
    assert (answer.code, "digits_lost" in answer.err, "依据文号" in answer.err, cli.events) == (
        1,
        True,
        True,
        4,
    )


def test_float_artefacts_of_a_formula_are_not_taken_for_typed_digits() -> None:
    assert may_have_lost_digits(0.1 + 0.2)
    assert not may_have_lost_digits(0.3)
    assert not may_have_lost_digits(True)


def test_cells_without_a_heading_are_reported(cli: Cli, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx", "正式签约", SIGNED, ["P", "2024-03-01", "1", "1", "另有说明"]
    )
    answer = cli("import", file)
    assert (answer.code, "另有说明" in answer.err) == (1, True)
    (tmp_path / "a.csv").write_text(
        "事件,项目编号,发生日期,情况\n回头看,P,2024-03-01,正常,已整改\n", encoding="utf-8"
    )
    answer = cli("import", tmp_path / "a.csv")
    assert (answer.code, "已整改" in answer.err, cli.events) == (1, True, 4)


def test_a_duplicate_heading_is_rejected(cli: Cli, tmp_path: Path) -> None:
    assert (
        "项目编号"
        in cli("import", workbook(tmp_path / "a.xlsx", "正式签约", [*SIGNED, "项目编号"])).err
    )
    (tmp_path / "a.csv").write_text("事件,项目编号,项目编号\n", encoding="utf-8")
    assert cli("import", tmp_path / "a.csv").code == 3


def test_rejected_rows_are_returned_unchanged_and_overwrite_no_file(
    cli: Cli, tmp_path: Path
) -> None:
    wrong = [
        of(
            "ScheduleSet",
            "2024-03-01",
            milestones=[{"stage": "lunch", "due_on": "2024-05-01"}, "x"],
        ),
        of("ReviewHeld", "2024-03-01", findings="正常", evidence=["x.pdf"]),
        of("FactCorrected", "2024-03-01", corrects=1, reason="误录", approved_by="余敏"),
        {**PASSED, "outcome": "通"},
    ]
    file = jsonl(tmp_path / "a.jsonl", wrong)
    assert cli("import", file, "--partial").code == 1
    book = openpyxl.load_workbook(tmp_path / "a.refused.xlsx")
    rows = {
        sheet.title: dict(
            zip(*([cell.value for cell in row] for row in sheet.iter_rows(max_row=2)), strict=True)
        )
        for sheet in book
        if sheet.title != "词表"
    }
    assert "lunch" in str(rows["倒排计划"]["节点计划"])
    assert "x.pdf" in str(rows["回头看"]["佐证材料"])
    assert rows["更正"]["更正内容"] is None  # not a void
    assert [rows[name]["序号"] for name in ("倒排计划", "回头看", "更正", "决策咨询")] == [
        "1",
        "2",
        "3",
        "4",
    ]
    before = (tmp_path / "a.refused.xlsx").read_bytes()
    assert "a.refused-2.xlsx" in cli("import", file, "--partial").out
    assert (tmp_path / "a.refused.xlsx").read_bytes() == before


def test_jsonl_in_another_encoding_is_reported_as_such(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        json.dumps(of("ReviewHeld", findings="正常"), ensure_ascii=False).encode("gb18030")
    )
    answer = cli("import", tmp_path / "a.jsonl")
    assert (answer.code, "UTF-8" in answer.err, cli.events) == (1, True, 4)


def test_a_workbook_that_was_damaged_exits_with_three(cli: Cli, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", "正式签约", SIGNED, ["P", "2024-03-01", "1", "1"])
    whole = file.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", whole[:100] + b"\0" * 400 + whole[500:]):
        file.write_bytes(damaged)
        answer = cli("import", file)
        assert (answer.code, "a.xlsx" in answer.err, cli.events) == (3, True, 4)


def test_notes_beyond_the_first_are_counted(cli: Cli, tmp_path: Path) -> None:
    file = jsonl(
        tmp_path / "a.jsonl",
        [
            reported(f"K{number:02d}", name=f"年产十万套精密器件扩建项目{number:02d}")
            for number in range(30)
        ],
    )
    answer = cli("import", file)
    assert answer.code == 0
    assert "more notes" in answer.err


def test_unknown_sheets_and_headings_are_named(cli: Cli, tmp_path: Path) -> None:
    for name, headings in (("签约", ["项目编号"]), ("正式签约", ["项目编号", "协议总投资额"])):
        with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
            book.add_worksheet(name).write_row(0, 0, headings)
        answer = cli("import", tmp_path / "a.xlsx")
        assert answer.code == 1
        assert name in answer.err
        assert "正式签约" in answer.err  # the nearest


def test_the_template_is_read_back_empty_and_never_written_over(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    assert cli("template", file).code == 0
    assert "recorded 0" in cli("import", file).out
    assert cli("template", file).code == 1
    assert cli("template", tmp_path / "t.xls").code == 1
    book = openpyxl.load_workbook(file)
    assert {"项目信息", "正式签约", "任务交办单", "更正"} <= set(book.sheetnames)
    assert book["词表"].sheet_state == "hidden"
    assert book["决策咨询"].data_validations.dataValidation
    comments = [cell.comment.text for cell in book["正式签约"][1] if cell.comment]
    assert any("2024-03-12" in comment for comment in comments)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"x"),
        ("a.xlsx", b"no workbook"),
        ("a.csv", b"\xff\xfe\x00\x81"),
        ("a.csv", b"colour,size\n1,2\n"),
        ("a.csv", b'event,project\n"ConsultationHeld,P\n'),
    ],
)
def test_a_file_of_another_format_exits_with_three(
    cli: Cli, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    answer = cli("import", tmp_path / name)
    assert (answer.code, cli.events) == (3, 4)
    assert name in answer.err


def test_a_missing_file_exits_with_three(cli: Cli, tmp_path: Path) -> None:
    answer = cli("import", tmp_path / "none.jsonl")
    assert (answer.code, "none.jsonl" in answer.err) == (3, True)
    assert cli("import", tmp_path).code == 3


def test_empty_files_record_nothing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"")
    assert cli("import", tmp_path / "a.jsonl").code == 0


_MANY = """
import resource, sys
from commands.cli.main import run
code = run(["--db", sys.argv[1], "import", sys.argv[2]])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@not_on_windows("limits of memory are read by POSIX's getrusage")
def test_a_long_file_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    from benchmarks.history import records as many

    used = []
    for count in (2_000, 12_000):
        url = f"sqlite:///{tmp_path / f'{count}.db'}"
        with Ledger.open(url, create=True):
            pass
        file = jsonl(tmp_path / f"{count}.jsonl", list(many(count)))
        process = subprocess.run(
            [sys.executable, "-c", _MANY, url, str(file)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        )
        code, peak = process.stdout.split()[-2:]
        assert code == "0", process.stderr
        used.append(int(peak))
    assert used[1] < 1.5 * used[0]


def test_the_first_lines_are_shown_and_the_others_counted(cli: Cli, tmp_path: Path) -> None:
    records = [{**PASSED, "outcome": f"x{number}"} for number in range(45)]
    answer = cli("import", jsonl(tmp_path / "a.jsonl", records))
    assert answer.err.strip().splitlines()[-1].startswith("… and 5 more")


def test_rows_that_are_wrong_alike_stand_on_one_line(cli: Cli, tmp_path: Path) -> None:
    wrong = [{**PASSED, "outcome": "x"}] * 3
    other = {**PASSED, "outcome": "y"}
    answer = cli("import", jsonl(tmp_path / "a.jsonl", [*wrong, other, *wrong[:1]]))
    lines = answer.err.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("4 lines (1-3, 5): ")
    assert '"x": must be one of' in lines[0]
    assert lines[1].startswith("line 4: ")
    # A program gets each row.
    refused = cli("import", tmp_path / "a.jsonl", "--format", "json").json["refused"]
    assert [row["line"] for row in refused] == [1, 2, 3, 4, 5]


def test_units_of_the_fixture_are_there(cli: Cli) -> None:
    assert cli.events == len(REPORTED)


def test_receipts_are_appended_to_a_file_and_prove_their_events(cli: Cli, tmp_path: Path) -> None:
    many, single = tmp_path / "many.json", tmp_path / "one.json"
    assert (
        cli(
            "import",
            jsonl(tmp_path / "a.jsonl", [PASSED, of("StatisticsEntered", "2024-03-01")]),
            "--receipt",
            many,
        ).code
        == 0
    )
    assert (
        cli(
            "record",
            "ReviewHeld",
            "--project",
            "P",
            "--occurred-on",
            "2024-07-01",
            "--findings",
            "x",
            "--receipt",
            single,
        ).code
        == 0
    )
    assert [entry["event"] for entry in json.loads(many.read_bytes())["events"]] == ["P#2", "P#3"]
    assert cli("audit", "receipt", many, single).code == 0
    # Nobody signed the receipts of a store without a key: they agree and vouch for nothing.
    verified = cli("audit", "verify", "--receipt", single)
    assert "receipts: 1 checked" in verified.out
    assert "DIFFERS" not in verified.out + verified.err
