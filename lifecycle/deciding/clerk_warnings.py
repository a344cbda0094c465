"""What a clerk should check in an event that is recorded all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from lifecycle.deciding.decision_context import ClaimHolder, DecisionContext
from lifecycle.deciding.decision_state import is_same_investor
from lifecycle.events import Event, Stream
from lifecycle.events.project_events import InformationReported
from lifecycle.events.unit_events import LandingServiceFailed, MajorProjectSupported
from lifecycle.rejections import Problem, msg

_SAME_INVESTOR: Final = msg(
    "similar to {listed}, of the same investor: most likely it is the same project; if so, void "
    "one of the two reports"
)


def warnings_about(stream: Stream, event: Event, context: DecisionContext) -> Sequence[Problem]:
    """Return what to check: a similar project, or a unit's event about an unknown project."""
    warnings = _WARNINGS.get(type(event))
    return () if warnings is None else warnings(stream, event, context)


def _similar_projects(
    stream: Stream,
    event: InformationReported,
    context: DecisionContext,
) -> Sequence[Problem]:
    of_investor: list[str] = []
    of_others: list[str] = []
    for holder in context.similar(event, stream.id):
        is_same = is_same_investor(event, holder.information)
        listed = of_investor if is_same else of_others
        listed.append(_description(holder))
    warnings = []
    if of_investor:
        values: dict[str, object] = {"listed": of_investor}
        warnings.append(Problem("same_investor", _SAME_INVESTOR, values, "name"))
    if of_others:
        template = msg("similar to {listed}: check that it is not the same project")
        warnings.append(Problem("similar_name", template, {"listed": of_others}, "name"))
    return warnings


def _description(holder: ClaimHolder) -> str:
    information = holder.information
    return f"{holder.code} “{information.name}” ({information.reporting_unit})"


def _unknown_project(
    _stream: Stream,
    event: LandingServiceFailed | MajorProjectSupported,
    context: DecisionContext,
) -> Sequence[Problem]:
    code = event.about_project
    # The project may be recorded later, so this is no reason to reject the event.
    if code is None or context.is_project(code):
        return ()
    return [
        Problem(
            "unknown_project",
            msg("the project {project} does not exist yet"),
            {"project": code},
            "about_project",
        )
    ]


_WARNINGS: Final[dict[type[Event], Callable[[Stream, Any, DecisionContext], Sequence[Problem]]]] = {
    InformationReported: _similar_projects,
    LandingServiceFailed: _unknown_project,
    MajorProjectSupported: _unknown_project,
}
