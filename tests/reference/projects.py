"""Projects under any rulebook, from the spec alone (spec 6): filters, eligibility, period, funds, checks, what a measure counts.

Nothing is kept from one question to the next; each is asked of the facts by D anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from .effective import Event, Record, last_of_month
from .recognition import (
    STAGES,
    Facts,
    Project,
    Unit,
    facts,
    months_after,
    node,
    passed_consultation,
    scale,
    tax_of_year,
)
from .schedule import milestones_in_force

Data = Mapping[str, Any]
ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Thing:
    """Something counted: how much, the period or day that it is of, its label, the project, the target told with it."""

    amount: Fraction
    when: str
    label: str = ""
    project: Project | None = None
    target: Fraction = ZERO


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


def world(
    book: Data, records: Sequence[Record], year: int, day: date, known_at: datetime | None
) -> World:
    """The facts, and from which day on they are assessed."""
    period = book.get("assessed", {}).get("period", "year")
    first = {
        "year": date(year, 1, 1),
        "quarter": date(year, (day.month - 1) // 3 * 3 + 1, 1),
        "month": date(year, day.month, 1),
    }[period]
    return World(book, facts(records, day, known_at), year, first)


# What is counted ------------------------------------------------------------------------------------------------------


def inside(band: str, value: Fraction) -> bool:
    """Whether an interval holds a number."""
    low, high = band.strip()[1:-1].split(",")
    above = (
        not low.strip()
        or value > Fraction(low.strip())
        or (value == Fraction(low.strip()) and band.strip()[0] == "[")
    )
    below = (
        not high.strip()
        or value < Fraction(high.strip())
        or (value == Fraction(high.strip()) and band.strip()[-1] == "]")
    )
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
    return (
        project.information.number("planned_investment")
        if signed is None
        else signed.number("contract_investment")
    )


def takes_project(world: World, where: Data, project: Project) -> bool:
    """The part of a filter that looks at a project."""
    reached = where.get("reached", {"stage": "information", "period": ""})
    years = where.get("information_years", [1, 9999])
    fields = project.information.fields
    total = investment(project)
    invested = sum(
        (event.number("fixed_assets") for event in project.all("InvestmentReported")), ZERO
    )
    return (
        fields["sector"] in where.get("sector", [fields["sector"]])
        and fields["kind"] in where.get("kind", [fields["kind"]])
        and fields.get("site", "new_land") in where.get("site", [fields.get("site", "new_land")])
        and ("chains" not in where or bool(set(where["chains"]) & set(fields.get("chains", []))))
        and (
            "traits" not in where
            or bool(set(where["traits"]) & set(fields.get("investor_traits", [])))
        )
        and (
            "consulted_in_year" not in where
            or where["consulted_in_year"] is reached_in(world, project, "consultation", "year")
        )
        and (
            "reached" not in where
            or reached_in(world, project, reached["stage"], reached["period"])
        )
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
    return period == "year" or event.occurred_on >= date(
        day.year, (day.month - 1) // months * months + 1, 1
    )


def reached(world: World, project: Project, stage: str) -> Event | None:
    """The event of a node; the first figure above 0 is the investment, of tax for the sectors that the rulebook says so of."""
    if stage != "investment":
        return node(project, stage)
    by_tax = project.information.fields["sector"] in world.book.get("nodes", {}).get("by_tax", [])
    kind, field = ("TaxPaid", "amount") if by_tax else ("InvestmentReported", "fixed_assets")
    return next((event for event in project.all(kind) if event.number(field) > 0), None)


def credited(world: World, project: Project, rule: Data) -> str:
    """Who has the credit: who reported it, or by the table, where the rule does not say otherwise, whom it was last transferred to."""
    reporter = str(project.information.fields["reporting_unit"])
    moved = [
        str(event.fields["to_unit"])
        for event in project.all("ProjectTransferred")
        if event.fields.get("to_unit") is not None
    ]
    gives = world.units[reporter].category in world.book.get("credit", {}).get(
        "transferred_from", []
    )
    return moved[-1] if moved and gives and rule.get("to") != "first_reporter" else reporter


def meets(world: World, needs: Sequence[str], project: Project) -> bool:
    """Not excluded; recognised; eligible: each where it is needed."""
    asked = {
        "not_excluded": lambda: not excluded(world, project),
        "recognised": lambda: recognised(world, project),
        "eligible": lambda: eligible(world, project),
    }
    return all(asked[need]() for need in needs)


def excluded(world: World, project: Project) -> bool:
    """By one of the facts that the rulebook names."""
    return any(EXCLUDES[row["fact"]](project) for row in world.book.get("exclusions", []))


def recognised(world: World, project: Project) -> bool:
    """Not excluded, and past the node that the rulebook asks for, if it asks for one."""
    return not excluded(world, project) and (
        "recognition" not in world.book or passed_consultation(project) is not None
    )


def eligible(world: World, project: Project) -> bool:
    """One row of the table fits, and every one that fits holds; without a table every project is."""
    table = world.book.get("eligibility", [])
    rows = [
        row
        for row in table
        if takes_project(world, row["where"], project)
        and takes_unit_of(world, row["where"], project)
    ]
    return not table or (
        rows != [] and all(holds_of(world, need, project) for row in rows for need in row["needs"])
    )


def takes_unit_of(world: World, where: Data, project: Project) -> bool:
    """The part of a filter that looks at the unit that has the credit."""
    return takes_unit(where, world.units[credited(world, project, {})])


def holds_of(world: World, need: Data, project: Project) -> bool:
    """One condition on a project."""
    if need["measure"] == "meets_city_standard":
        return bool(project.information.fields.get("meets_city_standard", False))
    if need["measure"] in ("land_acquired", "statistics_entered"):
        return (
            project.first(
                "LandAcquired" if need["measure"] == "land_acquired" else "StatisticsEntered"
            )
            is not None
        )
    amounts = {
        "scale": scale(project),
        "outside_ratio": project.information.number("outside_ratio"),
        "tax_in_year": tax_of_year(project, world.year),
    }
    return amounts[need["measure"]] >= exact(need["at_least"])


def stands(project: Project) -> bool:
    """Whether a violation was found last."""
    findings = project.all("ViolationFound", "ViolationCleared")
    return bool(findings) and findings[-1].kind == "ViolationFound"


EXCLUDES: Mapping[str, Callable[[Project], bool]] = {
    "government_funded": lambda project: bool(
        project.information.fields.get("government_funded", False)
    ),
    "violation": stands,
    "denied": lambda project: bool(project.all("RecognitionDenied")),
}


def assessed(world: World, day: date) -> bool:
    """Whether a day is of what is assessed."""
    return day.year == world.year and day >= world.first


def of_project(world: World, plain: Data, project: Project) -> list[Thing]:
    """What a project brings."""
    found = OF_PROJECT[plain["measure"]](world, project, plain)
    return [Thing(amount, at, label, project) for amount, at, label in found]


Told = Iterator[tuple[Fraction, str, str]]
"""How much, when, and its label."""


def days_between(world: World, project: Project, plain: Data) -> Told:
    """From the first day of one node to that of another, which lies in what is assessed."""
    begun, ended = (reached(world, project, plain[name]) for name in ("from_stage", "to_stage"))
    if begun is not None and ended is not None and assessed(world, ended.occurred_on):
        yield (
            Fraction((ended.occurred_on - begun.occurred_on).days),
            ended.occurred_on.isoformat(),
            "",
        )


def consultations_passed(world: World, project: Project, _: Data) -> Told:
    """The consultation that passed."""
    passed = passed_consultation(project)
    if passed is not None and assessed(world, passed.occurred_on):
        yield ONE, passed.occurred_on.isoformat(), ""


def each_of(kind: str, field: str | None = None) -> Callable[[World, Project, Data], Told]:
    """Each event of a kind, as one or as much as a field says."""

    def found(world: World, project: Project, _: Data) -> Told:
        for event in project.all(kind):
            if assessed(world, event.occurred_on):
                yield ONE if field is None else event.number(field), when(event), ""

    return found


def earns(world: World, measure: str, project: Project, event: Event) -> bool:
    """Within the assessment period, where it limits the measure: a day by itself, a figure by the first day of its month."""
    table, signed = (
        world.book.get("assessment_period", {"limits": []}),
        project.first("AgreementSigned"),
    )
    if measure not in table["limits"] or signed is None:
        return True
    months = next(
        band["months"] for band in table["bands"] if inside(band["scale"], scale(project))
    )
    return (event.month() if "month" in event.fields else event.occurred_on) <= months_after(
        signed.occurred_on, int(months)
    )


def nodes_reached(world: World, project: Project, _: Data) -> Told:
    """Each node first reached in what is assessed."""
    for stage in STAGES:
        event = reached(world, project, stage)
        if (
            event is not None
            and assessed(world, event.occurred_on)
            and earns(world, "nodes_reached", project, event)
        ):
            yield ONE, event.occurred_on.isoformat(), stage


def funds_in_place(world: World, project: Project, _: Data) -> Told:
    """The amounts of the source that the sector's row names, at its share, as one; of the month of the last of them."""
    row = next(
        (
            row
            for row in world.book.get("funds", [])
            if project.information.fields["sector"] in row["sector"]
        ),
        None,
    )
    if row is None or ("needs" in row and node(project, row["needs"]) is None):
        return
    kind, field, less = SOURCES[row["source"]]
    events = project.all(kind)[:1] if kind == "LandAcquired" else project.all(kind)
    paid = [
        (event.number(field) - event.number(less), event)
        for event in events
        if assessed(
            world, last_of_month(event.month()) if "month" in event.fields else event.occurred_on
        )
        and earns(world, "funds_in_place", project, event)
    ]
    paid = [(amount, event) for amount, event in paid if amount != 0]
    if paid:
        yield (
            sum((amount for amount, _ in paid), ZERO) * exact(row.get("share", 1)),
            when(paid[-1][1])[:7],
            "",
        )


SOURCES = {
    "fixed_assets": ("InvestmentReported", "fixed_assets", ""),
    "self_held": ("InvestmentReported", "self_held", "self_held_state_share"),
    "tax": ("TaxPaid", "amount", ""),
    "land_fee": ("LandAcquired", "transfer_fee", "county_state_share"),
}


def checks(passed: bool) -> Callable[[World, Project, Data], Told]:
    """The schedule checks at which every milestone due had been reached, or at which one had not."""

    def found(world: World, project: Project, _: Data) -> Told:
        consulted = passed_consultation(project)
        length = {"month": 1, "quarter": 3, "half_year": 6}[
            world.book.get("schedule_checks", {"every": "quarter"})["every"]
        ]
        for month in range(length, 13, length):
            begin, end = (
                date(world.year, month - length + 1, 1),
                last_of_month(date(world.year, month, 1)),
            )
            if (
                consulted is None
                or consulted.occurred_on.year != world.year
                or not consulted.occurred_on <= end <= world.facts.day
            ):
                continue
            if any(
                event.occurred_on <= end for event in project.all("ProjectTerminated")
            ) or not assessed(world, end):
                continue
            due = {
                stage: day for stage, day in milestones_in_force(project, end).items() if day <= end
            }
            first = {
                stage: event.occurred_on if (event := reached(world, project, stage)) else date.max
                for stage in due
            }
            looked_at = any(
                day >= begin or first[stage] > begin - timedelta(days=1)
                for stage, day in due.items()
            )
            if looked_at and all(day <= end for day in first.values()) is passed:
                yield ONE, end.isoformat(), ""

    return found


def unfulfilled(or_untaxed: bool) -> Callable[[World, Project, Data], Told]:
    """The last assessment of what is assessed, where it found the project unfulfilled; or where no tax was ever paid."""

    def found(world: World, project: Project, _: Data) -> Told:
        assessments = [
            event
            for event in project.all("PerformanceAssessed")
            if assessed(world, event.occurred_on)
        ]
        untaxed = all(event.number("amount") <= 0 for event in project.all("TaxPaid"))
        if assessments and (
            assessments[-1].fields["result"] == "unfulfilled" or (or_untaxed and untaxed)
        ):
            yield ONE, assessments[-1].occurred_on.isoformat(), ""

    return found


OF_PROJECT: Mapping[str, Callable[[World, Project, Data], Told]] = {
    "days_between": days_between,
    "consultations_passed": consultations_passed,
    "projects_signed": each_of("AgreementSigned"),
    "signed_investment": each_of("AgreementSigned", "contract_investment"),
    "tax_paid": each_of("TaxPaid", "amount"),
    "fixed_assets": each_of("InvestmentReported", "fixed_assets"),
    "nodes_reached": nodes_reached,
    "funds_in_place": funds_in_place,
    "checks_passed": checks(passed=True),
    "checks_missed": checks(passed=False),
    "assessed_unfulfilled": unfulfilled(or_untaxed=False),
    "assessed_unfulfilled_or_untaxed": unfulfilled(or_untaxed=True),
}


def when(event: Event) -> str:
    """The month of a monthly fact, else its day."""
    return str(event.fields.get("month", event.occurred_on.isoformat()))
