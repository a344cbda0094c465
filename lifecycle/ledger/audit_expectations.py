"""What an audit pass compares the ledger with, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lifecycle.log.witness_file import WitnessLine
from lifecycle.rejections import Problem, msg

NEVER: Final = msg(
    "{source} says that there were {size} events; the store holds {held}: "
    "the last ones were removed"
)
ROOT: Final = msg(
    "{source} has another root for the first {size} events: of the events {first} to {size} "
    "one was changed, removed, moved or inserted"
)
LEAF: Final = msg(
    "{source} says that another event stood at position {position}: "
    "it was changed, moved, or inserted"
)
GAP: Final = msg(
    "no event stands at position {position}, the next one is at {next}: it was removed or moved"
)
NODE: Final = msg(
    "the stored tree does not match events {first} to {last}: an event or the tree was changed"
)
NODES_INVENTED: Final = msg(
    "the stored tree holds nodes of no events (rows that differ: {rows}): they were inserted "
    "outside lifecycle"
)
HEAD: Final = msg(
    "the store's head says position {position}, and the store holds {held} events: "
    "events were removed or inserted outside lifecycle"
)
ORIGIN: Final = msg("{source} is from another store, {found}; this one is {origin}")
NAME: Final = msg("{source} calls the event at position {position} {ref}; it is {event}")
KEY_REPLACED: Final = msg(
    "the public key noted in {source} is none of this store's keys: the first key was replaced"
)
KEY_SIGNED_NOTHING: Final = msg(
    "no checkpoint is signed by the key {key}, nor by one that it signed for"
)
KEY_COSIGNED_NOTHING: Final = msg("no checkpoint is cosigned by the cosigner {key}")
FOREIGN_SIGNATURE: Final = msg(
    "{source} was invented, or the store's first key was replaced: {why}"
)
INVENTED: Final = msg(
    "{source} was invented: what it says of {ref} does not fit its own leaf hash and signed tree"
)


@dataclass(frozen=True, slots=True)
class DifferenceTemplates:
    """The sentences for what does not fit a piece of evidence, by what it is worth."""

    leaf: str
    root: str
    never: str


KEPT: Final = DifferenceTemplates(LEAF, ROOT, NEVER)
SIGNED_RECEIPT: Final = DifferenceTemplates(
    leaf=msg(
        "{source}, which the store's key signed, says that another event stood at position "
        "{position}: it was changed, moved, or inserted"
    ),
    root=msg(
        "{source}, which the store's key signed, has another root for the first {size} events: of "
        "the events {first} to {size} one was changed, removed, moved or inserted"
    ),
    never=msg(
        "{source}, which the store's key signed, says that there were {size} events; the store "
        "holds {held}: the last ones were removed"
    ),
)
UNSIGNED_RECEIPT: Final = DifferenceTemplates(
    leaf=msg(
        "{source}, which is unsigned and may be invented, says that another event stood at "
        "position {position}"
    ),
    root=msg(
        "{source}, which is unsigned and may be invented, has another root for the first {size} "
        "events"
    ),
    never=msg(
        "{source}, which is unsigned and may be invented, says that there were {size} events; the "
        "store holds {held}"
    ),
)


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where the ledger differs, and the event that stands there now, as far as it can be read."""

    position: int
    stream: str | None = None
    version: int | None = None
    recorded_at: str | None = None

    @property
    def ref(self) -> str:
        """What receipts and score lines call the event, such as KH-2024-017#3."""
        stream = self.stream or ""
        subject = stream.partition("/")[2]
        return f"{subject or stream}#{self.version}"


@dataclass(frozen=True, slots=True)
class LedgerDifference:
    """Something that does not fit, and the first event that is known to differ by it."""

    problem: Problem
    place: EventPlace | None = None


@dataclass(frozen=True, slots=True)
class ExpectedRoot:
    """The root at a size, as `source` recorded it.

    `vouches` says that it was kept outside the store.
    """

    size: int
    root: bytes
    source: str
    templates: DifferenceTemplates = KEPT
    vouches: bool = False


@dataclass(frozen=True, slots=True)
class ExpectedLeaf:
    """The leaf hash at a position and the event's name there, as `source` recorded them."""

    position: int
    leaf: bytes
    source: str
    ref: str
    templates: DifferenceTemplates = KEPT


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A witness file's line with its leaf hashes' prefixes.

    `source` is the file and line number.
    """

    line: WitnessLine
    source: str


@dataclass(slots=True)
class AuditExpectations:
    """All that the ledger is compared with beside its own stored tree."""

    roots: list[ExpectedRoot] = field(default_factory=list)
    leaves: list[ExpectedLeaf] = field(default_factory=list)
    lines: list[ExpectedLine] = field(default_factory=list)


@dataclass(slots=True)
class AuditFindings:
    """What differs, and how many of each kind were checked."""

    differences: list[LedgerDifference] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    """What a reader should know, though it differs from nothing."""

    def count(self, kind: str, number: int = 1) -> None:
        """Note that so many of a kind were checked."""
        self.checked[kind] = self.checked.get(kind, 0) + number

    def differ(
        self, rule: str, template: str, place: EventPlace | None = None, /, **values: object
    ) -> None:
        """Note a difference."""
        problem = Problem(rule, template, values)
        self.differences.append(LedgerDifference(problem, place))
