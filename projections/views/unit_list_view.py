"""Units as of a day: who they are, and what a change of one would make of the ranks (spec 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

import msgspec

from lifecycle.events import Event
from lifecycle.events.codec import fields_of
from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from projections.facts.narrow_events import narrow
from projections.facts.unit_facts import RegisteredUnit, UnitStanding
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.unit_scores import UnitScore
from projections.scoring.units_of_view import registered_units, units_at
from projections.views.project_view import iso

_PLACES: Final = 10


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A registered unit as of a day; `unit` is its identity, `name` what it is called then."""

    unit: str
    registered_on: date
    standing: UnitStanding
    is_there: bool

    def as_json(self) -> dict[str, Any]:
        """One row of `unit list --format json`."""
        dissolution = self.standing.dissolution
        return {
            "unit": self.unit,
            "name": self.standing.shown_name,
            "sequence": self.standing.sequence,
            "category": self.standing.category,
            "there": self.is_there,
            "registered_on": self.registered_on.isoformat(),
            "dissolved_on": iso(None if dissolution is None else dissolution.on),
            "successor": None if dissolution is None else dissolution.successor,
        }


def unit_rows(ledger: Ledger, view: View) -> list[ListedUnit]:
    """List every registered unit as of the view's day, in the order of registration."""
    units = units_at(ledger, view)
    return [
        ListedUnit(
            unit.name,
            unit.registered.on,
            units.standings[unit.name],
            unit.name in units,
        )
        for unit in registered_units(ledger, view.position)
    ]


# What a change would make of the ranks ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RankPreview:
    """A unit's place before and after a change; None where it is not there."""

    unit: str
    before: UnitScore | None
    after: UnitScore | None

    def as_json(self) -> dict[str, Any]:
        """One row of the preview."""
        scores = {"before": self.before, "after": self.after}
        row: dict[str, Any] = {"unit": self.unit}
        for side, score in scores.items():
            row[f"name_{side}"] = None if score is None else score.name
            row[f"sequence_{side}"] = None if score is None else score.sequence
            row[f"rank_{side}"] = None if score is None else score.rank
            row[f"total_{side}"] = None if score is None else decimal_text(score.total, _PLACES)
        return row

    @property
    def changes(self) -> bool:
        """Whether the unit's name, sequence, rank or total differs."""
        return _place_of(self.before) != _place_of(self.after)


def _place_of(score: UnitScore | None) -> tuple[str, str, int | None, Fraction] | None:
    if score is None:
        return None
    return score.name, score.sequence, score.rank, score.total


def preview_ranks(
    ledger: Ledger,
    view: View,
    unit: str,
    event: Event,
) -> list[RankPreview]:
    """Return the units whose name, sequence, rank or total an event of a unit would change.

    The event is not recorded. The ranks are those of the view, before it and with it.
    """
    registered = registered_units(ledger, view.position)
    changed = [_with_event(each, event) if each.name == unit else each for each in registered]
    before = _scores(ledger, view, registered)
    after = _scores(ledger, view, changed)
    previews: list[RankPreview] = []
    for name in {**before, **after}:
        preview = RankPreview(name, before.get(name), after.get(name))
        if preview.changes:
            previews.append(preview)
    return previews


def _with_event(unit: RegisteredUnit, event: Event) -> RegisteredUnit:
    stored = msgspec.convert(fields_of(event), narrow(type(event)))
    # As if it were recorded now: the last of its day.
    version = 1 + max(version for _on, version, _event in unit.facts)
    new_fact = (event.on, version, stored)
    facts = sorted([*unit.facts, new_fact], key=lambda fact: fact[:2])
    return replace(unit, facts=facts)


def _scores(
    ledger: Ledger,
    view: View,
    registered: Sequence[RegisteredUnit],
) -> Mapping[str, UnitScore]:
    scores = evaluate(ledger, view, registered=registered).scores
    return {score.unit: score for score in scores}
