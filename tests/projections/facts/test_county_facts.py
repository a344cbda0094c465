"""The county's stream is read once for a view, with every correction known by its position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from commands.handlers.publishing import publish_scores
from lifecycle.events import COUNTY, RecordedEvent, Stream
from lifecycle.ledger.store import Ledger
from projections.audit.publications import check_publication, publication_records
from projections.facts.county_facts import county_facts
from projections.readmodels.table_axes import table_axes
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import county_of, view_of_month
from projections.scoring.units_of_view import units_at
from projections.views.board_view import month_board
from projections.views.county_overview import monthly_overviews
from projections.views.requested_axes import RequestedAxes
from projections.views.target_view import targets_in_force, unread_target_indicators
from tests.given import REPORTED, TOWN, JsonRecord, World
from tests.ledgers import CLERK

GOAL: JsonRecord = {
    "event": "TargetSet",
    "occurred_on": "2024-02-01",
    "year": 2024,
    "indicator": "county_investment",
    "amount": "5",
    "for_unit": TOWN,
}
LOWERED: JsonRecord = {
    "event": "FactCorrected",
    "occurred_on": "2024-06-01",
    "corrects": 1,
    "replacement": {"amount": "2"},
    "reason": "误录",
    "approved_by": "余敏",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    world = World(tmp_path).given(*REPORTED, GOAL)
    for _ in range(3):
        publish_scores(world.ledger, RequestedAxes(2024, date(2024, 6, 30)), CLERK)
    yield world.given(LOWERED).ledger
    world.ledger.close()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[Stream]:
    """How often each stream is read as a history."""
    counts: Counter[Stream] = Counter()
    read = Ledger.history

    def counting(self: Ledger, stream: Stream, upto: int | None = None) -> list[RecordedEvent]:
        counts[stream] += 1
        return read(self, stream, upto)

    monkeypatch.setattr(Ledger, "history", counting)
    return counts


def score_with_targets(ledger: Ledger) -> None:
    view = RequestedAxes(2024).year_view(ledger)
    evaluate(ledger, view)
    targets_in_force(ledger, view, units_at(ledger, view))
    unread_target_indicators(ledger, view)


def board(ledger: Ledger) -> None:
    month_board(ledger, RequestedAxes().month_view(ledger, "2024-05"), "2024-05")


def overviews(ledger: Ledger) -> None:
    monthly_overviews(ledger, RequestedAxes(2024).record_view(ledger))


def day(ledger: Ledger) -> None:
    view = RequestedAxes(as_of=date(2024, 6, 1)).day_view(ledger)
    view = view_of_month(view, "2024-05")
    targets_in_force(ledger, view, units_at(ledger, view))


def query_tables(ledger: Ledger) -> None:
    for view in table_axes(ledger).views:
        targets_in_force(ledger, view, units_at(ledger, view))


def publications(ledger: Ledger) -> None:
    for publication in publication_records(ledger):
        assert check_publication(ledger, publication).differing == []


@pytest.mark.parametrize(
    "result", [score_with_targets, board, overviews, day, query_tables, publications]
)
def test_a_result_reads_the_county_once(
    result: Callable[[Ledger], None], ledger: Ledger, reads: Counter[Stream]
) -> None:
    result(ledger)
    assert reads[COUNTY] == 1


def test_a_view_moved_to_another_position_knows_what_was_known_there(ledger: Ledger) -> None:
    view = RequestedAxes(2024).year_view(ledger)
    amounts = []
    for position in (view.position, view.position - 1):
        moved = county_of(ledger, replace(view, position=position))
        amounts += [str(target.event.amount) for target in moved.targets_of(2024, view.as_of)]
    assert amounts == ["2", "5"]
    assert county_of(ledger, view) == county_facts(ledger, view.position)
