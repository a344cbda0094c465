"""The index by which a decision looks across streams: in the store's tables, or in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol

from lifecycle.deciding.claims import Claim
from lifecycle.ledger.recorders.name_index import code_claim


class ClaimIndex(Protocol):
    """What streams claim against each other, and the last numbers of sheets."""

    def add(self, claim: Claim, stream_id: str, position: int) -> None:
        """Let the stream hold the claim from the event at this position on."""

    def remove(self, claim: Claim, stream_id: str) -> None:
        """Take the claim from the stream, because a correction changed the fact it rests on."""

    def add_name(self, normalised_name: str, stream_id: str, position: int) -> None:
        """Let a project be found by its code and its name, from the event at a position on."""

    def remove_name(self, normalised_name: str, stream_id: str) -> None:
        """Let a project be found no longer by its code and a name."""

    def near(self, normalised_name: str) -> Sequence[str]:
        """Return the streams whose names share most signatures of a name."""

    def holders(self, claim: Claim) -> Sequence[str]:
        """Return the ids of the streams that hold a claim, the first that claimed it first."""

    def pairs(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield every claim of a kind as its value and the stream that holds it."""

    def set_last_number(self, sign: str, year: int, counter: int) -> None:
        """Note that a sheet of this sign and year took the counter."""

    def last_number(self, sign: str, year: int) -> int:
        """Return the last counter of this sign and year, 0 where there is none."""


def in_order(positions: dict[str, int]) -> list[str]:
    """Return the streams that hold a claim by the positions from which they do."""
    return sorted(positions, key=positions.__getitem__)


class ReplayedIndex:
    """The index in memory, as the events of a replay move it."""

    def __init__(self) -> None:
        self.claims: defaultdict[str, dict[str, dict[str, int]]] = defaultdict(dict)
        """By kind and value the streams that hold it, with the position of the claim."""
        self.numbers: dict[tuple[str, int], int] = {}
        """The last counter of each sign and year."""

    def add(self, claim: Claim, stream_id: str, position: int) -> None:
        """Let the stream hold the claim from the event at this position on."""
        holders = self.claims[claim.kind].setdefault(claim.value, {})
        holders.setdefault(stream_id, position)

    def remove(self, claim: Claim, stream_id: str) -> None:
        """Take the claim from the stream."""
        values = self.claims[claim.kind]
        holders = values.get(claim.value, {})
        holders.pop(stream_id, None)
        if not holders:
            values.pop(claim.value, None)

    def holders(self, claim: Claim) -> Sequence[str]:
        """Return the ids of the streams that hold a claim, the first that claimed it first."""
        return in_order(self.claims[claim.kind].get(claim.value, {}))

    def add_name(self, normalised_name: str, stream_id: str, position: int) -> None:  # noqa: ARG002 -- the index's signature
        """Let a project be found by its code; its name warns nobody in a replay."""
        self.add(code_claim(stream_id), stream_id, position)

    def remove_name(self, normalised_name: str, stream_id: str) -> None:  # noqa: ARG002 -- the index's signature
        """Let a project be found no longer by its code."""
        self.remove(code_claim(stream_id), stream_id)

    def near(self, normalised_name: str) -> Sequence[str]:  # noqa: ARG002 -- the index's signature
        """Return no streams: no clerk reads a warning of what was recorded long ago."""
        return ()

    def pairs(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield every claim of a kind as its value and the stream that holds it."""
        for value, holders in self.claims[kind].items():
            for stream_id in holders:
                yield value, stream_id

    def set_last_number(self, sign: str, year: int, counter: int) -> None:
        """Note that a sheet of this sign and year took the counter."""
        self.numbers[sign, year] = counter

    def last_number(self, sign: str, year: int) -> int:
        """Return the last counter of this sign and year, 0 where there is none."""
        return self.numbers.get((sign, year), 0)
