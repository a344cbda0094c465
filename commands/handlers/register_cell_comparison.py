"""Compare a cell of a register with the fact that it speaks of, and list what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from commands.handlers.register_facts import (
    RecordedFacts,
    field_value,
    same_value,
)
from commands.handlers.register_findings import (
    ProposedChange,
    RegisterFinding,
    RegisterResult,
    RowComparison,
)
from commands.handlers.register_rows import (
    RegisterCell,
    RegisterRow,
    RowEvent,
    day_field,
)
from commands.handlers.register_subjects import subject_of
from commands.words.typed_advice import with_advice
from lifecycle.events import Event, RecordedEvent
from lifecycle.events.project_events import (
    AgreementAmended,
    AgreementSigned,
    InvestmentReported,
    StatisticsEntered,
)
from lifecycle.rejections import EventName, Problem, msg

_NEEDED: Final[dict[type[Event], type[Event]]] = {
    AgreementAmended: AgreementSigned,
    InvestmentReported: StatisticsEntered,
}
"""What must be recorded before; every event needs the founding one too."""

_MISSING: Final = msg("{event}: the workbook lacks {fields}; the event is left out")
_NEEDS: Final = msg("{event} is left out: it needs {needed}, which the workbook does not give")
_CHANGED: Final = msg("{fact} says {before}, the workbook {after}: proposed as a correction")
_OUTDATED: Final = msg(
    "{after} is what {fact} said before a correction; it says {before} now: the workbook is "
    "outdated"
)
_VOIDED: Final = msg("{event} was recorded like this and voided: the workbook is outdated")
_CLEARED: Final = msg("the cell is empty, {fact} says {before}: import never clears a field")


class RowPlace(NamedTuple):
    """A row and the code of the project or resource that it is."""

    row: RegisterRow
    code: str


class CellDifference(NamedTuple):
    """A cell beside the field of a recorded fact that it speaks of."""

    fact: RecordedEvent
    field: str
    value: Any
    cell: RegisterCell


class CellComparer:
    """Compares cells, and lists what the store says otherwise, or a row does not give."""

    def __init__(self, result: RegisterResult) -> None:
        self._result = result

    def compare_value(
        self,
        place: RowPlace,
        difference: CellDifference,
        facts: RecordedFacts,
        comparison: RowComparison,
    ) -> None:
        """Propose a correction where a cell says something new; list what is outdated."""
        fact, name, value, cell = difference
        of_day = cell.is_day_only
        if same_value(fact.event, name, value, of_day=of_day):
            return
        # What changed on a day was not wrong from the start.
        if facts.is_said_by_change(fact, name, value):
            return
        before = field_value(fact.event, name)
        finding = RegisterFinding(
            Problem("correction", _CHANGED, {"fact": fact.ref, "before": before, "after": value}),
            place.row.number,
            cell.heading,
            place.code,
            type(fact.event).__name__,
            name,
            fact.ref,
            before,
            value,
        )
        # Someone corrected the fact since: proposing the old value would undo that silently.
        if facts.was_said(fact, name, value, of_day=of_day):
            outdated = Problem("outdated", _OUTDATED, finding.problem.values)
            self._result.outdated.append(finding._replace(problem=outdated))
            return
        self._result.corrections.append(finding)
        comparison.changes.append(ProposedChange(fact, name, value))

    def list_cleared(
        self,
        place: RowPlace,
        fact: RecordedEvent,
        name: str,
        heading: str,
    ) -> None:
        """List an empty cell of a field that is recorded."""
        before = field_value(fact.event, name)
        problem = Problem("cleared", _CLEARED, {"fact": fact.ref, "before": before})
        kind = type(fact.event).__name__
        self._result.cleared.append(
            RegisterFinding(
                problem,
                place.row.number,
                heading,
                place.code,
                kind,
                name,
                fact.ref,
                before,
            )
        )

    def was_voided(
        self,
        place: RowPlace,
        event: RowEvent,
        values: Mapping[str, Any],
        facts: RecordedFacts,
    ) -> bool:
        """Return whether an event like this was recorded and voided, and list it if so."""
        if not facts.was_void(event.kind, values):
            return False
        heading = event.cells[day_field(event.kind)].heading
        name = EventName(event.kind.__name__)
        problem = Problem("outdated", _VOIDED, {"event": name})
        finding = RegisterFinding(
            problem, place.row.number, heading, place.code, event.kind.__name__
        )
        self._result.outdated.append(finding)
        return True

    def lacks_needed(
        self,
        place: RowPlace,
        kind: type[Event],
        heading: str | None,
        coming: set[type[Event]],
    ) -> bool:
        """List an event that needs another, which neither the store nor the row gives."""
        needed: type[Event] | None = None
        founding = subject_of(kind).founding
        if kind is not founding and founding not in coming:
            needed = founding
        elif kind in _NEEDED and _NEEDED[kind] not in coming:
            needed = _NEEDED[kind]
        if needed is None:
            return False
        if needed is founding and place.row.founding is not None:
            # What the founding event lacks is listed already.
            return True
        values: dict[str, object] = {
            "event": EventName(kind.__name__),
            "needed": EventName(needed.__name__),
        }
        problem = Problem("needs", _NEEDS, values)
        finding = RegisterFinding(problem, place.row.number, heading, place.code, kind.__name__)
        self._result.missing.append(finding)
        return True

    def list_missing(
        self,
        place: RowPlace,
        kind: type[Event],
        lacking: list[str],
        heading: str | None,
    ) -> None:
        """List an event whose required fields a row lacks."""
        values: dict[str, object] = {"event": EventName(kind.__name__), "fields": lacking}
        problem = Problem("missing", _MISSING, values)
        name = kind.__name__
        self._result.missing.append(
            RegisterFinding(problem, place.row.number, heading, place.code, name, lacking[0])
        )


def at_heading(problem: Problem, cell: RegisterCell) -> Problem:
    """Name the column in the place of the field, which the clerk does not see."""
    # The field tells what may be written there, which its heading does not.
    advised = with_advice(problem)
    place = cell.heading or (problem.field or "").removeprefix("replacement.")
    return Problem(advised.rule, advised.template, advised.values, place)
