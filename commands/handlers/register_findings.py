"""What an import of a register lists beside what it records (spec 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from commands.handlers.importing import ImportResult
from commands.handlers.register_subjects import PROJECTS, RegisterSubject
from lifecycle.events import Event, RecordedEvent
from lifecycle.rejections import Problem

ListName = Literal["missing", "corrections", "outdated", "cleared", "vanished", "passed_over"]


class RegisterFinding(NamedTuple):
    """An entry of a list: where it stands in the workbook, what it is about, and its message.

    `row` and `heading` are None for what the workbook does not have, `code` is that of the project
    or resource. `fact` names the recorded
    event that a cell differs from; `before` is what that says, `after` what the cell says.
    """

    problem: Problem
    row: int | None
    heading: str | None
    code: str | None = None
    event: str | None = None
    field: str | None = None
    fact: str | None = None
    before: Any = None
    after: Any = None


class ProposedChange(NamedTuple):
    """A changed cell of a recorded fact, which `--corrections record` corrects."""

    target: RecordedEvent
    field: str
    after: Any


class NewEvent(NamedTuple):
    """An event of a row that is not recorded yet: its fields, and the row's place."""

    kind: type[Event]
    fields: dict[str, Any]


@dataclass(slots=True)
class RowComparison:
    """What one row says that the store does not."""

    new_events: list[NewEvent] = field(default_factory=list)
    changes: list[ProposedChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    already_recorded: int = 0


@dataclass(slots=True)
class RegisterResult(ImportResult):
    """The counts and rejected rows of an import, and the lists of a register."""

    sheet: str = ""
    subject: RegisterSubject = PROJECTS
    missing: list[RegisterFinding] = field(default_factory=list)
    corrections: list[RegisterFinding] = field(default_factory=list)
    outdated: list[RegisterFinding] = field(default_factory=list)
    cleared: list[RegisterFinding] = field(default_factory=list)
    vanished: list[RegisterFinding] = field(default_factory=list)
    passed_over: list[RegisterFinding] = field(default_factory=list)
    corrected: int = 0
    """How many corrections were recorded; they count among the recorded events too."""
    notes: list[Problem] = field(default_factory=list)

    def list_named(self, name: ListName) -> list[RegisterFinding]:
        """Return one of the lists."""
        findings: list[RegisterFinding] = getattr(self, name)
        return findings

    def sort_lists(self) -> None:
        """Put each list into the order of the workbook's rows."""
        for name in get_args(ListName):
            self.list_named(name).sort(key=_row_of)
        self.rejected.sort(key=lambda rejection: rejection.row.place)


def _row_of(finding: RegisterFinding) -> int:
    # What the workbook does not have comes first.
    return finding.row or 0
