"""The year's targets as a table on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import click

from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.score_output import axes_line
from commands.cli.shared.table_output import print_table
from commands.words import screen_words, table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import say
from commands.words.point_text import percent, points
from commands.words.terms import PolicyTerm
from lifecycle.rejections import msg
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.incentive_policy import CountyTarget
from projections.scoring.result_view import View
from projections.views.target_view import TargetProgress, missing_amount, year_pace


def print_targets(
    progress: list[TargetProgress],
    view: View,
    whole: PolicyTerm = screen_words.WHOLE_COUNTY,
) -> None:
    """Print targets with their pace against the year, and what is missing.

    `whole` stands for the unit of a target that is no unit's.
    """
    pace = year_pace(view)
    click.echo(axes_line(view))
    click.echo(say(msg("{share} of the year has passed"), share=percent(pace)))
    targets = {target.indicator: target for target in view.rulebook.rulebook.targets}

    def shown_unit(unit: str | None) -> str:
        return unit or whole.chinese

    if not progress:
        # An empty table would not say whether nothing is declared or nothing reached.
        template = msg("the rulebook {rulebook} has no [[targets]], so no target is measured")
        click.echo(say(template, rulebook=view.rulebook.id))
        return
    rows = [_table_row(row, targets[row.indicator], pace) for row in progress]
    columns = [
        OutputColumn("chinese", headings.INDICATOR, whole=True),
        OutputColumn("unit", FIELDS["unit"], show=shown_unit, whole=True),
        OutputColumn("target", headings.TARGET, number=True),
        OutputColumn("actual", headings.COMPLETED, number=True),
        OutputColumn("ratio", headings.COMPLETION_RATE, number=True),
        OutputColumn("pace", headings.SCHEDULE_PACE, number=True),
        OutputColumn("missing", headings.SHORTFALL, number=True),
        OutputColumn("clause", headings.CLAUSE, whole=True),
    ]
    print_table(rows, columns)


def unread_targets_text(unread: list[str], view: View) -> str:
    """Say which indicators have targets that the rulebook does not measure."""
    template = msg(
        "note: targets are set for {strange}, which the rulebook does not measure; it "
        "measures {known}"
    )
    known = [target.indicator for target in view.rulebook.rulebook.targets]
    return say(template, strange=unread, known=known)


def _table_row(
    row: TargetProgress,
    target: CountyTarget,
    pace: Fraction,
) -> dict[str, Any]:
    """Return a row with amounts in their unit of measure, and its pace against the year."""
    shown = _amount_format(target)
    # A target to exceed (突破) is the county's; a unit's share of it is only to be reached.
    exceed = target.exceed and row.unit is None
    missing = missing_amount(row, exceed=exceed)
    return {
        "chinese": f"{target.chinese}（{target.unit_of_measure}）",
        "unit": row.name,
        "target": f"{'>' if exceed else ''}{shown(row.target)}",
        "actual": shown(row.actual),
        "ratio": None if row.ratio is None else percent(row.ratio),
        "pace": None if row.ratio is None else _signed_percent(row.ratio - pace),
        "missing": screen_words.TARGET_REACHED if missing is None else shown(missing),
        "clause": target.clause if row.unit is None else screen_words.UNIT_TARGETS_ANNEX,
    }


def _amount_format(target: CountyTarget) -> Callable[[Fraction], str]:
    """Return the format of a target's amounts: 万元 with two places, counts as they are."""
    if target.unit_of_measure == screen_words.WAN_YUAN:
        return points(2)
    return _count_text


def _count_text(count: Fraction) -> str:
    return decimal_text(count, 2)


def _signed_percent(share: Fraction) -> str:
    sign = "+" if share > 0 else ""
    return f"{sign}{percent(share)}"
