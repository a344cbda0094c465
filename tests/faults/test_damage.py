"""A damaged store: the position is named, and nothing is recorded on top of the damage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError, StoreError
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from tests.given import REPORTED, TOWN, UNITS, correction, of, reported, unit
from tests.ledgers import CLERK, LATER, fill, new_ledger
from tests.outside_changes import change_outside
from tests.store_copies import CopyOf

ACTIVITY = {
    "event": "ActivityHeld",
    "unit": TOWN,
    "occurred_on": "2024-03-01",
    "activity": "赴杭",
    "led_by_head": True,
}
STORY = [
    *REPORTED,
    of("ConsultationHeld", "2024-02-01", outcome="passed"),
    of("StatisticsEntered", "2024-03-01"),
    of("InvestmentReported", None, month="2024-05", fixed_assets="5"),
    correction(2, {"occurred_on": "2024-02-02"}),
    ACTIVITY,
]
CONSULTATION, FIGURE, CORRECTION, HELD = 5, 7, 8, 9
"""Positions in the story; three of them are versions 2, 4 and 5 of project P."""


def _write_story(url: str) -> None:
    with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, STORY, keep=False)


@pytest.fixture
def story(copy_of: CopyOf) -> str:
    return copy_of(_write_story)


def position_column(url: str) -> str:
    return "rowid" if url.startswith("sqlite") else "notification_id"


def history(ledger: Ledger) -> object:
    return ledger.history(Stream("project", "P"))


def held(ledger: Ledger) -> object:
    return ledger.is_held(Stream("project", "P"))


def score(ledger: Ledger) -> object:
    return evaluate(
        ledger, View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
    )


def one_more(ledger: Ledger) -> object:
    return ledger.record(read_record(of("ReviewHeld", "2024-06-01", findings="正常")), CLERK)


def error_of(url: str, act: Callable[[Ledger], object]) -> str:
    """Return the error of an act on the store, which leaves the store unchanged."""
    with pytest.raises(StoreError) as failure, Ledger.open(url, clock=lambda: LATER) as ledger:
        act(ledger)
    return str(failure.value)


@pytest.mark.parametrize("act", [history, held, one_more])
def test_an_event_deleted_from_the_middle_is_reported(
    story: str, act: Callable[[Ledger], object]
) -> None:
    change_outside(
        story, f"DELETE FROM ledger_events WHERE {position_column(story)} = {CONSULTATION}"
    )
    assert error_of(story, act) == "event 2 of project/P is missing: the store is damaged"


def test_a_position_without_an_event_is_reported(story: str) -> None:
    change_outside(
        story, f"DELETE FROM ledger_events WHERE {position_column(story)} = {CONSULTATION}"
    )
    assert (
        error_of(story, lambda ledger: ledger.position_at(LATER - timedelta(1)))
        == "the event at position 5 is missing: the store is damaged"
    )


@pytest.mark.parametrize("act", [history, score, one_more])
def test_a_missing_head_is_reported(story: str, act: Callable[[Ledger], object]) -> None:
    change_outside(story, "DELETE FROM ledger_head")
    assert "ledger_head is empty" in error_of(story, act)


@pytest.mark.parametrize(
    "table", ["ledger_events", "ledger_head", "ledger_keys", "ledger_claims", "ledger_nodes"]
)
def test_a_missing_table_of_the_store_is_reported(story: str, table: str) -> None:
    change_outside(
        story,
        f"DROP TABLE {table} CASCADE" if story.startswith("postgresql") else f"DROP TABLE {table}",
    )
    assert error_of(
        story,
        lambda ledger: fill(ledger, [reported(f"Q{number}") for number in range(20)], keep=False),
    )


@pytest.mark.parametrize(
    "state",
    [
        b"x",
        b"[]",
        b"null",
        b"{}",
        b"",
        b"\xff",
        b'{"recorded_at": 5}',
        b'{"recorded_at": "2024-01-01T00:00:00+08:00"}',
    ],
)
@pytest.mark.parametrize(
    ("position", "place"),
    [
        (CONSULTATION, "event 2 of project/P at position 5"),
        (CORRECTION, "event 5 of project/P at position 8"),
    ],
)
def test_bytes_that_are_no_event_are_reported(
    story: str,
    state: bytes,
    position: int,
    place: str,
) -> None:
    change_outside(
        story,
        (
            f"UPDATE ledger_events SET state = ? WHERE {position_column(story)} = {position}",
            (state,),
        ),
    )
    for act in (history, one_more, score):
        assert place in error_of(story, act)


@pytest.mark.parametrize(
    "topic", ["Strange/7", "ConsultationHeld/2", "ConsultationHeld", "ActivityHeld/3", ""]
)
def test_an_event_of_an_unknown_kind_or_version_is_reported(story: str, topic: str) -> None:
    event_row = f"{position_column(story)} = {CONSULTATION}"
    change_outside(story, f"UPDATE ledger_events SET topic = '{topic}' WHERE {event_row}")
    assert f"an event {topic} that" in error_of(story, history)
    assert f"an event {topic} that" in error_of(story, score)


def test_damaged_bytes_of_an_earlier_format_are_reported_too(story: str) -> None:
    for state in (b"[]", b"{}", b"null"):
        change = (
            "UPDATE ledger_events SET topic = 'ActivityHeld/1', state = ?"
            f" WHERE {position_column(story)} = {HELD}"
        )
        change_outside(story, (change, (state,)))
        for act in (lambda ledger: ledger.history(Stream("unit", TOWN)), score):
            assert "event 2 of unit/华埠镇 at position 9" in error_of(story, act)


def test_text_in_place_of_bytes_is_reported(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, STORY, keep=False)
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    change_outside(
        url, f"UPDATE ledger_events SET state = '{{}}' WHERE rowid = {CONSULTATION}"
    )  # SQLite stores the type it receives
    assert "event 2 of project/P at position 5" in error_of(url, history)


def test_nothing_is_recorded_over_a_truncated_ledger(story: str) -> None:
    change_outside(story, f"DELETE FROM ledger_events WHERE {position_column(story)} = {HELD}")
    assert "ends at position 8 but its head says 9" in error_of(story, one_more)


def test_nothing_is_recorded_over_an_inserted_event(story: str) -> None:
    columns = "originator_id, originator_version, topic, state"
    position = position_column(story)
    copy_of_an_event = (
        f"INSERT INTO ledger_events ({position}, {columns})"
        " SELECT 10, originator_id, 9, topic, state"
        f" FROM ledger_events WHERE {position} = {FIGURE}"
    )
    change_outside(story, copy_of_an_event)
    assert "ends at position 10 but its head says 9" in error_of(
        story, lambda ledger: ledger.record(read_record(reported("Q")), CLERK)
    )


def test_a_damaged_file_is_reported_or_read_correctly(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(
            ledger,
            [*STORY, *(reported(f"Q{number}", note="长" * 300) for number in range(40))],
            keep=False,
        )
        expected = [item.event for item in ledger.history(Stream("project", "P"))]
    sound, chance = (tmp_path / "ledger.db").read_bytes(), Random(7)
    for run in range(25):
        spoiled = bytearray(sound)
        if run % 5 == 0:
            del spoiled[chance.randrange(100, len(sound)) :]
        else:
            start = chance.randrange(100, len(sound) - 4096)
            spoiled[start : start + 4096] = chance.randbytes(4096)
        path = tmp_path / f"{run}.db"
        path.write_bytes(spoiled)
        _is_reported_or_correct(path, expected)


def _is_reported_or_correct(path: Path, expected: list[Any]) -> None:
    with suppress(LedgerError), Ledger.open(f"sqlite:///{path}", clock=lambda: LATER) as ledger:
        assert [item.event for item in ledger.history(Stream("project", "P"))] == expected
        fill(ledger, [unit("新镇")], keep=False)
        score(ledger)


def test_undamaged_events_are_still_read(story: str) -> None:
    change_outside(
        story,
        (
            f"UPDATE ledger_events SET state = ? WHERE {position_column(story)} = {CONSULTATION}",
            (b"x",),
        ),
    )
    with Ledger.open(story, clock=lambda: LATER) as ledger:
        assert len(ledger.history(Stream("unit", TOWN))) == 2
        assert len(UNITS) + 6 == ledger.head().position
