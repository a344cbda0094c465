"""A member verified in another process is told in the words of this one: its file, its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from commands.handlers.member_verification import MemberFindings, verified_members
from commands.handlers.region_file import RegionMember, read_region_file
from commands.handlers.region_members import region_members
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import Common, PartOutcome, SingleProcess, WorkPart
from tests.ledgers import LATER
from tests.outside_changes import change_outside
from tests.regions import KAIHUA, Region


@dataclass
class OtherMachine:
    """Runs parts here, as a machine would that has none of our files."""

    texts: list[str]
    is_remote = True
    events_of_part = 1

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        self.texts += [repr(part) for part in parts]
        return SingleProcess().outcomes(function, common, parts)


@pytest.fixture
def region(region: Region) -> Region:
    """Three members whose witness files have a line."""
    members = read_region_file(region.written())
    with region_members(members, region.units, LATER):
        pass
    return region


def findings_of(region: Region) -> tuple[MemberFindings, MemberFindings, list[str]]:
    """Of the first member, as verified here and elsewhere; and what was sent."""
    members: dict[str, RegionMember] = {}
    for member in read_region_file(region.written()):
        members[member.unit] = member
    engine = OtherMachine([])
    with Ledger.open(region.members[KAIHUA].url) as ledger:
        opened = {KAIHUA: ledger}
        here = verified_members(opened, members, None)[KAIHUA]
        elsewhere = verified_members(opened, members, engine)[KAIHUA]
    return here, elsewhere, engine.texts


def test_a_sound_member_has_no_findings(region: Region) -> None:
    here, elsewhere, texts = findings_of(region)
    assert here == elsewhere == MemberFindings([])
    assert len(texts) == 1


def test_a_changed_event_is_told_by_the_regions_own_witness_file(region: Region) -> None:
    change_outside(
        region.members[KAIHUA].url,
        "UPDATE ledger_events SET state ="
        " CAST(replace(CAST(state AS TEXT), '3000', '9000') AS BLOB)",
    )
    here, elsewhere, _texts = findings_of(region)
    assert here.problems
    assert elsewhere == here
    assert any("0.jsonl" in str(problem) for problem in here.problems)


def test_so_is_a_damaged_witness_file(region: Region) -> None:
    (region.folder / "witness" / "0.jsonl").write_text("damaged\n", encoding="utf-8")
    here, elsewhere, _texts = findings_of(region)
    assert str(here.error) == str(elsewhere.error)
    assert "0.jsonl" in str(here.error)
