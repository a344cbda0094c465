"""The tables that scoring reads beside the rules: modules, credit, eligibility (spec 2)."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.counted import PeriodWithinYear
from lifecycle.rulebook.intervals import Band
from lifecycle.rulebook.measure_names import MeasureName
from lifecycle.rulebook.open_words import Category, Sector
from lifecycle.rulebook.parts import Exact, Filter, Part, Sourced

ProjectCondition = Literal[
    "meets_city_standard",
    "scale",
    "outside_ratio",
    "tax_in_year",
    "land_acquired",
    "statistics_entered",
]


class RoundingPlaces(Sourced):
    """Decimal places of shown points and of points in JSON, rounded half away from zero."""

    shown: Annotated[int, Field(ge=0, le=10)]
    json_places: Annotated[int, Field(ge=0, le=20, alias="json")]


class Module(Sourced):
    """A module of points with its floor and cap.

    Where it is `assessed` by period, its rules, floor and cap are of each period, and it adds
    nothing itself: parts of composites take its results.
    """

    id: str
    chinese: str
    floor: Exact | None = None
    cap: Exact | None = None
    assessed: PeriodWithinYear | None = None


class TotalLimits(Sourced):
    """The total's floor and cap."""

    floor: Exact | None = None
    cap: Exact | None = None


class Grade(Sourced):
    """A grade for a band of the total.

    The best grade comes first, and outcomes move a unit along them.
    """

    chinese: str
    total: Band


class Group(Sourced):
    """Modules that are capped together."""

    id: str
    chinese: str
    modules: tuple[str, ...]
    cap: Exact | None = None


class AssessedPeriod(Sourced):
    """What is assessed: the year, or the half-year, quarter or month that contains the day."""

    period: Literal["year", "half_year", "quarter", "month"]


class MidYearChange(Sourced):
    """What applies to a year within which this rulebook begins.

    This rulebook to the whole year, or to each day the one then in force.
    """

    within_year: Literal["whole_year", "in_force_at_day"]


class Ranking(Sourced):
    """Among which units a unit is ranked."""

    within: Literal["sequence"]


class CreditTable(Sourced):
    """From which categories of unit a transfer moves the credit, at which share (考(十))."""

    transferred_from: tuple[Category, ...]
    share: Exact


class Exclusion(Sourced):
    """A fact that excludes a project from the assessment (考(九))."""

    fact: Literal["government_funded", "violation", "denied"]
    chinese: str


class Recognition(Sourced):
    """The node that a project must have passed to earn anything."""

    needs: Literal["consultation"]
    chinese: str


class NeededCondition(Part):
    """A condition on a project: the least value of a number, inclusive, or a fact that holds."""

    measure: ProjectCondition
    at_least: Exact | None = None

    @model_validator(mode="after")
    def _number_or_fact(self) -> "NeededCondition":
        if (self.at_least is not None) != (
            self.measure in ("scale", "outside_ratio", "tax_in_year")
        ):
            raise PydanticCustomError(
                "needs",
                msg(
                    "give at_least for scale, outside_ratio and tax_in_year, and for no "
                    "other condition"
                ),
            )
        return self


class Eligibility(Sourced):
    """A row of the eligibility table.

    Every row that fits a project must hold, and at least one must fit.
    """

    id: str
    where: Filter
    needs: Annotated[tuple[NeededCondition, ...], Field(min_length=1)]


class PeriodBand(Part):
    """How many months projects of a band of scale are assessed."""

    scale: Band
    months: Annotated[int, Field(ge=1, le=600)]


class AssessmentPeriod(Sourced):
    """For how long after signing the limited measures of a project count (考(七))."""

    counts_from: Literal["signing"]
    limits: tuple[MeasureName, ...]
    bands: Annotated[tuple[PeriodBand, ...], Field(min_length=1)]


class NodesByTax(Sourced):
    """Sectors whose node `investment` is reached by tax."""

    by_tax: tuple[Sector, ...]


class FundsSource(Sourced):
    """What counts as funds in place for these sectors, at a share, once a node is reached."""

    sector: Annotated[tuple[Sector, ...], Field(min_length=1)]
    source: Literal["fixed_assets", "land_fee", "self_held", "tax"]
    needs: Literal["statistics"] | None = None
    share: Exact = Fraction(1)


class ScheduleChecks(Sourced):
    """How often schedules are checked (考(八)2)."""

    every: Literal["month", "quarter", "half_year"]


class FactorRow(Part):
    """A factor for projects that any of the filters selects."""

    where: Annotated[tuple[Filter, ...], Field(min_length=1)]
    factor: Exact
    clause: str | None = None


class Coefficient(Sourced):
    """A table of factors.

    Of several rows that apply, the highest or their product; without any, 1.
    """

    id: str
    chinese: str
    combine: Literal["highest", "product"] | None = None
    rows: Annotated[tuple[FactorRow, ...], Field(min_length=1)]
