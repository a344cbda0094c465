"""A heading that names the month so far, such as 1-5月累计完成投资, and another one each month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from commands.intake.register_headings import SheetHeadings
from commands.intake.register_map import MonthsMapping, RegisterMap
from commands.intake.register_sheets import RegisterSheet
from commands.words.register_words import RUNNING_MONTH
from lifecycle.rejections import Problem, msg

_RUNNING: Final = re.compile(RUNNING_MONTH)
_READ_AS: Final = msg("the column {heading} is read as month {month}, where the map has {mapped}")


class RunningMap(NamedTuple):
    """A map with the headings that a workbook has now, and what is to be said of them."""

    register_map: RegisterMap
    notes: tuple[Problem, ...]


def at_running_month(register_map: RegisterMap, sheets: Sequence[RegisterSheet]) -> RunningMap:
    """Let a single column of the months so far be found under a later month's heading.

    An earlier month's is not taken: a workbook that begins anew belongs to another year than the
    map's.
    """
    texts = set(_heading_texts(register_map, sheets))
    months = []
    notes = []
    for source in register_map.months:
        heading = _later_heading(source, texts)
        if heading is None:
            months.append(source)
            continue
        (mapped,) = source.columns
        number = _number_in(heading)
        months.append(source.model_copy(update={"columns": {heading: number}}))
        values: dict[str, object] = {
            "heading": heading,
            "month": f"{source.year}-{number:02}",
            "mapped": mapped,
        }
        notes.append(Problem("running_month", _READ_AS, values))
    if not notes:
        return RunningMap(register_map, ())
    return RunningMap(register_map.model_copy(update={"months": tuple(months)}), tuple(notes))


def _heading_texts(register_map: RegisterMap, sheets: Sequence[RegisterSheet]) -> Iterator[str]:
    for sheet in sheets:
        # By the choice of the sheet itself: a hidden one counts only where the map names it.
        if not sheet.is_hidden or sheet.name == register_map.sheet:
            yield from SheetHeadings(sheet, register_map.headings).texts.values()


def _later_heading(source: MonthsMapping, texts: set[str]) -> str | None:
    """Return the one heading that differs from the map's by a later month alone."""
    if len(source.columns) != 1:
        return None
    (mapped,) = source.columns
    is_running = _RUNNING.search(mapped) is not None
    # As long as the map's own heading is there, nothing needs to be looked for.
    if not is_running or mapped in texts:
        return None
    number = source.columns[mapped]
    pattern = _without_month(mapped)
    later = []
    for text in texts:
        if _RUNNING.search(text) and _without_month(text) == pattern and _number_in(text) > number:
            later.append(text)
    # Which of two later months a map means is for a person to say.
    return later[0] if len(later) == 1 else None


def _without_month(text: str) -> str:
    return _RUNNING.sub("", text, count=1)


def _number_in(text: str) -> int:
    match = _RUNNING.search(text)
    assert match is not None
    return int(match["month"])
