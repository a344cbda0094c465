"""Units without a fact of last year, where a value compared with it then counts for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.counted import Counted
from projections.scoring.assessed_spans import UnitsOfSpan
from projections.scoring.gathered_values import GatheredItems
from projections.scoring.judged_history import facts_at, judged_facts
from projections.scoring.project_filters import unit_matches
from projections.scoring.result_view import View, county_of
from projections.scoring.target_amounts import targets_of_years


class AbsentYear(NamedTuple):
    """A rule that leaves a unit out for want of last year's facts, and of how many values."""

    rule: str
    unit: str
    year: str
    values: int


def absent_last_year(
    ledger: Ledger,
    view: View,
    spans: Iterable[UnitsOfSpan],
) -> Iterator[AbsentYear]:
    """What `when_missing = "none"` leaves out of the year and of periods, by rule and unit."""
    counts: Counter[tuple[str, str]] = Counter()
    for span in spans:
        if any(_leaves_out_new_units(counted) for counted in _values(span)):
            counts.update(_absent_in_span(ledger, view, span))
    for (rule, unit), values in counts.items():
        yield AbsentYear(rule, unit, str(view.year - 1), values)


def _absent_in_span(
    ledger: Ledger,
    view: View,
    span: UnitsOfSpan,
) -> Iterator[tuple[str, str]]:
    last_year = _gathered_of_last_year(ledger, view, span)
    for rule in span.policy.rules:
        for place, counted in rule.counted():
            if not _leaves_out_new_units(counted):
                continue
            for name, unit in span.units.items():
                if unit_matches(counted.where, unit) and not last_year.gathered(place, 0, name):
                    yield rule.id, name


def _values(span: UnitsOfSpan) -> Iterator[Counted]:
    for rule in span.policy.rules:
        for _place, counted in rule.counted():
            yield counted


def _leaves_out_new_units(counted: Counted) -> bool:
    return counted.compares_years and counted.when_missing == "none"


def _gathered_of_last_year(
    ledger: Ledger,
    view: View,
    span: UnitsOfSpan,
) -> GatheredItems:
    (_book, axes), units, policy = span
    axes_then = axes.of_last_year()
    targets = targets_of_years(county_of(ledger, view), policy, axes)
    gathered = GatheredItems(policy, units, axes_then, targets.of_last_year)
    with facts_at(ledger, replace(view, as_of=axes.as_of)) as facts:
        for project in judged_facts(facts, policy, axes, units):
            gathered.add_project(project.at(axes_then))
    for unit in units.values():
        gathered.add_unit(unit)
    return gathered
