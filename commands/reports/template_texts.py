"""What the templates of Word and PDF receive: texts alone, numbers already as print shows them.

The keys are those of `docs/reports.md`: offices write templates of their own against them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypedDict

from commands.reports.content import (
    DocumentColumn,
    DocumentContent,
    DocumentTable,
    Form,
    FormBatch,
    Notice,
    Section,
    cell_text,
)
from commands.reports.foot import DocumentFoot
from commands.words import report_words
from commands.words.date_text import chinese_date

# Numbers stand at the right of their cells, all else at the left.
_NUMBER_SHAPES: Final = ("count", "points", "amount", "quantity", "share")


class ColumnTexts(TypedDict):
    """A column: its heading, width in Chinese characters, whether it holds numbers."""

    heading: str
    width: int
    number: bool


class TableTexts(TypedDict):
    """A table, cell by cell."""

    heading: str
    columns: list[ColumnTexts]
    rows: list[list[str]]


class SectionTexts(TypedDict):
    """A section of a notice."""

    heading: str
    sentences: list[str]
    tables: list[TableTexts]


class EntryTexts(TypedDict):
    """A field of a form."""

    label: str
    text: str
    tall: bool


class FormTexts(TypedDict):
    """A form of one page."""

    title: str
    number: str
    signatures: list[str]
    history: list[str]
    entries: list[EntryTexts]


class DocumentTexts(TypedDict, total=False):
    """A document: the parts of a notice or of a batch of forms, and what both have."""

    title: list[str]
    opening: str
    sections: list[SectionTexts]
    dated: str
    forms: list[FormTexts]
    issuer: str
    foot: list[str]
    code: str
    number: str


def template_texts(content: DocumentContent, foot: DocumentFoot) -> DocumentTexts:
    """A document as plain texts, for either kind of template."""
    if isinstance(content, Notice):
        texts = _notice_texts(content)
        texts["dated"] = chinese_date(foot.request.dated)
    else:
        texts = _form_batch_texts(content)
    texts["issuer"] = content.issuer
    texts["foot"] = list(foot.lines())
    texts["code"] = foot.code
    texts["number"] = foot.request.number
    return texts


def every_text(value: object) -> Iterator[str]:
    """Every text within the texts of a document, in order."""
    if isinstance(value, dict):
        for part in value.values():
            yield from every_text(part)
    elif isinstance(value, list):
        for part in value:
            yield from every_text(part)
    elif isinstance(value, str):
        yield value


def _notice_texts(notice: Notice) -> DocumentTexts:
    sections = []
    for number, section in enumerate(notice.sections, start=1):
        heading = report_words.section_heading(number, section.heading)
        sections.append(_section_texts(heading, section))
    return {
        "title": list(notice.title),
        "opening": notice.opening,
        "sections": sections,
    }


def _section_texts(heading: str, section: Section) -> SectionTexts:
    return {
        "heading": heading,
        "sentences": list(section.sentences),
        "tables": _tables_texts(section.tables),
    }


def _tables_texts(tables: Sequence[DocumentTable]) -> list[TableTexts]:
    """The tables of a section; a single one stands under the section's own heading."""
    if len(tables) == 1:
        return [_table_texts("", tables[0])]
    texts = []
    for number, table in enumerate(tables, start=1):
        texts.append(_table_texts(report_words.table_heading(number, table.name), table))
    return texts


def _table_texts(heading: str, table: DocumentTable) -> TableTexts:
    columns: list[ColumnTexts] = []
    for column in table.columns:
        columns.append(
            {
                "heading": folded_heading(column),
                "width": column.width,
                "number": column.shape in _NUMBER_SHAPES,
            }
        )
    rows = []
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        rows.append([cell_text(value, column.shape) for value, column in cells])
    return {
        "heading": heading,
        "columns": columns,
        "rows": rows,
    }


def folded_heading(column: DocumentColumn) -> str:
    """A heading broken into two lines where its column is too narrow for one."""
    if len(column.heading) <= column.width:
        return column.heading
    half = (len(column.heading) + 1) // 2
    return f"{column.heading[:half]}\n{column.heading[half:]}"


def _form_batch_texts(batch: FormBatch) -> DocumentTexts:
    return {
        "title": [batch.name],
        "forms": [_form_texts(form) for form in batch.forms],
    }


def _form_texts(form: Form) -> FormTexts:
    entries: list[EntryTexts] = []
    for entry in form.entries:
        entries.append(
            {
                "label": entry.label,
                "text": entry.text,
                "tall": entry.tall,
            }
        )
    return {
        "title": form.title,
        "number": form.number,
        "signatures": list(form.signatures),
        "history": list(form.history),
        "entries": entries,
    }
