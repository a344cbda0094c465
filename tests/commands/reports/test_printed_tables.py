"""Tables on paper: no name is broken that fits, no heading is cut, no row is too low."""

from __future__ import annotations

from math import ceil
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.shared import Mm
from hypothesis import given, strategies as st

from commands.reports.column_widths import folded_heading, table_fit, text_width
from commands.reports.content import DocumentColumn, Notice
from commands.reports.documents import write_document
from commands.reports.ledger_workbook import COLUMNS, write_ledger
from commands.reports.template_texts import template_texts
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.commands.reports.conftest import composed, ledger_foot, view_at
from tests.commands.reports.test_documents import MEETINGS, PERIODS

NOTICES = [*PERIODS, *MEETINGS]
LINE_HEIGHT = 12.5
# A text of so many characters, such as a unit's name, stands on one line in every table.
UNBROKEN = 9


@pytest.mark.parametrize(("kind", "subject", "day"), NOTICES)
def test_names_and_numbers_of_a_printed_table_stand_on_one_line(
    county_ledger: Ledger, kind: str, subject: str, day: str
) -> None:
    content, foot = composed(county_ledger, kind, subject, day)
    tables = [
        table for annex in template_texts(content, foot)["annexes"] for table in annex["tables"]
    ]
    for table in tables:
        whole = sum(column["width"] for column in table["columns"])
        assert whole == pytest.approx(49.1 if table["small"] else 42.1, abs=0.1)
        for place, column in enumerate(table["columns"]):
            cells = [row[place] for row in table["rows"]]
            # A column that holds a sentence may fold its shorter texts, too.
            if max((text_width(cell) for cell in cells), default=0) <= UNBROKEN:
                lines = [*cells, *column["heading"].split("\n")]
                assert [text for text in lines if text_width(text) > column["width"]] == []


TEXTS = st.text(st.sampled_from("镇a1（"), max_size=60)
COLUMN = st.builds(
    DocumentColumn,
    st.text("项目", min_size=1, max_size=6),
    st.sampled_from(["text", "count", "points", "date"]),
    st.integers(2, 24),
)


@given(st.lists(COLUMN, min_size=1, max_size=12), st.data())
def test_every_table_fills_a_line_and_no_column_vanishes(
    columns: list[DocumentColumn], data: st.DataObject
) -> None:
    row = st.tuples(*(TEXTS for _column in columns))
    rows = data.draw(st.lists(row, max_size=4))
    fit = table_fit(columns, rows)
    assert sum(fit.widths) == pytest.approx(49.1 if fit.is_small else 42.1)
    assert min(fit.widths) > 0
    for column, width in zip(columns, fit.widths, strict=True):
        assert folded_heading(column.heading, width).replace("\n", "") == column.heading


def test_only_sentences_are_folded_and_by_the_declared_proportion() -> None:
    columns = [
        DocumentColumn("单位"),
        DocumentColumn("事项", width=10),
        DocumentColumn("理由", width=20),
    ]
    rows = [("县自然资源和规划局", "事" * 30, "理" * 90)]
    fit = table_fit(columns, rows)
    assert fit.is_small
    assert fit.widths[0] == pytest.approx(9.6)
    assert fit.widths[2] == pytest.approx(2 * fit.widths[1])


def test_a_table_to_be_filled_in_has_room_for_handwriting(
    county_ledger: Ledger, tmp_path: Path
) -> None:
    content, foot = composed(county_ledger, "minutes", "2024-06-14", "2024-06-30")
    (annex,) = template_texts(content, foot)["annexes"]
    (table,) = annex["tables"]
    widths = [column["width"] for column in table["columns"]]
    # As declared: the decision needs most room.
    assert widths == pytest.approx([42.1 * share / 34 for share in (20, 8, 6)], abs=0.1)
    write_document(tmp_path / "minutes.docx", "docx", content, foot)
    blank_rows = [
        row
        for word_table in Document(str(tmp_path / "minutes.docx")).tables
        for row in word_table.rows
        if not "".join(cell.text for cell in row.cells)
    ]
    assert len(blank_rows) == len(table["rows"])
    assert [row.height for row in blank_rows] == pytest.approx([Mm(9)] * len(blank_rows), rel=0.01)


def lines_of(text: str, width: float) -> int:
    """The lines that a text takes in a column, whose width counts Latin characters."""
    return ceil(len(text.encode("gb18030", "replace")) / width)


def cut_cells(path: Path) -> list[str]:
    """The headings and texts of a workbook's tables that are higher than their rows."""
    cut = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        if sheet.max_column == 1:
            continue
        for row in sheet.iter_rows(min_row=2):
            height = sheet.row_dimensions[row[0].row].height or 15
            for cell in row:
                column = sheet.column_dimensions[cell.column_letter]
                if isinstance(cell.value, str) and not column.hidden:
                    # A row is eight lines high at most.
                    lines = min(lines_of(cell.value, column.width), 8)
                    if lines * LINE_HEIGHT > height + 2.5:
                        cut.append(f"{sheet.title}!{cell.coordinate} {cell.value}")
    return cut


@pytest.mark.parametrize(("kind", "subject", "day"), NOTICES)
def test_no_heading_and_no_text_of_a_workbook_is_cut(
    county_ledger: Ledger, tmp_path: Path, kind: str, subject: str, day: str
) -> None:
    content, foot = composed(county_ledger, kind, subject, day)
    assert isinstance(content, Notice)
    path = tmp_path / "notice.xlsx"
    write_document(path, "xlsx", content, foot)
    assert cut_cells(path) == []
    for sheet in openpyxl.load_workbook(path).worksheets[1:-1]:
        # One page wide, and as many high as it takes.
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_options.horizontalCentered
        assert sheet.print_title_rows == "$1:$3"


def test_no_text_of_the_ledger_workbook_is_cut(county_ledger: Ledger, tmp_path: Path) -> None:
    view = view_at(county_ledger, "2024-12-31")
    write_ledger(tmp_path / "l.xlsx", county_ledger, view, ledger_foot(county_ledger, view))
    assert cut_cells(tmp_path / "l.xlsx") == []


def test_small_print_is_noticed_with_what_to_do(county: Cli, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    axes = ("--as-of", "2024-12-31")
    assert county("report", "ledger", path, *axes).err == ""
    small = county("report", "ledger", path, "--paper", "A4", *axes)
    assert (small.code, "--columns" in small.err) == (0, True)
    chosen = "项目编号,项目名称,引进单位,总投资"
    assert county("report", "ledger", path, "--paper", "A4", "--columns", chosen, *axes).err == ""
    # Hidden columns make no row high: each is one line or two.
    sheet = openpyxl.load_workbook(path).worksheets[0]
    heights = {sheet.row_dimensions[number].height for number in range(4, sheet.max_row)}
    assert max(height or 15 for height in heights) <= 42
    assert sheet.max_column == len(COLUMNS)
