"""Parts of a result's projects: ranges of streams of one ledger, which any process can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import partial
from typing import NamedTuple

from lifecycle.ledger.kept_store import KeptStore
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.recorders.stream_ranges import StreamRange
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartOutcome
from projections.facts.folded_projects import folded_projects
from projections.facts.project_facts import ProjectFacts


class LedgerPlace(NamedTuple):
    """Where a process opens a ledger by itself, and the tree that must stand there.

    Exactly one of `store` and `bundle` is given. Without `root` the place is that of a ledger which
    is open here: `read_from` compares, once the parts are read.
    """

    store: str | None
    bundle: str | None = None
    tree_size: int = 0
    root: str = ""


class LedgerPart(NamedTuple):
    """A range of a ledger's projects up to a position; of a region, the member that has them.

    Without `streams` it is all of the ledger's.
    """

    place: LedgerPlace
    position: int
    streams: StreamRange | None
    unit: str | None = None


OpenLedger = Callable[[LedgerPlace], AbstractContextManager[Ledger]]
"""Opens the ledger of a part; a function of a module, so that a process can be told its name."""


class SharedParts(NamedTuple):
    """The parts of a result's projects, and how a process opens the ledger of each."""

    open_ledger: OpenLedger
    parts: list[LedgerPart]


def place_here(ledger: Ledger) -> LedgerPlace | None:
    """Return where other processes of this machine open a ledger; None where they cannot."""
    return None if ledger.url is None else LedgerPlace(ledger.url)


def opened_store(place: LedgerPlace) -> Ledger:
    """Open a ledger that another process of this machine has open."""
    assert place.store is not None  # bundles were laid out as stores by the other process
    return Ledger.open(place.store)


def opened_for_parts() -> OpenLedger:
    """Return what opens the ledgers of parts here; a server's stays open for the next part."""
    return partial(_opened_by, KeptStore())


def _opened_by(stores: KeptStore, place: LedgerPlace) -> AbstractContextManager[Ledger]:
    assert place.store is not None  # bundles were laid out as stores by the other process
    return stores.opened(place.store)


def read_from(ledger: Ledger, outcomes: Iterator[PartOutcome]) -> Iterator[PartOutcome]:
    """Yield what the parts of a ledger gave, which other processes opened by its place.

    Raises `StoreError` at the end where another store's file stands there by then.
    """
    yield from outcomes
    # A process that opens a file cannot know that another was put in its place; who has the first
    # one open can.
    ledger.head()


def parts_of_ledger(
    ledger: Ledger,
    place: LedgerPlace,
    position: int,
    most_events: int,
    unit: str | None = None,
) -> list[LedgerPart]:
    """Cut a ledger's projects into parts of about so many events.

    A bundle is one part: whoever reads any of it lays all of it out first.
    """
    if place.bundle is not None:
        return [LedgerPart(place, position, None, unit)]
    ranges = ledger.stream_ranges("project", position, most_events=most_events)
    return [LedgerPart(place, position, streams, unit) for streams in ranges]


@contextmanager
def rows_of_part(ledger: Ledger, part: LedgerPart) -> Iterator[Iterator[StoredRow]]:
    """Iterate over the stored rows of a part's projects, by stream and version."""
    if part.streams is None:
        reading = ledger.rows_of_kind("project", part.position)
    else:
        reading = ledger.rows_of_range("project", part.streams, part.position)
    with reading as rows:
        yield rows


def folded_part(
    ledger: Ledger,
    part: LedgerPart,
    day: date,
) -> Iterator[ProjectFacts]:
    """Yield every project of a part that is there by a day."""
    with rows_of_part(ledger, part) as rows:
        yield from folded_projects(rows, day)
