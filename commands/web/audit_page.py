"""The audit page: the event tree, its signed checkpoints, and a verification on request."""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from typing import Final, NamedTuple

from commands.web.county_view import CountyView
from commands.words import page_words
from commands.words.date_text import chinese_moment
from commands.words.event_words import EVENTS
from commands.words.messages import shown
from commands.words.option_words import without_voucher_options
from commands.words.problem_text import problem_text
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import checkpoints
from lifecycle.ledger.audit_expectations import LedgerDifference
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import VerificationResult
from lifecycle.log.signed_notes import Checkpoint
from projections.audit.publication_problems import publication_problems
from projections.audit.publications import PublicationCheck

_LAST_CHECKPOINTS: Final = 20
# Readers who verify at the same time wait for each other: each reads the whole ledger.
_VERIFYING: Final = Lock()


class TreeHead(NamedTuple):
    """The end of the ledger: number of events, time of the last one, root of the tree."""

    events: int
    recorded_at: str
    root: str
    hash: str
    origin: str


class CheckpointTexts(NamedTuple):
    """A signed checkpoint: how many events it covers, and their root."""

    size: int
    root: str


class VerdictTexts(NamedTuple):
    """The outcome of a verification: when and up to where, what was counted, every difference.

    `word` is never VERIFIED: a browser brings nothing from outside the store.
    """

    word: str
    reached_at: str
    events: int
    root: str
    checked: dict[str, int]
    differences: list[str]
    not_shown: list[str]


class PublicationTexts(NamedTuple):
    """A published result, what it rests on, and whether computing it again gives the same."""

    event: str
    on: str
    kind: str
    as_of: str
    position: int
    rulebook: str
    digest: str
    standing: str
    reason: str
    supersedes: str
    superseded: str
    outcome: str


class AuditContent(NamedTuple):
    """What the audit page shows; verdict and publications are None until they are asked for."""

    head: TreeHead
    checkpoints: list[CheckpointTexts]
    verdict: VerdictTexts | None = None
    publications: list[PublicationTexts] | None = None


def audit_content(county: CountyView, *, verify: bool) -> AuditContent:
    """The state of the ledger as it is now, whatever the axes.

    `verify` computes the tree and every publication again from the stored bytes.
    """
    ledger = county.ledger
    head = ledger.head()
    tree_head = TreeHead(
        events=head.position,
        recorded_at=_printed_moment(head.recorded_at),
        root=head.tree().root().hex(),
        hash=head.tree_hash,
        origin=head.origin,
    )
    content = AuditContent(tree_head, _checkpoint_rows(ledger))
    if not verify:
        return content
    with _VERIFYING:
        # The moment of the beginning: what is edited while it runs may not be noticed.
        begun_at = ledger.clock()
        result = county.verification()
        publications = county.publications()
        for problem in publication_problems(publications):
            result.differences.append(LedgerDifference(problem))
    return content._replace(
        verdict=_verdict_texts(result, begun_at),
        publications=[publication_texts(check) for check in publications],
    )


def _printed_moment(recorded_at: str | None) -> str:
    """The moment as pages write it; empty for a ledger without events."""
    if not recorded_at:
        return ""
    return chinese_moment(datetime.fromisoformat(recorded_at))


def _checkpoint_rows(ledger: Ledger) -> list[CheckpointTexts]:
    rows: list[CheckpointTexts] = []
    for note in checkpoints.stored_checkpoints(ledger):
        checkpoint = Checkpoint.parse(note.text)
        row = CheckpointTexts(checkpoint.size, checkpoint.root.hex())
        # A cosigned checkpoint is kept once for each cosigner.
        if row not in rows[-1:]:
            rows.append(row)
    return rows[-_LAST_CHECKPOINTS:]


def _verdict_texts(result: VerificationResult, begun_at: datetime) -> VerdictTexts:
    return VerdictTexts(
        # The same word as `audit verify` prints, in every language.
        word=result.verdict.value,
        reached_at=chinese_moment(begun_at.astimezone(SHANGHAI)),
        events=result.size,
        root=result.root.hex(),
        checked=dict(result.checked),
        differences=[problem_text(difference.problem) for difference in result.differences],
        not_shown=[without_voucher_options(str(shown(problem))) for problem in result.not_shown],
    )


def publication_texts(check: PublicationCheck) -> PublicationTexts:
    """A publication in words, with what computing it again gave."""
    publication = check.publication
    event, standing = publication.event, publication.standing
    return PublicationTexts(
        event=publication.recorded.ref,
        on=event.on.isoformat(),
        kind=EVENTS[type(event).__name__].chinese,
        as_of=event.as_of.isoformat(),
        position=event.position,
        rulebook=event.rulebook_id,
        digest=event.rulebook_digest,
        standing=page_words.publication_standing(
            official=standing.official,
            adopted=standing.adopted,
            in_force=standing.in_force,
            left_out=event.tree_size - event.position,
        ),
        reason=standing.reason or "",
        supersedes=publication.supersedes or "",
        superseded=publication.superseded or "",
        outcome=_outcome(check),
    )


def _outcome(check: PublicationCheck) -> str:
    if check.absent_members:
        return page_words.NEEDS_MEMBERS
    if check.missing:
        return page_words.CANNOT_RECOMPUTE
    if check.differing:
        return page_words.recomputed_differently(len(check.differing))
    return page_words.RECOMPUTED_ALIKE
