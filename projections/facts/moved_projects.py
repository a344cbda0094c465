"""Projects that moved to another code: names of the old one are read as the new (spec 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from lifecycle.deciding.corrections import Correction, voided_corrections
from lifecycle.events import FactCorrected
from lifecycle.events.codec import topic
from lifecycle.events.project_events import InformationReported
from lifecycle.events.unit_events import MajorProjectSupported
from lifecycle.ledger.recorders.stored_rows import StoredRow, stored_bytes
from projections.facts.effective_history import decoded_correction, effective
from projections.facts.narrow_events import events_of, narrow, with_values
from projections.facts.unit_facts import RegisteredUnit

_REPORT: Final = topic(InformationReported)
_CORRECTION: Final = topic(FactCorrected)
_SUPPORT: Final = narrow(MajorProjectSupported)
ProjectRows = Callable[[str], Sequence[StoredRow]]
"""Returns a project's rows by its code."""


def destination(rows: Sequence[StoredRow]) -> str | None:
    """Return the code that a project's rows say it moved to; None while it has a report here."""
    corrections: dict[Correction, str | None] = {}
    reports = {row[2] for row in rows if row[3] == _REPORT}
    for row in rows:
        if is_correction(row):
            event = decoded_correction(row)
            correction = Correction(row[2], event.corrects, None)
            corrections[correction] = event.moved_to
    voided = voided_corrections(corrections)
    for correction, code in reversed(corrections.items()):
        is_live = correction.version not in voided
        if code is not None and is_live and correction.corrects in reports:
            has_report = any(events_of(InformationReported, effective(rows)))
            return None if has_report else code
    return None


def is_correction(row: StoredRow) -> bool:
    """Return whether a row holds a correction."""
    return row[3] == _CORRECTION


def mention_moves(rows: Iterable[StoredRow]) -> bool:
    """Return whether projects' rows tell of a move: then units' facts may name another code.

    A void that a project moves by tells it, and a void of that void stands in the same stream.
    """
    return any(b'"moved_to"' in stored_bytes(row) for row in rows)


def name_moved_projects(units: Sequence[RegisteredUnit], rows_of: ProjectRows) -> None:
    """Let the units' facts name each project by the code that it has now."""
    codes: dict[str, str] = {}
    for unit in units:
        for place, (on, version, event) in enumerate(unit.facts):
            if not isinstance(event, _SUPPORT):
                continue
            code = event.about_project
            if code not in codes:
                codes[code] = codes_passed(code, rows_of)[-1]
            if codes[code] != code:
                renamed = with_values(event, {"about_project": codes[code]})
                unit.facts[place] = (on, version, renamed)


def codes_passed(code: str, rows_of: ProjectRows) -> list[str]:
    """Return the codes that a project had, from one that it had to the one that it has now."""
    passed = [code]
    while True:
        following = destination(rows_of(code))
        # A project that moved back and forth is where it was last.
        if following is None or following in passed:
            return passed
        passed.append(following)
        code = following
