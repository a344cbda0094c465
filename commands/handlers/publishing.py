"""Publish a result: freeze a year's scores or a month's board as an event (spec 4)."""

from __future__ import annotations

from typing import Any

from lifecycle.calendar import calendar_digest
from lifecycle.deciding.drafts import Draft
from lifecycle.events import COUNTY, last_day
from lifecycle.events.county_events import BoardPublished, Publication, ScoresPublished
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry, UnitOfWork
from lifecycle.rejections import Rejected, msg
from projections.audit.publications import EVALUATOR
from projections.scoring.evaluation import View, evaluate
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board


def publish_scores(
    ledger: Ledger,
    view: View,
    author: Author,
) -> LedgerEntry:
    """Freeze a year's scores: the axes, the digests, the tree, and the whole result."""
    content = {"result": score_json(evaluate(ledger, view))}
    return _publish(
        ledger,
        view,
        ScoresPublished,
        content,
        author,
    )


def publish_board(
    ledger: Ledger,
    view: View,
    month: str,
    author: Author,
) -> LedgerEntry:
    """Freeze a month's red and black boards (三.4); `view` is as of the month's last day.

    Raises `Rejected` while the month is not over, and where the rulebook has no table `boards`.
    """
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
    content = {"month": month, "result": board_json(month_board(ledger, view, month))}
    return _publish(
        ledger,
        view,
        BoardPublished,
        content,
        author,
    )


def _publish(
    ledger: Ledger,
    view: View,
    kind: type[Publication],
    content: dict[str, Any],
    author: Author,
) -> LedgerEntry:
    def record_publication(work: UnitOfWork) -> LedgerEntry:
        # The tree is read inside the unit of work: it must be the one that the publication is
        # appended to.
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

    return ledger.execute(record_publication, author)
