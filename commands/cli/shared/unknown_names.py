"""Rejections of names that the ledger does not know; they list what is near or what there is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from commands.handlers.moved_codes import moved_code_problem
from lifecycle.deciding.claims import normalised_name
from lifecycle.deciding.decision_context import ClaimHolder
from lifecycle.events import Stream
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rulebook.nearest_names import nearest

if TYPE_CHECKING:
    from lifecycle.ledger.unit_of_work import UnitOfWork

_MOST_LISTED: Final = 8
_NOBODY: Final = Author("")
"""The author of a look at the ledger: nothing is decided or recorded."""


def unknown_project(ledger: Ledger, code: str) -> Rejected:
    """Return the rejection of a project's code or name, which names the projects nearest to it."""
    moved = moved_code_problem(ledger, code)
    if moved is not None:
        return Rejected([moved])
    later = ledger.preview(lambda work: work.named_project(Stream("project", code).id), _NOBODY)
    if later is not None:
        return Rejected([_not_there_yet(code, later)])
    template = msg("there is no project {code} as of that day; most similar: {near}")
    return Rejected([_project_problem(ledger, code, template)])


def _not_there_yet(code: str, project: ClaimHolder) -> Problem:
    # The nearest code would be its own.
    template = msg(
        "there is no project {code} “{name}” yet in this view: it was reported at {reported}; "
        "give a later --as-of or --known-at"
    )
    information = project.information
    values: dict[str, object] = {
        "code": code,
        "name": information.name,
        "reported": information.reported_at,
    }
    return Problem("unknown_project", template, values)


def unknown_unit(unit: str, registered: Sequence[str]) -> Rejected:
    """Return the rejection of a unit's name, which lists the registered units."""
    return Rejected.by(
        "unknown_unit",
        msg("the unit {unit} is not registered; registered units: {allowed}"),
        unit=unit,
        allowed=registered,
    )


def absent_unit(unit: str, day: date, there: Sequence[str]) -> Rejected:
    """Return the rejection of a unit that is dissolved or not there yet on the view's day."""
    return Rejected.by(
        "unknown_unit",
        msg("there is no unit {unit} on {day}; units of that day: {allowed}"),
        unit=unit,
        day=day,
        allowed=there,
    )


def unknown_name(ledger: Ledger, kinds: Sequence[str], name: str) -> Rejected:
    """Return the rejection of a name that nothing of these kinds has, with the nearest."""
    problems: list[Problem] = []
    if "unit" in kinds:
        problems.append(_unit_problem(ledger, name))
    if "project" in kinds:
        template = msg("no project has the code {code} or this in its name; most similar: {near}")
        problems.append(_project_problem(ledger, name, template))
    if "resource" in kinds:
        listed = ledger.preview(lambda work: work.listed_resources(), _NOBODY)
        problems.extend(unknown_resource(name, nearest(name, listed)).problems)
    return Rejected(problems)


def unknown_resource(code: str, listed: Sequence[str]) -> Rejected:
    """Return the rejection of a resource's code, which names some that are listed."""
    return Rejected.by(
        "unknown_resource",
        msg("there is no resource {resource} as of that day; listed are, among others: {allowed}"),
        at="resource",
        resource=code,
        allowed=list(listed)[:_MOST_LISTED],
    )


def unknown_location(text: str, locations: Sequence[str]) -> Rejected:
    """Return the rejection of a text that no resource's location contains."""
    template = msg("no resource lies at {location}; locations of resources: {allowed}")
    if not locations:
        template = msg("no resource lies at {location}: none is listed as of that day")
    return Rejected.by(
        "unknown_location", template, location=text, allowed=list(locations)[:_MOST_LISTED]
    )


def _unit_problem(ledger: Ledger, name: str) -> Problem:
    def registered_units(work: UnitOfWork) -> list[str]:
        return sorted(work.registered_units())

    registered = ledger.preview(registered_units, _NOBODY)
    near = nearest(name, registered)
    if near:
        template = msg("no unit's name contains {name}; most similar: {near}")
        return Problem("unknown_unit", template, {"name": name, "near": near})
    return unknown_unit(name, registered).problems[0]


def _project_problem(ledger: Ledger, name: str, template: str) -> Problem:
    near = ledger.preview(lambda work: _nearest_projects(work, ledger, name), _NOBODY)
    if not near:
        template = msg("there is no project {name}; `lifecycle project list` shows the codes")
        return Problem("unknown_project", template, {"name": name})
    return Problem("unknown_project", template, {"code": name, "near": near})


def _nearest_projects(work: UnitOfWork, ledger: Ledger, name: str) -> Sequence[str]:
    """Return the codes of the projects whose code or name is most similar, with their names."""
    names = work.names_of_projects()
    code_of: dict[str, str] = {}
    for stream_id, project_name in names.items():
        code_of[project_name] = Stream.of(stream_id).name
    # Voided projects are named as well: their history can still be shown.
    streams = [Stream.of(stream_id) for stream_id in ledger.changed_streams(0)]
    codes = {stream.name: stream.name for stream in streams if stream.kind == "project"}
    by_code = nearest(name, codes)
    by_name = nearest(normalised_name(name), code_of)
    near = dict.fromkeys([*by_code, *(code_of[project_name] for project_name in by_name)])
    return [_with_title(work, code) for code in near]


def _with_title(work: UnitOfWork, code: str) -> str:
    project = work.named_project(Stream("project", code).id)
    return code if project is None else f"{code} {project.information.name}"
