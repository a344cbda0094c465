"""What units have of what any rulebook counts, in exact fractions, from the spec alone (spec 6).

A rulebook is the plain data that its file holds. What lies beyond points, in kaihua-2024 alone, has
a reference of its own in `beyond.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from .assessed_periods import MONTHS_IN_PERIOD, assessed_length, is_assessed, period_of
from .effective import last_of_month
from .projects import (
    ONE,
    ZERO,
    CountedEntry,
    Table,
    YearFacts,
    a_year_before,
    credited,
    exact,
    inside,
    meets,
    of_project,
    takes_project,
    takes_unit,
    total,
    when,
)
from .units import Unit

# What is counted ----------------------------------------------------------------------------------


def counted_entries(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> list[CountedEntry]:
    """All that a measure counts for a unit."""
    where = counted.get("where", {})
    if not takes_unit(where, year_facts.units[unit]):
        return []
    if counted["measure"] in UNIT_MEASURES:
        return UNIT_MEASURES[counted["measure"]](year_facts, year_facts.units[unit], counted)
    entries: list[CountedEntry] = []
    for project in year_facts.facts.projects.values():
        if credited(year_facts, project, rule) != unit:
            continue
        if not takes_project(year_facts, where, project):
            continue
        if meets(year_facts, counted.get("needs", []), project):
            entries += of_project(year_facts, counted, project)
    return entries


UnitMeasure = Callable[[YearFacts, Unit, Table], list[CountedEntry]]


def _indicator(
    year_facts: YearFacts,
    unit: Unit,
    counted: Table,
) -> list[CountedEntry]:
    """单位指标 of the year or of periods within what is assessed: `actual` ÷ `shared_by`."""
    entries: list[CountedEntry] = []
    for event in unit.events:
        if event.kind != "IndicatorReported":
            continue
        if event.fields["indicator"] != counted["indicator"]:
            continue
        period = event.fields["period"]
        if "range" in counted and not inside(counted["range"], event.number("actual")):
            continue
        if is_assessed(year_facts, period):
            amount = event.number("actual") / int(event.fields.get("shared_by", 1))
            # What a dissolved unit did passes, its target stays.
            is_own = event.stream[1] == unit.name
            entry = CountedEntry(
                amount,
                period,
                counted["indicator"],
                target=event.number("target") if is_own else ZERO,
                bears_target=is_own and event.fields.get("target") is not None,
            )
            entries.append(entry)
    return entries


def _each(
    kind: str,
    label: str = "",
    only: tuple[str, object] | None = None,
    amount: str | None = None,
) -> UnitMeasure:
    """Count each event of a kind, as one or as much as a field says.

    `label` names the field that tells one from another; `only` keeps the events whose field has
    this value.
    """

    def count(
        year_facts: YearFacts,
        unit: Unit,
        _: Table,
    ) -> list[CountedEntry]:
        entries: list[CountedEntry] = []
        for event in unit.events:
            if event.kind != kind or not year_facts.covers(event.occurred_on):
                continue
            if only is not None and event.fields[only[0]] != only[1]:
                continue
            number = ONE
            if amount is not None:
                number = event.number(amount)
            entries.append(CountedEntry(number, when(event), str(event.fields.get(label, ""))))
        return entries

    return count


def _first_of_each(
    kind: str,
    field: str,
) -> UnitMeasure:
    """Count one for each value of a field, by the first event that bears it."""
    count_each = _each(kind, field)

    def count(
        year_facts: YearFacts,
        unit: Unit,
        counted: Table,
    ) -> list[CountedEntry]:
        first: dict[str, CountedEntry] = {}
        for entry in count_each(year_facts, unit, counted):
            first.setdefault(entry.label, entry)
        return list(first.values())

    return count


UNIT_MEASURES: Mapping[str, UnitMeasure] = {
    "indicator": _indicator,
    "activities_led_by_head": _each("ActivityHeld", only=("led_by_head", True)),
    "activities_held": _each("ActivityHeld"),
    "black_listings": _each("UnitListed", only=("board", "black")),
    "red_listings": _each("UnitListed", only=("board", "red")),
    "routine_points": _each("RoutineAssessed", amount="points"),
    "awards_won": _each("AwardWon", "title"),
    "landing_failures": _each("LandingServiceFailed", "failure"),
    "cadres_seconded": _first_of_each("CadreSeconded", "person"),
    "major_projects_supported": _first_of_each("MajorProjectSupported", "about_project"),
}


# A unit's value of it -----------------------------------------------------------------------------


def sum_of_entries(entries: Sequence[CountedEntry]) -> Fraction:
    """How much they are together."""
    return total(entry.amount for entry in entries)


def in_period(
    entries: Sequence[CountedEntry],
    each: str,
    period: str,
) -> list[CountedEntry]:
    """The entries of one month, quarter or half-year."""
    return [entry for entry in entries if period_of(entry.when, each) == period]


def periods_over(
    year_facts: YearFacts,
    each: str,
) -> list[str]:
    """The months, quarters or half-years of what is assessed whose last day has come."""
    months = MONTHS_IN_PERIOD[each]
    periods: list[str] = []
    for month in range(months, 13, months):
        last = last_of_month(date(year_facts.year, month, 1))
        if year_facts.first <= last <= year_facts.day:
            periods.append(str(period_of(last.isoformat(), each)))
    return periods


def reference_number(
    year_facts: YearFacts,
    reference: Table,
    counted: Table,
    unit: str,
    rule: Table,
) -> Fraction:
    """The number that a value is held against."""
    if "fixed" in reference:
        return exact(reference["fixed"])
    if reference.get("source") == "reported":
        entries = counted_entries(year_facts, counted, unit, rule)
        return total(entry.target for entry in entries)
    if reference.get("source") == "set":
        return _target_set(year_facts, unit, reference)
    return sum_of_entries(counted_entries(year_facts, reference["counted"], unit, {}))


def _target_set(
    year_facts: YearFacts,
    unit: str,
    reference: Table,
) -> Fraction:
    """The target of what is assessed, else the year's or its share; 0 where there is none."""
    indicator = reference["indicator"]
    length = assessed_length(year_facts)
    if length != "year":
        own_period = period_of(year_facts.day.isoformat(), length)
        own_target = _last_target_of(year_facts, unit, indicator, own_period)
        if own_target is not None:
            return own_target
    of_year = _last_target_of(year_facts, unit, indicator, None)
    if of_year is None:
        return ZERO
    if reference.get("per") == "share":
        return of_year / (12 // MONTHS_IN_PERIOD[length])
    return of_year


def _last_target(
    year_facts: YearFacts,
    unit: str,
    indicator: str,
) -> Fraction | None:
    """The last target set for what is assessed, or for the year."""
    length = assessed_length(year_facts)
    if length != "year":
        own_period = period_of(year_facts.day.isoformat(), length)
        own_target = _last_target_of(year_facts, unit, indicator, own_period)
        if own_target is not None:
            return own_target
    return _last_target_of(year_facts, unit, indicator, None)


def _last_target_of(
    year_facts: YearFacts,
    unit: str,
    indicator: str,
    period: str | None,
) -> Fraction | None:
    amount = None
    for event in sorted(year_facts.facts.county, key=lambda event: event.order):
        if event.kind != "TargetSet":
            continue
        if event.fields.get("period") != period:
            continue
        subject = (event.fields.get("for_unit"), event.fields["indicator"], event.fields["year"])
        if subject == (unit, indicator, year_facts.year):
            amount = event.number("amount")
    return amount


def scoring_entries(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> list[CountedEntry]:
    """The entries that score.

    As counted, or what is short of, beyond or reached period by period, or compared: one, if any.
    """
    if not takes_unit(counted.get("where", {}), year_facts.units[unit]):
        return []
    if "as" in counted:
        number = value(year_facts, counted, unit, rule)
        return [CountedEntry(number, "")] if number else []
    return uncompared_entries(year_facts, counted, unit, rule)


def uncompared_entries(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> list[CountedEntry]:
    """The entries that make a value, before it is compared with others."""
    if not takes_unit(counted.get("where", {}), year_facts.units[unit]):
        return []
    entries = counted_entries(year_facts, counted, unit, rule)
    actual = sum_of_entries(entries)
    if counted.get("each") == "project":
        return entries
    by_period = counted.get("each") in ("month", "quarter", "half_year")
    if by_period and ("reaching" in counted or "short_of" in counted):
        return _by_period(year_facts, counted, entries)
    if "short_of" in counted:
        goal = reference_number(year_facts, counted["short_of"], counted, unit, rule)
        return _one_entry(goal - actual)
    if "beyond" in counted:
        threshold = reference_number(year_facts, counted["beyond"], counted, unit, rule)
        return _one_entry(actual - threshold)
    return entries


def _one_entry(amount: Fraction) -> list[CountedEntry]:
    """One entry of so much, or nothing."""
    if amount <= 0:
        return []
    return [CountedEntry(amount, "")]


def _by_period(
    year_facts: YearFacts,
    counted: Table,
    entries: Sequence[CountedEntry],
) -> list[CountedEntry]:
    """One entry for each period that reaches its mark, or what each falls short."""
    of_periods: list[CountedEntry] = []
    for period in periods_over(year_facts, counted["each"]):
        actual = sum_of_entries(in_period(entries, counted["each"], period))
        if "reaching" in counted:
            amount = Fraction(actual >= exact(counted["reaching"]))
        else:
            amount = exact(counted["short_of"]["fixed"]) - actual
        if amount > 0:
            of_periods.append(CountedEntry(amount, period))
    return of_periods


def value(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> Fraction:
    """How much a unit has, over the target if there is one, compared if the text says so."""
    if "as" in counted:
        return COMPARISONS[counted["as"]](year_facts, counted, unit, rule)
    return uncompared(year_facts, counted, unit, rule)


def uncompared(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> Fraction:
    """How much a unit has, over the target if there is one; of a composite's mean the mean."""
    entries = uncompared_entries(year_facts, counted, unit, rule)
    number = _over_target(year_facts, counted, unit, rule, sum_of_entries(entries))
    if "as" in counted and counted.get("take") == "mean" and entries:
        return number / len(entries)
    return number


def _over_target(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
    actual: Fraction,
) -> Fraction:
    if "target" not in counted:
        return actual
    target = reference_number(year_facts, counted["target"], counted, unit, rule)
    if target == 0:
        return exact(counted["when_zero"])
    return actual / target


# Compared with the sequence, or with the year before ----------------------------------------------


def _compared_units(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> list[str]:
    """The units of the sequence that the filter takes and of which nothing is missing."""
    sequence = year_facts.units[unit].sequence
    names = []
    for name, member in year_facts.units.items():
        taken = member.sequence == sequence and takes_unit(counted.get("where", {}), member)
        if taken and silence(year_facts, counted, name, rule) is None:
            names.append(name)
    return names


def _share_of_sequence(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> Fraction:
    return _beside_all(year_facts, counted, unit, rule, lambda _count: 1)


def _to_mean(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> Fraction:
    # x ÷ (Σ ÷ n) is n times the share.
    return _beside_all(year_facts, counted, unit, rule, lambda count: count)


def _beside_all(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
    times: Callable[[int], int],
) -> Fraction:
    """The unit's value ÷ that of all compared, times what their number gives."""
    names = _compared_units(year_facts, counted, unit, rule)
    together = total(uncompared(year_facts, counted, name, rule) for name in names)
    if together == 0:
        return exact(counted["when_zero"])
    return uncompared(year_facts, counted, unit, rule) * times(len(names)) / together


def _to_last_year(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> Fraction:
    before = uncompared(a_year_before(year_facts), counted, unit, rule)
    if before == 0:
        return exact(counted["when_zero"])
    return uncompared(year_facts, counted, unit, rule) / before


def _place_change(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> Fraction:
    names = _compared_units(year_facts, counted, unit, rule)
    if unit not in names:
        return ZERO
    ahead = []
    for asked in (a_year_before(year_facts), year_facts):
        own = uncompared(asked, counted, unit, rule)
        ahead.append(len([name for name in names if uncompared(asked, counted, name, rule) > own]))
    return Fraction(ahead[0] - ahead[1])


Comparing = Callable[[YearFacts, Table, str, Table], Fraction]
COMPARISONS: Mapping[str, Comparing] = {
    "share_of_sequence": _share_of_sequence,
    "to_mean": _to_mean,
    "to_last_year": _to_last_year,
    "place_change": _place_change,
}


# Modules assessed by period -----------------------------------------------------------------------


def points_of_periods(year_facts: YearFacts, part: Table, unit: str) -> list[Fraction]:
    """A unit's points of the periods that a part takes and in which the unit was there."""
    points: list[Fraction] = []
    for (module, period), by_unit in year_facts.periods.items():
        is_taken = "only" not in part or period.split("-")[1] in part["only"]
        if module == part["result"]["module"] and is_taken and unit in by_unit:
            points.append(by_unit[unit])
    return points


def value_of_periods(year_facts: YearFacts, part: Table, unit: str) -> Fraction:
    """The sum of the periods, their mean, or the sum of the best; 0 of none."""
    points = points_of_periods(year_facts, part, unit)
    if part["take"] == "best":
        return total(sorted(points)[-int(part["best"]) :])
    together = total(points)
    return together / len(points) if part["take"] == "mean" and points else together


# What was never told ------------------------------------------------------------------------------


def silence(
    year_facts: YearFacts,
    counted: Table,
    unit: str,
    rule: Table,
) -> Any:
    """What the text says of a value that lacks a target or has no mark; None where it has all."""
    if "when_missing" not in counted:
        return None
    if "result" in counted:
        return None if points_of_periods(year_facts, counted, unit) else counted["when_missing"]
    references = [counted[name] for name in ("short_of", "beyond", "target") if name in counted]
    for reference in references:
        if not _target_told(year_facts, reference, counted, unit, rule):
            return counted["when_missing"]
    if counted.get("take") == "mean" and not uncompared_entries(year_facts, counted, unit, rule):
        return counted["when_missing"]
    if counted.get("as") in ("to_last_year", "place_change"):
        before = a_year_before(year_facts)
        told = all(_target_told(before, each, counted, unit, rule) for each in references)
        if not told or not counted_entries(before, counted, unit, rule):
            return counted["when_missing"]
    return None


def _target_told(
    year_facts: YearFacts,
    reference: Table,
    counted: Table,
    unit: str,
    rule: Table,
) -> bool:
    if reference.get("source") == "set":
        return _last_target(year_facts, unit, reference["indicator"]) is not None
    if reference.get("source") == "reported":
        entries = counted_entries(year_facts, counted, unit, rule)
        return any(entry.bears_target for entry in entries)
    return True


# Conditions ---------------------------------------------------------------------------------------


def holds(
    year_facts: YearFacts,
    any_of: Sequence[Table],
    unit: str,
    on_result: Callable[[Table], bool],
) -> bool:
    """Whether all conditions of one alternative hold; `on_result` says it of those on results."""

    def condition_holds(condition: Table) -> bool:
        if "result" in condition:
            return on_result(condition)
        return _condition_holds(year_facts, condition, unit)

    return any(all(map(condition_holds, alternative["all"])) for alternative in any_of)


def _condition_holds(
    year_facts: YearFacts,
    condition: Table,
    unit: str,
) -> bool:
    """Whether the value lies within its bounds; or that of so many periods running."""
    if not takes_unit(condition.get("where", {}), year_facts.units[unit]):
        return False
    if "in_a_row" not in condition:
        unsaid = silence(year_facts, condition, unit, {})
        if unsaid is not None:
            return bool(unsaid == "holds")
        return bounded(condition, value(year_facts, condition, unit, {}))
    entries = counted_entries(year_facts, condition, unit, {})
    each = condition["each"]
    outcome_of_periods = [
        bounded(condition, sum_of_entries(in_period(entries, each, period)))
        for period in periods_over(year_facts, each)
    ]
    length = int(condition["in_a_row"])
    for start in range(len(outcome_of_periods) - length + 1):
        if all(outcome_of_periods[start : start + length]):
            return True
    return False


def bounded(
    condition: Table,
    number: Fraction,
) -> bool:
    """Whether a number lies within every bound of a condition."""
    bounds = {name: exact(condition[name]) for name in BOUNDS if name in condition}
    return all(BOUNDS[name](number, bound) for name, bound in bounds.items())


BOUNDS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": Fraction.__ge__,
    "at_most": Fraction.__le__,
    "above": Fraction.__gt__,
    "below": Fraction.__lt__,
}
