"""The lives of drawn projects: each walks through the nodes, on time or late, or stops on the way.

The order in which chances are drawn is part of the county: another order is another county.
"""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from commands.demo.county_data import county_units, life_texts
from commands.demo.demo_calendar import (
    working_day_from,
)
from commands.demo.drawn_amounts import contract_amounts, drawn_amounts, recording_delay
from commands.demo.project_life import (
    LifeEvent,
    ProjectLife,
    Venture,
    assessment,
    consultation,
    filing,
    land_purchase,
    review,
    schedule,
    signing,
    statistics_entry,
    termination,
    transfer,
)

# Chosen among a hundred: with the seed 2024 it gives a realistic year.
_LUCK = 50
_HORIZON = date(2024, 12, 31)
_ASSESSMENT_ROUNDS = (date(2024, 6, 3), date(2024, 11, 4))
_CARE = 30

# Days planned from each node to the next, at least and at most.
_PLANNED_GAPS = {
    "signing": (25, 70),
    "land": (45, 120),
    "filing": (12, 40),
    "statistics": (45, 140),
    "investment": (20, 45),
}
_SERVICE_PATH = ("signing", "statistics", "investment")
# The months of the half-yearly look-backs, and how likely each one is.
_LOOK_BACKS = (
    ("2023-05", 0.1),
    ("2023-11", 0.2),
    ("2024-05", 0.8),
    ("2024-11", 0.6),
)
_ASSESSORS = {
    "agricultural": "县农业农村局",
    "industrial": "县经信局",
    "cultural_tourism": "县文广旅体局",
}
_GENERAL_ASSESSOR = "县发改局"


class DrawnLife:
    """The life of one venture; `drive` (1 to 5) is how hard its unit pushes."""

    def __init__(self, venture: Venture, drive: int) -> None:
        self.venture = venture
        self.drive = drive
        self.rng = random.Random(f"{venture.luck}/{_LUCK}")
        self.events: list[LifeEvent] = []
        self.reached: dict[str, date] = {}
        self.due: dict[str, date] = {}
        self.is_sound = self.rng.random() < 0.78 + 0.04 * drive

    def live(self) -> ProjectLife:
        """Draw the whole life."""
        passed_on = self._draw_consultations()
        if passed_on is not None:
            self._draw_nodes(passed_on)
            self._draw_schedules(passed_on)
            self.events += drawn_amounts(
                self.venture, self.reached, self.rng, is_sound=self.is_sound
            )
            self._draw_transfer()
            self._draw_termination()
            self._draw_assessment_and_reviews()
        return ProjectLife(self.venture, self.events, _CARE)

    # Consultation

    def _draw_consultations(self) -> date | None:
        """The day on which the project passes; None if it never does."""
        fate = self.rng.random()
        day = _working_day_later(self.venture.reported.date(), self.rng.randint(12, 50))
        for outcome in _consultation_outcomes(fate):
            if day > _HORIZON:
                return None
            self.events.append(consultation(day, outcome))
            if outcome == "passed":
                return day
            day = _working_day_later(day, self.rng.randint(25, 60))
        return None

    # Nodes

    def _draw_nodes(self, passed_on: date) -> None:
        """Plan the nodes after the consultation and reach them until one stalls."""
        rng = self.rng
        is_punctual = rng.random() < 0.25 + 0.1 * self.drive
        planned = actual = passed_on
        has_stalled = False
        for stage in self._path():
            planned += timedelta(days=rng.randint(*_PLANNED_GAPS[stage]))
            self.due[stage] = planned
            slip = rng.randint(-14, 3) if is_punctual else rng.randint(0, 55)
            earliest = actual + timedelta(days=6)
            actual = working_day_from(max(earliest, planned + timedelta(days=slip)))
            # A stalled project draws no more luck, and reaches no later node.
            if not has_stalled:
                is_unlucky = rng.random() < 0.03 + 0.02 * (5 - self.drive)
                has_stalled = is_unlucky or actual > _HORIZON
            if not has_stalled:
                self._reach(stage, actual)

    def _path(self) -> tuple[str, ...]:
        """The nodes that such a project goes through after the consultation."""
        if self.venture.sector == "service":
            return _SERVICE_PATH
        is_upgrade = self.venture.kind == "technical_upgrade"
        needs_land = self.venture.site == "new_land" and not is_upgrade
        stages = list(_PLANNED_GAPS)
        if not needs_land:
            stages.remove("land")
        return tuple(stages)

    def _reach(self, stage: str, day: date) -> None:
        self.reached[stage] = day
        if stage == "signing":
            investment, fixed_assets = contract_amounts(self.venture, self.rng)
            self.events.append(signing(day, investment, fixed_assets, recording_delay(self.rng)))
        elif stage == "land":
            self.events.append(self._land_purchase(day))
        elif stage == "filing":
            self.events.append(filing(day))
        elif stage == "statistics":
            self.events.append(statistics_entry(day, recording_delay(self.rng)))

    def _land_purchase(self, day: date) -> LifeEvent:
        """Industrial land is cheap, land for homes is not; county firms share in some of it."""
        rng = self.rng
        fixed_assets = int(self.venture.fixed_assets)
        if self.venture.sector.startswith("real_estate"):
            fee = fixed_assets * rng.randint(34, 52) // 100
            state_share = fee * rng.choice((0, 0, 30, 49)) // 100
            return land_purchase(day, fixed_assets // 420, fee, state_share)
        area = max(6, fixed_assets // rng.randint(220, 420))
        area_mu = Decimal(area) + Decimal(rng.randint(0, 99)) / 100
        return land_purchase(day, area_mu, area * rng.randint(14, 28))

    # Schedules

    def _draw_schedules(self, passed_on: date) -> None:
        """A schedule soon after the consultation; in some lives it is revised once."""
        rng = self.rng
        # Before the policy of 2024 few projects had a schedule at all.
        first_year = 2023 if rng.random() < 0.15 else 2024
        set_on = working_day_from(passed_on + timedelta(days=rng.randint(2, 9)))
        has_none = rng.random() < 0.2 or passed_on.year < first_year
        if has_none or set_on >= min(self.due.values()):
            return
        self.events.append(schedule(set_on, self.due))
        missed = self._missed_days()
        if missed and rng.random() <= 0.3:
            self._revise_schedule(set_on, missed)

    def _missed_days(self) -> list[date]:
        """The days of the milestones that were missed."""
        return [
            due_on
            for stage, due_on in self.due.items()
            if self.reached.get(stage, _HORIZON) > due_on
        ]

    def _revise_schedule(self, set_on: date, missed: Iterable[date]) -> None:
        """Put off every later milestone, shortly before the first one that would be missed."""
        rng = self.rng
        days_before = timedelta(days=rng.randint(6, 14))
        revised_on = working_day_from(min(missed) - days_before)
        shift = timedelta(days=rng.randint(25, 60))
        milestones = {}
        for stage, due_on in self.due.items():
            if due_on > revised_on:
                milestones[stage] = due_on + shift
        if set_on < revised_on <= _HORIZON and milestones:
            reason = rng.choice(life_texts().revision_reasons)
            self.events.append(schedule(revised_on, milestones, reason))

    # Transfer and end

    def _draw_transfer(self) -> None:
        """Outpost groups hand most of their signed projects over to a township."""
        if not self.venture.unit.startswith("驻") or "signing" not in self.reached:
            return
        if self.rng.random() >= 0.62:
            return
        day = _working_day_later(self.reached["signing"], self.rng.randint(8, 60))
        to_unit = self.rng.choice(_townships_with_industry())
        if day <= _HORIZON:
            self.events.append(transfer(day, to_unit))

    def _draw_termination(self) -> None:
        """A few are terminated after signing; what would have come later did not happen."""
        if "signing" not in self.reached:
            return
        if self.rng.random() > (0.03 if self.is_sound else 0.3):
            return
        last_reached = max(self.reached.values())
        day = _working_day_later(last_reached, self.rng.randint(60, 260))
        if day > _HORIZON:
            return
        self.events = [event for event in self.events if event.day < day]
        reason = self.rng.choice(life_texts().termination_reasons)
        self.events.append(termination(day, reason))

    # Assessment and reviews

    def _draw_assessment_and_reviews(self) -> None:
        """What was signed before 2024 is assessed in that year and looked back on."""
        signed_on = self.reached.get("signing")
        if signed_on is None or signed_on.year == 2024:
            return
        is_over = _has_termination(self.events)
        if self.rng.random() < 0.8:
            self._draw_assessment(is_over=is_over)
        for month, likelihood in _LOOK_BACKS:
            # The chance is drawn first, whether the look-back can take place or not.
            is_drawn = self.rng.random() < likelihood
            is_later_year = month[:4] > f"{signed_on:%Y}"
            if is_drawn and is_later_year and not is_over:
                self._draw_review(month)

    def _draw_assessment(self, *, is_over: bool) -> None:
        rng = self.rng
        round_begins = rng.choice(_ASSESSMENT_ROUNDS)
        day = _working_day_later(round_begins, rng.randint(0, 24))
        method = rng.choice(("both", "both", "on_site", "written"))
        is_failed = rng.random() < self._failure_likelihood(is_over=is_over)
        result = "unfulfilled" if is_failed else "fulfilled"
        department = _ASSESSORS.get(self.venture.sector, _GENERAL_ASSESSOR)
        self.events.append(assessment(day, result, department, method))

    def _failure_likelihood(self, *, is_over: bool) -> float:
        if is_over or not self.is_sound:
            return 0.7
        return 0.06 if "statistics" in self.reached else 0.45

    def _draw_review(self, month: str) -> None:
        first = date.fromisoformat(f"{month}-06")
        day = _working_day_later(first, self.rng.randint(0, 40))
        self.events.append(review(day, self.rng.choice(life_texts().review_findings)))


def _consultation_outcomes(fate: float) -> tuple[str, ...]:
    """Most pass at once, some after a deferral or a rejection, some never."""
    if fate < 0.05:
        return ()
    if fate < 0.09:
        return ("rejected",)
    if fate < 0.17:
        return ("deferred", "passed")
    if fate < 0.20:
        return ("rejected", "passed")
    return ("passed",)


def _working_day_later(day: date, days: int) -> date:
    """A working day at least that many days later."""
    return working_day_from(day + timedelta(days=days))


def _townships_with_industry() -> list[str]:
    """Where an outpost group's project can settle."""
    return [
        unit.name
        for unit in county_units()
        if unit.category == "township" and unit.flavour != "green"
    ]


def _has_termination(events: Iterable[LifeEvent]) -> bool:
    return any(event.event == "ProjectTerminated" for event in events)
