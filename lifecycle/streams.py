"""The state that decisions on a stream need, and how each event moves it (evolve); nothing is refused here."""

from __future__ import annotations

import unicodedata
from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from lifecycle.events import Event, Recorded, project, sheets, unit
from lifecycle.events.county import TargetSet

ONCE: Final = frozenset({"AgreementSigned", "LandAcquired", "ProjectFiled", "StatisticsEntered", "ProjectTerminated"})
"""Project events of which one may be effective (spec 1)."""


class Claim(NamedTuple):
    """Something a stream holds against the other streams of the ledger, kept as an index beside the events.

    Kinds: `identity` (investor and project name), `filing` (national project code), `unit` (a registered unit's name),
    `names` (a unit that the stream's facts name).
    """

    kind: str
    value: str


class TaskStep(NamedTuple):
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
class State:
    """One stream's effective facts, as far as decisions look at them. `version` counts all events, corrections too."""

    version: int = 0
    events: int = 0
    information: project.InformationReported | None = None
    registered: unit.UnitRegistered | None = None
    passed: bool = False
    done: set[str] = field(default_factory=set)
    figures: set[tuple[str, str]] = field(default_factory=set)
    terminated_on: date | None = None
    plans: int = 0
    tasks: dict[str, list[TaskStep]] = field(default_factory=dict)
    claims: set[Claim] = field(default_factory=set)

    def task_open(self, number: str) -> bool:
        """Whether the task was left open by its last step."""
        return self.tasks[number][-1].opens


def figure_of(event: Event) -> tuple[str, str] | None:
    """What may stand once a month: a project's figure of one kind, or a unit's listing on one board."""
    if isinstance(event, (project.InvestmentReported, project.TaxPaid)):
        return type(event).__name__, event.month
    if isinstance(event, unit.UnitListed):
        return event.board, event.month
    return None


def unit_named(event: Event) -> str | None:
    """The unit that the event names, other than by its stream; it has to be registered."""
    if isinstance(event, project.InformationReported):
        return event.reporting_unit
    if isinstance(event, project.ProjectTransferred):
        return event.to_unit
    if isinstance(event, sheets.TaskAssigned):
        return event.responsible_unit
    return event.for_unit if isinstance(event, TargetSet) else None


def task_step(event: Event) -> tuple[str, bool] | None:
    """Which task the event opens or closes, if any (spec 3); its whole ladder is in `lifecycle.tasks`."""
    if isinstance(event, sheets.TaskAssigned):
        return event.number, True
    if isinstance(event, sheets.TaskReopened):
        return event.about, True
    return (event.about, False) if isinstance(event, sheets.TaskCleared) else None


def claims_of(event: Event, stream_name: str) -> Iterable[Claim]:
    """What the event makes its stream hold."""
    if isinstance(event, project.InformationReported):
        yield Claim("identity", identity(event))
    elif isinstance(event, project.ProjectFiled):
        yield Claim("filing", event.project_code)
    elif isinstance(event, unit.UnitRegistered):
        yield Claim("unit", stream_name)
    if (named := unit_named(event)) is not None:
        yield Claim("names", named)


def evolve(state: State, version: int, stream_name: str, event: Event) -> None:
    """Move the state on by one effective event of the given version."""
    state.version = max(state.version, version)
    state.events += 1
    name = type(event).__name__
    if name in ONCE:
        state.done.add(name)
    if isinstance(event, project.InformationReported):
        state.information = event
    elif isinstance(event, unit.UnitRegistered):
        state.registered = event
    elif isinstance(event, project.ConsultationHeld):
        state.passed = state.passed or event.outcome == "passed"
    elif isinstance(event, project.ProjectTerminated):
        state.terminated_on = event.on
    elif isinstance(event, project.ScheduleSet):
        state.plans += 1
    elif (figure := figure_of(event)) is not None:
        state.figures.add(figure)
    elif (step := task_step(event)) is not None:
        insort(state.tasks.setdefault(step[0], []), TaskStep(event.on, version, step[1]))
    state.claims.update(claims_of(event, stream_name))


def fold(history: Iterable[Recorded]) -> State:
    """The state after an effective history, which comes in the order of versions."""
    state = State()
    for item in history:
        evolve(state, item.version, item.stream.name, item.event)
    return state
