"""The county in one file: every chart with its table, every point explained.

It opens anywhere and reads nothing from a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from commands import fonts
from commands.handlers.region_look import RegionLook
from commands.web.accounts import Reader
from commands.web.clause_rows import clauses_of_points, page_clauses
from commands.web.county_view import CountyView
from commands.web.decision_rows import decision_lists
from commands.web.duty_rows import DeadlineTexts, deadline_rows, pressed_units, task_rows
from commands.web.first_page import list_rows
from commands.web.key_figures import key_figures, target_figures
from commands.web.progress_charts import (
    funnel_chart,
    overdue_chart,
    pace_chart,
    timeline_chart,
)
from commands.web.project_rows import project_rows
from commands.web.redaction import without_telephones
from commands.web.score_charts import modules_chart, rank_charts, ranking, sequence_of
from commands.web.score_rows import (
    ModuleTexts,
    NotCountedTexts,
    TotalRow,
    basis_rows,
    module_rows,
    not_counted_rows,
    total_rows,
)
from commands.web.self_contained import self_contained_page
from commands.web.target_bars import funds_bars, group_tables
from commands.web.target_rows import unit_funds_chart
from commands.words import member_words
from commands.words.foot_words import VERIFIER_NAMED
from commands.words.messages import in_chinese
from commands.words.rank_words import rank_text
from lifecycle.ledger.stored_tree import StoredTree
from projections.audit.verifier import verifier_digest
from projections.scoring.unit_scores import UnitScore
from projections.views.counted_twice import counted_twice

# What is sent and pinned to the wall names no persons.
_READER: Final = Reader("", "leader")
_TAG: Final = re.compile(r"<[^>]*>")
# Their characters are never drawn as text, so the font need not have them.
_STYLE_OR_SCRIPT: Final = re.compile(r"<(style|script)>.*?</\1>", re.DOTALL)


def county_file(county: CountyView) -> str:
    """The text of the whole file."""
    return _file(county, _content)


def region_file(
    county: CountyView,
    look: RegionLook,
) -> str:
    """The text of a region's file; the view is one over its members as they were looked at."""
    return _file(county, _region_content, tuple(_member_lines(look, county.view.as_of)))


def _member_lines(look: RegionLook, day: date) -> Iterator[str]:
    """Which members the figures count, and the projects that two of them report."""
    yield member_words.members_sentence(len(look.members), look.counted)
    absent = []
    for member in look.members:
        if not member.counted:
            left_out = look.left_out.reason if member.unit in look.left_out.units else ""
            absent.append((member.unit, member_words.why_absent(member.verdict, left_out)))
    if absent:
        yield member_words.absent_sentence(absent)
    if not look.is_official:
        yield member_words.UNOFFICIAL_SENTENCE
    for conflict in counted_twice(look.projects, day):
        reports = []
        for report in conflict.reports:
            recorded_at = f"{report.recorded_at:%Y-%m-%d %H:%M}"
            reports.append((report.project, report.name, report.investor, recorded_at))
        yield member_words.conflict_line(reports)


def _file(
    county: CountyView,
    content_of: Callable[[CountyView], dict[str, Any]],
    member_lines: Sequence[str] = (),
) -> str:
    # The file is for leaders and walls, whichever language its maker reads.
    with in_chinese():
        anchors = _anchors(county)
        content = without_telephones(content_of(county))
        return self_contained_page(
            "report.html",
            view=county.view,
            book=county.view.rulebook.rulebook,
            root=_root(county),
            verifier=f"{VERIFIER_NAMED}{verifier_digest()}",
            time_corrections=county.time_correction_lines(),
            member_lines=without_telephones(list(member_lines)),
            anchors=anchors,
            link=anchors.link,
            **content,
        )


class Anchors(NamedTuple):
    """Where units and projects stand in the file, as their names may not be valid anchors."""

    units: dict[str, str]
    projects: dict[str, str]

    def link(
        self,
        _page: str,
        name: str = "",
        code: str = "",
        target: str = "",
        **_chosen: str,
    ) -> str:
        """The place of a unit or project.

        Of the list of projects for what adds to a target, of the deadlines for every other page.
        """
        whole_list = "projects" if target else "late"
        anchor = self.units.get(name) or self.projects.get(code) or whole_list
        return f"#{anchor}"


def _anchors(county: CountyView) -> Anchors:
    units = {}
    for number, unit in enumerate(county.units(), start=1):
        units[unit] = f"unit-{number}"
    projects = {}
    for number, code in enumerate(county.projects(), start=1):
        projects[code] = f"project-{number}"
    return Anchors(units, projects)


def undrawn_characters(text: str) -> str:
    """The characters of the file that its font lacks.

    A machine without a Chinese font of its own shows boxes for them.
    """
    shown = _STYLE_OR_SCRIPT.sub("", text)
    return fonts.uncovered([_TAG.sub("", shown)])


def _content(county: CountyView) -> dict[str, Any]:
    sequences = _explained_sequences(county)
    deadlines = deadline_rows(county, _READER)
    return {
        **_scored_content(county),
        "figures": key_figures(county, _READER),
        "decisions": decision_lists(county, _READER),
        "pressed": pressed_units(county, _READER),
        "sequences": sequences,
        "clauses": page_clauses(county, _references(sequences, deadlines)),
        "has_duties": True,
        "deadlines": deadlines,
        "tasks": task_rows(county, _READER),
        "overdue": overdue_chart(county, _READER),
    }


def _region_content(region: CountyView) -> dict[str, Any]:
    """Without sheets and deadlines, which are the members' own matter."""
    sequences = _explained_sequences(region)
    return {
        **_scored_content(region),
        "figures": target_figures(region),
        "decisions": [],
        "pressed": [],
        "sequences": sequences,
        "clauses": page_clauses(region, _references(sequences, [])),
        "has_duties": False,
    }


def _scored_content(county: CountyView) -> dict[str, Any]:
    return {
        "funds": funds_bars(county, _READER),
        "groups": group_tables(county, _READER),
        "boards": list_rows(county, _READER),
        "ranking": ranking(county, _READER),
        "modules": modules_chart(county, _READER),
        "months": rank_charts(county),
        "pace": pace_chart(county),
        "unit_funds": unit_funds_chart(county, _READER),
        "funnel": funnel_chart(county, _READER),
        "timeline": timeline_chart(county, _READER),
        "projects": project_rows(county.projects().values()),
    }


class ExplainedUnit(NamedTuple):
    """A unit, by its identity, with every point explained."""

    unit: str
    name: str
    rank: str
    modules: list[ModuleTexts]
    totals: list[TotalRow]
    basis: list[tuple[str, str]]
    not_counted: list[NotCountedTexts]


class ExplainedSequence(NamedTuple):
    """A sequence's units in the order of their ranks."""

    sequence: str
    units: list[ExplainedUnit]


def _explained_sequences(county: CountyView) -> list[ExplainedSequence]:
    sequences = []
    for sequence, scores in groupby(county.scores(), key=sequence_of):
        units = [_explained_unit(county, score) for score in scores]
        sequences.append(ExplainedSequence(sequence, units))
    return sequences


def _explained_unit(county: CountyView, score: UnitScore) -> ExplainedUnit:
    explanation = county.explanations()[score.unit]
    rulebook = county.view.rulebook.rulebook
    return ExplainedUnit(
        unit=score.unit,
        name=score.name,
        rank=rank_text(score.rank),
        modules=module_rows(explanation, _READER),
        totals=total_rows(score, rulebook),
        basis=basis_rows(score, rulebook),
        not_counted=not_counted_rows(explanation, _READER),
    )


def _references(
    sequences: Iterable[ExplainedSequence],
    deadlines: Iterable[DeadlineTexts],
) -> list[str]:
    """The clauses of all points and deadlines: in one file the text of each stands once."""
    references = []
    for sequence in sequences:
        for unit in sequence.units:
            references += clauses_of_points(unit.modules, unit.not_counted)
    references += [row.clause for row in deadlines]
    return references


def _root(county: CountyView) -> str:
    """The root of the event tree at the position of the view."""
    recorder = county.ledger.recorder
    with recorder.cursor(write=False) as cursor:
        return StoredTree(recorder, cursor).root(county.view.position).hex()
