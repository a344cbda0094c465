"""Projects under any rulebook, from the spec alone (spec 6).

Filters, eligibility, assessment period, funds, schedule checks, and what a measure counts of a
project. Nothing is remembered between two questions: each is asked of the facts again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field as with_default, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from .assessed_periods import MONTHS_IN_PERIOD, is_assessed
from .effective import Event, Record, last_of_month
from .limit_days import (
    LIMIT_MEASURES,
    Due,
    arranged,
    due_again,
    due_once,
    events_of_cadence,
)
from .recognition import (
    MILESTONES,
    STAGES,
    Facts,
    Project,
    contract_amount,
    facts,
    first_figure,
    months_after,
    node,
    passed_consultation,
    paused_on,
    scale,
)
from .schedule import milestones_in_force
from .schema import SECTORS
from .units import Unit

Table = Mapping[str, Any]
ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True)
class CountedEntry:
    """Something counted: how much, its day or period, its label, its project, its own target."""

    amount: Fraction
    when: str
    label: str = ""
    project: Project | None = None
    target: Fraction = ZERO
    bears_target: bool = False


@dataclass(frozen=True)
class YearFacts:
    """What is asked about: the rulebook, the facts by D, the year and the first day assessed."""

    book: Table
    facts: Facts
    year: int
    first: date
    periods: Mapping[tuple[str, str], Mapping[str, Fraction]] = with_default(default_factory=dict)
    """Each unit's points of a module assessed by period, by module and period."""
    same_day: date | None = None
    """Of the year before, the day that D is compared with."""

    @property
    def day(self) -> date:
        """The last day that is looked at: D, or its like in the year before."""
        return self.same_day or self.facts.day

    @property
    def units(self) -> dict[str, Unit]:
        """The units that are there."""
        return self.facts.units

    def covers(self, day: date) -> bool:
        """Whether a day is assessed."""
        return day.year == self.year and self.first <= day <= self.day


def a_year_before(year_facts: YearFacts) -> YearFacts:
    """The same facts, asked about the year before up to the day like D."""
    day = year_facts.facts.day
    same_day = months_after(day, -12)
    if (day + timedelta(days=1)).day == 1:
        same_day = last_of_month(same_day)
    period = year_facts.book.get("assessed", {}).get("period", "year")
    return replace(
        year_facts,
        year=year_facts.year - 1,
        first=first_of_period(same_day, period),
        same_day=same_day,
    )


def year_facts_of(
    book: Table,
    records: Sequence[Record],
    year: int,
    day: date,
    known_at: datetime | None,
) -> YearFacts:
    """The facts, and the first day of the year, half-year, quarter or month that is assessed."""
    period = book.get("assessed", {}).get("period", "year")
    first = first_of_period(date(year, day.month, 1), period)
    return YearFacts(book, facts(records, day, known_at), year, first)


def first_of_period(
    day: date,
    period: str,
) -> date:
    """The first day of the year, half-year, quarter or month that a day lies in."""
    months = MONTHS_IN_PERIOD[period]
    month = (day.month - 1) // months * months + 1
    return date(day.year, month, 1)


def exact(value: Any) -> Fraction:
    """A number of the file."""
    return Fraction(str(value))


def total(amounts: Iterable[Fraction]) -> Fraction:
    """The sum, 0 of nothing."""
    return sum(amounts, ZERO)


def ends_of(band: str) -> tuple[str, str]:
    """The two ends of an interval as written; empty where it is open."""
    low, high = band.strip()[1:-1].split(",")
    return low.strip(), high.strip()


def inside(
    band: str,
    value: Fraction,
) -> bool:
    """Whether an interval holds a number."""
    low, high = ends_of(band)
    if low and value == Fraction(low):
        return band.strip()[0] == "["
    if high and value == Fraction(high):
        return band.strip()[-1] == "]"
    # An open end is written as nothing at all.
    above = not low or value > Fraction(low)
    below = not high or value < Fraction(high)
    return above and below


# Filters ------------------------------------------------------------------------------------------


def takes_unit(
    where: Table,
    unit: Unit,
) -> bool:
    """Whether a filter takes a unit, by the fields that look at units."""
    for field, holds in UNIT_FILTERS.items():
        if field in where and not holds(unit, where[field]):
            return False
    return True


UNIT_FILTERS: Mapping[str, Callable[[Unit, Any], bool]] = {
    "category": lambda unit, categories: unit.category in categories,
    "sequence": lambda unit, sequences: unit.sequence in sequences,
    "except_sequence": lambda unit, sequences: unit.sequence not in sequences,
}


def takes_project(
    year_facts: YearFacts,
    where: Table,
    project: Project,
) -> bool:
    """Whether a filter takes a project, by the fields that look at projects."""
    for field, allowed in where.items():
        if field in UNIT_FILTERS:
            continue
        if not PROJECT_FILTERS[field](year_facts, project, allowed):
            return False
    return True


def investment(project: Project) -> Fraction:
    """Total investment, as contracted once signed, else as planned."""
    signed = project.first("AgreementSigned")
    if signed is None:
        return project.information.number("planned_investment")
    return contract_amount(project, "contract_investment")


def _in_scale(
    _: YearFacts,
    project: Project,
    band: Any,
) -> bool:
    return inside(band, scale(project))


def _in_investment(
    _: YearFacts,
    project: Project,
    band: Any,
) -> bool:
    return inside(band, investment(project))


def _in_invested_share(
    _: YearFacts,
    project: Project,
    band: Any,
) -> bool:
    planned = investment(project)
    if not planned:
        return inside(band, ZERO)
    reports = project.all("InvestmentReported")
    invested = total(event.number("fixed_assets") for event in reports)
    return inside(band, invested / planned)


def _in_sector(
    _: YearFacts,
    project: Project,
    sectors: Any,
) -> bool:
    return project.information.fields["sector"] in sectors


def _in_kind(
    _: YearFacts,
    project: Project,
    kinds: Any,
) -> bool:
    return project.information.fields["kind"] in kinds


def _in_site(
    _: YearFacts,
    project: Project,
    sites: Any,
) -> bool:
    return project.information.fields.get("site", "new_land") in sites


def _in_chains(
    _: YearFacts,
    project: Project,
    chains: Any,
) -> bool:
    return bool(set(chains) & set(project.information.fields.get("chains", [])))


def _in_traits(
    _: YearFacts,
    project: Project,
    traits: Any,
) -> bool:
    return bool(set(traits) & set(project.information.fields.get("investor_traits", [])))


def _in_information_years(
    _: YearFacts,
    project: Project,
    years: Any,
) -> bool:
    first, last = years
    return bool(first <= project.information.occurred_on.year <= last)


def _consulted_in_year(
    year_facts: YearFacts,
    project: Project,
    expected: Any,
) -> bool:
    return expected is reached_in(year_facts, project, "consultation", "year")


def _reached(
    year_facts: YearFacts,
    project: Project,
    asked_for: Any,
) -> bool:
    return reached_in(year_facts, project, asked_for["stage"], asked_for["period"])


def _figure_reports(project: Project, name: str) -> list[Event]:
    events = project.all("ProjectFigureReported")
    return [event for event in events if event.fields["figure"] == name]


def _taken(year_facts: YearFacts, name: str, events: list[Event]) -> list[Event]:
    declared = year_facts.book["vocabulary"]["figures"]
    take = {word["name"]: word["take"] for word in declared}[name]
    # The events stand by day and version: of equal ends the later one is the last.
    return sorted(events, key=_end_of_period)[-1:] if take == "last" else events


def _end_of_period(event: Event) -> tuple[int, int]:
    period = event.fields["period"]
    if len(period) == len("2024"):
        return int(period), 12
    months = {"H": 6, "Q": 3}.get(period[5], 1)
    return int(period[:4]), int(period[6 if months > 1 else 5 :]) * months


def _in_figures(year_facts: YearFacts, project: Project, bands: Any) -> bool:
    """Each figure was reported by the day, and lies in its band."""
    for name, band in bands.items():
        events = _taken(year_facts, name, _figure_reports(project, name))
        if not events or not inside(band, total(event.number("actual") for event in events)):
            return False
    return True


PROJECT_FILTERS: Mapping[str, Callable[[YearFacts, Project, Any], bool]] = {
    "sector": _in_sector,
    "kind": _in_kind,
    "traits": _in_traits,
    "chains": _in_chains,
    "site": _in_site,
    "scale": _in_scale,
    "investment": _in_investment,
    "invested_share": _in_invested_share,
    "information_years": _in_information_years,
    "consulted_in_year": _consulted_in_year,
    "reached": _reached,
    "figures": _in_figures,
}


# Nodes and credit ---------------------------------------------------------------------------------


def reached(
    year_facts: YearFacts,
    project: Project,
    stage: str,
) -> Event | None:
    """The event of a node.

    The first figure above 0 is the investment; of tax in the sectors that the rulebook names.
    """
    if stage != "investment":
        return node(project, stage)
    sectors_by_tax = year_facts.book.get("nodes", {}).get("by_tax", [])
    by_tax = project.information.fields["sector"] in sectors_by_tax
    return first_figure(project, by_tax=by_tax)


def reached_in(
    year_facts: YearFacts,
    project: Project,
    stage: str,
    period: str,
) -> bool:
    """Whether a node was first reached in the year, or in D's half-year, quarter or month."""
    event = reached(year_facts, project, stage)
    if event is None or event.occurred_on.year != year_facts.year:
        return False
    if event.occurred_on > year_facts.day:
        return False
    return period == "year" or event.occurred_on >= first_of_period(year_facts.day, period)


def credited(
    year_facts: YearFacts,
    project: Project,
    rule: Table,
) -> str | None:
    """Who has the credit: the reporter, or who took the project over last, by the table.

    Then successions are followed; None where nobody follows.
    """
    return project.all_units.holder(_earning(year_facts, project, rule))


def _earning(
    year_facts: YearFacts,
    project: Project,
    rule: Table,
) -> str:
    reporter = str(project.information.fields["reporting_unit"])
    if rule.get("to") == "first_reporter":
        return reporter
    transferred_from = year_facts.book.get("credit", {}).get("transferred_from", [])
    if project.all_units.registered[reporter].category not in transferred_from:
        return reporter
    receivers = [event.fields.get("to_unit") for event in project.all("ProjectTransferred")]
    receivers = [unit for unit in receivers if unit is not None]
    if receivers:
        return str(receivers[-1])
    return reporter


# What a rule may need of a project ----------------------------------------------------------------


def meets(
    year_facts: YearFacts,
    needs: Sequence[str],
    project: Project,
) -> bool:
    """Whether a project is all that a rule needs."""
    return all(NEEDS[need](year_facts, project) for need in needs)


def not_excluded(
    year_facts: YearFacts,
    project: Project,
) -> bool:
    """Whether none of the facts holds by which the rulebook excludes projects."""
    rows = year_facts.book.get("exclusions", [])
    return not any(EXCLUSIONS[row["fact"]](project) for row in rows)


def recognised(
    year_facts: YearFacts,
    project: Project,
) -> bool:
    """Whether it is not excluded and past the node that the rulebook asks for, if any."""
    if not not_excluded(year_facts, project):
        return False
    return "recognition" not in year_facts.book or passed_consultation(project) is not None


def eligible(
    year_facts: YearFacts,
    project: Project,
) -> bool:
    """Whether a row of the table fits and all that fit hold; without a table every project is."""
    if project.information.fields["sector"] not in _known_sectors(year_facts.book):
        return False
    table = year_facts.book.get("eligibility", [])
    if not table:
        return True
    rows = [row for row in table if _fits_row(year_facts, row["where"], project)]
    return bool(rows) and all(_holds_row(year_facts, row, project) for row in rows)


def _known_sectors(book: Table) -> set[str]:
    """The sectors built in and those that the rulebook declares (spec 6)."""
    declared = book.get("vocabulary", {}).get("sectors", [])
    return {*SECTORS, *(word["name"] for word in declared)}


def _fits_row(
    year_facts: YearFacts,
    where: Table,
    project: Project,
) -> bool:
    holder = credited(year_facts, project, {})
    if holder is None:
        # Nobody's category or sequence is among those asked for, nor outside them.
        asked_of_unit = bool(set(where) & set(UNIT_FILTERS))
        return not asked_of_unit and takes_project(year_facts, where, project)
    unit = year_facts.units[holder]
    return takes_project(year_facts, where, project) and takes_unit(where, unit)


def _holds_row(
    year_facts: YearFacts,
    row: Table,
    project: Project,
) -> bool:
    for need in row["needs"]:
        amount_or_fact = CONDITIONS[need["measure"]](year_facts, project)
        if "at_least" in need and amount_or_fact < exact(need["at_least"]):
            return False
        if not amount_or_fact and "at_least" not in need:
            return False
    return True


NEEDS: Mapping[str, Callable[[YearFacts, Project], bool]] = {
    "not_excluded": not_excluded,
    "recognised": recognised,
    "eligible": eligible,
}


def _meets_city_standard(
    _: YearFacts,
    project: Project,
) -> Fraction:
    return Fraction(bool(project.information.fields.get("meets_city_standard", False)))


def _land_acquired(
    _: YearFacts,
    project: Project,
) -> Fraction:
    return Fraction(project.first("LandAcquired") is not None)


def _statistics_entered(
    _: YearFacts,
    project: Project,
) -> Fraction:
    return Fraction(project.first("StatisticsEntered") is not None)


def _scale(
    _: YearFacts,
    project: Project,
) -> Fraction:
    return scale(project)


def _outside_ratio(
    _: YearFacts,
    project: Project,
) -> Fraction:
    return project.information.number("outside_ratio")


def _tax_in_year(
    year_facts: YearFacts,
    project: Project,
) -> Fraction:
    paid = [event for event in project.all("TaxPaid") if event.occurred_on <= year_facts.day]
    return total(event.number("amount") for event in paid if event.month().year == year_facts.year)


CONDITIONS: Mapping[str, Callable[[YearFacts, Project], Fraction]] = {
    "meets_city_standard": _meets_city_standard,
    "land_acquired": _land_acquired,
    "statistics_entered": _statistics_entered,
    "scale": _scale,
    "outside_ratio": _outside_ratio,
    "tax_in_year": _tax_in_year,
}


def _government_funded(project: Project) -> bool:
    return bool(project.information.fields.get("government_funded", False))


def _violation_stands(project: Project) -> bool:
    findings = project.all("ViolationFound", "ViolationCleared")
    return bool(findings) and findings[-1].kind == "ViolationFound"


def _recognition_denied(project: Project) -> bool:
    return bool(project.all("RecognitionDenied"))


EXCLUSIONS: Mapping[str, Callable[[Project], bool]] = {
    "government_funded": _government_funded,
    "violation": _violation_stands,
    "denied": _recognition_denied,
}


# Measures of projects -----------------------------------------------------------------------------

Amounts = Iterator[tuple[Fraction, str, str]]
"""How much, when, and its label."""
ProjectMeasure = Callable[[YearFacts, Project, Table], Amounts]


def of_project(
    year_facts: YearFacts,
    counted: Table,
    project: Project,
) -> list[CountedEntry]:
    """What a measure counts of a project."""
    amounts = PROJECT_MEASURES[counted["measure"]](year_facts, project, counted)
    entries = [CountedEntry(amount, when, label, project) for amount, when, label in amounts]
    if counted.get("each") == "project" and entries:
        return own_value(counted, project, entries)
    return entries


def own_value(
    counted: Table,
    project: Project,
    entries: Sequence[CountedEntry],
) -> list[CountedEntry]:
    """What a project has by itself: what it reaches, is short of or beyond, over a fixed target."""
    number = total(entry.amount for entry in entries)
    if counted["measure"] == "days_between" and number < 0:
        number = ZERO
    if "reaching" in counted:
        number = ONE if number >= exact(counted["reaching"]) else ZERO
    if "short_of" in counted:
        number = max(exact(counted["short_of"]["fixed"]) - number, ZERO)
    if "beyond" in counted:
        number = max(number - exact(counted["beyond"]["fixed"]), ZERO)
    # Bands and steps score what counts as 0 too; nothing else makes points of it.
    scores_zero = counted.get("kind") in ("bracket", "stepped")
    if not scores_zero and not number:
        return []
    if scores_zero and "target" in counted:
        target = exact(counted["target"]["fixed"])
        number = number / target if target else exact(counted.get("when_zero", 0))
    return [CountedEntry(number, entries[-1].when, "", project)]


def when(event: Event) -> str:
    """The month of a monthly fact, else its day."""
    return str(event.fields.get("month", event.occurred_on.isoformat()))


def _consultations_passed(
    year_facts: YearFacts,
    project: Project,
    _: Table,
) -> Amounts:
    passed = passed_consultation(project)
    if passed is not None and year_facts.covers(passed.occurred_on):
        yield ONE, passed.occurred_on.isoformat(), ""


def _days_between(
    year_facts: YearFacts,
    project: Project,
    counted: Table,
) -> Amounts:
    """From the first day of one node to that of another, which lies in what is assessed."""
    begun = reached(year_facts, project, counted["from_stage"])
    ended = reached(year_facts, project, counted["to_stage"])
    if begun is not None and begun.occurred_on > year_facts.day:
        begun = None
    if ended is not None and ended.occurred_on > year_facts.day:
        ended = None
    if begun is not None and ended is None and counted.get("unreached") == "as_of":
        ends = [year_facts.day]
        ends += [event.occurred_on for event in project.all("ProjectTerminated")]
        limit = assessed_until(year_facts, project)
        if limit is not None:
            ends.append(limit)
        yield Fraction((min(ends) - begun.occurred_on).days), min(ends).isoformat(), ""
    if begun is None or ended is None or not year_facts.covers(ended.occurred_on):
        return
    days = (ended.occurred_on - begun.occurred_on).days
    yield Fraction(days), ended.occurred_on.isoformat(), ""


def _project_figure(
    year_facts: YearFacts,
    project: Project,
    counted: Table,
) -> Amounts:
    """项目指标 for what is assessed: every report, or that of the period which ends last."""
    name = counted["figure"]
    events = [
        event
        for event in _figure_reports(project, name)
        if is_assessed(year_facts, event.fields["period"])
    ]
    for event in _taken(year_facts, name, events):
        yield event.number("actual"), event.fields["period"], name


def _each_of(
    kind: str,
    field: str | None = None,
) -> ProjectMeasure:
    """Count each event of a kind, as one or as much as a field says."""

    def count(
        year_facts: YearFacts,
        project: Project,
        _: Table,
    ) -> Amounts:
        for event in project.all(kind):
            if year_facts.covers(event.occurred_on):
                amount = ONE
                if field is not None:
                    amount = event.number(field)
                yield amount, when(event), ""

    return count


def _signed_investment(
    year_facts: YearFacts,
    project: Project,
    _: Table,
) -> Amounts:
    for event in project.all("AgreementSigned"):
        if year_facts.covers(event.occurred_on):
            yield contract_amount(project, "contract_investment"), when(event), ""


def _earns(
    year_facts: YearFacts,
    measure: str,
    project: Project,
    event: Event,
) -> bool:
    """Whether an event lies within the assessment period, where that limits the measure.

    A node goes by its own day, a figure by the first day of its month.
    """
    table = year_facts.book.get("assessment_period", {"limits": []})
    end = assessed_until(year_facts, project)
    if measure not in table["limits"] or end is None:
        return True
    if "month" in event.fields:
        return event.month() <= end
    return event.occurred_on <= end


def assessed_until(
    year_facts: YearFacts,
    project: Project,
) -> date | None:
    """The assessment period's last day; None of an unsigned project, or without the table."""
    table = year_facts.book.get("assessment_period")
    signed = project.first("AgreementSigned")
    if table is None or signed is None:
        return None
    bands = [band for band in table["bands"] if inside(band["scale"], scale(project))]
    return months_after(signed.occurred_on, int(bands[0]["months"]))


def _nodes_reached(
    year_facts: YearFacts,
    project: Project,
    counted: Table,
) -> Amounts:
    # The seven, unless a rule names others: in `stages`, or by points of their own.
    named = counted.get("stages", (*STAGES, *counted.get("points_by", ())))
    # Stages that a rulebook declares follow in the order in which the rule names them.
    declared = [stage for stage in named if stage not in (*STAGES, *MILESTONES)]
    for stage in (*STAGES, *MILESTONES, *declared):
        if stage not in named:
            continue
        event = reached(year_facts, project, stage)
        if event is None or not year_facts.covers(event.occurred_on):
            continue
        if _earns(year_facts, "nodes_reached", project, event):
            yield ONE, event.occurred_on.isoformat(), stage


def _funds_in_place(
    year_facts: YearFacts,
    project: Project,
    _: Table,
) -> Amounts:
    """The amounts of the sector's source at its share, as one, of the month of the last of them."""
    row = _funds_row(year_facts, project)
    if row is None or ("needs" in row and node(project, row["needs"]) is None):
        return
    kind, field, deducted_field = FUND_SOURCES[row["source"]]
    events = project.all(kind)
    amounts: list[Fraction] = []
    last_month = ""
    for event in events:
        amount = event.number(field) - event.number(deducted_field)
        earns = _earns(year_facts, "funds_in_place", project, event)
        if year_facts.covers(event.occurred_on) and earns and amount != 0:
            amounts.append(amount)
            last_month = when(event)[:7]
    if amounts:
        yield total(amounts) * exact(row.get("share", 1)), last_month, ""


def _funds_row(
    year_facts: YearFacts,
    project: Project,
) -> Table | None:
    sector = project.information.fields["sector"]
    rows: list[Table] = year_facts.book.get("funds", [])
    for row in rows:
        if sector in row["sector"]:
            return row
    return None


# The event, the field that counts, and the field taken off it ("" is no field, and so 0).
FUND_SOURCES = {
    "fixed_assets": ("InvestmentReported", "fixed_assets", ""),
    "self_held": ("InvestmentReported", "self_held", "self_held_state_share"),
    "tax": ("TaxPaid", "amount", ""),
    "land_fee": ("LandAcquired", "transfer_fee", "county_state_share"),
}


def _checks(*, passed: bool) -> ProjectMeasure:
    """Count the schedule checks that a project passed, or those that it missed."""

    def count(
        year_facts: YearFacts,
        project: Project,
        _: Table,
    ) -> Amounts:
        for begins, ends in _checked_periods(year_facts, project):
            if _is_on_schedule(year_facts, project, begins, ends) is passed:
                yield ONE, ends.isoformat(), ""

    return count


def _checked_periods(
    year_facts: YearFacts,
    project: Project,
) -> Iterator[tuple[date, date]]:
    """The first and last days of the periods at whose end a project is checked."""
    consulted = passed_consultation(project)
    if consulted is None or consulted.occurred_on.year != year_facts.year:
        return
    table = year_facts.book.get("schedule_checks", {"every": "quarter"})
    months = MONTHS_IN_PERIOD[table["every"]]
    terminations = project.all("ProjectTerminated")
    for month in range(months, 13, months):
        begins = date(year_facts.year, month - months + 1, 1)
        ends = last_of_month(date(year_facts.year, month, 1))
        over = any(event.occurred_on <= ends for event in terminations)
        is_past = consulted.occurred_on <= ends <= year_facts.day
        if is_past and year_facts.covers(ends) and not over:
            yield begins, ends


def _is_on_schedule(
    year_facts: YearFacts,
    project: Project,
    begins: date,
    ends: date,
) -> bool | None:
    """Whether every milestone due was reached; None where there was nothing to look at."""
    due = {stage: day for stage, day in milestones_in_force(project, ends).items() if day <= ends}
    first_reached: dict[str, date] = {}
    for stage in due:
        event = reached(year_facts, project, stage)
        first_reached[stage] = date.max if event is None else event.occurred_on
    # A milestone is looked at if it fell due in the period or was still open as it began.
    day_before = begins - timedelta(days=1)
    open_stages = [
        stage for stage, day in due.items() if day >= begins or first_reached[stage] > day_before
    ]
    if not open_stages:
        return None
    return all(day <= ends for day in first_reached.values())


def _unfulfilled(*, or_untaxed: bool) -> ProjectMeasure:
    """Count the last year_facts if it found the project unfulfilled; or if no tax was ever paid."""

    def count(
        year_facts: YearFacts,
        project: Project,
        _: Table,
    ) -> Amounts:
        assessments = [
            event
            for event in project.all("PerformanceAssessed")
            if year_facts.covers(event.occurred_on)
        ]
        if not assessments:
            return
        untaxed = all(event.number("amount") <= 0 for event in project.all("TaxPaid"))
        last = assessments[-1]
        if last.fields["result"] == "unfulfilled" or (or_untaxed and untaxed):
            yield ONE, last.occurred_on.isoformat(), ""

    return count


def _limit_days(measure: str) -> ProjectMeasure:
    """Count the due days of a time limit that were kept or missed, or the days late."""

    def count(
        year_facts: YearFacts,
        project: Project,
        counted: Table,
    ) -> Amounts:
        tables = year_facts.book["limits"]
        # The spec writes `limit`; beside a limit of points it is `time_limit`.
        limit_id = counted.get("time_limit", counted.get("limit"))
        limit = next(table for table in tables if table["id"] == limit_id)
        if not holds_for(year_facts, limit, project) or not not_excluded(year_facts, project):
            return
        for due in _due_days(year_facts, limit, project):
            if not year_facts.covers(due.day) or (due.days_late == 0) != (measure == "limits_kept"):
                continue
            amount = Fraction(due.days_late) if measure == "days_late" else ONE
            yield amount, due.day.isoformat(), limit["id"]

    return count


def _due_days(year_facts: YearFacts, limit: Table, project: Project) -> list[Due]:
    """What fell due before D, before a termination, and before what ends a cadence."""
    begun = _reached_on(year_facts, project, limit["from"])
    if begun is None:
        return []
    ends = [year_facts.day]
    ends += [event.occurred_on for event in project.all("ProjectTerminated")]
    working_days = arranged(year_facts.facts.county)
    if "to" in limit:
        met_on = _reached_on(year_facts, project, limit["to"])
        return due_once(limit, begun, met_on, min(ends), working_days)
    until = _reached_on(year_facts, project, limit["until"]) if "until" in limit else None
    if until is not None:
        ends.append(until)
    kinds = events_of_cadence(limit)
    events = project.events if kinds == ["any"] else project.all(*kinds)
    days = {event.occurred_on for event in events if event.occurred_on <= year_facts.day}
    starts = [begun, *sorted(day for day in days if day > begun)]
    due_days = due_again(limit, starts, min(ends), working_days)
    return [due for due in due_days if not paused_on(project, due.day)]


def _reached_on(year_facts: YearFacts, project: Project, stage: str) -> date | None:
    event = reached(year_facts, project, stage)
    if event is None or event.occurred_on > year_facts.day:
        return None
    return event.occurred_on


def holds_for(
    year_facts: YearFacts,
    limit: Table,
    project: Project,
) -> bool:
    """Whether a time limit holds for a project, by its filter and its needs."""
    where = limit.get("where", {})
    unit = year_facts.units.get(credited(year_facts, project, {}) or "")
    looks_at_units = any(name in where for name in UNIT_FILTERS)
    if looks_at_units and (unit is None or not takes_unit(where, unit)):
        return False
    takes = takes_project(year_facts, where, project)
    return takes and meets(year_facts, limit.get("needs", []), project)


PROJECT_MEASURES: Mapping[str, ProjectMeasure] = {
    "consultations_passed": _consultations_passed,
    "nodes_reached": _nodes_reached,
    "funds_in_place": _funds_in_place,
    "checks_passed": _checks(passed=True),
    "checks_missed": _checks(passed=False),
    "assessed_unfulfilled": _unfulfilled(or_untaxed=False),
    "assessed_unfulfilled_or_untaxed": _unfulfilled(or_untaxed=True),
    "projects_signed": _each_of("AgreementSigned"),
    "signed_investment": _signed_investment,
    "fixed_assets": _each_of("InvestmentReported", "fixed_assets"),
    "tax_paid": _each_of("TaxPaid", "amount"),
    "parcels_acquired": _each_of("LandAcquired"),
    "land_area": _each_of("LandAcquired", "area_mu"),
    "days_between": _days_between,
    "project_figure": _project_figure,
    **{measure: _limit_days(measure) for measure in LIMIT_MEASURES},
}
