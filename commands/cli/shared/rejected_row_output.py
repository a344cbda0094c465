"""Rejected rows of a file on a terminal: rows that are wrong alike stand on one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

from commands.cli.shared.print_message import print_message
from commands.cli.shared.ready_correction_output import correction_text
from commands.handlers.file_rows import FileRow
from commands.handlers.importing import RowProblems
from commands.words.messages import labelled, say
from commands.words.problem_text import row_problem_text, rows_place
from lifecycle.rejections import Problem, msg

# A screenful; the workbook beside the file has them all.
_LINES_SHOWN: Final = 40
_MORE_LINES: Final = msg("… and {count} more; --format json lists all")


class _Line(NamedTuple):
    """What is wrong with rows of a sheet, in words."""

    sheet: str
    sentence: str


def print_rejected_rows(rejected: Sequence[RowProblems]) -> None:
    """Print what is wrong; a wrong column, which makes every row wrong, takes one line."""
    rows_by_line = _rows_by_line(rejected)
    for line, rows in islice(rows_by_line.items(), _LINES_SHOWN):
        place = rows_place(line.sheet, rows)
        print_message(labelled(place, line.sentence))
    lines_left = len(rows_by_line) - _LINES_SHOWN
    if lines_left > 0:
        print_message(say(_MORE_LINES, count=lines_left))


def row_reason(row: FileRow, problem: Problem) -> str:
    """Word a problem of a row."""
    # JSON is read as it stands: what people may type in a cell is no help there.
    return row_problem_text(problem, row.record, is_strict=row.is_strict)


def _rows_by_line(rejected: Iterable[RowProblems]) -> dict[_Line, list[int]]:
    """Return the rows of each line, in the order in which the lines first occur."""
    rows_by_line: dict[_Line, list[int]] = {}
    for row, problems, correction in rejected:
        sentences = [row_reason(row, problem) for problem in problems]
        if correction is not None:
            # The command that corrects it belongs to this row alone.
            sentences[-1] += f"\n  {correction_text(correction)}"
        for sentence in dict.fromkeys(sentences):
            line = _Line(row.sheet, sentence)
            rows_by_line.setdefault(line, []).append(row.place)
    return rows_by_line
