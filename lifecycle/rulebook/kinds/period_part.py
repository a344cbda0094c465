"""A part of a composite that takes what a module gave in each quarter, half-year or month (spec 6).

A module that is assessed by period adds nothing itself: its points count by such a part alone.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.exact_numbers import ZERO, exact_sum
from lifecycle.rejections import msg
from lifecycle.rulebook.counted import PeriodWithinYear
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.parts import Exact, Part, WhenMissing

PERIOD_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "half_year": ("H1", "H2"),
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "month": tuple(f"{month:02}" for month in range(1, 13)),
}
"""How the periods of a year are named behind the year: `Q1` of `2024-Q1`, `05` of `2024-05`."""


class PeriodPoints(NamedTuple):
    """A unit's points of a period; None where it was not there on the period's last day."""

    period: str
    points: Fraction | None


class PartMarks(NamedTuple):
    """What a part counts, the sum of its marks, how many there are, and the periods they are of."""

    what: str
    total: Fraction
    marks: int
    periods: tuple[PeriodPoints, ...] | None = None


class AssessedModule(Part):
    """The module whose results are taken."""

    module: str


class PeriodPart(Part):
    """A part that takes a module's points of each period: their sum, their mean, or the best.

    `only` leaves out the other periods of the year; of the `best` so many periods the sum is taken.
    A unit that was not there in a period has 0 of it in a sum, and no mark of it otherwise.
    """

    result: AssessedModule
    each: PeriodWithinYear
    only: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    take: Literal["sum", "mean", "best"]
    best: Annotated[int, Field(ge=1)] | None = None
    share: Annotated[Exact, Field(gt=0)]
    when_missing: WhenMissing | None = None

    @model_validator(mode="after")
    def _names_periods(self) -> "PeriodPart":
        names = PERIOD_NAMES[self.each]
        for name in self.only or ():
            if name not in names:
                raise PydanticCustomError(
                    "unknown_period",
                    msg("{name} is no period of each; allowed: {allowed}"),
                    {"name": name, "allowed": list(names)},
                )
        if self.only is not None and len(set(self.only)) < len(self.only):
            raise PydanticCustomError("only", msg("name each of the periods once"))
        return self

    @model_validator(mode="after")
    def _says_how_many(self) -> "PeriodPart":
        if (self.best is not None) != (self.take == "best"):
            raise PydanticCustomError(
                "best", msg('give best, the number of periods, if, and only if, take is "best"')
            )
        if self.best is not None and self.best > len(self.periods):
            raise PydanticCustomError(
                "too_many_best",
                msg("best is {best}, and only {number} periods are taken"),
                {"best": self.best, "number": len(self.periods)},
            )
        return self

    @model_validator(mode="after")
    def _silence_has_a_meaning(self) -> "PeriodPart":
        if self.when_missing is None:
            return self
        # Nothing added up is 0; of no period there is neither a mean nor a best one.
        if self.take == "sum":
            raise PydanticCustomError(
                "when_missing",
                msg("a sum of no periods is 0: give when_missing only beside a mean or the best"),
            )
        if self.when_missing in ("holds", "fails"):
            raise PydanticCustomError(
                "when_missing", msg('when_missing must be "none" or a number of points')
            )
        return self

    @property
    def subject(self) -> str:
        """What is taken: the module."""
        return self.result.module

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods of a year that are taken, such as `Q1`, in the order of the year."""
        names = PERIOD_NAMES[self.each]
        if self.only is None:
            return names
        return tuple(name for name in names if name in self.only)

    def takes(self, period: str) -> bool:
        """Whether a period such as `2024-Q1` is taken."""
        _year, _dash, name = period.partition("-")
        return name in self.periods

    def marks_of(self, points_of_periods: Sequence[PeriodPoints]) -> PartMarks:
        """The points of the periods that are over, as marks; of the best ones where so taken."""
        marks = [points for _period, points in points_of_periods if points is not None]
        if self.best is not None:
            marks = sorted(marks, reverse=True)[: self.best]
        return PartMarks(self.subject, exact_sum(marks), len(marks), tuple(points_of_periods))

    def reach(self, of_module: PointRange) -> PointRange:
        """The least and greatest value, by those of the module in one period."""
        # Periods that are not over, or in which the unit was not there, give nothing.
        silence = self.when_missing if isinstance(self.when_missing, Fraction) else ZERO
        times = 1
        if self.take != "mean":
            times = self.best or len(self.periods)
        least, greatest = of_module.or_nothing() if self.take == "sum" else of_module
        several = PointRange(
            None if least is None else min(least, least * times),
            None if greatest is None else max(greatest, greatest * times),
        )
        return several.or_points(silence)
