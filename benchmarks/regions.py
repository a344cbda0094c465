"""A region of members with long histories of their own projects, each signed; and scoring it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import orjson

from benchmarks.history import JsonRecord, records
from benchmarks.measure import fill
from commands.handlers.region_file import RegionMember
from commands.handlers.region_members import region_members
from lifecycle.all_cores import safe_start_method
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from lifecycle.process_pool import ProcessPool
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.counted_twice import counted_twice
from tests.ledgers import fill as fill_ledger

DAY: Final = date(2024, 12, 31)
_PRESENT: Final = datetime(2026, 1, 1, tzinfo=SHANGHAI)
_CORES: Final = 2


def _records_of_member(number: int, events: int) -> Iterator[JsonRecord]:
    """Yield a member's records: names, investors and national codes of projects are its own.

    What two members report alike is looked at for counting twice, and no region is like that.
    """
    for record in records(events):
        if record["event"] == "InformationReported":
            record["name"] = f"{number}号{record['name']}"
            record["investor"] = f"{number}号{record['investor']}"
        if record["event"] == "ProjectFiled":
            record["project_code"] = record["project_code"].replace("330824", f"{330_000 + number}")
        yield record


def make_member(place: tuple[Path, int], number: int) -> RegionMember:
    """Make a member's ledger of so many events with a signed checkpoint, in any process."""
    folder, events = place
    url = f"sqlite:///{folder / f'member{number}.db'}"
    fill(url, _records_of_member(number, events))
    with Ledger.open(url) as ledger:
        key = create_signer(ledger, folder / f"member{number}.pem")
        sign_checkpoint(ledger, key)
    witness = folder / f"member{number}.jsonl"
    return RegionMember(f"第{number + 1}县", url, None, witness, key.verifier, None)


@contextmanager
def region_of(folder: Path, count: int, events: int) -> Iterator[tuple[Ledger, list[RegionMember]]]:
    """Make so many members of about so many events, and give the region's ledger and them."""
    pool = ProcessPool(_CORES, safe_start_method())
    members = list(pool.outcomes(make_member, (folder, events), range(count)))
    registrations = [
        {
            "event": "UnitRegistered",
            "unit": member.unit,
            "occurred_on": "2020-01-01",
            "sequence": "县区",
            "category": "township",
        }
        for member in members
    ]
    with Ledger.open(f"sqlite:///{folder / 'region.db'}", create=True) as region:
        fill_ledger(region, registrations, keep=False)
        yield region, members


def score_region(
    region: Ledger,
    members: list[RegionMember],
    engine: PartEngine | None,
) -> bytes:
    """Verify every member, score the region, and look for what is counted twice; the scores."""

    def choose(_events: int) -> PartEngine | None:
        return engine

    units = [member.unit for member in members]
    with region_members(members, units, _PRESENT, choose_engine=choose) as look:
        view = View(2024, DAY, region.head().position, shipped("kaihua-2024"))
        assert look.counted == len(members)
        result = evaluate(region, replace(look.over_members(view), engine=engine))
        assert not counted_twice(look.projects, DAY, engine)
    return orjson.dumps(score_json(result))
