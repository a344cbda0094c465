"""Facts at (D, K), and what a project is worth recognising for.

Spec 2 from "What is evaluated" to 考(七).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from .effective import (
    COUNTY,
    Event,
    NumberedRecord,
    Record,
    effective,
    known_records,
    last_of_month,
    live_corrections,
)
from .units import Unit, Units, units_on

NODE_EVENTS = {
    "information": "InformationReported",
    "signing": "AgreementSigned",
    "land": "LandAcquired",
    "filing": "ProjectFiled",
    "statistics": "StatisticsEntered",
}
STAGES = ("information", "consultation", "signing", "land", "filing", "statistics", "investment")
MILESTONES = ("construction_started", "completed", "production_started", "full_production")
REAL_ESTATE = ("real_estate", "real_estate_balanced")
FIXED_ASSETS_FLOOR = {"industrial": 2000, "cultural_tourism": 2000, "agricultural": 1000}
SERVICE_TAX_FLOOR = 15
OUTSIDE_RATIO_FLOOR = Fraction("0.3")
UPGRADE_FLOOR = 10000
BAND_LOW, BAND_HIGH = 10000, 50000


def with_investor(report: Event, changes: Sequence[Event]) -> Event:
    """The report with the investor as of D: of each change in order, what it gives."""
    fields = dict(report.fields)
    for change in changes:
        fields.pop("investor_code", None)
        for name in ("investor", "investor_code", "investor_traits", "outside_ratio"):
            if name in change.fields:
                fields[name] = change.fields[name]
    return replace(report, fields=fields)


@dataclass(frozen=True)
class Project:
    """A project with its effective events by D in order, and the units on that day."""

    code: str
    events: tuple[Event, ...]
    all_units: Units

    @property
    def information(self) -> Event:
        """The report that opened it."""
        return with_investor(self.all("InformationReported")[0], self.all("InvestorChanged"))

    def all(self, *kinds: str) -> list[Event]:
        """The events of these types, in order."""
        return [event for event in self.events if event.kind in kinds]

    def first(self, kind: str) -> Event | None:
        """The first event of a type, if any."""
        for event in self.events:
            if event.kind == kind:
                return event
        return None


@dataclass(frozen=True)
class Facts:
    """Everything that is so at (D, K); `units` are those that are there."""

    day: date
    all_units: Units
    units: dict[str, Unit]
    projects: dict[str, Project]
    county: tuple[Event, ...]


def facts(
    records: Sequence[Record],
    day: date,
    known_at: datetime | None = None,
    position: int | None = None,
) -> Facts:
    """The effective events at K with `occurred_on` by D.

    Units in order of registration, projects of first record.
    """
    events = renamed(effective(records, known_at, position), records, known_at, position)
    units = units_on(events, day)
    by_day = [event for event in events if event.occurred_on <= day]
    # A project whose information lies after D is not there yet, in any view.
    codes = [event.stream[1] for event in by_day if event.kind == "InformationReported"]
    projects: dict[str, Project] = {}
    for code in codes:
        projects[code] = Project(code, of_stream(by_day, ("project", code)), units)
    county = of_stream(by_day, COUNTY)
    return Facts(day, units, units.there(), projects, county)


def renamed(
    events: Sequence[Event],
    records: Sequence[Record],
    known_at: datetime | None,
    position: int | None,
) -> list[Event]:
    """The events, each that names a moved project naming it by the code that it has now."""
    moves = moved(events, known_records(records, known_at, position))
    return [with_code_of_now(event, moves) for event in events]


def with_code_of_now(event: Event, moves: dict[str, str]) -> Event:
    """An event with the code that the project it names has now."""
    if "about_project" not in event.fields:
        return event
    passed = [str(event.fields["about_project"])]
    while passed[-1] in moves and moves[passed[-1]] not in passed:
        passed.append(moves[passed[-1]])
    return replace(event, fields={**event.fields, "about_project": passed[-1]})


def moved(events: Sequence[Event], known: Sequence[NumberedRecord]) -> dict[str, str]:
    """Where each project without a report moved to, by the last void of a report that says so."""
    reported = {event.stream for event in events if event.kind == "InformationReported"}
    moves: dict[str, str] = {}
    for stream in dict.fromkeys(each.stream for each in known):
        of_stream_records = [each for each in known if each.stream == stream]
        reports = {
            each.version
            for each in of_stream_records
            if each.record["event"] == "InformationReported"
        }
        for void in live_corrections(of_stream_records):
            is_void_of_report = void.record["corrects"] in reports
            if stream not in reported and is_void_of_report and "moved_to" in void.record:
                moves[stream[1]] = void.record["moved_to"]
    return moves


def of_stream(
    events: Sequence[Event],
    stream: tuple[str, str],
) -> tuple[Event, ...]:
    """The events of one stream."""
    return tuple(event for event in events if event.stream == stream)


def passed_consultation(project: Project) -> Event | None:
    """The consultation that passed (there is at most one effective one)."""
    for event in project.all("ConsultationHeld"):
        if event.fields["outcome"] == "passed":
            return event
    return None


def first_figure(
    project: Project,
    *,
    by_tax: bool,
) -> Event | None:
    """The `investment` node: the first figure above 0, of fixed assets or of tax."""
    kind, field = "InvestmentReported", "fixed_assets"
    if by_tax:
        kind, field = "TaxPaid", "amount"
    for event in project.all(kind):
        if event.number(field) > 0:
            return event
    return None


def node(
    project: Project,
    stage: str,
) -> Event | None:
    """The event by which a node was first reached by D."""
    if stage == "consultation":
        return passed_consultation(project)
    if stage == "investment":
        by_tax = project.information.fields["sector"] == "service"
        return first_figure(project, by_tax=by_tax)
    if stage in NODE_EVENTS:
        return project.first(NODE_EVENTS[stage])
    return milestone_reached(project, stage)


def milestone_reached(
    project: Project,
    milestone: str,
) -> Event | None:
    """The event of a milestone of construction."""
    for event in project.all("MilestoneReached"):
        if event.fields["milestone"] == milestone:
            return event
    return None


def contract_amount(
    project: Project,
    field: str,
) -> Fraction:
    """An amount of the contract as of D: the signing's, overridden by amendments in order."""
    amount = Fraction(0)
    for event in project.all("AgreementSigned", "AgreementAmended"):
        if field in event.fields:
            amount = event.number(field)
    return amount


def scale(project: Project) -> Fraction:
    """固定资产投资规模: as contracted once signed, else as planned."""
    signed = project.first("AgreementSigned")
    if signed is not None:
        return contract_amount(project, "contract_fixed_assets")
    return project.information.number("planned_fixed_assets")


def earning_unit(project: Project) -> str:
    """考(二),(十): who reported it; for an outpost group the unit it was last transferred to."""
    reporter = str(project.information.fields["reporting_unit"])
    registered = project.all_units.registered
    if reporter not in registered or registered[reporter].category != "outpost_group":
        return reporter
    credited = reporter
    for event in project.all("ProjectTransferred"):
        if event.fields.get("to_unit") is not None:
            credited = str(event.fields["to_unit"])
    return credited


def credit_unit(project: Project) -> str | None:
    """Who has the credit as of D: successions are followed once the credit rule was applied."""
    return project.all_units.holder(earning_unit(project))


def responsible_unit(project: Project, assigned: str) -> str:
    """A task's unit: the successor of the one assigned, without one the name assigned."""
    return project.all_units.holder(assigned) or assigned


def excluded(project: Project) -> bool:
    """考(九): paid by government, a violation that stands, recognition denied."""
    findings = project.all("ViolationFound", "ViolationCleared")
    violation_stands = bool(findings) and findings[-1].kind == "ViolationFound"
    funded = project.information.fields.get("government_funded", False)
    return bool(funded) or violation_stands or bool(project.all("RecognitionDenied"))


def recognised(project: Project) -> bool:
    """Not excluded, and a consultation passed by D."""
    return not excluded(project) and passed_consultation(project) is not None


def terminated(project: Project) -> bool:
    """Whether it was terminated by D."""
    return project.first("ProjectTerminated") is not None


def paused(project: Project) -> bool:
    """Whether the last of pauses and resumptions by D is a pause."""
    changes = project.all("ProjectPaused", "ProjectResumed")
    return bool(changes) and changes[-1].kind == "ProjectPaused"


def paused_on(project: Project, day: date) -> bool:
    """Whether the last of pauses and resumptions by a day is a pause."""
    by_day = [event for event in project.events if event.occurred_on <= day]
    return paused(replace(project, events=tuple(by_day)))


def tax_of_year(
    project: Project,
    year: int,
) -> Fraction:
    """Σ tax of months in the year by D."""
    figures = [event for event in project.all("TaxPaid") if event.month().year == year]
    return sum((event.number("amount") for event in figures), Fraction(0))


def fixed_assets(
    project: Project,
    year: int | None = None,
) -> Fraction:
    """Σ fixed assets reported by D, of months in one year or of all."""
    figures = project.all("InvestmentReported")
    if year is not None:
        figures = [event for event in figures if event.month().year == year]
    return sum((event.number("fixed_assets") for event in figures), Fraction(0))


def eligible(
    project: Project,
    year: int,
) -> bool:
    """考(四)."""
    fields = project.information.fields
    if fields["kind"] == "technical_upgrade":  # this row alone, whatever the sector
        return bool(fields.get("meets_city_standard", False)) and scale(project) >= UPGRADE_FLOOR
    if project.information.number("outside_ratio") < OUTSIDE_RATIO_FLOOR:
        return False
    return sector_condition(project, year)


def sector_condition(
    project: Project,
    year: int,
) -> bool:
    """What the sector asks of a newly introduced project."""
    sector = project.information.fields["sector"]
    if sector in FIXED_ASSETS_FLOOR:
        return scale(project) >= FIXED_ASSETS_FLOOR[sector]
    if sector == "service":
        return tax_of_year(project, year) >= SERVICE_TAX_FLOOR
    if sector in REAL_ESTATE:
        return project.first("LandAcquired") is not None
    return project.first("StatisticsEntered") is not None


def by_band(
    project: Project,
    small: Fraction,
    middle: Fraction,
    large: Fraction,
) -> Fraction:
    """By scale: below 1亿; 1亿 to 5亿, both included; above 5亿."""
    size = scale(project)
    if size < BAND_LOW:
        return small
    if size <= BAND_HIGH:
        return middle
    return large


def months_after(
    day: date,
    months: int,
) -> date:
    """The corresponding day some months later, or that month's last day (民法典 202)."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month_index + 1, 1)
    return first.replace(day=min(day.day, last_of_month(first).day))


def period_end(project: Project) -> date | None:
    """考(七): the last day of the assessment period; none while unsigned."""
    signed = project.first("AgreementSigned")
    if signed is None:
        return None
    months = by_band(project, Fraction(12), Fraction(24), Fraction(36))
    return months_after(signed.occurred_on, int(months))


def node_in_period(
    project: Project,
    stage: str,
    event: Event,
) -> bool:
    """Whether a node earns; `investment` goes by the month of its figure, as figures do."""
    if stage == "investment":
        return figure_in_period(project, event)
    end = period_end(project)
    return end is None or event.occurred_on <= end


def figure_in_period(
    project: Project,
    event: Event,
) -> bool:
    """Whether a figure counts: its month must not begin after the period's end."""
    end = period_end(project)
    return end is None or event.month() <= end
