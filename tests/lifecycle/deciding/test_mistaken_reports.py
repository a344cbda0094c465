"""A report that was a mistake is voided: its code, claims and keys are free again (spec 7)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from commands.handlers.file_rows import FileRow
from commands.handlers.importing import ImportResult, import_records
from lifecycle.ledger.verification import verify
from tests.given import REPORTED, UNITS, JsonRecord, World, correction, of, reported
from tests.ledgers import CLERK

CONSULTED = of("ConsultationHeld", "2024-02-01", outcome="deferred")


def imported(world: World, records: Sequence[JsonRecord]) -> ImportResult:
    rows = (FileRow(place, record) for place, record in enumerate(records, start=1))
    return import_records(world.ledger, rows, CLERK)


def test_a_report_is_voided_once_nothing_else_stands(world: World) -> None:
    world.given(*REPORTED, CONSULTED)
    ((rule, field, text),) = world.rejections(correction(1, None))
    assert (rule, field) == ("void_information", "corrects")
    assert "2" in text
    world.given(correction(2, None), correction(1, None))
    assert world.rules(of("ReviewHeld", findings="正常")) == ["no_information"]
    assert world.rules(correction(3, None)) == ["no_information"]


def test_claims_and_code_of_a_void_report_are_free(world: World) -> None:
    world.given(*REPORTED, correction(1, None))
    # Another look of a code that is free may be taken, and the same investor's project reported.
    world.given(reported("p", name="项目P", investor="投资方P"))
    ((rule, _field, text),) = world.rejections(correction(2, None))
    assert rule in ("code_taken", "identity_claimed")
    assert "p" in text
    # The void code itself is named, not the one that looks like it.
    assert world.ledger.head().position == len(UNITS) + 3


def test_a_new_report_is_recorded_in_the_same_stream(world: World) -> None:
    world.given(*REPORTED, correction(1, None), reported("P", name="另一项目"))
    assert world.rules(correction(2, None)) == ["code_taken"]
    assert world.rules(reported("P", name="再一项目")) == ["code_taken"]
    entry = world.record(CONSULTED)
    assert entry.ref == "P#4"
    assert world.rules(correction(3, None)) == ["void_information"]


def test_the_same_report_may_be_recorded_again(world: World) -> None:
    world.given(*REPORTED, correction(1, None))
    entry = world.record(reported())
    assert (entry.ref, entry.already) == ("P#3", False)
    again = world.record(reported())
    assert again.already
    # The first report has lost its key to the second.
    assert world.rules(correction(2, None))[0] in ("key_conflict", "code_taken")
    assert verify(world.ledger).differences == []


def test_a_key_of_a_void_event_is_used_again(tmp_path: Path, store_url: str) -> None:
    world = World(tmp_path, store_url)
    world.given(*REPORTED, CONSULTED | {"key": "K"})
    assert world.rules(of("ReviewHeld", findings="正常", key="K")) == ["key_conflict"]
    world.given(correction(2, None), of("ReviewHeld", findings="正常", key="K"))
    assert world.rules(correction(3, None)) == ["key_conflict"]
    assert world.rules(of("ReviewHeld", findings="其他", key="K")) == ["key_conflict"]
    world.given(correction(4, None), correction(3, None))
    assert world.rules(correction(5, None)) == ["key_conflict"]
    assert verify(world.ledger).differences == []
    world.ledger.close()


def test_a_void_correction_frees_its_key(world: World) -> None:
    world.given(*REPORTED, correction(1, {"name": "甲"}, key="C"))
    assert world.rules(correction(1, {"name": "乙"}, key="C")) == ["key_conflict"]
    world.given(correction(2, None), correction(1, {"name": "乙"}, key="C"))
    # Voiding the void would make the first correction count under the same key.
    assert world.rules(correction(3, None)) == ["key_conflict"]
    world.given(correction(4, None), correction(3, None))
    assert verify(world.ledger).differences == []


def test_an_import_takes_a_void_line_as_recorded(world: World) -> None:
    lines = [*REPORTED, CONSULTED | {"key": "K"}]
    world.given(*lines, correction(2, None), correction(1, None))
    position = world.ledger.head().position
    result = imported(world, lines)
    assert (result.recorded, result.already_recorded, result.rejected) == (0, len(lines), [])
    assert world.ledger.head().position == position
    # Of other content the key is free, and `record` may use it for the same.
    result = imported(world, [reported(name="另一项目")])
    assert (result.recorded, result.rejected) == (1, [])
    world.given(CONSULTED | {"key": "K"})
    assert world.ledger.head().position == position + 2
