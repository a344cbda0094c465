"""`region score`: the members' totals by the region's rulebook, or each by its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from commands.cli.shared.axes_options import axes_options
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
from commands.cli.shared.score_output import flat_score_row, print_scores, score_columns
from commands.cli.shared.time_correction_output import with_time_corrections
from commands.cli.shared.understood_names import understood_filter
from commands.cli.shared.unknown_names import absent_unit
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.rejections import Rejected, msg
from projections.facts.member_projects import MemberLedger
from projections.scoring.evaluation import evaluate
from projections.scoring.passed_over import passed_over
from projections.scoring.score_json import score_json
from projections.views.counted_twice import CountedTwice
from projections.views.requested_axes import RequestedAxes


@click.command(
    "score",
    help=_(
        "Show the members' totals, modules and ranks of a year, or those of UNIT only, by the "
        "region's rulebook: projects from the members' ledgers, all else from the region's own."
    ),
)
@click.argument("unit", required=False)
@region_options
@engine_options
@axes_options()
@click.option(
    "--own",
    "is_own",
    is_flag=True,
    help=_("Show each member's own scores by its own rulebook instead."),
)
@format_option
def command(
    unit: str | None,
    region: RequestedRegion,
    axes: RequestedAxes,
    form: str,
    *,
    is_own: bool,
) -> None:
    """Show them."""
    with open_region(region, known_at=axes.known_at, day=axes.as_of) as opened:
        unit = understood_filter(opened.ledger, "unit", unit)
        if unit is not None:
            opened.look.require_counted(unit)
        if is_own:
            _show_own(opened, unit, axes, form)
        else:
            _show_region(opened, unit, axes, form)


def _show_region(
    opened: OpenRegion,
    unit: str | None,
    axes: RequestedAxes,
    form: str,
) -> None:
    view = opened.over_members(view_of_year(axes, opened.ledger))
    scores = score_json(evaluate(opened.ledger, view))
    scores = with_time_corrections(scores, opened.ledger, axes)
    overlooked = passed_over(opened.ledger, view)
    conflicts = opened.conflicts(view.as_of)
    rows = scores["units"]
    if unit is not None:
        scores["units"] = [row for row in rows if row["unit"] == unit]
        if not scores["units"]:
            raise absent_unit(unit, view.as_of, [row["unit"] for row in rows])
        overlooked = of_unit(overlooked, unit)
        conflicts = [conflict for conflict in conflicts if conflict.touches(unit)]
    _mark_units(scores["units"], conflicts)
    if form == "json":
        top = region_json(opened.look, conflicts)
        print_json({**top, **scores, "not_counted": passed_over_rows(overlooked)})
    elif form == "csv":
        columns = score_columns(view.rulebook.rulebook)
        print_csv([flat_score_row(row) for row in scores["units"]], columns)
        warn_of_absent_members(opened.look)
    else:
        print_absent_members(opened.look)
        print_scores(scores, view.rulebook.rulebook)
        print_conflicts(conflicts)
        print_passed_over(overlooked, view.rulebook.rulebook)


def _mark_units(rows: Sequence[dict[str, Any]], conflicts: Sequence[CountedTwice]) -> None:
    """Name in each unit's row those of its projects that another member reports too."""
    for row in rows:
        row["counted_twice"] = [
            report.project
            for conflict in conflicts
            for report in conflict.reports
            if report.unit == row["unit"]
        ]


# By the members' own rulebooks --------------------------------------------------------------------


def _show_own(
    opened: OpenRegion,
    unit: str | None,
    axes: RequestedAxes,
    form: str,
) -> None:
    if axes.rulebook_id is not None or axes.rulebook is not None:
        raise click.UsageError(_("--own goes by each member's own rulebook: leave out --rulebook"))
    if form == "csv":
        raise click.UsageError(_("--own shows several tables: use --format table or json"))
    conflicts = opened.conflicts(axes.as_of or opened.ledger.clock().date())
    results = []
    print_if_table = form == "table"
    if print_if_table:
        print_absent_members(opened.look)
    for member in opened.look.projects.members:
        if unit in (None, member.unit):
            results.append(_own_result(member, axes, shown=print_if_table))
    if print_if_table:
        print_conflicts(conflicts)
    else:
        print_json({**region_json(opened.look, conflicts), "own": results})


def _own_result(
    member: MemberLedger,
    axes: RequestedAxes,
    *,
    shown: bool,
) -> dict[str, Any]:
    """Return a member's own scores, or why it has none; print them where they are `shown`."""
    try:
        view = axes.year_view(member.ledger, end=member.position)
        scores = score_json(evaluate(member.ledger, view))
    except Rejected as rejected:
        # One member without a rulebook in force does not hide the others' scores.
        reason = problem_text(rejected.problems[0])
        if shown:
            click.echo(say(msg("{unit}: {reason}"), unit=member.unit, reason=reason))
        return {"unit": member.unit, "scores": None, "reason": reason}
    if shown:
        click.echo(member.unit)
        print_scores(scores, view.rulebook.rulebook)
    return {"unit": member.unit, "scores": scores, "reason": None}
