"""`status`: where the store is and what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from commands.cli.shared.clock_option import warn_of_clock
from commands.cli.shared.environment_check import (
    STATES,
    SUBJECTS,
    EnvironmentCheck,
    failed_by,
    has_failed,
)
from commands.cli.shared.last_backup import last_backup
from commands.cli.shared.ledger_checks import ledger_checks
from commands.cli.shared.machine_checks import machine_checks
from commands.cli.shared.passed_over_output import passed_over_rows
from commands.cli.shared.print_message import print_message
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.store_access import evidence_store, open_store, store_url
from commands.cli.shared.store_metrics import check_metrics, program_metrics, store_metrics
from commands.metrics.openmetrics import Metric, metrics_text
from commands.words.messages import _, labelled, say, shown
from lifecycle.ledger.recorders import store_place
from lifecycle.ledger.recorders.closures import closed_error, present_closure
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError, Rejected, msg
from lifecycle.rulebook import LoadedRulebook
from projections import readmodels
from projections.facts.county_facts import CountyFacts, county_facts
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.passed_over import PassedOver, passed_over
from projections.scoring.result_view import View


@click.command(
    "status",
    help=_("Show where the store is, what it contains and how current the query tables are."),
)
@click.option(
    "--unblock",
    is_flag=True,
    help=_(
        "PostgreSQL: end the session that keeps others from recording. Only for the owner of the "
        "database."
    ),
)
@click.option(
    "--check",
    is_flag=True,
    help=_(
        "Check the environment and say what to do: database, permissions, clock, free space, key, "
        "last backup and more. Exit code 1 if anything is not in order."
    ),
)
@click.option(
    "--metrics",
    is_flag=True,
    help=_(
        "Print positions, lag, sizes, ages and the results of --check for a monitoring system, in "
        "the text format of OpenMetrics. Exit code 1 if the store cannot be read."
    ),
)
@table_or_json_option
def command(
    form: str,
    *,
    unblock: bool,
    check: bool,
    metrics: bool,
) -> None:
    """Show it."""
    if metrics:
        if unblock or check or form != "table":
            raise click.UsageError(_("--metrics is given alone: it has a format of its own"))
        _print_metrics()
        return
    if unblock:
        _unblock()
        return
    if check:
        _check(form)
        return
    with open_store() as ledger:
        status = _status(ledger, store_url())
        warn_of_clock(ledger)
        _warn_of_server(ledger)
    if form == "json":
        print_json(status)
        return
    for name, label in _labels().items():
        value = status[name]
        # "takes no events: —" would read as if it took none.
        if name == "closed" and value is None:
            continue
        click.echo(labelled(label, shown(value)))
    overlooked = len(status["not_counted"])
    if overlooked:
        template = msg("not counted this year: {count}, listed by `lifecycle score`")
        print_message(say(template, count=overlooked))


def _warn_of_server(ledger: Ledger) -> None:
    """Say what a store on PostgreSQL lacks: the checks of SHA-256, an upgrade, closed doors."""
    for problem in ledger.recorder.limits():
        print_message(say(problem.template, **problem.values))


def _print_metrics() -> None:
    """Print what a monitoring system reads; of a store that does not open, that it does not."""
    url = store_url()
    figures: list[Metric] = []
    is_up = True
    try:
        with open_store() as ledger:
            figures = store_metrics(ledger, url)
    except (LedgerError, OSError) as error:
        is_up = False
        print_message(failed_by("store", error).finding)
    checks = check_metrics(_environment_checks(url))
    text = metrics_text([*program_metrics(store_answers=is_up), *figures, checks])
    click.echo(text, nl=False)
    if not is_up:
        click.get_current_context().exit(1)


def _environment_checks(url: str) -> list[EnvironmentCheck]:
    """Return every check; those of the store only where it opens."""
    checks: list[EnvironmentCheck] = []
    try:
        with open_store() as ledger:
            checks.append(EnvironmentCheck("store", "ok", store_place(url)))
            checks.extend(ledger_checks(ledger, url))
    except (LedgerError, OSError) as error:
        checks.append(failed_by("store", error))
    # The machine is checked also where the store does not open: that may be why.
    checks.extend(machine_checks(url))
    return checks


def _check(form: str) -> None:
    checks = _environment_checks(store_url())
    if form == "json":
        print_json([asdict(check) for check in checks])
    else:
        _print_checks(checks)
    if has_failed(checks):
        click.get_current_context().exit(1)


def _print_checks(checks: Sequence[EnvironmentCheck]) -> None:
    """Print a line for each check, and below it what to do: no table, which would cut commands."""
    for check in checks:
        state = _(STATES[check.state])
        subject = f"{state}  {_(SUBJECTS[check.check])}"
        click.echo(labelled(subject, check.finding))
        if check.advice:
            click.echo(f"      → {check.advice}")


def _unblock() -> None:
    """End the sessions that hold the lock of recording."""
    with open_store() as ledger:
        if ledger.database_rank() != "owner":
            raise Rejected.by(
                "not_owner", msg("only the owner of a database on PostgreSQL ends others' sessions")
            )
        sessions = ledger.recorder.end_blocking_sessions()
    for session in sessions:
        template = msg("ended the session of {login} (process {process})")
        click.echo(say(template, **session._asdict()))
    if not sessions:
        click.echo(_("no session keeps others from recording"))


def _labels() -> dict[str, str]:
    return {
        "store": _("store"),
        "events": _("events"),
        "root": _("tree root (SHA-256)"),
        "recorded_at": _("last recorded"),
        "rulebook": _("rulebook in force"),
        "read_tables": _("query tables"),
        "evidence": _("evidence stored in"),
        "working_days": _("working days published"),
        "last_backup": _("last backup"),
        "closed": _("takes no events"),
    }


def _status(ledger: Ledger, url: str) -> dict[str, Any]:
    head = ledger.head()
    tree = ledger.tree()
    today = ledger.clock().date()
    county = county_facts(ledger, head.position)
    rulebook = _rulebook_in_force(county, today)
    calendar = county.calendar(today)
    years = [f"{first}–{last}" for first, last in calendar.year_ranges]
    return {
        "store": store_place(url),
        "events": head.position,
        "tree_size": tree.size,
        "root": tree.root().hex(),
        "recorded_at": head.recorded_at or None,
        "rulebook": rulebook.id,
        "rulebook_digest": rulebook.digest,
        "read_tables": _query_tables(readmodels.tables_position(url), head.position),
        "evidence": str(evidence_store().folder),
        "working_days": say(
            msg("{years} ({source}, {digest})"),
            years=years,
            source=calendar.source,
            digest=calendar.digest[:16],
        ),
        "last_backup": _last_backup(url, head.origin),
        "closed": _closed(ledger),
        "not_counted": passed_over_rows(_passed_over(ledger, rulebook)),
    }


def _last_backup(url: str, origin: str) -> str | None:
    backup = last_backup(url, origin)
    if backup is None:
        return None
    template = msg("{made_at}, {events} events, {path}")
    return say(template, made_at=backup.made_at, events=backup.events, path=backup.path)


def _closed(ledger: Ledger) -> str | None:
    """Return why the store takes no events; None where it does."""
    with ledger.recorder.cursor(write=False) as cursor:
        closure = present_closure(cursor)
    if closure is None:
        return None
    error = closed_error(closure.decided_at, closure.reason)
    return say(error.template, **error.values)


def _rulebook_in_force(county: CountyFacts, today: date) -> LoadedRulebook:
    """Return the rulebook of this year, or of this day where no single one serves the year."""
    rulebooks = in_force.adopted(county)
    # Two rulebooks may share a year; then only a day says which one applies.
    try:
        return in_force.for_year(rulebooks, today.year)
    except Rejected:
        return in_force.at_day(rulebooks, today)


def _passed_over(ledger: Ledger, rulebook: LoadedRulebook) -> list[PassedOver]:
    today = ledger.clock().date()
    # What cannot be read is named by the verification itself.
    with suppress(LedgerError):
        return passed_over(ledger, View(today.year, today, ledger.head().position, rulebook))
    return []


def _query_tables(tables_position: int | None, head: int) -> str:
    if tables_position is None:
        return say(msg("not built yet: run `lifecycle projections rebuild`"))
    template = msg("at position {position}, {behind} behind")
    return say(
        template,
        position=tables_position,
        behind=head - tables_position,
    )
