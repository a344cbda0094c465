"""`targets`: how far the county and its units are."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from commands.cli.main import tell
from commands.cli.score import axes_of, points
from commands.cli.shared.command_context import axes_options, opened, view_of
from commands.cli.shared.row_output import OutputColumn, emit, format_option
from commands.words.messages import _, say
from lifecycle.rejections import msg
from lifecycle.rulebook.incentive_policy import CountyTarget
from projections.scoring.evaluation import View
from projections.scoring.rounding import decimal_text
from projections.views.target_view import (
    TargetProgress,
    county_target_progress,
    missing_amount,
    unread_target_indicators,
    year_pace,
)


@click.command(
    "targets",
    help=_("The year's targets, of the county and of units: reached, how fast, what is missing."),
)
@axes_options()
@format_option
def command(
    year: int | None, as_of: str | None, known_at: str | None, rulebook_id: str | None, form: str
) -> None:
    """Show them."""
    with opened() as ledger:
        view = view_of(ledger, year, as_of, known_at, rulebook_id)
        rows, strange = county_target_progress(ledger, view), unread_target_indicators(ledger, view)
    show_targets(rows, view, form)
    if strange:
        known = [target.indicator for target in view.rulebook.rulebook.targets]
        tell(
            say(
                msg(
                    "note: targets were set for {strange}, which the rulebook does not measure; it measures {known}"
                ),
                strange=strange,
                known=known,
            )
        )


def show_targets(rows: list[TargetProgress], view: View, form: str = "table") -> None:
    """Print target rows: exact as JSON and CSV; as a table with the pace and what is missing."""
    if form != "table":
        emit(
            [row.as_json() for row in rows],
            [
                OutputColumn(name, name, number=name in ("target", "actual", "ratio"))
                for name in ("indicator", "unit", "target", "actual", "ratio")
            ],
            form,
        )
        return
    passed = year_pace(view)
    click.echo(axes_of(view))
    click.echo(say(msg("{share} of the year have passed"), share=percent(passed)))
    book = {target.indicator: target for target in view.rulebook.rulebook.targets}
    emit([_told(row, book[row.indicator], passed) for row in rows], TABLE, "table")


TABLE = [
    OutputColumn("chinese", "指标", whole=True),
    OutputColumn("unit", "单位", show=lambda unit: unit or "全县", whole=True),
    OutputColumn("target", "目标", number=True),
    OutputColumn("actual", "实绩", number=True),
    OutputColumn("ratio", "完成率", number=True),
    OutputColumn("pace", "与时序", number=True),
    OutputColumn("missing", "缺口", number=True),
    OutputColumn("clause", "条款", whole=True),
]


def _told(row: TargetProgress, target: CountyTarget, passed: Fraction) -> dict[str, Any]:
    """A row in a table: amounts with their unit of measure, the ratio beside the share of the year."""
    shown = (
        points(2) if target.unit_of_measure == "万元" else (lambda value: decimal_text(value, 2))
    )
    exceed = target.exceed and row.unit is None
    left = missing_amount(row, exceed=exceed)
    ahead = None if row.ratio is None else row.ratio - passed
    return {
        "chinese": f"{target.chinese}（{target.unit_of_measure}）",
        "unit": row.unit,
        "target": f"{'>' if exceed else ''}{shown(row.target)}",
        "actual": shown(row.actual),
        "ratio": None if row.ratio is None else percent(row.ratio),
        "pace": None if ahead is None else f"{'+' if ahead > 0 else ''}{percent(ahead)}",
        "missing": "已完成" if left is None else shown(left),
        "clause": target.clause if row.unit is None else "附件1",
    }


def percent(value: Fraction) -> str:
    """A share in per cent, to one place."""
    whole, _dot, rest = decimal_text(value * 100, 1).partition(".")
    return f"{whole}.{rest or 0}%"
