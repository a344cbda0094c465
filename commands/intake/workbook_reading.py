"""An .xlsx workbook, read cell by cell: only filled cells take memory, wherever they stand.

A library that lays out the used range takes hundreds of gigabytes for one cell at XFD1048576, and
reads an error or a formula that was never calculated as an empty cell.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from types import TracebackType
from typing import Self

from commands.intake.workbook_numbers import DateSystem, NumberStyle
from commands.intake.workbook_parts import WorkbookParts
from commands.intake.workbook_structure import (
    CellStyles,
    MalformedSheet,
    PartRelations,
    SharedStrings,
    TooManyCells,
    WorkbookOutline,
)
from commands.intake.workbook_xml import PartParser, XmlLimit
from commands.intake.worksheet_cells import SheetContent, SheetReader


class WorkbookFile:
    """An open workbook. Raises `StoreError` where it is damaged or exceeds a bound."""

    def __init__(self, path: Path) -> None:
        self._parts = WorkbookParts(path)
        self._sheet_parts: dict[str, str] = {}
        self._hidden_sheets: set[str] = set()
        self._date_system = DateSystem()
        self._styles: list[NumberStyle] = []
        self._shared: list[str] = []
        self._cell_count = 0
        try:
            self._read_structure()
        except BaseException:
            # No `with` runs yet that would close the file.
            self._parts.__exit__(None, None, None)
            raise

    def __enter__(self) -> Self:
        """Return the open workbook."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._parts.__exit__(kind, error, trace)

    @property
    def sheet_names(self) -> list[str]:
        """The sheets in the workbook's order, hidden ones too."""
        return list(self._sheet_parts)

    @property
    def visible_sheet_names(self) -> list[str]:
        """The sheets that a reader sees."""
        return [name for name in self._sheet_parts if name not in self._hidden_sheets]

    def sheet(self, name: str) -> SheetContent:
        """Read a sheet."""
        reader = SheetReader(self._date_system, self._styles, self._shared, self._cell_count)
        try:
            reader.parser.parse(self._parts.pieces(self._sheet_parts[name]))
        except TooManyCells as error:
            raise self._parts.too_large(str(error), error.most) from error
        except MalformedSheet as error:
            raise self._parts.unreadable(f"{name}!{error}") from error
        except (XmlLimit, ValueError, IndexError) as error:
            raise self._parts.unreadable(f"{name}: {error}") from error
        # The bound holds for all sheets together.
        self._cell_count = reader.cell_count
        return reader.content

    def _read_structure(self) -> None:
        outline = WorkbookOutline()
        relations = PartRelations()
        self._parse(outline.parser, "xl/workbook.xml")
        self._parse(relations.parser, "xl/_rels/workbook.xml.rels")
        self._date_system = DateSystem(outline.is_1904)
        self._hidden_sheets = outline.hidden_sheets
        for name, relation in outline.sheets:
            target = relations.targets.get(relation, "")
            # Sheets of charts or macros hold no cells.
            if relations.kinds.get(relation) == "worksheet":
                self._sheet_parts[name] = _part_name(target)
        shared_part = relations.part_of("sharedStrings")
        if shared_part:
            strings = SharedStrings(self._shared)
            self._parse(strings.parser, _part_name(shared_part))
        styles_part = relations.part_of("styles")
        if styles_part:
            styles = CellStyles(self._styles)
            self._parse(styles.parser, _part_name(styles_part))

    def _parse(self, parser: PartParser, part: str) -> None:
        try:
            parser.parse(self._parts.pieces(part))
        except TooManyCells as error:
            raise self._parts.too_large(str(error), error.most) from error
        except (XmlLimit, ValueError) as error:
            raise self._parts.unreadable(f"{part}: {error}") from error


def _part_name(target: str) -> str:
    """Resolve a relation's target against the folder of the workbook's part."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join("xl", target))
