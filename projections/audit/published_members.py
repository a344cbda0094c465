"""The members of a region's publication, found again in their ledgers of today (spec 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lifecycle.events.county_events import Publication, PublishedMember
from lifecycle.ledger.checkpoints import Signer, open_checkpoint, signers
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.signed_notes import Note, NoteError
from projections.audit.figure_difference import FigureDifference
from projections.facts.member_projects import MemberLedger, MemberProjects

MemberLedgers = Mapping[str, Ledger]
"""Verified ledgers by the member's name: what their trees say follows from their events."""
NO_LEDGERS: Final[MemberLedgers] = {}
_VERIFIED: Final = "VERIFIED"
"""The only verdict that lets a member count."""


@dataclass(frozen=True, slots=True)
class PublishedMembers:
    """The members of a publication that count, as far as their ledgers are at hand.

    `absent` are those without a ledger; `differing` names each ledger that no longer begins with
    the tree that was published.
    """

    projects: MemberProjects
    uncounted: frozenset[str] = frozenset()
    absent: tuple[str, ...] = ()
    differing: list[FigureDifference] = field(default_factory=list)


def members_as_published(
    event: Publication,
    ledgers: MemberLedgers,
) -> PublishedMembers:
    """Return what a publication counted of each member, each held to the tree it names."""
    members: Sequence[PublishedMember] = event.members or ()
    counted = [member for member in members if member.counted]
    differing = _claim_differences(counted)
    sources = []
    for member in counted:
        ledger = ledgers.get(member.unit)
        if ledger is None:
            continue
        differing += _tree_differences(member, ledger)
        assert member.position is not None  # the event requires it of a member that counts
        sources.append(MemberLedger(member.unit, ledger, member.position))
    return PublishedMembers(
        MemberProjects(tuple(sources)),
        frozenset(member.unit for member in members if not member.counted),
        tuple(member.unit for member in counted if member.unit not in ledgers),
        differing,
    )


def _claim_differences(counted: Sequence[PublishedMember]) -> list[FigureDifference]:
    """Return what of the members that count contradicts itself; `publish` writes none of it."""
    differing = []
    origins: set[str | None] = set()
    for member in counted:
        path = f"members[{member.unit}]"
        if member.verdict != _VERIFIED:
            differing.append(FigureDifference(f"{path}.verdict", member.verdict, _VERIFIED))
        if member.left_out is not None:
            differing.append(FigureDifference(f"{path}.left_out", member.left_out, None))
        # One ledger under two names would score its projects twice.
        if member.origin in origins:
            differing.append(FigureDifference(f"{path}.origin", member.origin, None))
        origins.add(member.origin)
    return differing


def _tree_differences(
    member: PublishedMember,
    ledger: Ledger,
) -> Iterator[FigureDifference]:
    """Yield what of the published tree the ledger does not give; later events are no difference."""
    path = f"members[{member.unit}]"
    head = ledger.head()
    if head.origin != member.origin:
        yield FigureDifference(f"{path}.origin", member.origin, head.origin)
        return
    size = member.tree_size
    assert size is not None  # the event requires it of a member that counts
    if head.position < size:
        yield FigureDifference(f"{path}.tree_size", size, head.position)
        return
    with ledger.recorder.cursor(write=False) as cursor:
        root = StoredTree(ledger.recorder, cursor).root(size).hex()
    if root != member.root:
        yield FigureDifference(f"{path}.root", member.root, root)
    elif not _is_signed(member, signers(ledger)):
        # In one line, as every difference is shown.
        note = " ".join((member.checkpoint or "").split())
        yield FigureDifference(f"{path}.checkpoint", note, None)


def _is_signed(
    member: PublishedMember,
    keys: Sequence[Signer],
) -> bool:
    """Whether the member's checkpoint is of its tree, and signed by a key of its ledger."""
    assert member.checkpoint is not None  # the event requires it of a member that counts
    try:
        checkpoint, _signer = open_checkpoint(Note.parse(member.checkpoint), keys)
    except NoteError:
        return False
    signed_tree = (checkpoint.origin, checkpoint.size, checkpoint.root.hex())
    return signed_tree == (member.origin, member.tree_size, member.root)
