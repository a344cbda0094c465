"""The evidence files that a backup or a copy takes along, and those that it cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, msg

_DIGEST: Final = re.compile("[0-9a-f]{64}")
_ALTERED: Final = msg("the evidence file {path} was altered and is left out")
_GONE: Final = msg("the evidence file {path} was kept, is gone, and is left out")
_UNREADABLE: Final = msg("the evidence file {path} cannot be read and is left out: {why}")


class EvidenceInventory(NamedTuple):
    """The files that are what their names say, by digest, and why others are lacking."""

    sound: list[Path]
    lacking: list[Problem]


def take_inventory(ledger: Ledger, evidence: EvidenceStore) -> EvidenceInventory:
    """Read every file of the folder, and look for those that the ledger says were kept."""
    with ledger.recorder.cursor(write=False) as cursor:
        kept = ledger.recorder.kept_evidence(cursor)
    stored = (path.name for path in evidence.folder.glob("??/*") if _DIGEST.fullmatch(path.name))
    return _inventory(evidence, {*stored, *kept})


def _inventory(evidence: EvidenceStore, digests: Iterable[str]) -> EvidenceInventory:
    inventory = EvidenceInventory([], [])
    for sha256 in sorted(digests):
        path = evidence.path_of(sha256)
        problem = _problem_of(evidence, sha256)
        if problem is None:
            inventory.sound.append(path)
        else:
            inventory.lacking.append(problem)
    return inventory


def _problem_of(evidence: EvidenceStore, sha256: str) -> Problem | None:
    values: dict[str, object] = {"path": evidence.path_of(sha256)}
    try:
        state = evidence.state_of(sha256)
    except OSError as error:
        return Problem("evidence_unreadable", _UNREADABLE, values | {"why": error.strerror})
    if state == "altered":
        return Problem("evidence_altered", _ALTERED, values)
    if state == "absent":
        return Problem("evidence_gone", _GONE, values)
    return None
