"""The picture of the county (作战图): every unit and every project on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from commands.reports.foot import DocumentRequest
from commands.reports.target_section import pace_word
from commands.reports.wall_picture import WallDelay, WallDot, WallPicture, WallTarget, WallUnit
from commands.words import report_words, wall_words
from commands.words.amount_text import leaders_amount, reached_amount
from commands.words.date_text import chinese_date
from commands.words.point_text import percent
from commands.words.sheet_words import about, deadline_kind
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.views.board_view import listings_of_month
from projections.views.project_deadlines import Deadline
from projections.views.project_standing import ProjectStanding, project_standings
from projections.views.target_view import (
    TargetProgress,
    counted_funds,
    target_progress_of,
    year_pace,
)

# As many as stand beside the picture in print that is read at arm's length.
_MOST_DELAYS: Final = 24
_LISTS: Final = ("red", "black")


def content(
    ledger: Ledger,
    view: View,
    _request: DocumentRequest,
) -> WallPicture:
    """The county at a view."""
    projects: list[JudgedProject] = []
    result = evaluate(ledger, view, seen=projects.append)
    targets = target_progress_of(ledger, view, projects, result.units)
    standings = list(project_standings(projects, view.as_of))
    delayed = _longest_first(standings)
    rulebook = view.rulebook.rulebook
    pace = year_pace(view)
    as_of = chinese_date(view.as_of)
    return WallPicture(
        name=wall_words.FILE_NAME.format(day=view.as_of),
        title=wall_words.title(report_words.county_name(rulebook.issuer), view.year),
        subtitle=wall_words.subtitle(as_of, percent(pace), len(standings)),
        issuer=rulebook.issuer,
        pace=pace,
        targets=tuple(_county_targets(view, targets, pace)),
        reached=tuple(_reached(standings)),
        units=tuple(_unit_rows(view, result, targets, projects, standings, delayed)),
        lists=tuple(_lists(view, result)),
        delays=tuple(_delays(delayed[:_MOST_DELAYS], view.as_of)),
    )


def _county_targets(
    view: View, targets: Sequence[TargetProgress], pace: Fraction
) -> Iterator[WallTarget]:
    declared = {target.indicator: target for target in view.rulebook.rulebook.targets}
    for progress in targets:
        if progress.unit is not None or progress.ratio is None:
            continue
        target = declared[progress.indicator]
        yield WallTarget(
            target.chinese,
            reached_amount(progress.actual, progress.target, target.unit_of_measure),
            leaders_amount(progress.target, target.unit_of_measure),
            progress.ratio,
            pace_word(progress.ratio, pace),
        )


def _reached(standings: Sequence[ProjectStanding]) -> Iterator[int]:
    for stage in STAGES:
        yield sum(row.project.node(stage) is not None for row in standings)


def _longest_first(standings: Sequence[ProjectStanding]) -> list[ProjectStanding]:
    """The overdue projects, the one whose deadline passed first at the top."""
    overdue = [row for row in standings if row.delay is not None]
    return sorted(overdue, key=lambda row: (_due_on(row), row.project.facts.code))


def _due_on(row: ProjectStanding) -> date:
    return date.max if row.delay is None else row.delay.due_on


# Units


def _unit_rows(
    view: View,
    result: Result,
    targets: Sequence[TargetProgress],
    projects: Sequence[JudgedProject],
    standings: Sequence[ProjectStanding],
    delayed: Sequence[ProjectStanding],
) -> Iterator[WallUnit]:
    """Units by sequence and rank; last, the projects that no unit has the credit for."""
    funds: dict[str | None, Fraction] = defaultdict(Fraction)
    for project in projects:
        funds[project.unit] += counted_funds(project)
    unit_targets = _funds_targets(view, targets)
    dots = _dots_by_unit(standings, delayed)
    for score in result.scores:
        yield WallUnit(
            score.sequence,
            score.name,
            score.rank,
            score.total,
            funds.pop(score.unit, Fraction(0)),
            unit_targets.get(score.unit),
            tuple(dots.pop(score.unit, ())),
        )
    rest: list[WallDot] = []
    for unit_dots in dots.values():
        rest.extend(unit_dots)
    # Their funds count for the county, so without this row the column would not add up.
    rest_funds = sum(funds.values(), Fraction(0))
    if rest or rest_funds:
        name = wall_words.PROJECTS_OF_NO_UNIT
        yield WallUnit(
            sequence=name,
            name=name,
            rank=None,
            points=None,
            funds=rest_funds,
            target=None,
            dots=tuple(rest),
        )


def _funds_targets(view: View, targets: Sequence[TargetProgress]) -> dict[str | None, Fraction]:
    """Each unit's target of funds."""
    declared = view.rulebook.rulebook.targets
    indicators = [target.indicator for target in declared if target.measure == "funds_in_place"]
    # The first is the one that pages show beside a unit's funds, too.
    return {row.unit: row.target for row in targets if row.indicator in indicators[:1]}


def _dots_by_unit(
    standings: Sequence[ProjectStanding], delayed: Sequence[ProjectStanding]
) -> dict[str | None, list[WallDot]]:
    numbers = {}
    for number, row in enumerate(delayed[:_MOST_DELAYS], start=1):
        numbers[row.project.facts.code] = number
    dots: dict[str | None, list[WallDot]] = {}
    for row in standings:
        number = numbers.get(row.project.facts.code, 0)
        dot = WallDot(row.stage, row.standing, number)
        dots.setdefault(row.project.unit, []).append(dot)
    return dots


# Beside the picture


def _lists(view: View, result: Result) -> Iterator[tuple[str, str]]:
    """The lists that were decided last in the year; proposals do not hang on a wall."""
    last_month = min(view.as_of, date(view.year, 12, 31)).month
    for number in range(last_month, 0, -1):
        month_key = f"{view.year}-{number:02}"
        listed = list(listings_of_month(result.units, month_key, view.as_of))
        if listed:
            month = report_words.month_name(view.year, number)
            for board in _LISTS:
                names = [row.name for row in listed if row.board == board]
                yield (
                    wall_words.list_heading(word(board), month),
                    "、".join(names) or wall_words.NOBODY,
                )
            return
    for board in _LISTS:
        yield wall_words.list_heading(word(board), ""), wall_words.NO_LIST


def _delays(delayed: Sequence[ProjectStanding], day: date) -> Iterator[WallDelay]:
    for number, row in enumerate(delayed, start=1):
        delay = row.delay
        assert delay is not None
        yield WallDelay(
            number,
            without_telephones(row.project.information.name),
            row.project.unit_name or "",
            wall_words.delay(_awaited(delay), (day - delay.due_on).days),
        )


def _awaited(delay: Deadline) -> str:
    """What is overdue: a limit, the node of a milestone, else the kind of the deadline."""
    if delay.subject is not None:
        return delay.subject
    # The number of a task says nothing on a wall, and a plot's stands in the list of resources.
    return about(delay.about) if delay.kind == "milestone" else deadline_kind(delay.kind)
