"""A workbook's structure: its sheets, their parts, the cell styles and the shared strings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from commands.intake.workbook_numbers import NumberStyle, number_style
from commands.intake.workbook_xml import PartParser

TEXT_ELEMENTS: Final = frozenset({"t", "v"})
# A worksheet has a million rows: a longer list was made to fill memory.
_MAX_SHARED_STRINGS: Final = 1_000_000
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class TooManyCells(ValueError):  # noqa: N818 -- a fault of the file
    """A sheet holds more than is allowed; `most` says how much that is."""

    def __init__(self, place: str, most: int) -> None:
        super().__init__(place)
        self.most = most


class MalformedSheet(ValueError):  # noqa: N818 -- a fault of the file
    """A cell's place or value cannot be what an office program writes."""


class WorkbookOutline:
    """The sheets' names with the ids of their relations, and the date system."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.hidden_sheets: set[str] = set()
        self.is_1904 = False
        self.parser = PartParser(self._start, _ignore_end, frozenset())

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "workbookPr":
            self.is_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            if attributes.get("state", "visible") != "visible":
                self.hidden_sheets.add(attributes["name"])
            for attribute, value in attributes.items():
                # Strict and transitional workbooks have different namespaces, which end alike.
                if attribute.endswith("/relationships id"):
                    self.sheets.append((attributes["name"], value))


class PartRelations:
    """The workbook's parts by the ids of their relations."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.parser = PartParser(self._start, _ignore_end, frozenset())

    def part_of(self, kind: str) -> str | None:
        """Return the target of the first relation of a kind."""
        for relation, relation_kind in self.kinds.items():
            if relation_kind == kind:
                return self.targets[relation]
        return None

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        # What lies outside of the file is never opened.
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes["Id"]] = attributes["Target"]
            self.kinds[attributes["Id"]] = attributes["Type"].rpartition("/")[2]


class CellStyles:
    """What a number means in each cell style."""

    def __init__(self, styles: list[NumberStyle]) -> None:
        self._styles = styles
        self._codes: dict[int, str] = {}
        self._in_cell_styles = False
        self.parser = PartParser(self._start, self._end, frozenset())

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        # `xf` stands in cellStyleXfs as well, to which no cell refers.
        if name == "cellXfs":
            self._in_cell_styles = True
        elif name == "numFmt" and "numFmtId" in attributes:
            self._codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "xf" and self._in_cell_styles:
            format_id = int(attributes.get("numFmtId", "0"))
            self._styles.append(number_style(format_id, self._codes.get(format_id)))

    def _end(self, name: str, _text: str) -> None:
        if name == "cellXfs":
            self._in_cell_styles = False


class SharedStrings:
    """The texts that cells refer to by number."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._runs: list[str] = []
        self._in_phonetic = False
        self.parser = PartParser(self._start, self._end, TEXT_ELEMENTS)

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._runs.clear()
        elif name == "rPh":
            # A reading aid stands beside a text and is no part of it.
            self._in_phonetic = True

    def _end(self, name: str, text: str) -> None:
        if name == "t" and not self._in_phonetic:
            self._runs.append(text)
        elif name == "rPh":
            self._in_phonetic = False
        elif name == "si":
            self._strings.append(unescaped("".join(self._runs)))
            if len(self._strings) > _MAX_SHARED_STRINGS:
                raise TooManyCells("shared strings", _MAX_SHARED_STRINGS)


def _ignore_end(_name: str, _text: str) -> None:
    """Look at the beginning of elements only."""


def unescaped(text: str) -> str:
    """Read `_x000D_` as the character that it stands for (ECMA-376, ST_Xstring)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
