"""`explain`: every point with its rule, clause, basis, numbers and events; or why there is none."""

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
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.rulebook_year import view_of_year
from commands.cli.shared.store_access import open_store
from commands.cli.shared.time_correction_output import with_time_corrections
from commands.cli.shared.understood_names import understood_subject
from commands.handlers.moved_codes import require_present_code
from commands.words.messages import _
from lifecycle.rejections import Rejected, msg
from projections.scoring.explanation import explain_project, explain_unit
from projections.scoring.passed_over import passed_over
from projections.views.requested_axes import RequestedAxes


@click.command(
    "explain",
    help=_(
        "Explain every point of SUBJECT (a unit's name or a project's code), and why the "
        "rest earns nothing."
    ),
)
@click.argument("subject")
@axes_options()
@format_option
def command(
    subject: str,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Explain it."""
    with open_store() as ledger:
        subject = understood_subject(ledger, subject)
        view = view_of_year(axes, ledger)
        # A unit comes first: its points include those of its projects.
        explanation = explain_unit(ledger, view, subject)
        if explanation is None:
            explanation = explain_project(ledger, view, subject)
        overlooked = of_unit(passed_over(ledger, view), subject)
        if explanation is not None and form == "json":
            result = with_time_corrections(explanation_json(explanation), ledger, axes)
            # A project's or unit's own rows keep their four fields.
            result["not_counted"] = [*result["not_counted"], *passed_over_rows(overlooked)]
            print_json(result)
        elif explanation is None:
            require_present_code(ledger, subject)
    if explanation is None:
        template = msg(
            "there is no unit or project {subject} as of {day}; lifecycle project list "
            "shows the codes"
        )
        raise Rejected.by(
            "unknown_subject",
            template,
            day=view.as_of,
            subject=subject,
        )
    if form == "csv":
        print_csv(explanation_lines(explanation), explanation_csv_columns())
    elif form == "table":
        print_explanation(explanation)
        print_passed_over(overlooked, view.rulebook.rulebook)
