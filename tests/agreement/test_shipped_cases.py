"""The cases in the files of shipped rulebooks: worked by hand, given by three evaluators.

Rulebooks of 0.1.0 have theirs beside the tests (`tests/projections/scoring/cases`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from commands.handlers.rulebook_cases import case_problems
from lifecycle.events.field_types import plain
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook, canonical, parse, shipped, shipped_ids
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.reward_view import reward_payments
from tests.agreement.test_policies_agreement import assert_lines_agree, recomputed
from tests.ledgers import fill, new_ledger
from tests.reference.results import evaluate_book
from tests.reference.rewards import reward_rows
from tests.reference.scoring import shown

CASES_OF = {name: shipped(name).data().get("case", []) for name in shipped_ids()}
NAMES = [name for name in CASES_OF if CASES_OF[name]]
PAIRS = [(name, case) for name in NAMES for case in CASES_OF[name]]
CASES = [pytest.param(name, case, id=f"{name}: {case['name']}") for name, case in PAIRS]
REWARDED = [(name, case) for name, case in PAIRS if "rewards" in case]
WHOLE_NUMBERS = ("year", "shared_by", "version")


def written(name: str, value: Any) -> Any:
    """A field of a fact as a record has it: days and decimals as text."""
    if isinstance(value, date):
        return value.isoformat()
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if is_number and name not in WHOLE_NUMBERS:
        return plain(Decimal(value))
    return value


def case_year(name: str, case: dict[str, Any]) -> int:
    """The year that a case is about."""
    year: int = case.get("year", shipped(name).rulebook.effective_from.year)
    return year


def case_records(name: str, case: dict[str, Any]) -> list[dict[str, Any]]:
    """The units and facts of a case as records."""
    year = case_year(name, case)
    stamp = {"recorded_at": "2039-01-01T09:00:00+08:00", "recorded_by": "甲"}
    records: list[dict[str, Any]] = []
    for unit in case["units"]:
        registered = {"event": "UnitRegistered", "occurred_on": f"{year}-01-01"}
        records.append({**stamp, **registered, "category": "township", **unit})
    for fact in case["facts"]:
        record = {field: written(field, value) for field, value in fact.items()}
        day = record.pop("on", f"{year}-12-31")
        if not {"month", "reported_at"} & set(record):
            record["occurred_on"] = day
        if record["event"] == "InformationReported":
            record.setdefault("reported_at", f"{day}T09:00:00+08:00")
        records.append({**stamp, **record})
    return records


@contextmanager
def case_ledger(name: str, case: dict[str, Any]) -> Iterator[Ledger]:
    """A ledger with the facts of a case, whose words the rulebook declares by its adoption."""
    book = shipped(name)
    adoption = {
        "event": "RulebookAdopted",
        "occurred_on": f"{case_year(name, case)}-01-01",
        "rulebook_id": book.id,
        "digest": book.digest,
        "content": book.content,
    }
    with TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, [adoption, *case_records(name, case)], keep=False)
        yield ledger


def case_view(
    name: str,
    case: dict[str, Any],
    ledger: Ledger,
    book: LoadedRulebook,
) -> View:
    """The year of a case on its day."""
    year = case_year(name, case)
    last_day = date(year, 12, 31)
    day = min(case.get("as_of", last_day), last_day)
    return View(year, day, ledger.head().position, book)


@pytest.mark.parametrize("name", NAMES)
def test_the_cases_of_a_shipped_rulebook_give_what_they_say(name: str) -> None:
    assert case_problems(shipped(name)) == []


@pytest.mark.parametrize(("name", "case"), CASES)
def test_reference_and_verifier_give_the_scores_of_a_case(name: str, case: dict[str, Any]) -> None:
    book = shipped(name)
    with case_ledger(name, case) as ledger:
        view = case_view(name, case, ledger, book)
        units = score_json(evaluate(ledger, view))["units"]
        history = case_records(name, case)
        assert units == shown(evaluate_book(book.data(), history, view.year, view.as_of))
        assert units == recomputed(ledger, canonical(book.rulebook), view.as_of)
        assert_lines_agree(ledger, view)


@pytest.mark.parametrize(("name", "case"), REWARDED)
def test_the_reference_gives_the_rewards_of_a_case(name: str, case: dict[str, Any]) -> None:
    book = shipped(name)
    with case_ledger(name, case) as ledger:
        view = case_view(name, case, ledger, book)
        day = case.get("as_of", view.as_of)
        rows = [payment.as_json() for payment in reward_payments(ledger, view, day)]
    assert len(rows) == len(case["rewards"])
    assert rows == shown(reward_rows(book.data(), case_records(name, case), view.year, day))


@pytest.mark.parametrize("name", NAMES)
def test_a_case_expects_every_reward_of_a_shipped_rulebook(name: str) -> None:
    expected: set[str] = set()
    for case in CASES_OF[name]:
        expected |= {row["incentive"] for row in case.get("rewards", [])}
    assert expected == {reward.id for reward in shipped(name).rulebook.rewards or ()}


def without_rule(book: LoadedRulebook, rule_id: str) -> LoadedRulebook:
    """The rulebook without a rule, and without those that name it."""
    data = book.data()
    others = [rule for rule in data["rules"] if rule["id"] != rule_id]
    # A rulebook has a rule at least: an outcome that no unit has stands in for the only one.
    remaining = [rule for rule in others if rule_id not in names_within(rule)]
    data["rules"] = remaining or [{**OUTCOME_OF_NONE, "module": data["modules"][0]["id"]}]
    # A clause of the text that no rule names any more would reject the rest.
    data.pop("clauses", None)
    return parse(write_toml(data))


OUTCOME_OF_NONE = {
    "id": "of_none",
    "chinese": "无",
    "kind": "outcome",
    "outcome": "无",
    "any_of": [{"all": [{"measure": "indicator", "indicator": "of_none", "at_least": 1}]}],
    "clause": "无",
    "basis": "policy",
}


def names_within(table: Any) -> set[Any]:
    """What the fields of a rule name, but for its own id, module and indicators."""
    if isinstance(table, dict):
        inner = dict(table)
        for own_name in ("id", "module", "indicator", "measure"):
            inner.pop(own_name, None)
        return names_within(list(inner.values()))
    if isinstance(table, list):
        return set().union(*map(names_within, table))
    return {table}


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_could_be_left_out_without_a_case_noticing(name: str) -> None:
    book = shipped(name)
    unnoticed = {rule.id for rule in book.rulebook.rules}
    for case in CASES_OF[name]:
        with case_ledger(name, case) as ledger:
            whole = score_json(evaluate(ledger, case_view(name, case, ledger, book)))["units"]
            for rule_id in sorted(unnoticed):
                view = case_view(name, case, ledger, without_rule(book, rule_id))
                if score_json(evaluate(ledger, view))["units"] != whole:
                    unnoticed.remove(rule_id)
    assert unnoticed == set()
