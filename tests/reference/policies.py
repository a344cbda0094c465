"""Scores of all units under any rulebook, from the spec alone (spec 6): every kind of rule, in exact fractions.

A rulebook is the plain data that its file holds. What is worked out is said in the order that it happens; nothing is kept
from one question to the next. Tables that only kaihua-2024 has are not read here: its own reference does that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .effective import Event, Record, last_of_month
from .recognition import Facts, Project, Unit, credit_unit, facts, node, passed_consultation, scale

Data = Mapping[str, Any]
ZERO, ONE = Fraction(0), Fraction(1)
BASES = ("policy", "interpretation", "assumption")


@dataclass(frozen=True)
class Thing:
    """Something counted: how much, the period or day that it is of, its label, the project, the target told with it."""

    amount: Fraction
    when: str
    label: str = ""
    project: Project | None = None
    target: Fraction = ZERO


@dataclass
class Points:
    """Points of a unit by a rule. `basis` is None where they take back what others gave."""

    unit: str
    module: str
    rule: str
    points: Fraction
    basis: str | None
    project: str | None = None


@dataclass(frozen=True)
class World:
    """What is asked about: the rulebook, the facts by D, the year and its first day assessed."""

    book: Data
    facts: Facts
    year: int
    first: date

    @property
    def units(self) -> dict[str, Unit]:
        """The registered units."""
        return self.facts.units


def exact(value: Any) -> Fraction:
    """A number of the file."""
    return Fraction(str(value))


def world(book: Data, records: Sequence[Record], year: int, day: date, known_at: datetime | None) -> World:
    """The facts, and from which day on they are assessed."""
    period = book.get("assessed", {}).get("period", "year")
    first = {"year": date(year, 1, 1), "quarter": date(year, (day.month - 1) // 3 * 3 + 1, 1), "month": date(year, day.month, 1)}[period]
    return World(book, facts(records, day, known_at), year, first)


# What is counted ------------------------------------------------------------------------------------------------------


def inside(band: str, value: Fraction) -> bool:
    """Whether an interval holds a number."""
    low, high = band.strip()[1:-1].split(",")
    above = not low.strip() or value > Fraction(low.strip()) or (value == Fraction(low.strip()) and band.strip()[0] == "[")
    below = not high.strip() or value < Fraction(high.strip()) or (value == Fraction(high.strip()) and band.strip()[-1] == "]")
    return above and below


def takes_unit(where: Data, unit: Unit) -> bool:
    """The part of a filter that looks at a unit."""
    return (
        unit.category in where.get("category", [unit.category])
        and unit.sequence in where.get("sequence", [unit.sequence])
        and unit.sequence not in where.get("except_sequence", [])
    )


def investment(project: Project) -> Fraction:
    """Total investment, as contracted once signed, else as planned."""
    signed = project.first("AgreementSigned")
    return project.information.number("planned_investment") if signed is None else signed.number("contract_investment")


def takes_project(world: World, where: Data, project: Project) -> bool:
    """The part of a filter that looks at a project."""
    reached = where.get("reached", {"stage": "information", "period": ""})
    years = where.get("information_years", [1, 9999])
    fields = project.information.fields
    total = investment(project)
    invested = sum((event.number("fixed_assets") for event in project.all("InvestmentReported")), ZERO)
    return (
        fields["sector"] in where.get("sector", [fields["sector"]])
        and fields["kind"] in where.get("kind", [fields["kind"]])
        and fields.get("site", "new_land") in where.get("site", [fields.get("site", "new_land")])
        and ("chains" not in where or bool(set(where["chains"]) & set(fields.get("chains", []))))
        and ("traits" not in where or bool(set(where["traits"]) & set(fields.get("investor_traits", []))))
        and ("consulted_in_year" not in where or where["consulted_in_year"] is reached_in(world, project, "consultation", "year"))
        and ("reached" not in where or reached_in(world, project, reached["stage"], reached["period"]))
        and years[0] <= project.information.occurred_on.year <= years[1]
        and inside(where.get("scale", "(,)"), scale(project))
        and inside(where.get("investment", "(,)"), total)
        and inside(where.get("invested_share", "(,)"), invested / total if total else ZERO)
    )


def reached_in(world: World, project: Project, stage: str, period: str) -> bool:
    """Whether a node was first reached in the year, or in D's quarter or month of it."""
    event = reached(world, project, stage)
    if event is None or event.occurred_on.year != world.year:
        return False
    day, months = world.facts.day, {"year": 12, "quarter": 3, "month": 1}[period]
    return period == "year" or event.occurred_on >= date(day.year, (day.month - 1) // months * months + 1, 1)


def reached(world: World, project: Project, stage: str) -> Event | None:
    """The event of a node; a service project's investment is its tax only where the rulebook says so."""
    if stage == "investment" and "nodes" not in world.book:
        return next((event for event in project.all("InvestmentReported") if event.number("fixed_assets") > 0), None)
    return node(project, stage)


def credited(world: World, project: Project, rule: Data) -> str:
    """Who has the credit: by the table, else, or by the rule, who reported it."""
    if rule.get("to") == "first_reporter" or "credit" not in world.book:
        return str(project.information.fields["reporting_unit"])
    return credit_unit(project)


def things(world: World, plain: Data, unit: str, rule: Data) -> list[Thing]:
    """All that a measure counts for a unit."""
    if not takes_unit(plain.get("where", {}), world.units[unit]):
        return []
    if plain["measure"] in OF_UNIT:
        return OF_UNIT[plain["measure"]](world, world.units[unit], plain)
    found = []
    for project in world.facts.projects.values():
        if credited(world, project, rule) == unit and takes_project(world, plain.get("where", {}), project) and meets(world, plain.get("needs", []), project):
            found += of_project(world, plain, project)
    return found


def meets(world: World, needs: Sequence[str], project: Project) -> bool:
    """Not excluded, by the facts that the rulebook names; and recognised, by the node that it asks for, where that is needed."""
    if needs and any(EXCLUDES[row["fact"]](project) for row in world.book.get("exclusions", [])):
        return False
    return "recognised" not in needs or "recognition" not in world.book or passed_consultation(project) is not None


def stands(project: Project) -> bool:
    """Whether a violation was found last."""
    findings = project.all("ViolationFound", "ViolationCleared")
    return bool(findings) and findings[-1].kind == "ViolationFound"


EXCLUDES: Mapping[str, Callable[[Project], bool]] = {
    "government_funded": lambda project: bool(project.information.fields.get("government_funded", False)),
    "violation": stands,
    "denied": lambda project: bool(project.all("RecognitionDenied")),
}


def assessed(world: World, day: date) -> bool:
    """Whether a day is of what is assessed."""
    return day.year == world.year and day >= world.first


def of_project(world: World, plain: Data, project: Project) -> list[Thing]:
    """What a project brings."""
    measure = plain["measure"]
    if measure == "days_between":
        begun, ended = (reached(world, project, plain[name]) for name in ("from_stage", "to_stage"))
        if begun is None or ended is None or not assessed(world, ended.occurred_on):
            return []
        return [Thing(Fraction((ended.occurred_on - begun.occurred_on).days), ended.occurred_on.isoformat(), "", project)]
    if measure == "consultations_passed":
        passed = passed_consultation(project)
        return [Thing(ONE, passed.occurred_on.isoformat(), "", project)] if passed is not None and assessed(world, passed.occurred_on) else []
    kind, field = {"projects_signed": ("AgreementSigned", None), "signed_investment": ("AgreementSigned", "contract_investment"), "tax_paid": ("TaxPaid", "amount"), "fixed_assets": ("InvestmentReported", "fixed_assets")}[measure]  # fmt: skip
    events = [event for event in project.all(kind) if assessed(world, event.occurred_on)]
    return [Thing(ONE if field is None else event.number(field), when(event), "", project) for event in events]


def when(event: Event) -> str:
    """The month of a monthly fact, else its day."""
    return str(event.fields.get("month", event.occurred_on.isoformat()))


def indicator(world: World, unit: Unit, plain: Data) -> list[Thing]:
    """单位指标 of the year, or of periods within what is assessed: `actual` ÷ `shared_by`."""
    found = []
    for event in unit.events:
        if event.kind == "IndicatorReported" and event.fields["indicator"] == plain["indicator"] and told_of(world, event.fields["period"]):
            share = Fraction(int(event.fields.get("shared_by", 1)))
            found.append(Thing(event.number("actual") / share, event.fields["period"], plain["indicator"], None, event.number("target")))
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


def told_once(kind: str, label: str = "", only: tuple[str, object] | None = None, amount: str | None = None) -> Callable[[World, Unit, Data], list[Thing]]:
    """Each event of a kind, of those whose field has a value; as one, or as much as a field says."""

    def found(world: World, unit: Unit, _: Data) -> list[Thing]:
        events = [event for event in unit.events if event.kind == kind and assessed(world, event.occurred_on)]
        events = [event for event in events if only is None or event.fields[only[0]] == only[1]]
        return [Thing(ONE if amount is None else event.number(amount), when(event), str(event.fields.get(label, ""))) for event in events]

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
    """The month or quarter of a day, month or quarter; a figure of a year, or of a quarter by months, is of none."""
    if each == "month":
        return None if len(text) == 4 or "Q" in text else text[:7]
    if len(text) == 4 or "Q" in text:
        return text if "Q" in text else None
    return f"{text[:4]}-Q{(int(text[5:7]) - 1) // 3 + 1}"


def periods_over(world: World, each: str) -> list[str]:
    """The months or quarters of what is assessed whose last day has come."""
    step = 1 if each == "month" else 3
    lasts = [last_of_month(date(world.year, month, 1)) for month in range(step, 13, step)]
    return [str(period_of(last.isoformat(), each)) for last in lasts if last <= world.facts.day and last >= world.first]


def against(world: World, reference: Data, counted: Data, unit: str, rule: Data) -> Fraction:
    """What a value is held against."""
    if "fixed" in reference:
        return exact(reference["fixed"])
    if reference.get("source") == "reported":
        return sum((thing.target for thing in things(world, counted, unit, rule)), ZERO)
    if reference.get("source") == "set":
        mine = [event for event in sorted(world.facts.county, key=lambda event: event.order) if event.kind == "TargetSet"]
        mine = [event for event in mine if (event.fields.get("for_unit"), event.fields["indicator"], event.fields["year"]) == (unit, reference["indicator"], world.year)]
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
    return any(all(condition_holds(world, condition, unit) for condition in one["all"]) for one in any_of)


def condition_holds(world: World, condition: Data, unit: str) -> bool:
    """The value within its bounds; or so many periods running, each by itself."""
    if not takes_unit(condition.get("where", {}), world.units[unit]):
        return False
    if "in_a_row" not in condition:
        return bounded(condition, value(world, condition, unit, {}))
    found = things(world, condition, unit, {})
    each = condition["each"]
    good = [bounded(condition, total([thing for thing in found if period_of(thing.when, each) == period])) for period in periods_over(world, each)]
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
