"""Rewards in money: what projects of a year earn, in stages due in any year (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from lifecycle.calendar import add_months
from lifecycle.exact_numbers import MICRO, ZERO
from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.reward_policy import Reward, RewardStage
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.measure_values import project_measure
from projections.scoring.project_filters import project_test
from projections.scoring.result_view import View

_PLACES: Final = 6
PaymentStatus = Literal["due", "upcoming", "awaiting", "lapsed"]
"""Due by the day; later; its node not reached yet; the project was terminated before."""


class RewardPayment(NamedTuple):
    """One stage of a project's reward; `amount` in 万元, `receiver` None where nobody has it."""

    judged: JudgedProject
    reward: Reward
    number: int
    amount: Fraction
    due_on: date | None
    status: PaymentStatus

    @property
    def stage(self) -> RewardStage:
        """What the rulebook says of the stage."""
        return self.reward.stages[self.number - 1]

    @property
    def unit(self) -> str | None:
        """The unit that is paid; None where the investor is, or nobody has the credit."""
        if self.reward.to == "credit_unit":
            return self.judged.unit
        return self.judged.reporter if self.reward.to == "first_reporter" else None

    @property
    def receiver(self) -> str | None:
        """What the unit or the investor that is paid is called on the day."""
        if self.reward.to == "investor":
            return self.judged.information.investor
        return self.judged.units.shown_name_or_none(self.unit)

    def as_json(self) -> dict[str, Any]:
        """One row of `incentives --format json` (spec 6)."""
        return {
            "project": self.judged.facts.code,
            "unit": self.unit,
            "name": self.receiver,
            "lead_person": self.judged.information.lead_person,
            "incentive": self.reward.id,
            "clause": self.reward.clause,
            "stage": self.number,
            "amount": decimal_text(self.amount, _PLACES),
            "due_on": None if self.due_on is None else self.due_on.isoformat(),
            "status": self.status,
        }

    def detailed_json(self) -> dict[str, Any]:
        """The row with the project's name and figures, as tables and files show it."""
        return {
            **self.as_json(),
            "chinese": self.reward.chinese,
            "name": self.judged.information.name,
            "scale": decimal_text(Fraction(self.judged.scale, MICRO), _PLACES),
            "invested": decimal_text(Fraction(self.judged.invested, MICRO), _PLACES),
            "receiver": self.receiver,
            "at": self.stage.at,
        }


def reward_payments(ledger: Ledger, view: View, day: date) -> list[RewardPayment]:
    """Return the stages of all rewards whose first stage falls due in the view's year.

    Who earns how much is judged at the view; what has fallen due since, by the nodes reached by a
    day that may lie in a later year.
    """
    rewards = view.rulebook.rulebook.rewards or ()
    if not rewards:
        return []
    later = _projects_of_day(ledger, view, day)
    payments: list[RewardPayment] = []
    for project in judged_at(ledger, view):
        of_day = later.get(project.facts.code, project)
        payments.extend(_project_payments(project, of_day, rewards, max(day, view.as_of)))
    return payments


def _projects_of_day(ledger: Ledger, view: View, day: date) -> dict[str, JudgedProject]:
    """The projects as of a day after the view's; empty where it is not after."""
    # A view of a past year ends with that year, and stages are paid years later.
    if day <= view.as_of:
        return {}
    return {project.facts.code: project for project in judged_at(ledger, replace(view, as_of=day))}


def _project_payments(
    project: JudgedProject,
    of_day: JudgedProject,
    rewards: Sequence[Reward],
    day: date,
) -> list[RewardPayment]:
    # What is assessed may be a quarter; rewards are of the year.
    axes = project.axes
    of_year = project.at(ScoringAxes(axes.year, axes.as_of, None, axes.calendar))
    earned: dict[str, list[RewardPayment]] = {}
    for reward in rewards:
        payments = list(_payments_of(of_year, of_day, reward, day))
        if payments:
            earned[reward.id] = payments
    # Of two rewards for one achievement only the higher is granted.
    replaced = {name for reward in rewards if reward.id in earned for name in reward.instead_of}
    remaining: list[RewardPayment] = []
    for reward_id, payments in earned.items():
        if reward_id not in replaced:
            remaining.extend(payments)
    return remaining


def _payments_of(
    project: JudgedProject,
    of_day: JudgedProject,
    reward: Reward,
    day: date,
) -> Iterator[RewardPayment]:
    first_due = _due_day(of_day, reward.stages[0])
    if first_due is None or first_due.year != project.axes.year:
        return
    fits = project_test(reward.where, reward.needs)
    if fits is not None and not fits(project):
        return
    amount = reward.amount_for(_measured(project, reward))
    # Nothing brought, nothing earned: such a reward replaces no other either.
    if not amount:
        return
    terminated_on = of_day.facts.terminated_on
    for number, stage in enumerate(reward.stages, start=1):
        due_on = _due_day(of_day, stage)
        status = _status(due_on, terminated_on, day)
        yield RewardPayment(project, reward, number, amount * stage.share, due_on, status)


def _due_day(project: JudgedProject, stage: RewardStage) -> date | None:
    node = project.node(stage.at)
    return None if node is None else add_months(node.on, stage.months)


def _measured(project: JudgedProject, reward: Reward) -> Fraction:
    """What the project has of the reward's measure in the year, by the view's day."""
    if reward.measure is None:
        return ZERO
    items = project_measure(MeasureSelection(measure=reward.measure))(project)
    return Fraction(sum(item.value for item in items)) / MICRO


def _status(due_on: date | None, terminated_on: date | None, day: date) -> PaymentStatus:
    # What was due before the project ended stays owed; what was not is lost with it.
    if terminated_on is not None and (due_on is None or due_on > terminated_on):
        return "lapsed"
    if due_on is None:
        return "awaiting"
    return "due" if due_on <= day else "upcoming"
