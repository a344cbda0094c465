"""Time limits and cadences agree with the reference, on random histories, limits and days."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.rulebook import parse, shipped
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.scoring.result_view import View
from projections.views.deadline_view import deadline_rows
from tests.agreement.test_agreement_days import STEPS, days
from tests.ledgers import fill, new_ledger
from tests.reference.draw_policies import PROJECT_FILTERS
from tests.reference.histories import histories
from tests.reference.limits import limit_rows
from tests.reference.recognition import MILESTONES, STAGES
from tests.soak import examples

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories

BOOK = shipped("kaihua-2024").data()
NODES = (*STAGES, *MILESTONES)
DAYS_OF_A_HISTORY = 4
LEVELS = {"orange": 0, "yellow": 10, "blue": 45}


@st.composite
def limits(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to four limits, half of them cadences."""
    drawn = []
    for number in range(draw(st.integers(1, 4))):
        # Most projects of a history have few nodes: the first ones begin a limit more often.
        first = draw(st.sampled_from((*NODES[:3], *NODES[:3], *NODES)))
        last = draw(st.sampled_from([node for node in NODES if node != first]))
        length = draw(st.sampled_from(({"days": 7}, {"days": 40}, {"months": 1}, {"months": 6})))
        limit: dict[str, Any] = {"id": f"l{number}", "chinese": f"时限{number}", "from": first}
        if draw(st.booleans()):
            limit["to"] = last
        else:
            by = draw(st.sampled_from((["any"], ["FollowedUp"], ["ReviewHeld", "ScheduleSet"])))
            limit |= {"every": True, "by": by}
            limit |= {"until": last} if draw(st.booleans()) else {}
        if draw(st.integers(0, 2)) == 0:
            limit["where"] = draw(st.sampled_from(PROJECT_FILTERS))
        if draw(st.integers(0, 2)) == 0:
            limit["needs"] = draw(st.sampled_from((["recognised"], ["eligible"])))
        if draw(st.booleans()):
            limit["levels"] = LEVELS
        drawn.append(limit | length | {"clause": "意8", "basis": "policy"})
    return drawn


@examples(60)
@given(records=histories(steps=STEPS), drawn=limits(), data=st.data())
def test_rows_of_limits_agree_with_the_reference(
    records: list[dict[str, Any]],
    drawn: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    book = BOOK | {"limits": drawn}
    loaded = parse(write_toml(book))
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        for _ in range(DAYS_OF_A_HISTORY):
            day, known_at = data.draw(days(records))
            position = len(records) if known_at is None else ledger.position_at(known_at)
            view = View(day.year, day, position, loaded)
            rows = [row.as_json() for row in deadline_rows(ledger, view)]
            listed = [row for row in rows if row["kind"] == "limit"]
            assert listed == limit_rows(book, records, day, known_at)
