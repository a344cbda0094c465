"""The top of the first page: key figures, and the red and black lists (红黑榜) of the month."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.duty_rows import deadline_rows, task_rows
from commands.web.redaction import without_telephones
from commands.words import page_words, sheet_words
from commands.words.amount_text import grouped_amount
from commands.words.point_text import percent
from commands.words.vocabulary_words import word
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.incentive_policy import CountyTarget
from projections.views.board_candidates import BoardCandidate
from projections.views.board_view import MonthBoard
from projections.views.deadline_view import URGENCY_LEVELS
from projections.views.target_view import TargetProgress, year_pace

# Targets with a figure of their own; the others stand in one line below the last of these.
_TARGET_FIGURES: Final = 2
_LISTS: Final = ("red", "black")


# Key figures


class KeyFigure(NamedTuple):
    """A figure with what it is compared with, whether it is late, and the page that shows more.

    A target's page lists the projects that add to it.
    """

    name: str
    figure: str
    verdict: str
    is_late: bool
    details: list[str]
    path: str
    target: str = ""


def key_figures(county: CountyView, reader: Reader) -> list[KeyFigure]:
    """What the head of a county looks at for ten seconds."""
    return [
        *_target_figures(county),
        _overdue_figure(county, reader),
        _deadline_figure(county, reader),
    ]


def _target_figures(county: CountyView) -> list[KeyFigure]:
    """The county's first targets."""
    targets = {target.indicator: target for target in county.view.rulebook.rulebook.targets}
    rows = []
    for progress in county.targets():
        if progress.unit is None and progress.ratio is not None:
            rows.append(progress)
    pace = year_pace(county.view)
    figures = []
    for progress in rows[:_TARGET_FIGURES]:
        figures.append(_target_figure(progress, targets[progress.indicator], pace))
    if len(figures) == _TARGET_FIGURES:
        for progress in rows[_TARGET_FIGURES:]:
            figures[-1].details.append(_short_target(progress, targets[progress.indicator]))
    return figures


def _target_figure(
    progress: TargetProgress,
    target: CountyTarget,
    pace: Fraction,
) -> KeyFigure:
    completion = progress.ratio or Fraction(0)
    is_late = completion < pace
    reached = page_words.target_reached(
        target=grouped_amount(decimal_text(progress.target, 2)),
        completion=percent(completion),
        pace=percent(pace),
    )
    amount = grouped_amount(decimal_text(progress.actual, 0))
    return KeyFigure(
        name=target.chinese,
        figure=f"{amount} {target.unit_of_measure}",
        verdict=page_words.BEHIND_PACE if is_late else page_words.ON_PACE,
        is_late=is_late,
        details=[reached],
        path="/projects",
        target=target.indicator,
    )


def _short_target(progress: TargetProgress, target: CountyTarget) -> str:
    actual = decimal_text(progress.actual, 0)
    return page_words.other_target(target.chinese, actual, decimal_text(progress.target, 0))


def _overdue_figure(county: CountyView, reader: Reader) -> KeyFigure:
    tasks = task_rows(county, reader)
    overdue = [task for task in tasks if task.is_late]
    exposed = [task for task in tasks if task.status == sheet_words.status("exposed")]
    return KeyFigure(
        name=page_words.OVERDUE_TASKS,
        figure=page_words.task_count(len(overdue)),
        verdict=page_words.MUST_SUPERVISE if overdue else page_words.NONE_OVERDUE,
        is_late=bool(overdue),
        details=[page_words.open_tasks(len(tasks), len(exposed))],
        path="/sheets",
    )


def _deadline_figure(county: CountyView, reader: Reader) -> KeyFigure:
    counts = Counter(row.level for row in deadline_rows(county, reader))
    red = counts["red"]
    milder = [
        f"{sheet_words.level(level)} {counts[level]}" for level in URGENCY_LEVELS if level != "red"
    ]
    return KeyFigure(
        name=page_words.RED_DEADLINES,
        figure=page_words.deadline_count(red),
        verdict=page_words.PAST_DUE if red else page_words.NONE_PAST_DUE,
        is_late=red > 0,
        details=["，".join(milder)],
        path="/deadlines",
    )


# Red and black lists


class ListRow(NamedTuple):
    """Units of one list that stand on it for the same reason."""

    board: str
    standing: str
    reason: str
    units: str


def list_rows(county: CountyView) -> list[ListRow]:
    """Who is listed this month, who is proposed and why, who is to be interviewed."""
    board = county.board()
    if board is None:
        return []
    units_by_reason: dict[tuple[str, str, str], list[str]] = {}
    for name in _LISTS:
        _add_listed(units_by_reason, board, name)
        _add_proposed(units_by_reason, board, name)
    for interview in board.called_in:
        months = "、".join(interview.months)
        key = (page_words.INTERVIEW, page_words.LISTED_IN_A_ROW, months)
        units_by_reason.setdefault(key, []).append(interview.name)
    rows = []
    for (name, standing, reason), units in units_by_reason.items():
        rows.append(ListRow(name, standing, reason, "、".join(units)))
    return rows


def _add_listed(
    units_by_reason: dict[tuple[str, str, str], list[str]],
    board: MonthBoard,
    name: str,
) -> None:
    for listing in board.listed:
        if listing.board == name:
            # The reason was typed by a clerk, and may hold a telephone number.
            reason = without_telephones(listing.reason)
            key = (word(name), page_words.LISTED, reason)
            units_by_reason.setdefault(key, []).append(listing.name)


def _add_proposed(
    units_by_reason: dict[tuple[str, str, str], list[str]],
    board: MonthBoard,
    name: str,
) -> None:
    listed = {listing.unit for listing in board.listed if listing.board == name}
    for candidate in board.candidates:
        if candidate.board == name and candidate.unit not in listed:
            key = (word(name), page_words.PROPOSED, _reasons(candidate))
            units_by_reason.setdefault(key, []).append(candidate.name)


def _reasons(candidate: BoardCandidate) -> str:
    reasons = [page_words.CANDIDATE_REASONS[reason.why] for reason in candidate.reasons]
    return "；".join(reasons)
