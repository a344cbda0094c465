"""Incentives (三.1, 三.2): which projects of the year earn their lead a reward, and what keeps others from one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.incentive_policy import Incentive, NearMiss
from projections.facts.narrow_events import MICRO, micro
from projections.scoring.evaluation import View, judged_projects, units_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import NEEDS, prepared
from projections.scoring.rounding import decimal_text

_EXACT = 6


class IncentiveShortfall(NamedTuple):
    """What a project lacks: a standing, its signing, or an amount in 万元 with what it has and needs."""

    what: str
    has: Fraction | None = None
    needs: Fraction | None = None

    def row(self) -> dict[str, Any]:
        """As JSON; `short` is how much is missing."""
        short = None if self.has is None or self.needs is None else self.needs - self.has
        return {
            "what": self.what,
            "has": _shown(self.has),
            "needs": _shown(self.needs),
            "short": _shown(short),
        }


class IncentiveReview(NamedTuple):
    """A project beside an incentive whose sectors and kinds take it in."""

    judged: JudgedProject
    incentive: Incentive
    invested: Fraction
    lacking: tuple[IncentiveShortfall, ...]

    def row(self) -> dict[str, Any]:
        """As JSON (spec 5)."""
        judged = self.judged
        return {
            "project": judged.project.code,
            "unit": judged.unit,
            "lead_person": judged.information.lead_person,
            "incentive": self.incentive.id,
            "clause": self.incentive.clause,
        }

    def told(self) -> dict[str, Any]:
        """The row with its amounts, and what is lacking."""
        amounts = {
            "chinese": self.incentive.chinese,
            "name": self.judged.information.name,
            "scale": _shown(Fraction(self.judged.scale, MICRO)),
            "invested": _shown(self.invested),
        }
        return {**self.row(), **amounts, "lacking": [lack.row() for lack in self.lacking]}


def _shown(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value, _EXACT)


def project_incentives(
    judged: JudgedProject, incentives: tuple[Incentive, ...]
) -> list[IncentiveReview]:
    """Every incentive that looks at a project, with what the project lacks; those that a higher one stands in for left out."""
    found = [looked for incentive in incentives if (looked := _look(judged, incentive)) is not None]
    replaced = {
        name for looked in found if not looked.lacking for name in looked.incentive.instead_of
    }
    return [looked for looked in found if looked.incentive.id not in replaced]


def _look(judged: JudgedProject, incentive: Incentive) -> IncentiveReview | None:
    """None where the project never can earn it: another sector or kind, credit passed on, signed in another year."""
    information, signed = judged.information, judged.project.nodes.get("signing")
    if information.sector not in incentive.sector or (
        incentive.kind is not None and information.kind not in incentive.kind
    ):
        return None
    if incentive.own_credit_only and judged.unit != information.reporting_unit:
        return None
    if signed is not None and signed.on.year != judged.axes.year:
        return None
    invested = _invested(judged, incentive)
    return IncentiveReview(judged, incentive, invested, tuple(_lacks(judged, incentive, invested)))


def _invested(judged: JudgedProject, incentive: Incentive) -> Fraction:
    """Σ fixed assets by the day, of all months or of the year's."""
    months = judged.axes.months if incentive.invested_in == "months_of_year" else ""
    return Fraction(
        sum(
            micro(e.fixed_assets)
            for month, _version, e in judged.project.figures
            if month.startswith(months)
        ),
        MICRO,
    )


def _lacks(
    judged: JudgedProject, incentive: Incentive, invested: Fraction
) -> Iterator[IncentiveShortfall]:
    for need in incentive.needs:
        if not NEEDS[need](judged):
            yield IncentiveShortfall(need)
    if judged.project.contract is None:
        yield IncentiveShortfall("signing")
    scale = Fraction(judged.scale, MICRO)
    if scale < incentive.scale_at_least:
        yield IncentiveShortfall("scale", scale, incentive.scale_at_least)
    zones = {transfer.to_zone for transfer in judged.project.transfers}
    if invested < incentive.invested_at_least and (
        incentive.or_zone is None or incentive.or_zone not in zones
    ):
        yield IncentiveShortfall("invested", invested, incentive.invested_at_least)


def reviewed_incentives(
    ledger: Ledger, view: View
) -> tuple[list[IncentiveReview], list[IncentiveReview]]:
    """The rewards earned by the day, and the near misses."""
    policy = prepared(view.rulebook)
    with ledger.rows_of_kind("project", view.position) as rows:
        projects = list(judged_projects(rows, policy, view.axes, units_at(ledger, view.position)))
    found = [
        looked
        for judged in projects
        for looked in project_incentives(judged, policy.book.incentives)
    ]
    near = policy.book.near_miss
    return [looked for looked in found if not looked.lacking], [] if near is None else [
        looked for looked in found if _is_near(looked, near)
    ]


def _is_near(looked: IncentiveReview, near: NearMiss) -> bool:
    """A project that goes on, large enough to be near, and lacks one thing alone."""
    if len(looked.lacking) != 1 or looked.judged.project.terminated_on is not None:
        return False
    return looked.judged.scale >= near.scale_share * looked.incentive.scale_at_least * MICRO
