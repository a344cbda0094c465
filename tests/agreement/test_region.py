"""A region agrees with the verifier, and with the reference, which has all projects as one's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.recorders.stored_rows import stored_bytes
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import canonical, shipped
from projections.audit.frozen_results import frozen_scores
from projections.audit.verifier import verify_bundle as verifier
from projections.facts.member_projects import MemberLedger, MemberProjects, member_code
from projections.scoring.result_view import View
from tests.ledgers import fill, new_ledger
from tests.reference.effective import Record
from tests.reference.histories import axes, histories
from tests.reference.scoring import day_in_year, evaluate as reference, shown
from tests.soak import history_examples

pytestmark = pytest.mark.no_cover
MEMBERS: Final = ("开化县", "常山县")
AXES_OF_A_REGION: Final = 3
# Before everything that histories draw, in any order of its own.
EARLY: Final = "2000-01-01"
RECORDED: Final = "2000-01-01T00:00:00+08:00"


def registration(unit: str) -> Record:
    return {
        "event": "UnitRegistered",
        "unit": unit,
        "occurred_on": EARLY,
        "sequence": "县区",
        "category": "township",
        "recorded_at": RECORDED,
    }


def as_of_one_ledger(unit: str, records: Iterable[Record]) -> Iterator[Record]:
    """A member's projects as records of a ledger in which the member is a unit."""
    for record in records:
        if "project" not in record:
            continue
        shown_record = {**record, "project": member_code(unit, record["project"])}
        for fields in (shown_record, shown_record.get("replacement")):
            if fields and "reporting_unit" in fields:
                fields["reporting_unit"] = unit
        yield shown_record


@history_examples(15)
@given(data=st.data())
def test_every_number_of_a_region_agrees(data: st.DataObject) -> None:
    histories_of_members = [data.draw(histories()) for _unit in MEMBERS]
    together = [registration(unit) for unit in MEMBERS]
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        with new_ledger(folder, "region") as region:
            fill(region, together)
            ledgers: list[Ledger] = []
            for number, (unit, records) in enumerate(
                zip(MEMBERS, histories_of_members, strict=True)
            ):
                ledgers.append(new_ledger(folder, f"member{number}"))
                fill(ledgers[-1], records)
                together += as_of_one_ledger(unit, [{**record} for record in records])
            try:
                agree(data, region, ledgers, together)
            finally:
                for ledger in ledgers:
                    ledger.close()


def agree(
    data: st.DataObject,
    region: Ledger,
    ledgers: list[Ledger],
    together: list[Record],
) -> None:
    for _ in range(AXES_OF_A_REGION):
        year, as_of, known_at = data.draw(axes(together))
        members = []
        for unit, ledger in zip(MEMBERS, ledgers, strict=True):
            position = ledger.head().position
            if known_at is not None:
                position = ledger.position_at(known_at)
            members.append(MemberLedger(unit, ledger, position))
        view = View(
            year,
            day_in_year(year, as_of),
            region.head().position,
            shipped("kaihua-2024"),
            projects=MemberProjects(tuple(members)),
        )
        result: Any = frozen_scores(region, view)
        expected = shown(reference(together, year, as_of, known_at))
        assert result["units"] == expected["units"]
        verifier_agrees(region, view, members, result)


def verifier_agrees(
    region: Ledger,
    view: View,
    members: Sequence[MemberLedger],
    result: Any,
) -> None:
    """The standalone verifier computes the same units and conflicts from the same events."""
    histories_of_members = []
    for member in members:
        history = verifier.MemberHistory(
            member.unit, stored_streams(member.ledger), member.position
        )
        histories_of_members.append(history)
    streams = verifier.RegionStreams(stored_streams(region), histories_of_members, set())
    text = canonical(view.rulebook.rulebook)
    book = verifier.read_book(text, view.rulebook.digest)
    rows = verifier.scores(streams, book, view.year, view.as_of, view.position)
    assert [dict(row) for row in rows] == result["units"]
    assert verifier.counted_twice(streams, view.as_of) == result["counted_twice"]


def stored_streams(ledger: Ledger) -> verifier.Streams:
    """The events of a ledger, as the verifier reads them from a bundle."""
    streams: verifier.Streams = {}
    with ledger.recorder.cursor(write=False) as cursor:
        for row in ledger.recorder.between(cursor, 1, ledger.head().position):
            position, stream, version, topic, _state = row
            event = verifier.StoredEvent(position, stream, version, topic, stored_bytes(row))
            if event.kind not in verifier.UNSCORED:
                streams.setdefault(stream, []).append(event)
    return streams
