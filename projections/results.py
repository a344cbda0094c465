"""A year's scores, from the read tables where they hold that view, else from history."""

from __future__ import annotations

from typing import Any

from lifecycle.store import Ledger
from projections.evaluation import View, evaluate
from projections.presentation import score_json


def scores(ledger: Ledger, url: str, view: View) -> dict[str, Any]:
    """`score --format json`."""
    return score_json(evaluate(ledger, view))
