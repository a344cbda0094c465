"""Rewards earned and near misses, as rows."""

from __future__ import annotations

from typing import Any, Final

import click

from commands.cli.shared.row_output import OutputColumn, print_rows
from commands.words.messages import say
from lifecycle.rejections import msg
from projections.views.incentive_view import IncentiveReview

_LACKING_NAMES: Final = {
    "recognised": "认可",
    "eligible": "符合考核条件",
    "not_excluded": "列入考核",
    "signing": "正式签约",
    "scale": "固定资产投资",
    "invested": "入库资金",
}


def print_incentives(
    reviews: list[IncentiveReview], form: str = "table", *, near_misses: bool = False
) -> None:
    """Print projects with their amounts; near misses also with what they lack."""
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
    if near_misses:
        columns.append(OutputColumn("lacking", "尚缺", show=_lacking_text))
    print_rows([review.detailed_json() for review in reviews], columns, form)
    if form == "table":
        click.echo(say(msg("total: {count}"), count=len(reviews)))


def _lacking_text(shortfalls: list[dict[str, Any]]) -> str:
    texts = []
    for shortfall in shortfalls:
        text = _LACKING_NAMES[shortfall["what"]]
        if shortfall["short"] is not None:
            text += f" {shortfall['short']} 万元"
        texts.append(text)
    return "、".join(texts)
