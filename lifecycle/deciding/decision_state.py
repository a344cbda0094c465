"""The state that decisions on a stream need, and how each event moves it (evolve); nothing is refused here."""

from __future__ import annotations

import unicodedata
from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple, get_args

from lifecycle.events import (
    Event,
    RecordedEvent,
    project_events as project,
    sheet_events as sheets,
    unit_events as unit,
)
from lifecycle.events.county_events import TargetSet

ONCE: Final[tuple[type[Event], ...]] = (
    project.AgreementSigned,
    project.LandAcquired,
    project.ProjectFiled,
    project.StatisticsEntered,
    project.ProjectTerminated,
)
"""Project events of which one may be effective (spec 1)."""

NAMES_UNIT: Final[dict[type[Event], str]] = {
    project.InformationReported: "reporting_unit",
    project.ProjectTransferred: "to_unit",
    sheets.TaskAssigned: "responsible_unit",
    TargetSet: "for_unit",
}
"""Events that name a unit other than by their stream, and the field in which they do."""

MonthlyFigure = project.InvestmentReported | project.TaxPaid | unit.UnitListed
"""What may stand once a month."""
TaskStep = sheets.TaskAssigned | sheets.TaskReopened | sheets.TaskCleared
"""What opens or closes a task."""


class Claim(NamedTuple):
    """Something a stream holds against the other streams of the ledger, kept as an index beside the events.

    Kinds: `identity` (investor and project name), `filing` (national project code), `unit` (a registered unit's name),
    `names` (a unit that the stream's facts name).
    """

    kind: str
    value: str


class Turn(NamedTuple):
    """A task's assignment, clearing or reopening in the order (occurred_on, version)."""

    on: date
    version: int
    opens: bool


@lru_cache(maxsize=4096)
def normalised_name(name: str) -> str:
    """The name as identities compare it: NFKC, case folded, without white space and punctuation (spec 1)."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "ZPC")


def identity(information: project.InformationReported) -> str:
    """What makes two reports the same project: the investor (credit code, else name) and the project's name."""
    investor = information.investor_code or normalised_name(information.investor)
    return f"{investor}\t{normalised_name(information.name)}"


@dataclass(slots=True)
class DecisionState:
    """One stream's effective facts, as far as decisions look at them. `version` counts all events, corrections too."""

    version: int = 0
    information: project.InformationReported | None = None
    registered: unit.UnitRegistered | None = None
    passed: bool = False
    done: set[type[Event]] = field(default_factory=set)
    figures: set[tuple[str, str]] = field(default_factory=set)
    terminated_on: date | None = None
    plans: int = 0
    tasks: dict[str, list[Turn]] = field(default_factory=dict)
    claims: set[Claim] = field(default_factory=set)


def figure_of(event: MonthlyFigure) -> tuple[str, str]:
    """A project's figure of one kind, or a unit's listing on one board, and its month."""
    return _figure(
        event.board if type(event) is unit.UnitListed else type(event).__name__, event.month
    )


@lru_cache(
    maxsize=16_384
)  # one tuple for all the states that hold it: a long import keeps thousands of them
def _figure(kind: str, month: str) -> tuple[str, str]:
    return kind, month


def task_of(event: TaskStep) -> str:
    """The number of the task that the event opens or closes; its whole ladder is in `lifecycle.deciding.task_ladder`."""
    return event.number if isinstance(event, sheets.TaskAssigned) else event.about


def opens(event: TaskStep) -> bool:
    """Whether the task is open from here on."""
    return not isinstance(event, sheets.TaskCleared)


def claims_of(event: Event, stream_name: str) -> Sequence[Claim]:
    """What the event makes its stream hold."""
    claims = _CLAIMS.get(type(event))
    return () if claims is None else claims(event, stream_name)


def _reported(event: project.InformationReported, _: str) -> Sequence[Claim]:
    return Claim("identity", identity(event)), Claim("names", event.reporting_unit)


def _filed(event: project.ProjectFiled, _: str) -> Sequence[Claim]:
    return (Claim("filing", event.project_code),)


def _unit(_: unit.UnitRegistered, stream_name: str) -> Sequence[Claim]:
    return (Claim("unit", stream_name),)


def _names(event: Event, _: str) -> Sequence[Claim]:
    named = getattr(event, NAMES_UNIT[type(event)])
    return () if named is None else (Claim("names", named),)


_CLAIMS: Final[dict[type[Event], Callable[[Any, str], Sequence[Claim]]]] = {
    **dict.fromkeys(NAMES_UNIT, _names),
    project.InformationReported: _reported,
    project.ProjectFiled: _filed,
    unit.UnitRegistered: _unit,
}


def evolve(state: DecisionState, version: int, stream_name: str, event: Event) -> None:
    """Move the state on by one effective event of the given version."""
    state.version = max(state.version, version)
    move = _MOVES.get(type(event))
    if move is not None:
        move(state, version, event)
    state.claims.update(claims_of(event, stream_name))


def _informed(state: DecisionState, _: int, event: project.InformationReported) -> None:
    state.information = event


def _registered(state: DecisionState, _: int, event: unit.UnitRegistered) -> None:
    state.registered = event


def _consulted(state: DecisionState, _: int, event: project.ConsultationHeld) -> None:
    state.passed = state.passed or event.outcome == "passed"


def _done(state: DecisionState, _: int, event: Event) -> None:
    state.done.add(type(event))


def _terminated(state: DecisionState, version: int, event: project.ProjectTerminated) -> None:
    _done(state, version, event)
    state.terminated_on = event.on


def _planned(state: DecisionState, _: int, __: project.ScheduleSet) -> None:
    state.plans += 1


def _figured(state: DecisionState, _: int, event: MonthlyFigure) -> None:
    state.figures.add(figure_of(event))


def _turned(state: DecisionState, version: int, event: TaskStep) -> None:
    insort(state.tasks.setdefault(task_of(event), []), Turn(event.on, version, opens(event)))


_MOVES: Final[dict[type[Event], Callable[[DecisionState, int, Any], None]]] = {
    **dict.fromkeys(ONCE, _done),
    **dict.fromkeys(get_args(MonthlyFigure), _figured),
    **dict.fromkeys(get_args(TaskStep), _turned),
    project.InformationReported: _informed,
    project.ConsultationHeld: _consulted,
    project.ProjectTerminated: _terminated,
    project.ScheduleSet: _planned,
    unit.UnitRegistered: _registered,
}


def fold(history: Iterable[RecordedEvent]) -> DecisionState:
    """The state after an effective history, which comes in the order of versions."""
    state = DecisionState()
    for item in history:
        evolve(state, item.version, item.stream.name, item.event)
    return state
