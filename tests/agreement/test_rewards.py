"""Rewards in stages: random tables on random histories, and vectors worked out by hand."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.rulebook import canonical, parse
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.audit.verifier import verify_bundle
from projections.scoring.result_view import View
from projections.views.reward_view import reward_payments
from tests.agreement.test_shape_vectors import NODES, Facts, project
from tests.ledgers import fill, new_ledger
from tests.lifecycle.rulebook.test_rulebook_review import HEAD
from tests.reference.draw_happenings import happenings
from tests.reference.draw_policies import rulebooks
from tests.reference.draw_rewards import rewards
from tests.reference.rewards import reward_rows
from tests.reference.scoring import shown
from tests.soak import history_examples

DAYS = (date(2024, 5, 20), date(2024, 8, 31), date(2024, 12, 31), date(2025, 6, 30))
REWARD = '[[rewards]]\nid = "a"\nchinese = "奖励"\nclause = "二"\nbasis = "policy"\n'
HALVES = 'stages = [{ share = 0.4, at = "signing" }, { share = 0.6, at = "land", months = 6 }]\n'
TO_UNIT = 'to = "credit_unit"\n'
FIXED = REWARD + "amount = 100\n" + HALVES + TO_UNIT
BY_ASSETS = REWARD + 'measure = "fixed_assets"\nper = 1000\namount = 5\nat_most = 12\n' + TO_UNIT
AT_SIGNING = 'stages = [{ share = 1, at = "signing" }]\n'
SECOND = FIXED.replace('id = "a"', 'id = "b"').replace("100", "200") + 'instead_of = ["a"]\n'


def _payments(
    text: str,
    history: Facts,
    year: int,
    day: date,
) -> list[dict[str, Any]]:
    book = parse(text)
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, history, keep=False)
        view = View(year, min(day, date(year, 12, 31)), ledger.head().position, book)
        return [payment.as_json() for payment in reward_payments(ledger, view, day)]


@history_examples(150)
@given(
    book=rulebooks(),
    table=rewards(),
    history=happenings(),
    year=st.sampled_from((2024, 2024, 2023)),
    day=st.sampled_from(DAYS),
)
def test_the_reference_gives_the_same_stages(
    book: dict[str, Any],
    table: list[dict[str, Any]],
    history: list[dict[str, Any]],
    year: int,
    day: date,
) -> None:
    book_with_rewards = book | {"rewards": table}
    loaded = parse(write_toml(book_with_rewards))
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, history)
        view = View(year, min(day, date(year, 12, 31)), ledger.head().position, loaded)
        rows = [payment.as_json() for payment in reward_payments(ledger, view, day)]
    assert rows == shown(reward_rows(book_with_rewards, history, year, day))


def land(on: str) -> Facts:
    """A parcel that project A acquires."""
    record = {"event": "LandAcquired", "project": "A", "occurred_on": on, "area_mu": "30"}
    return [record | {"transfer_fee": "100"}]


def terminated(on: str) -> Facts:
    """The end of project A."""
    return [{"event": "ProjectTerminated", "project": "A", "occurred_on": on, "reason": "放弃"}]


SIGNED = project("A", "2024-02-01", "2024-03-31")
SIGNED_IN_DECEMBER = project("A", "2024-02-01", "2024-12-31")
SIGNED_IN_JANUARY = project("A", "2024-02-01", "2025-01-01")
INVESTED = project("A", "2024-02-01", "2024-03-31", "1500", "500")
INVESTED_MORE = project("A", "2024-02-01", "2024-03-31", "1500", "900", "0.2")
SIX_MONTHS_LATER = FIXED.replace('at = "signing" }', 'at = "signing", months = 6 }')
VECTORS: dict[str, tuple[str, Facts, str, list[tuple[Any, ...]]]] = {
    "not yet signed": (FIXED, SIGNED, "2024-03-30", []),
    "signed, the second node open": (
        FIXED,
        SIGNED,
        "2024-12-31",
        [(1, "40", "2024-03-31", "due"), (2, "60", None, "awaiting")],
    ),
    "the first stage on the year's last day": (
        FIXED,
        SIGNED_IN_DECEMBER,
        "2025-03-01",
        [(1, "40", "2024-12-31", "due"), (2, "60", None, "awaiting")],
    ),
    "the first stage on the next year's first day": (FIXED, SIGNED_IN_JANUARY, "2025-03-01", []),
    "the first stage is due in the next year though its node lies in this": (
        SIX_MONTHS_LATER,
        project("A", "2024-02-01", "2024-07-01"),
        "2025-03-01",
        [],
    ),
    "the first stage is due on the year's last day after its months": (
        SIX_MONTHS_LATER,
        project("A", "2024-02-01", "2024-06-30"),
        "2024-12-29",
        [(1, "40", "2024-12-30", "upcoming"), (2, "60", None, "awaiting")],
    ),
    "a month without that day ends on its last": (
        FIXED,
        SIGNED + land("2024-08-31"),
        "2024-12-31",
        [(1, "40", "2024-03-31", "due"), (2, "60", "2025-02-28", "upcoming")],
    ),
    "the day before a stage of a later year": (
        FIXED,
        SIGNED + land("2025-01-10"),
        "2025-07-09",
        [(1, "40", "2024-03-31", "due"), (2, "60", "2025-07-10", "upcoming")],
    ),
    "the day of a stage of a later year": (
        FIXED,
        SIGNED + land("2025-01-10"),
        "2025-07-10",
        [(1, "40", "2024-03-31", "due"), (2, "60", "2025-07-10", "due")],
    ),
    "terminated the day before a stage": (
        FIXED,
        SIGNED + land("2024-04-10") + terminated("2024-10-09"),
        "2024-12-31",
        [(1, "40", "2024-03-31", "due"), (2, "60", "2024-10-10", "lapsed")],
    ),
    "terminated on the day of a stage": (
        FIXED,
        SIGNED + land("2024-04-10") + terminated("2024-10-10"),
        "2024-12-31",
        [(1, "40", "2024-03-31", "due"), (2, "60", "2024-10-10", "due")],
    ),
    "terminated before the node": (
        FIXED,
        SIGNED + terminated("2024-10-10"),
        "2024-12-31",
        [(1, "40", "2024-03-31", "due"), (2, "60", None, "lapsed")],
    ),
    "an amount below the bound": (
        BY_ASSETS + AT_SIGNING,
        INVESTED,
        "2024-12-31",
        [(1, "10", "2024-03-31", "due")],
    ),
    "an amount above the bound": (
        BY_ASSETS + AT_SIGNING,
        INVESTED_MORE,
        "2024-12-31",
        [(1, "12", "2024-03-31", "due")],
    ),
    "nothing brought": (BY_ASSETS + AT_SIGNING, SIGNED, "2024-12-31", []),
    "a third of a third": (
        REWARD
        + 'amount = "1/3"\n'
        + TO_UNIT
        + 'stages = [{ share = "1/3", at = "signing" }, { share = "2/3", at = "land" }]\n',
        SIGNED,
        "2024-12-31",
        [(1, "0.111111", "2024-03-31", "due"), (2, "0.222222", None, "awaiting")],
    ),
    "large enough": (
        FIXED + 'where = { investment = "[20000,)" }\n',
        SIGNED,
        "2024-05-01",
        [(1, "40", "2024-03-31", "due"), (2, "60", None, "awaiting")],
    ),
    "not large enough": (FIXED + 'where = { investment = "(20000,)" }\n', SIGNED, "2024-05-01", []),
    "the higher instead of the lower": (
        FIXED + SECOND,
        SIGNED,
        "2024-05-01",
        [(1, "80", "2024-03-31", "due"), (2, "120", None, "awaiting")],
    ),
    "the higher is not earned": (
        FIXED + SECOND + 'where = { investment = "(20000,)" }\n',
        SIGNED,
        "2024-05-01",
        [(1, "40", "2024-03-31", "due"), (2, "60", None, "awaiting")],
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_gives_the_stages_worked_out_by_hand(name: str) -> None:
    tables, facts, day, expected = VECTORS[name]
    units = [
        {
            "event": "UnitRegistered",
            "unit": "甲镇",
            "occurred_on": "2024-01-01",
            "sequence": "乡镇",
            "category": "township",
        }
    ]
    text = HEAD + NODES + "points = 1\n" + tables
    rows = _payments(text, units + facts, 2024, date.fromisoformat(day))
    stages = [(row["stage"], row["amount"], row["due_on"], row["status"]) for row in rows]
    assert stages == expected
    data = parse(text).rulebook.model_dump(mode="json", by_alias=True, exclude_none=True)
    again = reward_rows(data, units + facts, 2024, date.fromisoformat(day))
    assert rows == shown(again)


def test_the_verifier_reads_a_rulebook_with_rewards() -> None:
    book = parse(HEAD + NODES + "points = 1\n" + FIXED).rulebook
    data = verify_bundle.as_object(canonical(book), "the rulebook")
    assert "rewards" in verify_bundle.CheckedRulebook(data).data
