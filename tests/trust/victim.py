"""A process that records, imports, corrects, publishes and fills the read tables until it is killed.

It writes a line to standard output for each event that the store said it holds: position and leaf hash.
"""

from __future__ import annotations

import sys
from datetime import date
from itertools import count

from lifecycle.records import read
from lifecycle.rulebook import shipped
from lifecycle.session import Entry
from lifecycle.store import Ledger
from projections import readmodels
from projections.evaluation import View
from projections.publications import publish_scores
from tests.given import correction, of, reported
from tests.ledgers import CLERK, fill


def main(url: str, run: str) -> None:
    """Go on and on."""
    with Ledger.open(url) as ledger:
        for number in count():
            code = f"{run}n{number}"
            _say([ledger.record(read(reported(f"A{code}")), CLERK)])
            _say(fill(ledger, [reported(f"B{code}-p{part}") for part in range(30)], keep=False))
            _say([ledger.record(read(correction(1, {"planned_investment": "5000"}, f"A{code}")), CLERK)])
            _say([ledger.record(read(of("ConsultationHeld", "2024-02-01", f"A{code}", outcome="passed")), CLERK)])
            view = View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
            readmodels.scores(ledger, url, view)
            _say([publish_scores(ledger, view, CLERK)])


def _say(entries: list[Entry]) -> None:
    sys.stdout.write("".join(f"{entry.position} {entry.leaf}\n" for entry in entries))
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
