"""The demo county's documents, and a county of hostile texts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from commands.reports.content import DocumentContent
from commands.reports.documents import compose
from commands.reports.foot import DocumentFoot, DocumentRequest, foot_at
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped
from projections.scoring.result_view import View
from tests.given import TOWN, UNITS, of, reported
from tests.ledgers import LATER, fill, new_ledger

DATED = date(2025, 1, 6)
NUMBER = "开招办〔2024〕5号"


@pytest.fixture(scope="session")
def county_ledger(county_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The demo county, for reading only, by a clock that stands still."""
    path = shutil.copy(county_store, tmp_path_factory.mktemp("documents"))
    with Ledger.open(f"sqlite:///{path}", clock=lambda: LATER) as ledger:
        yield ledger


def view_at(ledger: Ledger, day: str, position: int | None = None) -> View:
    """Return a view under kaihua-2024 as of a day, as known at a position."""
    on = date.fromisoformat(day)
    return View(
        on.year,
        on,
        ledger.head().position if position is None else position,
        shipped("kaihua-2024"),
    )


def composed(
    ledger: Ledger,
    kind: str,
    subject: str,
    day: str,
    *,
    contacts: bool = False,
    number: str = NUMBER,
) -> tuple[DocumentContent, DocumentFoot]:
    """A document of a fixed date; without a number a notice is a draft."""
    view = view_at(ledger, day)
    request = DocumentRequest(kind, subject, DATED, number, contacts)
    return compose(ledger, view, foot_at(ledger, view, request))


@cache
def composed_once(
    ledger: Ledger, kind: str, subject: str, day: str
) -> tuple[DocumentContent, DocumentFoot]:
    """A document of a ledger that nobody writes, for the many tests that read the same one."""
    return composed(ledger, kind, subject, day)


def ledger_foot(ledger: Ledger, view: View) -> DocumentFoot:
    """The foot of the ledger workbook at a view."""
    return foot_at(ledger, view, DocumentRequest("ledger", view.as_of.isoformat(), DATED))


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script> & <b>",
    "{{ 7*7 }}{% raw %}",
    "#let x = 1; $E=mc^2$ *粗*",
    "𠮷野家🏭",
    "\u202e倒写\u200f",
    "项" * 200,
    "@SUM(1)",
)


@pytest.fixture(scope="session")
def hostile_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Projects whose names look like formulas or markup to a program."""
    drafts = [
        *UNITS,
        *(
            reported(f"P{number}", name=text, investor=f"{text[:190]}公司")
            for number, text in enumerate(HOSTILE)
        ),
    ]
    drafts.append(
        {
            "event": "UnitListed",
            "unit": TOWN,
            "board": "red",
            "month": "2024-05",
            "reason": f"{HOSTILE[0]} 联系人13812345678 {HOSTILE[1]}",
        }
    )
    drafts += [
        of(
            "TaskAssigned",
            "2024-05-02",
            f"P{number}",
            number=f"开招办交〔2024〕{number + 1}号",
            task=text,
            responsible_unit=TOWN,
            due_on="2024-06-01",
        )
        for number, text in enumerate(HOSTILE)
    ]
    with new_ledger(tmp_path_factory.mktemp("hostile")) as ledger:
        fill(ledger, drafts, keep=False)
        yield ledger
