"""A year's scores, from the read tables where they hold that view, else from history."""

from __future__ import annotations

from typing import Any

from lifecycle.ledger.store import Ledger
from projections import readmodels
from projections.scoring.evaluation import View, evaluate
from projections.scoring.score_json import score_json


def scores(ledger: Ledger, url: str, view: View) -> tuple[dict[str, Any], bool]:
    """`score --format json`, and whether tables had to be made anew because another hand had changed them."""
    if view.known_at is None:
        found = readmodels.scores(ledger, url, view)
        if found is not None:
            return found
    return score_json(evaluate(ledger, view)), False
