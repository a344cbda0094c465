"""Conditions of gates, outcomes and factors: on what is counted, or on results (spec 6)."""

from fractions import Fraction
from typing import Annotated, Any, Final

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.parts import Exact, Part
from lifecycle.rulebook.result_conditions import ResultCondition


class Condition(Counted):
    """A condition on a value, or with `in_a_row` on each of that many consecutive periods."""

    at_least: Exact | None = None
    at_most: Exact | None = None
    above: Exact | None = None
    below: Exact | None = None
    in_a_row: Annotated[int, Field(ge=2)] | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> "Condition":
        bounds = (self.at_least, self.at_most, self.above, self.below)
        if all(bound is None for bound in bounds):
            raise PydanticCustomError(
                "bounds",
                msg("a condition needs at least one of at_least, at_most, above and below"),
            )
        # Each period is compared with the bounds by itself, so nothing else can be required of it.
        if self.in_a_row is None:
            return self
        if self.each_period is None or self.reaching or self.short_of:
            raise PydanticCustomError(
                "bounds", msg("in_a_row requires each and excludes reaching and short_of")
            )
        if self.compared_as is not None:
            raise PydanticCustomError("bounds", msg("in_a_row excludes as"))
        return self

    @property
    def may_be_missing(self) -> bool:
        """Whether the value can lack a target; a run of periods looks at none."""
        return self.in_a_row is None and super().may_be_missing

    def _check_silence(self, when_missing: Fraction | str) -> None:
        if when_missing not in ("holds", "fails"):
            raise PydanticCustomError(
                "when_missing", msg('when_missing of a condition must be "holds" or "fails"')
            )


def _form_of_condition(data: Any) -> str:
    """Which of the two forms a condition has: on a result, or on what is counted."""
    if isinstance(data, ResultCondition) or (isinstance(data, dict) and "result" in data):
        return "on_result"
    return "on_measure"


AnyCondition = Annotated[
    Annotated[Condition, Tag("on_measure")] | Annotated[ResultCondition, Tag("on_result")],
    Discriminator(_form_of_condition),
]
CONDITION_FORMS: Final = frozenset({"on_measure", "on_result"})
"""The names by which pydantic tells the forms apart; no file has them."""


class Alternative(Part):
    """Conditions that must all hold."""

    all: Annotated[tuple[AnyCondition, ...], Field(min_length=1)]
