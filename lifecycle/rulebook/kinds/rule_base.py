"""What the kinds of rule have in common: names, what they count, points and their range, checks."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field
from pydantic_core import PydanticCustomError

from lifecycle.exact_numbers import ONE, ZERO
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.counted import QUOTIENTS, Counted
from lifecycle.rulebook.kinds.item_points import ItemPoints, ItemT
from lifecycle.rulebook.kinds.point_range import NOTHING, PointRange, open_by_sign, spanned
from lifecycle.rulebook.kinds.value_points import UnitValues, ValuePoints
from lifecycle.rulebook.parts import Exact, Sourced
from lifecycle.rulebook.result_conditions import ResultCondition, ResultObject

Places = Annotated[int, Field(ge=0, le=10)]
NON_EMPTY: Final = Field(min_length=1)

PointsShape = tuple[object, ...]
"""What points were computed from: a NamedTuple of the kind's module."""


class NamedRule(Sourced):
    """What every rule has: its id, its Chinese name, the module that its points belong to."""

    id: str
    chinese: str
    module: str
    if TYPE_CHECKING:
        # Each kind declares its own, a literal; a field here would come first in every kind.
        kind: str

    def counted(self) -> Iterator[tuple[str, Counted]]:
        """Each value that the rule reads, with its place below the rule's id."""
        yield from ()

    def reach(self) -> PointRange:
        """The least and greatest points of the rule by itself; 0 where it only changes others'."""
        return NOTHING

    def unreachable(self) -> Problem | None:
        """The finding that no history can make the rule score."""
        # Whatever happens, the points stay at 0: the policy's author meant something else.
        if self.reach() != NOTHING:
            return None
        return Problem(
            "unreachable",
            msg("no history can earn points: all values are zero"),
            {},
            f"rules.{self.id}",
        )

    def own_findings(self, _rules: "Mapping[str, NamedRule]") -> Iterator[Problem]:
        """What is wrong with the rule's shape, beside the other rules by their ids."""
        yield from ()

    def named_rules(self) -> dict[str, tuple[str, ...]]:
        """The rules that the rule names, by the field that names them."""
        return {}

    def named_modules(self) -> dict[str, tuple[str, ...]]:
        """The modules that the rule names beside its own, by the field that names them."""
        return {}

    def band_tables(self) -> Iterator[BandTable]:
        """The rule's tables of bands, for their seams to be checked."""
        yield from ()


class RuleBase(NamedRule, Counted):
    """A rule that counts something.

    `places` rounds the points of each line, half away from zero, where the text says so.
    """

    coefficient: str | None = None
    places: Places | None = None
    at_most_per_project: Annotated[Exact, Field(gt=0)] | None = None

    def counted(self) -> Iterator[tuple[str, Counted]]:
        """The one value that the rule counts."""
        yield self.id, self

    @property
    def credits_reporter(self) -> bool:
        """Whether a project's points go to its first reporter, even after a transfer (意9)."""
        return False

    def range_of_each(self, points_each: Iterable[Fraction]) -> PointRange:
        """The range of a fixed number of points for each item."""
        if self.compared_as == "share_of_sequence" and not self.may_be_negative:
            # A share lies between nothing and the whole.
            shares = (ZERO, ONE, self.when_zero or ZERO)
            return spanned([points * share for points in points_each for share in shares])
        return open_by_sign(points_each, may_be_negative=self.may_be_negative)

    def own_findings(self, _rules: Mapping[str, NamedRule]) -> Iterator[Problem]:
        """A coefficient needs projects that make lines of their own."""
        if self._has_project_items():
            return
        if self.at_most_per_project is not None:
            yield Problem(
                "bound_of_units",
                msg("at_most_per_project bounds single projects, which this rule does not count"),
                {},
                f"rules.{self.id}.at_most_per_project",
            )
        # A table of coefficients looks at sector, investor, size: what only a project has.
        if self.coefficient is None:
            return
        yield Problem(
            "coefficient_of_units",
            msg(
                "a coefficient applies to single projects, and this rule does not count single "
                "projects"
            ),
            {},
            f"rules.{self.id}.coefficient",
        )

    def _has_project_items(self) -> bool:
        return False


class ItemRule(RuleBase):
    """A rule that makes a line of each thing counted."""

    @abstractmethod
    def points_of_items(self, items: Sequence[ItemT]) -> Iterable[ItemPoints[ItemT, PointsShape]]:
        """The points of items that are looked at together: those of a stream, or of a unit."""

    @property
    def reads_one_stream(self) -> bool:
        """Whether the events of each stream alone yield the rule's lines.

        Such lines can be kept by difference: an event changes only the lines of its own stream.
        """
        return not self.derived and not self._looks_across_streams()

    def _looks_across_streams(self) -> bool:
        return False

    def _has_project_items(self) -> bool:
        return self.counts_projects and not self.derived


class ValueRule(RuleBase):
    """A rule that makes one line of a unit's value, or of each project's where `each` says so."""

    def _has_project_items(self) -> bool:
        return self.each == "project"

    @abstractmethod
    def points_of_value(self, value: Fraction) -> ValuePoints[PointsShape]:
        """The points of a unit's value."""


class SequenceRule(RuleBase):
    """A rule that compares the values of a whole sequence of units."""

    @abstractmethod
    def points_of_units(self, values: UnitValues) -> Mapping[str, ValuePoints[PointsShape]]:
        """The points of each unit of a sequence."""


class RuleOnResults(NamedRule):
    """A rule that looks at conditions or at other rules' results, without points of its own."""

    def conditions_on_results(self) -> Iterator[tuple[str, ResultCondition]]:
        """Each condition on a result, with its place below the rule's id."""
        yield from ()

    def acts_on(self) -> list[ResultObject]:
        """What the rule may change: rules, a module, or the total; an outcome changes nothing."""
        return []

    def unreachable(self) -> Problem | None:
        """Nothing: such a rule never scores by itself."""
        return None


def require_one_of(rule: NamedRule, *names: str) -> None:
    """Raise a validation error unless exactly one of these fields is given."""
    present = [name for name in names if getattr(rule, name) is not None]
    if len(present) != 1:
        raise PydanticCustomError(
            "points", msg("give exactly one of {names}"), {"names": list(names)}
        )


def require_target(rule: Counted) -> None:
    """Raise a validation error unless the value is a quotient: over a target, or compared."""
    is_quotient = rule.compared_as not in (None, "place_change")
    if rule.target is None and not is_quotient:
        raise PydanticCustomError(
            "no_quotient",
            msg("this kind of rule needs a target, or as with a quotient: {allowed}"),
            {"allowed": list(QUOTIENTS)},
        )
