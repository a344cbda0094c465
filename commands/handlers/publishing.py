"""Publish a result: freeze a year's scores or a month's board as an event (spec 4)."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from commands.handlers.published_region import PublishedRegion
from lifecycle.calendar import calendar_digest
from lifecycle.deciding.drafts import Draft
from lifecycle.events import COUNTY, last_day
from lifecycle.events.county_events import BoardPublished, Publication, ScoresPublished
from lifecycle.events.field_errors import problems_of
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected, msg
from projections.audit.evaluators import EVALUATOR
from projections.audit.frozen_results import frozen_board, frozen_scores
from projections.scoring import rulebook_in_force
from projections.scoring.passed_over import passed_over
from projections.scoring.result_view import View, county_of
from projections.views.requested_axes import RequestedAxes


def publish_scores(
    ledger: Ledger,
    axes: RequestedAxes,
    author: Author,
    *,
    unofficial: str | None = None,
    region: PublishedRegion | None = None,
) -> LedgerEntry:
    """Freeze a year's scores: the axes, the digests, the tree, and the whole result.

    Those of a `region` count its members' projects, and name each member's tree.

    Raises `Rejected` where the result would not be official and no reason is given for that.
    """

    # Evaluated on each attempt: what is published as known at the ledger's end must not miss what
    # another process recorded meanwhile.
    def record_scores(work: UnitOfWork) -> LedgerEntry:
        _require_events(work)
        _require_kept_rulebook(axes)
        view = _over_members(axes.year_view(ledger, end=work.head.position), region)
        _require_reason(ledger, work, view, unofficial, region)
        _require_marks_in_range(ledger, view, unofficial)
        content = {"result": frozen_scores(ledger, view), **_members(region)}
        return _record_publication(work, view, ScoresPublished, content, unofficial)

    return ledger.execute(record_scores, author)


def publish_board(
    ledger: Ledger,
    axes: RequestedAxes,
    month: str,
    author: Author,
    *,
    unofficial: str | None = None,
    region: PublishedRegion | None = None,
) -> LedgerEntry:
    """Freeze a month's red and black boards (三.4).

    Raises `Rejected` while the month is not over, where the rulebook has no table `boards`, and
    where the board would not be official and no reason is given for that.
    """

    def record_board(work: UnitOfWork) -> LedgerEntry:
        _require_events(work)
        _require_kept_rulebook(axes)
        view = _over_members(axes.month_view(ledger, month, end=work.head.position), region)
        _require_board(view, month)
        _require_reason(ledger, work, view, unofficial, region)
        _require_marks_in_range(ledger, view, unofficial)
        result = frozen_board(ledger, view, month)
        content = {"month": month, "result": result, **_members(region)}
        return _record_publication(work, view, BoardPublished, content, unofficial)

    return ledger.execute(record_board, author)


def _over_members(
    view: View,
    region: PublishedRegion | None,
) -> View:
    if region is None:
        return view
    return region.over_members(view)


def _members(region: PublishedRegion | None) -> dict[str, Any]:
    """Return the field of a region's publication that names its members."""
    if region is None:
        return {}
    return {"members": region.members()}


# What is rejected ---------------------------------------------------------------------------------


def _require_events(work: UnitOfWork) -> None:
    if not work.head.position:
        raise Rejected.by(
            "nothing_to_publish",
            msg("the ledger is empty: record or import events before publishing a result"),
        )


def _require_marks_in_range(
    ledger: Ledger,
    view: View,
    unofficial: str | None,
) -> None:
    """Reject an official result that leaves out marks for being outside their range."""
    if unofficial is not None:
        return
    outside = [row for row in passed_over(ledger, view) if row.reason == "out_of_range"]
    if outside:
        marks = [f"{row.unit} {row.name} {row.period}" for row in outside]
        raise Rejected.by(
            "out_of_range",
            msg(
                "marks lie outside the range that the rulebook allows and are not counted: "
                "{marks}; correct them, or publish with --unofficial REASON"
            ),
            marks=marks,
        )


def _require_kept_rulebook(axes: RequestedAxes) -> None:
    """Reject a draft in a file: nobody could recompute what rests on it."""
    if axes.rulebook is not None:
        raise Rejected.by(
            "rulebook_not_kept",
            msg(
                "a result by a rulebook in a file cannot be published: adopt it first with "
                "`lifecycle rulebook adopt`"
            ),
        )


def _require_board(view: View, month: str) -> None:
    if view.as_of != last_day(month):
        raise Rejected.by(
            "month_not_over",
            msg("{month} is not over: its board can be published after its last day"),
            month=month,
        )
    if view.rulebook.rulebook.boards is None:
        raise Rejected.by(
            "no_boards", msg("the rulebook {id} defines no boards"), id=view.rulebook.id
        )


def _require_reason(
    ledger: Ledger,
    work: UnitOfWork,
    view: View,
    unofficial: str | None,
    region: PublishedRegion | None,
) -> None:
    """Reject a result that is not official, unless a reason says why it is published."""
    if region is not None:
        region.require_any_counted()
    if not view.position:
        raise Rejected.by(
            "nothing_to_publish",
            msg("nothing was recorded by {known_at}, so there is no result to publish"),
            known_at=view.known_at,
        )
    if unofficial is not None:
        if not unofficial.strip():
            raise Rejected.by(
                "missing",
                msg("give the reason for publishing a result that is not official"),
                at="unofficial",
            )
        return
    problems = [*_rulebook_problems(ledger, view), *_knowledge_problems(work, view)]
    if region is not None:
        problems += region.problems()
    if problems:
        raise Rejected(problems)


def _rulebook_problems(ledger: Ledger, view: View) -> list[Problem]:
    books = rulebook_in_force.adopted(county_of(ledger, view))
    in_force = rulebook_in_force.if_any(books, view.year, view.as_of)
    if in_force is not None and in_force.digest == view.rulebook.digest:
        return []
    if in_force is None:
        template = msg(
            "the rulebook {id} is not in force for {year}, nor is any other; adopt it, or publish "
            "with --unofficial REASON: such a result is marked for ever and supersedes nothing"
        )
        values: dict[str, object] = {"id": view.rulebook.id, "year": view.year}
    else:
        template = msg(
            "the rulebook {id} ({digest}) is not in force for {year}, {in_force} "
            "({in_force_digest}) is; leave out --rulebook, or publish with --unofficial REASON: "
            "such a result is marked for ever and supersedes nothing"
        )
        values = {
            "id": view.rulebook.id,
            "digest": view.rulebook.digest[:12],
            "year": view.year,
            "in_force": in_force.id,
            "in_force_digest": in_force.digest[:12],
        }
    return [Problem("not_in_force", template, values)]


def _knowledge_problems(work: UnitOfWork, view: View) -> list[Problem]:
    left_out = work.head.position - view.position
    if not left_out:
        return []
    template = msg(
        "--known-at leaves out the last {count} recorded events; leave it out, or publish with "
        "--unofficial REASON: such a result is marked for ever and supersedes nothing"
    )
    return [Problem("not_at_the_end", template, {"count": left_out})]


# The event ----------------------------------------------------------------------------------------


def _record_publication(
    work: UnitOfWork,
    view: View,
    kind: type[Publication],
    content: dict[str, Any],
    unofficial: str | None,
) -> LedgerEntry:
    # The tree is read inside the unit of work: it must be the one that the publication is appended
    # to.
    head = work.head
    try:
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
            unofficial=unofficial,
            **content,
        )
    # The reason is typed: it may be too long, or hold characters that no text may.
    except ValidationError as error:
        raise Rejected(problems_of(error, kind)) from None
    return work.record(Draft(COUNTY, event))
