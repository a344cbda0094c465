"""The days that a time limit fell due on for a project, and whether it was met by them (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from lifecycle.events import BY_NAME
from lifecycle.events.project_course_events import ProjectPaused, ProjectResumed
from lifecycle.rulebook.limit_policy import ANY_EVENT, TimeLimit
from projections.facts.narrow_events import DatedEvent, narrow
from projections.facts.project_facts import Node
from projections.scoring.judgement import JudgedProject


class DueDay(NamedTuple):
    """A due day: the event that it runs from, the one that met it, and how late that was.

    `met_by` is None where nothing met it before the limit fell due again, ended, or the day that is
    looked at came; `days_late` is 0 where it was kept.
    """

    on: date
    runs_from: Node
    met_by: Node | None
    days_late: int


def due_days(project: JudgedProject, limit: TimeLimit) -> Iterator[DueDay]:
    """Every due day before the project's day, in order; none of an excluded project.

    A termination ends every limit, and what it reaches in `until` a cadence: nothing falls due from
    that day on. What fell due before stays.
    """
    begun = project.node_by_day(limit.from_stage)
    if begun is None or project.excluded:
        return
    ends = [project.axes.as_of]
    if project.facts.terminated_on is not None:
        ends.append(project.facts.terminated_on)
    if limit.to_stage is not None:
        yield from _due_once(project, limit, begun, ends)
        return
    until = None if limit.until is None else project.node_by_day(limit.until)
    if until is not None:
        ends.append(until.on)
    yield from _due_again(project, limit, begun, ends)


def _due_once(
    project: JudgedProject,
    limit: TimeLimit,
    begun: Node,
    ends: Sequence[date],
) -> Iterator[DueDay]:
    assert limit.to_stage is not None  # a cadence falls due again
    due = limit.due_after(begun.on, project.axes.working_days)
    # Points rest on certain days alone: holidays that are not arranged yet may still move this one.
    if not due.estimated and due.day < min(ends):
        yield _due_day(due.day, begun, project.node_by_day(limit.to_stage), ends)


def _due_again(
    project: JudgedProject,
    limit: TimeLimit,
    begun: Node,
    ends: Sequence[date],
) -> Iterator[DueDay]:
    pauses = _pauses(project)
    resets = _resets(project, limit, begun.on)
    for runs_from, reset in zip([begun, *resets], [*resets, None], strict=True):
        for due_day in _due_until_reset(project, limit, runs_from, reset, ends):
            if not _is_paused_on(pauses, due_day.on):
                yield due_day


def _due_until_reset(
    project: JudgedProject,
    limit: TimeLimit,
    runs_from: Node,
    reset: Node | None,
    ends: Sequence[date],
) -> Iterator[DueDay]:
    """The due days of a cadence from an event to the next one that begins it anew.

    The next event keeps the first due day where it comes by then; each day missed before it is an
    item of its own.
    """
    calendar = project.axes.working_days
    days = limit.due_days_after(runs_from.on, calendar)
    for number, (due, again) in enumerate(pairwise(days)):
        is_reset = reset is not None and reset.on <= due.day
        # After a miss, an event begins the cadence anew before this day: it never falls due.
        if due.estimated or due.day >= min(ends) or (is_reset and number > 0):
            return
        # Two visits may set one due day, such as those of 30 and 31 January: it is one item.
        if is_reset and reset is not None and limit.due_after(reset.on, calendar) == due:
            return
        stops = ends if again.estimated else [*ends, again.day]
        yield _due_day(due.day, runs_from, reset, stops)
        if is_reset:
            return


def _due_day(day: date, runs_from: Node, met_by: Node | None, stops: Sequence[date]) -> DueDay:
    if met_by is not None and met_by.on <= day:
        return DueDay(day, runs_from, met_by, 0)
    last_day_late = min(stops)
    if met_by is not None and met_by.on <= last_day_late:
        return DueDay(day, runs_from, met_by, (met_by.on - day).days)
    return DueDay(day, runs_from, None, (last_day_late - day).days)


def _resets(project: JudgedProject, limit: TimeLimit, begun_on: date) -> list[Node]:
    """The events with which a cadence begins anew, the first one of each day."""
    by_day: dict[date, Node] = {}
    for node in cadence_events(project, limit):
        if begun_on < node.on <= project.axes.as_of:
            by_day.setdefault(node.on, node)
    return [by_day[day] for day in sorted(by_day)]


def cadence_events(project: JudgedProject, limit: TimeLimit) -> Iterator[Node]:
    """The events with which a cadence may begin anew, in order, whenever the limit itself began."""
    is_any = limit.by == (ANY_EVENT,)
    kinds = tuple(narrow(BY_NAME[name]) for name in limit.by or () if name != ANY_EVENT)
    for on, version, event in project.facts.facts:
        if is_any or isinstance(event, kinds):
            yield Node(on, version)


_PAUSED: Final = narrow(ProjectPaused)
_RESUMED: Final = narrow(ProjectResumed)


def _pauses(project: JudgedProject) -> list[DatedEvent]:
    """The project's pauses and resumptions, in order."""
    return [fact for fact in project.facts.facts if isinstance(fact[2], _PAUSED | _RESUMED)]


def _is_paused_on(pauses: Sequence[DatedEvent], day: date) -> bool:
    """Whether the project is paused when a day ends."""
    is_paused = False
    for on, _version, event in pauses:
        if on <= day:
            is_paused = isinstance(event, _PAUSED)
    return is_paused
