"""Score one part of a result's projects; any process can, and hand back what it gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from lifecycle.all_cores import engine_for
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine, PartOutcome
from lifecycle.rulebook import LoadedRulebook
from projections.facts.ledger_parts import (
    LedgerPart,
    OpenLedger,
    SharedParts,
    opened_for_parts,
    parts_of_ledger,
    place_here,
    read_from,
)
from projections.facts.member_projects import facts_of_part
from projections.facts.paused_collector import paused_collector
from projections.facts.project_facts import ProjectFacts
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.judged_history import judged_facts
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.partial_year import PartialYear
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.target_amounts import NO_TARGETS
from projections.scoring.year_scoring import YearScoring


class PartScoring(NamedTuple):
    """What is the same for all parts of a result. The units are without their facts."""

    rulebook: LoadedRulebook
    axes: ScoringAxes
    units: UnitsOfDay
    with_lines: bool
    open_ledger: OpenLedger


def judged_part(
    scoring: PartScoring,
    part: LedgerPart,
) -> Iterator[JudgedProject]:
    """Open the ledger of a part, and judge its projects."""
    policy = prepared(scoring.rulebook)
    with scoring.open_ledger(part.place) as ledger:
        facts = facts_of_part(ledger, part, scoring.axes.as_of)
        yield from judged_facts(facts, policy, scoring.axes, scoring.units)


def scored_part(
    scoring: PartScoring,
    part: LedgerPart,
) -> PartialYear:
    """Open the ledger of a part, and score its projects."""
    with scoring.open_ledger(part.place) as ledger, paused_collector():
        return scored_projects(scoring, facts_of_part(ledger, part, scoring.axes.as_of))


def scored_projects(
    scoring: PartScoring,
    projects: Iterable[ProjectFacts],
) -> PartialYear:
    """Score projects, and return what they gave."""
    policy = prepared(scoring.rulebook)
    # Targets and periods count when the year is concluded; projects know nothing of them.
    year = YearScoring(policy, scoring.units, scoring.axes, NO_TARGETS)
    taken = year.taken
    for project in judged_facts(projects, policy, scoring.axes, scoring.units):
        for line in year.take_project(project):
            if scoring.with_lines:
                taken.lines.append(line)
    return taken


def with_all_cores(view: View) -> View:
    """Return the view, of a large ledger with an engine that uses every core of this machine."""
    return replace(view, engine=engine_for(view.position))


def scored_shares(
    ledger: Ledger,
    view: View,
    units: UnitsOfDay,
    *,
    with_lines: bool,
) -> Iterator[PartialYear] | None:
    """Let the view's engine score the projects part by part, in the order of the ledgers.

    Return None where the view has no engine, or other processes cannot open the ledgers.
    """
    return outcomes_of_parts(ledger, view, units, scored_part, with_lines=with_lines)


def outcomes_of_parts(
    ledger: Ledger,
    view: View,
    units: UnitsOfDay,
    function: Callable[[PartScoring, LedgerPart], PartOutcome],
    *,
    with_lines: bool = False,
) -> Iterator[PartOutcome] | None:
    """Let the view's engine run a function over the parts, in the order of the ledgers.

    Return None where the view has no engine, or other processes cannot open the ledgers.
    """
    engine = view.engine
    if engine is None:
        return None
    shared = _shared_parts(ledger, view, engine)
    if shared is None:
        return None
    scoring = PartScoring(
        view.rulebook,
        view.axes,
        units.without_facts(),
        with_lines,
        shared.open_ledger,
    )
    return read_from(ledger, engine.outcomes(function, scoring, shared.parts))


def _shared_parts(
    ledger: Ledger,
    view: View,
    engine: PartEngine,
) -> SharedParts | None:
    if view.projects is not None:
        return view.projects.parts_for(engine)
    place = place_here(ledger)
    if place is None or engine.is_remote:
        return None
    parts = parts_of_ledger(ledger, place, view.position, engine.events_of_part)
    return SharedParts(opened_for_parts(), parts)
