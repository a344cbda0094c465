"""The red and black lists (红黑榜) on a terminal: ranks, proposals with reasons, interviews."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from commands.cli.shared.output_columns import OutputColumn, unit_column
from commands.cli.shared.row_output import print_csv
from commands.cli.shared.score_output import axes_json_line, module_columns
from commands.cli.shared.table_output import console, print_table
from commands.words import screen_words, table_headings as headings
from commands.words.board_words import candidate_clauses, candidate_reason, rank_move
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from lifecycle.rejections import msg
from lifecycle.rulebook import Rulebook


def print_board(board: dict[str, Any], book: Rulebook) -> None:
    """Print `board --format json`: each sequence's ranks, then the proposals."""
    out = console()
    out.print(f"{screen_words.RED_AND_BLACK_LISTS} {board['month']}", style="bold")
    out.print(axes_json_line(board, book), style="dim")
    for sequence, units in groupby(board["units"], key=lambda row: row["sequence"]):
        rows = []
        for unit in units:
            move = rank_move(unit["rank"], unit["rank_before"])
            rows.append({**unit, **unit["modules"], "rank_before": move})
        print_table(rows, _rank_columns(book), sequence)
    # Ranks exist under any rulebook, proposals only where it has a table for boards.
    if not book.boards:
        template = msg("the rulebook {id} defines no boards: there are no proposals")
        out.print(say(template, id=book.id))
    print_proposals(board)


def print_board_rows(board: dict[str, Any], book: Rulebook) -> None:
    """Print a board's ranks as CSV, each unit with its modules."""
    rows = [{**unit, **unit["modules"]} for unit in board["units"]]
    # On a terminal each sequence has a table of its own; one file of rows has to name it.
    print_csv(rows, [OutputColumn("sequence", "sequence"), *_rank_columns(book)])


def _rank_columns(book: Rulebook) -> list[OutputColumn]:
    """Return the columns of a sequence's ranks."""
    return [
        OutputColumn("rank", headings.RANK, number=True),
        OutputColumn("rank_before", headings.RANK_CHANGE, number=True, show=str),
        unit_column(),
        # A board's rows, which publications freeze, hold neither grades nor outcomes.
        *module_columns(book, conclusions=False),
    ]


def print_proposals(board: dict[str, Any]) -> None:
    """Print who is proposed and why, who was listed, who is called in."""
    if board["candidates"]:
        _print_candidates(board["candidates"])
    if board["listed"]:
        columns = [
            OutputColumn("board", headings.BOARD, whole=True),
            unit_column(whole=True),
            OutputColumn("reason", headings.WHY_PROPOSED, show=str),
            OutputColumn("event", headings.EVENT_REFERENCE, show=str, whole=True),
        ]
        print_table(board["listed"], columns, _("listed"))
    for interview in board["interviews"]:
        unit, months = interview["name"], interview["months"]
        reason = screen_words.interview_reason(months)
        console().print(f"{screen_words.INTERVIEW}  {unit}  {reason}")


def _print_candidates(candidates: list[dict[str, Any]]) -> None:
    rows = []
    for candidate in candidates:
        row = {name: candidate[name] for name in ("board", "unit", "name", "sequence")}
        row["reason"] = candidate_reason(candidate)
        row["clause"] = candidate_clauses(candidate)
        rows.append(row)
    columns = [
        OutputColumn("board", headings.BOARD, whole=True),
        unit_column(whole=True),
        OutputColumn("sequence", FIELDS["sequence"], whole=True),
        OutputColumn("reason", headings.WHY_PROPOSED),
        OutputColumn("clause", headings.CLAUSE, whole=True),
    ]
    print_table(rows, columns, _("proposed"))
