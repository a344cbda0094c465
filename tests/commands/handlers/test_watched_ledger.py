"""A member's ledger that a server keeps open, once its file is edited without SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from commands.handlers.region_file import read_region_file
from commands.handlers.region_look import MemberVerdict
from commands.handlers.watched_ledger import WatchedLedger
from lifecycle.ledger.recorders import sqlite_path
from tests.regions import KAIHUA, Region, project


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
