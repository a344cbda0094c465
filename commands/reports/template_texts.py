"""What the templates of Word and PDF receive: texts alone, numbers already as print shows them.

The keys are those of `docs/reports.md`: offices write templates of their own against them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, TypedDict

from commands.reports.column_widths import TableFit, folded_heading, table_fit
from commands.reports.content import (
    DocumentColumn,
    DocumentContent,
    DocumentTable,
    Form,
    FormBatch,
    Notice,
    Section,
    TableRow,
    cell_text,
)
from commands.reports.foot import DocumentFoot
from commands.reports.issuing_office import NO_OFFICE, IssuingOffice
from commands.reports.wall_picture import WallPicture
from commands.reports.wall_texts import WallTexts, wall_texts
from commands.words import notice_part_words, report_words, situation_words
from commands.words.date_text import chinese_date

# Numbers stand at the right of their cells, all else at the left.
_NUMBER_SHAPES: Final = ("count", "points", "amount", "quantity", "share")
# Texts of columns that are declared wider begin at the left; those of others are centred.
_LEFT_FROM_WIDTH: Final = 7


class ColumnTexts(TypedDict):
    """A column: heading, width in Chinese characters, whether numbers, whether long texts."""

    heading: str
    width: float
    number: bool
    long: bool


class TableTexts(TypedDict):
    """A table, cell by cell; a small one is set in 9 points."""

    heading: str
    small: bool
    columns: list[ColumnTexts]
    rows: list[list[str]]


class SectionTexts(TypedDict):
    """A section of a notice."""

    heading: str
    sentences: list[str]
    tables: list[TableTexts]


class AnnexTexts(TypedDict):
    """An annex: `附件1`, its heading, its tables."""

    sign: str
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
    """Every section with its tables, for a template that prints no annexes."""
    body: list[SectionTexts]
    """Every section without tables; its last sentence names the annex that has them."""
    closing: str
    """The last sentence of the text, which stays on the page of the signature."""
    letterhead: str
    annex_list: list[str]
    annexes: list[AnnexTexts]
    addressees: str
    """主送机关; minutes have none."""
    attendance: list[str]
    """Of minutes alone: the labels of who was there. They take the place of the signature, and
    issuer and date stand above the red line."""
    copies_to: str
    printed_by: str
    printed_on: str
    dated: str
    forms: list[FormTexts]
    wall: WallTexts
    """What the picture of the county shows, for its own template."""
    issuer: str
    foot: list[str]
    code: str
    number: str


def template_texts(
    content: DocumentContent, foot: DocumentFoot, office: IssuingOffice = NO_OFFICE
) -> DocumentTexts:
    """A document as plain texts, for either kind of template."""
    if isinstance(content, Notice):
        texts = _notice_texts(content, office)
        texts["dated"] = chinese_date(foot.request.dated)
        texts |= _office_texts(office, texts["dated"])
        texts["attendance"] = list(content.attendance)
        if content.attendance:
            texts["addressees"] = ""
        issuer = office.issuer or content.issuer
        texts["letterhead"] = content.letterhead or notice_part_words.letterhead(issuer)
    elif isinstance(content, WallPicture):
        texts = {"title": [content.title], "wall": wall_texts(content)}
        # The picture is the leading group's: no office signs or numbers it.
        issuer = content.issuer
    else:
        texts = _form_batch_texts(content)
        issuer = office.issuer or content.issuer
    texts["issuer"] = issuer
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


def _notice_texts(notice: Notice, office: IssuingOffice) -> DocumentTexts:
    sections = [*notice.sections, *_requirements(notice, office)]
    # The tables of the text come first; sentences about them stay in the text.
    parts = [replace(section, sentences=()) for section in sections if section.tables]
    parts += notice.annexes
    annexes = [_annex_texts(number, len(parts), part) for number, part in enumerate(parts, 1)]
    sign_of = {annex["heading"]: annex["sign"] for annex in annexes}
    body = []
    for number, section in enumerate(sections, start=1):
        heading = report_words.section_heading(number, section.heading)
        body.append(_body_texts(heading, section, sign_of.get(section.heading)))
    texts = []
    for number, section in enumerate((*sections, *notice.annexes), start=1):
        heading = report_words.section_heading(number, section.heading)
        texts.append(_section_texts(heading, section))
    # Taken off the body: a template keeps it with the signature, which no page may bear alone.
    closing = body[-1]["sentences"].pop()
    return {
        "title": list(notice.title),
        "opening": notice.opening,
        "sections": texts,
        "body": body,
        "closing": closing,
        "annex_list": notice_part_words.annex_list(part.heading for part in parts),
        "annexes": annexes,
    }


def _requirements(notice: Notice, office: IssuingOffice) -> Iterator[Section]:
    """下步要求, with which a notice ends; a meeting states its own decisions instead."""
    if not notice.letterhead:
        sentences = office.requirements or notice.requirements
        yield Section(situation_words.REQUIREMENTS_HEADING, sentences)


def _annex_texts(number: int, count: int, part: Section) -> AnnexTexts:
    return {
        "sign": notice_part_words.annex_sign(number, count),
        "heading": part.heading,
        "sentences": list(part.sentences),
        "tables": _tables_texts(part.tables),
    }


def _body_texts(heading: str, section: Section, sign: str | None) -> SectionTexts:
    """A section as the text of the notice has it, without its tables."""
    sentences = list(section.sentences)
    if sign is not None:
        place = section.about_tables
        sentences[place] = notice_part_words.see_annex(sentences[place], sign)
    return {"heading": heading, "sentences": sentences, "tables": []}


def _office_texts(office: IssuingOffice, printed_on: str) -> DocumentTexts:
    """What stands around the text: to whom it goes, and who prints it when."""
    copies = notice_part_words.COPIES_TO.format(names=office.copies_to.removesuffix("。"))
    return {
        "addressees": notice_part_words.addressed_to(office.addressees),
        "copies_to": copies if office.copies_to else "",
        "printed_by": office.printed_by,
        "printed_on": notice_part_words.PRINTED.format(day=printed_on),
    }


def _section_texts(heading: str, section: Section) -> SectionTexts:
    return {
        "heading": heading,
        "sentences": list(section.sentences),
        "tables": _tables_texts(section.tables),
    }


def _tables_texts(tables: Sequence[DocumentTable]) -> list[TableTexts]:
    """The tables of a section; a single one stands under the section's own heading."""
    fits = _fits_by_columns(tables)
    texts = []
    for number, table in enumerate(tables, start=1):
        heading = "" if len(tables) == 1 else report_words.table_heading(number, table.name)
        texts.append(_table_texts(heading, table, fits[table.columns]))
    return texts


def _fits_by_columns(
    tables: Sequence[DocumentTable],
) -> dict[tuple[DocumentColumn, ...], TableFit]:
    """The widths of each table; tables with the same columns have the same widths."""
    rows_by_columns: dict[tuple[DocumentColumn, ...], list[list[str]]] = {}
    for table in tables:
        rows = rows_by_columns.setdefault(table.columns, [])
        rows.extend(_row_texts(row, table.columns) for row in table.rows)
    return {columns: table_fit(columns, rows) for columns, rows in rows_by_columns.items()}


def _row_texts(row: TableRow, columns: Sequence[DocumentColumn]) -> list[str]:
    cells = zip(row, columns, strict=True)
    return [cell_text(value, column.shape) for value, column in cells]


def _table_texts(heading: str, table: DocumentTable, fit: TableFit) -> TableTexts:
    columns: list[ColumnTexts] = []
    for column, width in zip(table.columns, fit.widths, strict=True):
        columns.append(
            {
                "heading": folded_heading(column.heading, width),
                "width": round(width, 2),
                "number": column.shape in _NUMBER_SHAPES,
                "long": column.width > _LEFT_FROM_WIDTH,
            }
        )
    return {
        "heading": heading,
        "small": fit.is_small,
        "columns": columns,
        "rows": [_row_texts(row, table.columns) for row in table.rows],
    }


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
