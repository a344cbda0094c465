"""A result in parts on either database: other processes open the ledger by its URL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import Common, PartOutcome, WorkPart
from lifecycle.process_pool import ProcessPool
from lifecycle.rejections import StoreError
from lifecycle.rulebook import shipped
from projections import readmodels
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import line_json, score_json
from tests.given import UNITS, JsonRecord, of, reported
from tests.ledgers import fill, new_ledger
from tests.pickling_engine import PicklingEngine
from tests.platforms import not_on_windows

pytestmark = not_on_windows("one process evaluates there: Wine stalls on the pool's empty messages")

_REPLACED = "was replaced or removed while it was open"
CODES = ("KH-2024-002", "kh-2024-001", "开化", "A/B", "Z", "a")


class SmallParts(ProcessPool):
    """Two processes, and parts of a stream or two."""

    events_of_part = 4

    def __init__(self) -> None:
        super().__init__(2, "spawn")


def shown(result: Result) -> object:
    return score_json(result), [line_json(line, 10) for line in result.lines]


def signed_projects(least_amount: int) -> list[JsonRecord]:
    """Projects in all stages up to their contracts, the next one 1,000 larger than the last."""
    records = [*UNITS]
    for number, code in enumerate(CODES):
        amount = f"{least_amount + 1000 * number}"
        agreed = {"contract_investment": amount, "contract_fixed_assets": amount}
        records.append(reported(code, planned_fixed_assets=amount))
        records.append(of("ConsultationHeld", "2024-02-01", code, outcome="passed"))
        records.append(of("AgreementSigned", "2024-03-10", code, **agreed))
    return records


def test_processes_give_what_one_gives(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, signed_projects(2000), keep=False)
        view = View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
        alone = evaluate(ledger, view, keep=lambda _line: True)
        assert alone.lines
        in_parts = replace(view, engine=SmallParts())
        assert shown(evaluate(ledger, in_parts, keep=lambda _line: True)) == shown(alone)


@dataclass(frozen=True)
class ReplacedMeanwhile(PicklingEngine):
    """Another store takes the place of the file once so many parts are read."""

    after: int = 0
    replacement: Path = Path()
    path: Path = Path()

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        yield from super().outcomes(function, common, parts[: self.after])
        self.replacement.replace(self.path)
        yield from super().outcomes(function, common, parts[self.after :])


@pytest.fixture
def replaced(tmp_path: Path) -> Iterator[tuple[Ledger, Callable[[int], ReplacedMeanwhile]]]:
    """A ledger, and engines beneath which another of the same streams takes its place."""
    for name, least_amount in (("own", 2000), ("other", 90_000)):
        (tmp_path / name).mkdir()
        with new_ledger(tmp_path / name) as ledger:
            fill(ledger, signed_projects(least_amount), keep=False)
    path = tmp_path / "own" / "ledger.db"
    with Ledger.open(f"sqlite:///{path}") as ledger:
        yield ledger, lambda after: ReplacedMeanwhile(4, after, tmp_path / "other/ledger.db", path)


@pytest.mark.parametrize("after", [0, 3])
def test_parts_of_another_store_are_no_result(
    replaced: tuple[Ledger, Callable[[int], ReplacedMeanwhile]], after: int
) -> None:
    ledger, engine_after = replaced
    view = View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
    with pytest.raises(StoreError, match=_REPLACED):
        evaluate(ledger, replace(view, engine=engine_after(after)))


@pytest.mark.parametrize("after", [0, 3])
def test_rows_of_another_store_are_no_tables(
    replaced: tuple[Ledger, Callable[[int], ReplacedMeanwhile]], after: int
) -> None:
    ledger, engine_after = replaced
    assert ledger.url is not None
    with pytest.raises(StoreError, match=_REPLACED):
        readmodels.rebuild(ledger, ledger.url, lambda _events: engine_after(after))
