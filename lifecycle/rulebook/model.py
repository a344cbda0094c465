"""The shapes of a rulebook: tables, coefficients, and a closed set of typed rule kinds (spec 6)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle import vocabulary as v
from lifecycle.refusals import msg
from lifecycle.rulebook.beyond import Boards, Incentive, NearMiss, Target
from lifecycle.rulebook.intervals import Band
from lifecycle.rulebook.ladder import Deadlines, Ladder
from lifecycle.rulebook.parts import Exact, Part, Sourced
from lifecycle.values import Slug

Measure = Literal[
    "consultations_passed", "nodes_reached", "funds_in_place", "checks_passed", "checks_missed", "assessed_unfulfilled",
    "assessed_unfulfilled_or_untaxed", "activities_led_by_head", "routine_points", "awards_won", "cadres_seconded",
    "major_projects_supported", "black_listings", "landing_failures",
]  # fmt: skip
Need = Literal["recognised", "eligible", "not_excluded"]
Condition = Literal["meets_city_standard", "scale", "outside_ratio", "tax_in_year", "land_acquired", "statistics_entered"]


class Filter(Part):
    """Which projects: every field given must hold; within a field any of the values."""

    sector: tuple[v.Sector, ...] | None = None
    kind: tuple[v.Kind, ...] | None = None
    traits: tuple[v.InvestorTrait, ...] | None = None
    chains: tuple[v.Chain, ...] | None = None
    site: tuple[v.Site, ...] | None = None
    scale: Band | None = None
    information_years: tuple[int, int] | None = None
    consulted_in_year: bool | None = None


class Rounding(Sourced):
    """Decimal places on screen and paper, and in JSON; half away from zero."""

    shown: Annotated[int, Field(ge=0, le=10)]
    json_places: Annotated[int, Field(ge=0, le=20, alias="json")]


class Module(Sourced):
    """A module of points with its floor and cap."""

    id: str
    chinese: str
    floor: Exact | None = None
    cap: Exact | None = None


class Group(Sourced):
    """Modules that are capped together."""

    id: str
    chinese: str
    modules: tuple[str, ...]
    cap: Exact | None = None


class Ranking(Sourced):
    """Among whom units are ranked."""

    within: Literal["sequence"]


class Credit(Sourced):
    """From units of these categories a transfer takes the credit along, at this share."""

    transferred_from: tuple[v.Category, ...]
    share: Exact


class Exclusion(Sourced):
    """A fact that takes a project out of the assessment."""

    fact: Literal["government_funded", "violation", "denied"]
    chinese: str


class Recognition(Sourced):
    """What a project needs to count at all."""

    needs: Literal["consultation"]
    chinese: str


class Needed(Part):
    """A condition on a project; a number's least value, included, or a fact that holds."""

    measure: Condition
    at_least: Exact | None = None

    @model_validator(mode="after")
    def _number_or_fact(self) -> Needed:
        if (self.at_least is not None) != (self.measure in ("scale", "outside_ratio", "tax_in_year")):
            raise PydanticCustomError("needs", msg("scale, outside_ratio and tax_in_year take at_least; the other conditions do not"))
        return self


class Eligibility(Sourced):
    """A row of the eligibility table; every row that fits a project must hold, and at least one must fit."""

    id: str
    where: Filter
    needs: Annotated[tuple[Needed, ...], Field(min_length=1)]


class PeriodBand(Part):
    """Months of assessment for a band of scale."""

    scale: Band
    months: Annotated[int, Field(ge=1, le=600)]


class AssessmentPeriod(Sourced):
    """How long after signing a project's nodes and funds earn."""

    counts_from: Literal["signing"]
    limits: tuple[Measure, ...]
    bands: Annotated[tuple[PeriodBand, ...], Field(min_length=1)]


class Nodes(Sourced):
    """Sectors whose node `investment` is reached by tax."""

    by_tax: tuple[v.Sector, ...]


class Funds(Sourced):
    """What counts as funds in place for these sectors, at a share, once a node is reached."""

    sector: Annotated[tuple[v.Sector, ...], Field(min_length=1)]
    source: Literal["fixed_assets", "land_fee", "self_held", "tax"]
    needs: Literal["statistics"] | None = None
    share: Exact = Fraction(1)


class ScheduleChecks(Sourced):
    """When schedules are checked."""

    every: Literal["quarter"]


class Factor(Part):
    """A factor for projects that any of the filters takes."""

    where: Annotated[tuple[Filter, ...], Field(min_length=1)]
    factor: Exact
    clause: str | None = None


class Coefficient(Sourced):
    """A table of factors; the highest that applies, else 1."""

    id: str
    chinese: str
    combine: Literal["highest"]
    rows: Annotated[tuple[Factor, ...], Field(min_length=1)]


class RuleBase(Sourced):
    """What every rule has: its module, what it measures, and of which projects."""

    id: str
    chinese: str
    module: str
    measure: Measure
    where: Filter | None = None
    needs: tuple[Need, ...] = ()
    coefficient: str | None = None


class PerItem(RuleBase):
    """Count × points; points by the item's label instead where given; at most `limit` a year."""

    kind: Literal["per_item"]
    points: Exact | None = None
    points_by: dict[str, Exact] | None = None
    limit: Exact | None = None

    @model_validator(mode="after")
    def _one_value(self) -> PerItem:
        if (self.points is None) == (self.points_by is None):
            raise PydanticCustomError("points", msg("give either points or points_by"))
        return self


class PerAmount(RuleBase):
    """Amount ÷ `per` × points."""

    kind: Literal["per_amount"]
    per: Annotated[Exact, Field(gt=0)]
    points: Exact


class PointsBand(Part):
    """Points for a band of scale."""

    scale: Band
    points: Exact


class Deduct(RuleBase):
    """Points for each occurrence, perhaps by a band of scale."""

    kind: Literal["deduct"]
    points: Exact | None = None
    bands: tuple[PointsBand, ...] | None = None

    @model_validator(mode="after")
    def _one_value(self) -> Deduct:
        if (self.points is None) == (self.bands is None):
            raise PydanticCustomError("points", msg("give either points or bands"))
        return self


class CountBand(Part):
    """Points each for a band of the count."""

    count: Band
    points: Exact


class Escalating(RuleBase):
    """Points for each occurrence by how many there are: for all of them, or each by its own place."""

    kind: Literal["escalating"]
    bands: Annotated[tuple[CountBand, ...], Field(min_length=1)]
    applies_to: Literal["all", "further"]


Rule = Annotated[PerItem | PerAmount | Deduct | Escalating, Field(discriminator="kind")]


class Rulebook(Part):
    """One county's policy for a span of time."""

    id: Slug
    title: str
    issuer: str
    effective_from: date
    effective_to: date
    rounding: Rounding
    modules: Annotated[tuple[Module, ...], Field(min_length=1)]
    groups: tuple[Group, ...] = ()
    ranking: Ranking
    credit: Credit
    exclusions: tuple[Exclusion, ...]
    recognition: Recognition
    eligibility: tuple[Eligibility, ...]
    assessment_period: AssessmentPeriod
    nodes: Nodes
    funds: tuple[Funds, ...]
    schedule_checks: ScheduleChecks
    coefficients: tuple[Coefficient, ...] = ()
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    incentives: tuple[Incentive, ...] = ()
    near_miss: NearMiss | None = None
    targets: tuple[Target, ...] = ()
    boards: Boards | None = None
    ladder: Ladder | None = None
    deadlines: Deadlines | None = None


