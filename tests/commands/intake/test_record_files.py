"""Each kind of file yields the same records, each with its place."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from commands.intake.axis_texts import MistypedAxis, read_day, read_moment, read_month
from commands.intake.jsonl_records import write_jsonl
from commands.intake.ledger_workbook_writer import (
    write_records,
    write_rejected,
    write_template,
)
from commands.intake.record_files import line_count, rows_of_file
from commands.intake.workbook_row_cells import RejectedRecord
from lifecycle.deciding.drafts import read_record
from lifecycle.rejections import StoreError
from tests.given import REPORTED, of

RECORDS = [*REPORTED, of("ConsultationHeld", "2024-02-01", outcome="passed")]


def test_jsonl_gives_the_records_that_were_written(tmp_path: Path) -> None:
    path = tmp_path / "l.jsonl"
    write_jsonl(path, iter(RECORDS))
    rows = list(rows_of_file(path))
    assert [row.record for row in rows] == RECORDS
    assert [row.place for row in rows] == [1, 2, 3, 4, 5]
    assert line_count(path) == 5


def test_a_workbook_gives_the_same_events_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    write_records(path, RECORDS)
    drafts = [read_record(row.record) for row in rows_of_file(path)]
    assert [draft.digest for draft in drafts] == [read_record(record).digest for record in RECORDS]
    assert line_count(path) is None


def test_an_empty_template_gives_no_rows(tmp_path: Path) -> None:
    write_template(tmp_path / "l.xlsx")
    assert list(rows_of_file(tmp_path / "l.xlsx")) == []


def test_rejected_rows_are_read_again_once_mended(tmp_path: Path) -> None:
    path = tmp_path / "l.refused.xlsx"
    unreadable = RejectedRecord({"line": "{"}, "不是JSON")
    write_rejected(path, [RejectedRecord(RECORDS[-1], "没有项目Q"), unreadable])
    (row,) = rows_of_file(path)
    assert (row.sheet, row.place, row.record) == ("决策咨询", 2, RECORDS[-1])


def test_rejected_figures_and_days_come_back_as_such_and_others_as_they_were(
    tmp_path: Path,
) -> None:
    path = tmp_path / "l.refused.xlsx"
    long_figure = "1234567890123456"
    figures = ("320.5", "0", "1.50", "1.2.3", long_figure)
    records = []
    for figure in figures:
        report = of("InvestmentReported", "2024-03-05", month="2024-03", fixed_assets=figure)
        records.append(report)
    records[1]["occurred_on"] = "2024-02-30"
    write_rejected(path, [RejectedRecord(record, "x") for record in records])
    sheet = openpyxl.load_workbook(path)["投资出数"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    cells = [sheet.cell(line, columns["当月固定资产投资"]).value for line in range(2, 7)]
    # A text that no number gives back stays text.
    assert cells == [320.5, 0, "1.50", "1.2.3", long_figure]
    days = [sheet.cell(line, columns["发生日期"]).value for line in (2, 3)]
    assert days == [datetime(2024, 3, 5), "2024-02-30"]  # noqa: DTZ001
    assert [row.record for row in rows_of_file(path)] == records


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "l.csv"
    path.write_text(
        "事件,项目编号,发生日期,咨询结论\n决策咨询,P,2024-02-01,通过\n", encoding=encoding
    )
    (row,) = rows_of_file(path)
    assert (row.place, row.record) == (2, RECORDS[-1])


def test_a_broken_line_spoils_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "l.jsonl"
    path.write_bytes(b'{"event": "A"}\n{"event"\n\xff\n[]\n')
    rules = [row.problem and row.problem.rule for row in rows_of_file(path)]
    assert rules == [None, "json", "encoding", "json"]


def test_any_other_ending_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        rows_of_file(tmp_path / "l.doc")


def test_a_day_as_a_moment_means_its_end() -> None:
    assert read_moment("2024-03-31").isoformat() == "2024-03-31T23:59:59.999999+08:00"
    assert read_moment("2024-03-31T01:00:00Z").isoformat() == "2024-03-31T09:00:00+08:00"


@pytest.mark.parametrize("text", ["2024-05", "2024/5", "2024.5", "2024年5月", "２０２４－５"])
def test_a_month_is_read_in_every_form_as_it_is_compared(text: str) -> None:
    assert read_month(text) == "2024-05"


@pytest.mark.parametrize("text", ["2024-03-05", "2024/3/5", "20240305", "2024年3月5日"])
def test_an_axis_takes_the_forms_that_fields_take(text: str) -> None:
    assert read_day(text) == date(2024, 3, 5)
    assert read_moment(text) == read_moment("2024-03-05")
    assert read_moment(f"{text} 9:30").isoformat() == "2024-03-05T09:30:00+08:00"


@pytest.mark.parametrize("text", ["2024-02-30", "24/3/5", "", "明天", "2024-03-05 9:30", "3月5日"])
def test_what_is_no_day_is_told_what_to_write(text: str) -> None:
    with pytest.raises(MistypedAxis, match="2024/3/5"):
        read_day(text)


@pytest.mark.parametrize("text", ["2024-13", "5月", "2024-05-02", "24-5"])
def test_what_is_no_month_is_told_what_to_write(text: str) -> None:
    with pytest.raises(MistypedAxis, match="2024/5"):
        read_month(text)
