"""Scores of all units under any rulebook, from the spec alone (spec 6): what units have of what is counted, in exact fractions.

A rulebook is the plain data that its file holds. What is worked out is said in the order that it happens; nothing is kept
from one question to the next. What lies beyond points, in kaihua-2024 alone, its own reference reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .effective import last_of_month
from .projects import (
    ONE,
    ZERO,
    Data,
    Thing,
    World,
    assessed,
    credited,
    exact,
    meets,
    of_project,
    takes_project,
    takes_unit,
    when,
)
from .recognition import Unit

BASES = ("policy", "interpretation", "assumption")


@dataclass
class Points:
    """Points of a unit by a rule. `basis` is None where they take back what others gave."""

    unit: str
    module: str
    rule: str
    points: Fraction
    basis: str | None
    project: str | None = None


# What is counted ------------------------------------------------------------------------------------------------------


def things(world: World, plain: Data, unit: str, rule: Data) -> list[Thing]:
    """All that a measure counts for a unit."""
    if not takes_unit(plain.get("where", {}), world.units[unit]):
        return []
    if plain["measure"] in OF_UNIT:
        return OF_UNIT[plain["measure"]](world, world.units[unit], plain)
    found = []
    for project in world.facts.projects.values():
        if (
            credited(world, project, rule) == unit
            and takes_project(world, plain.get("where", {}), project)
            and meets(world, plain.get("needs", []), project)
        ):
            found += of_project(world, plain, project)
    return found


def indicator(world: World, unit: Unit, plain: Data) -> list[Thing]:
    """单位指标 of the year, or of periods within what is assessed: `actual` ÷ `shared_by`."""
    found = []
    for event in unit.events:
        if (
            event.kind == "IndicatorReported"
            and event.fields["indicator"] == plain["indicator"]
            and told_of(world, event.fields["period"])
        ):
            share = Fraction(int(event.fields.get("shared_by", 1)))
            found.append(
                Thing(
                    event.number("actual") / share,
                    event.fields["period"],
                    plain["indicator"],
                    None,
                    event.number("target"),
                )
            )
    return found


def told_of(world: World, period: str) -> bool:
    """Whether a period is of what is assessed; a year's figure is not of a quarter."""
    if not period.startswith(str(world.year)):
        return False
    if world.book.get("assessed", {}).get("period", "year") == "year":
        return True
    if len(period) == 4:
        return False
    month = 3 * int(period[6]) - 2 if "Q" in period else int(period[5:7])
    return world.first <= date(world.year, month, 1) <= world.facts.day


def told_once(
    kind: str, label: str = "", only: tuple[str, object] | None = None, amount: str | None = None
) -> Callable[[World, Unit, Data], list[Thing]]:
    """Each event of a kind, of those whose field has a value; as one, or as much as a field says."""

    def found(world: World, unit: Unit, _: Data) -> list[Thing]:
        events = [
            event
            for event in unit.events
            if event.kind == kind and assessed(world, event.occurred_on)
        ]
        events = [event for event in events if only is None or event.fields[only[0]] == only[1]]
        return [
            Thing(
                ONE if amount is None else event.number(amount),
                when(event),
                str(event.fields.get(label, "")),
            )
            for event in events
        ]

    return found


def first_of(kind: str, field: str) -> Callable[[World, Unit, Data], list[Thing]]:
    """One for each value of a field, by the first event that bears it."""

    def found(world: World, unit: Unit, plain: Data) -> list[Thing]:
        once: dict[str, Thing] = {}
        for thing in told_once(kind, field)(world, unit, plain):
            once.setdefault(thing.label, thing)
        return list(once.values())

    return found


OF_UNIT = {
    "indicator": indicator,
    "activities_led_by_head": told_once("ActivityHeld", only=("led_by_head", True)),
    "activities_held": told_once("ActivityHeld"),
    "black_listings": told_once("UnitListed", only=("board", "black")),
    "red_listings": told_once("UnitListed", only=("board", "red")),
    "routine_points": told_once("RoutineAssessed", amount="points"),
    "awards_won": told_once("AwardWon", "title"),
    "landing_failures": told_once("LandingServiceFailed", "failure"),
    "cadres_seconded": first_of("CadreSeconded", "person"),
    "major_projects_supported": first_of("MajorProjectSupported", "about_project"),
}

# A unit's value of it -------------------------------------------------------------------------------------------------


def total(counted: Sequence[Thing]) -> Fraction:
    """The sum."""
    return sum((thing.amount for thing in counted), ZERO)


def period_of(text: str, each: str) -> str | None:
    """The month or quarter of a day, month or quarter; of a year, of a quarter by months, and of what is of no day it is none."""
    if "Q" in text:
        return text if each == "quarter" else None
    if len(text) < len("2024-01"):
        return None
    return text[:7] if each == "month" else f"{text[:4]}-Q{(int(text[5:7]) - 1) // 3 + 1}"


def periods_over(world: World, each: str) -> list[str]:
    """The months or quarters of what is assessed whose last day has come."""
    step = 1 if each == "month" else 3
    lasts = [last_of_month(date(world.year, month, 1)) for month in range(step, 13, step)]
    return [
        str(period_of(last.isoformat(), each))
        for last in lasts
        if last <= world.facts.day and last >= world.first
    ]


def against(world: World, reference: Data, counted: Data, unit: str, rule: Data) -> Fraction:
    """What a value is held against."""
    if "fixed" in reference:
        return exact(reference["fixed"])
    if reference.get("source") == "reported":
        return sum((thing.target for thing in things(world, counted, unit, rule)), ZERO)
    if reference.get("source") == "set":
        mine = [
            event
            for event in sorted(world.facts.county, key=lambda event: event.order)
            if event.kind == "TargetSet"
        ]
        mine = [
            event
            for event in mine
            if (event.fields.get("for_unit"), event.fields["indicator"], event.fields["year"])
            == (unit, reference["indicator"], world.year)
        ]
        return mine[-1].number("amount") if mine else ZERO
    return total(things(world, reference["counted"], unit, {}))


def made_of(world: World, counted: Data, unit: str, rule: Data) -> list[Thing]:
    """The things that score: as counted, or what they leave short, go beyond, or reach period by period."""
    if not takes_unit(counted.get("where", {}), world.units[unit]):
        return []
    found = things(world, counted, unit, rule)
    if "each" in counted and ("reaching" in counted or "short_of" in counted):
        return by_period(world, counted, found)
    if "short_of" in counted:
        return left(against(world, counted["short_of"], counted, unit, rule) - total(found))
    if "beyond" in counted:
        return left(total(found) - against(world, counted["beyond"], counted, unit, rule))
    return found


def left(amount: Fraction) -> list[Thing]:
    """One thing of so much, or nothing."""
    return [Thing(amount, "")] if amount > 0 else []


def by_period(world: World, counted: Data, found: Sequence[Thing]) -> list[Thing]:
    """One for each period that reaches its mark; or what each falls short."""
    result = []
    for period in periods_over(world, counted["each"]):
        got = total([thing for thing in found if period_of(thing.when, counted["each"]) == period])
        if "reaching" in counted:
            amount = ONE if got >= exact(counted["reaching"]) else ZERO
        else:
            amount = max(ZERO, exact(counted["short_of"]["fixed"]) - got)
        if amount:
            result.append(Thing(amount, period))
    return result


def value(world: World, counted: Data, unit: str, rule: Data) -> Fraction:
    """The total, over the target if there is one."""
    actual = total(made_of(world, counted, unit, rule))
    if "target" not in counted:
        return actual
    target = against(world, counted["target"], counted, unit, rule)
    return exact(counted["when_zero"]) if target == 0 else actual / target


def holds(world: World, any_of: Sequence[Data], unit: str) -> bool:
    """One alternative all of whose conditions hold."""
    return any(
        all(condition_holds(world, condition, unit) for condition in one["all"]) for one in any_of
    )


def condition_holds(world: World, condition: Data, unit: str) -> bool:
    """The value within its bounds; or so many periods running, each by itself."""
    if not takes_unit(condition.get("where", {}), world.units[unit]):
        return False
    if "in_a_row" not in condition:
        return bounded(condition, value(world, condition, unit, {}))
    found = things(world, condition, unit, {})
    each = condition["each"]
    good = [
        bounded(
            condition, total([thing for thing in found if period_of(thing.when, each) == period])
        )
        for period in periods_over(world, each)
    ]
    wanted = int(condition["in_a_row"])
    return any(all(good[start : start + wanted]) for start in range(len(good) - wanted + 1))


def bounded(condition: Data, number: Fraction) -> bool:
    """Within every bound given."""
    return (
        ("at_least" not in condition or number >= exact(condition["at_least"]))
        and ("at_most" not in condition or number <= exact(condition["at_most"]))
        and ("above" not in condition or number > exact(condition["above"]))
        and ("below" not in condition or number < exact(condition["below"]))
    )
