"""The page of deadlines: those of the level, kind, unit and text that the reader chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

from starlette.exceptions import HTTPException

from commands.web.clause_rows import page_clauses
from commands.web.duty_rows import DeadlineTexts, deadline_rows
from commands.web.list_pages import NOT_STALLED, list_order, list_page, sorted_rows, text_key
from commands.web.page_contents import PageContent, PageRequest
from commands.words import page_words, sheet_words
from commands.words.pinyin_initials import has_text
from projections.views.deadline_view import DEADLINE_KINDS, URGENCY_LEVELS


def _kind_key(row: DeadlineTexts) -> bytes | None:
    return text_key(row.kind)


def _unit_key(row: DeadlineTexts) -> bytes | None:
    return text_key(row.unit_name)


_SORT_KEYS: Final[Mapping[str, Callable[[DeadlineTexts], Any]]] = {
    "due_on": attrgetter("due_on"),
    "kind": _kind_key,
    "project": attrgetter("project"),
    "unit": _unit_key,
}


_STALLED: Final = "stalled"


class DeadlineFilter(NamedTuple):
    """What the reader chose; an empty text takes every deadline."""

    level: str
    kind: str
    unit: str
    text: str

    def takes(self, row: DeadlineTexts) -> bool:
        """Whether a deadline is shown."""
        if self.level not in ("", row.level):
            return False
        if self.kind == NOT_STALLED and row.kind_id == _STALLED:
            return False
        if self.kind not in ("", NOT_STALLED, row.kind_id):
            return False
        if self.unit not in ("", row.unit_name):
            return False
        searched = (row.project, row.name, row.about, row.unit_name)
        return any(has_text(self.text, part) for part in searched)


class Choice(NamedTuple):
    """A value that can be chosen, in words, with how many deadlines have it."""

    value: str
    label: str
    deadlines: int


def deadlines_page(request: PageRequest) -> PageContent:
    """What is due, most urgent first, unless the reader asks for another order."""
    chosen = _chosen(request)
    all_rows = deadline_rows(request.county, request.reader)
    rows = [row for row in all_rows if chosen.takes(row)]
    order = list_order(request.text("sort"), _SORT_KEYS)
    shown = sorted_rows(rows, order, _SORT_KEYS)
    page = list_page(request.text("page"), len(shown))
    # A file has the whole list, whichever page the reader was on.
    if request.file_form is None:
        shown = page.rows(shown)
    return {
        "deadlines": shown,
        "count": len(rows),
        "page": page,
        "order": order,
        "chosen": chosen,
        "level_choices": _level_choices(all_rows),
        "kind_choices": _kind_choices(all_rows),
        "unit_choices": _unit_choices(all_rows, chosen.unit),
        "levels": request.county.view.rulebook.rulebook.deadline_levels,
        # Of all deadlines, as the part that changes does not hold their texts.
        "clauses": page_clauses(request.county, [row.clause for row in all_rows]),
        "part": "deadlines_part.html",
    }


def _chosen(request: PageRequest) -> DeadlineFilter:
    """What the address asks for. Raises `HTTPException` 404 for a level or kind there is not."""
    level = request.text("level")
    kind = request.text("kind")
    is_level = level in ("", *URGENCY_LEVELS)
    is_kind = kind in ("", NOT_STALLED, *DEADLINE_KINDS)
    if not is_level or not is_kind:
        raise HTTPException(404)
    # Units and texts are open: a saved link to a unit with nothing due shows an empty list.
    return DeadlineFilter(level, kind, request.text("unit"), request.text("text"))


def _level_choices(rows: Sequence[DeadlineTexts]) -> list[Choice]:
    # Counts are of all deadlines: what else was chosen does not change what there is.
    counts = Counter(row.level for row in rows)
    choices = []
    for level in URGENCY_LEVELS:
        label = sheet_words.level(level)
        choices.append(Choice(level, label, counts[level]))
    return choices


def _kind_choices(rows: Sequence[DeadlineTexts]) -> list[Choice]:
    counts = Counter(row.kind_id for row in rows)
    choices = []
    for kind in DEADLINE_KINDS:
        label = sheet_words.deadline_kind(kind)
        choices.append(Choice(kind, label, counts[kind]))
    others = counts.total() - counts[_STALLED]
    choices.append(Choice(NOT_STALLED, page_words.NOT_STALLED, others))
    return choices


def _unit_choices(rows: Sequence[DeadlineTexts], chosen_unit: str) -> list[Choice]:
    counts = Counter(row.unit_name for row in rows if row.unit_name)
    if chosen_unit:
        # What was chosen stays in sight, though nothing of it is due.
        counts.setdefault(chosen_unit, 0)
    return [Choice(name, name, count) for name, count in counts.most_common()]
