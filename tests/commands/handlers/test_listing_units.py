"""Proposed units are listed on a month's boards, all or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.handlers.listing_units import UnitListing, list_units
from lifecycle.events import Stream
from lifecycle.rejections import Rejected
from tests.given import OTHER, REPORTED, TOWN, World
from tests.ledgers import CLERK

RED = UnitListing(TOWN, "red", "本序列第 1 名")
BLACK = UnitListing(OTHER, "black", "本序列末位")


def test_each_unit_gets_an_event_of_its_own(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    entries = list_units(ledger, "2024-05", [RED, BLACK], CLERK)
    assert [entry.ref for entry in entries] == [f"{TOWN}#2", f"{OTHER}#2"]
    listed = ledger.history(Stream("unit", TOWN))[-1].event
    assert (listed.month, listed.board) == ("2024-05", "red")  # type: ignore[attr-defined]


def test_one_unknown_unit_stops_the_listing(tmp_path: Path) -> None:
    ledger = World(tmp_path).given(*REPORTED).ledger
    head = ledger.head()
    unknown = UnitListing("某镇", "black", "本序列末位")
    with pytest.raises(Rejected):
        list_units(ledger, "2024-05", [RED, unknown], CLERK)
    assert ledger.head() == head
