"""A member's ledger that stays open: verified again once it may have changed (spec 8)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from commands.handlers.member_ledgers import ReportWait, open_member, report_nothing
from commands.handlers.member_looks import MemberState, unopened_state, verified_state
from commands.handlers.member_verification import MemberFindings, findings_in, verified_members
from commands.handlers.region_file import RegionMember
from commands.handlers.region_look import MemberVerdict
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.sqlite_source import log_beside
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import COST_OF_VERIFYING
from lifecycle.part_engine import EngineChoice
from lifecycle.rejections import LedgerError

_COUNT_CHECKPOINTS: Final = "SELECT count(*) FROM ledger_checkpoints"


class WatchedLedger:
    """A member whose ledger is opened once, and verified as often as something of it changes."""

    def __init__(
        self,
        member: RegionMember,
        report_wait: ReportWait = report_nothing,
    ) -> None:
        self.member = member
        self._report_wait = report_wait
        self.ledger: Ledger | None = None
        self._resources = ExitStack()
        # Pages may still read from the ledger that was open before the present one.
        self._resources_before = ExitStack()
        self._place: Hashable = None
        self._content: Hashable = None
        self._state: MemberState | None = None
        self._open()

    @property
    def state(self) -> MemberState:
        """What opening and verifying the ledger showed; verified here unless it was already."""
        if self._state is None:
            assert self.ledger is not None  # of one that cannot be opened the state is known
            self.take(findings_in(self.member, self.ledger))
            assert self._state is not None
        return self._state

    def take(self, findings: MemberFindings) -> None:
        """Take what verifying the open ledger in another process showed."""
        assert self.ledger is not None
        self._state = verified_state(self.member, self.ledger, findings)

    def close(self) -> None:
        """Close what is open."""
        self._resources_before.close()
        self._resources.close()

    def refresh(
        self,
        *,
        verify: bool,
        retry: bool,
    ) -> bool:
        """Bring the state up to what stands there now; return whether anything was verified.

        `verify` does so though nothing seems changed, which an edit on a server or another bundle
        behind a URL may hide; `retry` opens again what could not be opened or used.
        """
        is_elsewhere = _place_signs(self.member) != self._place
        if self.ledger is None:
            if not (is_elsewhere or verify or retry):
                return False
            self._open()
            return True
        # Before anything is verified: what is written meanwhile is seen at the next look.
        content = self._content_signs(self.ledger)
        is_left_behind = self.ledger.recorder.is_behind
        # What is open would go on: with a bundle that was fetched, with a copy of a store, and with
        # the pages of a file that SQLite keeps in memory, whatever stands in the file by now.
        if is_elsewhere or is_left_behind or verify or content is None:
            self._open()
            return True
        is_unusable = self.state.verdict is MemberVerdict.UNUSABLE
        if content != self._content or (retry and is_unusable):
            self._content = content
            self._state = None
            return True
        return False

    def _open(self) -> None:
        """Open the ledger, again if one is open; it is verified when its state is asked for."""
        self._resources_before.close()
        self._resources_before = self._resources
        self._resources = ExitStack()
        self._place = _place_signs(self.member)
        try:
            self.ledger = open_member(self.member, self._resources, self._report_wait)
        except (LedgerError, OSError) as error:
            self.ledger = None
            self._state = unopened_state(self.member, error)
            return
        self._content = self._content_signs(self.ledger)
        self._state = None

    def _content_signs(self, ledger: Ledger) -> Hashable:
        """Return what differs once a ledger has grown or a file was edited; None if unreadable."""
        try:
            with ledger.recorder.cursor(write=False) as cursor:
                cursor.execute(_COUNT_CHECKPOINTS)
                checkpoints = cursor.fetchone()
            written = tuple(_file_signs(path) for path in _files(self.member))
            return ledger.head(), checkpoints, written
        except (LedgerError, OSError):
            return None


def verify_together(
    watched: Iterable[WatchedLedger],
    choose_engine: EngineChoice,
) -> None:
    """Verify opened ledgers by the engine that is chosen for so many events, if one is.

    Without one each is verified once its state is asked for.
    """
    by_unit: dict[str, WatchedLedger] = {}
    opened: dict[str, Ledger] = {}
    for each in watched:
        if each.ledger is not None:
            by_unit[each.member.unit] = each
            opened[each.member.unit] = each.ledger
    events = sum(ledger.head().position for ledger in opened.values())
    engine = choose_engine(events * COST_OF_VERIFYING)
    if engine is not None:
        members = {unit: each.member for unit, each in by_unit.items()}
        for unit, findings in verified_members(opened, members, engine).items():
            by_unit[unit].take(findings)


def _place_signs(member: RegionMember) -> Hashable:
    """Return what differs once a member's file is replaced or edited; a bundle is never edited.

    Of a database server and of a URL nothing can be seen from outside.
    """
    if member.bundle is not None:
        return None if "://" in member.bundle else _file_signs(Path(member.bundle))
    # Of the store alone: its log comes and goes, and reaches the file only now and then.
    store = next(_files(member), None)
    return None if store is None else _file_signs(store)


def _file_signs(path: Path) -> Hashable:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _files(member: RegionMember) -> Iterator[Path]:
    """Yield the files to which a member's store is written; none of a server or a bundle."""
    path = None
    if member.store is not None:
        path = sqlite_path(member.store)
    if path is not None:
        yield path
        yield log_beside(path)
