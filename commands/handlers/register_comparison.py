"""Compare a row of a register with what the store says of its project or resource (spec 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commands.handlers.register_cell_comparison import (
    CellComparer,
    CellDifference,
    RowPlace,
    at_heading,
)
from commands.handlers.register_facts import (
    RecordedFacts,
    is_default,
)
from commands.handlers.register_findings import (
    NewEvent,
    RegisterResult,
    RowComparison,
)
from commands.handlers.register_month_comparison import MonthComparer
from commands.handlers.register_project_names import ProjectNames
from commands.handlers.register_rows import (
    REPEATED_EVENTS,
    RowEvent,
    day_field,
    telling_field,
)
from commands.handlers.register_subjects import FOUNDING_EVENTS
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.deciding.understood_names import understood_fields
from lifecycle.events import BY_NAME, Event, RecordedEvent
from lifecycle.events.resource_events import (
    ResourceAllotted,
    ResourceChanged,
    ResourceListed,
)
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected

_ORDER: Final = {kind: place for place, kind in enumerate(BY_NAME.values())}


class RowComparer(CellComparer):
    """Compares rows with the store as a unit of work sees it, and lists what differs."""

    def __init__(self, work: UnitOfWork, result: RegisterResult) -> None:
        super().__init__(result)
        self._work = work
        self._months = MonthComparer(result, work.today)
        self._project_names = ProjectNames(work)

    def compare(self, place: RowPlace, facts: RecordedFacts) -> RowComparison:
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
            self._months.compare(place, months, facts, coming, comparison)
        return comparison

    @staticmethod
    def _take_problems(problems: Sequence[Problem], comparison: RowComparison) -> None:
        # Two events may read one cell, which is mended once.
        for problem in problems:
            if problem not in comparison.problems:
                comparison.problems.append(problem)

    # Events -------------------------------------------------------------------------------------

    def _compare_event(
        self,
        place: RowPlace,
        event: RowEvent,
        facts: RecordedFacts,
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
        if self.was_voided(place, event, values, facts):
            return
        if self._lacks_facts(place, event, values):
            return
        if self.lacks_needed(place, event.kind, event.cells[day].heading, coming):
            return
        coming.add(event.kind)
        comparison.new_events.append(NewEvent(event.kind, values))

    def _normalised(self, event: RowEvent) -> dict[str, Any]:
        """Return the values of filled cells in their strict form, names as what they mean.

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
                problems += [at_heading(problem, cell) for problem in rejected.problems]
        if problems:
            raise Rejected(problems)
        understood, _notes = understood_fields(event.kind, values, self._work)
        return self._project_names.with_code(event, understood)

    def _note_no_day(
        self,
        place: RowPlace,
        event: RowEvent,
        facts: RecordedFacts,
    ) -> None:
        """List the day that was cleared, or that a founding event lacks."""
        day = day_field(event.kind)
        recorded = facts.of_kind(event.kind)
        is_allotment = event.kind is ResourceAllotted
        if is_allotment:
            recorded = facts.standing_allotments()
        heading = event.cells[day].heading if day in event.cells else None
        is_listed = is_allotment or event.kind.__name__ in REPEATED_EVENTS
        if recorded and heading is not None and is_listed:
            self.list_cleared(place, recorded[-1], day, heading)
        elif event.kind in FOUNDING_EVENTS and not recorded:
            self.list_missing(place, event.kind, [day], heading)

    def _lacks_facts(
        self,
        place: RowPlace,
        event: RowEvent,
        values: Mapping[str, Any],
    ) -> bool:
        lacking = []
        for name, declared in event.kind.model_fields.items():
            if declared.is_required() and name not in values:
                lacking.append(name)
        if not lacking:
            return False
        cell = event.cells.get(lacking[0])
        self.list_missing(place, event.kind, lacking, None if cell is None else cell.heading)
        return True

    # Fields -------------------------------------------------------------------------------------

    def _compare_fields(
        self,
        place: RowPlace,
        event: RowEvent,
        values: Mapping[str, Any],
        fact: RecordedEvent,
        facts: RecordedFacts,
        comparison: RowComparison,
    ) -> None:
        for name, cell in event.cells.items():
            # What the map says of every row is no cell: a correction of it stands.
            if cell.heading is None:
                continue
            if name not in values:
                if not is_default(fact.event, name):
                    self.list_cleared(place, fact, name, cell.heading)
                continue
            if _is_said_by_row(place, event.kind, name):
                continue
            difference = CellDifference(fact, name, values[name], cell)
            self.compare_value(place, difference, facts, comparison)


def _is_said_by_row(place: RowPlace, kind: type[Event], name: str) -> bool:
    """Return whether a change in the same row gives a listing's field, from its own day on."""
    if kind is not ResourceListed or name == "occurred_on":
        return False
    for event in place.row.events:
        if event.kind is ResourceChanged and name in event.cells:
            return event.cells["occurred_on"].value is not None
    return False


def _is_known_without_day(kind: type[Event]) -> bool:
    """Return whether a project's event of a kind is known though the cell of its day is empty."""
    return kind.__name__ not in REPEATED_EVENTS and telling_field(kind) != "month"
