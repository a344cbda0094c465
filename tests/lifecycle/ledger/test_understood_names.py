"""Codes and unit names that only look like one that is held (spec 7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.events.codec import fields_of
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.given import OTHER, TOWN, correction, of, reported, unit
from tests.ledgers import CLERK, new_ledger

HELD = "KH-2024-017"
VARIANTS = (
    "kh-2024-017",
    "ＫＨ-2024-017",
    "KH\u20142024\u2014017",
    "KH\u22122024\u2212017",
    "KH-\u200b2024-017",
    "KH\uff0d2024\uff0d017",
)
SQUAD = "A-1招商组"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path) as ledger:
        for record in (unit(), unit(OTHER), unit(SQUAD), reported(HELD)):
            ledger.record(read_record(record), CLERK)
        yield ledger


def record(ledger: Ledger, fields: dict[str, Any]) -> LedgerEntry:
    return ledger.record(read_record(fields), CLERK)


@pytest.mark.parametrize("code", VARIANTS)
def test_a_code_is_understood_as_the_one_that_is_held_and_said(ledger: Ledger, code: str) -> None:
    entry = record(ledger, of("ConsultationHeld", "2024-03-01", code, outcome="passed"))
    assert entry.ref == f"{HELD}#2"
    # An invisible character is dropped at the border already, so nothing is left to say.
    said = [(note.rule, note.field, note.values["held"]) for note in entry.warnings]
    assert said == ([] if "\u200b" in code else [("understood_as", "project", HELD)])
    assert record(ledger, of("ConsultationHeld", "2024-03-01", HELD, outcome="passed")).already
    again = record(ledger, of("ConsultationHeld", "2024-03-01", code, outcome="passed"))
    assert again.already


def test_unit_names_are_understood_in_streams_and_fields(ledger: Ledger) -> None:
    activity = {
        "event": "ActivityHeld",
        "unit": "ａ－1招商组",
        "occurred_on": "2024-03-01",
        "activity": "推介会",
        "led_by_head": True,
    }
    assert record(ledger, activity).ref == f"{SQUAD}#2"
    transfer = record(ledger, of("ProjectTransferred", "2024-03-02", HELD, to_unit="a-1招商组"))
    assert [(note.field, note.values["held"]) for note in transfer.warnings] == [("to_unit", SQUAD)]
    history = ledger.history(Stream("project", HELD))
    assert fields_of(history[-1].event)["to_unit"] == SQUAD
    target = {
        "event": "TargetSet",
        "occurred_on": "2024-01-02",
        "year": 2024,
        "indicator": "到位资金",
        "amount": "5",
        "for_unit": "A\u20101招商组",
    }
    assert record(ledger, target).warnings[0].values["held"] == SQUAD
    supported = {
        "event": "MajorProjectSupported",
        "unit": TOWN,
        "occurred_on": "2024-03-01",
        "about_project": "kh-2024-017",
    }
    notes = record(ledger, supported).warnings
    assert [(note.rule, note.values["held"]) for note in notes] == [("understood_as", HELD)]
    assert fields_of(ledger.history(Stream("unit", TOWN))[-1].event)["about_project"] == HELD


def test_a_correction_is_understood_likewise(ledger: Ledger) -> None:
    entry = record(ledger, correction(1, {"reporting_unit": "a-1招商组"}, "kh-2024-017"))
    assert entry.ref == f"{HELD}#2"
    assert [note.field for note in entry.warnings] == ["project", "replacement.reporting_unit"]
    corrected = ledger.history(Stream("project", HELD))[-1].event
    assert fields_of(corrected)["replacement"] == {"reporting_unit": SQUAD}


@pytest.mark.parametrize("code", [code for code in VARIANTS if "\u200b" not in code])
def test_what_founds_something_is_rejected_and_names_what_is_held(
    ledger: Ledger, code: str
) -> None:
    with pytest.raises(Rejected) as error:
        record(ledger, reported(code, name="另一个项目", investor="另一家"))
    problem = error.value.problems[0]
    assert (problem.rule, problem.field, problem.values["held"]) == ("code_taken", "project", HELD)
    with pytest.raises(Rejected) as error:
        record(ledger, unit("a-1招商组"))
    problem = error.value.problems[0]
    assert (problem.rule, problem.values["held"]) == ("second_registration", SQUAD)


def test_what_looks_like_nothing_held_is_rejected_as_before(ledger: Ledger) -> None:
    with pytest.raises(Rejected) as error:
        record(ledger, of("ConsultationHeld", "2024-03-01", "KH-2024-018", outcome="passed"))
    assert error.value.problems[0].rule == "no_information"
    # White space and punctuation count.
    with pytest.raises(Rejected):
        record(ledger, of("ConsultationHeld", "2024-03-01", "KH 2024 017", outcome="passed"))


def test_what_is_recorded_in_the_same_import_is_understood_too(ledger: Ledger) -> None:
    with ledger.unit_of_work(CLERK) as work:
        work.record(read_record(reported("新-1", name="新项目")))
        entry = work.record(
            read_record(of("ConsultationHeld", "2024-03-01", "新\u20131", outcome="passed"))
        )
    assert entry.ref == "新-1#2"


def test_what_could_mean_two_things_is_understood_as_neither(ledger: Ledger) -> None:
    # 0.1.0 registered names that differ in look only.
    twin = "a-1招商组"
    with ledger.recorder.cursor(write=True) as cursor:
        statement = ledger.recorder.sql("INSERT INTO ledger_claims VALUES (?, ?, ?, ?)")
        cursor.execute(statement, ("unit", twin, f"unit/{twin}", 2))
    transfer = of("ProjectTransferred", "2024-03-02", HELD, to_unit="ａ-1招商组")
    with pytest.raises(Rejected) as error:
        record(ledger, transfer)
    assert error.value.problems[0].rule == "unit_not_registered"
    assert record(ledger, transfer | {"to_unit": SQUAD}).warnings == []
