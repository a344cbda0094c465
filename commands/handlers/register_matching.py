"""Match the rows of a register with what the store holds, and name what stays open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from commands.handlers.file_rows import FileRow
from commands.handlers.importing import RowProblems
from commands.handlers.register_codes import CodeMaker
from commands.handlers.register_directory import (
    Identity,
    KnownEntry,
    RegisterDirectory,
    identities_of,
    signs_of,
)
from commands.handlers.register_findings import RegisterFinding, RegisterResult
from commands.handlers.register_rows import Register, RegisterRow
from lifecycle.deciding.claims import normalised_name
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_events import ProjectFiled
from lifecycle.rejections import EventName, Problem, Rejected, msg

_NO_YEAR: Final = msg("no code can be made: the column of the year is empty; the row is left out")
_NO_CODE: Final = msg("the row has no code; it is left out")


class RegisterMatching:
    """Finds the project or resource of each row."""

    def __init__(
        self,
        directory: RegisterDirectory,
        register: Register,
        result: RegisterResult,
    ) -> None:
        self._directory = directory
        self._register = register
        self._result = result
        self._subject = register.subject
        self._known: dict[int, str] = {}
        """The code of each row that is one of the store's."""
        self._new_codes: dict[int, str] = {}
        self._rejected: set[int] = set()

    def match(
        self, same: Mapping[int, str], new: frozenset[int]
    ) -> Iterator[tuple[RegisterRow, str]]:
        """Yield each row that may be recorded with its code, in the rows' order.

        Raises `Rejected` where `same` or `new` name what is not there.
        """
        self._check_answers(same, new)
        for row in self._register.rows:
            code = self._known_code(row, same)
            if code is not None:
                self._known[row.number] = code
        self._reject_rows_alike()
        perhaps = self._perhaps_same(new)
        self._list_vanished(perhaps)
        self._give_codes(set(perhaps))
        for row in self._register.rows:
            number = row.number
            if number in self._rejected:
                continue
            code = self._known.get(number) or self._new_codes.get(number)
            if code is not None:
                yield row, code

    def _check_answers(self, same: Mapping[int, str], new: frozenset[int]) -> None:
        numbers = {row.number for row in self._register.rows}
        for number in sorted({*same, *new} - numbers):
            raise Rejected.by("unknown_row", self._subject.sentences.unknown_row, row=number)
        for code in same.values():
            if self._directory.by_code(code) is None:
                rule = f"unknown_{self._subject.kind}"
                raise Rejected.by(rule, self._subject.sentences.unknown_code, code=code)

    # Known rows ---------------------------------------------------------------------------------

    def _known_code(self, row: RegisterRow, same: Mapping[int, str]) -> str | None:
        if row.number in same:
            return self._directory.by_code(same[row.number])
        code = self._code_in(row)
        if code is not None:
            known = self._directory.by_code(code)
            if known is not None:
                return known
            # A code whose report is void: the project may go on under another.
            if code not in self._directory.entries:
                return None
        codes = self._directory.by_identities(self._identities(row))
        if code is not None and code in codes:
            return code
        if len(codes) > 1:
            values: dict[str, object] = {"projects": sorted(codes), "row": row.number}
            rule = f"several_{self._subject.kind}s"
            self._reject(row, Problem(rule, self._subject.sentences.several, values))
            return None
        return next(iter(codes), None)

    def _code_in(self, row: RegisterRow) -> str | None:
        """Return the code that the row's own cell gives."""
        if self._register.code_pattern is not None or row.code.value is None:
            return None
        return str(row.code.value)

    def _reject_rows_alike(self) -> None:
        """Reject the second of two rows that are the same, naming both."""
        first_rows: dict[object, RegisterRow] = {}
        for row in self._register.rows:
            for sign in self._row_signs(row):
                first = first_rows.setdefault(sign, row)
                if first is row:
                    continue
                # A new row has no code yet and is named as the row names it.
                project = self._known.get(row.number) or _name(row)
                values: dict[str, object] = {
                    "first": first.number,
                    "second": row.number,
                    "project": project,
                }
                self._reject(row, Problem("rows_alike", self._subject.sentences.alike, values))
                break

    def _row_signs(self, row: RegisterRow) -> list[object]:
        """Return what no two rows may share."""
        known = self._known.get(row.number)
        if known is not None:
            return [known]
        code = self._code_in(row)
        if code is not None:
            return [folded_name(code)]
        return list(self._identities(row))

    # Rows that are perhaps what the workbook lacks ----------------------------------------------

    def _perhaps_same(self, new: frozenset[int]) -> dict[int, list[str]]:
        """Return the vanished codes that share a sign with a new row, by the row."""
        codes_by_sign = self._vanished_by_sign()
        decided = {*self._known, *new, *self._rejected}
        perhaps: dict[int, list[str]] = {}
        for row in self._register.rows:
            if row.number in decided:
                continue
            codes: set[str] = set()
            for sign in self._signs(row):
                codes.update(codes_by_sign.get(sign, ()))
            if codes:
                perhaps[row.number] = sorted(codes)
        for number, codes_of_row in perhaps.items():
            values: dict[str, object] = {"projects": codes_of_row, "row": number}
            problem = Problem("perhaps_the_same", self._subject.sentences.perhaps_row, values)
            finding = RegisterFinding(problem, number, self._register.code_heading)
            self._result.passed_over.append(finding)
        return perhaps

    def _vanished_by_sign(self) -> Mapping[tuple[str, str], list[str]]:
        codes_by_sign: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for entry in self._vanished_entries():
            for sign in entry.signs:
                codes_by_sign[sign].append(entry.code)
        return codes_by_sign

    def _vanished_entries(self) -> Iterator[KnownEntry]:
        """Yield what the store has and no row is; void reports and withdrawn resources are none."""
        present = set(self._known.values())
        for entry in self._directory.entries.values():
            if entry.founding is None or entry.is_withdrawn:
                continue
            if entry.code not in present:
                yield entry

    def _list_vanished(self, perhaps: Mapping[int, list[str]]) -> None:
        rows_of: defaultdict[str, list[int]] = defaultdict(list)
        for number, codes in perhaps.items():
            for code in codes:
                rows_of[code].append(number)
        for entry in self._vanished_entries():
            assert entry.founding is not None
            code = entry.code
            values: dict[str, object] = {"project": code, "name": entry.founding.name}
            template = self._subject.sentences.vanished
            if code in rows_of:
                template = self._subject.sentences.perhaps_vanished
                values["rows"] = rows_of[code]
            problem = Problem("vanished", template, values)
            finding = RegisterFinding(problem, None, None, code)
            self._result.vanished.append(finding)

    # New rows -----------------------------------------------------------------------------------

    def _give_codes(self, withheld: set[int]) -> None:
        """Give each new row its code, or list why it has none."""
        maker = None
        if self._register.code_pattern is not None:
            # Codes of void reports too: a number is never given twice.
            held_codes = [*self._directory.entries, *self._known.values()]
            maker = CodeMaker(self._register.code_pattern, held_codes)
        decided = {*self._known, *withheld, *self._rejected}
        for row in self._register.rows:
            number = row.number
            if number in decided:
                continue
            code = self._code_in(row)
            # Where codes are made, the row's cell is the year of its code.
            year = row.code.value
            if maker is not None and year is not None and self._identities(row):
                code = maker.next_code(str(year))
            if code is not None:
                self._new_codes[number] = code
            # A cell that cannot be read stops the import already, and is not empty.
            elif not row.problems:
                self._list_without_code(row)

    def _list_without_code(self, row: RegisterRow) -> None:
        if self._register.code_pattern is None:
            template = _NO_CODE
        else:
            no_identity = self._subject.sentences.no_identity
            template = _NO_YEAR if self._identities(row) else no_identity
        founding = self._subject.founding.__name__
        values: dict[str, object] = {"event": EventName(founding)}
        problem = Problem("missing", template, values)
        heading = self._register.code_heading
        finding = RegisterFinding(problem, row.number, heading, None, founding, self._subject.kind)
        self._result.missing.append(finding)

    def _reject(self, row: RegisterRow, problem: Problem) -> None:
        self._rejected.add(row.number)
        file_row = FileRow(row.number, {}, self._register.sheet)
        self._result.rejected.append(RowProblems(file_row, [problem]))

    # What a row tells of itself -----------------------------------------------------------------

    def _identities(self, row: RegisterRow) -> set[Identity]:
        name = _text(row, "name")
        if name is None or not normalised_name(name):
            return set()
        counterpart = _text(row, self._subject.counterpart)
        return identities_of(name, counterpart, _text(row, "investor_code"))

    def _signs(self, row: RegisterRow) -> set[tuple[str, str]]:
        return signs_of(
            _text(row, "name"),
            _text(row, self._subject.counterpart),
            _text(row, "investor_code"),
            _filing_code(row),
        )


def _text(row: RegisterRow, name: str) -> str | None:
    cell = row.identity_cell(name)
    if cell is None or cell.value is None:
        return None
    return str(cell.value)


def _name(row: RegisterRow) -> str:
    return _text(row, "name") or str(row.number)


def _filing_code(row: RegisterRow) -> str | None:
    for event in row.events:
        if event.kind is ProjectFiled and "project_code" in event.cells:
            value = event.cells["project_code"].value
            return None if value is None else str(value)
    return None
