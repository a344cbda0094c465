"""Compare a row of a register with what the store says of its project (spec 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from commands.handlers.register_facts import (
    ProjectFacts,
    field_value,
    is_default,
    month_is_over,
    same_value,
)
from commands.handlers.register_findings import (
    Finding,
    NewEvent,
    ProposedChange,
    RegisterResult,
    RowComparison,
)
from commands.handlers.register_rows import (
    REPEATED_EVENTS,
    MonthCell,
    RegisterCell,
    RegisterRow,
    RowEvent,
    RowMonths,
    day_field,
    telling_field,
)
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.deciding.understood_names import understood_fields
from lifecycle.events import BY_NAME, Event, RecordedEvent
from lifecycle.events.field_types import plain
from lifecycle.events.project_events import (
    AgreementAmended,
    AgreementSigned,
    InformationReported,
    InvestmentReported,
    StatisticsEntered,
)
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import EventName, Problem, Rejected, msg

_NEEDED: Final[dict[type[Event], type[Event]]] = {
    AgreementAmended: AgreementSigned,
    InvestmentReported: StatisticsEntered,
}
"""What must be recorded before; every event needs the project's report too."""
_ORDER: Final = {kind: place for place, kind in enumerate(BY_NAME.values())}

_MISSING: Final = msg("{event}: the workbook lacks {fields}; the event is left out")
_NEEDS: Final = msg("{event} is left out: it needs {needed}, which the workbook does not give")
_CHANGED: Final = msg("{fact} says {before}, the workbook {after}: proposed as a correction")
_OUTDATED: Final = msg(
    "{after} is what {fact} said before a correction; it says {before} now: the workbook is "
    "outdated"
)
_VOIDED: Final = msg("{event} was recorded like this and voided: the workbook is outdated")
_CLEARED: Final = msg("the cell is empty, {fact} says {before}: import never clears a field")
_NOT_OVER: Final = msg("{month} is not over: its figure is passed over")
_BLANK_BETWEEN: Final = msg("{month} has no figure, later months have: their figures include it")
_FALL: Final = msg("the cumulative figure falls from {before} to {after}")


class RowPlace(NamedTuple):
    """A row and the project that it is."""

    row: RegisterRow
    project: str


class RowComparer:
    """Compares rows with the store as a unit of work sees it, and lists what differs."""

    def __init__(self, work: UnitOfWork, result: RegisterResult) -> None:
        self._work = work
        self._result = result
        self._today: date = work.today

    def compare(self, place: RowPlace, facts: ProjectFacts) -> RowComparison:
        """Return what a row says that the store does not."""
        comparison = RowComparison()
        coming = set(facts.kinds)
        events = sorted(place.row.events, key=lambda event: _ORDER[event.kind])
        for event in events:
            try:
                self._compare_event(place, event, facts, coming, comparison)
            except Rejected as rejected:
                self._take_problems(rejected.problems, comparison)
        for months in place.row.months:
            self._compare_months(place, months, facts, coming, comparison)
        return comparison

    @staticmethod
    def _take_problems(problems: Sequence[Problem], comparison: RowComparison) -> None:
        comparison.problems.extend(problems)

    # Events -------------------------------------------------------------------------------------

    def _compare_event(
        self,
        place: RowPlace,
        event: RowEvent,
        facts: ProjectFacts,
        coming: set[type[Event]],
        comparison: RowComparison,
    ) -> None:
        values = self._normalised(event)
        day = day_field(event.kind)
        has_day = day in values
        fact = None
        if has_day or _is_known_without_day(event.kind):
            fact = facts.same(event.kind, values)
        if fact is not None:
            comparison.already_recorded += 1
            self._compare_fields(place, event, values, fact, facts, comparison)
            return
        if not has_day:
            self._note_no_day(place, event, facts)
            return
        if self._was_voided(place, event, values, facts):
            return
        if self._lacks_facts(place, event, values):
            return
        if self._lacks_needed(place, event.kind, event.cells[day].heading, coming):
            return
        coming.add(event.kind)
        comparison.new_events.append(NewEvent(event.kind, values))

    def _normalised(self, event: RowEvent) -> dict[str, Any]:
        """Return the values of filled cells in their strict form, units by their held names.

        Raises `Rejected` with every cell that cannot be read.
        """
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, cell in event.cells.items():
            if cell.value is None:
                continue
            try:
                values |= normalised_replacement({name: cell.value}, event.kind)
            except Rejected as rejected:
                problems += [_at_heading(problem, cell) for problem in rejected.problems]
        if problems:
            raise Rejected(problems)
        understood, _notes = understood_fields(event.kind, values, self._work)
        return understood

    def _note_no_day(self, place: RowPlace, event: RowEvent, facts: ProjectFacts) -> None:
        """List the day that was cleared, or that a project's report lacks."""
        day = day_field(event.kind)
        recorded = facts.of_kind(event.kind)
        heading = event.cells[day].heading if day in event.cells else None
        if recorded and heading is not None and event.kind.__name__ in REPEATED_EVENTS:
            self._list_cleared(place, recorded[-1], day, heading)
        elif event.kind is InformationReported and not recorded:
            self._list_missing(place, event.kind, [day], heading)

    def _was_voided(
        self,
        place: RowPlace,
        event: RowEvent,
        values: Mapping[str, Any],
        facts: ProjectFacts,
    ) -> bool:
        if not facts.was_void(event.kind, values):
            return False
        heading = event.cells[day_field(event.kind)].heading
        name = EventName(event.kind.__name__)
        problem = Problem("outdated", _VOIDED, {"event": name})
        finding = Finding(problem, place.row.number, heading, place.project, event.kind.__name__)
        self._result.outdated.append(finding)
        return True

    def _lacks_facts(self, place: RowPlace, event: RowEvent, values: Mapping[str, Any]) -> bool:
        lacking = []
        for name, declared in event.kind.model_fields.items():
            if declared.is_required() and name not in values:
                lacking.append(name)
        if not lacking:
            return False
        cell = event.cells.get(lacking[0])
        self._list_missing(place, event.kind, lacking, None if cell is None else cell.heading)
        return True

    def _lacks_needed(
        self,
        place: RowPlace,
        kind: type[Event],
        heading: str | None,
        coming: set[type[Event]],
    ) -> bool:
        """List an event that needs another, which neither the store nor the row gives."""
        needed: type[Event] | None = None
        if kind is not InformationReported and InformationReported not in coming:
            needed = InformationReported
        elif kind in _NEEDED and _NEEDED[kind] not in coming:
            needed = _NEEDED[kind]
        if needed is None:
            return False
        if needed is InformationReported and place.row.report is not None:
            # What the report lacks is listed already.
            return True
        values: dict[str, object] = {
            "event": EventName(kind.__name__),
            "needed": EventName(needed.__name__),
        }
        problem = Problem("needs", _NEEDS, values)
        finding = Finding(problem, place.row.number, heading, place.project, kind.__name__)
        self._result.missing.append(finding)
        return True

    def _list_missing(
        self,
        place: RowPlace,
        kind: type[Event],
        lacking: list[str],
        heading: str | None,
    ) -> None:
        values: dict[str, object] = {"event": EventName(kind.__name__), "fields": lacking}
        problem = Problem("missing", _MISSING, values)
        name = kind.__name__
        self._result.missing.append(
            Finding(problem, place.row.number, heading, place.project, name, lacking[0])
        )

    # Fields -------------------------------------------------------------------------------------

    def _compare_fields(
        self,
        place: RowPlace,
        event: RowEvent,
        values: Mapping[str, Any],
        fact: RecordedEvent,
        facts: ProjectFacts,
        comparison: RowComparison,
    ) -> None:
        for name, cell in event.cells.items():
            # What the map says of every row is no cell: a correction of it stands.
            if cell.heading is None:
                continue
            if name not in values:
                if not is_default(fact.event, name):
                    self._list_cleared(place, fact, name, cell.heading)
                continue
            difference = _Difference(fact, name, values[name], cell)
            self._compare_value(place, difference, facts, comparison)

    def _compare_value(
        self,
        place: RowPlace,
        difference: _Difference,
        facts: ProjectFacts,
        comparison: RowComparison,
    ) -> None:
        fact, name, value, cell = difference
        of_day = cell.is_day_only
        if same_value(fact.event, name, value, of_day=of_day):
            return
        # What changed on a day was not wrong from the start.
        if facts.is_said_by_change(fact, name, value):
            return
        before = field_value(fact.event, name)
        finding = Finding(
            Problem("correction", _CHANGED, {"fact": fact.ref, "before": before, "after": value}),
            place.row.number,
            cell.heading,
            place.project,
            type(fact.event).__name__,
            name,
            fact.ref,
            before,
            value,
        )
        if facts.was_said(fact, name, value, of_day=of_day):
            outdated = Problem("outdated", _OUTDATED, finding.problem.values)
            self._result.outdated.append(finding._replace(problem=outdated))
            return
        self._result.corrections.append(finding)
        comparison.changes.append(ProposedChange(fact, name, value))

    def _list_cleared(self, place: RowPlace, fact: RecordedEvent, name: str, heading: str) -> None:
        before = field_value(fact.event, name)
        problem = Problem("cleared", _CLEARED, {"fact": fact.ref, "before": before})
        kind = type(fact.event).__name__
        self._result.cleared.append(
            Finding(
                problem,
                place.row.number,
                heading,
                place.project,
                kind,
                name,
                fact.ref,
                before,
            )
        )

    # Months -------------------------------------------------------------------------------------

    def _compare_months(
        self,
        place: RowPlace,
        months: RowMonths,
        facts: ProjectFacts,
        coming: set[type[Event]],
        comparison: RowComparison,
    ) -> None:
        filled = self._figures(place, months, facts)
        try:
            figures = self._of_each_month(place, months, filled, facts)
        except Rejected as rejected:
            self._take_problems(rejected.problems, comparison)
            return
        for cell, figure in figures:
            self._compare_month(
                place, months, cell._replace(figure=figure), facts, coming, comparison
            )

    def _figures(self, place: RowPlace, months: RowMonths, facts: ProjectFacts) -> list[MonthCell]:
        """Return the months with a figure that counts, and list those that are cleared."""
        filled = []
        for cell in months.cells:
            if cell.figure is not None and month_is_over(cell.month, self._today):
                filled.append(cell)
            elif cell.figure:
                self._pass_over_month(place, cell)
            else:
                fact = facts.same(months.kind, {"month": cell.month})
                if fact is not None:
                    self._list_cleared(place, fact, months.field, cell.heading)
        return filled

    def _pass_over_month(self, place: RowPlace, cell: MonthCell) -> None:
        problem = Problem("month_not_over", _NOT_OVER, {"month": cell.month})
        self._result.passed_over.append(
            Finding(problem, place.row.number, cell.heading, place.project)
        )

    def _of_each_month(
        self,
        place: RowPlace,
        months: RowMonths,
        filled: list[MonthCell],
        facts: ProjectFacts,
    ) -> list[tuple[MonthCell, Decimal]]:
        """Return the figure of each month alone. Raises `Rejected` where a sum falls."""
        figures: list[tuple[MonthCell, Decimal]] = []
        last: str | None = None
        total = Decimal(0)
        for cell in filled:
            assert cell.figure is not None
            if months.cumulative == "no":
                figures.append((cell, cell.figure))
                continue
            year = cell.month[:4] if months.cumulative == "year" else None
            if last is None or (year is not None and last[:4] != year):
                last, total = facts.months_before(months.kind, months.field, cell.month, year)
            total += self._recorded_between(place, months, last, cell, facts)
            if cell.figure < total:
                values: dict[str, object] = {"before": plain(total), "after": plain(cell.figure)}
                raise Rejected([Problem("cumulative_fall", _FALL, values, cell.heading)])
            figures.append((cell, cell.figure - total))
            last, total = cell.month, cell.figure
        return figures

    def _recorded_between(
        self,
        place: RowPlace,
        months: RowMonths,
        last: str | None,
        cell: MonthCell,
        facts: ProjectFacts,
    ) -> Decimal:
        """Return what is recorded of the blank months before a month, and list the others."""
        headings = {other.month: other.heading for other in months.cells}
        recorded = Decimal(0)
        for month in _months_between(last, cell.month):
            fact = facts.same(months.kind, {"month": month})
            if fact is not None:
                recorded += Decimal(field_value(fact.event, months.field))
                continue
            heading = headings.get(month, cell.heading)
            problem = Problem("blank_month", _BLANK_BETWEEN, {"month": month})
            self._result.missing.append(
                Finding(
                    problem,
                    place.row.number,
                    heading,
                    place.project,
                    months.kind.__name__,
                    months.field,
                )
            )
        return recorded

    def _compare_month(
        self,
        place: RowPlace,
        months: RowMonths,
        cell: MonthCell,
        facts: ProjectFacts,
        coming: set[type[Event]],
        comparison: RowComparison,
    ) -> None:
        assert cell.figure is not None
        value = plain(cell.figure)
        month_fields = {"month": cell.month}
        fact = facts.same(months.kind, month_fields)
        register_cell = RegisterCell(value, cell.heading)
        try:
            values = normalised_replacement({months.field: value}, months.kind) | month_fields
        except Rejected as rejected:
            problems = [_at_heading(problem, register_cell) for problem in rejected.problems]
            self._take_problems(problems, comparison)
            return
        if fact is not None:
            comparison.already_recorded += 1
            difference = _Difference(fact, months.field, values[months.field], register_cell)
            self._compare_value(place, difference, facts, comparison)
            return
        cells = {"month": RegisterCell(cell.month, cell.heading), months.field: register_cell}
        if self._was_voided(place, RowEvent(months.kind, cells), values, facts):
            return
        if not self._lacks_needed(place, months.kind, cell.heading, coming):
            comparison.new_events.append(NewEvent(months.kind, values))


class _Difference(NamedTuple):
    """A cell beside the field of a recorded fact that it speaks of."""

    fact: RecordedEvent
    field: str
    value: Any
    cell: RegisterCell


def _is_known_without_day(kind: type[Event]) -> bool:
    """Return whether a project's event of a kind is known though the cell of its day is empty."""
    return kind.__name__ not in REPEATED_EVENTS and telling_field(kind) != "month"


def _at_heading(problem: Problem, cell: RegisterCell) -> Problem:
    """Name the column in the place of the field, which the clerk does not see."""
    place = cell.heading or (problem.field or "").removeprefix("replacement.")
    return Problem(problem.rule, problem.template, problem.values, place)


def _months_between(first: str | None, last: str) -> list[str]:
    """Return the months after the first and before the last, as `YYYY-MM`."""
    months: list[str] = []
    if first is None:
        return months
    year, month = int(first[:4]), int(first[5:])
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
        name = f"{year:04}-{month:02}"
        if name >= last:
            return months
        months.append(name)
