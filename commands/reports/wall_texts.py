"""What the template of the picture of the county receives: texts, and lengths per thousand."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Final, TypedDict

from commands.reports.wall_picture import WallDot, WallPicture, WallTarget, WallUnit
from commands.words import report_words, wall_words
from commands.words.amount_text import grouped_amount
from commands.words.point_text import percent, points
from commands.words.rank_words import rank_cell
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from projections.views.project_standing import STANDINGS

_WHOLE: Final = 1000
_two_places = points(2)


class WallTargetTexts(TypedDict):
    """A target of the county; `share` is the length of its bar."""

    name: str
    reached: str
    completion: str
    share: int
    behind: bool


class WallNodeTexts(TypedDict):
    """A node's column; `share` is the width of its part of the funnel."""

    name: str
    reached: str
    present: str
    share: int


class WallDotTexts(TypedDict):
    """A project: the place of its standing in the legend, and its number, if any."""

    standing: int
    number: str


class WallUnitTexts(TypedDict):
    """A unit's row; `share` is the length of its bar, -1 without a target."""

    name: str
    rank: str
    points: str
    funds: str
    target: str
    completion: str
    share: int
    behind: bool
    nodes: list[list[WallDotTexts]]


class WallSequenceTexts(TypedDict):
    """The rows of a sequence."""

    name: str
    units: list[WallUnitTexts]


class WallListTexts(TypedDict):
    """The red or the black list."""

    heading: str
    units: str


class WallDelayTexts(TypedDict):
    """An overdue project beside the picture."""

    number: str
    project: str
    unit: str
    delay: str


class WallTexts(TypedDict):
    """The picture; `pace` is the place of the year's mark on every bar."""

    subtitle: str
    pace: int
    targets: list[WallTargetTexts]
    headings: list[str]
    nodes: list[WallNodeTexts]
    sequences: list[WallSequenceTexts]
    lists: list[WallListTexts]
    delays_heading: str
    delays: list[WallDelayTexts]
    legend: list[str]


def wall_texts(picture: WallPicture) -> WallTexts:
    """The picture as its template draws it."""
    counts = picture.standing_counts()
    # Units stand by sequence already, so neighbours of one sequence are all there are.
    sequences: list[WallSequenceTexts] = []
    for name, units in groupby(picture.units, key=lambda unit: unit.sequence):
        rows = [_unit_texts(unit, picture.pace) for unit in units]
        sequences.append({"name": name, "units": rows})
    return {
        "subtitle": picture.subtitle,
        "pace": _thousandths(picture.pace),
        "targets": [_target_texts(target) for target in picture.targets],
        "headings": [
            report_words.RANK,
            report_words.UNIT,
            report_words.TOTAL,
            # The unit of measure stands on a line of its own: the column is as narrow as figures.
            report_words.FUNDS.replace("（", "\n（"),
            report_words.TARGET,
            report_words.COMPLETION,
        ],
        "nodes": _node_texts(picture),
        "sequences": sequences,
        "lists": [{"heading": heading, "units": names} for heading, names in picture.lists],
        "delays_heading": wall_words.delays_heading(len(picture.delays), counts["overdue"]),
        "delays": _delay_texts(picture),
        "legend": [wall_words.legend(standing, counts[standing]) for standing in STANDINGS],
    }


def _target_texts(target: WallTarget) -> WallTargetTexts:
    return {
        "name": target.name,
        "reached": wall_words.reached_of(target.reached, target.target),
        "completion": wall_words.completion(percent(target.ratio), target.pace),
        "share": _thousandths(target.ratio),
        "behind": target.pace == report_words.BEHIND,
    }


def _node_texts(picture: WallPicture) -> list[WallNodeTexts]:
    present = picture.stage_counts()
    most = max(picture.reached, default=0)
    texts: list[WallNodeTexts] = []
    for stage, reached in zip(STAGES, picture.reached, strict=True):
        texts.append(
            {
                "name": word(stage),
                "reached": wall_words.reached_node(reached),
                "present": wall_words.present_at_node(present[stage]),
                # A county without projects has a funnel without width.
                "share": _thousandths(Fraction(reached, most or 1)),
            }
        )
    return texts


def _unit_texts(unit: WallUnit, pace: Fraction) -> WallUnitTexts:
    share = unit.completion
    return {
        "name": unit.name,
        "rank": "" if unit.points is None else rank_cell(unit.rank),
        "points": "" if unit.points is None else _two_places(unit.points),
        "funds": _amount(unit.funds),
        "target": "" if unit.target is None else _amount(unit.target),
        "completion": "" if share is None else percent(share),
        "share": -1 if share is None else _thousandths(share),
        "behind": share is not None and share < pace,
        "nodes": [_dot_texts(unit.dots, stage) for stage in STAGES],
    }


def _dot_texts(dots: tuple[WallDot, ...], stage: str) -> list[WallDotTexts]:
    """The dots of a node, what asks for a decision first."""
    # A cell has little room: where not all dots fit a line, the urgent ones stand in the first.
    at_node = [dot for dot in dots if dot.stage == stage]
    at_node.sort(key=lambda dot: (STANDINGS.index(dot.standing), dot.number or _WHOLE))
    texts: list[WallDotTexts] = []
    for dot in at_node:
        number = str(dot.number) if dot.number else ""
        texts.append({"standing": STANDINGS.index(dot.standing), "number": number})
    return texts


def _delay_texts(picture: WallPicture) -> list[WallDelayTexts]:
    texts: list[WallDelayTexts] = []
    for delay in picture.delays:
        texts.append(
            {
                "number": str(delay.number),
                "project": delay.project,
                "unit": delay.unit,
                "delay": delay.delay,
            }
        )
    return texts


def _amount(value: Fraction) -> str:
    """An amount with two places, so that the decimals of a column line up."""
    return grouped_amount(_two_places(value))


def _thousandths(share: Fraction) -> int:
    """A share as the length of a bar: never longer than its frame, never below nothing."""
    return max(0, min(_WHOLE, round(share * _WHOLE)))
