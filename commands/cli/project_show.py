"""`project show`: one project with its facts, nodes, amounts, credit, standing and anomalies."""

from __future__ import annotations

from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.row_output import OutputColumn, print_json, table_or_json_option
from commands.cli.shared.store_access import open_store
from commands.cli.shared.table_output import console, print_table
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_project
from commands.words import screen_words, table_headings as headings
from commands.words.event_words import EVENTS, FIELDS
from commands.words.history_words import anomaly_texts
from commands.words.vocabulary_words import word
from lifecycle.events import Stream
from lifecycle.events.vocabulary import STAGES
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
def command(code: str, axes: RequestedAxes, form: str) -> None:
    """Show it."""
    with open_store() as ledger:
        code = understood_name(ledger, "project", code)
        projects = judged_at(ledger, axes.day_view(ledger), [code])
        if not projects:
            raise unknown_project(ledger, code)
        stream = Stream("project", code)
        times = ledger.record_times()
        ahead = dated_ahead(ledger, stream, times, axes.position(ledger), axes.as_of)
    judged = projects[0]
    row = project_row(judged).as_json()
    odd = anomaly_texts(judged, ahead)
    if form == "json":
        print_json({**row, "anomalies": odd})
    else:
        _print_project(judged, row, odd)


def _print_amendments(judged: JudgedProject) -> None:
    """Print the supplements that the contract's amounts rest on, each with its day and event."""
    contract = judged.facts.contract
    if contract is None:
        return
    for amendment in contract.amendments:
        parts = [str(EVENTS["AgreementAmended"]), f"{amendment.on}", f"#{amendment.version}"]
        for name in ("contract_investment", "contract_fixed_assets"):
            amount = getattr(amendment, name)
            if amount is not None:
                parts.append(f"{FIELDS[name]} {screen_words.wan(amount)}")
        console().print("  ".join(parts))


def _print_parcels(judged: JudgedProject) -> None:
    """Print each parcel of several with its day and event; their sums stand below."""
    parcels = judged.facts.parcels
    if len(parcels) == 1:
        return
    for parcel in parcels:
        name = parcel.land.parcel or "—"
        area = f"{FIELDS['area_mu']} {parcel.land.area_mu}"
        fee = f"{FIELDS['transfer_fee']} {screen_words.wan(parcel.land.transfer_fee)}"
        reference = f"{EVENTS['LandAcquired']}  {parcel.on}  #{parcel.version}"
        console().print(f"{reference}  {name}  {area}  {fee}")


def _print_project(judged: JudgedProject, row: dict[str, Any], anomalies: list[str]) -> None:
    out = console()
    out.print(f"{row['project']}  {row['name']}", style="bold")
    for name in _FACTS:
        if row[name] is not None:
            out.print(f"{FIELDS[name]}  {word(row[name])}")
    out.print(f"{headings.CREDITED_UNIT}  {row['unit']}")
    # All nodes of 考(三), reached or not: an empty day shows what is still ahead.
    nodes = [{"node": word(stage), "on": row[f"{stage}_on"]} for stage in STAGES]
    print_table(nodes, [OutputColumn("node", FIELDS["stage"]), OutputColumn("on", headings.DAY)])
    for name in _AMOUNTS:
        if row[name] is not None:
            out.print(f"{FIELDS[name]}  {screen_words.wan(row[name])}")
    _print_amendments(judged)
    _print_parcels(judged)
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
    for text in anomalies:
        out.print(f"{headings.ANOMALY}  {text}")
