"""A register is read alike from xlsx, xls, et and ods, and within bounds."""

from __future__ import annotations

import datetime as dt
import random
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from commands.intake.register_sheets import RegisterSheet, read_register_sheets
from commands.intake.worksheet_cells import UnusableCell
from lifecycle.rejections import StoreError
from tests.commands.intake.register_layouts import DATA
from tests.registers import Sheet, write_register

DIVISION = UnusableCell("error", "#DIV/0!")
NOT_AVAILABLE = UnusableCell("error", "#N/A")
ROWS = {
    1: {0: "项目", 1: "日期", 2: "比例", 3: "金额", 4: "是否"},
    2: {0: "甲", 1: dt.date(2024, 3, 5), 2: "30%", 3: DIVISION, 4: True},
    3: {0: "乙", 1: dt.datetime(2024, 3, 6, 9, 30), 2: 0.8, 3: 1234.5, 4: False},  # noqa: DTZ001
    4: {0: "丙", 1: "2024.3.7", 3: 2469.0, 4: NOT_AVAILABLE},
}


@pytest.mark.parametrize("ending", [".xls", ".et", ".ods"])
def test_older_workbooks_are_read_as_they_are_shown(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"odd{ending}"
    source = DATA / ("odd.ods" if ending == ".ods" else "odd.xls")
    path.write_bytes(source.read_bytes())
    first, table, hidden = read_register_sheets(path)
    assert [sheet.is_hidden for sheet in (first, table, hidden)] == [False, False, True]
    assert {row.number: row.cells for row in table.content.rows} == ROWS
    assert [row.number for row in table.content.rows if row.is_hidden] == [3]
    assert [merged.address for merged in table.content.merged] == ["A6:B6"]


def test_what_a_file_holds_counts_and_not_what_it_is_called(tmp_path: Path) -> None:
    modern = write_register(tmp_path / "a.xls", Sheet("台账", [["甲"]]))
    assert [sheet.name for sheet in read_register_sheets(modern)] == ["台账"]
    older = tmp_path / "b.xlsx"
    older.write_bytes((DATA / "odd.xls").read_bytes())
    assert len(read_register_sheets(older)) == 3


def error_of(path: Path) -> str:
    with pytest.raises(StoreError) as error:
        read_register_sheets(path)
    return str(error.value)


def renamed_stream(content: bytes, name: str) -> bytes:
    """Give a compound file's workbook stream another name."""
    before = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18)
    encoded = name.encode("utf-16-le")
    after = encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded) + 2)
    assert before in content
    return content.replace(before, after)


def test_an_encrypted_workbook_is_said(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(renamed_stream((DATA / "odd.xls").read_bytes(), "EncryptedPackage"))
    assert "is encrypted" in error_of(path)
    password = tmp_path / "password.xls"
    # The record that follows the first says that a password is needed.
    content = (DATA / "odd.xls").read_bytes()
    start = content.index(struct.pack("<HH", 0x809, 16)) + 20
    password.write_bytes(content[:start] + struct.pack("<H", 0x2F) + content[start + 2 :])
    assert "is encrypted" in error_of(password)


def test_an_encrypted_open_document_is_said(tmp_path: Path) -> None:
    path = tmp_path / "locked.ods"
    with zipfile.ZipFile(DATA / "odd.ods") as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "META-INF/manifest.xml":
                mark = b"<manifest:encryption-data/></manifest:file-entry>"
                content = content.replace(b"/>", b">" + mark, 1)
            target.writestr(name, content)
    assert "encrypted" in error_of(path)


@pytest.mark.parametrize("name", ["odd.xls", "odd.ods"])
def test_a_damaged_workbook_is_read_or_an_error_of_ours(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    content = (DATA / name).read_bytes()
    draw = random.Random(7)
    for _attempt in range(300):
        damaged = bytearray(content)
        for _byte in range(draw.randrange(1, 8)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged[: draw.randrange(len(damaged))] or damaged)
        with suppress(StoreError):
            read_register_sheets(path)


def test_a_used_range_beyond_the_bound_is_rejected_before_it_takes_memory(tmp_path: Path) -> None:
    content = (DATA / "odd.xls").read_bytes()
    dimensions = struct.pack("<HH", 0x200, 14)
    start = content.rindex(dimensions) + 4
    path = tmp_path / "wide.xls"
    wide = struct.pack("<IIHH", 0, 65_535, 0, 256)
    path.write_bytes(content[:start] + wide + content[start + len(wide) :])
    assert "too large" in error_of(path)


def open_document(path: Path, table: str) -> Path:
    """Write an OpenDocument table by its XML."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", f'<a {names}><table:table table:name="t">{table}</table:table></a>'
        )
    return path


def test_repeated_cells_of_an_open_document_are_counted(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"{}/>'
    row = "<table:table-row{}>{}</table:table-row>"
    repeated = row.format("", cell.format(' table:number-columns-repeated="3"'))
    (sheet,) = read_register_sheets(open_document(tmp_path / "a.ods", repeated))
    assert sheet.content.rows[0].cells == {0: 1.0, 1: 1.0, 2: 1.0}
    for columns, rows in (("17000", "1"), ("100", "20000"), ("99999999", "1"), ("1", "2000000")):
        wide = row.format(
            f' table:number-rows-repeated="{rows}"',
            cell.format(f' table:number-columns-repeated="{columns}"'),
        )
        assert error_of(open_document(tmp_path / "b.ods", wide))


def test_a_text_of_several_paragraphs_and_spans_is_read_whole(tmp_path: Path) -> None:
    cell = (
        '<table:table-row><table:table-cell office:value-type="string">'
        "<office:annotation><text:p>批注</text:p></office:annotation>"
        '<text:p>硅<text:span>料</text:span><text:s text:c="2"/>二期</text:p><text:p>扩建</text:p>'
        "</table:table-cell></table:table-row>"
    )
    (sheet,) = read_register_sheets(open_document(tmp_path / "a.ods", cell))
    assert sheet.content.rows[0].cells == {0: "硅料  二期\n扩建"}


def test_a_file_that_is_no_table_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"text")
    assert ".xlsx" in error_of(path)
    empty = tmp_path / "a.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "cannot be read as a workbook" in error_of(empty)


def test_a_csv_file_is_one_sheet(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes("项目,投资方\r\n\r\n硅料,甲\r\n".encode("gb18030"))
    (sheet,) = read_register_sheets(path)
    assert isinstance(sheet, RegisterSheet)
    assert [(row.number, row.cells) for row in sheet.content.rows] == [
        (1, {0: "项目", 1: "投资方"}),
        (3, {0: "硅料", 1: "甲"}),
    ]
