"""`incentives`: which projects earn their lead a reward, and which nearly do."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.score import axes_of
from commands.cli.shared.command_context import axes_options, opened, view_of
from commands.cli.shared.row_output import OutputColumn, emit, format_option, print_json
from commands.words.messages import _, say
from lifecycle.rejections import msg
from projections.views.incentive_view import IncentiveReview, year_incentives


@click.command("incentives", help=_("Rewards that the year's projects have earned (三.1, 三.2)."))
@click.option(
    "--near",
    is_flag=True,
    help=_("The near misses instead: projects that lack one thing alone, and what that is."),
)
@axes_options()
@format_option
def command(
    year: int | None,
    as_of: str | None,
    known_at: str | None,
    rulebook_id: str | None,
    form: str,
    *,
    near: bool,
) -> None:
    """Show them."""
    with opened() as ledger:
        view = view_of(ledger, year, as_of, known_at, rulebook_id)
        incentives = year_incentives(ledger, view)
    found = incentives.near if near else incentives.earned
    if form == "json":
        print_json(
            [
                {**looked.as_json(), "lacking": looked.detailed_json()["lacking"]}
                if near
                else looked.as_json()
                for looked in found
            ]
        )
        return
    if form == "table":
        click.echo(axes_of(view))
    show_incentives(found, form, near=near)


def show_incentives(
    found: list[IncentiveReview], form: str = "table", *, near: bool = False
) -> None:
    """Print them with their amounts."""
    columns = [
        OutputColumn("project", "项目编号", show=str, whole=True),
        OutputColumn("name", "项目名称", show=str),
        OutputColumn("unit", "引进单位", show=str, whole=True),
        OutputColumn("lead_person", "首要引荐人", whole=True),
        OutputColumn("chinese", "激励", whole=True),
        OutputColumn("scale", "规模（万元）", number=True),
        OutputColumn("invested", "入库资金", number=True),
        OutputColumn("clause", "条款", whole=True),
    ]
    if near:
        columns.append(OutputColumn("lacking", "尚缺", show=_lacking))
    emit([looked.detailed_json() for looked in found], columns, form)
    if form == "table":
        click.echo(say(msg("{count} in all"), count=len(found)))


_NAMES = {
    "recognised": "认可",
    "eligible": "符合考核条件",
    "not_excluded": "列入考核",
    "signing": "正式签约",
    "scale": "固定资产投资",
    "invested": "入库资金",
}


def _lacking(lacks: list[dict[str, Any]]) -> str:
    return "、".join(
        _NAMES[lack["what"]] + ("" if lack["short"] is None else f" {lack['short']} 万元")
        for lack in lacks
    )
