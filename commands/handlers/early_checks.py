"""Ask the rules about a record before it is whole, so that a clerk hears of a mistake at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lifecycle.deciding.drafts import Draft, read_record
from lifecycle.events import Event, Stream
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected


class EarlyFindings(NamedTuple):
    """What is wrong with a record so far: with its fields beside each other, and by the rules."""

    of_fields: Sequence[Problem] = ()
    of_rules: Sequence[Problem] = ()


def early_findings(
    ledger: Ledger,
    author: Author,
    earlier: Sequence[Mapping[str, Any]],
    record: Mapping[str, Any],
    assumed: frozenset[str] = frozenset(),
) -> EarlyFindings:
    """Return what is wrong with a record after `earlier` ones; nothing is recorded.

    `assumed` names the fields whose values the clerk has not given yet: a problem of one of them is
    left out, as the answer may still be right.
    """
    try:
        draft = read_record(record)
    except Rejected as rejected:
        # Fields that are checked against each other say little while one of them is assumed.
        return EarlyFindings() if assumed else EarlyFindings(of_fields=rejected.problems)
    problems = _problems_by_rules(ledger, author, earlier, draft)
    return EarlyFindings(of_rules=[entry for entry in problems if entry.field not in assumed])


def _problems_by_rules(
    ledger: Ledger,
    author: Author,
    earlier: Sequence[Mapping[str, Any]],
    draft: Draft,
) -> Sequence[Problem]:
    def decide(work: UnitOfWork) -> Sequence[Problem]:
        for entry in earlier:
            work.record(read_record(entry))
        try:
            work.record(draft)
        except Rejected as rejected:
            return rejected.problems
        return ()

    try:
        return ledger.preview(decide, author)
    except Rejected:
        # An earlier record is wrong: that is said where it is asked for.
        return ()


def effective_kinds(ledger: Ledger, stream: Stream) -> set[type[Event]]:
    """Return the kinds of event that a stream has and that are not void."""

    def read(work: UnitOfWork) -> set[type[Event]]:
        return {type(fact.event) for fact in work.effective_history(stream)}

    return ledger.preview(read, Author(""))


def sequences_in_use(ledger: Ledger) -> Sequence[str]:
    """Return the sequences of the registered units, those with most units first."""

    def count_units(work: UnitOfWork) -> dict[str, int]:
        counts: dict[str, int] = {}
        for unit in work.registered_units():
            sequence = work.sequence_of(unit)
            if sequence is not None:
                counts[sequence] = counts.get(sequence, 0) + 1
        return counts

    counts = ledger.preview(count_units, Author(""))
    return sorted(counts, key=lambda sequence: (-counts[sequence], sequence))
