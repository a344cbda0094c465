"""资源清单 in the ledger workbook: what the county offers, and on what each allotment rests."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from commands.reports.content import CellValue, ColumnShape, DocumentColumn, TableRow
from commands.reports.excel import (
    FIRST_ROW,
    PageLayout,
    WorkbookWriter,
    add_table_sheet,
    finish_table_sheet,
)
from commands.reports.excel_cells import Worksheet, row_height, write_cell
from commands.words import ledger_words, report_words, resource_words
from commands.words.vocabulary_words import word
from lifecycle.deciding.resource_course import Allotment
from projections.scoring.result_view import View
from projections.views.resource_view import ResourceDetails

# A column: heading, shape, width in Chinese characters, and what stands in the row of units.
_HEADINGS: Final[tuple[tuple[str, ColumnShape, int, str], ...]] = (
    (ledger_words.NUMBER, "count", 3, ""),
    (resource_words.CODE, "text", 8, ""),
    (resource_words.KIND, "text", 6, ""),
    (resource_words.NAME, "text", 12, ""),
    (resource_words.LOCATION, "text", 10, ""),
    (resource_words.LAND, "amount", 6, resource_words.MU),
    (resource_words.FLOORS, "amount", 7, resource_words.M2),
    (resource_words.FREE_LAND, "amount", 6, resource_words.MU),
    (resource_words.FREE_FLOORS, "amount", 7, resource_words.M2),
    (resource_words.INDUSTRIES, "text", 10, ""),
    (resource_words.PRICE, "text", 10, ""),
    (resource_words.AVAILABLE_ON, "date", 7, ledger_words.DATE_UNIT),
    (resource_words.STATUS, "text", 5, ""),
    (resource_words.ALLOTMENTS, "text", 24, ""),
)
_COLUMNS: Final = tuple(
    DocumentColumn(heading, shape, width) for heading, shape, width, _unit in _HEADINGS
)
_UNITS: Final = tuple(unit for _heading, _shape, _width, unit in _HEADINGS)
_WIDTHS: Final = tuple(column.width for column in _COLUMNS)
_SUMMED_PLACES: Final = tuple(
    place for place, column in enumerate(_COLUMNS) if column.shape == "amount"
)
# The label of the sums stands under the resource's name.
_SUM_PLACE: Final = 3


class ResourceSheet:
    """The worksheet of the resources, written once the projects have passed by.

    A county without resources has no such worksheet, and the workbook's digest stays as it was.
    """

    def __init__(self, resources: Sequence[ResourceDetails]) -> None:
        self._resources = resources
        codes: set[str] = set()
        for details in resources:
            codes.update(details.row.projects)
        # Only of projects that have some of the resources: a county may have 100,000 others.
        self._names = dict.fromkeys(codes, "")

    def name_project(self, project_row: TableRow) -> None:
        """Learn the name of a project from its row, which begins with code and name."""
        code, name = str(project_row[0]), str(project_row[1])
        if code in self._names:
            self._names[code] = name

    def write(
        self,
        book: WorkbookWriter,
        view: View,
        paper: str,
    ) -> list[TableRow]:
        """Add the worksheet, and return its rows without the sums."""
        if not self._resources:
            return []
        county = report_words.county_name(view.rulebook.rulebook.issuer)
        title = resource_words.resource_list_title(county, view.as_of.isoformat())
        # The columns that a reader chose are those of projects, so that all of these are shown.
        layout = PageLayout(paper)
        name = resource_words.RESOURCE_LIST
        sheet = add_table_sheet(book, name, title, _COLUMNS, _UNITS, layout)
        rows = self._rows()
        for place, row in enumerate(rows, start=FIRST_ROW):
            # Constant memory: a row's height is set before its cells, and rows follow in order.
            sheet.set_row(place, row_height(row, _WIDTHS))
            _write_row(book, sheet, place, row)
        last_row = FIRST_ROW - 1 + len(rows)
        _write_row(book, sheet, last_row + 1, self._sums(rows))
        finish_table_sheet(sheet, _COLUMNS, last_row, rows_below=1)
        return rows

    def _rows(self) -> list[TableRow]:
        rows: list[TableRow] = []
        for number, details in enumerate(self._resources, start=1):
            allotments: list[str] = []
            for allotment in details.row.allotments:
                allotments.append(self._allotment_text(details, allotment))
            rows.append((number, *_listed_cells(details), "；".join(allotments) or None))
        return rows

    def _allotment_text(self, details: ResourceDetails, allotment: Allotment) -> str:
        """A project with its area, and the record and document that this rests on."""
        recorded = details.recorded(allotment)
        project = f"{allotment.project} {self._names[allotment.project]}".rstrip()
        areas = resource_words.areas_text(*allotment.areas)
        day = allotment.on.isoformat()
        ground = resource_words.ground_text(day, recorded.ref, recorded.event.source_ref)
        return f"{project} {areas}（{ground}）"

    def _sums(self, rows: Sequence[TableRow]) -> TableRow:
        """The areas of what is offered: nobody can have what was withdrawn."""
        sums: list[CellValue] = [None] * len(_COLUMNS)
        sums[_SUM_PLACE] = resource_words.SUM_OF_OFFERED
        for place in _SUMMED_PLACES:
            total = Fraction(0)
            for details, row in zip(self._resources, rows, strict=True):
                area = row[place]
                if details.row.status != "withdrawn" and isinstance(area, Fraction):
                    total += area
            sums[place] = total
        return tuple(sums)


def _listed_cells(details: ResourceDetails) -> TableRow:
    row, listing = details.row, details.row.listing
    listed = details.facts.course.listed
    return (
        row.resource,
        word(listing.kind),
        listing.name,
        listing.location,
        _area(listed.mu, listing.area_mu),
        _area(listed.floor_m2, listing.floor_area_m2),
        _area(row.free.mu, listing.area_mu),
        _area(row.free.floor_m2, listing.floor_area_m2),
        "、".join(listing.industries) or None,
        resource_words.price_text(listing.price, listing.price_per) or None,
        listing.available_on,
        word(row.status),
    )


def _area(area: Decimal, listed: str | None) -> Fraction | None:
    """Return an area as exact; None where the list says nothing of its kind."""
    return None if listed is None else Fraction(area)


def _write_row(
    book: WorkbookWriter,
    sheet: Worksheet,
    number: int,
    row: TableRow,
) -> None:
    for place, (value, column) in enumerate(zip(row, _COLUMNS, strict=True)):
        write_cell(sheet, number, place, value, book.cells[column.shape])
