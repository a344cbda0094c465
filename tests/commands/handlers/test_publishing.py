"""Publishing freezes a result in the ledger, with everything needed to recompute it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from commands.handlers.publishing import publish_board, publish_scores
from lifecycle.deciding.drafts import read_record
from lifecycle.events import COUNTY
from lifecycle.events.county_events import BoardPublished, Publication, ScoresPublished
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from projections.audit.publications import check_publication, publication_records
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board
from projections.views.requested_axes import RequestedAxes
from tests.given import REPORTED, World
from tests.ledgers import CLERK


def axes_of(day: str, rulebook_id: str | None = None) -> RequestedAxes:
    return RequestedAxes(2024, date.fromisoformat(day), rulebook_id=rulebook_id)


def last_publication(ledger: Ledger) -> Publication:
    event = ledger.history(COUNTY)[-1].event
    assert isinstance(event, Publication)
    return event


def test_scores_are_published_with_their_axes_and_the_preceding_tree(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    head = ledger.head()
    axes = axes_of("2024-06-30")
    view = axes.year_view(ledger)
    entry = publish_scores(ledger, axes, CLERK)
    event = last_publication(ledger)
    assert entry.position == head.position + 1
    assert isinstance(event, ScoresPublished)
    assert (event.position, event.tree_size) == (head.position, head.position)
    assert event.root == head.tree().root().hex()
    assert event.rulebook_digest == view.rulebook.digest
    assert event.result == score_json(evaluate(ledger, view))


def test_a_board_is_frozen_for_its_month(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    view = RequestedAxes().month_view(ledger, "2024-05")
    publish_board(ledger, RequestedAxes(), "2024-05", CLERK)
    event = last_publication(ledger)
    assert isinstance(event, BoardPublished)
    assert event.month == "2024-05"
    assert event.result == board_json(month_board(ledger, view, "2024-05"))


def test_published_results_are_recomputed_identically(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED)
    publish_scores(world.ledger, axes_of("2024-06-30"), CLERK)
    world.record(dict(REPORTED[3], project="Q", name="项目Q", investor="投资方Q"))
    (publication,) = publication_records(world.ledger)
    assert check_publication(world.ledger, publication).differing == []


# What is official ---------------------------------------------------------------------------------


def rules_of(rejection: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [problem.rule for problem in rejection.value.problems]


def test_what_is_not_official_needs_a_reason_and_bears_it(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    axes = axes_of("2024-06-30", "city-2024")
    before = ledger.head()
    with pytest.raises(Rejected) as rejection:
        publish_scores(ledger, axes, CLERK)
    assert rules_of(rejection) == ["not_in_force"]
    assert "kaihua-2024" in str(rejection.value)
    assert ledger.head() == before
    publish_scores(ledger, axes, CLERK, unofficial="两套办法对照")
    assert last_publication(ledger).unofficial == "两套办法对照"


def test_what_leaves_out_recorded_events_needs_a_reason(tmp_path: Path) -> None:
    world = World(tmp_path)
    ledger = world.ledger
    ledger.clock = lambda: datetime.fromisoformat("2024-06-01T09:00:00+08:00")
    world.given(*REPORTED[:3])
    ledger.clock = lambda: datetime.fromisoformat("2024-07-01T09:00:00+08:00")
    world.given(*REPORTED[3:])
    moment = datetime.fromisoformat("2024-06-15T00:00:00+08:00")
    axes = RequestedAxes(2024, date(2024, 6, 15), moment)
    with pytest.raises(Rejected) as rejection:
        publish_scores(ledger, axes, CLERK)
    assert rules_of(rejection) == ["not_at_the_end"]
    publish_scores(ledger, axes, CLERK, unofficial="核对")
    event = last_publication(ledger)
    assert (event.position, event.tree_size) == (3, 4)


def test_a_moment_after_everything_recorded_is_the_ledger_s_end(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    axes = RequestedAxes(2024, date(2024, 6, 15), ledger.clock())
    publish_scores(ledger, axes, CLERK)
    event = last_publication(ledger)
    assert event.position == event.tree_size == 4


def test_both_reasons_are_named_together(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.ledger.clock = lambda: datetime.fromisoformat("2024-06-01T09:00:00+08:00")
    world.given(*REPORTED[:3])
    world.ledger.clock = lambda: datetime.fromisoformat("2024-07-01T09:00:00+08:00")
    world.given(*REPORTED[3:])
    moment = datetime.fromisoformat("2024-06-15T00:00:00+08:00")
    axes = RequestedAxes(2024, date(2024, 6, 15), moment, "city-2024")
    with pytest.raises(Rejected) as rejection:
        publish_scores(world.ledger, axes, CLERK)
    assert rules_of(rejection) == ["not_in_force", "not_at_the_end"]


def test_where_no_rulebook_is_in_force_that_is_said(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    axes = RequestedAxes(2025, date(2025, 6, 15), rulebook_id="city-2024")
    with pytest.raises(Rejected, match="nor is any other") as rejection:
        publish_scores(ledger, axes, CLERK)
    assert rules_of(rejection) == ["not_in_force"]


@pytest.mark.parametrize(("reason", "rule"), [("", "missing"), (" ", "missing"), ("x" * 5000, "")])
def test_a_reason_that_says_nothing_or_too_much_is_rejected(
    tmp_path: Path, reason: str, rule: str
) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    with pytest.raises(Rejected) as rejection:
        publish_scores(ledger, axes_of("2024-06-30"), CLERK, unofficial=reason)
    assert rejection.value.problems[0].field == "unofficial"
    assert rule in rules_of(rejection)[0]


def test_an_empty_ledger_has_nothing_to_publish(tmp_path: Path) -> None:
    ledger = World(tmp_path).ledger
    with pytest.raises(Rejected, match="the ledger is empty"):
        publish_scores(ledger, axes_of("2024-06-30"), CLERK)
    with pytest.raises(Rejected, match="the ledger is empty"):
        publish_board(ledger, RequestedAxes(), "2024-05", CLERK, unofficial="核对")


def test_before_the_first_event_there_is_nothing_to_publish(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    moment = datetime.fromisoformat("2020-01-01T00:00:00+08:00")
    axes = RequestedAxes(2024, date(2024, 6, 15), moment)
    with pytest.raises(Rejected, match="nothing was recorded by 2020"):
        publish_scores(ledger, axes, CLERK, unofficial="核对")


def test_a_result_is_computed_again_where_another_process_recorded_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path).given(*REPORTED)
    computed: list[Result] = []

    def evaluate_slowly(ledger: Ledger, view: View) -> Result:
        result = evaluate(ledger, view)
        computed.append(result)
        # After a lost race the next attempt holds the write lock, and nobody can record.
        if len(computed) == 1:
            with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as other:
                report = dict(REPORTED[3], project="Q", name="x", investor="I")
                other.record(read_record(report), CLERK)
        return result

    monkeypatch.setattr("projections.audit.frozen_results.evaluate", evaluate_slowly)
    publish_scores(world.ledger, axes_of("2024-06-30"), CLERK)
    event = last_publication(world.ledger)
    assert event.position == event.tree_size == len(REPORTED) + 1
    assert len(computed) == 2
    (publication,) = publication_records(world.ledger)
    assert check_publication(world.ledger, publication).differing == []


# Boards that cannot be published ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "month", "rulebook_id", "rule"),
    [
        ("2024-05-30", "2024-05", "kaihua-2024", "month_not_over"),
        ("2024-06-01", "2024-05", "hongya-2023", "no_boards"),
        ("2024-05-30", "2024-06", None, "month_not_begun"),
    ],
)
def test_a_board_that_cannot_be_published_is_rejected_and_nothing_is_stored(
    tmp_path: Path, today: str, month: str, rulebook_id: str | None, rule: str
) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    ledger.clock = lambda: datetime.fromisoformat(f"{today}T09:00:00+08:00")
    before = ledger.head()
    axes = RequestedAxes(rulebook_id=rulebook_id)
    with pytest.raises(Rejected) as rejection:
        publish_board(ledger, axes, month, CLERK, unofficial="试算")
    assert [problem.rule for problem in rejection.value.problems] == [rule]
    assert ledger.head() == before
