"""Publications: freezing a year's scores, obtaining them again from history, and what today's knowledge changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from lifecycle import __version__
from lifecycle.calendar import digest as calendar_digest
from lifecycle.events import COUNTY, FactCorrected, RecordedEvent, Stream, last_day
from lifecycle.events.codec import Draft
from lifecycle.events.county_events import BoardPublished, Publication, ScoresPublished
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import Author, LedgerEntry, UnitOfWork
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import LoadedRulebook, shipped, shipped_ids
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View, evaluate
from projections.scoring.item_rules import ScoreLine
from projections.scoring.score_json import rounded, score_json
from projections.views.board_view import board_json, month_board

EVALUATOR: Final = f"lifecycle {__version__}"


def publish_scores(ledger: Ledger, view: View, who: Author) -> LedgerEntry:
    """Freeze a year's scores: the axes, the digests, the tree, and the whole result (spec 4)."""
    return _publish(
        ledger, view, ScoresPublished, {"result": score_json(evaluate(ledger, view))}, who
    )


def publish_board(ledger: Ledger, view: View, month: str, who: Author) -> LedgerEntry:
    """Freeze a month's board in the same way (三.4). Raises `Rejected` before the month is over, and without rules for boards."""
    if view.as_of != last_day(month):
        raise Rejected.by(
            "month_not_over",
            msg("{month} is not over: its board is published after its last day"),
            month=month,
        )
    if view.rulebook.rulebook.boards is None:
        raise Rejected.by(
            "no_boards", msg("the rulebook {id} says nothing of boards"), id=view.rulebook.id
        )
    return _publish(
        ledger,
        view,
        BoardPublished,
        {"month": month, "result": board_json(month_board(ledger, view, month))},
        who,
    )


def _publish(
    ledger: Ledger, view: View, kind: type[Publication], content: dict[str, Any], who: Author
) -> LedgerEntry:
    def act(work: UnitOfWork) -> LedgerEntry:
        head = work.head
        event = kind(
            occurred_on=work.today,
            year=view.year,
            as_of=view.as_of,
            position=view.position,
            rulebook_id=view.rulebook.id,
            rulebook_digest=view.rulebook.digest,
            calendar_digest=calendar_digest(),
            evaluator=EVALUATOR,
            tree_size=head.position,
            root=head.tree().root().hex(),
            **content,
        )
        return work.record(Draft(COUNTY, event))

    return ledger.execute(act, who)


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """A publication as it stands in the ledger; `superseded` by the event named, if a later one freezes the same."""

    recorded: RecordedEvent
    event: Publication
    superseded: str | None = None


def publication_records(ledger: Ledger) -> list[PublicationRecord]:
    """Every publication, in order. Corrections do not reach them: a later publication supersedes."""
    found = [
        (item, item.event) for item in ledger.history(COUNTY) if isinstance(item.event, Publication)
    ]
    last = {_subject(event): item.ref for item, event in found}
    return [
        PublicationRecord(
            item, event, None if last[_subject(event)] == item.ref else last[_subject(event)]
        )
        for item, event in found
    ]


def _subject(event: Publication) -> tuple[object, ...]:
    return (type(event).__name__, event.year, event.as_of, getattr(event, "month", None))


# Obtaining it again --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicationCheck:
    """What became of obtaining a publication again: every number that differs, as (path, published, found)."""

    publication: PublicationRecord
    differing: list[tuple[str, object, object]] = field(default_factory=list)
    missing: str | None = None


def check_publication(ledger: Ledger, one: PublicationRecord) -> PublicationCheck:
    """Work the result out again, from the history up to the publication's position, by the rulebook it names."""
    event = one.event
    book = publication_rulebook(ledger, event)
    if book is None:
        return PublicationCheck(one, missing=f"{event.rulebook_id} {event.rulebook_digest}")
    again = _again(ledger, event, View(event.year, event.as_of, event.position, book))
    recorded = dict(event.result)
    again["known_at"] = recorded.get(
        "known_at"
    )  # the position says it, the moment only how it was asked for
    return PublicationCheck(one, list(_differences("", recorded, again)))


def _again(ledger: Ledger, event: Publication, view: View) -> dict[str, Any]:
    if isinstance(event, BoardPublished):
        return board_json(month_board(ledger, view, event.month))
    return score_json(evaluate(ledger, view))


def publication_rulebook(ledger: Ledger, event: Publication) -> LoadedRulebook | None:
    """The rulebook of the digest that a publication names: as adopted by then, or as shipped."""
    books = in_force.adopted(ledger, event.tree_size)
    books += [shipped(name) for name in shipped_ids()]
    return next((book for book in books if book.digest == event.rulebook_digest), None)


def _differences(path: str, before: Any, after: Any) -> Iterator[tuple[str, object, object]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}):
            yield from _differences(
                f"{path}.{name}" if path else name, before.get(name), after.get(name)
            )
    elif path == "units" and isinstance(before, list) and isinstance(after, list):
        theirs, ours = (
            {row.get("unit"): row for row in rows if isinstance(row, dict)}
            for rows in (before, after)
        )
        for name in dict.fromkeys([*theirs, *ours]):
            yield from _differences(f"units[{name}]", theirs.get(name), ours.get(name))
        if list(theirs) != list(ours) and set(theirs) == set(ours):
            yield "units", list(theirs), list(ours)
    elif before != after:
        yield path, before, after


# Against today -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PointChange:
    """Points of a unit, by a project and rule, that today's knowledge of the same day puts differently, and why."""

    unit: str
    project: str | None
    rule: str
    before: Fraction
    after: Fraction
    causes: tuple[str, ...]

    def row(self, places: int) -> dict[str, Any]:
        """As JSON."""
        return {
            "unit": self.unit,
            "project": self.project,
            "rule": self.rule,
            "published": rounded(self.before, places),
            "today": rounded(self.after, places),
            "events": list(self.causes),
        }


def changes_since(ledger: Ledger, one: PublicationRecord) -> list[PointChange]:
    """How the same day looks with all that was recorded since, project by project, with the events that cause it."""
    event, book = one.event, publication_rulebook(ledger, one.event)
    if book is None:
        return []
    then, now = (
        _points(ledger, View(event.year, event.as_of, position, book))
        for position in (event.position, ledger.head().position)
    )
    changed = [key for key in dict.fromkeys([*then, *now]) if then.get(key, 0) != now.get(key, 0)]
    return [
        PointChange(
            unit,
            project,
            rule,
            then.get((unit, project, rule), Fraction(0)),
            now.get((unit, project, rule), Fraction(0)),
            causes,
        )
        for unit, project, rule in changed
        for causes in [_causes(ledger, event, unit, project)]
    ]


def _points(ledger: Ledger, view: View) -> dict[tuple[str, str | None, str], Fraction]:
    sums: dict[tuple[str, str | None, str], Fraction] = {}

    def add(line: ScoreLine) -> bool:
        key = (line.unit, line.project, line.rule)
        sums[key] = sums.get(key, Fraction(0)) + line.points
        return False

    evaluate(ledger, view, keep=add)
    return sums


def _causes(ledger: Ledger, event: Publication, unit: str, project: str | None) -> tuple[str, ...]:
    """What was recorded since in the project's stream, else in the unit's, and bears on the day."""
    bearing: list[RecordedEvent] = []
    for stream in ([] if project is None else [Stream("project", project)]) + [
        Stream("unit", unit)
    ]:
        since = [item for item in ledger.history(stream) if item.position > event.position]
        bearing = bearing or [
            item
            for item in since
            if isinstance(item.event, FactCorrected) or item.event.on <= event.as_of
        ]
    return tuple(
        f"{item.ref} {type(item.event).__name__} {item.stamp.recorded_at.isoformat()}"
        for item in bearing
    )
