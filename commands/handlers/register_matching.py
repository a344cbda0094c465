"""Match the rows of a register with the projects of the store, and name what stays open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from commands.handlers.importing import FileRow, RowProblems
from commands.handlers.register_findings import RegisterFinding, RegisterResult
from commands.handlers.register_projects import (
    CodeMaker,
    Identity,
    KnownProject,
    ProjectDirectory,
    identities_of,
    signs_of,
)
from commands.handlers.register_rows import Register, RegisterRow
from lifecycle.deciding.claims import normalised_name
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_events import InformationReported, ProjectFiled
from lifecycle.rejections import EventName, Problem, Rejected, msg

_ALIKE: Final = msg("rows {first} and {second} are the same project ({project})")
_SEVERAL: Final = msg(
    "investor and name are those of several projects ({projects}): say which by --same CODE={row}"
)
_UNKNOWN_CODE: Final = msg("--same names {code}, but there is no such project")
_UNKNOWN_ROW: Final = msg("--same and --new name row {row}, but it is no project's row")
_NO_YEAR: Final = msg("no code can be made: the column of the year is empty; the row is left out")
_NO_PROJECT: Final = msg("the row has neither a code nor investor and name; it is left out")
_NO_CODE: Final = msg("the row has no code; it is left out")
_VANISHED: Final = msg("{project} {name} is not in the workbook")
_PERHAPS_ROW: Final = msg(
    "perhaps the same as {projects}, which the workbook lacks: nothing of the row is recorded "
    "until --same CODE={row} or --new {row} says so"
)
_PERHAPS_PROJECT: Final = msg(
    "{project} {name} is not in the workbook; perhaps it is row {rows}: say so by "
    "--same {project}=ROW, or --new ROW"
)


class RegisterMatching:
    """Finds the project of each row."""

    def __init__(
        self,
        directory: ProjectDirectory,
        register: Register,
        result: RegisterResult,
    ) -> None:
        self._directory = directory
        self._register = register
        self._result = result
        self._projects: dict[int, str] = {}
        """The project of each row that is one of the store's."""
        self._new_codes: dict[int, str] = {}
        self._rejected: set[int] = set()

    def match(
        self, same: Mapping[int, str], new: frozenset[int]
    ) -> Iterator[tuple[RegisterRow, str]]:
        """Yield each row that may be recorded with its project's code, in the rows' order.

        Raises `Rejected` where `same` or `new` name what is not there.
        """
        self._check_answers(same, new)
        for row in self._register.rows:
            code = self._known_project(row, same)
            if code is not None:
                self._projects[row.number] = code
        self._reject_rows_alike()
        perhaps = self._perhaps_same(new)
        self._list_vanished(perhaps)
        self._give_codes(set(perhaps))
        for row in self._register.rows:
            number = row.number
            if number in self._rejected:
                continue
            project = self._projects.get(number) or self._new_codes.get(number)
            if project is not None:
                yield row, project

    def _check_answers(self, same: Mapping[int, str], new: frozenset[int]) -> None:
        numbers = {row.number for row in self._register.rows}
        for number in sorted({*same, *new} - numbers):
            raise Rejected.by("unknown_row", _UNKNOWN_ROW, row=number)
        for code in same.values():
            if self._directory.by_code(code) is None:
                raise Rejected.by("unknown_project", _UNKNOWN_CODE, code=code)

    # Known projects -----------------------------------------------------------------------------

    def _known_project(self, row: RegisterRow, same: Mapping[int, str]) -> str | None:
        if row.number in same:
            return self._directory.by_code(same[row.number])
        code = self._code_in(row)
        if code is not None:
            known = self._directory.by_code(code)
            if known is not None:
                return known
            # A code whose report is void: the project may go on under another.
            if code not in self._directory.projects:
                return None
        codes = self._directory.by_identities(_identities(row))
        if code is not None and code in codes:
            return code
        if len(codes) > 1:
            values: dict[str, object] = {"projects": sorted(codes), "row": row.number}
            self._reject(row, Problem("several_projects", _SEVERAL, values))
            return None
        return next(iter(codes), None)

    def _code_in(self, row: RegisterRow) -> str | None:
        """Return the code that the row's own cell gives."""
        if self._register.code_pattern is not None or row.code.value is None:
            return None
        return str(row.code.value)

    def _reject_rows_alike(self) -> None:
        """Reject the second of two rows that are one project, naming both."""
        first_rows: dict[object, RegisterRow] = {}
        for row in self._register.rows:
            for sign in self._row_signs(row):
                first = first_rows.setdefault(sign, row)
                if first is row:
                    continue
                # A new project has no code yet and is named as the row names it.
                project = self._projects.get(row.number) or _name(row)
                values: dict[str, object] = {
                    "first": first.number,
                    "second": row.number,
                    "project": project,
                }
                self._reject(row, Problem("rows_alike", _ALIKE, values))
                break

    def _row_signs(self, row: RegisterRow) -> list[object]:
        """Return what no two rows may share."""
        known = self._projects.get(row.number)
        if known is not None:
            return [known]
        code = self._code_in(row)
        if code is not None:
            return [folded_name(code)]
        return list(_identities(row))

    # Rows and projects that are perhaps the same ------------------------------------------------

    def _perhaps_same(self, new: frozenset[int]) -> dict[int, list[str]]:
        """Return the vanished projects that share a sign with a new row, by the row."""
        codes_by_sign = self._vanished_by_sign()
        decided = {*self._projects, *new, *self._rejected}
        perhaps: dict[int, list[str]] = {}
        for row in self._register.rows:
            if row.number in decided:
                continue
            codes: set[str] = set()
            for sign in _signs(row):
                codes.update(codes_by_sign.get(sign, ()))
            if codes:
                perhaps[row.number] = sorted(codes)
        for number, codes_of_row in perhaps.items():
            values: dict[str, object] = {"projects": codes_of_row, "row": number}
            problem = Problem("perhaps_the_same", _PERHAPS_ROW, values)
            finding = RegisterFinding(problem, number, self._register.code_heading)
            self._result.passed_over.append(finding)
        return perhaps

    def _vanished_by_sign(self) -> Mapping[tuple[str, str], list[str]]:
        codes_by_sign: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for project in self._vanished_projects():
            for sign in project.signs:
                codes_by_sign[sign].append(project.code)
        return codes_by_sign

    def _vanished_projects(self) -> Iterator[KnownProject]:
        """Yield the projects of the store that no row is; those of void reports are none."""
        present = set(self._projects.values())
        for project in self._directory.projects.values():
            if project.information is not None and project.code not in present:
                yield project

    def _list_vanished(self, perhaps: Mapping[int, list[str]]) -> None:
        rows_of: defaultdict[str, list[int]] = defaultdict(list)
        for number, codes in perhaps.items():
            for code in codes:
                rows_of[code].append(number)
        for project in self._vanished_projects():
            assert project.information is not None
            code = project.code
            values: dict[str, object] = {"project": code, "name": project.information.name}
            template = _VANISHED
            if code in rows_of:
                template = _PERHAPS_PROJECT
                values["rows"] = rows_of[code]
            problem = Problem("vanished", template, values)
            finding = RegisterFinding(problem, None, None, code)
            self._result.vanished.append(finding)

    # New projects -------------------------------------------------------------------------------

    def _give_codes(self, withheld: set[int]) -> None:
        """Give each new row its code, or list why it has none."""
        maker = None
        if self._register.code_pattern is not None:
            # Codes of void reports too: a number is never given twice.
            held_codes = [*self._directory.projects, *self._projects.values()]
            maker = CodeMaker(self._register.code_pattern, held_codes)
        decided = {*self._projects, *withheld, *self._rejected}
        for row in self._register.rows:
            number = row.number
            if number in decided:
                continue
            code = self._code_in(row)
            # Where codes are made, the row's cell is the year of its code.
            year = row.code.value
            if maker is not None and year is not None and _identities(row):
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
            template = _NO_YEAR if _identities(row) else _NO_PROJECT
        report = InformationReported.__name__
        values: dict[str, object] = {"event": EventName(report)}
        problem = Problem("missing", template, values)
        heading = self._register.code_heading
        finding = RegisterFinding(problem, row.number, heading, None, report, "project")
        self._result.missing.append(finding)

    def _reject(self, row: RegisterRow, problem: Problem) -> None:
        self._rejected.add(row.number)
        file_row = FileRow(row.number, {}, self._register.sheet)
        self._result.rejected.append(RowProblems(file_row, [problem]))


def _text(row: RegisterRow, name: str) -> str | None:
    cell = row.identity_cell(name)
    if cell is None or cell.value is None:
        return None
    return str(cell.value)


def _name(row: RegisterRow) -> str:
    return _text(row, "name") or str(row.number)


def _identities(row: RegisterRow) -> set[Identity]:
    name = _text(row, "name")
    if name is None or not normalised_name(name):
        return set()
    investor = _text(row, "investor")
    investor_code = _text(row, "investor_code")
    return identities_of(name, investor, investor_code)


def _signs(row: RegisterRow) -> set[tuple[str, str]]:
    filing_code: str | None = None
    for event in row.events:
        if event.kind is ProjectFiled and "project_code" in event.cells:
            value = event.cells["project_code"].value
            filing_code = None if value is None else str(value)
    name = _text(row, "name")
    investor = _text(row, "investor")
    investor_code = _text(row, "investor_code")
    return signs_of(name, investor, investor_code, filing_code)
