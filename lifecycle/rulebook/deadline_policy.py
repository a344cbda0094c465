"""Which deadlines are watched and how urgent they are, as tables of a rulebook (spec 3)."""

from typing import Annotated, Final, Literal

from pydantic import Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary as v
from lifecycle.rejections import msg
from lifecycle.rulebook.open_words import Sector, words_known
from lifecycle.rulebook.parts import Exact, Part, Sourced
from lifecycle.rulebook.sheet_policy import DayCount


class Completion(Part):
    """When projects of these sectors are complete.

    The end of their assessment period is then no longer watched.
    """

    sector: Annotated[tuple[Sector, ...], Field(min_length=1)]
    by: Literal["scale_invested", "tax_of_a_year", "land_acquired"]
    at_least: Exact | None = None

    @model_validator(mode="after")
    def _least_tax(self) -> "Completion":
        if (self.at_least is not None) != (self.by == "tax_of_a_year"):
            raise PydanticCustomError(
                "at_least",
                msg("give at_least for tax_of_a_year and for no other way of completion"),
            )
        return self


class PeriodEnd(Sourced):
    """The end of the assessment period, for projects that are signed and not complete."""

    complete: tuple[Completion, ...]

    @model_validator(mode="after")
    def _each_sector_once(self, info: ValidationInfo) -> "PeriodEnd":
        # A sector without a row would be watched for ever, one with two by whichever comes first.
        named = [sector for row in self.complete for sector in row.sector]
        if sorted(named) != sorted(words_known(info, "sectors")):
            raise PydanticCustomError("sectors", msg("must name every sector exactly once"))
        return self


class LookBack(Sourced):
    """回头看: due at the end of each such period, for projects signed in earlier years (意9)."""

    every: Literal["half_year"]


class Stalled(Sourced):
    """A project stalls when nothing is recorded for `days` before it reaches the node `until`."""

    days: DayCount
    until: v.Stage


class IdlePlot(Sourced):
    """A plot lies idle where its project has not acquired land `days` after it was allotted."""

    days: DayCount


DEFAULT_FOLLOW_UP: Final = Sourced(
    clause="意9",
    basis="assumption",
    note="The day that the last follow-up names; past due it stays until the next follow-up.",
)
"""What follow-ups rest on under a rulebook that was written before they were recorded."""


class UrgencyDays(Part):
    """The most days left that make each level.

    Overdue is red, and beyond blue nothing is listed.
    """

    orange: DayCount
    yellow: DayCount
    blue: DayCount

    @model_validator(mode="after")
    def _ascending(self) -> "UrgencyDays":
        if not self.orange < self.yellow < self.blue:
            raise PydanticCustomError("levels", msg("orange, yellow and blue must ascend"))
        return self


class Levels(UrgencyDays, Sourced):
    """The levels of every kind of deadline, with their source."""


class Deadlines(Part):
    """The kinds of deadline, each with the clause it rests on, and the levels of urgency."""

    assessment_period: PeriodEnd
    milestone: Sourced
    task: Sourced
    rectification: Sourced
    look_back: LookBack
    stalled: Stalled
    # Optional: a field that every rulebook had to have would change the digests of earlier ones.
    follow_up: Sourced | None = None
    idle_plot: IdlePlot | None = None
    levels: Levels
