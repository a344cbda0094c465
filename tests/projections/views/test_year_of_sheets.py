"""A year of a county's sheets, day by day: in the ladder's order, numbered without gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from commands.handlers.sheet_issuing import IssueRequest, issue_sheets
from commands.handlers.task_acts import TaskAct, act_on_task
from lifecycle.events import Stream
from lifecycle.events.field_types import SHANGHAI
from lifecycle.events.sheet_events import Sheet
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped
from projections.scoring.result_view import View
from projections.views import sheet_view as sheets
from projections.views.deadline_view import deadline_rows
from projections.views.sheet_view import TaskRow
from tests.given import UNITS, of, reported
from tests.ledgers import fill

CLERK: Final = Author("文员")
CODES: Final = [f"P{number}" for number in range(1, 9)]
REACHED: Final = {
    "consultation": ("ConsultationHeld", {"outcome": "passed"}),
    "signing": (
        "AgreementSigned",
        {"contract_investment": "3000", "contract_fixed_assets": "2000"},
    ),
    "land": ("LandAcquired", {"area_mu": "20", "transfer_fee": "500"}),
    "statistics": ("StatisticsEntered", {}),
}
EVIDENCE: Final = [{"name": "证明.pdf", "sha256": "ab" * 32}]
RUNGS: Final = (
    "TaskAssigned",
    "WarningIssued",
    "SupervisionIssued",
    "ExposurePublished",
    "TaskCleared",
)


class County:
    """A ledger whose clock goes through the year; what happens on each day is drawn first."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2024, 1, 1, 9, tzinfo=SHANGHAI)
        self.ledger = Ledger.open(
            f"sqlite:///{folder / 'year.db'}", create=True, clock=lambda: self.now
        )
        self.chance = Random(2024)
        self.happens: dict[date, list[dict[str, Any]]] = {}
        fill(self.ledger, UNITS, keep=False)
        for code in CODES:
            self._draw(code)

    def _draw(self, code: str) -> None:
        start = date(2024, 1, 1) + timedelta(days=self.chance.randint(0, 60))
        self._at(start, reported(code, reported_at=f"{start}T08:00:00+08:00"))
        due = {
            stage: start + timedelta(days=40 + 45 * place + self.chance.randint(0, 20))
            for place, stage in enumerate(REACHED)
        }
        self._at(
            start + timedelta(days=1),
            of(
                "ScheduleSet",
                str(start + timedelta(days=1)),
                code,
                milestones=[{"stage": stage, "due_on": str(day)} for stage, day in due.items()],
            ),
        )
        for stage, (event, fields) in REACHED.items():
            day = due[stage] + timedelta(days=self.chance.choice((-20, -3, 0, 5, 12, 40, 400)))
            self._at(day, of(event, str(day), code, **fields))
        if code == CODES[-1]:
            self._at(date(2024, 10, 8), of("ProjectTerminated", "2024-10-08", code, reason="撤资"))

    def _at(self, day: date, record: dict[str, Any]) -> None:
        self.happens.setdefault(day, []).append(record)

    @property
    def view(self) -> View:
        day = self.now.date()
        return View(day.year, day, self.ledger.head().position, shipped("kaihua-2024"))

    def live(self) -> None:
        """One day: what happened is recorded, then what is due is issued, exposed or cleared."""
        ended = self.now.date() >= date(2024, 10, 8)
        news = [
            record
            for record in self.happens.get(self.now.date(), [])
            if not (
                ended and record["project"] == CODES[-1] and record["event"] != "ProjectTerminated"
            )
        ]
        fill(self.ledger, news, keep=False)
        issue_sheets(self.ledger, IssueRequest(), CLERK)
        assert issue_sheets(self.ledger, IssueRequest(), CLERK) == []
        for sheet in sheets.due_sheets(self.ledger, self.view):
            if sheet.action == "expose":
                self.act("ExposurePublished", sheet.about, facts="逾期未整改", approved_by="主任")
            elif self.chance.random() < 0.7:
                self.act(
                    "TaskCleared",
                    sheet.about,
                    result="办结",
                    submitted_by="甲",
                    reviewed_by="乙",
                    evidence=EVIDENCE,
                )
                if self.chance.random() < 0.1:
                    self.act("TaskReopened", sheet.about, reason="佐证不全")

    def act(self, event: TaskAct, number: str, **fields: Any) -> None:
        act_on_task(self.ledger, event, number, fields, None, CLERK)

    def cycles(self) -> Iterator[tuple[str, list[tuple[date, str]]]]:
        """Each cycle of each task: its sheets in order."""
        for code in CODES:
            cycles: dict[str, list[list[tuple[date, str]]]] = {}
            for item in self.ledger.history(Stream("project", code)):
                event: Any = item.event
                if type(event).__name__ == "TaskAssigned":
                    cycles[event.number] = [[(event.on, "TaskAssigned")]]
                elif type(event).__name__ == "TaskReopened":
                    cycles[event.about].append([(event.on, "TaskAssigned")])
                elif isinstance(event, Sheet):
                    cycles[event.about][-1].append((event.on, type(event).__name__))  # type: ignore[attr-defined]
            yield from (
                (number, cycle) for number, task_cycles in cycles.items() for cycle in task_cycles
            )


def numbers(ledger: Ledger) -> Mapping[str, list[int]]:
    """The counters of every sign, in the order of recording."""
    counters: dict[str, list[tuple[int, int]]] = {}
    for code in CODES:
        for item in ledger.history(Stream("project", code)):
            if isinstance(item.event, Sheet):
                counters.setdefault(item.event.sign, []).append(
                    (item.position, sheets.sheet_number_order(item.event.number)[1])
                )
    return {
        sign: [counter for _, counter in sorted(numbered)] for sign, numbered in counters.items()
    }


def test_a_year_of_sheets(tmp_path: Path) -> None:
    county = County(tmp_path)
    months: dict[date, list[TaskRow]] = {}
    for _ in range(366):
        county.live()
        if (county.now + timedelta(days=1)).day == 1:
            months[county.now.date()] = sheets.task_rows(county.ledger, county.view)
        county.now += timedelta(days=1)
    assert county.now.date() == date(2025, 1, 1)
    county.now -= timedelta(days=1)

    cycles = list(county.cycles())
    for number, cycle in cycles:
        days, rungs = [day for day, _ in cycle], [RUNGS.index(event) for _, event in cycle]
        assert (rungs, days) == (sorted(set(rungs)), sorted(days)), number
    assert {event for _, cycle in cycles for _, event in cycle} == set(RUNGS)
    assert len({number for number, _ in cycles}) < len(cycles)  # some were reopened
    issued_numbers = numbers(county.ledger)
    assert set(issued_numbers) == set("交警督曝销")
    assert all(
        counters == list(range(1, len(counters) + 1)) for counters in issued_numbers.values()
    )

    with Ledger.open(
        f"sqlite:///{tmp_path / 'year.db'}"
    ) as again:  # from the beginning, with an empty cache
        for day, rows in months.items():
            assert (
                sheets.task_rows(
                    again, View(2024, day, county.ledger.head().position, shipped("kaihua-2024"))
                )
                == rows
            ), day
        assert deadline_rows(again, county.view) == deadline_rows(county.ledger, county.view)
    county.ledger.close()
