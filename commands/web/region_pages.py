"""The contents of a region's pages: one function per page, from the request to template values."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from commands.web.accounts import Reader
from commands.web.clause_rows import clauses_of_points, page_clauses
from commands.web.first_page import list_rows
from commands.web.key_figures import target_figures
from commands.web.member_rows import (
    conflicts_figure,
    member_rows,
    members_figure,
    publication_rows,
    report_rows,
)
from commands.web.page_contents import PageContent, PageRequest, project_content
from commands.web.progress_charts import funnel_chart, pace_chart, timeline_chart
from commands.web.project_rows import (
    history_rows,
    project_rows,
)
from commands.web.redaction import without_telephones
from commands.web.region_view import RegionView
from commands.web.score_charts import modules_chart, rank_charts, ranking
from commands.web.score_rows import basis_rows, module_rows, not_counted_rows, total_rows
from commands.web.target_bars import funds_bars, group_tables
from commands.web.target_rows import unit_funds_chart, unit_target_rows
from commands.words.date_text import chinese_moment
from commands.words.rank_words import rank_text
from lifecycle.events import Stream
from lifecycle.events.field_types import SHANGHAI


def _region_of(request: PageRequest) -> RegionView:
    region = request.county
    assert isinstance(region, RegionView)  # the site of these pages has no other views
    return region


def first_page(request: PageRequest) -> PageContent:
    """Key figures, the ranking of the members, the month's lists, funds by member and group."""
    region, reader = _region_of(request), request.reader
    figures = [*target_figures(region), members_figure(region), conflicts_figure(region)]
    content: PageContent = without_telephones(
        {
            "figures": figures,
            # Sheets and deadlines are a county's own matter.
            "decisions": [],
            "pressed": [],
            "funds": funds_bars(region, reader),
            "groups": group_tables(region, reader),
            "boards": list_rows(region, reader),
            "ranking": ranking(region, reader),
        }
    )
    return content


def charts_page(request: PageRequest) -> PageContent:
    """The charts, each with its table."""
    region, reader = _region_of(request), request.reader
    charts = [
        unit_funds_chart(region, reader),
        pace_chart(region),
        modules_chart(region, reader),
        funnel_chart(region, reader),
        *rank_charts(region),
        timeline_chart(region, reader),
    ]
    return {"charts": [chart for chart in charts if chart is not None]}


def member_page(request: PageRequest) -> PageContent:
    """A member: the verdict on its ledger, its points and targets, its projects."""
    region, reader = _region_of(request), request.reader
    name = request.text("name")
    if not reader.sees(name):
        raise HTTPException(403)
    member = [row for row in member_rows(region, reader) if row.unit == name]
    if not member and name not in region.units():
        raise HTTPException(404)
    conflicts = [each for each in region.conflicts if each.touches(name)]
    content = {
        "name": name,
        "members": member,
        "conflicts": report_rows(conflicts, reader),
        "history": history_rows(region.ledger, region.view, Stream("unit", name), reader),
        "names_recorders": False,
    }
    if name not in region.units():
        # Nothing of its ledger counts, so that it has no points.
        return {**content, "totals": [], "clauses": page_clauses(region, [])}
    return {**content, **_points_of(region, name, reader)}


def _points_of(region: RegionView, name: str, reader: Reader) -> PageContent:
    explanation = region.explanations()[name]
    rulebook = region.view.rulebook.rulebook
    score = region.score_of(name)
    modules = module_rows(explanation, reader)
    not_counted = not_counted_rows(explanation, reader)
    return {
        "name": score.name,
        "sequence": score.sequence,
        "rank": rank_text(score.rank),
        "modules": modules,
        "totals": total_rows(score, rulebook),
        "basis": basis_rows(score, rulebook),
        "clauses": page_clauses(region, clauses_of_points(modules, not_counted)),
        "targets": unit_target_rows(region, name),
        "not_counted": not_counted,
        "projects": project_rows(explanation.projects.values()),
    }


def project_page(request: PageRequest) -> PageContent:
    """A member's project: facts, points, its events in the member's ledger."""
    region, reader = _region_of(request), request.reader
    code = request.text("code")
    project = region.projects().get(code)
    if reader.role == "unit" and (project is None or not reader.sees(project.unit)):
        # Whether another member has a project of that code is not for this reader to know.
        raise HTTPException(403)
    if project is None:
        raise HTTPException(404)
    conflicts = [each for each in region.conflicts if each.concerns(code)]
    return {
        **project_content(region, project, reader, code),
        "resources": [],
        "conflicts": report_rows(conflicts, reader),
        # They are the member's own staff.
        "names_recorders": False,
    }


def members_page(request: PageRequest) -> PageContent:
    """The verdict on every member's ledger, and how much of it counts."""
    region = _region_of(request)
    return {
        "members": member_rows(region, request.reader),
        "verified_at": chinese_moment(region.verified_at.astimezone(SHANGHAI)),
        "is_official": region.look.is_official,
    }


def conflicts_page(request: PageRequest) -> PageContent:
    """The projects that two members report."""
    return {"conflicts": report_rows(_region_of(request).conflicts, request.reader)}


def publications_page(request: PageRequest) -> PageContent:
    """What was published, and which members it counted."""
    return {"publications": publication_rows(_region_of(request))}
