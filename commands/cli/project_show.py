"""`project show`: one project with its facts, nodes, amounts, credit, standing and anomalies."""

from __future__ import annotations

from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.project_course_output import course_rows, print_course
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.store_access import open_store
from commands.cli.shared.table_output import console, print_table
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_project
from commands.words import screen_words, table_headings as headings
from commands.words.event_words import EVENTS, FIELDS
from commands.words.history_words import anomaly_texts, late_repair_texts
from commands.words.vocabulary_words import word
from lifecycle.events import Stream
from lifecycle.events.vocabulary import MILESTONES, REACHED_STAGES, STAGES
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.views.project_view import project_row
from projections.views.record_time_view import dated_ahead
from projections.views.requested_axes import RequestedAxes

_FACTS: Final = (
    "investor",
    "investor_code",
    "sector",
    "kind",
    "site",
    "reporting_unit",
    "lead_person",
    "outside_ratio",
)
_AMOUNTS: Final = (
    "planned_investment",
    "planned_fixed_assets",
    "contract_investment",
    "contract_fixed_assets",
    "transfer_fee",
)


@click.command("show")
@click.argument("code")
@axes_options(year=False, rulebook=False)
@table_or_json_option
def command(
    code: str,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show it."""
    with open_store() as ledger:
        code = understood_name(ledger, "project", code)
        projects = judged_at(ledger, axes.day_view(ledger), [code])
        if not projects:
            raise unknown_project(ledger, code)
        stream = Stream("project", code)
        times = ledger.record_times()
        position = axes.position(ledger)
        ahead = dated_ahead(ledger, stream, times, position, axes.as_of)
        history = ledger.stored_history(stream, position)
    judged = projects[0]
    row = project_row(judged).as_json()
    course = course_rows(history, judged.axes.as_of)
    odd = [*anomaly_texts(judged, ahead), *late_repair_texts(history, judged.axes.as_of)]
    if form == "json":
        print_json({**row, "course": course, "anomalies": odd})
    else:
        _print_project(judged, row)
        print_course(course)
        for text in odd:
            console().print(f"{headings.ANOMALY}  {text}")


def _print_project(judged: JudgedProject, row: dict[str, Any]) -> None:
    out = console()
    out.print(f"{row['project']}  {row['name']}", style="bold")
    for name in _FACTS:
        if row[name] is not None:
            out.print(f"{FIELDS[name]}  {word(row[name])}")
    out.print(f"{headings.CREDITED_UNIT}  {judged.unit_name or '—'}")
    # All nodes of 考(三), reached or not: an empty day shows what is still ahead.
    nodes = [{"node": word(stage), "on": row[f"{stage}_on"]} for stage in STAGES]
    # Behind them what was reached on the way, milestones and stages that a rulebook declares.
    declared = [stage for stage in judged.nodes if stage not in REACHED_STAGES]
    for milestone in (*MILESTONES, *declared):
        reached = judged.node(milestone)
        if reached is not None:
            nodes.append({"node": word(milestone), "on": reached.on.isoformat()})
    print_table(nodes, [OutputColumn("node", FIELDS["stage"]), OutputColumn("on", headings.DAY)])
    for name in _AMOUNTS:
        if row[name] is not None:
            out.print(f"{FIELDS[name]}  {screen_words.wan(row[name])}")
    # The area's field name already says its unit of measure (亩).
    if row["area_mu"] is not None:
        out.print(f"{FIELDS['area_mu']}  {row['area_mu']}")
    invested = f"{headings.INVESTED}  {screen_words.wan(row['invested'])}"
    tax = f"{headings.TAX_PAID}  {screen_words.wan(row['tax'])}"
    out.print(f"{invested}   {tax}")
    out.print(f"{headings.ASSESSMENT_PERIOD}  {row['period_end'] or screen_words.NOT_SIGNED}")
    recognised = f"{headings.RECOGNISED}  {word(row['recognised'])}"
    eligible = f"{headings.ELIGIBLE}  {word(row['eligible'])}"
    excluded = f"{headings.EXCLUDED}  {row['excluded'] or '—'}"
    out.print(f"{recognised}   {eligible}   {excluded}")
    if judged.facts.terminated_on is not None:
        out.print(f"{EVENTS['ProjectTerminated']}  {judged.facts.terminated_on}")
    paused = judged.facts.paused
    if paused is not None:
        out.print(f"{EVENTS['ProjectPaused']}  {paused.on}  #{paused.version}")
