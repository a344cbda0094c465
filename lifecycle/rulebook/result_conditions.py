"""Conditions on a unit's results: what rules, modules, groups or the total gave it (spec 6)."""

from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg
from lifecycle.rulebook.parts import Exact, Filter, Part

RULE_LEVEL: Final = 0
MODULE_LEVEL: Final = 1
GROUP_LEVEL: Final = 2
TOTAL_LEVEL: Final = 3
PLACE_LEVEL: Final = 4
"""The levels at which results become final, one after the other."""
_BOUNDS: Final = ("at_least", "at_most", "above", "below")
PlaceEnd = Literal["top", "bottom"]


class ResultObject(NamedTuple):
    """A rule, a module, a group or the total, by its level and name."""

    level: int
    name: str


class ResultSelection(Part):
    """Which result of a unit: a rule's points, the sum of modules, a group's, or the total."""

    rule: str | None = None
    modules: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    group: str | None = None
    total: StrictBool | None = None

    @model_validator(mode="after")
    def _names_one_result(self) -> "ResultSelection":
        named = [self.rule, self.modules, self.group, self.total]
        present = [result for result in named if result is not None]
        if len(present) != 1 or self.total is False:
            raise PydanticCustomError(
                "result", msg("give exactly one of rule, modules, group and total = true")
            )
        return self

    @property
    def objects(self) -> list[ResultObject]:
        """What is read, by level and name."""
        if self.rule is not None:
            return [ResultObject(RULE_LEVEL, self.rule)]
        if self.modules is not None:
            return [ResultObject(MODULE_LEVEL, module) for module in self.modules]
        if self.group is not None:
            return [ResultObject(GROUP_LEVEL, self.group)]
        return [ResultObject(TOTAL_LEVEL, "total")]

    @property
    def form(self) -> str:
        """The field that names the result."""
        if self.rule is not None:
            return "rule"
        if self.modules is not None:
            return "modules"
        return "total" if self.group is None else "group"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what is read; none of the total."""
        return () if self.total else tuple(read.name for read in self.objects)


class ResultCondition(Part):
    """A condition on a unit's result, on how many modules are low, or on its place by the result.

    `each_below` counts the modules below it. `place` ranks the units of the sequence from the top
    or the bottom; in a sequence of fewer than `of_at_least` units the condition doesn't hold.
    """

    result: ResultSelection
    where: Filter | None = None
    each_below: Exact | None = None
    place: PlaceEnd | None = None
    of_at_least: Annotated[int, Field(ge=1)] | None = None
    at_least: Exact | None = None
    at_most: Exact | None = None
    above: Exact | None = None
    below: Exact | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> "ResultCondition":
        if all(getattr(self, bound) is None for bound in _BOUNDS):
            raise PydanticCustomError(
                "bounds",
                msg("a condition needs at least one of at_least, at_most, above and below"),
            )
        if self.where is not None and self.where.of_projects:
            raise PydanticCustomError(
                "where", msg("results are of units: only the filters category and sequence apply")
            )
        return self

    @model_validator(mode="after")
    def _counts_or_ranks(self) -> "ResultCondition":
        if self.each_below is not None and (self.result.modules is None or self.place is not None):
            raise PydanticCustomError(
                "each_below", msg("give each_below only beside modules, and without place")
            )
        if self.each_below is not None and self._bounds_given() != {"at_least"}:
            raise PydanticCustomError(
                "each_below",
                msg("beside each_below give at_least alone: how many of the modules are below it"),
            )
        if self.place is not None and self._bounds_given() != {"at_most"}:
            raise PydanticCustomError(
                "place", msg("beside place give at_most alone: the last of the places that count")
            )
        if self.of_at_least is not None and self.place is None:
            raise PydanticCustomError("place", msg("give of_at_least only beside place"))
        return self

    def _bounds_given(self) -> set[str]:
        return {bound for bound in _BOUNDS if getattr(self, bound) is not None}

    @property
    def level(self) -> int:
        """The level at which what the condition reads is final."""
        level = max(read.level for read in self.result.objects)
        # A place by the total comes after every total; one by lower results, with these.
        return PLACE_LEVEL if self.place is not None and level == TOTAL_LEVEL else level
