"""Projects that a list of plots names: by code, else by their whole name (spec 5 and 7)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from commands.handlers.register_cell_comparison import at_heading
from commands.handlers.register_rows import RowEvent, day_field
from lifecycle.deciding.claims import normalised_name
from lifecycle.events import Stream
from lifecycle.events.resource_events import ResourceAllotted, ResourceReleased
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rulebook.nearest_names import nearest

_FIELD: Final = "project"
_UNKNOWN: Final = msg(
    "no project has the code or the name {name}; `lifecycle project list` shows the codes"
)
_NEAR: Final = msg("no project has the code or the name {name}; most similar: {near}")
_SEVERAL: Final = msg(
    "{name} is the name of several projects: {projects}; write the code of the right one"
)


class ProjectNames:
    """The names of all projects of a store, as a unit of work sees them."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._codes: dict[str, list[str]] | None = None

    def with_code(self, event: RowEvent, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of an event with a project's code in the place of its name.

        A name means a project by the whole of it alone: a part of one could mean another project
        next month. Raises `Rejected` where no project has the name, or several do.
        """
        name = values.get(_FIELD)
        names_project = event.kind in (ResourceAllotted, ResourceReleased)
        if not names_project or not isinstance(name, str):
            return values
        if self._work.is_project(name):
            return values
        codes = self._codes_by_name().get(normalised_name(name), [])
        if len(codes) == 1:
            return values | {_FIELD: codes[0]}
        # Offices also note who may come to a plot; without a day nothing is allotted yet.
        if day_field(event.kind) not in values:
            return values
        problem = self._problem(name, codes)
        raise Rejected([at_heading(problem, event.cells[_FIELD])])

    def _codes_by_name(self) -> dict[str, list[str]]:
        # Read once for all rows: a county has thousands of projects.
        if self._codes is None:
            codes: defaultdict[str, list[str]] = defaultdict(list)
            for stream_id, name in self._work.names_of_projects().items():
                codes[name].append(Stream.of(stream_id).name)
            self._codes = dict(codes)
        return self._codes

    def _problem(self, name: str, codes: list[str]) -> Problem:
        if codes:
            values: dict[str, object] = {"name": name, "projects": sorted(codes)}
            return Problem("several_projects", _SEVERAL, values, _FIELD)
        near = self._titles_near(name)
        if near:
            return Problem("unknown_project", _NEAR, {"name": name, "near": near}, _FIELD)
        return Problem("unknown_project", _UNKNOWN, {"name": name}, _FIELD)

    def _titles_near(self, name: str) -> list[str]:
        """Return codes and names of the projects whose names are most similar."""
        codes_by_name = self._codes_by_name()
        titles: list[str] = []
        for near_name in nearest(normalised_name(name), codes_by_name):
            for code in codes_by_name[near_name]:
                project = self._work.named_project(Stream("project", code).id)
                title = code
                if project is not None:
                    title = f"{code} {project.information.name}"
                titles.append(title)
        return titles
