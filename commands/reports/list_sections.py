"""Sections about the red and black lists (红黑榜): listings, proposals and interviews."""

from __future__ import annotations

from typing import Final, NamedTuple

from commands.reports.content import DocumentColumn, DocumentTable, Section
from commands.reports.period_results import PeriodResults
from commands.reports.report_sections import UNIT_COLUMN
from commands.words import report_words
from commands.words.board_words import candidate_reason, cited_clauses
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from projections.views.board_candidates import candidate_json
from projections.views.board_view import MonthBoard, assemble_board, units_with_listings

_BOARDS: Final = ("red", "black")
# A board, red or black, and a unit.
ListEntry = tuple[str, str]


class _ListRow(NamedTuple):
    """A unit on a list or proposed for it, as the table shows it."""

    board: str
    unit: str
    reason: str


# Month


def month_lists(results: PeriodResults) -> Section:
    """The month's lists as they were decided, and who is to be interviewed."""
    board = _month_board(results)
    sentences = []
    is_decided = bool(board.listed)
    about_table = -1
    for place, name in enumerate(_BOARDS):
        listed = [listing.name for listing in board.listed if listing.board == name]
        sentences.append(report_words.list_sentence(word(name), listed, is_decided=is_decided))
        if listed:
            about_table = place
    for interview in board.called_in:
        months = len(interview.months)
        sentences.append(report_words.interview_sentence(interview.name, months))
    rows = []
    for listing in board.listed:
        # The reason was typed by a clerk, and may hold a telephone number.
        reason = without_telephones(listing.reason)
        rows.append(_ListRow(word(listing.board), listing.name, reason))
    tables = (_list_table(report_words.LISTS_TABLE, rows),) if rows else ()
    return Section(report_words.LISTS_HEADING, tuple(sentences), tables, about_table)


def month_proposals(results: PeriodResults) -> Section:
    """Who is proposed and not decided on yet, for the draft that the decision is made by."""
    board = _month_board(results)
    listed = {(listing.board, listing.name) for listing in board.listed}
    rows = []
    for (name, unit), reason in _proposals(board).items():
        if (name, unit) not in listed:
            rows.append(_ListRow(word(name), unit, reason))
    sentences = [report_words.PROPOSALS]
    about_table = -1
    for place, name in enumerate(_BOARDS, start=len(sentences)):
        units = [row.unit for row in rows if row.board == word(name)]
        sentences.append(report_words.proposals_sentence(word(name), units))
        if units:
            about_table = place
    tables = (_list_table(report_words.PROPOSALS_TABLE, rows),) if rows else ()
    return Section(report_words.PROPOSALS_HEADING, tuple(sentences), tables, about_table)


def _month_board(results: PeriodResults) -> MonthBoard:
    scores_before = () if results.before is None else results.before.scores
    listed_units = units_with_listings(results.ledger, results.current)
    return assemble_board(results.period.name, results.current, scores_before, listed_units)


def _list_table(name: str, rows: list[_ListRow]) -> DocumentTable:
    columns = (
        DocumentColumn(report_words.BOARD, width=3),
        UNIT_COLUMN,
        DocumentColumn(report_words.REASON, width=24),
    )
    red = [row for row in rows if row.board == word("red")]
    black = [row for row in rows if row.board != word("red")]
    return DocumentTable(name, columns, tuple(red + black))


def _proposals(board: MonthBoard) -> dict[ListEntry, str]:
    """Why each unit is proposed, with the clauses."""
    proposals = {}
    for candidate in board.candidates:
        row = candidate_json(candidate, board.json_places)
        reason = report_words.reason_with_clauses(candidate_reason(row), cited_clauses(row))
        proposals[candidate.board, candidate.name] = reason
    return proposals


# Quarter


def quarter_proposals(results: PeriodResults) -> Section:
    """The units proposed for the black list at the end of a quarter."""
    month = f"{results.period.end:%Y-%m}"
    board = assemble_board(month, results.current, ())
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
