"""Query tables whose rows several processes made are the same, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.demo.county_records import records as county
from lifecycle.all_cores import safe_start_method
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from lifecycle.process_pool import ProcessPool
from lifecycle.rejections import StoreError
from projections import readmodels
from tests.ledgers import fill
from tests.outside_changes import change_outside
from tests.pickling_engine import PicklingEngine
from tests.platforms import not_on_windows

pytestmark = not_on_windows("one process rebuilds there: Wine stalls on the pool's empty messages")


class SmallParts(ProcessPool):
    """Two processes, and parts so small that each gets several."""

    events_of_part = 200

    def __init__(self) -> None:
        super().__init__(2, safe_start_method())


def two_processes(_events: int) -> PartEngine:
    return SmallParts()


def test_the_county_on_either_database(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, county())
        whole = readmodels.rebuild(ledger, store_url, lambda _events: None)
        digests_before = readmodels.digests(store_url)
        in_parts = readmodels.rebuild(ledger, store_url, two_processes)
        assert (in_parts, in_parts.rebuilt) == (whole, True)
        assert readmodels.digests(store_url) == digests_before


def test_what_a_part_cannot_read_is_named_and_the_tables_stay(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'l.db'}"
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, county()[:900])
        readmodels.rebuild(ledger, url)
        digests_before = readmodels.digests(url)
        change_outside(url, "UPDATE ledger_events SET state = X'7b7d' WHERE rowid = 800")
        with pytest.raises(StoreError, match="position 800"):
            readmodels.rebuild(ledger, url, two_processes)
        assert readmodels.digests(url) == digests_before


def test_the_events_to_read_choose_the_engine(tmp_path: Path) -> None:
    asked: list[int] = []

    def choose(events: int) -> PartEngine:
        asked.append(events)
        return PicklingEngine(50)

    url = f"sqlite:///{tmp_path / 'l.db'}"
    records = county()[:900]
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, records[:-1])
        readmodels.catch_up(ledger, url, choose)
        # What is only updated is too little for several processes.
        fill(ledger, records[-1:])
        assert not readmodels.catch_up(ledger, url, choose).rebuilt
    assert asked == [899]
