"""What a clerk should check in an event that is recorded all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from lifecycle.deciding.claims import is_same_investor
from lifecycle.deciding.decision_context import ClaimHolder, DecisionContext
from lifecycle.deciding.personal_numbers import has_personal_number
from lifecycle.events import Event, Stream
from lifecycle.events.project_course_events import ProjectFigureReported
from lifecycle.events.project_events import InformationReported
from lifecycle.events.unit_events import LandingServiceFailed, MajorProjectSupported
from lifecycle.rejections import Problem, msg

_SAME_INVESTOR: Final = msg(
    "similar to {listed}, of the same investor: most likely it is the same project; if so, void "
    "one of the two reports"
)


def warnings_about(stream: Stream, event: Event, context: DecisionContext) -> Sequence[Problem]:
    """Return what to check: a similar project, an unknown one, somebody's number in a text."""
    warnings = _WARNINGS.get(type(event))
    problems = _personal_numbers(event)
    if warnings is not None:
        problems.extend(warnings(stream, event, context))
    return problems


_FREE_TEXTS: Final = (
    "note",
    "content",
    "next_step",
    "finding",
    "findings",
    "reason",
    "problem",
    "result",
    "facts",
    "task",
    "decisions",
)
"""The fields into which a clerk writes sentences."""


@cache  # an import asks it of each record, and pydantic looks long for a field that is not there
def _free_texts(kind: type[Event]) -> Sequence[str]:
    """Return those fields of an event into which a clerk writes sentences."""
    return [name for name in _FREE_TEXTS if name in kind.model_fields]


def _personal_numbers(event: Event) -> list[Problem]:
    """Return the texts in which somebody's number seems to stand."""
    problems: list[Problem] = []
    for name in _free_texts(type(event)):
        text = getattr(event, name)
        if isinstance(text, str) and has_personal_number(text):
            template = msg(
                "this text seems to contain a telephone or identity number: the ledger "
                "keeps it permanently, so leave out personal data"
            )
            problems.append(Problem("personal_data", template, {}, name))
    return problems


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


def _other_unit(
    _stream: Stream,
    event: ProjectFigureReported,
    context: DecisionContext,
) -> Sequence[Problem]:
    if event.unit_of_measure is None:
        return ()
    units: list[str] = []
    for word in context.declared_words():
        if word.word_list == "figures" and word.name == event.figure and word.unit is not None:
            units.append(word.unit)
    # Rules count the number alone: 900 元 would stand for 900 万元. Rulebooks may differ, too.
    if not units or event.unit_of_measure in units:
        return ()
    template = msg("rulebooks count this figure in {units}, not in {unit}: check the number")
    values: dict[str, object] = {"units": units, "unit": event.unit_of_measure}
    return [Problem("other_unit_of_measure", template, values, "unit_of_measure")]


_WARNINGS: Final[dict[type[Event], Callable[[Stream, Any, DecisionContext], Sequence[Problem]]]] = {
    InformationReported: _similar_projects,
    LandingServiceFailed: _unknown_project,
    MajorProjectSupported: _unknown_project,
    ProjectFigureReported: _other_unit,
}
