"""The contents of each page: one function per page, from the URL's request to template values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from starlette.exceptions import HTTPException

from commands.web.accounts import Reader
from commands.web.audit_page import audit_content
from commands.web.clause_rows import clauses_of_points, page_clauses
from commands.web.county_view import CountyView
from commands.web.decision_rows import decision_lists
from commands.web.duty_rows import deadline_rows, due_sheet_rows, pressed_units, task_rows
from commands.web.first_page import list_rows
from commands.web.key_figures import key_figures
from commands.web.list_pages import list_order, list_page, sorted_rows
from commands.web.page_axes import PageAxes
from commands.web.progress_charts import (
    funnel_chart,
    overdue_chart,
    pace_chart,
    timeline_chart,
)
from commands.web.project_rows import (
    PROJECT_SORT_KEYS,
    anomaly_rows,
    fact_rows,
    history_rows,
    node_rows,
    project_rows,
)
from commands.web.redaction import without_telephones
from commands.web.resource_rows import settled_rows
from commands.web.score_charts import modules_chart, rank_charts, ranking
from commands.web.score_rows import basis_rows, module_rows, not_counted_rows, total_rows
from commands.web.target_bars import funds_bars, group_tables, sums_by_group
from commands.web.target_rows import (
    contributing_projects,
    declared_targets,
    unit_funds_chart,
    unit_target_rows,
)
from commands.words.pinyin_initials import has_text
from commands.words.rank_words import rank_text
from lifecycle.events import Stream
from projections.scoring.explanation import explain_project
from projections.scoring.judgement import JudgedProject


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What an address asks for: its query, the axes, the county at them, and who reads.

    `file_form` is the form of the file in which it wants a table whole; None for a page.
    """

    query: Mapping[str, str]
    file_form: str | None
    axes: PageAxes
    county: CountyView
    reader: Reader

    def text(self, name: str) -> str:
        """A value of the query. Raises `HTTPException` 404 if it cannot name anything."""
        value = (self.query.get(name) or "").strip()
        # Nothing that the ledger holds is named with control characters.
        if any(character < " " for character in value):
            raise HTTPException(404)
        return value


# The values of a template, by the names that it uses.
PageContent = Mapping[str, Any]
ContentOf = Callable[[PageRequest], PageContent]


def first_page(request: PageRequest) -> PageContent:
    """Key figures, the ranking, what to decide, the month's lists, funds by unit and group."""
    return {name: _section(request, name, section) for name, section in _SECTIONS.items()}


class _Section(NamedTuple):
    """What a section of the first page shows, and all that this rests on beside the axes."""

    content_of: Callable[[CountyView, Reader], Any]
    basis_of: Callable[[CountyView], tuple[object, ...]]


def _duties(county: CountyView) -> tuple[object, ...]:
    return (
        county.project_labels(),
        county.deadlines(),
        county.due_sheets(),
        county.open_tasks(),
    )


def _board_lists(county: CountyView) -> tuple[object, ...]:
    board = county.board()
    return () if board is None else (board.listed, board.candidates, board.called_in)


_SECTIONS: Final = {
    "figures": _Section(
        key_figures,
        lambda county: (county.targets(), county.reached_a_year_before(), *_duties(county)),
    ),
    "decisions": _Section(decision_lists, _duties),
    "funds": _Section(funds_bars, lambda county: (county.targets(), county.scores())),
    "groups": _Section(group_tables, lambda county: (sums_by_group(county),)),
    "boards": _Section(list_rows, _board_lists),
    "pressed": _Section(pressed_units, _duties),
    "ranking": _Section(ranking, lambda county: (county.scores(), county.ranks_before())),
}


def _section(request: PageRequest, name: str, section: _Section) -> Any:
    """A section for a reader: after most events it rests on the very same as before them."""
    county, reader = request.county, request.reader
    return county.kept_while_same(
        f"{name} for {reader.role} {reader.unit}",
        section.basis_of(county),
        lambda: without_telephones(section.content_of(county, reader)),
    )


def sheets_page(request: PageRequest) -> PageContent:
    """The five task sheets (五单): what ought to be issued today, what is not cleared."""
    return {
        "due": due_sheet_rows(request.county, request.reader),
        "tasks": task_rows(request.county, request.reader),
    }


def unit_page(request: PageRequest) -> PageContent:
    """A unit: its points, what it has due, its projects."""
    county, reader = request.county, request.reader
    name = request.text("name")
    if not reader.sees(name):
        raise HTTPException(403)
    if name not in county.units():
        raise HTTPException(404)
    explanation = county.explanations()[name]
    rulebook = county.view.rulebook.rulebook
    score = county.score_of(name)
    modules = module_rows(explanation, reader)
    not_counted = not_counted_rows(explanation, reader)
    deadlines = [row for row in deadline_rows(county, reader) if row.unit == name]
    references = clauses_of_points(modules, not_counted)
    references += [row.clause for row in deadlines]
    return {
        "name": score.name,
        "sequence": score.sequence,
        "rank": rank_text(score.rank),
        "modules": modules,
        "totals": total_rows(score, rulebook),
        "basis": basis_rows(score, rulebook),
        "clauses": page_clauses(county, references),
        "targets": unit_target_rows(county, name),
        "history": history_rows(county.ledger, county.view, Stream("unit", name), reader),
        "not_counted": not_counted,
        "projects": project_rows(explanation.projects.values()),
        "deadlines": deadlines,
        "tasks": [row for row in task_rows(county, reader) if row.unit == name],
    }


# Projects


def projects_page(request: PageRequest) -> PageContent:
    """The projects whose code, name, investor or unit contains a text, or its pinyin initials do.

    With a target they are those that add to it.
    """
    text = request.text("text")
    target = declared_targets(request.county).get(request.text("target"))
    codes = None
    if target is not None:
        codes = contributing_projects(request.county, target.indicator)
    projects = []
    for code, project in request.county.projects().items():
        is_chosen = codes is None or code in codes
        if is_chosen and _is_open(request.reader, project) and _contains(project, text):
            projects.append(project)
    page = list_page(request.text("page"), len(projects))
    order = list_order(request.text("sort"), PROJECT_SORT_KEYS)
    if request.file_form is not None or order.column:
        rows = sorted_rows(project_rows(projects), order, PROJECT_SORT_KEYS)
        shown = rows if request.file_form is not None else page.rows(rows)
    else:
        # Only what is shown is put into words, where words do not decide the order.
        shown = project_rows(page.rows(projects))
    return {
        "projects": shown,
        "count": len(projects),
        "page": page,
        "order": order,
        "text": text,
        "target": target,
        "part": "projects_part.html",
    }


def _is_open(reader: Reader, project: JudgedProject) -> bool:
    """Whether a project is shown: to the unit with its credit, and to the one that reported it."""
    return reader.sees(project.unit, project.information.reporting_unit)


def _contains(project: JudgedProject, text: str) -> bool:
    searched = (
        project.facts.code,
        project.information.name,
        project.information.investor,
        project.unit_name or "",
    )
    return any(has_text(text, part) for part in searched)


def project_page(request: PageRequest) -> PageContent:
    """A project: facts, points, history with corrections."""
    county, reader = request.county, request.reader
    code = request.text("code")
    project = county.projects().get(code)
    if reader.role == "unit" and (project is None or not _is_open(reader, project)):
        # Whether another unit has a project of that code is not for this reader to know.
        raise HTTPException(403)
    if project is None:
        raise HTTPException(404)
    resources = settled_rows(county, reader, code)
    return {**project_content(county, project, reader, code), "resources": resources}


def project_content(
    county: CountyView,
    project: JudgedProject,
    reader: Reader,
    code: str,
) -> PageContent:
    """A project of a county, or of a region's member: facts, points, its own ledger's events."""
    explanation = explain_project(county.ledger, county.view, code)
    assert explanation is not None
    ledger, own_view, stream = county.source_of(project.information.reporting_unit, code)
    modules = module_rows(explanation, reader)
    not_counted = not_counted_rows(explanation, reader)
    return {
        "code": code,
        "name": project.information.name,
        "unit": project.unit,
        "unit_name": project.unit_name or "",
        "facts": fact_rows(project, reader),
        "nodes": node_rows(project),
        "anomalies": anomaly_rows(ledger, own_view, stream, project, reader),
        "modules": modules,
        "not_counted": not_counted,
        "clauses": page_clauses(county, clauses_of_points(modules, not_counted)),
        "history": history_rows(ledger, own_view, stream, reader),
    }


# Charts and audit


def charts_page(request: PageRequest) -> PageContent:
    """The charts, each with its table."""
    county, reader = request.county, request.reader
    charts = [
        modules_chart(county, reader),
        overdue_chart(county, reader),
        funnel_chart(county, reader),
        *rank_charts(county),
        timeline_chart(county, reader),
    ]
    for chart in (unit_funds_chart(county, reader), pace_chart(county)):
        if chart is not None:
            charts.insert(0, chart)
    return {"charts": charts}


def audit_page(request: PageRequest) -> PageContent:
    """Whether the ledger is what it was."""
    verify = request.text("verify") == "1"
    return audit_content(request.county, verify=verify)._asdict()
