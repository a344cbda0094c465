"""Word by docxtpl: a template and texts in; text that looks like markup stays text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError

from commands.reports.pdf import qr
from lifecycle.rejections import StoreError, msg

LONG: Final = 7
"""Texts of wider columns begin at the left, shorter ones stand in the middle."""
_WIDTH: Final = 8844
"""The text's width of 156 mm in twentieths of a point."""


def write_docx(told: dict[str, Any], template: Path) -> bytes:
    """A document's bytes. Raises `StoreError` where the template is none."""
    picture = io.BytesIO()
    qr(told["code"]).save(picture, kind="png", border=0, scale=4)
    picture.seek(0)
    try:
        document = DocxTemplate(template)
        document.render(
            {
                **told,
                "forms": _roomy(told.get("forms", ())),
                "qr": InlineImage(document, picture, width=Mm(22)),
            },
            autoescape=True,
        )
    except (TemplateError, KeyError, ValueError) as error:
        raise StoreError(
            msg("{path} cannot be used as a template: {why}"), path=template, why=str(error)
        ) from None
    _widths(document, told)
    _properties(document, told)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _roomy(forms: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Forms whose fields for handwriting are some lines high."""
    return [
        {
            **form,
            "entries": [
                {**entry, "text": entry["text"] + "\n" * 3 * entry["tall"]}
                for entry in form["entries"]
            ],
        }
        for form in forms
    ]


def _properties(document: DocxTemplate, told: dict[str, Any]) -> None:
    """The code goes into the file's properties too, where no line break divides it."""
    core = document.docx.core_properties
    core.title, core.author, core.keywords = (
        "".join(told["title"]),
        told["issuer"],
        told["code"][:255],
    )


def _widths(document: DocxTemplate, told: dict[str, Any]) -> None:
    """Give columns their widths and set numbers to the right; a table is known by its headings."""
    known = {
        tuple(column["heading"].replace("\n", "") for column in table["columns"]): table["columns"]
        for section in told.get("sections", ())
        for table in section["tables"]
    }
    for table in document.docx.element.body.iter(qn("w:tbl")):
        rows = table.tr_lst
        columns = (
            known.get(
                tuple(
                    "".join(text.text or "" for text in cell.iter(qn("w:t")))
                    for cell in rows[0].tc_lst
                )
            )
            if rows
            else None
        )
        if columns is not None:
            _shape(table, columns)


def _shape(table: Any, columns: list[dict[str, Any]]) -> None:
    whole = sum(column["width"] for column in columns)
    widths = [column["width"] * _WIDTH // whole for column in columns]
    for grid, width in zip(table.tblGrid.gridCol_lst, widths, strict=True):
        grid.set(qn("w:w"), str(width))
    for number, row in enumerate(table.tr_lst):
        for cell, column, width in zip(row.tc_lst, columns, widths, strict=True):
            cell.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), str(width))
            if number and (column["number"] or column["width"] > LONG):
                for paragraph in cell.p_lst:
                    paragraph.alignment = (
                        WD_ALIGN_PARAGRAPH.RIGHT if column["number"] else WD_ALIGN_PARAGRAPH.LEFT
                    )
