"""Bands with a gap or an overlap, or that leave some project or count without one (spec 6, `rulebook check`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook import kinds as k
from lifecycle.rulebook.intervals import Interval, seams
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.rulebook_model import Rulebook


class Bands(NamedTuple):
    """A table of bands: its place, whether it must hold every number, whether only whole numbers come."""

    place: str
    bands: list[Interval]
    everything: bool
    counting: bool


def band_findings(rulebook: Rulebook) -> Iterator[Problem]:
    """Every seam that does not join, every end that should be open."""
    for table in (
        *_of_tables(rulebook),
        *(found for rule in rulebook.rules for found in _of_rule(rule)),
    ):
        yield from _joined(table)


def _of_tables(rulebook: Rulebook) -> Iterator[Bands]:
    if rulebook.assessment_period is not None:
        yield Bands(
            "assessment_period.bands",
            [band.scale for band in rulebook.assessment_period.bands],
            everything=True,
            counting=False,
        )
    if rulebook.grades:
        yield Bands(
            "grades", [grade.total for grade in rulebook.grades], everything=True, counting=False
        )
    for table in rulebook.coefficients:
        scales = [
            where.scale for row in table.rows for where in row.where if where.scale is not None
        ]
        if len(scales) == sum(len(row.where) for row in table.rows):
            yield Bands(f"coefficients.{table.id}.rows", scales, everything=True, counting=False)


def _of_rule(rule: k.Rule) -> Iterator[Bands]:
    place = f"rules.{rule.id}.bands"
    if isinstance(rule, (k.Deduct, k.PerItem)) and rule.bands:
        for field in ("scale", "investment"):
            bands = [band.band for band in rule.bands if getattr(band, field) is not None]
            if bands:
                yield Bands(place, bands, everything=isinstance(rule, k.Deduct), counting=False)
    elif isinstance(rule, k.Escalating):
        yield Bands(place, [band.count for band in rule.bands], everything=False, counting=True)
    elif isinstance(rule, k.Bracket):
        whole = MEASURES[rule.measure].unit == "count" and rule.target is None
        yield Bands(place, [band.value for band in rule.bands], everything=False, counting=whole)
    elif isinstance(rule, k.Rank):
        yield Bands(place, [band.place for band in rule.bands], everything=False, counting=True)
    elif isinstance(rule, k.Stepped):
        yield Bands(
            f"rules.{rule.id}.segments",
            [segment.percent for segment in rule.segments],
            everything=False,
            counting=False,
        )


def _joined(table: Bands) -> Iterator[Problem]:
    bands = table.bands
    for how, one, other in seams(bands):
        if not (how == "gap" and table.counting and _whole_step(bands, one, other)):
            yield Problem(f"bands_{how}", _SEAM[how], {"one": one, "other": other}, table.place)
    if table.everything and (
        all(band.low is not None for band in bands) or all(band.high is not None for band in bands)
    ):
        yield Problem(
            "bands_open",
            msg("the bands do not cover both ends: some projects would fall into none"),
            {},
            table.place,
        )
    if table.counting and not any(1 in band for band in bands):
        yield Problem("bands_open", msg("no band contains the first occurrence"), {}, table.place)


_SEAM: Final = {
    "gap": msg("the bands {one} and {other} leave a gap"),
    "overlap": msg("the bands {one} and {other} overlap"),
}


def _whole_step(bands: list[Interval], one: str, other: str) -> bool:
    """Counts are whole: [1,2] and [3,) leave nothing out between them."""
    high = next(band.high for band in bands if band.text == one)
    low = next(band.low for band in bands if band.text == other)
    return high is not None and low is not None and low - high == 1
