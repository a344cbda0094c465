"""An event is declared once: its narrow type, its topic and its decoder follow from its class."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args

import msgspec
import pytest

from lifecycle.events import BY_NAME, Dated, Event, events_declared_in
from lifecycle.events.codec import recorded_from, topic
from lifecycle.events.field_types import Amount, Code, NotFolded, OptionalText, Text, Unfolded
from lifecycle.events.project_events import InvestmentReported, ScheduleSet
from lifecycle.events.vocabulary import Stage
from lifecycle.rulebook.measures import MEASURES
from projections.facts.narrow_events import events_of, narrow, signed_micro

STORE = Path(__file__).parents[2] / "compatibility/v0_1_0/ledger.db.gz"


class SiteVisited(Dated):
    """An event unknown to this version, declared like any other."""

    visitor: Text
    stage: Stage
    cost: Amount = "0"
    host: Code | None = None
    impressions: NotFolded[Text]
    photograph: NotFolded[OptionalText | None] = None


def narrow_fields(kind: type[Event]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(narrow(kind))}


def decode(kind: type[Event], **fields: Any) -> Any:
    return msgspec.json.decode(json.dumps(fields), type=narrow(kind))


def test_a_module_of_events_needs_no_list_of_them() -> None:
    module = ModuleType(__name__)
    module.SiteVisited = SiteVisited  # type: ignore[attr-defined]
    module.Dated = Dated  # type: ignore[attr-defined]  # an import is no declaration
    assert list(events_declared_in(module)) == [SiteVisited]


def test_an_event_is_folded_as_it_is_declared() -> None:
    assert narrow_fields(SiteVisited) == {
        "occurred_on": date,
        "visitor": str,
        "stage": Literal[get_args(Stage)],
        "cost": str,
        "host": str | None,
    }
    visit = decode(
        SiteVisited, occurred_on="2024-03-01", visitor="甲", stage="land", impressions="好"
    )
    assert (visit.on, visit.visitor, visit.cost, visit.host) == (date(2024, 3, 1), "甲", "0", None)


def test_an_unfolded_field_is_absent() -> None:
    visit = decode(
        SiteVisited, occurred_on="2024-03-01", visitor="甲", stage="land", impressions="好"
    )
    with pytest.raises(AttributeError, match="impressions"):
        _ = visit.impressions


def test_a_monthly_figure_is_dated_by_its_declaration() -> None:
    figure = decode(InvestmentReported, month="2024-02", fixed_assets="10")
    assert figure.on == date(2024, 2, 29)


def test_values_inside_an_event_are_narrow_too() -> None:
    milestones = [{"stage": "land", "due_on": "2024-05-01"}]
    schedule = decode(ScheduleSet, occurred_on="2024-03-01", milestones=milestones)
    (milestone,) = schedule.milestones
    assert (milestone.stage, milestone.due_on) == ("land", date(2024, 5, 1))


def test_events_of_one_kind_are_found_by_its_class() -> None:
    figure = decode(InvestmentReported, month="2024-02", fixed_assets="10")
    plan = decode(ScheduleSet, occurred_on="2024-03-01", milestones=[])
    events: list[Any] = [(figure.on, 2, figure), (plan.on, 3, plan)]
    assert list(events_of(ScheduleSet, events)) == [(date(2024, 3, 1), 3, plan)]


@pytest.mark.parametrize("kind", BY_NAME.values(), ids=BY_NAME)
def test_every_event_has_its_folded_fields(kind: type[Event]) -> None:
    folded = {
        name
        for name, field in kind.model_fields.items()
        if not any(isinstance(mark, Unfolded) for mark in field.metadata)
    }
    assert set(narrow_fields(kind)) == folded
    assert topic(kind) == f"{kind.__name__}/{kind.version}"


@pytest.mark.parametrize("measure", [row for row in MEASURES.values() if row.counts is not None])
def test_every_field_that_a_measure_reads_is_folded(measure: Any) -> None:
    counts = measure.counts
    read = set(counts.shown.values()) - {"on"}  # the day is a property of every event
    if counts.only is not None:
        read.add(counts.only[0])
    if counts.value is not None:
        read.add(counts.value)
    assert read <= set(narrow_fields(BY_NAME[counts.event]))


def stored_rows() -> Iterator[tuple[int, str, int, str, bytes]]:
    """The rows of a store that version 0.1.0 wrote."""
    database = sqlite3.connect(":memory:")
    database.deserialize(gzip.decompress(STORE.read_bytes()))
    yield from database.execute(
        "SELECT rowid, originator_id, originator_version, topic, state FROM ledger_events"
    )
    database.close()


def plain(value: Any) -> Any:
    """A value in plain types, by which the two decodings compare."""
    if isinstance(value, tuple):
        return [plain(entry) for entry in value]
    if hasattr(value, "due_on"):
        return value.stage, value.due_on
    return value


def test_both_decodings_of_a_store_agree() -> None:
    kinds = set()
    for row in stored_rows():
        event = recorded_from(*row).event
        kind = type(event)
        if topic(kind) != row[3]:
            continue  # an earlier version: upcast first, then converted
        kinds.add(kind)
        folded: Any = msgspec.json.decode(row[4], type=narrow(kind))
        assert folded.on == event.on
        for name in narrow_fields(kind):
            assert plain(getattr(folded, name)) == plain(getattr(event, name)), (kind, name)
    assert len(kinds) > len(BY_NAME) // 2


@pytest.mark.parametrize(
    ("number", "millionths"),
    [
        ("0", 0),
        ("1", 1_000_000),
        ("0.000001", 1),
        ("-2.5", -2_500_000),
        ("96000.5", 96_000_500_000),
    ],
)
def test_numbers_are_folded_as_millionths(number: str, millionths: int) -> None:
    assert signed_micro(number) == millionths
