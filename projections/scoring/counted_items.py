"""What measures yield: items to be scored, each with the facts that an explanation shows.

The fields of the facts are the names of an explanation's JSON, in its order; a field that is None
is left out there.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lifecycle.rulebook.kinds.item_points import NO_SIZE, ProjectSize
from projections.scoring.prepared_policy import ProjectFactor
from projections.scoring.unit_values import CountedNumber


class ConsultationPassed(NamedTuple):
    """A passed consultation."""

    passed_on: date


class NodeReached(NamedTuple):
    """A node and the day on which it was first reached."""

    node: str
    reached_on: date


class FundsCounted(NamedTuple):
    """Where a project's funds in place come from, and of how many months they are."""

    source: str
    months: int


class CheckedMilestones(NamedTuple):
    """A schedule check and the milestones that were due by it."""

    check: str
    due: dict[str, date]


class AssessmentFinding(NamedTuple):
    """The last performance assessment."""

    assessed_on: date
    fulfilled: bool


class NodeInterval(NamedTuple):
    """The days of two nodes. JSON names them `from` and `to`."""

    from_: date
    to: date


class LimitFellDue(NamedTuple):
    """A due day of a time limit: when it was met, and by how many days it was late."""

    time_limit: str
    due_on: date
    met_on: date | None
    days_late: int


class EventFields(NamedTuple):
    """The fields of a counted event that are shown; in JSON they stand by themselves."""

    fields: dict[str, str | date]


class IndicatorFigure(NamedTuple):
    """A reported figure of an indicator, its target, and among how many units it is shared."""

    indicator: str
    period: str
    reported: Fraction
    target: Fraction | None = None
    shared_by: int | None = None


class Difference(NamedTuple):
    """What was counted, and the number that it is short of or beyond."""

    actual: Fraction
    due: Fraction


class PeriodResult(NamedTuple):
    """What was counted in a period, and what is due in each."""

    period: str
    actual: Fraction
    due: Fraction


ItemFacts = (
    ConsultationPassed
    | NodeReached
    | FundsCounted
    | CheckedMilestones
    | AssessmentFinding
    | NodeInterval
    | LimitFellDue
    | EventFields
    | IndicatorFigure
    | Difference
    | PeriodResult
    | CountedNumber
)


class CountedItem(NamedTuple):
    """Something to be scored.

    The value is in millionths: a count of one is 1,000,000. `versions` are those of its events.

    `when` is a day, a month `2024-05`, a quarter `2024-Q2`, a half-year or a year.
    """

    label: str
    value: int | Fraction
    versions: tuple[int, ...]
    facts: ItemFacts
    when: date | str | None = None


class CreditedItem(NamedTuple):
    """An item with its project, its events by their full names, the project's factor and size."""

    item: CountedItem
    project: str | None
    events: tuple[str, ...]
    factor: ProjectFactor | None = None
    size: ProjectSize = NO_SIZE


def event_names(
    stream: str,
    item: CountedItem,
) -> tuple[str, ...]:
    """The item's events, each named `stream#version`."""
    # A list comprehension is faster than a generator here, and this runs for each item of a ledger.
    return tuple([f"{stream}#{version}" for version in item.versions])
