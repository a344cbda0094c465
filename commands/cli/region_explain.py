"""`region explain`: every point of a member, or of a member's project, by the region's rulebook."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.explanation_json import (
    explanation_csv_columns,
    explanation_json,
    explanation_lines,
)
from commands.cli.shared.explanation_output import print_explanation
from commands.cli.shared.passed_over_output import of_unit, passed_over_rows, print_passed_over
from commands.cli.shared.region_access import (
    OpenRegion,
    RequestedRegion,
    engine_options,
    open_region,
    region_options,
)
from commands.cli.shared.region_output import (
    print_absent_members,
    print_conflicts,
    region_json,
    warn_of_absent_members,
)
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.rulebook_year import view_of_year
from commands.cli.shared.time_correction_output import with_time_corrections
from commands.cli.shared.understood_names import understood_name
from commands.words.messages import _
from lifecycle.rejections import Rejected, msg
from projections.facts.member_projects import CODE_SIGN, member_code
from projections.scoring.explanation import Explanation, explain_project, explain_unit
from projections.scoring.passed_over import passed_over
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.views.requested_axes import RequestedAxes


@click.command(
    "explain",
    help=_(
        "Explain every point of SUBJECT by the region's rulebook: a member's name, or a project "
        "such as 开化县/KH-2024-017."
    ),
)
@click.argument("subject")
@region_options
@engine_options
@axes_options()
@format_option
def command(
    subject: str,
    region: RequestedRegion,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Explain it."""
    with open_region(region, known_at=axes.known_at, day=axes.as_of) as opened:
        view = opened.over_members(view_of_year(axes, opened.ledger))
        explanation = _explanation(opened, view, subject)
        # Its identity: conflicts and what was passed over know a member by that alone.
        subject = explanation.subject
        overlooked = of_unit(passed_over(opened.ledger, view), subject)
        conflicts = []
        for conflict in opened.conflicts(view.as_of):
            if conflict.touches(subject) or conflict.concerns(subject):
                conflicts.append(conflict)
        if form == "json":
            result = with_time_corrections(explanation_json(explanation), opened.ledger, axes)
            result["not_counted"] = [*result["not_counted"], *passed_over_rows(overlooked)]
            print_json({**region_json(opened.look, conflicts), **result})
        elif form == "csv":
            print_csv(explanation_lines(explanation), explanation_csv_columns())
            warn_of_absent_members(opened.look)
        else:
            print_absent_members(opened.look)
            print_explanation(explanation)
            print_conflicts(conflicts)
            print_passed_over(overlooked, view.rulebook.rulebook)


def _explanation(
    opened: OpenRegion,
    view: View,
    subject: str,
) -> Explanation:
    """Return the explanation of a member or of a project. Raises `Rejected` where there is none."""
    if _names_project(opened, view, subject):
        explanation = explain_project(opened.ledger, view, subject)
        if explanation is None:
            # A member's name may have the sign itself, and so may a project's code.
            units = [member.unit for member in opened.look.members]
            named = [unit for unit in units if subject.startswith(member_code(unit, ""))]
            if named:
                opened.look.require_counted(max(named, key=len))
    else:
        subject = understood_name(opened.ledger, "unit", subject)
        opened.look.require_counted(subject)
        explanation = explain_unit(opened.ledger, view, subject)
    if explanation is None:
        raise Rejected.by(
            "unknown_subject",
            msg(
                "there is no member or project {subject} as of {day}; the members that count: "
                "{allowed}; a project is written as MEMBER/CODE"
            ),
            subject=subject,
            day=view.as_of,
            allowed=[member.unit for member in opened.look.projects.members],
        )
    return explanation


def _names_project(opened: OpenRegion, view: View, subject: str) -> bool:
    """Whether a subject is a project's name: it has the sign, and is no unit's whole name."""
    if CODE_SIGN not in subject:
        return False
    for name, standing in units_at(opened.ledger, view).standings.items():
        if subject in (name, standing.shown_name):
            return False
    return True
