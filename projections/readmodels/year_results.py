"""A year's scores as JSON, from history."""

from __future__ import annotations

from typing import Any

from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import View, evaluate
from projections.scoring.score_json import score_json


def scores(
    ledger: Ledger,
    _url: str,
    view: View,
) -> tuple[dict[str, Any], bool]:
    """Return `score --format json`."""
    return score_json(evaluate(ledger, view)), False
