"""Rewards in money for projects, paid in stages, as a table of a rulebook (spec 6)."""

from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.exact_numbers import ZERO
from lifecycle.rejections import msg
from lifecycle.rulebook.measure_names import MeasureName
from lifecycle.rulebook.measures import LIMIT_MEASURES, MEASURES
from lifecycle.rulebook.open_words import Stage
from lifecycle.rulebook.parts import Exact, Filter, Need, Part, Sourced

RewardReceiver = Literal["credit_unit", "first_reporter", "investor"]
"""Whom a reward is paid to."""


class RewardStage(Part):
    """A share of a reward, due a number of months after the project first reached a node."""

    share: Annotated[Exact, Field(gt=0, le=1)]
    at: Stage
    months: Annotated[int, Field(ge=0, le=600)] = 0


# Days would need the two nodes between which they lie, and nobody is paid by the day; a figure of
# projects would need its name, a time limit its id.
_NEEDS_MORE: Final = ("days_between", "project_figure", *LIMIT_MEASURES)


class Reward(Sourced):
    """A reward for projects whose first stage falls due in the year; amounts in 万元.

    A fixed `amount`; or with `measure`, `amount` for each `per` that the project has of the measure
    in the year, in proportion, `at_most` so much. `instead_of` names the rewards of the same year
    that this one replaces for a project.
    """

    id: Annotated[str, Field(min_length=1)]
    chinese: Annotated[str, Field(min_length=1)]
    where: Filter | None = None
    needs: tuple[Need, ...] = ()
    amount: Annotated[Exact, Field(gt=0)]
    measure: MeasureName | None = None
    per: Annotated[Exact, Field(gt=0)] | None = None
    at_most: Annotated[Exact, Field(gt=0)] | None = None
    stages: Annotated[tuple[RewardStage, ...], Field(min_length=1)]
    to: RewardReceiver
    instead_of: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _measures_projects(self) -> "Reward":
        if (self.measure is None) != (self.per is None):
            raise PydanticCustomError(
                "reward_amount", msg("give measure and per together, or neither")
            )
        if self.measure is None:
            if self.at_most is not None:
                raise PydanticCustomError(
                    "reward_amount", msg("give at_most only where the reward has a measure")
                )
            return self
        if MEASURES[self.measure].of != "project" or self.measure in _NEEDS_MORE:
            raise PydanticCustomError(
                "reward_measure",
                msg("a reward goes by what a project brings: {measure} measures something else"),
                {"measure": self.measure},
            )
        return self

    @model_validator(mode="after")
    def _shares_make_the_whole(self) -> "Reward":
        paid = sum((stage.share for stage in self.stages), ZERO)
        if paid != 1:
            raise PydanticCustomError(
                "reward_shares",
                msg("the shares of the stages sum to {sum} and not to 1"),
                {"sum": paid},
            )
        return self

    def amount_for(self, measured: Fraction) -> Fraction:
        """The whole reward of a project that has so much of the measure."""
        if self.per is None:
            return self.amount
        amount = measured / self.per * self.amount
        return amount if self.at_most is None else min(amount, self.at_most)
