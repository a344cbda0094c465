"""What a policy says about time: the ladder of the five sheets (五单, 意8), and which deadlines are watched."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary as v
from lifecycle.events.field_types import DocumentSign
from lifecycle.rejections import msg
from lifecycle.rulebook.parts import Exact, Part, Sourced

Days = Annotated[int, Field(ge=0, le=3660)]


class Ladder(Sourced):
    """How sheets are numbered, and how many days lead to each rung; days of the calendar where not working days."""

    prefix: DocumentSign
    assign_days: Days
    warn_days: Days
    rectify_working_days: Annotated[int, Field(ge=1, le=260)]


class Completion(Part):
    """When projects of these sectors are complete, so that their assessment period is watched no longer."""

    sector: Annotated[tuple[v.Sector, ...], Field(min_length=1)]
    by: Literal["scale_invested", "tax_of_a_year", "land_acquired"]
    at_least: Exact | None = None

    @model_validator(mode="after")
    def _least_tax(self) -> Completion:
        if (self.at_least is not None) != (self.by == "tax_of_a_year"):
            raise PydanticCustomError(
                "at_least",
                msg("tax_of_a_year takes at_least; the other ways of being complete do not"),
            )
        return self


class PeriodEnd(Sourced):
    """The end of the assessment period, of projects that are signed and not complete."""

    complete: tuple[Completion, ...]

    @model_validator(mode="after")
    def _each_sector_once(self) -> PeriodEnd:
        if sorted(sector for row in self.complete for sector in row.sector) != sorted(
            get_args(v.Sector)
        ):
            raise PydanticCustomError("sectors", msg("must name every sector once"))
        return self


class LookBack(Sourced):
    """回头看: due at the end of each such period, for projects signed in earlier years."""

    every: Literal["half_year"]


class Stalled(Sourced):
    """Nothing recorded for so many days, as long as the node is not reached."""

    days: Days
    until: v.Stage


class Levels(Sourced):
    """How many days left make a level, at most; what is past due is red, what is further off than blue is not listed."""

    orange: Days
    yellow: Days
    blue: Days

    @model_validator(mode="after")
    def _ascending(self) -> Levels:
        if not self.orange < self.yellow < self.blue:
            raise PydanticCustomError("levels", msg("orange, yellow and blue must ascend"))
        return self


class Deadlines(Part):
    """The kinds of deadline, each with the clause that it stands in, and the levels of urgency."""

    assessment_period: PeriodEnd
    milestone: Sourced
    task: Sourced
    rectification: Sourced
    look_back: LookBack
    stalled: Stalled
    levels: Levels
