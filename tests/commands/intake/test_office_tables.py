"""Tables as offices keep them: what goes in, and what the others are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.commands.intake.register_layouts import DATA
from tests.commands.intake.test_register_sheets import renamed_stream
from tests.given import of, reported
from tests.ledgers import fill

SIGNED = ["项目编号", "发生日期", "协议总投资", "协议固定资产投资"]


@pytest.fixture
def store_kind() -> str:
    """One kind of database: how a file is read depends on none."""
    return "sqlite"


def write(path: Path, sheet: str, *rows: list[Any]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        worksheet = book.add_worksheet(sheet)
        for line, cells in enumerate(rows):
            worksheet.write_row(line, 0, cells)
    return path


# Forty messy rows --------------------------------------------------------------------------------

GOOD: list[list[Any]] = [
    # dates and amounts as they are typed
    ["M-01", "2024-03-05", "120000", "90000", ""],
    ["M-02", "2024/3/5", "12,000", "9,000", ""],
    ["M-03", "2024.3.5", "1.2亿", "0.9亿", ""],
    ["M-04", "2024年3月5日", "1.2亿元", "9000万元", ""],
    ["M-05", "20240305", "１２０００", "９０００", ""],
    ["M-06", " 2024-03-05 ", " 12000 ", " 9000 ", ""],
    ["M-07", "2024-3-5", 12000, 9000.5, ""],
    ["M-08", "２０２４年３月５日", "120000000元", "90000000元", ""],
    ["M-09", "2024-03-05", "12000.00", "9000.10", ""],
    # codes that only look different
    ["ｍ-10", "2024-03-05", "12000", "9000", ""],
    ["M—11", "2024-03-05", "12000", "9000", ""],
    ["M-12\u200b", "2024-03-05", "12000", "9000", ""],
    ["m-13", "2024-03-05", "12000", "9000", ""],
    # notes with line breaks, odd spaces and signs
    ["M-14", "2024-03-05", "12000", "9000", "第一行\n第二行"],
    ["M-15", "2024-03-05", "12000", "9000", "=HYPERLINK(1)"],
    ["M-16", "2024-03-05", "12000", "9000", "+86 电话"],
    ["M-17", "2024-03-05", "12000", "9000", "  前后有空格  "],
    ["M-18", "2024-03-05 00:00", "12000", "9000", ""],
    ["M-19", "2024-03-05", "0.5亿", "0", ""],
    ["M-20", "2024-03-05", "12000", "9000", "全角（括号）"],
]
PASSED: list[list[Any]] = [
    ["合计", "", "240000", "180000", ""],
    ["小计", "", "120000", "", ""],
    ["总  计", "", "1", "", ""],
    ["注：数据截至3月底", "", "", "", ""],
    ["填表人：王丽", "", "", "", ""],
]
BAD: list[tuple[list[Any], str]] = [
    # what stands in the cell is quoted, also where an example contains it
    (["M-21", "3月5日", "12000", "9000", ""], '"3月5日"'),
    (["M-22", "24/3/5", "12000", "9000", ""], '"24/3/5"'),
    (["M-23", "2024-02-30", "12000", "9000", ""], "date"),
    (["M-24", "45356", "12000", "9000", ""], "date"),
    (["M-25", "2024-03-05", "约12000", "9000", ""], "digits"),
    (["M-26", "2024-03-05", "12000美元", "9000", ""], "digits"),
    (["M-27", "2024-03-05", "1,2000", "9000", ""], "digits"),
    (["M-28", "2024-03-05", "", "9000", ""], "missing"),
    (["M-29", "", "12000", "9000", ""], "missing"),
    (["", "2024-03-05", "12000", "9000", ""], "project"),
    (["无此项目", "2024-03-05", "12000", "9000", ""], "no InformationReported"),
    (["M-01", "2024-03-06", "13000", "9000", ""], "already has an effective"),
    (["M-30", "2099-03-05", "12000", "9000", ""], "future"),
    (["M-31", "2024-03-05", "9000", "12000", ""], "unusual"),
    (["M-32", "2024-03-05", "12000", "#N/A", ""], "error"),
]


@pytest.fixture
def reported_projects(cli: Cli) -> Cli:
    with Ledger.open(cli.url) as ledger:
        fill(ledger, [reported(f"M-{number:02}") for number in range(1, 40)], keep=False)
    return cli


def test_of_forty_messy_rows_half_go_in_and_each_other_is_told_what_to_write(
    reported_projects: Cli, tmp_path: Path
) -> None:
    cli = reported_projects
    bad_rows = [cells for cells, _message in BAD]
    rows = [*GOOD, *PASSED, *bad_rows]
    assert len(rows) == 40
    file = write(tmp_path / "rows.xlsx", "正式签约", [*SIGNED, "备注"], *rows)
    answer = cli("import", file, "--partial")
    assert answer.code == 1
    assert f"recorded {len(GOOD)}, already recorded 0, rejected {len(BAD)}" in answer.out
    first_bad = len(GOOD) + len(PASSED) + 2
    for number, (_cells, message) in enumerate(BAD, start=first_bad):
        told = [
            line for line in answer.err.splitlines() if f"sheet 正式签约, row {number}:" in line
        ]
        assert told, number
        assert message in "\n".join(told), told
    for number in range(len(GOOD) + 2, first_bad):
        assert f"sheet 正式签约, row {number}: the row begins with" in answer.err
    notes = {
        code: cli("project", "history", code, "--format", "json").json[1]["fields"].get("note")
        for code in ("M-14", "M-15", "M-17")
    }
    assert notes == {"M-14": "第一行 第二行", "M-15": "=HYPERLINK(1)", "M-17": "前后有空格"}


# What stands around a table ----------------------------------------------------------------------


def test_titles_stand_above_the_headings_and_extra_columns_are_said(
    cli: Cli, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "a.xlsx",
        "正式签约",
        ["2024年开化县招商引资项目签约情况表"],
        ["填报单位：招商中心", "", "", "单位：万元"],
        [
            "序号",
            "项目编号*",
            "项目名称",
            "发生\n日期",
            "协议总投资（亿元）",
            "协议固定资产投资",
            "联系人",
        ],
        [1, "P", "项目P", "2024-03-05", 1.2, 9000, "王丽"],
        ["合计", "", "", "", 1.2, 9000, ""],
    )
    answer = cli("import", file)
    assert (answer.code, cli.events) == (0, 5), answer.err
    assert "the columns 联系人 are no fields" in answer.err
    fields = cli("project", "history", "P", "--format", "json").json[1]["fields"]
    assert fields == {"contract_investment": "12000", "contract_fixed_assets": "9000"}


@pytest.mark.parametrize("sheet", ["正式签约 (2)", "3月正式签约", "Sheet1", " 正式签约表 "])
def test_a_renamed_sheet_is_read_by_its_name_or_headings(
    cli: Cli, tmp_path: Path, sheet: str
) -> None:
    file = write(tmp_path / "a.xlsx", sheet, SIGNED, ["P", "2024-03-05", 12000, 9000])
    answer = cli("import", file)
    assert (answer.code, cli.events) == (0, 5), answer.err
    assert "is read as Agreement signed 正式签约" in answer.err


def test_a_hidden_sheet_is_read_and_said(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "a.xlsx", "正式签约", SIGNED, ["P", "2024-03-05", 12000, 9000])
    book = openpyxl.load_workbook(file)
    book["正式签约"].sheet_state = "hidden"
    book.create_sheet("空表")
    book.save(file)
    answer = cli("import", file)
    assert (answer.code, "正式签约 is hidden" in answer.err) == (0, True)


def test_a_heading_with_a_letter_too_many_is_rejected(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "a.xlsx", "土地摘牌", ["项目编号", "发生日期", "土地出让金额"], ["P"])
    answer = cli("import", file)
    assert (answer.code, "did you mean 土地出让金?" in answer.err) == (1, True)
    text = "事件,项目编号,发生日期,土地出让金额\n土地摘牌,P,2024-03-05,1\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert cli("import", tmp_path / "a.csv").code == 3


def test_a_text_file_as_excel_saves_it_is_read(cli: Cli, tmp_path: Path) -> None:
    lines = [
        "sep=,",
        "签约情况表,,,,,",
        "事件,项目编号,发生日期,协议总投资,协议固定资产投资,经办",
        '正式签约,P,2024/3/5,"12,000","9,000",王丽',
        "合计,,,,,",
        ",,,,,",
    ]
    file = tmp_path / "a.csv"
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    answer = cli("import", file)
    assert (answer.code, cli.events) == (0, 5), answer.err
    assert "line 5: the row begins with 合计" in answer.err
    assert "the columns 经办 are no fields" in answer.err


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".et"])
def test_an_encrypted_workbook_is_said(cli: Cli, tmp_path: Path, ending: str) -> None:
    # Office wraps an encrypted workbook in a compound file with a stream of this name.
    file = tmp_path / f"a{ending}"
    file.write_bytes(renamed_stream((DATA / "odd.xls").read_bytes(), "EncryptedPackage"))
    answer = cli("import", file)
    assert answer.code == 3
    assert "is encrypted" in answer.err


# What comes back ---------------------------------------------------------------------------------


def test_rejected_rows_keep_their_number_place_and_all_columns(cli: Cli, tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.xlsx",
        "3月正式签约",
        ["序号", *SIGNED, "联系人"],
        [7, "P", "2024-03-05", 12000, 9000, "王丽"],
        [9, "P", "3月5日", 12000, 9000, "李明"],
    )
    assert cli("import", file, "--partial").code == 1
    book = openpyxl.load_workbook(tmp_path / "a.refused.xlsx")
    sheet = book["正式签约"]
    headings = [cell.value for cell in sheet[1]]
    cells = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert headings[-1] == "原因"
    assert (cells["序号"], cells["原表"], cells["原行"]) == ("9", "3月正式签约", "3")
    assert (cells["联系人"], cells["发生日期"]) == ("李明", "3月5日")
    sheet.cell(2, headings.index("发生日期") + 1, "2024-03-05")
    sheet.cell(2, headings.index("项目编号") + 1, "Q")
    book.save(tmp_path / "mended.xlsx")
    answer = cli("import", tmp_path / "mended.xlsx", "--dry-run")
    assert "no InformationReported" in answer.err


def test_rejected_cells_are_displayed_as_the_office_displayed_them(
    cli: Cli, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "a.xlsx",
        "投资出数",
        ["项目编号", "月份", "发生日期", "当月固定资产投资", "备注", "比重", "填报时间"],
        ["P", 45352, 45382, 1234.5, "无", 0.3, 45383 + 9.5 / 24],
        ["P", "2024-04", "2024-04-30", 1234.5, "无", 0.3, "无"],
    )
    book = openpyxl.load_workbook(file)
    formats = ("General", 'yyyy"年"m"月"', 'm"月"d"日"', "#,##0.00", "General", "0%", "m/d h:mm")
    for column, number_format in enumerate(formats, start=1):
        book.active.cell(2, column).number_format = number_format
    book.active["D3"].number_format = "0.000_ "
    book.save(file)

    assert cli("import", file, "--partial").code == 1
    returned = tmp_path / "a.refused.xlsx"
    sheet = openpyxl.load_workbook(returned)["投资出数"]
    headings = [cell.value for cell in sheet[1]]

    def returned_cells(row: int) -> dict[Any, tuple[str, str]]:
        cells = zip(headings, sheet[row], strict=True)
        return {heading: (str(cell.value), cell.number_format) for heading, cell in cells}

    first, second = returned_cells(2), returned_cells(3)
    assert first["月份"] == ("2024-03-01 00:00:00", formats[1])
    assert first["发生日期"] == ("2024-03-31 00:00:00", formats[2])
    assert first["当月固定资产投资"] == ("1234.5", formats[3])
    assert first["比重"] == ("0.3", formats[5])
    assert first["填报时间"] == ("2024-04-01 09:30:00", formats[6])
    # What was typed as text stays text, or gets the form of its field.
    assert second["月份"] == ("2024-04", "@")
    assert second["发生日期"] == ("2024-04-30 00:00:00", "yyyy-mm-dd")
    assert second["当月固定资产投资"] == ("1234.5", "0.000_ ")
    # They say what they said: the same rows are rejected by the same rules.
    rules = [entry["rule"] for entry in cli("import", file, "--format", "json").json["refused"]]
    again = cli("import", returned, "--format", "json").json["refused"]
    assert [entry["rule"] for entry in again] == rules


# The template ------------------------------------------------------------------------------------


def test_the_template_explains_itself_and_its_colours(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    assert cli("template", file).code == 0
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[0] == "填写说明"
    guide = [cell.value for cell in book["填写说明"]["A"] if cell.value]
    assert "此色表头：必填" in guide
    legend = book["填写说明"].cell(len(guide) + 1, 1)
    required = book["正式签约"]["C1"].fill.start_color.rgb
    assert required in {cell.fill.start_color.rgb for cell in book["填写说明"]["A"]}, legend.value
    assert cli("import", file).code == 0


def test_a_template_of_the_ledger_offers_units_codes_and_months(cli: Cli, tmp_path: Path) -> None:
    with Ledger.open(cli.url) as ledger:
        records = [
            of("StatisticsEntered", "2024-02-10"),
            reported("Q"),
            of("StatisticsEntered", "2024-02-10", "Q"),
            of("InvestmentReported", None, "Q", month="2024-03", fixed_assets="5"),
            reported("R"),
        ]
        fill(ledger, records, keep=False)
    file = tmp_path / "t.xlsx"
    assert cli("template", file, "--from-ledger", "--month", "2024-03").code == 0
    book = openpyxl.load_workbook(file)
    words = [cell.value for row in book["词表"].iter_rows() for cell in row if cell.value]
    assert {"华埠镇", "P", "Q", "R"} <= set(words)
    sheet = book["投资出数"]
    headings = [cell.value for cell in sheet[1]]
    cells = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert (cells["项目编号"], cells["项目名称"], cells["月份"]) == ("P", "项目P", "2024-03")
    assert sheet["B3"].value is None  # Q has its figure, R is not in statistics
    # Not filled in yet, the row is no mistake; filled in, it is recorded.
    answer = cli("import", file)
    assert (answer.code, "the row has no figure" in answer.err) == (0, True)
    sheet.cell(2, headings.index("当月固定资产投资") + 1, "320.5")
    book.save(tmp_path / "filled.xlsx")
    answer = cli("import", tmp_path / "filled.xlsx")
    assert (answer.code, "recorded 1" in answer.out) == (0, True), answer.err


def test_a_month_without_the_ledger_is_wrong_usage(cli: Cli, tmp_path: Path) -> None:
    assert cli("template", tmp_path / "t.xlsx", "--month", "2024-03").code == 2
