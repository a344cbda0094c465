"""Find bands that leave a gap, overlap, or leave a project or count without one (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rejections import Problem
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.rulebook_model import Rulebook
from lifecycle.rulebook.scoring_policy import Coefficient


def band_findings(rulebook: Rulebook) -> Iterator[Problem]:
    """Yield the faults of every table of bands: the rulebook's own, then those of its rules."""
    for table in _tables(rulebook):
        yield from table.findings()
    for rule in rulebook.rules:
        for table in rule.band_tables():
            yield from table.findings()


def _tables(rulebook: Rulebook) -> Iterator[BandTable]:
    period = rulebook.assessment_period
    if period is not None:
        bands = [band.scale for band in period.bands]
        yield BandTable("assessment_period.bands", bands, covers_all=True)
    if rulebook.grades:
        totals = [grade.total for grade in rulebook.grades]
        yield BandTable("grades", totals, covers_all=True)
    for coefficient in rulebook.coefficients:
        scales = _scales(coefficient)
        if scales is not None:
            yield BandTable(f"coefficients.{coefficient.id}.rows", scales, covers_all=True)


def _scales(coefficient: Coefficient) -> list[Interval] | None:
    """Return the bands of a coefficient by scale; None where a row goes by something else."""
    scales: list[Interval] = []
    for row in coefficient.rows:
        for where in row.where:
            # A row by sector or site need not join the others.
            if where.scale is None:
                return None
            scales.append(where.scale)
    return scales
