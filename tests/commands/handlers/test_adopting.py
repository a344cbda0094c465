"""Adopting a rulebook records its text; from then on it is in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commands.handlers.adopting import adopt_rulebook
from lifecycle.events import COUNTY
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.rejections import Rejected
from lifecycle.rulebook import shipped
from projections.facts.county_facts import county_facts
from projections.scoring import rulebook_in_force as in_force
from tests.ledgers import CLERK, new_ledger

BOOK = shipped("hongya-2023")


def test_an_adopted_rulebook_is_in_force_with_its_whole_text(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    adopt_rulebook(ledger, BOOK, date(2023, 3, 1), CLERK, source_ref="洪招〔2023〕1号")
    event = ledger.history(COUNTY)[-1].event
    assert isinstance(event, RulebookAdopted)
    assert (event.content, event.digest) == (BOOK.content, BOOK.digest)
    assert (event.occurred_on, event.source_ref) == (date(2023, 3, 1), "洪招〔2023〕1号")
    books = in_force.adopted(county_facts(ledger, ledger.head().position))
    assert in_force.for_year(books, 2023).digest == BOOK.digest


def test_an_invalid_day_is_rejected_and_nothing_is_stored(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    with pytest.raises(Rejected):
        adopt_rulebook(ledger, BOOK, "2023-02-30", CLERK)
    assert ledger.head().position == 0
