"""A process that changes a store in every way, round after round, until it is killed.

It prints which act it begins, and the position and leaf hash of every acknowledged event.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from itertools import count
from random import Random
from typing import Final

from commands.handlers.publishing import publish_board, publish_scores
from commands.handlers.sheet_issuing import IssueRequest, issue_sheets
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.store import Ledger
from projections import readmodels
from projections.views.requested_axes import RequestedAxes
from tests.given import correction, of, reported
from tests.ledgers import CLERK, fill

IMPORTED: Final = 30


class Victim:
    """Does every act, each time on a new project."""

    def __init__(self, ledger: Ledger, url: str) -> None:
        self.ledger = ledger
        self.url = url

    def record(self, code: str) -> list[LedgerEntry]:
        """Record one event."""
        return [
            self.ledger.record(
                read_record(of("ConsultationHeld", "2024-02-01", f"A{code}", outcome="passed")),
                CLERK,
            )
        ]

    def import_(self, code: str) -> list[LedgerEntry]:
        """Import many events together."""
        return fill(
            self.ledger, [reported(f"B{code}-p{part}") for part in range(IMPORTED)], keep=False
        )

    def correct(self, code: str) -> list[LedgerEntry]:
        """Record an event and correct it."""
        return [
            self.ledger.record(
                read_record(correction(1, {"planned_investment": "5000"}, f"A{code}")), CLERK
            )
        ]

    def sheets(self, code: str) -> list[LedgerEntry]:
        """Issue a task for each milestone, and the warnings and supervisions that are due."""
        plan = [
            {"stage": "signing", "due_on": "2024-03-01"},
            {"stage": "land", "due_on": "2024-05-01"},
        ]
        planned = self.ledger.record(
            read_record(of("ScheduleSet", "2024-02-02", f"A{code}", milestones=plan)), CLERK
        )
        issued = issue_sheets(self.ledger, IssueRequest(), CLERK)
        return [planned, *(sheet.entry for sheet in issued)]

    def projections(self, _code: str) -> list[LedgerEntry]:
        """Update the query tables, and rebuild them."""
        readmodels.catch_up(self.ledger, self.url)
        readmodels.rebuild(self.ledger, self.url)
        return []

    def publish(self, _code: str) -> list[LedgerEntry]:
        """Publish a year's scores and a month's board."""
        axes = RequestedAxes(2024, date(2024, 12, 31))
        return [
            publish_scores(self.ledger, axes, CLERK),
            publish_board(self.ledger, RequestedAxes(), "2024-03", CLERK),
        ]


ACTS: Final[dict[str, Callable[[Victim, str], list[LedgerEntry]]]] = {
    "record": Victim.record,
    "import": Victim.import_,
    "correct": Victim.correct,
    "sheets": Victim.sheets,
    "projections": Victim.projections,
    "publish": Victim.publish,
}


def main(url: str, name: str) -> None:
    """Repeat all acts for ever, in another order each round."""
    chance = Random(name)
    with Ledger.open(url) as ledger:
        victim = Victim(ledger, url)
        for number in count():
            code = f"{name}n{number}"
            _did([ledger.record(read_record(reported(f"A{code}")), CLERK)])
            for act in chance.sample([*ACTS], len(ACTS)):
                _say(f"begins {act}\n")
                _did(ACTS[act](victim, code))


def _did(entries: list[LedgerEntry]) -> None:
    _say("".join(f"{entry.position} {entry.leaf}\n" for entry in entries))


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
