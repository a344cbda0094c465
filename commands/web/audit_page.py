"""The audit page: the tree, the signed checkpoints, the publications, and on demand whether all of it still holds."""

from __future__ import annotations

from typing import Any

from commands.web.view_cache import County
from commands.words.event_words import EVENTS
from commands.words.problem_text import problem_text
from lifecycle.ledger import checkpoints
from lifecycle.ledger.verification import VerificationResult, verify
from lifecycle.log.signed_notes import Checkpoint
from projections.audit.publications import check_publication, publication_records


def trust(county: County, *, verified: bool) -> dict[str, Any]:
    """The ledger's state now, whatever the axes; with `verified` made again from every stored byte."""
    ledger = county.ledger
    head = ledger.head()
    notes = [Checkpoint.parse(note.text) for note in checkpoints.stored_checkpoints(ledger)]
    return {
        "head": {
            "events": head.position,
            "recorded_at": head.recorded_at,
            "root": head.tree().root().hex(),
            "hash": head.tree_hash,
            "origin": head.origin,
        },
        "checkpoints": [{"size": note.size, "root": note.root.hex()} for note in notes[-20:]],
        "verdict": county.once(f"verdict {head.position}", lambda: _verdict(verify(ledger)))
        if verified
        else None,
        "publications": county.once(f"publications {head.position}", lambda: _publications(county))
        if verified
        else None,
    }


def _verdict(found: VerificationResult) -> dict[str, Any]:
    return {
        "events": found.size,
        "root": found.root.hex(),
        "checked": found.checked,
        "differences": [problem_text(each.problem) for each in found.differences],
    }


def _publications(county: County) -> list[dict[str, Any]]:
    found = [
        (one, check_publication(county.ledger, one)) for one in publication_records(county.ledger)
    ]
    return [
        {
            "event": one.recorded.ref,
            "on": one.event.on.isoformat(),
            "chinese": EVENTS[type(one.event).__name__].chinese,
            "superseded": one.superseded or "",
            "outcome": "无法重算"
            if made.missing
            else f"有 {len(made.differing)} 处不同"
            if made.differing
            else "逐项一致",
        }
        for one, made in found
    ]
