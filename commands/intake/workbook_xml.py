"""XML of a workbook's parts, parsed as a stream: elements by their local names, texts bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from xml.parsers import expat

# Excel allows 32,767 characters in a cell; escapes and formatting make its XML longer.
_MAX_TEXT: Final = 1 << 20
# An unfinished tag or attribute is held whole by the parser.
_MAX_TOKEN: Final = 1 << 20
_MAX_DEPTH: Final = 64


class XmlLimit(ValueError):  # noqa: N818 -- a fault of the file, not of the program
    """The XML is malformed, or larger in one place than any office program writes it."""


class PartParser:
    """Calls `on_start(name, attributes)` and `on_end(name, text)` for each element of a part.

    `text` is the character data directly before the end of an element that `wants_text`.
    """

    def __init__(
        self,
        on_start: Callable[[str, Mapping[str, str]], None],
        on_end: Callable[[str, str], None],
        wants_text: frozenset[str],
    ) -> None:
        self._on_start = on_start
        self._on_end = on_end
        self._wants_text = wants_text
        self._texts: list[str] = []
        self._length = 0
        self._depth = 0
        self._capturing = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._character_data
        # No office program writes a document type; entities in one may expand without end.
        self._parser.StartDoctypeDeclHandler = self._doctype

    def parse(self, pieces: Iterable[bytes]) -> None:
        """Parse a part. Raises `XmlLimit`."""
        fed = 0
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)  # noqa: FBT003 -- expat takes it by position
                fed += len(piece)
                if fed - self._parser.CurrentByteIndex > _MAX_TOKEN:
                    raise XmlLimit(f"line {self._parser.CurrentLineNumber}: a tag of over 1 MiB")
            self._parser.Parse(b"", True)  # noqa: FBT003
        # Python raises LookupError for the name of an encoding that it does not know.
        except (expat.ExpatError, LookupError) as error:
            raise XmlLimit(str(error)) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise XmlLimit(f"line {self._parser.CurrentLineNumber}: over {_MAX_DEPTH} levels")
        local = name.rpartition(" ")[2]
        self._capturing = local in self._wants_text
        self._texts.clear()
        self._length = 0
        try:
            self._on_start(local, attributes)
        except KeyError as error:
            place = f"line {self._parser.CurrentLineNumber}"
            raise XmlLimit(f"{place}: {local} without {error.args[0]}") from error

    def _end(self, name: str) -> None:
        self._depth -= 1
        text = "".join(self._texts) if self._capturing else ""
        self._capturing = False
        self._on_end(name.rpartition(" ")[2], text)

    def _character_data(self, data: str) -> None:
        if not self._capturing:
            return
        self._texts.append(data)
        self._length += len(data)
        if self._length > _MAX_TEXT:
            raise XmlLimit(f"line {self._parser.CurrentLineNumber}: a text of over 1 MiB")

    def _doctype(self, *_declaration: object) -> None:
        raise XmlLimit("a document type declaration")
