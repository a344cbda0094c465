"""A member's ledger that a server keeps open, once its file is edited without SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from commands.handlers.region_file import read_region_file
from commands.handlers.region_look import MemberVerdict
from commands.handlers.watched_ledger import WatchedLedger
from commands.handlers.watched_members import WatchedMembers
from lifecycle.all_cores import safe_start_method
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.checkpoints import sign_checkpoint
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from lifecycle.process_pool import ProcessPool
from tests.ledgers import fill
from tests.outside_changes import change_outside
from tests.regions import CHANGSHAN, JIANGSHAN, KAIHUA, Region, project


@pytest.fixture
def region(tmp_path: Path) -> Region:
    """A region of one member."""
    region = Region(tmp_path)
    region.add(KAIHUA, [project("A", planned_investment="3000")])
    return region


def _verdict(watched: WatchedLedger) -> MemberVerdict:
    """The verdict of a look that finds the file changed."""
    assert watched.refresh(verify=False, retry=False)
    return watched.state.verdict


@pytest.fixture
def watched(region: Region) -> Iterator[WatchedLedger]:
    """The member's ledger, open."""
    (member,) = read_region_file(region.written())
    with closing(WatchedLedger(member)) as watched:
        yield watched


def _overwrite(path: Path, content: bytes) -> None:
    """Write in place: nothing is replaced or cut off."""
    with path.open("r+b") as file:
        file.write(content)


def test_a_byte_changed_in_the_file_is_noticed(region: Region, watched: WatchedLedger) -> None:
    path = sqlite_path(region.members[KAIHUA].url)
    assert path is not None
    whole = path.read_bytes()
    edited = whole.replace(b'"planned_investment":"3000"', b'"planned_investment":"9000"')
    assert edited != whole
    # SQLite keeps the pages that a connection has read until its own log says otherwise.
    for _connection in range(8):
        watched.refresh(verify=True, retry=False)
    _overwrite(path, edited)
    assert _verdict(watched) is MemberVerdict.DIFFERS
    _overwrite(path, whole)
    assert _verdict(watched) is MemberVerdict.VERIFIED
    assert not watched.refresh(verify=False, retry=False)


def test_a_copy_is_made_again_once_the_store_or_its_log_has_grown(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = region.members[KAIHUA]
    (named,) = read_region_file(region.written())
    # Whoever writes keeps a log of late writes beside the store, which stays as it is.
    with Ledger.open(member.url) as writing:
        fill(writing, [project("B")], keep=False)
        sign_checkpoint(writing, member.key)
        # As on a share that this machine may only read.
        monkeypatch.setattr(
            "lifecycle.ledger.recorders.sqlite_source._may_write_beside", lambda _path: False
        )
        with closing(WatchedLedger(named)) as watched:
            assert watched.ledger is not None
            before = watched.state.tree
            assert not watched.refresh(verify=False, retry=False)
            fill(writing, [project("C")], keep=False)
            sign_checkpoint(writing, member.key)
            assert watched.refresh(verify=False, retry=False)
            after = watched.state.tree
    assert before is not None
    assert after is not None
    assert after.checkpoint.size == before.checkpoint.size + 1


def test_opened_together_members_are_verified_by_an_engine_as_each_by_itself(
    region: Region,
) -> None:
    for unit in (CHANGSHAN, JIANGSHAN):
        region.add(unit, [project("A")])
    change_outside(
        region.members[CHANGSHAN].url,
        "UPDATE ledger_events SET state = CAST(replace(state, '2024', '2023') AS BLOB)",
    )
    members = read_region_file(region.written())
    asked_about: list[int] = []

    def choose(events: int) -> ProcessPool:
        asked_about.append(events)
        return ProcessPool(2, safe_start_method())

    def clock() -> datetime:
        return datetime.now(SHANGHAI)

    with (
        WatchedMembers(members, clock) as alone,
        WatchedMembers(members, clock, choose_engine=choose) as together,
    ):
        verdicts = [(each.verdict, each.reason) for each in together.now().states]
        assert verdicts == [(each.verdict, each.reason) for each in alone.now().states]
    assert [verdict for verdict, _reason in verdicts] == [
        MemberVerdict.VERIFIED,
        MemberVerdict.DIFFERS,
        MemberVerdict.VERIFIED,
    ]
    assert len(asked_about) == 1
