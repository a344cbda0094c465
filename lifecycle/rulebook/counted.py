"""What is counted: a measure, of whom, by period, over a target (spec 6)."""

from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.parts import Exact, Part, WhenMissing

LimitPeriod = Literal["year", "half_year", "quarter", "month"]
PeriodWithinYear = Literal["month", "quarter", "half_year"]
ComparisonWay = Literal["share_of_sequence", "to_mean", "to_last_year", "place_change"]
QUOTIENTS: Final = ("share_of_sequence", "to_mean", "to_last_year")
_WITH_LAST_YEAR: Final = ("to_last_year", "place_change")


class Reference(Part):
    """A number to hold a value against.

    It is fixed, the target reported with the indicator, the target set by the county, or another
    measure. Where less than the year is assessed and the period has no target of its own, `per`
    says what of the year's is held against: all of it, or the share of one period.
    """

    fixed: Exact | None = None
    source: Literal["reported", "set"] | None = None
    indicator: str | None = None
    counted: MeasureSelection | None = None
    per: Literal["year", "share"] | None = None

    @model_validator(mode="after")
    def _divides_what_is_set(self) -> "Reference":
        if self.per is not None and self.source != "set":
            raise PydanticCustomError("per", msg("give per only where the target is set"))
        return self

    @model_validator(mode="after")
    def _has_one_source(self) -> "Reference":
        sources = [
            source for source in (self.fixed, self.source, self.counted) if source is not None
        ]
        names_indicator = self.indicator is not None
        if len(sources) != 1 or names_indicator != (self.source == "set"):
            raise PydanticCustomError(
                "reference",
                msg(
                    "give exactly one of fixed, source (reported or set) and counted; a "
                    "target that is set must name its indicator"
                ),
            )
        return self


# Each kind of rule holds its value against up to three of them.
Reference.model_rebuild()


class Counted(MeasureSelection):
    """A measure's value of a unit.

    With `each`, by month, quarter or half-year: how many reach `reaching`, or what is `short_of`
    it. Without, what is short of or `beyond` a number. With `target`, the quotient, or `when_zero`
    where the target is 0; `when_missing` where a target was never told.

    With `each = "project"` all of this is said of each project by itself; `each = "unit"` says that
    it is not.

    With `as` what has been formed so far is compared with the sequence, or with the same value of
    last year: a quotient, or by how many places the unit has risen.
    """

    each: Literal["month", "quarter", "half_year", "project", "unit"] | None = None
    reaching: Annotated[Exact, Field(gt=0)] | None = None
    short_of: Reference | None = None
    beyond: Reference | None = None
    target: Reference | None = None
    when_zero: Exact | None = None
    when_missing: WhenMissing | None = None
    compared_as: Annotated[ComparisonWay | None, Field(alias="as")] = None

    @model_validator(mode="after")
    def _compares_units(self) -> "Counted":
        if self.compared_as is None:
            return self
        if self.each == "project":
            raise PydanticCustomError("as", msg('as compares units: it excludes each = "project"'))
        # Places have no divisor.
        if self.compared_as != "place_change" and self.when_zero is None:
            raise PydanticCustomError(
                "as", msg("what a value is compared with may be zero: give when_zero")
            )
        if self.compares_years and self.when_missing is None:
            raise PydanticCustomError(
                "as", msg("a unit may have no fact of last year: give when_missing")
            )
        return self

    @model_validator(mode="after")
    def _counts_one_way(self) -> "Counted":
        names = ("reaching", "short_of", "beyond")
        ways = [name for name in names if getattr(self, name) is not None]
        # Periods are counted against a fixed number; what lies beyond one is of the year.
        by_period = self.each_period is not None
        reaching_without_period = "reaching" in ways and self.each in (None, "unit")
        beyond_by_period = "beyond" in ways and by_period
        if len(ways) > 1 or reaching_without_period or beyond_by_period:
            raise PydanticCustomError(
                "ways",
                msg(
                    "give at most one of reaching, short_of and beyond; reaching requires "
                    "each, beyond excludes it"
                ),
            )
        # A reported or set target is the year's: a period has none of its own.
        self._check_projects()
        if by_period and self.short_of is not None and self.short_of.fixed is None:
            raise PydanticCustomError("ways", msg("the amount due in each period must be fixed"))
        if self.reports_target and self.measure != "indicator":
            raise PydanticCustomError(
                "ways", msg("only an indicator can be reported with a target")
            )
        return self

    def _check_projects(self) -> None:
        if self.each != "project":
            return
        if not self.counts_projects:
            raise PydanticCustomError(
                "each_of_units",
                msg("{measure} measures units, not projects"),
                {"measure": self.measure},
            )
        # No county sets a target for a project, and none is reported with one.
        if any(reference.fixed is None for reference in self.references):
            raise PydanticCustomError("each", msg("what each project must reach must be fixed"))

    @property
    def each_period(self) -> PeriodWithinYear | None:
        """The period by which is counted, if any."""
        # mypy narrows a Literal by `==` alone.
        if self.each == "project" or self.each == "unit":  # noqa: PLR1714
            return None
        return self.each

    @model_validator(mode="after")
    def _silence_has_a_meaning(self) -> "Counted":
        if self.when_missing is None:
            return self
        if not self.may_be_missing:
            raise PydanticCustomError(
                "when_missing",
                msg(
                    "give when_missing only where a target is reported or set, a mean of marks is "
                    "taken, or last year is compared with"
                ),
            )
        self._check_silence(self.when_missing)
        return self

    def _check_silence(self, when_missing: Fraction | str) -> None:
        if when_missing in ("holds", "fails"):
            raise PydanticCustomError(
                "when_missing", msg('when_missing must be "none" or a number of points')
            )

    @property
    def may_be_missing(self) -> bool:
        """Whether the value can lack what it needs: a target never told, or a fact of last year."""
        return self.compares_years or any(
            reference.source is not None for reference in self.references
        )

    @property
    def compares_years(self) -> bool:
        """Whether the value is compared with last year's."""
        return self.compared_as in _WITH_LAST_YEAR

    @property
    def may_be_negative(self) -> bool:
        """Whether the value can lie below 0: places lost do, or an amount that may itself."""
        return self.compared_as == "place_change" or MEASURES[self.measure].may_be_negative

    @property
    def references(self) -> list[Reference]:
        """The numbers that the value is compared with."""
        candidates = (self.short_of, self.beyond, self.target)
        return [reference for reference in candidates if reference is not None]

    @property
    def reports_target(self) -> bool:
        """Whether a target is needed that is reported with the figure."""
        return any(reference.source == "reported" for reference in self.references)

    @property
    def derived(self) -> bool:
        """Whether the value is more than the sum of what is counted."""
        # A project's own value is formed of its own stream alone.
        if self.each == "project":
            return False
        if self.each_period is not None or self.compared_as is not None:
            return True
        return bool(self.references)

    @property
    def parts(self) -> list[MeasureSelection]:
        """What must be gathered for the value: itself first, then what it is compared with."""
        compared = [reference.counted for reference in self.references]
        return [self, *(selection for selection in compared if selection is not None)]
