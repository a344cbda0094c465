"""Bars of the first page: each unit's funds beside its target; by industry chain and by origin."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.target_rows import (
    declared_targets,
    funds_target,
    share_of_bar,
    unit_progress,
)
from commands.words import page_words
from commands.words.amount_text import column_amount
from commands.words.point_text import percent
from commands.words.region_words import registered_in
from commands.words.vocabulary_words import word
from lifecycle.rulebook.incentive_policy import CountyTarget
from projections.scoring.judgement import JudgedProject
from projections.views.project_sums import Addition
from projections.views.target_view import TargetProgress, project_target_shares, year_pace

_ZERO = Fraction(0)
GroupsOf = Callable[[JudgedProject], Iterable[str]]


# Units


class FundsBar(NamedTuple):
    """A unit's funds in place and its target, on one scale for all units.

    `share` and `mark` are per cent of the scale.
    """

    unit: str
    name: str
    actual: str
    target: str
    completion: str
    share: str
    mark: str
    is_late: bool


def funds_bars(county: CountyView, reader: Reader) -> list[FundsBar]:
    """Each unit's funds beside its target, in the order of the ranking.

    Of the units that the reader sees and that have a target.
    """
    funds = funds_target(county)
    if funds is None:
        return []
    progress_by_unit = unit_progress(county, funds.indicator)
    shown_scores = []
    for score in county.scores():
        if score.unit in progress_by_unit and reader.sees(score.unit):
            shown_scores.append(score)
    amounts = []
    for score in shown_scores:
        progress = progress_by_unit[score.unit]
        amounts += [progress.actual, progress.target]
    scale = max(amounts, default=_ZERO)
    pace = year_pace(county.view)
    bars = []
    for score in shown_scores:
        bars.append(_funds_bar(score.unit, score.name, progress_by_unit[score.unit], scale, pace))
    return bars


def _funds_bar(
    unit: str,
    name: str,
    progress: TargetProgress,
    scale: Fraction,
    pace: Fraction,
) -> FundsBar:
    ratio = progress.ratio
    return FundsBar(
        unit=unit,
        name=name,
        actual=column_amount(progress.actual),
        target=column_amount(progress.target),
        completion="" if ratio is None else percent(ratio),
        share=_on_scale(progress.actual, scale),
        mark=_on_scale(progress.target, scale),
        is_late=ratio is not None and ratio < pace,
    )


def _on_scale(amount: Fraction, scale: Fraction) -> str:
    return share_of_bar(amount / scale) if scale else "0"


# Groups of projects


class GroupRow(NamedTuple):
    """A group of projects: how many were signed, their funds; `share` is the length of its bar."""

    name: str
    signings: str
    funds: str
    share: str


class GroupTable(NamedTuple):
    """The year's signings and funds in place by groups of projects, most funds first."""

    name: str
    title: str
    note: str
    headings: list[str]
    rows: list[GroupRow]


class _GroupSums(NamedTuple):
    signings: Fraction
    funds: Fraction


_NOTHING: Final = _GroupSums(_ZERO, _ZERO)


def group_tables(county: CountyView, reader: Reader) -> list[GroupTable]:
    """Signings and funds by industry chain (产业链) and by origin (来源地).

    They are those of the targets, so that origins sum to the figures at the top of the page. A
    project of two chains counts in both.
    """
    funds = funds_target(county)
    if funds is None:
        return []
    signings = _signings_target(county)
    headings = page_words.group_headings(
        "" if signings is None else signings.chinese,
        f"{funds.chinese}（{funds.unit_of_measure}）",
    )
    tables = []
    for name, title, note in (
        ("chains", page_words.BY_CHAIN, page_words.BY_CHAIN_NOTE),
        ("origins", page_words.BY_ORIGIN, page_words.BY_ORIGIN_NOTE),
    ):
        sums = _group_sums(county, reader, name, funds, signings)
        rows = _group_rows(sums)
        if rows:
            tables.append(GroupTable(name, title, note, [title, *headings], rows))
    return tables


def _chains(project: JudgedProject) -> Iterable[str]:
    chains = [word(chain) for chain in project.information.chains]
    return chains or [page_words.NO_CHAIN]


def _origins(project: JudgedProject) -> Iterable[str]:
    return [registered_in(project.information.investor_code)]


_GROUPS: Final[Mapping[str, GroupsOf]] = {"chains": _chains, "origins": _origins}


def _signings_target(county: CountyView) -> CountyTarget | None:
    """The first target of signings that the rulebook declares."""
    for target in declared_targets(county).values():
        if target.measure == "signings":
            return target
    return None


def _group_sums(
    county: CountyView,
    reader: Reader,
    table: str,
    funds: CountyTarget,
    signings: CountyTarget | None,
) -> dict[str, _GroupSums]:
    sums: dict[str, _GroupSums] = {}
    for key, amount in sums_by_group(county).items():
        assert isinstance(key, _GroupKey)
        if key.table != table or not reader.sees(key.unit, key.reporting_unit):
            continue
        before = sums.get(key.group, _NOTHING)
        if key.indicator == funds.indicator:
            sums[key.group] = before._replace(funds=before.funds + amount)
        elif signings is not None and key.indicator == signings.indicator:
            sums[key.group] = before._replace(signings=before.signings + amount)
    # Groups to whose targets nothing was added say nothing about the year.
    return {group: added for group, added in sums.items() if added != _NOTHING}


class _GroupKey(NamedTuple):
    """A group of a table, and the target and the units of the projects that are summed."""

    table: str
    group: str
    indicator: str
    unit: str | None
    reporting_unit: str


def sums_by_group(county: CountyView) -> Mapping[Hashable, Fraction]:
    """What projects add to the year's targets, by group, target and units."""
    return county.project_sums("groups", _group_additions)


def _group_additions(project: JudgedProject) -> list[Addition]:
    """What a project adds to each of its groups."""
    additions = []
    for share in project_target_shares(project):
        for table, groups_of in _GROUPS.items():
            for group in groups_of(project):
                key = _GroupKey(
                    table,
                    group,
                    share.indicator,
                    project.unit,
                    project.information.reporting_unit,
                )
                additions.append(Addition(key, share.amount))
    return additions


def _group_rows(sums: dict[str, _GroupSums]) -> list[GroupRow]:
    highest = max((group.funds for group in sums.values()), default=_ZERO)
    rows = []
    for name, group in sorted(sums.items(), key=_most_funds_first):
        row = GroupRow(
            name=name,
            signings=str(group.signings),
            funds=column_amount(group.funds),
            share=_on_scale(group.funds, highest),
        )
        rows.append(row)
    return rows


def _most_funds_first(item: tuple[str, _GroupSums]) -> tuple[Fraction, Fraction, str]:
    name, group = item
    return -group.funds, -group.signings, name
