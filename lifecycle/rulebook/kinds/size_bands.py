"""Points by the band that a project's size lies in, its scale or its total investment."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.intervals import Band, interval_test
from lifecycle.rulebook.kinds.item_points import ProjectSize
from lifecycle.rulebook.kinds.rule_base import ItemRule
from lifecycle.rulebook.parts import Exact, Part


class PointsBand(Part):
    """Points for a band of a project's scale, or of its total investment."""

    scale: Band | None = None
    investment: Band | None = None
    points: Exact

    @property
    def band(self) -> Band:
        """The band, of whichever size it is."""
        band = self.scale or self.investment
        assert band is not None  # the validator below
        return band

    @model_validator(mode="after")
    def _of_one_size(self) -> "PointsBand":
        if (self.scale is None) == (self.investment is None):
            raise PydanticCustomError("band_size", msg("give exactly one of scale and investment"))
        return self


def points_of_size(
    bands: Iterable[PointsBand],
    size: ProjectSize,
) -> Fraction | None:
    """The points of the band that the size lies in; None outside all bands."""
    for band in bands:
        amount = size.scale if band.scale is not None else size.investment
        if interval_test(band.band)(amount):
            return band.points
    return None


def size_band_tables(
    rule: ItemRule,
    bands: tuple[PointsBand, ...] | None,
    *,
    covers_all: bool,
) -> Iterator[BandTable]:
    """The bands by scale and those by total investment, which join among themselves only."""
    for size in ("scale", "investment"):
        of_size = [band.band for band in bands or () if getattr(band, size) is not None]
        if of_size:
            yield BandTable(f"rules.{rule.id}.bands", of_size, covers_all=covers_all)


def size_band_findings(
    rule: ItemRule,
    bands: tuple[PointsBand, ...] | None,
) -> Iterator[Problem]:
    """Bands of size need projects that are counted one by one."""
    if not bands or (rule.counts_projects and not rule.derived):
        return
    yield Problem(
        "bands_of_units",
        msg("size bands apply to single projects, and this rule does not count single projects"),
        {},
        f"rules.{rule.id}.bands",
    )
