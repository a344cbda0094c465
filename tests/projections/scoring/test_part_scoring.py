"""A result in parts on either database: other processes open the ledger by its URL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lifecycle.ledger.store import Ledger
from lifecycle.process_pool import ProcessPool
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import line_json, score_json
from tests.given import UNITS, of, reported
from tests.ledgers import fill
from tests.platforms import not_on_windows

pytestmark = not_on_windows("one process evaluates there: Wine stalls on the pool's empty messages")

CODES = ("KH-2024-002", "kh-2024-001", "开化", "A/B", "Z", "a")


class SmallParts(ProcessPool):
    """Two processes, and parts of a stream or two."""

    events_of_part = 4

    def __init__(self) -> None:
        super().__init__(2, "spawn")


def shown(result: Result) -> object:
    return score_json(result), [line_json(line, 10) for line in result.lines]


def test_processes_give_what_one_gives(store_url: str) -> None:
    records = [*UNITS]
    for number, code in enumerate(CODES):
        amount = f"{2000 + 1000 * number}"
        agreed = {"contract_investment": amount, "contract_fixed_assets": amount}
        records.append(reported(code, planned_fixed_assets=amount))
        records.append(of("ConsultationHeld", "2024-02-01", code, outcome="passed"))
        records.append(of("AgreementSigned", "2024-03-10", code, **agreed))
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, records, keep=False)
        view = View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
        alone = evaluate(ledger, view, keep=lambda _line: True)
        assert alone.lines
        in_parts = replace(view, engine=SmallParts())
        assert shown(evaluate(ledger, in_parts, keep=lambda _line: True)) == shown(alone)
