"""Hand-worked vectors of what looks at units' results: ranks with units out of the ranking."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import canonical, parse
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from tests.agreement.test_policies_agreement import assert_lines_agree, recomputed
from tests.agreement.test_shape_vectors import UNITS, Facts, figure
from tests.ledgers import fill, new_ledger
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, HEAD, OUTCOME, RULE
from tests.reference.kinds import evaluate_book
from tests.reference.scoring import shown

PER_FIGURE = RULE + FIGURE + 'kind = "per_item"\npoints = 1\n'
FALSE = 'any_of = [{ all = [{ measure = "indicator", indicator = "false", at_least = 1 }] }]\n'
UNRANKED = PER_FIGURE + RULE.replace("r.1", "o") + OUTCOME + "unranked = true\n" + FALSE
FIVE_FOUR_THREE = [figure("5"), figure("4", "乙镇"), figure("3", "丙镇")]
PLACES: dict[str, tuple[str, Facts, list[tuple[str, int | None]]]] = {
    "all are ranked": (
        UNRANKED,
        FIVE_FOUR_THREE,
        [("甲镇", 1), ("乙镇", 2), ("丙镇", 3)],
    ),
    "the others close up": (
        UNRANKED,
        [*FIVE_FOUR_THREE, figure("1", indicator="false")],
        [("乙镇", 1), ("丙镇", 2), ("甲镇", None)],
    ),
    "just below the bound": (
        UNRANKED,
        [*FIVE_FOUR_THREE, figure("0.99", indicator="false")],
        [("甲镇", 1), ("乙镇", 2), ("丙镇", 3)],
    ),
    "two out of the ranking": (
        UNRANKED,
        [
            *FIVE_FOUR_THREE,
            figure("1", "乙镇", indicator="false"),
            figure("1", "丙镇", indicator="false"),
        ],
        [("甲镇", 1), ("乙镇", None), ("丙镇", None)],
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_vector_gives_its_places_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, places = PLACES[name]
    rows = rows_in_all_three(HEAD + rules, facts, tmp_path)
    assert [(row["unit"], row["rank"]) for row in rows] == places


def rows_in_all_three(text: str, facts: Facts, folder: Path) -> list[dict[str, Any]]:
    """Every unit's row at the end of 2024, the same by evaluator, verifier and reference."""
    loaded = parse(text)
    day = date(2024, 12, 31)
    units = [
        {"event": "UnitRegistered", "occurred_on": "2024-01-01", "unit": unit}
        | {"sequence": "乡镇", "category": "township"}
        for unit in UNITS
    ]
    records = [{"recorded_by": "甲", **record} for record in (*units, *facts)]
    with new_ledger(folder) as ledger:
        fill(ledger, records, keep=False)
        view = View(2024, day, ledger.head().position, loaded)
        rows: list[dict[str, Any]] = score_json(evaluate(ledger, view))["units"]
        assert rows == recomputed(ledger, canonical(loaded.rulebook), day)
        assert_lines_agree(ledger, view)
    stamped = [{"recorded_at": "2025-01-05T09:00:00+08:00", **record} for record in records]
    assert rows == shown(evaluate_book(loaded.data(), stamped, 2024, day))
    return rows
