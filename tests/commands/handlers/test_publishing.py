"""Publishing freezes a result in the ledger, with everything needed to recompute it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commands.handlers.publishing import publish_board, publish_scores
from lifecycle.events import COUNTY
from lifecycle.events.county_events import BoardPublished, Publication, ScoresPublished
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from lifecycle.rulebook import shipped
from projections.audit.publications import check_publication, publication_records
from projections.scoring.evaluation import View, evaluate
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board
from tests.given import REPORTED, World
from tests.ledgers import CLERK


def view_of_day(ledger: Ledger, day: str, rulebook_id: str = "kaihua-2024") -> View:
    return View(2024, date.fromisoformat(day), ledger.head().position, shipped(rulebook_id))


def last_publication(ledger: Ledger) -> Publication:
    event = ledger.history(COUNTY)[-1].event
    assert isinstance(event, Publication)
    return event


def test_scores_are_published_with_their_axes_and_the_preceding_tree(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    head = ledger.head()
    view = view_of_day(ledger, "2024-06-30")
    entry = publish_scores(ledger, view, CLERK)
    event = last_publication(ledger)
    assert entry.position == head.position + 1
    assert isinstance(event, ScoresPublished)
    assert (event.position, event.tree_size) == (head.position, head.position)
    assert event.root == head.tree().root().hex()
    assert event.rulebook_digest == view.rulebook.digest
    assert event.result == score_json(evaluate(ledger, view))


def test_a_board_is_frozen_for_its_month(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    view = view_of_day(ledger, "2024-05-31")
    publish_board(ledger, view, "2024-05", CLERK)
    event = last_publication(ledger)
    assert isinstance(event, BoardPublished)
    assert event.month == "2024-05"
    assert event.result == board_json(month_board(ledger, view, "2024-05"))


def test_published_results_are_recomputed_identically(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED)
    publish_scores(world.ledger, view_of_day(world.ledger, "2024-06-30"), CLERK)
    world.record(dict(REPORTED[3], project="Q", name="项目Q", investor="投资方Q"))
    (publication,) = publication_records(world.ledger)
    assert check_publication(world.ledger, publication).differing == []


@pytest.mark.parametrize(
    ("day", "rulebook_id", "rule"),
    [
        ("2024-05-30", "kaihua-2024", "month_not_over"),
        ("2024-05-31", "hongya-2023", "no_boards"),
    ],
)
def test_a_board_that_cannot_be_published_is_rejected_and_nothing_is_stored(
    tmp_path: Path, day: str, rulebook_id: str, rule: str
) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    before = ledger.head()
    with pytest.raises(Rejected) as rejection:
        publish_board(ledger, view_of_day(ledger, day, rulebook_id), "2024-05", CLERK)
    assert [problem.rule for problem in rejection.value.problems] == [rule]
    assert ledger.head() == before
