"""`rulebook compare`: the same history under two rulebooks."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.row_output import OutputColumn, format_option, print_csv, print_json
from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.store_access import open_store
from commands.cli.shared.table_output import console, print_table
from commands.words.messages import _, say
from commands.words.point_text import points
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes


@click.command(
    "compare",
    help=_(
        "The same history under two rulebooks (ids or files), A and B: totals, ranks, and by rule where the difference comes from."
    ),
)
@click.argument("a")
@click.argument("b")
@axes_options(rulebook=False)
@format_option
def compare_command(a: str, b: str, axes: RequestedAxes, form: str) -> None:
    """Compare them."""
    from projections.scoring.score_json import view_json  # noqa: PLC0415 -- as above
    from projections.views.rulebook_comparison import compare_rulebooks, comparison_json  # noqa: PLC0415 -- --help does not pay for the read side

    one, two = loaded(a), loaded(b)
    with open_store() as ledger:
        view = axes.year_view(ledger, rulebook=one)
        found = compare_rulebooks(ledger, view, two)
    places = max(one.rulebook.rounding.json_places, two.rulebook.rounding.json_places)
    units = [comparison_json(row, places) for row in found]
    if form == "json":
        shown_axes = {name: value for name, value in view_json(view).items() if name != "rulebook"}
        print_json(
            {
                "a": {"id": one.id, "digest": one.digest},
                "b": {"id": two.id, "digest": two.digest},
                **shown_axes,
                "units": units,
            }
        )
    elif form == "csv":
        _csv(units)
    else:
        names = {rule.id: rule.chinese for book in (two, one) for rule in book.rulebook.rules}
        modules = {
            module.id: module.chinese for book in (two, one) for module in book.rulebook.modules
        }
        console().print(
            say(
                msg("year {year}, as of {as_of}: A {a}, B {b}"),
                year=view.year,
                as_of=view.as_of,
                a=one.id,
                b=two.id,
            ),
            style="dim",
        )
        _print(units, names, modules, max(one.rulebook.rounding.shown, two.rulebook.rounding.shown))


def _csv(units: list[dict[str, Any]]) -> None:
    """A row for each rule whose points differ, the unit's totals and ranks beside it; one row at least for each unit."""
    rows = []
    for unit in units:
        totals = {
            "unit": unit["unit"],
            "sequence": unit["sequence"],
            "total_a": unit["total"]["a"],
            "total_b": unit["total"]["b"],
            "rank_a": unit["rank"]["a"],
            "rank_b": unit["rank"]["b"],
        }
        rows += [totals | sides for sides in (unit["rules"] or [{}])]
    fields = (
        "sequence",
        "unit",
        "total_a",
        "total_b",
        "rank_a",
        "rank_b",
        "module",
        "rule",
        "a",
        "b",
        "difference",
    )
    numbers = ("total_a", "total_b", "rank_a", "rank_b", "a", "b", "difference")
    print_csv(rows, [OutputColumn(name, name, number=name in numbers) for name in fields])


def _print(
    units: list[dict[str, Any]], names: dict[str, str], modules: dict[str, str], places: int
) -> None:
    shown = points(places)
    totals = [
        {
            "sequence": unit["sequence"],
            "unit": unit["unit"],
            "a": unit["total"]["a"],
            "b": unit["total"]["b"],
            "difference": unit["total"]["difference"],
            "ranks": f"{unit['rank']['a']} → {unit['rank']['b']}",
            "change": _moved(unit["rank"]["change"]),
        }
        for unit in units
    ]
    print_table(
        totals,
        [
            OutputColumn("sequence", "考核序列"),
            OutputColumn("unit", "单位", whole=True),
            OutputColumn("a", "A 总分", number=True, show=shown),
            OutputColumn("b", "B 总分", number=True, show=shown),
            OutputColumn("difference", "差", number=True, show=shown),
            OutputColumn("ranks", "名次"),
            OutputColumn("change", "升降"),
        ],
    )
    rows = [
        {
            "unit": unit["unit"],
            "module": modules.get(sides["module"], sides["module"]),
            "rule": _named(sides["rule"], names),
            **{side: sides[side] for side in ("a", "b", "difference")},
        }
        for unit in units
        for sides in unit["rules"]
    ]
    rows += [
        {"unit": unit["unit"], "rule": "板块封顶与总分限制", "difference": unit["limits"]}
        for unit in units
        if unit["limits"] != "0"
    ]

    def side(value: Any) -> str:
        return "—" if value is None else shown(value)

    print_table(
        rows,
        [
            OutputColumn("unit", "单位", whole=True),
            OutputColumn("module", "模块"),
            OutputColumn("rule", "规则", show=str),
            OutputColumn("a", "A", number=True, show=side),
            OutputColumn("b", "B", number=True, show=side),
            OutputColumn("difference", "差", number=True, show=shown),
        ],
        "差异来源",
    )


def _named(rule: str, names: dict[str, str]) -> str:
    head, _dot, which = rule.rpartition(".")
    return (
        f"{'封顶' if which == 'cap' else '保底'}"
        if head and rule not in names
        else names.get(rule, rule)
    )


def _moved(change: int) -> str:
    return "" if change == 0 else f"{'↑' if change > 0 else '↓'}{abs(change)}"
