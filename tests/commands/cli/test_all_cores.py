"""Commands on a large ledger use every core, and print what one process prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pytest

from lifecycle import all_cores
from lifecycle.process_pool import ProcessPool
from tests.county import CountyCli
from tests.platforms import not_on_windows

pytestmark = not_on_windows("one process evaluates there: Wine stalls on the pool's empty messages")

COMMANDS: Final = (
    ("score", "--year", "2024", "--format", "json"),
    ("score", "--year", "2024", "--known-at", "2024-09-01T00:00:00+08:00", "--format", "csv"),
    ("score", "--year", "2024", "--rulebook", "teams-quarterly", "--format", "json"),
    ("board", "2024-05", "--format", "json"),
)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let two processes pay for any ledger; the list grows by the parts of each evaluation."""
    counts: list[int] = []
    outcomes = ProcessPool.outcomes

    def counted(
        pool: ProcessPool,
        function: Callable[[Any, Any], Any],
        common: object,
        parts: Sequence[Any],
    ) -> Iterator[Any]:
        counts.append(len(parts))
        return outcomes(pool, function, common, parts)

    monkeypatch.setattr(ProcessPool, "outcomes", counted)
    monkeypatch.setattr(ProcessPool, "events_of_part", 700)
    monkeypatch.setattr(all_cores, "usable_cores", lambda: 2)
    monkeypatch.setattr(all_cores, "_LEAST_EVENTS", {"fork": 1, "spawn": 1})
    return counts


@pytest.mark.parametrize("command", COMMANDS)
def test_all_cores_print_what_one_process_prints(
    county: CountyCli,
    command: tuple[str, ...],
    request: pytest.FixtureRequest,
) -> None:
    alone = county(*command)
    counts = request.getfixturevalue("small_parts")
    assert county(*command) == alone
    assert counts
    assert min(counts) > 1
