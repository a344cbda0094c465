"""What pages build on what they kept equals what is worked out from history, digit for digit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from commands.web.county_view import CountyView
from commands.web.county_views import CountyViews
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from lifecycle.rulebook import LoadedRulebook, parse, shipped
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.facts.county_facts import CountyFacts, county_facts
from projections.scoring.evaluation import evaluate
from projections.scoring.judged_history import judged_at
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board
from projections.views.deadline_view import deadline_rows
from projections.views.sheet_view import due_sheets, task_rows
from projections.views.target_view import county_target_progress, project_target_shares
from projections.views.year_comparison import reached_a_year_before
from tests.agreement.test_project_changes import CHANGE_STEPS
from tests.given import of
from tests.ledgers import CLERK, fill, new_ledger
from tests.reference.draw_happenings import happenings
from tests.reference.draw_periods import rulebooks_by_period
from tests.reference.draw_policies import rulebooks
from tests.reference.histories import histories
from tests.soak import history_examples

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories

Records = Sequence[Any]
BOOKS = st.one_of(
    rulebooks(),
    rulebooks(kinds=("of_projects",)),
    rulebooks(compares=True),
    rulebooks_by_period(),
)
DAYS = (date(2024, 12, 31), date(2024, 6, 30), date(2024, 8, 31), date(2025, 3, 15))


def from_history(ledger: Ledger, view: View) -> dict[str, Any]:
    """Everything that the first page rests on, each by a reading of the whole history."""
    projects = judged_at(ledger, view)
    tasks = [row for row in task_rows(ledger, view) if row.status != "cleared"]
    shares = sum((share.amount for each in projects for share in project_target_shares(each)), 0)
    return {
        "scores": score_json(evaluate(ledger, view))["units"],
        "board": board_json(month_board(ledger, view, f"{view.as_of:%Y-%m}")),
        "projects": sorted((each.facts.code, each.unit, each.scale) for each in projects),
        "targets": county_target_progress(ledger, view),
        "year before": reached_a_year_before(ledger, view),
        "deadlines": deadline_rows(ledger, view),
        "tasks": sorted(tasks, key=lambda row: (row.task.due_on, row.task.number)),
        "sheets": due_sheets(ledger, view),
        "sum of shares": shares,
    }


def as_kept(county: CountyView) -> dict[str, Any]:
    """The same as pages have it."""
    board = county.board()
    assert board is not None
    assert board.result.scores == county.scores()

    def whole(project: Any) -> Any:
        return [("all", share.amount) for share in project_target_shares(project)]

    return {
        "scores": score_json(board.result)["units"],
        "board": board_json(board),
        "projects": [(code, each.unit, each.scale) for code, each in county.projects().items()],
        "targets": county.targets(),
        "year before": county.reached_a_year_before(),
        "deadlines": county.deadlines(),
        "tasks": county.open_tasks(),
        "sheets": county.due_sheets(),
        "sum of shares": county.project_sums("whole", whole).get("all", 0),
    }


def at_end(
    ledger: Ledger,
    day: date,
    book: LoadedRulebook,
    facts_at: Callable[[int], CountyFacts] | None = None,
) -> View:
    """The view of a day's year at the ledger's end, with the county's facts as pages keep them."""
    position = ledger.head().position
    county = county_facts(ledger, position) if facts_at is None else facts_at(position)
    return View(day.year, day, position, book, calendar=county.calendar(day), county=county)


def in_pieces(records: Records, data: st.DataObject) -> Iterator[Records]:
    """The records, a few at a time."""
    place = 0
    while place < len(records):
        size = data.draw(st.integers(1, 9))
        yield records[place : place + size]
        place += size


def touch(ledger: Ledger, code: str) -> None:
    """Record one more event of a project, whatever it has: it gives the same again."""
    review = of("ReviewHeld", "2024-12-01", code, findings="正常")
    with suppress(Rejected):
        ledger.record(read_record(review), CLERK)


def agree(records: Records, books: Sequence[LoadedRulebook], data: st.DataObject) -> None:
    """After each piece of a history, pages by a few rulebooks and days are those of history."""
    codes = sorted({record["project"] for record in records if "project" in record})
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        counties = CountyViews(ledger, hold=0)

        def compare(day: date, book: LoadedRulebook) -> None:
            view = at_end(ledger, day, book, counties.facts_at)
            assert as_kept(counties.at(view)) == from_history(ledger, view)

        for piece in in_pieces(records, data):
            fill(ledger, piece)
            # Most pages are of one day and rulebook; now and then somebody asks for another.
            if data.draw(st.integers(0, 3)):
                compare(DAYS[0], books[0])
            else:
                compare(data.draw(st.sampled_from(DAYS)), data.draw(st.sampled_from(books)))
        for code in codes:
            touch(ledger, code)
            compare(DAYS[0], books[0])
        counties.check()
        assert counties.changes_seen == 0


@history_examples(25)
@given(data=st.data())
def test_any_history_under_the_countys_policy(data: st.DataObject) -> None:
    records = data.draw(histories(steps=CHANGE_STEPS))
    agree(records, [shipped("kaihua-2024")], data)


@history_examples(25)
@given(
    books=st.lists(BOOKS, min_size=1, max_size=2),
    history=happenings(),
    data=st.data(),
)
def test_any_policies_on_any_history(books: Any, history: Records, data: st.DataObject) -> None:
    agree(history, [parse(write_toml(book)) for book in books], data)
