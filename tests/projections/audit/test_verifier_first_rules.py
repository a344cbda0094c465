"""What version 0.1 published, recomputed by its rules: it ranked every registered unit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from lifecycle.rulebook import canonical, shipped
from projections.audit.evaluators import EVALUATOR
from projections.audit.frozen_results import frozen_board, frozen_scores
from projections.audit.verifier import verify_bundle as verifier
from projections.scoring.result_view import View
from tests.agreement.test_region import stored_streams
from tests.given import REPORTED, World, of, unit

BOOK: Final = shipped("kaihua-2024")
BOOKS: Final = {BOOK.digest: verifier.CheckedRulebook(json.loads(canonical(BOOK.rulebook)))}
MARCH: Final = date(2024, 3, 31)
FIRST: Final = "lifecycle 0.1.0"
CALENDAR: Final = "0" * 64
LISTS: Final = ("units", "candidates", "listed", "interviews")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A unit whose registration lies behind the day that is published."""
    later = unit("池淮镇", occurred_on="2024-06-01")
    consulted = of("ConsultationHeld", "2024-02-01", outcome="passed")
    local_world = World(tmp_path).given(*REPORTED, consulted, later)
    yield local_world
    local_world.ledger.close()


def result_of(world: World, kind: str, *, ranks_registered: bool) -> dict[str, Any]:
    """What is published of March: scores or a board."""
    position = world.ledger.head().position
    view = View(2024, MARCH, position, BOOK, ranks_registered=ranks_registered)
    if kind == "ScoresPublished":
        return frozen_scores(world.ledger, view)
    return frozen_board(world.ledger, view, "2024-03")


def without_names(result: dict[str, Any]) -> dict[str, Any]:
    """A result as version 0.1 wrote it: units by their identities alone."""
    for rows in LISTS:
        for row in result.get(rows, ()):
            row.pop("name", None)
    return result


def check(world: World, kind: str, evaluator: str, result: dict[str, Any]) -> None:
    """Let the verifier recompute a publication of March."""
    position = world.ledger.head().position
    fields = {
        "year": 2024,
        "as_of": MARCH.isoformat(),
        "position": position,
        "evaluator": evaluator,
        "rulebook_id": BOOK.id,
        "rulebook_digest": BOOK.digest,
        "calendar_digest": CALENDAR,
        "result": result,
    }
    if kind == "BoardPublished":
        fields["month"] = "2024-03"
    state = json.dumps(fields).encode()
    event = verifier.StoredEvent(position + 1, "county", 1, f"{kind}/1", state)
    verifier.check_publication(event, stored_streams(world.ledger), BOOKS, {CALENDAR})


@pytest.mark.parametrize("kind", ["ScoresPublished", "BoardPublished"])
def test_what_was_published_is_recomputed_by_the_rules_of_its_version(
    world: World, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = without_names(result_of(world, kind, ranks_registered=True))
    today = result_of(world, kind, ranks_registered=False)
    assert len(first["units"]) == len(today["units"]) + 1

    check(world, kind, FIRST, first)
    check(world, kind, EVALUATOR, today)

    confirmed = capsys.readouterr().out.splitlines()
    title = f"publication county#1 ({kind} 2024, as of 2024-03-31)"
    assert [line.partition(", recomputed")[0] for line in confirmed] == [
        f"ok: {title}: all {len(first['units'])} units",
        f"ok: {title}: all {len(today['units'])} units",
    ]


@pytest.mark.parametrize("kind", ["ScoresPublished", "BoardPublished"])
def test_rules_of_another_version_are_a_difference(world: World, kind: str) -> None:
    first = result_of(world, kind, ranks_registered=True)
    today = without_names(result_of(world, kind, ranks_registered=False))

    for evaluator, result in ((EVALUATOR, first), (FIRST, today)):
        with pytest.raises(verifier.VerificationError, match=kind):
            check(world, kind, evaluator, result)
