"""Sections about the red and black lists (红黑榜): listings, proposals and interviews."""

from __future__ import annotations

from typing import NamedTuple

from commands.reports.content import DocumentColumn, DocumentTable, Section
from commands.reports.period_results import PeriodResults
from commands.reports.report_sections import UNIT_COLUMN
from commands.words import report_words
from commands.words.board_words import candidate_reason, cited_clauses
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from projections.views.board_candidates import candidate_json
from projections.views.board_view import MonthBoard, assemble_board

# A board, red or black, and a unit.
ListEntry = tuple[str, str]


class _ListRow(NamedTuple):
    """A unit on a list or proposed for it, as the table shows it."""

    board: str
    unit: str
    standing: str
    reason: str


# Month


def month_lists(results: PeriodResults) -> Section:
    """The month's lists: who was listed, who is proposed, who is to be interviewed."""
    scores_before = () if results.before is None else results.before.scores
    board = assemble_board(results.period.name, results.current, scores_before, results.units)
    sentences = [
        _list_sentence(board, "red"),
        _list_sentence(board, "black"),
    ]
    for interview in board.called_in:
        months = len(interview.months)
        sentences.append(report_words.interview_sentence(interview.unit, months))
    columns = (
        DocumentColumn(report_words.BOARD, width=3),
        UNIT_COLUMN,
        DocumentColumn(report_words.STANDING, width=4),
        DocumentColumn(report_words.REASON, width=20),
    )
    table = DocumentTable(report_words.LISTS_TABLE, columns, tuple(_list_rows(board)))
    return Section(report_words.LISTS_HEADING, tuple(sentences), (table,))


def _list_sentence(board: MonthBoard, name: str) -> str:
    listed = [listing.unit for listing in board.listed if listing.board == name]
    proposed = []
    for candidate in board.candidates:
        if candidate.board == name and candidate.unit not in listed:
            proposed.append(candidate.unit)
    return report_words.list_sentence(word(name), listed, proposed)


def _list_rows(board: MonthBoard) -> list[_ListRow]:
    """Red before black, published before proposed."""
    rows = []
    listed = set()
    for listing in board.listed:
        listed.add((listing.board, listing.unit))
        # The reason was typed by a clerk, and may hold a telephone number.
        reason = without_telephones(listing.reason)
        rows.append(_ListRow(word(listing.board), listing.unit, report_words.PUBLISHED, reason))
    for entry, reason in _proposals(board).items():
        if entry not in listed:
            name, unit = entry
            rows.append(_ListRow(word(name), unit, report_words.PROPOSED, reason))
    return sorted(rows, key=_list_order)


def _list_order(row: _ListRow) -> tuple[bool, bool]:
    return row.board != word("red"), row.standing != report_words.PUBLISHED


def _proposals(board: MonthBoard) -> dict[ListEntry, str]:
    """Why each unit is proposed, with the clauses."""
    proposals = {}
    for candidate in board.candidates:
        row = candidate_json(candidate, board.json_places)
        reason = report_words.reason_with_clauses(candidate_reason(row), cited_clauses(row))
        proposals[candidate.board, candidate.unit] = reason
    return proposals


# Quarter


def quarter_proposals(results: PeriodResults) -> Section:
    """The units proposed for the black list at the end of a quarter."""
    month = f"{results.period.end:%Y-%m}"
    board = assemble_board(month, results.current, (), results.units)
    rows = []
    for (name, unit), reason in _proposals(board).items():
        if name == "black":
            rows.append((unit, reason))
    heading = report_words.BLACK_PROPOSALS_HEADING
    if not rows:
        return Section(heading, (report_words.NO_BLACK_PROPOSALS,))
    columns = (
        UNIT_COLUMN,
        DocumentColumn(report_words.REASON, width=24),
    )
    table = DocumentTable(report_words.BLACK_PROPOSALS_TABLE, columns, tuple(rows))
    return Section(heading, (report_words.BLACK_PROPOSALS,), (table,))
