"""Any valid rulebook on any lawful history.

The evaluator, its query tables and the reference agree in every number.
"""

from __future__ import annotations

import tempfile
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import canonical, parse, shipped
from lifecycle.rulebook.rulebook_toml import write_toml
from projections import readmodels
from projections.audit.verifier import verify_bundle
from projections.facts.county_facts import county_facts
from projections.scoring.evaluation import evaluate
from projections.scoring.explanation import explain_unit, explain_units
from projections.scoring.result_view import View
from projections.scoring.score_json import line_json, score_json
from tests.ledgers import fill, new_ledger
from tests.pickling_engine import PicklingEngine
from tests.projections.scoring.test_policies import CASES, axes, records
from tests.reference.draw_happenings import happenings
from tests.reference.draw_periods import rulebooks_by_period
from tests.reference.draw_policies import rulebooks
from tests.reference.results import evaluate_book
from tests.reference.scoring import shown
from tests.soak import history_examples
from tests.table_scores import history_scores, table_scores

COUNTY_TOPICS = ("TargetSet", "FactCorrected", "WorkingDaysArranged")
DAYS = (date(2024, 12, 31), date(2024, 6, 30), date(2024, 5, 20), date(2024, 8, 31))


def stored_streams(ledger: Any) -> dict[str, list[Any]]:
    """The stored events as the standalone verifier reads them."""
    streams: dict[str, list[Any]] = {}
    with ledger.recorder.cursor(write=False) as cursor:
        for position, stream, version, topic, state in ledger.recorder.between(
            cursor, 0, ledger.head().position
        ):
            if stream != "county" or topic.startswith(COUNTY_TOPICS):
                streams.setdefault(stream, []).append(
                    verify_bundle.StoredEvent(position, stream, version, topic, bytes(state))
                )
    return streams


def recomputed(
    ledger: Any,
    book: Any,
    day: date,
) -> list[dict[str, Any]]:
    """The standalone verifier's own scores, from the stored bytes."""
    data = verify_bundle.as_object(book, "the rulebook")
    return verify_bundle.scores(
        stored_streams(ledger),
        verify_bundle.CheckedRulebook(data),
        day.year,
        day,
        ledger.head().position,
    )


def assert_lines_agree(ledger: Ledger, view: View) -> None:
    """The standalone verifier composes every line of every unit as `explain` shows it."""
    book = view.rulebook.rulebook
    data = verify_bundle.as_object(canonical(book), "the rulebook")
    year = verify_bundle.score_year(
        stored_streams(ledger),
        verify_bundle.CheckedRulebook(data),
        view.year,
        view.as_of,
        view.position,
        explains=True,
    )
    for unit, explanation in explain_units(ledger, view).items():
        lines = [line_json(line, book.rounding.json_places) for line in explanation.lines]
        for line, again in zip(lines, verify_bundle.unit_lines(year, unit), strict=True):
            assert line == again


@history_examples(80)
@given(book=rulebooks(), history=happenings(), day=st.sampled_from(DAYS))
def test_three_evaluators_agree(
    book: dict[str, Any],
    history: list[dict[str, Any]],
    day: date,
) -> None:
    assert_evaluators_agree(book, history, day)


@history_examples(40)
@given(book=rulebooks(kinds=("of_projects",)), history=happenings(), day=st.sampled_from(DAYS))
def test_they_agree_where_each_project_counts_by_itself(
    book: dict[str, Any],
    history: list[dict[str, Any]],
    day: date,
) -> None:
    assert_evaluators_agree(book, history, day)


@history_examples(40)
@given(book=rulebooks(compares=True), history=happenings(), day=st.sampled_from(DAYS))
def test_they_agree_where_units_are_compared(
    book: dict[str, Any],
    history: list[dict[str, Any]],
    day: date,
) -> None:
    assert_evaluators_agree(book, history, day)


@history_examples(25)
@given(book=rulebooks_by_period(), history=happenings(), day=st.sampled_from(DAYS))
def test_they_agree_where_modules_are_assessed_by_period(
    book: dict[str, Any],
    history: list[dict[str, Any]],
    day: date,
) -> None:
    assert_evaluators_agree(book, history, day)


def assert_evaluators_agree(
    book: dict[str, Any],
    history: list[dict[str, Any]],
    day: date,
) -> None:
    """The evaluator, the reference and the verifier give the same scores and lines."""
    loaded = parse(write_toml(book))
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, history)
        county = county_facts(ledger, ledger.head().position)
        view = View(day.year, day, county.position, loaded, county=county)
        units = score_json(evaluate(ledger, view))["units"]
        assert units == shown(evaluate_book(book, history, day.year, day))
        assert units == recomputed(ledger, canonical(loaded.rulebook), day)
        assert_lines_agree(ledger, view)
        explanation = explain_unit(ledger, view, units[0]["unit"])
        assert explanation is not None
        assert explanation.score is not None
        for module, points in explanation.score.modules.items():
            lines = [line for line in explanation.lines if line.module == module]
            assert sum(line.points for line in lines) == points


ANY_RULEBOOK = st.one_of(rulebooks(), rulebooks(), rulebooks_by_period())


@history_examples(25)
@given(
    book=ANY_RULEBOOK,
    history=happenings(),
    cut=st.integers(0, 30),
    events_of_part=st.integers(1, 40),
)
def test_updated_query_tables_of_an_adopted_rulebook_equal_rebuilt_ones(
    book: dict[str, Any],
    history: list[dict[str, Any]],
    cut: int,
    events_of_part: int,
) -> None:
    loaded = parse(write_toml(book))
    adopted = {
        "event": "RulebookAdopted",
        "occurred_on": "2024-01-01",
        "rulebook_id": loaded.id,
        "digest": loaded.digest,
        "content": loaded.content,
    }
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'l.db'}"
        with Ledger.open(
            url, create=True, clock=lambda: datetime(2030, 1, 1, tzinfo=SHANGHAI)
        ) as ledger:
            for batch in (
                [{**adopted, "recorded_at": "2025-01-31T09:00:00+08:00", "recorded_by": "甲"}],
                history[:cut],
                history[cut:],
            ):
                fill(ledger, batch)
                readmodels.catch_up(ledger, url)
            updated_digests = readmodels.digests(url)
            view = View(2024, date(2024, 12, 31), ledger.head().position, loaded)
            assert table_scores(url, view.year) == history_scores(ledger, view)
            readmodels.rebuild(ledger, url)
            assert readmodels.digests(url) == updated_digests
            readmodels.rebuild(ledger, url, lambda _events: PicklingEngine(events_of_part))
            assert readmodels.digests(url) == updated_digests


@pytest.mark.parametrize(
    ("name", "case"), CASES, ids=[f"{name}: {case['name']}" for name, case in CASES]
)
def test_the_reference_yields_the_points_worked_by_hand(
    name: str,
    case: dict[str, Any],
) -> None:
    year, as_of = axes(name, case)
    history = [
        {**record, "recorded_at": "2029-01-01T09:00:00+08:00", "recorded_by": "甲"}
        for record in records(case, year)
    ]
    book = tomllib.loads(shipped(name).content, parse_float=Decimal)
    rows = {row["unit"]: row for row in shown(evaluate_book(book, history, year, as_of))}
    for unit, expected in case["points"].items():
        scoring_modules = {
            module: points for module, points in rows[unit]["modules"].items() if points != "0"
        }
        assert scoring_modules | {"total": rows[unit]["total"]} == expected
    for unit, outcomes in case.get("outcomes", {}).items():
        assert [outcome["rule"] for outcome in rows[unit]["outcomes"]] == outcomes
