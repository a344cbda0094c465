"""Rewards for projects, and the county's targets, as tables of a rulebook (三.1, 三.2, 意二)."""

from typing import Annotated, Literal

from pydantic import Field

from lifecycle.events import vocabulary as v
from lifecycle.events.field_types import Text
from lifecycle.rulebook.open_words import Sector
from lifecycle.rulebook.parts import Exact, Sourced

ProjectStanding = Literal["not_excluded", "recognised", "eligible"]
"""What a project must be for a reward or a target to consider it."""


class Incentive(Sourced):
    """A reward for a project signed in the year.

    Which projects, the least scale, what must be invested by then.

    A project transferred to `or_zone` needs no investment; `instead_of` names the rewards that this
    one replaces.
    """

    id: Literal["commendation", "merit", "special"]
    chinese: str
    needs: tuple[ProjectStanding, ...] = ()
    sector: Annotated[tuple[Sector, ...], Field(min_length=1)]
    kind: tuple[v.ProjectKind, ...] | None = None
    scale_at_least: Exact
    invested_at_least: Exact
    invested_in: Literal["all_months", "months_of_year"]
    or_zone: str | None = None
    own_credit_only: bool = False
    instead_of: tuple[str, ...] = ()


class NearMiss(Sourced):
    """From which share of a reward's scale on a project is reported as near to it."""

    scale_share: Annotated[Exact, Field(ge=0, le=1)]


class CountyTarget(Sourced):
    """A target of the county for the year.

    `exceed` where the text asks for more than reaching it (突破).
    """

    indicator: Text
    chinese: str
    measure: Literal["funds_in_place", "signings"]
    needs: tuple[ProjectStanding, ...] = ()
    sector: tuple[Sector, ...] | None = None
    contract_at_least: Exact | None = None
    amount: Annotated[Exact, Field(gt=0)]
    unit_of_measure: str
    exceed: bool = False
