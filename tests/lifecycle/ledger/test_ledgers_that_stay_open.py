"""Ledgers that stay open beside one another decide as ledgers opened anew for each record do."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from hypothesis import given, strategies as st

from lifecycle.deciding.drafts import Draft, read_record
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Rejected
from tests.ledgers import CLERK, LATER, new_ledger
from tests.reference.histories import STEPS, histories
from tests.soak import history_examples

Record = dict[str, Any]
Way = Callable[[Ledger, Sequence[Draft]], list[str]]

NEW_NAMES: Final = ("新名镇", "新名鎮", "新 名镇")
STAMPS: Final = ("recorded_at", "recorded_by")
CODES: Final = ("N-1", "n-1", "N-2")
SAME_IN_ANOTHER: Final = ("name", "investor", "number", "reporting_unit", "month", "note")


def outcome(work: UnitOfWork, draft: Draft) -> str:
    """What a clerk is told of a record."""
    try:
        return repr(work.record(draft))
    except Rejected as rejected:
        return repr(rejected.problems)


def recorded_singly(ledger: Ledger, drafts: Sequence[Draft]) -> list[str]:
    outcomes: list[str] = []
    for draft in drafts:
        try:
            outcomes.append(repr(ledger.record(draft, CLERK)))
        except Rejected as rejected:
            outcomes.append(repr(rejected.problems))
    return outcomes


def recorded_in_part(ledger: Ledger, drafts: Sequence[Draft]) -> list[str]:
    return ledger.execute(lambda work: [outcome(work, draft) for draft in drafts], CLERK)


def recorded_as_a_file(ledger: Ledger, drafts: Sequence[Draft]) -> list[str]:
    with ledger.unit_of_work(CLERK) as work:
        work.prefetch(drafts)
        return [outcome(work, draft) for draft in drafts]


def recorded_all_or_nothing(ledger: Ledger, drafts: Sequence[Draft]) -> list[str]:
    try:
        with ledger.unit_of_work(CLERK) as work:
            return [repr(work.record(draft)) for draft in drafts]
    except Rejected as rejected:
        return [repr(rejected.problems)]


WAYS: Final[Sequence[Way]] = (
    recorded_singly,
    recorded_in_part,
    recorded_as_a_file,
    recorded_all_or_nothing,
)


class _Variants:
    """Records that look like others, repeat them, or change what they said."""

    def __init__(self, data: st.DataObject, records: Sequence[Record]) -> None:
        self._data = data
        self._records = records

    def draw(self) -> Record:
        makers = (self._with_key, self._elsewhere, self._renamed, self._corrected)
        make = makers[self._data.draw(st.integers(0, len(makers) - 1))]
        return make(dict(self._pick(self._records)))

    def _pick(self, options: Sequence[Any]) -> Any:
        return self._data.draw(st.sampled_from(options))

    def _with_key(self, record: Record) -> Record:
        return {**record, "key": self._pick(("k1", "k2"))}

    def _elsewhere(self, record: Record) -> Record:
        if "project" not in record:
            return record
        others = [other["project"] for other in self._records if "project" in other]
        return {**record, "project": self._pick((*CODES, *others))}

    def _renamed(self, record: Record) -> Record:
        units = [other["unit"] for other in self._records if "unit" in other]
        unit, name = record.get("unit", units[0]), self._pick((*NEW_NAMES, *units))
        return {"event": "UnitRenamed", "unit": unit, "occurred_on": "2026-01-01", "name": name}

    def _corrected(self, record: Record) -> Record:
        stream: Record = {kind: record[kind] for kind in ("unit", "project") if kind in record}
        other = self._pick(self._records)
        replacement = {name: other[name] for name in SAME_IN_ANOTHER if name in other} or None
        correction: Record = {
            "event": "FactCorrected",
            **stream,
            "occurred_on": "2026-05-01",
            "corrects": self._data.draw(st.integers(1, 6)),
            "replacement": self._pick((None, replacement)),
            "reason": "录入有误",
            "approved_by": "甲",
        }
        if correction["replacement"] is None and "project" in stream and self._pick((True, False)):
            correction["moved_to"] = self._pick(CODES)
        return correction


def drafts_of(records: Sequence[Mapping[str, Any]]) -> list[Draft]:
    """What is read of the records; of those that are none no ledger is asked."""
    drafts: list[Draft] = []
    for record in records:
        unstamped = {name: record[name] for name in record if name not in STAMPS}
        with suppress(Rejected):
            drafts.append(read_record(unstamped))
    return drafts


def contents(path: Path) -> dict[str, list[str]]:
    """All rows of a store."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))
            for (name,) in names
        }


@history_examples(20)
@given(data=st.data(), records=histories(max_steps=30, steps=(*STEPS, "sheet", "mistake")))
def test_ledgers_that_stay_open_decide_as_ledgers_opened_anew(
    data: st.DataObject, records: list[Record]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "open.db"), Path(folder, "anew.db")
        with new_ledger(Path(folder), "open"):
            pass
        shutil.copy(*paths)
        stay_open = [opened(paths[0]) for _ in range(2)]
        variants = _Variants(data, records)
        rest = list(records)
        while rest:
            size = data.draw(st.integers(1, 4))
            batch, rest = rest[:size], rest[size:]
            batch += [variants.draw() for _ in range(data.draw(st.integers(0, 2)))]
            drafts = drafts_of(batch)
            record = data.draw(st.sampled_from(WAYS))
            outcomes = record(data.draw(st.sampled_from(stay_open)), drafts)
            assert outcomes == recorded_anew(paths[1], record, drafts)
        for ledger in stay_open:
            ledger.close()
        assert contents(paths[0]) == contents(paths[1])


def opened(path: Path) -> Ledger:
    return Ledger.open(f"sqlite:///{path}", clock=lambda: LATER)


def recorded_anew(path: Path, record: Way, drafts: Sequence[Draft]) -> list[str]:
    """Record in a ledger that was not open before: for single records, in one for each."""
    parts = [[draft] for draft in drafts] if record is recorded_singly else [drafts]
    outcomes: list[str] = []
    for part in parts:
        with opened(path) as ledger:
            outcomes += record(ledger, part)
    return outcomes
