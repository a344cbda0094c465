"""What the picture of the county says: one A3 page with targets, units, projects and lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from lifecycle.events.vocabulary import STAGES
from projections.views.project_standing import STANDINGS, Standing


class WallTarget(NamedTuple):
    """A target of the county: what is reached of it, as a leader reads it, and the pace word."""

    name: str
    reached: str
    target: str
    ratio: Fraction
    pace: str


class WallDot(NamedTuple):
    """A project: its node, its standing, and its number in the list of delays, 0 for none."""

    stage: str
    standing: Standing
    number: int


class WallUnit(NamedTuple):
    """A unit's row; `rank` and `points` are None for projects of no ranked unit."""

    sequence: str
    name: str
    rank: int | None
    points: Fraction | None
    funds: Fraction
    target: Fraction | None
    dots: tuple[WallDot, ...]

    @property
    def completion(self) -> Fraction | None:
        """Funds by target; None where there is no target."""
        return self.funds / self.target if self.target else None


class WallDelay(NamedTuple):
    """A project whose deadline is past: its number, name, unit, and what is overdue."""

    number: int
    project: str
    unit: str
    delay: str


@dataclass(frozen=True, slots=True)
class WallPicture:
    """The county on one page, numbers exact.

    `reached` counts the projects that reached each node, by the order of the nodes.
    """

    name: str
    title: str
    subtitle: str
    issuer: str
    pace: Fraction
    targets: tuple[WallTarget, ...]
    reached: tuple[int, ...]
    units: tuple[WallUnit, ...]
    lists: tuple[tuple[str, str], ...]
    delays: tuple[WallDelay, ...]

    def standing_counts(self) -> Counter[Standing]:
        """How many projects have each standing."""
        return Counter(dot.standing for dot in self._dots())

    def stage_counts(self) -> Counter[str]:
        """How many projects stand at each node now."""
        return Counter(dot.stage for dot in self._dots())

    def _dots(self) -> Iterator[WallDot]:
        for unit in self.units:
            yield from unit.dots

    def statements(self) -> Iterator[str]:
        """Everything that it says, a line each, numbers exact."""
        yield self.title
        yield self.subtitle
        yield self.issuer
        for target in self.targets:
            yield _line(*target)
        yield _line(self.pace, *self.reached)
        for unit in self.units:
            # Counts say all that a row of dots shows: two dots alike may change places.
            yield _line(*unit[:-1], *_dot_counts(unit.dots))
        for heading, names in self.lists:
            yield _line(heading, names)
        # The numbers of the list are those in the dots, so the digest needs them only here.
        for delay in self.delays:
            yield _line(*delay)


def _line(*values: str | int | Fraction | None) -> str:
    return "\t".join("" if value is None else str(value) for value in values)


def _dot_counts(dots: tuple[WallDot, ...]) -> Iterator[int]:
    """How many dots of each colour a row has at each node."""
    counts = Counter((dot.stage, dot.standing) for dot in dots)
    for stage in STAGES:
        for standing in STANDINGS:
            yield counts[stage, standing]
