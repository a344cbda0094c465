"""The red and black lists (红黑榜) of the month, as the first page shows them."""

from __future__ import annotations

from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.redaction import without_telephones
from commands.words import page_words
from commands.words.vocabulary_words import word
from projections.views.board_candidates import BoardCandidate
from projections.views.board_view import MonthBoard

_LISTS: Final = ("red", "black")


class ListRow(NamedTuple):
    """Units of one list that stand on it for the same reason."""

    board: str
    standing: str
    reason: str
    units: str


def list_rows(county: CountyView, _reader: Reader) -> list[ListRow]:
    """Who is listed this month, who is proposed and why, who is to be interviewed.

    Every reader sees the same.
    """
    board = county.board()
    if board is None:
        return []
    units_by_reason: dict[tuple[str, str, str], list[str]] = {}
    for name in _LISTS:
        _add_listed(units_by_reason, board, name)
        _add_proposed(units_by_reason, board, name)
    for interview in board.called_in:
        months = "、".join(interview.months)
        key = (page_words.INTERVIEW, page_words.LISTED_IN_A_ROW, months)
        units_by_reason.setdefault(key, []).append(interview.name)
    rows = []
    for (name, standing, reason), units in units_by_reason.items():
        rows.append(ListRow(name, standing, reason, "、".join(units)))
    return rows


def _add_listed(
    units_by_reason: dict[tuple[str, str, str], list[str]],
    board: MonthBoard,
    name: str,
) -> None:
    for listing in board.listed:
        if listing.board == name:
            # The reason was typed by a clerk, and may hold a telephone number.
            reason = without_telephones(listing.reason)
            key = (word(name), page_words.LISTED, reason)
            units_by_reason.setdefault(key, []).append(listing.name)


def _add_proposed(
    units_by_reason: dict[tuple[str, str, str], list[str]],
    board: MonthBoard,
    name: str,
) -> None:
    listed = {listing.unit for listing in board.listed if listing.board == name}
    for candidate in board.candidates:
        if candidate.board == name and candidate.unit not in listed:
            key = (word(name), page_words.PROPOSED, _reasons(candidate))
            units_by_reason.setdefault(key, []).append(candidate.name)


def _reasons(candidate: BoardCandidate) -> str:
    reasons = [page_words.CANDIDATE_REASONS[reason.why] for reason in candidate.reasons]
    return "；".join(reasons)
