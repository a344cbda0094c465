"""Compare the evidence that events name with what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, msg

EVIDENCE_ALTERED: Final = msg(
    "the evidence {name} at position {position} ({stream}) differs from what was recorded: {path}"
)
EVIDENCE_GONE: Final = msg(
    "the evidence {name} at position {position} ({stream}) was kept and is gone: {path}"
)
EVIDENCE_INVENTED: Final = msg(
    "the store says that the evidence {sha256} was kept with the event at position {position}, "
    "which does not name it"
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(slots=True)
class EvidenceCheck:
    """The result of reading all evidence again: how many files are sound, which are not."""

    sound: int = 0
    never_kept: list[str] = field(default_factory=list)
    """The digests of files that are absent and were named by digest alone, as in an import."""
    unknown: list[str] = field(default_factory=list)
    """The digests of absent files of which an earlier version did not say whether it kept them."""
    differences: list[Problem] = field(default_factory=list)


class EvidenceReference(NamedTuple):
    """A file that an event names."""

    position: int
    stream: str
    name: str
    sha256: str


class KeptFiles(NamedTuple):
    """What the store says of the files that were kept."""

    positions: dict[str, int]
    """The event with which each file was kept, by digest."""
    upgraded_at: int
    """The last position at which nothing was said of it."""


def verify_evidence(
    ledger: Ledger,
    evidence: EvidenceStore,
    upto: int = MAX_POSITION,
) -> EvidenceCheck:
    """Read every file that an event names and compare it with its digest.

    An absent file may never have been here: an import brings digests alone.
    """
    with ledger.recorder.cursor(write=False) as cursor:
        kept = KeptFiles(ledger.recorder.kept_evidence(cursor), ledger.recorder.upgraded_at(cursor))
    check = EvidenceCheck()
    checked: set[str] = set()
    unexplained = dict(kept.positions)
    for reference in _references(ledger, upto):
        if unexplained.get(reference.sha256) == reference.position:
            del unexplained[reference.sha256]
        if reference.sha256 not in checked:
            checked.add(reference.sha256)
            _check_file(reference, evidence, kept, check)
    for sha256, position in unexplained.items():
        if position <= upto:
            values: dict[str, object] = {"sha256": sha256, "position": position}
            check.differences.append(Problem("evidence_row", EVIDENCE_INVENTED, values))
    return check


def _check_file(
    reference: EvidenceReference,
    evidence: EvidenceStore,
    kept: KeptFiles,
    check: EvidenceCheck,
) -> None:
    sha256 = reference.sha256
    state = evidence.state_of(sha256)
    if state == "sound":
        check.sound += 1
    elif state == "altered":
        problem = _file_problem("evidence_altered", EVIDENCE_ALTERED, reference, evidence)
        check.differences.append(problem)
    elif sha256 in kept.positions:
        problem = _file_problem("evidence_gone", EVIDENCE_GONE, reference, evidence)
        check.differences.append(problem)
    elif reference.position <= kept.upgraded_at:
        check.unknown.append(sha256)
    else:
        check.never_kept.append(sha256)


def _file_problem(
    rule: str,
    template: str,
    reference: EvidenceReference,
    evidence: EvidenceStore,
) -> Problem:
    values: dict[str, object] = {
        "name": reference.name,
        "position": reference.position,
        "stream": reference.stream,
        "path": evidence.path_of(reference.sha256),
    }
    return Problem(rule, template, values)


def _references(ledger: Ledger, upto: int) -> Iterator[EvidenceReference]:
    """Yield every file named by an event, or by a correction of one."""
    with ledger.recorder.cursor(write=False) as cursor:
        rows = ledger.recorder.between(cursor, -MAX_POSITION, upto)
        for position, stream, _version, _topic, stored in rows:
            # SQLite lets other programs store text where bytes belong; the audit pass reports that.
            state: object = stored
            # Searching the bytes first spares decoding the many events without evidence.
            if isinstance(state, bytes) and b'"sha256"' in state:
                for name, sha256 in _named_files(state):
                    yield EvidenceReference(position, stream, name, sha256)


def _named_files(state: bytes) -> list[tuple[str, str]]:
    """Return name and digest of each file in an event's bytes.

    None of damaged bytes: the audit pass reports those.
    """
    try:
        fields: dict[str, Any] = orjson.loads(state)
        replacement = fields.get("replacement") or {}
        files = [*(fields.get("evidence") or []), *(replacement.get("evidence") or [])]
        return [
            (str(file["name"]), file["sha256"])
            for file in files
            if _DIGEST.fullmatch(file["sha256"])
        ]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        return []
