"""Move a project to another code in one commit: void it here, record it there (spec 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from commands.handlers.moved_codes import moved_code_problem_within
from lifecycle.deciding.drafts import Draft, read_record
from lifecycle.events import RecordedEvent, Stream
from lifecycle.events.correction_event import MOVED_KEY
from lifecycle.events.project_course_events import ProjectPaused, ProjectResumed
from lifecycle.events.project_events import InformationReported
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_schema import CONTACTS_VERSION
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Rejected, msg

_PAUSES: Final = (ProjectPaused, ProjectResumed)


class Move(NamedTuple):
    """A project that moves, with the reason and who approved it."""

    old: str
    new: str
    reason: str
    approved_by: str


def move_project(
    ledger: Ledger,
    move: Move,
    author: Author,
) -> list[LedgerEntry]:
    """Void the project's events, from the last to the first, and record them under the new code.

    Nobody can claim what it holds in between. Returns the entries under the new code. Raises
    `Rejected`, and then nothing is stored.
    """

    def decide(work: UnitOfWork) -> list[LedgerEntry]:
        facts = _in_lawful_order(work.effective_history(Stream("project", move.old)))
        if not any(isinstance(fact.event, InformationReported) for fact in facts):
            moved = moved_code_problem_within(work, move.old)
            if moved is not None:
                raise Rejected([moved])
            raise Rejected.by(
                "unknown_project",
                msg("there is no project {code}; lifecycle project list shows the codes"),
                at="project",
                code=move.old,
            )
        for fact in reversed(facts):
            work.record(_void(move, fact, work))
        return [work.record(_moved(move, fact)) for fact in facts]

    ledger.require_right_clock()
    recorder = ledger.recorder
    with recorder.cursor(write=True) as cursor:
        work = UnitOfWork(recorder, cursor, author, ledger.moment(cursor))
        entries = decide(work)
        work.flush()
        # In the same transaction: nobody's contacts stay under a code without a project.
        if read_head(cursor).schema_version >= CONTACTS_VERSION:
            recorder.move_contacts(cursor, move.old, move.new)
    recorder.clear_former_contacts()
    return entries


def _in_lawful_order(facts: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """Return the facts in the order in which they can be recorded again: that of versions.

    Pauses and resumptions among themselves alternate by their days.
    """
    pauses = [fact for fact in facts if isinstance(fact.event, _PAUSES)]
    by_day = iter(sorted(pauses, key=lambda fact: (fact.event.on, fact.version)))
    return [next(by_day) if isinstance(fact.event, _PAUSES) else fact for fact in facts]


def _void(
    move: Move,
    fact: RecordedEvent,
    work: UnitOfWork,
) -> Draft:
    return read_record(
        {
            "event": "FactCorrected",
            "project": move.old,
            "occurred_on": work.today.isoformat(),
            "corrects": fact.version,
            "replacement": None,
            "moved_to": move.new,
            "reason": move.reason,
            "approved_by": move.approved_by,
        }
    )


def _moved(move: Move, fact: RecordedEvent) -> Draft:
    """Return the fact under the new code; its key says where it was before."""
    place = f"{MOVED_KEY}{move.old}#{fact.version}"
    key = f"{place}:{fact.event.key}" if fact.event.key else place
    event = fact.event.model_copy(update={"key": key})
    return Draft(Stream("project", move.new), event)
