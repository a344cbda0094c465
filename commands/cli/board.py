"""`board`: a month's 红黑榜, who is proposed and why; listing what is proposed in one step."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import click

from commands.cli.record import show
from commands.cli.score import axes_line, halved, points
from commands.cli.shared.command_context import known_at_option, month_of, opened, view_of, who
from commands.cli.shared.row_output import (
    OutputColumn,
    console,
    format_option,
    print_csv,
    print_json,
    print_table,
)
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry, UnitOfWork
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import Rulebook
from projections.scoring.evaluation import View, units_at
from projections.views.board_view import (
    black_list_run,
    board_json,
    month_board,
    previous_month,
    view_of_month,
)


@click.command(
    "board",
    help=_(
        "The red and black boards (红黑榜) of MONTH, such as 2024-05: ranks, who is proposed and why, who is called in."
    ),
)
@click.argument("month", required=False)
@click.option(
    "--unit",
    metavar="UNIT",
    help=_(
        "比亮晒 instead: one unit's projects, funds, targets, deadlines and tasks, by the month's end or today."
    ),
)
@click.option(
    "--list",
    "listing",
    is_flag=True,
    help=_("Record the proposals as UnitListed, after a look at each on a terminal."),
)
@click.option(
    "--only",
    multiple=True,
    metavar="UNIT",
    help=_("With --list: of this unit alone; may be given again."),
)
@click.option("--yes", is_flag=True, help=_("With --list: record without asking."))
@known_at_option
@click.option(
    "--rulebook",
    "rulebook_id",
    metavar="ID",
    help=_("The rulebook by its id; the one in force if left out."),
)
@format_option
def command(
    month: str | None,
    unit: str | None,
    only: tuple[str, ...],
    known_at: str | None,
    rulebook_id: str | None,
    form: str,
    *,
    listing: bool,
    yes: bool,
) -> None:
    """Show it; list what is proposed."""
    if unit is not None:
        _unit(unit, month, known_at, rulebook_id, form)
        return
    if month is None:
        raise click.UsageError(_("name a MONTH such as 2024-05, or a unit by --unit"))
    with opened() as ledger:
        view = month_view(ledger, month, known_at, rulebook_id)
        found = board_json(month_board(ledger, view, month))
        if form == "json":
            print_json(found)
        elif form == "csv":
            print_csv(
                [{**row, **row["modules"]} for row in found["units"]],
                [OutputColumn("sequence", ""), *_columns(view.rulebook.rulebook)],
            )
        else:
            show_board(found, view.rulebook.rulebook)
        if listing:
            _list(ledger, found, view, only, sure=yes)


def _unit(
    unit: str, month: str | None, known_at: str | None, rulebook_id: str | None, form: str
) -> None:
    from commands.cli.unit_board import show_unit_board  # noqa: PLC0415 -- the boards of a month do without
    from projections.views.unit_view import unit_board  # noqa: PLC0415 -- as above

    with opened() as ledger:
        view = (
            view_of(ledger, None, None, known_at, rulebook_id)
            if month is None
            else month_view(ledger, month, known_at, rulebook_id)
        )
        result = unit_board(ledger, view, unit)
        names = list(units_at(ledger, view.position))
    if result is None:
        raise Rejected.by(
            "unknown_unit",
            msg("no unit {unit} is registered; there are {allowed}"),
            unit=unit,
            allowed=names,
        )
    found = result.as_json()
    if form == "table":
        show_unit_board(found, view)
    elif form == "json":
        print_json(found)
    else:
        print_csv(
            found["projects"],
            [OutputColumn(name, name) for name in found["projects"][0]]
            if found["projects"]
            else [],
        )


def month_view(ledger: Ledger, month: str, known_at: str | None, rulebook_id: str | None) -> View:
    """The view of a month's board. Raises `BadParameter`, or `Rejected` where the month has not begun."""
    end = month_of(month)
    today = ledger.clock().date()
    if f"{today:%Y-%m}" < month:
        raise Rejected.by(
            "month_not_begun",
            msg("{month} has not begun; today is {today}"),
            month=month,
            today=today,
        )
    return view_of_month(view_of(ledger, end.year, None, known_at, rulebook_id), month)


# The screen -----------------------------------------------------------------------------------------------------------


def show_board(found: dict[str, Any], book: Rulebook) -> None:
    """Print a board: each sequence's ranks, what is proposed, what was listed, who is called in."""
    out = console()
    out.print(f"红黑榜 {found['month']}", style="bold")
    out.print(axes_line(found, book), style="dim")
    for sequence, rows in groupby(found["units"], key=lambda row: row["sequence"]):
        shown = [
            {**row, **row["modules"], "rank_before": moved(row["rank"], row["rank_before"])}
            for row in rows
        ]
        print_table(shown, _columns(book), sequence)
    if not book.boards:
        out.print(
            say(msg("the rulebook {id} says nothing of boards: nobody is proposed"), id=book.id)
        )
    show_proposals(found)


def show_proposals(found: dict[str, Any]) -> None:
    """Print who is proposed and why, who was listed, who is called in."""
    proposed = [
        {
            "board": row["board"],
            "unit": row["unit"],
            "sequence": row["sequence"],
            "reason": reason_of(row),
            "clause": clauses_of(row),
        }
        for row in found["candidates"]
    ]
    columns = [
        OutputColumn("board", "榜单", whole=True),
        OutputColumn("unit", "单位", show=str, whole=True),
        OutputColumn("sequence", "考核序列", whole=True),
        OutputColumn("reason", "理由"),
        OutputColumn("clause", "条款", whole=True),
    ]
    if proposed:
        print_table(proposed, columns, _("proposed"))
    if found["listed"]:
        print_table(
            found["listed"],
            [
                OutputColumn("board", "榜单", whole=True),
                OutputColumn("unit", "单位", show=str, whole=True),
                OutputColumn("reason", "理由", show=str),
                OutputColumn("event", "事件", show=str, whole=True),
            ],
            _("listed"),
        )
    for called in found["interviews"]:
        console().print(
            f"约谈  {called['unit']}  连续 {len(called['months'])} 个月列入黑榜：{'、'.join(called['months'])}（三.4）"
        )


def _columns(book: Rulebook) -> list[OutputColumn]:
    shown = points(book.rounding.shown)
    return [
        OutputColumn("rank", "名次", number=True),
        OutputColumn("rank_before", "较上月", number=True, show=str),
        OutputColumn("unit", "单位", show=str),
        OutputColumn("total", "总分", number=True, show=shown),
        *[
            OutputColumn(module.id, halved(module.chinese), number=True, show=shown)
            for module in book.modules
        ],
    ]


def moved(rank: int, before: int | None) -> str:
    """The change of rank since the month before."""
    if before is None:
        return "—"
    return (
        "＝" if before == rank else (f"↑{before - rank}" if before > rank else f"↓{rank - before}")
    )


def clauses_of(candidate: dict[str, Any]) -> str:
    """The clauses that a proposal rests on."""
    return "、".join(reason["clause"] for reason in candidate["reasons"])


def reason_of(candidate: dict[str, Any]) -> str:
    """Why a unit is proposed, as `UnitListed` will say it."""
    return "；".join(_reason(reason) for reason in candidate["reasons"])


def _reason(reason: dict[str, Any]) -> str:
    if reason["why"] == "missed_checks":
        by_check = groupby(reason["checks"], key=lambda check: check["check"])
        told = "、".join(
            f"{check}（{'、'.join(entry['project'] for entry in entries)}）"
            for check, entries in by_check
        )
        return f"时序进度考核连续扣分：{told}"
    place = (
        f"本序列第 {reason['rank']} 名，共 {reason['of']} 个单位"
        if reason["why"] == "first"
        else f"本序列末位，第 {reason['rank']} 名，共 {reason['of']} 个单位"
    )
    return place + (f"，与{'、'.join(reason['tied_with'])}并列" if reason["tied_with"] else "")


# Listing --------------------------------------------------------------------------------------------------------------


def _list(
    ledger: Ledger, found: dict[str, Any], view: View, only: Sequence[str], *, sure: bool
) -> None:
    month = found["month"]
    if view.as_of != month_of(month):
        raise Rejected.by(
            "month_not_over",
            msg("{month} is not over: its board is listed after its last day"),
            month=month,
        )
    registered = [row["unit"] for row in found["units"]]
    for name in only:
        if name not in registered:
            raise Rejected.by(
                "unknown_unit",
                msg("no unit {unit} is registered; there are {allowed}"),
                unit=name,
                allowed=registered,
            )
    there = {(listed["unit"], listed["board"]) for listed in found["listed"]}
    proposed = [
        row
        for row in found["candidates"]
        if (row["unit"], row["board"]) not in there and (not only or row["unit"] in only)
    ]
    if not proposed:
        click.echo(_("nothing is left to list"))
        return
    chosen = proposed if sure else _chosen(ledger, proposed, view, month)
    records = [
        {
            "event": "UnitListed",
            "unit": row["unit"],
            "board": row["board"],
            "month": month,
            "reason": reason_of(row),
        }
        for row in chosen
    ]

    def act(work: UnitOfWork) -> list[LedgerEntry]:
        return [work.record(read_record(record)) for record in records]

    for entry in ledger.execute(act, who(ledger)):
        show(ledger, entry)


def _chosen(
    ledger: Ledger, proposed: list[dict[str, Any]], view: View, month: str
) -> list[dict[str, Any]]:
    """A look at each proposal."""
    if not sys.stdin.isatty():
        raise Rejected.by(
            "not_confirmed",
            msg("{count} proposals wait to be confirmed: run this on a terminal, or add --yes"),
            count=len(proposed),
        )
    units, earlier = units_at(ledger, view.position), previous_month(month)
    chosen = []
    for row in proposed:
        before = (
            black_list_run(units[row["unit"]], earlier, view.as_of)
            if row["board"] == "black" and earlier
            else []
        )
        click.echo(f"{word(row['board'])}  {row['unit']}  {reason_of(row)}", err=True)
        if before:
            click.echo(
                say(
                    msg(
                        "  it has been on the black board since {month}: listed again, it is called in (约谈)"
                    ),
                    month=before[0],
                ),
                err=True,
            )
        if click.confirm(_("List it?"), default=True, err=True):
            chosen.append(row)
    return chosen
