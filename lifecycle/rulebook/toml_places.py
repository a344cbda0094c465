"""Where each table and field of a rulebook stands in its file: line and column, both from 1.

`tomllib` gives values without their places, so that the text is scanned again. It has been read as
valid TOML before: the scan only follows keys, brackets and strings.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_KEY: Final = re.compile(r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'")
_BLANK: Final = re.compile(r"(?:[\s,]|#[^\n]*)*")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""+|\'\'\'[\s\S]*?\'\'\'+|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL
)
_PLAIN: Final = re.compile(r"[^\s,\]}#]+(?: [0-9][^\s,\]}#]*)?")
_NAMING_FIELDS: Final = ("id", "indicator", "name")
"""Fields by which a finding names an entry of a list, in place of its number."""

_KIND_OF_RULE: Final = re.compile(r"(rules\.([0-9]+))\.([a-z_]+)(?=\.)", re.ASCII)
"""How a reading names a field of a rule: after the rule's number and kind."""

_SPELLINGS: Final = {"time_limit": "limit"}
"""Field → how a file may write it as well."""

Path = tuple[str | int, ...]


class TextPlace(NamedTuple):
    """A line and a column of a text, both from 1."""

    line: int
    column: int


class TomlPlaces:
    """The places of a TOML text's tables, list entries and fields, by their paths."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offsets: dict[Path, int] = {}
        self._names: dict[Path, str] = {}
        self._counts: dict[Path, int] = {}
        self._kinds: dict[Path, str] = {}
        self._scan_document()

    def place(self, finding_place: str | None) -> TextPlace:
        """The place of `rules.plan.target` or `rules.0.where`, or of what is around it."""
        path: Path = ()
        left = self._without_kind(finding_place or "")
        while left:
            step = self._next_step(path, left)
            if step is None:
                break
            path, left = step
        offset = self._offsets.get(path, 0)
        line = self._text.count("\n", 0, offset) + 1
        return TextPlace(line, offset - self._text.rfind("\n", 0, offset))

    def _without_kind(self, finding_place: str) -> str:
        """The place without the kind of its rule: `outcome` is a kind, and a field as well."""
        match = _KIND_OF_RULE.match(finding_place)
        if match is None or self._kinds.get(("rules", int(match[2]))) != match[3]:
            return finding_place
        return match[1] + finding_place[match.end() :]

    def _next_step(self, path: Path, left: str) -> tuple[Path, str] | None:
        """The deeper path that a place leads to, and what is left of the place."""
        name, _dot, further = left.partition(".")
        for key in (name, int(name) if name.isdecimal() else name, _SPELLINGS.get(name, name)):
            if (*path, key) in self._offsets:
                return (*path, key), further
        for number in range(self._counts.get(path, 0)):
            # A rule's own name may have dots in it, such as `bonus.2`.
            entry_name = self._names.get((*path, number))
            if entry_name is not None and f"{left}.".startswith(f"{entry_name}."):
                return (*path, number), left[len(entry_name) + 1 :]
        # A model's own name, such as the kind of a rule, stands in no file.
        return (path, further) if further else None

    # Scanning -------------------------------------------------------------------------------------

    def _scan_document(self) -> None:
        table: Path = ()
        at = self._skip_blank(0)
        while at < len(self._text):
            if self._text[at] == "[":
                table, at = self._scan_header(at)
            else:
                at = self._scan_field(table, at)
            at = self._skip_blank(at)

    def _scan_header(self, at: int) -> tuple[Path, int]:
        start = at
        is_list = self._text.startswith("[[", at)
        keys, at = self._scan_keys(at + (2 if is_list else 1))
        path: Path = ()
        for key in keys:
            path = (*path, key)
            # A table below a list of tables belongs to the list's last entry.
            if path in self._counts and (len(path) < len(keys) or not is_list):
                path = (*path, self._counts[path] - 1)
            # A header such as [[vocabulary.traits]] makes the tables around it, too.
            self._offsets.setdefault(path, start)
        if is_list:
            path = self._add_entry(path, start)
        return path, self._text.index("]", at) + (2 if is_list else 1)

    def _scan_keys(self, at: int) -> tuple[list[str], int]:
        """The names of a dotted key, and where it ends."""
        keys = []
        while True:
            match = _KEY.match(self._text, self._skip_blank(at))
            assert match is not None  # the text was read as TOML
            keys.append(match.group().strip("\"'"))
            at = self._skip_blank(match.end())
            if not self._text.startswith(".", at):
                return keys, at
            at += 1

    def _scan_field(self, table: Path, at: int) -> int:
        keys, value_at = self._scan_keys(at)
        path = (*table, *keys)
        self._offsets[path] = at
        value_at = self._skip_blank(self._text.index("=", value_at) + 1)
        end = self._scan_value(path, value_at)
        value = self._text[value_at:end].strip("\"'")
        if keys[-1] in _NAMING_FIELDS and table not in self._names:
            self._names[table] = value
        if keys == ["kind"]:
            self._kinds[table] = value
        return end

    def _scan_value(self, path: Path, at: int) -> int:
        if self._text[at] == "{":
            return self._scan_inline_table(path, at)
        if self._text[at] == "[":
            return self._scan_list(path, at)
        match = _STRING.match(self._text, at) or _PLAIN.match(self._text, at)
        assert match is not None  # the text was read as TOML
        return match.end()

    def _scan_inline_table(self, path: Path, at: int) -> int:
        at = self._skip_blank(at + 1)
        while self._text[at] != "}":
            at = self._skip_blank(self._scan_field(path, at))
        return at + 1

    def _scan_list(self, path: Path, at: int) -> int:
        at = self._skip_blank(at + 1)
        while self._text[at] != "]":
            entry = self._add_entry(path, at)
            at = self._skip_blank(self._scan_value(entry, at))
        return at + 1

    def _add_entry(self, path: Path, at: int) -> Path:
        number = self._counts.get(path, 0)
        self._counts[path] = number + 1
        entry = (*path, number)
        self._offsets[entry] = at
        return entry

    def _skip_blank(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        assert match is not None  # it matches nothing, too
        return match.end()
