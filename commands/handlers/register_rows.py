"""The rows of a register, as an import takes them: what each cell says of which event.

A register is the county's own ledger, with a row for each project or resource (spec 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from commands.handlers.register_subjects import FOUNDING_EVENTS, PROJECTS, RegisterSubject
from lifecycle.events import Event
from lifecycle.events.envelope import Monthly
from lifecycle.events.project_events import InformationReported
from lifecycle.rejections import Problem

# Of these a project has one for each value, and of all other kinds one alone.
_TELLING_FIELDS: Final = {
    "LandAcquired": "parcel",
    "ProjectFiled": "project_code",
    "MilestoneReached": "milestone",
    "ResourceAllotted": "project",
    "ResourceReleased": "project",
}
REPEATED_EVENTS: Final = frozenset(
    ("ConsultationHeld", "FollowedUp", "ScheduleSet", "ResourceChanged")
)
"""The kinds of which a new day is a new event."""


def day_field(kind: type[Event]) -> str:
    """Return the field whose empty cell means that a row has no event of the kind."""
    if kind is InformationReported:
        return "reported_at"
    return "month" if issubclass(kind, Monthly) else "occurred_on"


def telling_field(kind: type[Event]) -> str | None:
    """Return the field that tells events of a kind in one project apart; None where none does."""
    if issubclass(kind, Monthly):
        return "month"
    if kind.__name__ in REPEATED_EVENTS:
        return "occurred_on"
    return _TELLING_FIELDS.get(kind.__name__)


class RegisterCell(NamedTuple):
    """What a row says of a field: the value as a record holds it, None for an empty cell.

    `heading` is None for a value that the map gives to every row.
    """

    value: Any
    heading: str | None
    is_day_only: bool = False
    """A moment of which only the day is known; its time says nothing."""


class RowEvent(NamedTuple):
    """An event that a row may yield, by the fields that the map names."""

    kind: type[Event]
    cells: Mapping[str, RegisterCell]


class MonthCell(NamedTuple):
    """A month with its figure as the workbook has it, None for an empty cell."""

    month: str
    figure: Decimal | None
    heading: str


class RowMonths(NamedTuple):
    """Monthly figures of one field in the order of their months.

    `cumulative` says since when each adds up what came before: `no`, `year` or `all`.
    """

    kind: type[Event]
    field: str
    cumulative: str
    cells: Sequence[MonthCell]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row with all that it says; `problems` are its cells that cannot be read."""

    number: int
    code: RegisterCell
    """The row's code; the year that one is made for where codes are made."""
    events: Sequence[RowEvent] = ()
    months: Sequence[RowMonths] = ()
    problems: Sequence[Problem] = ()
    notes: Sequence[Problem] = ()
    is_confirmed: bool = False

    def identity_cell(self, name: str) -> RegisterCell | None:
        """Return a cell of the founding event, such as the name's."""
        founding = self.founding
        return None if founding is None else founding.cells.get(name)

    def texts_by_heading(self) -> dict[str, Any]:
        """Return what the filled cells say, by the headings that problems name."""
        texts = {}
        for event in self.events:
            for cell in event.cells.values():
                if cell.heading is not None and cell.value is not None:
                    texts[cell.heading] = cell.value
        return texts

    @property
    def founding(self) -> RowEvent | None:
        """What the row says of a project's report or a resource's listing; None where unread."""
        for event in self.events:
            if event.kind in FOUNDING_EVENTS:
                return event
        return None


class PassedRow(NamedTuple):
    """A row that is passed over, by its first filled cell: a total, or a footer.

    `is_skipped` says that the map tells to; another row has no cell that the map reads.
    """

    number: int
    heading: str | None
    text: str
    is_skipped: bool


@dataclass(frozen=True, slots=True)
class Register:
    """A sheet of projects or resources, as a map reads it."""

    sheet: str
    rows: Sequence[RegisterRow]
    passed: Sequence[PassedRow] = ()
    code_pattern: str | None = None
    """How codes are made: `KH-{year}-{n:03}`; None where a column has them."""
    code_heading: str | None = None
    """The column of the code, or of the year that one is made for."""
    notes: Sequence[Problem] = field(default_factory=tuple)
    subject: RegisterSubject = PROJECTS
