"""Workbooks written part by part, so that a test decides on each byte."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"


def text_cell(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def row(number: int, *cells: str, hidden: bool = False) -> str:
    mark = ' hidden="1"' if hidden else ""
    return f'<row r="{number}"{mark}>{"".join(cells)}</row>'


def text_row(number: int, *texts: str) -> str:
    cells = []
    for letter, text in zip("ABCDEFGHIJKLM", texts, strict=False):
        if text:
            cells.append(text_cell(f"{letter}{number}", text))
    return row(number, *cells)


def write_raw_workbook(
    path: Path,
    sheets: Mapping[str, str],
    *,
    after_rows: str = "",
    hidden: tuple[str, ...] = (),
) -> Path:
    """Write sheets by their rows' XML; `after_rows` follows the rows of each."""
    outline, relations = "", ""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for number, (name, rows) in enumerate(sheets.items(), start=1):
            state = ' state="hidden"' if name in hidden else ""
            outline += f'<sheet name="{name}" sheetId="{number}"{state} r:id="r{number}"/>'
            relations += (
                f'<Relationship Id="r{number}" Type="{_RELATIONS}/worksheet"'
                f' Target="worksheets/sheet{number}.xml"/>'
            )
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after_rows}</worksheet>',
            )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
            f"<sheets>{outline}</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
        )
    return path
