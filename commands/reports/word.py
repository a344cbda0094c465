"""Word by docxtpl: a template and texts in; text that looks like markup stays text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError

from commands.reports.pdf import qr_code
from commands.reports.template_texts import ColumnTexts, DocumentTexts, FormTexts
from lifecycle.rejections import StoreError, msg
from lifecycle.zip_headers import unify_zip_headers

# The text of an official page is 156 mm wide (GB/T 9704); Word counts twentieths of a point.
_TEXT_WIDTH: Final = 8844
# Excel, Word and readers of their properties cut keywords at this length.
_LONGEST_KEYWORDS: Final = 255
_LINES_FOR_HANDWRITING: Final = 3
_ROWS_TOGETHER: Final = 3
# Of a row without texts, which is written in by hand.
_HEIGHT_FOR_HANDWRITING: Final = Mm(9)


def write_docx(texts: DocumentTexts, template: Path) -> bytes:
    """Fill a template and return the document's bytes.

    Raises `StoreError` if the template cannot be used.
    """
    picture = io.BytesIO()
    qr_code(texts["code"]).save(
        picture,
        kind="png",
        border=0,
        scale=4,
    )
    picture.seek(0)
    try:
        document = DocxTemplate(template)
        context = {
            **texts,
            "forms": _with_room_for_handwriting(texts.get("forms", ())),
            "qr": InlineImage(document, picture, width=Mm(22)),
        }
        document.render(context, autoescape=True)
    except (BadZipFile, OpcError, TemplateError, KeyError, ValueError, SyntaxError) as error:
        raise StoreError(
            msg("{path} cannot be used as a template: {why}"),
            path=template,
            why=str(error),
        ) from None
    _set_column_widths(document, texts)
    _set_properties(document, texts)
    target = io.BytesIO()
    document.save(target)
    unify_zip_headers(target)
    return target.getvalue()


def _with_room_for_handwriting(forms: Iterable[FormTexts]) -> list[dict[str, Any]]:
    """Forms whose tall fields are some lines high."""
    roomy_forms = []
    for form in forms:
        entries = []
        for entry in form["entries"]:
            room = "\n" * _LINES_FOR_HANDWRITING if entry["tall"] else ""
            entries.append({**entry, "text": entry["text"] + room})
        roomy_forms.append({**form, "entries": entries})
    return roomy_forms


def _set_properties(document: DocxTemplate, texts: DocumentTexts) -> None:
    """Write title and issuer, and the code a second time, where no line break divides it."""
    properties = document.docx.core_properties
    properties.title = "".join(texts["title"])
    properties.author = texts["issuer"]
    # The library's own texts stand there otherwise, also in an office's template made from ours.
    properties.comments = ""
    properties.language = "zh-CN"
    properties.keywords = texts["code"][:_LONGEST_KEYWORDS]


def _set_column_widths(document: DocxTemplate, texts: DocumentTexts) -> None:
    """Give every table of the content its column widths, and align its cells."""
    columns_by_headings = _columns_by_headings(texts)
    for table in document.docx.element.body.iter(qn("w:tbl")):
        columns = columns_by_headings.get(_headings(table))
        if columns is not None:
            _shape_table(table, columns)


def _columns_by_headings(texts: DocumentTexts) -> dict[tuple[str, ...], list[ColumnTexts]]:
    """The columns of each table; a rendered table is recognised by its headings."""
    columns_by_headings = {}
    for section in texts.get("sections", ()):  # every table, also those of the annexes
        for table in section["tables"]:
            columns = table["columns"]
            headings = tuple(column["heading"].replace("\n", "") for column in columns)
            columns_by_headings[headings] = columns
    return columns_by_headings


def _headings(table: Any) -> tuple[str, ...]:
    """The texts of a rendered table's first row."""
    rows = table.tr_lst
    if not rows:
        return ()
    headings = []
    for cell in rows[0].tc_lst:
        headings.append("".join(text.text or "" for text in cell.iter(qn("w:t"))))
    return tuple(headings)


def _shape_table(table: Any, columns: Sequence[ColumnTexts]) -> None:
    widths = _widths(columns)
    for grid_column, width in zip(table.tblGrid.gridCol_lst, widths, strict=True):
        grid_column.set(qn("w:w"), str(width))
    for number, row in enumerate(table.tr_lst):
        for cell, column, width in zip(row.tc_lst, columns, widths, strict=True):
            cell.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), str(width))
            is_heading = number == 0
            if not is_heading:
                _align(cell, column)
        if not any(text.text for text in row.iter(qn("w:t"))):
            row.trHeight_val = _HEIGHT_FOR_HANDWRITING
    _keep_last_rows_together(table)


def _keep_last_rows_together(table: Any) -> None:
    """Let no last row stand alone at the head of a page."""
    for row in table.tr_lst[-_ROWS_TOGETHER:-1]:
        for paragraph in row.iter(qn("w:p")):
            paragraph.get_or_add_pPr().keepNext_val = True


def _widths(columns: Sequence[ColumnTexts]) -> list[int]:
    """The text's width shared out by the widths of the columns."""
    whole = sum(column["width"] for column in columns)
    return [int(column["width"] * _TEXT_WIDTH / whole) for column in columns]


def _align(cell: Any, column: ColumnTexts) -> None:
    """Set numbers to the right and long texts to the left; the template centres the rest."""
    if column["number"]:
        alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif column["long"]:
        alignment = WD_ALIGN_PARAGRAPH.LEFT
    else:
        return
    for paragraph in cell.p_lst:
        paragraph.alignment = alignment
