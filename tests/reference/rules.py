"""The lines of points of kaihua-2024, rule by rule, before a module's cap or floor (spec 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .effective import Event
from .recognition import (
    REAL_ESTATE,
    Facts,
    Project,
    by_band,
    credit_unit,
    eligible,
    figure_in_period,
    node,
    node_in_period,
    passed_consultation,
    recognised,
    scale,
)
from .schedule import checks
from .units import Unit

POLICY, INTERPRETATION, ASSUMPTION = "policy", "interpretation", "assumption"
ZERO = Fraction(0)
INFORMATION_POINTS = Fraction(1)
ACTIVITY_POINTS = Fraction("0.5")
NODE_POINTS = {
    "consultation": 2,
    "signing": 3,
    "land": 4,
    "filing": 2,
    "statistics": 5,
    "investment": 4,
}
SIZE_FACTORS = (Fraction(1), Fraction("1.5"), Fraction(2))
FUNDS_POINTS = Fraction("0.5") / 1000
TAX_POINTS = Fraction(1) / 15
COUNTED_SHARE_OF_LAND_FEE = Fraction("0.1")
TRAITS_1_1 = {"out_of_province", "unicorn", "specialised"}
TRAITS_1_2 = {"state_owned", "central_soe", "listed", "top500_private"}
SITES_1_3 = (("industrial", "standard_factory"), ("cultural_tourism", "idle_revitalised"))
EARLIER_YEARS = (2021, 2022, 2023)
SECONDED_AT_MOST = 3  # 15 points at 5 each


@dataclass(frozen=True)
class Line:
    """Points of a unit by one rule.

    `limit` marks a module's cap or floor, which rests on no fact.
    """

    unit: str | None
    module: str
    rule: str
    points: Fraction
    basis: str
    project: str | None = None
    events: tuple[str, ...] = ()
    limit: bool = False


def names(events: Iterable[Event | None]) -> tuple[str, ...]:
    """The names of the events a line rests on, each once."""
    return tuple(dict.fromkeys(event.name for event in events if event is not None))


def lines_before_limits(
    facts: Facts,
    year: int,
) -> list[Line]:
    """Every line of every unit."""
    lines: list[Line] = []
    for project in facts.projects.values():
        lines += project_lines(project, year)
    for unit in facts.units.values():
        lines += unit_lines(unit, year)
    lines += schedule_lines(facts, year)
    return [line for line in lines if line.points != 0 and line.unit is not None]


def project_lines(
    project: Project,
    year: int,
) -> list[Line]:
    """What one project brings its credit unit."""
    lines = penalty(project, year)
    if recognised(project):
        lines += information(project, year)
        if eligible(project, year):
            lines += progress(project, year) + performance(project, year)
    return lines


def information(
    project: Project,
    year: int,
) -> list[Line]:
    """项目信息: a recognised project whose passed consultation lies in the year."""
    passed = passed_consultation(project)
    if passed is None or passed.occurred_on.year != year:
        return []
    events = names([project.information, passed])
    unit = credit_unit(project)
    return [
        Line(
            unit, "information", "information", INFORMATION_POINTS, ASSUMPTION, project.code, events
        )
    ]


def progress(
    project: Project,
    year: int,
) -> list[Line]:
    """项目推进: each node first reached in the year, within the assessment period."""
    lines = []
    for stage, points in NODE_POINTS.items():
        event = node(project, stage)
        if (
            event is None
            or event.occurred_on.year != year
            or not node_in_period(project, stage, event)
        ):
            continue
        value = points * by_band(project, *SIZE_FACTORS)
        rule = f"progress.{stage}"
        lines.append(
            Line(
                credit_unit(project),
                "progress",
                rule,
                value,
                ASSUMPTION,
                project.code,
                names([event]),
            )
        )
    return lines


def performance(
    project: Project,
    year: int,
) -> list[Line]:
    """项目绩效: funds in place of the year × coefficient."""
    rate = FUNDS_POINTS
    if project.information.fields["sector"] == "service":
        rate = TAX_POINTS
    value = funds_in_place(project, year) * coefficient(project) * rate
    events = names([project.information, *funds_events(project, year)])
    return [
        Line(
            credit_unit(project),
            "performance",
            "performance",
            value,
            ASSUMPTION,
            project.code,
            events,
        )
    ]


def funds_events(
    project: Project,
    year: int,
) -> list[Event]:
    """The events whose amounts are funds in place of the year, within the assessment period."""
    sector = project.information.fields["sector"]
    if sector == "real_estate":
        return [
            land
            for land in project.all("LandAcquired")
            if land.occurred_on.year == year and node_in_period(project, "land", land)
        ]
    # Where funds need statistics entry it is enough that it is there by D: a month's figure earns,
    # the entry lets it.
    if sector not in (*REAL_ESTATE, "service") and project.first("StatisticsEntered") is None:
        return []
    kind = "TaxPaid" if sector == "service" else "InvestmentReported"
    figures = project.all(kind)
    return [
        event
        for event in figures
        if event.month().year == year and figure_in_period(project, event)
    ]


def funds_in_place(
    project: Project,
    year: int,
) -> Fraction:
    """考(五): funds in place of the year by D."""
    return sum((funds_of(project, event) for event in funds_events(project, year)), ZERO)


def funds_of(
    project: Project,
    event: Event,
) -> Fraction:
    """The part of one event's amount that is funds in place."""
    sector = project.information.fields["sector"]
    if sector == "service":
        return event.number("amount")
    if sector == "real_estate":
        paid_by_others = event.number("transfer_fee") - event.number("county_state_share")
        return COUNTED_SHARE_OF_LAND_FEE * paid_by_others
    if sector == "real_estate_balanced":
        return event.number("self_held") - event.number("self_held_state_share")
    return event.number("fixed_assets")


def coefficient(project: Project) -> Fraction:
    """考(六): the highest that applies, else 1."""
    fields = project.information.fields
    traits = set(fields.get("investor_traits", []))
    site = fields.get("site", "new_land")
    factors = [Fraction(1)]
    if traits & TRAITS_1_1:
        factors.append(Fraction("1.1"))
    if fields.get("chains") or traits & TRAITS_1_2:
        factors.append(Fraction("1.2"))
    if (fields["sector"], site) in SITES_1_3:
        factors.append(Fraction("1.3"))
    return max(factors)


def penalty(
    project: Project,
    year: int,
) -> list[Line]:
    """考(八)1: projects assessed in earlier years, by the last assessment in the year.

    Also of excluded ones.
    """
    assessments = [
        event for event in project.all("PerformanceAssessed") if event.occurred_on.year == year
    ]
    passed = passed_consultation(project)
    if not assessments or project.information.occurred_on.year not in EARLIER_YEARS:
        return []
    if passed is not None and passed.occurred_on.year == year:
        return []
    value = penalty_points(project, assessments[-1].fields["result"])
    events = names([project.information, assessments[-1]])
    return [
        Line(
            credit_unit(project),
            "deduction",
            "deduction.1",
            value,
            INTERPRETATION,
            project.code,
            events,
        )
    ]


def penalty_points(
    project: Project,
    result: str,
) -> Fraction:
    """−20 or −10 by scale; service −5, also without any tax; real estate nothing."""
    sector = project.information.fields["sector"]
    if sector in REAL_ESTATE:
        return ZERO
    if sector == "service":
        taxed = any(event.number("amount") > 0 for event in project.all("TaxPaid"))
        if taxed and result != "unfulfilled":
            return ZERO
        return Fraction(-5)
    if result != "unfulfilled":
        return ZERO
    if scale(project) >= 10000:
        return Fraction(-20)
    return Fraction(-10)


def schedule_lines(
    facts: Facts,
    year: int,
) -> list[Line]:
    """考(八)2: +3 on schedule, −2 behind, each project at each check."""
    lines = []
    for check in checks(facts, year):
        module, rule, points = "deduction", "deduction.2", -2
        if check.on_schedule:
            module, rule, points = "bonus", "bonus.2", 3
        events = names(check.project.all("ScheduleSet"))
        lines.append(
            Line(
                check.unit,
                module,
                rule,
                Fraction(points),
                INTERPRETATION,
                check.project.code,
                events,
            )
        )
    return lines


def unit_lines(
    unit: Unit,
    year: int,
) -> list[Line]:
    """What a unit's own events bring it."""
    in_year = [event for event in unit.events if event.occurred_on.year == year]
    led = [event for event in of_kind(in_year, "ActivityHeld") if event.fields["led_by_head"]]
    # A monthly fact lies in its month, so the year of its date is the year of its month.
    routine = of_kind(in_year, "RoutineAssessed")
    failures = of_kind(in_year, "LandingServiceFailed")
    seconded = first_of_each(of_kind(in_year, "CadreSeconded"), "person")[:SECONDED_AT_MOST]
    supported = first_of_each(of_kind(in_year, "MajorProjectSupported"), "about_project")
    lines: list[Line] = []
    for event in led:
        lines.append(unit_line(unit, event, "activity", "activity", ACTIVITY_POINTS, ASSUMPTION))
    for event in routine:
        points = event.number("points")
        lines.append(unit_line(unit, event, "routine", "routine", points, ASSUMPTION))
    for event in of_kind(in_year, "AwardWon"):
        lines.append(unit_line(unit, event, "bonus", "bonus.3", Fraction(10), INTERPRETATION))
    for event in seconded:
        lines.append(unit_line(unit, event, "bonus", "bonus.5", Fraction(5), POLICY))
    for event in supported:
        lines.append(unit_line(unit, event, "bonus", "bonus.6", Fraction(5), POLICY))
    lines += black_list_lines(unit, in_year)
    for event in failures:
        lines.append(unit_line(unit, event, "deduction", "deduction.5", Fraction(-1), POLICY))
    return lines


def black_list_lines(unit: Unit, in_year: Sequence[Event]) -> list[Line]:
    """考(八)4: −2 each up to two months, −3 each, all of them, from three."""
    black = [event for event in of_kind(in_year, "UnitListed") if event.fields["board"] == "black"]
    points = Fraction(-2)
    if len(black) > 2:
        points = Fraction(-3)
    return [
        unit_line(unit, event, "deduction", "deduction.4", points, INTERPRETATION)
        for event in black
    ]


def unit_line(
    unit: Unit,
    event: Event,
    module: str,
    rule: str,
    points: Fraction,
    basis: str,
) -> Line:
    """A line that rests on one event of the unit, or of one that it succeeds."""
    return Line(
        unit.name,
        module,
        rule,
        points,
        basis,
        event.fields.get("about_project"),
        names([event]),
    )


def of_kind(
    events: Sequence[Event],
    kind: str,
) -> list[Event]:
    """The events of a type."""
    return [event for event in events if event.kind == kind]


def first_of_each(
    events: Sequence[Event],
    field: str,
) -> list[Event]:
    """The first event for each distinct value of a field."""
    first: dict[str, Event] = {}
    for event in events:
        first.setdefault(event.fields[field], event)
    return list(first.values())
