"""The vocabulary of tests: given records, recording another yields an event or a rejection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.ledgers import CLERK, fill, new_ledger

JsonRecord = dict[str, Any]
TOWN, OTHER, OUTPOST = "华埠镇", "马金镇", "驻杭州招商组"
CODE = "91330824MA28F3XN0F"


def unit(name: str = TOWN, **changes: Any) -> JsonRecord:
    """Return the registration of a unit."""
    return {
        "event": "UnitRegistered",
        "unit": name,
        "occurred_on": "2024-01-01",
        "sequence": "乡镇",
        "category": "township",
    } | changes


def of(name: str, on: str | None = "2024-03-01", code: str = "P", /, **fields: Any) -> JsonRecord:
    """Return an event of a project, by default on 1 March 2024."""
    day = {} if on is None else {"occurred_on": on}
    return {"event": name, "project": code} | day | fields


def reported(project: str = "P", **changes: Any) -> JsonRecord:
    """Return the report of a project by a township."""
    return {
        "event": "InformationReported",
        "project": project,
        "reporting_unit": TOWN,
        "reported_at": "2024-01-10T09:00:00+08:00",
        "name": f"项目{project}",
        "investor": f"投资方{project}",
        "sector": "industrial",
        "kind": "new",
        "planned_investment": "3000",
        "planned_fixed_assets": "2000",
        "outside_ratio": "0.3",
    } | changes


def correction(
    corrects: int, replacement: JsonRecord | None, project: str = "P", **changes: Any
) -> JsonRecord:
    """Return a correction of a project's event; a void if the replacement is None."""
    return (
        of(
            "FactCorrected",
            "2024-06-01",
            project,
            corrects=corrects,
            replacement=replacement,
            reason="误录",
            approved_by="余敏",
        )
        | changes
    )


UNITS = [unit(), unit(OTHER), unit(OUTPOST, category="outpost_group", sequence="驻外")]
REPORTED = [*UNITS, reported()]


class World:
    """A ledger on which tests record."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.ledger: Ledger = new_ledger(folder) if url is None else Ledger.open(url, create=True)

    def given(self, *records: JsonRecord) -> World:
        """Record all of these; return the world."""
        fill(self.ledger, records, keep=False)
        return self

    def record(self, record: JsonRecord) -> LedgerEntry:
        """Record one more and return its entry."""
        return self.ledger.record(read_record(record), CLERK)

    def rejections(self, record: JsonRecord) -> list[tuple[str, str | None, str]]:
        """Return (rule, field, message) of each problem with a record; nothing is stored."""
        before = self.ledger.head()
        with pytest.raises(Rejected) as rejection:
            self.record(record)
        assert self.ledger.head() == before
        return [
            (problem.rule, problem.field, problem.template.format(**problem.values))
            for problem in rejection.value.problems
        ]

    def rules(self, record: JsonRecord) -> list[str]:
        """Return the rules that reject a record."""
        return [rule for rule, _field, _text in self.rejections(record)]
