"""Compare the monthly figures of a register's row with those of its project."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from commands.handlers.register_cell_comparison import (
    CellComparer,
    CellDifference,
    RowPlace,
    at_heading,
)
from commands.handlers.register_facts import (
    RecordedFacts,
    field_value,
    month_is_over,
)
from commands.handlers.register_findings import (
    NewEvent,
    RegisterFinding,
    RegisterResult,
    RowComparison,
)
from commands.handlers.register_rows import (
    MonthCell,
    RegisterCell,
    RowEvent,
    RowMonths,
)
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.events import Event
from lifecycle.events.field_types import plain
from lifecycle.rejections import Problem, Rejected, msg

_NOT_OVER: Final = msg("{month} is not over: its figure is passed over")
_BLANK_BETWEEN: Final = msg("{month} has no figure, later months have: their figures include it")
_FALL: Final = msg("the cumulative figure falls from {before} to {after}")


class MonthComparer(CellComparer):
    """Compares monthly figures, cumulative ones month by month."""

    def __init__(self, result: RegisterResult, today: date) -> None:
        super().__init__(result)
        self._today = today

    def compare(
        self,
        place: RowPlace,
        months: RowMonths,
        facts: RecordedFacts,
        coming: set[type[Event]],
        comparison: RowComparison,
    ) -> None:
        """Compare the figures of one field, in the order of their months."""
        filled = self._figures(place, months, facts)
        try:
            figures = self._of_each_month(place, months, filled, facts)
        except Rejected as rejected:
            comparison.problems.extend(rejected.problems)
            return
        for cell, figure in figures:
            self._compare_month(
                place, months, cell._replace(figure=figure), facts, coming, comparison
            )

    def _figures(
        self,
        place: RowPlace,
        months: RowMonths,
        facts: RecordedFacts,
    ) -> list[MonthCell]:
        """Return the months with a figure that counts, and list those that are cleared."""
        filled = []
        for cell in months.cells:
            # A month that is not over may still change in the office that keeps the workbook.
            if cell.figure is not None and month_is_over(cell.month, self._today):
                filled.append(cell)
            elif cell.figure:
                self._pass_over_month(place, cell)
            else:
                fact = facts.same(months.kind, {"month": cell.month})
                if fact is not None:
                    self.list_cleared(place, fact, months.field, cell.heading)
        return filled

    def _pass_over_month(self, place: RowPlace, cell: MonthCell) -> None:
        problem = Problem("month_not_over", _NOT_OVER, {"month": cell.month})
        self._result.passed_over.append(
            RegisterFinding(problem, place.row.number, cell.heading, place.code)
        )

    def _of_each_month(
        self,
        place: RowPlace,
        months: RowMonths,
        filled: list[MonthCell],
        facts: RecordedFacts,
    ) -> list[tuple[MonthCell, Decimal]]:
        """Return the figure of each month alone. Raises `Rejected` where a sum falls."""
        figures: list[tuple[MonthCell, Decimal]] = []
        last: str | None = None
        total = Decimal(0)
        for cell in filled:
            assert cell.figure is not None
            # Such a figure is that of its month already.
            if months.cumulative == "no":
                figures.append((cell, cell.figure))
                continue
            year = cell.month[:4] if months.cumulative == "year" else None
            # What was recorded before the first month of the workbook is in its sum, too.
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
        facts: RecordedFacts,
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
                RegisterFinding(
                    problem,
                    place.row.number,
                    heading,
                    place.code,
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
        facts: RecordedFacts,
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
            problems = [at_heading(problem, register_cell) for problem in rejected.problems]
            comparison.problems.extend(problems)
            return
        if fact is not None:
            # A figure that differs is a correction of this fact, not a second one.
            comparison.already_recorded += 1
            difference = CellDifference(fact, months.field, values[months.field], register_cell)
            self.compare_value(place, difference, facts, comparison)
            return
        cells = {"month": RegisterCell(cell.month, cell.heading), months.field: register_cell}
        if self.was_voided(place, RowEvent(months.kind, cells), values, facts):
            return
        if not self.lacks_needed(place, months.kind, cell.heading, coming):
            comparison.new_events.append(NewEvent(months.kind, values))


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
