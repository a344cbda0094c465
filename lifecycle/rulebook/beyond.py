"""What a policy says beyond the points: rewards for projects, the county's targets, the monthly boards (三, 意二, 考(八)2)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lifecycle.events import vocabulary as v
from lifecycle.events.field_types import Text
from lifecycle.rulebook.parts import Exact, Part, Sourced

Positive = Annotated[int, Field(ge=1)]
Standing = Literal["not_excluded", "recognised", "eligible"]
"""What a project must be for a reward or a target to look at it."""


class Incentive(Sourced):
    """A reward for a project signed in the year: whom it looks at, the least scale, what must have been entered by then."""

    id: Literal["commendation", "merit", "special"]
    chinese: str
    needs: tuple[Standing, ...] = ()
    sector: Annotated[tuple[v.Sector, ...], Field(min_length=1)]
    kind: tuple[v.ProjectKind, ...] | None = None
    scale_at_least: Exact
    invested_at_least: Exact
    invested_in: Literal["all_months", "months_of_year"]
    or_zone: str | None = None
    own_credit_only: bool = False
    instead_of: tuple[str, ...] = ()


class NearMiss(Sourced):
    """Which projects are told of as near to a reward: of at least this share of the scale that it asks for."""

    scale_share: Annotated[Exact, Field(ge=0, le=1)]


class Target(Sourced):
    """A target of the county for the year; `exceed` where reaching it is not enough (突破)."""

    indicator: Text
    chinese: str
    measure: Literal["funds_in_place", "signings"]
    needs: tuple[Standing, ...] = ()
    sector: tuple[v.Sector, ...] | None = None
    contract_at_least: Exact | None = None
    amount: Annotated[Exact, Field(gt=0)]
    unit_of_measure: str
    exceed: bool = False


class RedPlaces(Sourced):
    """Candidates for the red board: the first so many places of a sequence, ties included."""

    places: Positive


class MissedChecks(Sourced):
    """Candidates for the black board: points lost at so many checks one after another."""

    consecutive: Positive


class LastPlace(Sourced):
    """Candidates for the black board: the last of a sequence of at least so many units."""

    of_at_least: Annotated[int, Field(ge=2)]


class Interview(Sourced):
    """约谈: a unit on the black board for so many months one after another."""

    consecutive_months: Positive


class Boards(Part):
    """How the monthly boards are proposed."""

    red: RedPlaces
    missed_checks: MissedChecks
    last: LastPlace
    interview: Interview
