"""Cells are read exactly or rejected by address; no file takes more than its bound."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter
from python_calamine import load_workbook

from commands.handlers.file_rows import FileRow
from commands.intake.parameter_workbook import read_parameter_workbook
from commands.intake.record_files import rows_of_file
from commands.intake.workbook_cells import cell_text
from commands.intake.workbook_reading import WorkbookFile
from commands.intake.worksheet_cells import cell_address
from commands.words import parameter_words
from lifecycle.rejections import Rejected, StoreError
from tests.commands.conftest import Cli
from tests.commands.intake.raw_workbook import row, text_cell, text_row, write_raw_workbook
from tests.platforms import not_on_windows

HEADINGS = ("项目编号", "发生日期", "土地面积（亩）", "土地出让金", "其中县内国资", "备注")
LAND = ("P", "2024-03-05", "20", "100")


def land(path: Path, *rows: str, after_rows: str = "") -> list[FileRow]:
    """Read a sheet of land acquisitions below its headings."""
    sheet = text_row(1, *HEADINGS) + "".join(rows)
    file = write_raw_workbook(path / "l.xlsx", {"土地摘牌": sheet}, after_rows=after_rows)
    return list(rows_of_file(file))


def rules(rows: list[FileRow]) -> list[str | None]:
    return [each.problem.rule if each.problem else None for each in rows]


def land_cells(number: int) -> list[str]:
    return [text_cell(f"{letter}{number}", text) for letter, text in zip("ABCD", LAND, strict=True)]


# Cells without a value ----------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["D", "E", "F"])
@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#SPILL!"])
@pytest.mark.parametrize(
    "cell",
    [
        '<c r="{at}" t="e"><v>{error}</v></c>',
        '<c r="{at}" t="e"><f>X1</f><v>{error}</v></c>',
        '<c r="{at}" t="str"><f>X1</f><v>{error}</v></c>',
        '<c r="{at}" t="inlineStr"><is><t> {error} </t></is></c>',
    ],
)
def test_an_error_is_no_empty_cell(tmp_path: Path, column: str, error: str, cell: str) -> None:
    cells = [each for each in land_cells(2) if f'"{column}2"' not in each]
    (line,) = land(tmp_path, row(2, *cells, cell.format(at=f"{column}2", error=error)))
    assert line.problem is not None
    field = {"D": "transfer_fee", "E": "county_state_share", "F": "note"}[column]
    assert (line.problem.rule, line.problem.field) == ("error_cell", field)
    assert line.problem.values == {"cell": f"{column}2", "error": error}
    assert (line.place, line.sheet) == (2, "土地摘牌")


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ('<c r="E2"><f>D2*2</f></c>', "formula_without_value"),
        ('<c r="E2"><f>D2*2</f><v></v></c>', "formula_without_value"),
        ('<c r="E2" t="str"><f>A2</f></c>', "formula_without_value"),
        ('<c r="E2"><f t="shared" si="0"/><v/></c>', "formula_without_value"),
        ('<c r="E2" t="str"><f>IF(A2="","1","")</f><v></v></c>', None),
        ('<c r="E2"><f>D2*2</f><v>20</v></c>', None),
        ('<c r="E2" s="0"/>', None),
    ],
)
def test_a_formula_needs_a_calculated_value(tmp_path: Path, cell: str, rule: str | None) -> None:
    assert rules(land(tmp_path, row(2, *land_cells(2), cell))) == [rule]


def test_a_formula_s_value_is_recorded_and_its_error_is_not(cli: Cli, tmp_path: Path) -> None:
    for value, code in ((12000, 0), ("#N/A", 1)):
        with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
            sheet = book.add_worksheet("土地摘牌")
            sheet.write_row(0, 0, HEADINGS)
            sheet.write_row(1, 0, ["P", "2024-03-05", 20, 20000])
            sheet.write_formula(1, 4, "=D2*0.6", None, value)
        said = cli("import", tmp_path / "a.xlsx", "--dry-run")
        assert (said.code, cli.events) == (code, 4)
    assert "sheet 土地摘牌, row 2" in said.err
    assert "E2" in said.err
    assert "其中县内国资" in said.err


def test_an_error_in_a_csv_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("event,project,note\nFollowedUp,P,#N/A\nFollowedUp,P,#####\n", encoding="utf-8")
    assert rules(list(rows_of_file(path))) == ["error_cell", "error_cell"]


def test_a_parameter_that_is_an_error_is_rejected_by_its_cell(tmp_path: Path) -> None:
    headings = [parameter_words.COLUMNS[name] for name in ("place", "value", "document")]
    sheet = text_row(1, *headings) + row(
        3, text_cell("A3", "rules.x"), '<c r="B3" t="e"><v>#REF!</v></c>'
    )
    file = write_raw_workbook(tmp_path / "p.xlsx", {parameter_words.PARAMETER_SHEET: sheet})
    with pytest.raises(Rejected) as caught:
        read_parameter_workbook(file)
    assert caught.value.problems[0].rule == "error_cell"
    assert "B3" in str(caught.value)


# Merged cells, hidden rows ------------------------------------------------------------------------


def merged(*ranges: str) -> str:
    cells = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)
    return f"<mergeCells>{cells}</mergeCells>"


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (["A2:A3"], ["merged_cells", "merged_cells", None]),
        (["E3:F3"], [None, "merged_cells", None]),
        (["A3:B4", "A2:B2"], ["merged_cells"] * 3),
        (["A1:A2"], ["merged_cells", None, None]),
        (["B1:C1"], [None, None, None]),
        (["A9:F12"], [None, None, None]),
    ],
)
def test_merged_cells_in_data_rows_are_named(
    tmp_path: Path, ranges: list[str], expected: list[str | None]
) -> None:
    lines = land(
        tmp_path, *(text_row(place, *LAND) for place in (2, 3, 4)), after_rows=merged(*ranges)
    )
    assert rules(lines) == expected


def test_hidden_rows_are_read_and_said(cli: Cli, tmp_path: Path) -> None:
    lines = land(tmp_path, row(2, *land_cells(2), hidden=True), text_row(3, *LAND[:3], "7"))
    assert [[note.rule for note in line.notes] for line in lines] == [["hidden_row"], []]
    said = cli("import", tmp_path / "l.xlsx", "--dry-run")
    assert "sheet 土地摘牌, row 2: the row is hidden" in said.err


# Bounds -------------------------------------------------------------------------------------------


def test_a_cell_far_away_is_named_and_a_blank_one_ignored(tmp_path: Path) -> None:
    far = [row(1048576, text_cell("XFD1048576", text)) for text in (" ", "x")]
    assert rules(land(tmp_path, text_row(2, *LAND), far[0])) == [None]
    lines = land(tmp_path, text_row(2, *LAND), far[1])
    assert [(line.place, rule) for line, rule in zip(lines, rules(lines), strict=True)] == [
        (2, None),
        (1048576, "no_heading"),
    ]


def test_an_ignored_sheet_s_far_cell_makes_no_difference(tmp_path: Path) -> None:
    sheets = {
        "土地摘牌": text_row(1, *HEADINGS) + text_row(2, *LAND),
        "词表": row(1048576, text_cell("XFD1048576", "x")),
    }
    file = write_raw_workbook(tmp_path / "l.xlsx", sheets, hidden=("词表",))
    assert rules(list(rows_of_file(file))) == [None]


def test_an_unknown_sheet_is_named_wherever_its_first_cell_stands(tmp_path: Path) -> None:
    file = write_raw_workbook(tmp_path / "l.xlsx", {"土地": row(9, text_cell("C9", "x"))})
    with pytest.raises(Rejected, match="土地"):
        rows_of_file(file)


def zip_of(path: Path, name: str, size: int, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write an archive with one part of zeros."""
    with zipfile.ZipFile(path, "w", compression) as archive, archive.open(name, "w") as part:
        for _piece in range(size >> 20):
            part.write(bytes(1 << 20))
    return path


def typed_document(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return path


def many_cells(path: Path) -> Path:
    cells = "<c><v>1</v></c>" * 16_000
    rows = f"<row>{cells}</row>" * 120
    return write_raw_workbook(path, {"土地摘牌": rows})


HOSTILE: dict[str, Any] = {
    "expands 1000 times": lambda path: zip_of(path, "xl/workbook.xml", 200 << 20),
    "unusual compression": lambda path: zip_of(path, "a", 1 << 20, zipfile.ZIP_LZMA),
    "too many cells": many_cells,
    "document type": typed_document,
    "entity in a sheet": lambda path: write_raw_workbook(path, {"土地摘牌": "&lol;"}),
    "long attribute": lambda path: write_raw_workbook(
        path, {"土地摘牌": f'<row r="{"1" * (30 << 20)}"/>'}
    ),
    "deep": lambda path: write_raw_workbook(path, {"土地摘牌": "<a>" * 100_000}),
    "long text": lambda path: write_raw_workbook(
        path, {"土地摘牌": row(1, text_cell("A1", "x" * (8 << 20)))}
    ),
    "rows twice": lambda path: write_raw_workbook(path, {"土地摘牌": row(2) + row(2)}),
    "cells twice": lambda path: write_raw_workbook(
        path, {"土地摘牌": row(2, text_cell("A2", "1"), text_cell("A2", "2"))}
    ),
    "beyond the sheet": lambda path: write_raw_workbook(
        path, {"土地摘牌": row(2, text_cell("ZZZ2", "1"))}
    ),
    "no number": lambda path: write_raw_workbook(
        path, {"土地摘牌": row(2, '<c r="A2"><v>1_000</v></c>')}
    ),
    "infinite": lambda path: write_raw_workbook(
        path, {"土地摘牌": row(2, '<c r="A2"><v>1e999</v></c>')}
    ),
    "shared string -1": lambda path: write_raw_workbook(
        path, {"土地摘牌": row(2, '<c r="A2" t="s"><v>-1</v></c>')}
    ),
    "shared string 7": lambda path: write_raw_workbook(
        path, {"土地摘牌": row(2, '<c r="A2" t="s"><v>7</v></c>')}
    ),
    "no workbook": lambda path: zip_of(path, "mimetype", 0),
}
_LIMITED = """
import re, sys
from pathlib import Path
from commands.intake.record_files import rows_of_file
from lifecycle.rejections import StoreError
try:
    list(rows_of_file(Path(sys.argv[1])))
except StoreError as error:
    print(error.__class__.__name__)
# Linux counts a parent's memory into ru_maxrss of what it starts; VmHWM is this process's own.
status = Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) // 1024)
"""


@not_on_windows("peak memory is read from Linux's /proc")
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_rejected_within_its_bound(tmp_path: Path, kind: str) -> None:
    file = HOSTILE[kind](tmp_path / "l.xlsx")
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    error, peak = ended.stdout.split()
    assert error == "StoreError"
    assert int(peak) < 512


# Values -------------------------------------------------------------------------------------------


def test_values_are_those_another_reader_reads(tmp_path: Path) -> None:
    formats = [
        'yyyy"年"m"月"d"日"',
        "h:mm",
        "[h]:mm",
        '0.00"m"',
        "yyyy-mm-dd hh:mm",
        "[Red]0.0;[Blue]-0.0",
        "G/通用格式",
        '[DBNum1][$-804]yyyy"年"m"月"',
        "0.00E+00",
        14,
        31,
        46,
        57,
    ]
    numbers = [45413, 45413.4, 0.4, 45413.7083333333, 61, 45413.999999999, 120000.5]
    path = tmp_path / "v.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("a")
        for column, number_format in enumerate(formats):
            style = book.add_format({"num_format": number_format})
            for place, number in enumerate(numbers):
                sheet.write_number(place, column, number, style)
        sheet.write_row(20, 0, ["  文 字\n", "a&<b>", "1", True, False])
        sheet.write_rich_string(21, 0, "a", book.add_format({"bold": True}), "b", "c")
    with path.open("rb") as file:
        laid_out = load_workbook(file).get_sheet_by_name("a").to_python()
    with WorkbookFile(path) as book_file:
        rows = {each.number: each.cells for each in book_file.sheet("a").rows}
    for place, values in enumerate(laid_out, start=1):
        for column, value in enumerate(values):
            # An elapsed time is no field's value, and a text is trimmed by both.
            assert cell_text(rows.get(place, {}).get(column)) == cell_text(value), (place, column)


def test_the_false_leap_day_and_1904_move_no_date(tmp_path: Path) -> None:
    for is_1904, serial in ((False, 1), (False, 59), (False, 61), (True, 0), (True, 43951)):
        with xlsxwriter.Workbook(str(tmp_path / "d.xlsx"), {"date_1904": is_1904}) as book:
            style = book.add_format({"num_format": "yyyy-mm-dd"})
            book.add_worksheet("a").write_number(0, 0, serial + 0.5, style)
        with WorkbookFile(tmp_path / "d.xlsx") as book_file:
            (line,) = book_file.sheet("a").rows
        start = dt.date(1904, 1, 1) if is_1904 else dt.date(1899, 12, 31 if serial < 60 else 30)
        value = line.cells[0]
        if is_1904 and serial == 0:
            assert value == dt.time(12)
        else:
            assert isinstance(value, dt.datetime)
            assert value.date() == start + dt.timedelta(days=serial)


def test_escaped_characters_come_back(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "e.xlsx")) as book:
        book.add_worksheet("a").write_column(0, 0, ["a_x000D_b", "x_x"])
    with WorkbookFile(tmp_path / "e.xlsx") as book_file:
        assert [each.cells[0] for each in book_file.sheet("a").rows] == ["a_x000D_b", "x_x"]


@pytest.mark.parametrize(
    ("column", "address"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (16383, "XFD1")]
)
def test_addresses_are_those_of_excel(column: int, address: str) -> None:
    assert cell_address(1, column) == address


# Parts of a workbook whose element lacks the attribute that it cannot do without.
INCOMPLETE = {
    "xl/workbook.xml": '<sheets xmlns:r="{relations}"><sheet r:id="r1"/></sheets>',
    "xl/_rels/workbook.xml.rels": '<Relationship Id="r9" Target="t"/>',
    "xl/styles.xml": '<numFmts><numFmt numFmtId="164"/></numFmts>',
    "xl/worksheets/sheet1.xml": "<mergeCells><mergeCell/></mergeCells>",
}


@pytest.mark.parametrize("part", [*INCOMPLETE])
def test_an_element_without_its_attribute_is_named(tmp_path: Path, part: str) -> None:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sound = write_raw_workbook(tmp_path / "sound.xlsx", {"土地摘牌": text_row(1, "项目")})
    damaged = tmp_path / "damaged.xlsx"
    with ZipFile(sound) as before, ZipFile(damaged, "w") as after:
        members = {name: before.read(name).decode() for name in before.namelist()}
        members["xl/styles.xml"] = "<styleSheet></styleSheet>"
        members["xl/_rels/workbook.xml.rels"] = members["xl/_rels/workbook.xml.rels"].replace(
            "</Relationships>",
            f'<Relationship Id="s" Type="{relations}/styles" Target="styles.xml"/></Relationships>',
        )
        start, end, tail = members[part].rpartition("</")
        members[part] = f"{start}{INCOMPLETE[part].format(relations=relations)}{end}{tail}"
        for name, content in members.items():
            after.writestr(name, content)
    with WorkbookFile(sound) as book:
        assert book.sheet_names == ["土地摘牌"]
    with (
        pytest.raises(StoreError, match=r"damaged\.xlsx.* without "),
        WorkbookFile(damaged) as book,
    ):
        book.sheet("土地摘牌")


@pytest.mark.parametrize("encoding", ["UTF-v", "utf-7", "idna", "rot13", "UTF-16", "hex"])
def test_an_encoding_that_is_none_is_named(tmp_path: Path, encoding: str) -> None:
    sound = write_raw_workbook(tmp_path / "sound.xlsx", {"土地摘牌": text_row(1, "项目")})
    damaged = tmp_path / "damaged.xlsx"
    with ZipFile(sound) as before, ZipFile(damaged, "w") as after:
        for name in before.namelist():
            declaration = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
            after.writestr(name, declaration + before.read(name))
    with pytest.raises(StoreError, match=r"damaged\.xlsx"), WorkbookFile(damaged):
        pass


def test_what_is_no_workbook_is_said(tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    for content in (b"", b"PK\x05\x06" + bytes(18), b"\xd0\xcf\x11\xe0" + bytes(600)):
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"l\.xlsx"):
            rows_of_file(path)
