"""`resources match`: what of the resource list suits a project."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.print_message import print_message
from commands.cli.shared.resource_columns import RESOURCE_COLUMNS
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_project
from commands.words import table_headings as headings
from commands.words.messages import say
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes
from projections.views.resource_view import matching_resources, reported_needs, resource_rows

_COLUMNS: Final = (
    # Everything that matches is available by the day: `available_on` would say nothing.
    *(column for column in RESOURCE_COLUMNS if column.field not in ("projects", "available_on")),
    OutputColumn("same_site", headings.SAME_SITE),
    OutputColumn("industry_in_common", headings.INDUSTRY_IN_COMMON),
    OutputColumn("surplus_area_mu", headings.SURPLUS_AREA_MU, number=True),
    OutputColumn("surplus_floor_area_m2", headings.SURPLUS_FLOOR_AREA_M2, number=True),
)


@click.command("match")
@click.argument("project")
@axes_options(year=False, rulebook=False)
@format_option
def command(
    project: str,
    axes: RequestedAxes,
    form: str,
) -> None:
    """List what suffices for it."""
    terms = {value: (term.english, term.chinese) for value, term in VOCABULARY.items()}
    with open_store() as ledger:
        project = understood_name(ledger, "project", project)
        view = axes.day_view(ledger)
        report = reported_needs(ledger, view, project)
        if report is None:
            raise unknown_project(ledger, project)
        rows = resource_rows(ledger, view)
    matches = matching_resources(rows, report, view.as_of, terms)
    print_rows([match.as_json() for match in matches], _COLUMNS, form)
    if report.needs_area_mu is None and report.needs_floor_area_m2 is None:
        template = msg(
            "{project} does not say what it needs (needs_area_mu, needs_floor_area_m2): everything "
            "available is listed; `lifecycle correct` adds it"
        )
        print_message(say(template, project=project))
