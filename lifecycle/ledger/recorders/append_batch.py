"""All that one append stores: the events, and what the store keeps beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lifecycle.ledger.recorders.stored_rows import StoredRow

# A tuple and no class, as of the event itself: an import makes one for each record.
KeyAppend = tuple[str, str, int, bytes]
"""The row of `ledger_keys` of an appended event: key, digest, position, leaf."""


class LostClaim(NamedTuple):
    """A claim that a stream gives up, because a correction changed the fact it rests on."""

    kind: str
    value: str
    stream: str


class TakenClaim(NamedTuple):
    """A claim that a stream takes, and the event that makes it."""

    kind: str
    value: str
    stream: str
    position: int


class TakenNumber(NamedTuple):
    """The last counter that a sheet of a sign and year took."""

    sign: str
    year: int
    counter: int


class KeptEvidence(NamedTuple):
    """The row of `ledger_evidence` of a file that was kept with an event."""

    sha256: str
    position: int


@dataclass(frozen=True, slots=True)
class ClaimChanges:
    """How the uniqueness indexes move with an append."""

    lost: list[LostClaim] = field(default_factory=list)
    taken: list[TakenClaim] = field(default_factory=list)
    numbers: list[TakenNumber] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AppendBatch:
    """Events in the order of their positions, with their leaf hashes and keys.

    `recorded_at` is the last event's record time.
    """

    rows: list[StoredRow]
    leaves: list[bytes]
    keys: list[KeyAppend]
    recorded_at: str
    changes: ClaimChanges = field(default_factory=ClaimChanges)
    evidence: list[KeptEvidence] = field(default_factory=list)
