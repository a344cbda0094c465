"""What pages show of one view: each part worked out once, when it is first asked for, and remembered for the next reader."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache, partial
from threading import Lock, RLock
from typing import Any, Final, Generic, TypeVar

from lifecycle.ledger.store import Ledger
from projections.facts.unit_facts import UnitFacts
from projections.readmodels.year_results import scores
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View, judged_projects, units_at
from projections.scoring.explanation import Explanation, explain_units
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import prepared
from projections.views.board_view import MonthBoard, month_board
from projections.views.county_overview import MonthOverview, monthly_overviews
from projections.views.target_view import (
    TargetProgress,
    project_target_shares,
    target_progress,
    targets_in_force,
)

T = TypeVar("T")
_VIEWS: Final = 6
"""Views remembered at once; with every event recorded the present one is another."""
HOLD: Final = 5.0
"""Seconds for which the pages stay at a position: readers at once share what was worked out, however fast clerks record."""


class County:
    """The county at a view: year, day, position, rulebook. What one reader waits for serves all who wait with him."""

    def __init__(self, ledger: Ledger, url: str, view: View) -> None:
        self.ledger = ledger
        self.view = view
        self._url = url
        self._lock = RLock()
        self._found: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """A part by its name, made at the first call."""
        if name not in self._found:
            with self._lock:
                if name not in self._found:
                    self._found[name] = make()
        found: T = self._found[name]
        return found

    @property
    def scores(self) -> dict[str, Any]:
        """`score --format json`, from the read tables where they hold the view."""
        return self.once("scores", lambda: scores(self.ledger, self._url, self.view)[0])

    @property
    def units(self) -> dict[str, UnitFacts]:
        """The units in the order of registration."""
        return self.once("units", lambda: units_at(self.ledger, self.view.position))

    @property
    def projects(self) -> dict[str, JudgedProject]:
        """Every project that is there by the day, judged, by its code."""
        return self.once("projects", self._judged)

    def _judged(self) -> dict[str, JudgedProject]:
        with self.ledger.rows_of_kind("project", self.view.position) as rows:
            found = judged_projects(rows, prepared(self.view.rulebook), self.view.axes, self.units)
            return {judged.project.code: judged for judged in found}

    def explained(self, unit: str) -> Explanation:
        """A registered unit's points, each with what it rests on."""
        return self.once("explained", lambda: explain_units(self.ledger, self.view))[unit]

    @property
    def months(self) -> list[MonthOverview]:
        """Scores and ranks at the month ends of the year."""
        return self.once("months", lambda: monthly_overviews(self.ledger, self.view))

    @property
    def ranks_before(self) -> dict[str, int]:
        """Unit → its rank at the end of the month before the day's; empty in January."""
        return {} if self.board is None else self.board.before

    @property
    def board(self) -> MonthBoard | None:
        """The board of the day's month; None where the day lies before the year."""
        return self.once(
            "board",
            lambda: (
                month_board(self.ledger, self.view, f"{self.view.as_of:%Y-%m}")
                if self.view.as_of.year == self.view.year
                else None
            ),
        )

    @property
    def targets(self) -> list[TargetProgress]:
        """The year's targets by the day."""
        return self.once("targets", self._reached)

    def _reached(self) -> list[TargetProgress]:
        view, targets = self.view, self.view.rulebook.rulebook.targets
        given = [
            share for judged in self.projects.values() for share in project_target_shares(judged)
        ]
        return target_progress(
            targets_in_force(self.ledger, targets, view.year, view.as_of, view.position), given
        )


class Kept(Generic[T]):
    """The last things asked for by their keys; readers at once wait for nothing but this table."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under the key, made where nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            found = self._kept.setdefault(key, made)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found


class Remembered:
    """The counties of the last views asked for; a view is an answer for ever, so nothing remembered goes stale."""

    def __init__(self, ledger: Ledger, url: str, *, hold: float = HOLD) -> None:
        self._ledger = ledger
        self._hold = hold
        self._looked: tuple[float, int] | None = None
        self._url = url
        self._kept = Kept[County](_VIEWS)
        self.adopted = lru_cache(maxsize=_VIEWS)(partial(in_force.adopted, ledger))
        """Position → the rulebooks adopted by it."""

    def position(self) -> int:
        """Where the pages stand now: where the ledger ended a few seconds ago at most."""
        now, looked = time.monotonic(), self._looked
        if looked is None or now - looked[0] >= self._hold:
            looked = self._looked = now, self._ledger.head().position
        return looked[1]

    def at(self, view: View) -> County:
        """The county at a view."""
        return self._kept.get(view, lambda: County(self._ledger, self._url, view))
