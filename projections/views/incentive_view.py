"""Incentives: which projects of the year earn a reward, and what others lack (三.1, 三.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NamedTuple

from lifecycle.exact_numbers import MICRO
from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.incentive_policy import Incentive, NearMiss
from projections.facts.narrow_events import micro
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.project_filters import NEED_TESTS
from projections.scoring.result_view import View
from projections.views.json_rows import json_rows

_PLACES: Final = 6


class IncentiveShortfall(NamedTuple):
    """What a project lacks.

    A standing, its signing, or an amount in 万元 with what it has and needs.
    """

    what: str
    has: Fraction | None = None
    needs: Fraction | None = None

    @property
    def short(self) -> Fraction | None:
        """How much is missing, where amounts are compared."""
        if self.has is None or self.needs is None:
            return None
        return self.needs - self.has

    def as_json(self) -> dict[str, Any]:
        """One row of `lacking`."""
        return {
            "what": self.what,
            "has": _amount_text(self.has),
            "needs": _amount_text(self.needs),
            "short": _amount_text(self.short),
        }


class IncentiveReview(NamedTuple):
    """A project reviewed for an incentive whose sectors and kinds it belongs to."""

    judged: JudgedProject
    incentive: Incentive
    invested: Fraction
    lacking: tuple[IncentiveShortfall, ...]

    @property
    def zone_for_investment(self) -> str | None:
        """The zone to which the project was transferred in place of the investment, if it was."""
        is_invested = self.invested >= self.incentive.invested_at_least
        zone = self.incentive.or_zone
        return None if is_invested or not _is_in_zone(self.judged, zone) else zone

    def as_json(self) -> dict[str, Any]:
        """One row of `incentives --format json` (spec 5)."""
        return {
            "project": self.judged.facts.code,
            "unit": self.judged.unit,
            "name": self.judged.unit_name,
            "lead_person": self.judged.information.lead_person,
            "incentive": self.incentive.id,
            "clause": self.incentive.clause,
        }

    def detailed_json(self) -> dict[str, Any]:
        """The row with its amounts, and what the project lacks."""
        return {
            **self.as_json(),
            "chinese": self.incentive.chinese,
            "name": self.judged.information.name,
            "scale": _amount_text(Fraction(self.judged.scale, MICRO)),
            "invested": _amount_text(self.invested),
            "lacking": json_rows(self.lacking),
        }


@dataclass(frozen=True, slots=True)
class YearIncentives:
    """The rewards earned by the day, and the projects that come near to one."""

    earned: list[IncentiveReview]
    near: list[IncentiveReview]


def _amount_text(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value, _PLACES)


def year_incentives(ledger: Ledger, view: View) -> YearIncentives:
    """Review every project of the year for every incentive of the rulebook."""
    book = view.rulebook.rulebook
    reviews: list[IncentiveReview] = []
    for project in judged_at(ledger, view):
        reviews.extend(project_incentives(project, book.incentives))
    earned = [review for review in reviews if not review.lacking]
    near: list[IncentiveReview] = []
    if book.near_miss is not None:
        near = [review for review in reviews if _is_near(review, book.near_miss)]
    return YearIncentives(earned, near)


def project_incentives(
    project: JudgedProject,
    incentives: Sequence[Incentive],
) -> list[IncentiveReview]:
    """Review one project; an incentive that an earned one stands in for is left out."""
    reviews = []
    for incentive in incentives:
        if _is_considered(project, incentive):
            invested = _invested(project, incentive)
            shortfalls = tuple(_shortfalls(project, incentive, invested))
            reviews.append(
                IncentiveReview(
                    project,
                    incentive,
                    invested,
                    shortfalls,
                )
            )
    # Of two rewards for one achievement only the higher is granted.
    replaced: set[str] = set()
    for review in reviews:
        if not review.lacking:
            replaced.update(review.incentive.instead_of)
    return [review for review in reviews if review.incentive.id not in replaced]


def _is_considered(
    project: JudgedProject,
    incentive: Incentive,
) -> bool:
    """Whether the project can earn it at all.

    Sector, kind, credit not passed on, not signed in another year.
    """
    information = project.information
    if information.sector not in incentive.sector:
        return False
    if incentive.kind is not None and information.kind not in incentive.kind:
        return False
    # 考(十): an outpost group passes the credit on, and with it the reward; succession is no such
    # transfer (spec 7).
    if incentive.own_credit_only and project.earning_unit != information.reporting_unit:
        return False
    signed = project.facts.nodes.get("signing")
    return signed is None or signed.on.year == project.axes.year


def _invested(project: JudgedProject, incentive: Incentive) -> Fraction:
    """Sum the fixed assets by the day, of all months or of the year's."""
    # Every month begins with the empty text.
    months = project.axes.months if incentive.invested_in == "months_of_year" else ""
    total = 0
    for month, _version, figure in project.facts.figures:
        if month.startswith(months):
            total += micro(figure.fixed_assets)
    return Fraction(total, MICRO)


def _shortfalls(
    project: JudgedProject,
    incentive: Incentive,
    invested: Fraction,
) -> Iterator[IncentiveShortfall]:
    for standing in incentive.needs:
        if not NEED_TESTS[standing](project):
            yield IncentiveShortfall(standing)
    if project.facts.contract is None:
        yield IncentiveShortfall("signing")
    scale = Fraction(project.scale, MICRO)
    if scale < incentive.scale_at_least:
        yield IncentiveShortfall("scale", scale, incentive.scale_at_least)
    # 视同: a transfer to the zone stands in for the investment.
    if invested < incentive.invested_at_least and not _is_in_zone(project, incentive.or_zone):
        yield IncentiveShortfall("invested", invested, incentive.invested_at_least)


def _is_in_zone(project: JudgedProject, zone: str | None) -> bool:
    if zone is None:
        return False
    return any(transfer.to_zone == zone for transfer in project.facts.transfers)


def _is_near(review: IncentiveReview, near_miss: NearMiss) -> bool:
    """Whether the project goes on, is large enough to come near, and lacks exactly one thing."""
    # A terminated project comes no nearer.
    if len(review.lacking) != 1 or review.judged.facts.terminated_on is not None:
        return False
    least_scale = near_miss.scale_share * review.incentive.scale_at_least * MICRO
    return review.judged.scale >= least_scale
