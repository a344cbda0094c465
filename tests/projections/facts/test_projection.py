"""A projection is an initial value and one small function for each kind of event."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from lifecycle.events.project_events import ReviewHeld, TaxPaid
from projections.facts.narrow_events import narrow
from projections.facts.projection import Projection

TAXES: Projection[list[str]] = Projection()


@TAXES.when(TaxPaid)
def _tax(taxes: list[str], on: date, version: int, event: TaxPaid) -> None:
    taxes.append(f"{on} #{version} {event.amount}")


def test_each_event_of_a_kind_takes_its_step_and_others_none() -> None:
    tax: Any = msgspec.convert({"month": "2024-02", "amount": "5"}, narrow(TaxPaid))
    review: Any = msgspec.convert({"occurred_on": "2024-03-01"}, narrow(ReviewHeld))
    taxes: list[str] = []
    TAXES.apply(taxes, [(tax.on, 2, tax), (review.on, 3, review), (tax.on, 4, tax)])
    assert taxes == ["2024-02-29 #2 5", "2024-02-29 #4 5"]
