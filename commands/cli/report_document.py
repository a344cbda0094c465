"""`report KIND`: the command of each kind of document that its row describes completely."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.document_options import DocumentOptions, document_options
from commands.cli.shared.document_output import write_document_files
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.reports.document_kinds import DOCUMENT_KINDS
from commands.reports.periods import report_period, require_begun
from projections.views.requested_axes import RequestedAxes


def document_command(name: str) -> click.Command:
    """Return the command that writes documents of a kind."""
    kind = DOCUMENT_KINDS[name]
    is_periodic = kind.period is not None

    def write(
        subject: str,
        axes: RequestedAxes,
        document: DocumentOptions,
    ) -> None:
        if kind.period is None:
            _write_of_day(name, subject, axes, document)
        else:
            _write_of_period(name, kind.period, subject, axes, document)

    add_axes = axes_options(year=False, rulebook=is_periodic)
    write_with_options: Any = document_options(*kind.formats)(add_axes(write))
    add_subject = click.argument("subject", metavar=kind.argument)
    return click.command(name)(add_subject(write_with_options))


def _write_of_day(
    name: str,
    subject: str,
    axes: RequestedAxes,
    document: DocumentOptions,
) -> None:
    with open_store() as ledger:
        axes = document.axes_of_day(axes, ledger.clock().date())
        kind = DOCUMENT_KINDS[name].subject
        # A day is typed in full, a project may be typed in part.
        subject = understood_name(ledger, kind, subject) if kind else subject.strip()
        write_document_files(ledger, axes.day_view(ledger), name, subject, document)


def _write_of_period(
    name: str,
    period_kind: str,
    typed_period: str,
    axes: RequestedAxes,
    document: DocumentOptions,
) -> None:
    period = report_period(period_kind, typed_period)
    with open_store() as ledger:
        axes = document.axes_of_day(axes, ledger.clock().date())
        # A period that has not ended yet is reported as of today.
        day = min(period.end, axes.as_of or ledger.clock().date())
        # The agenda of a meeting is written before its month has begun, too.
        if period_kind != "meeting":
            require_begun(period, day)
        view = replace(axes, year=period.year, as_of=day).year_view(ledger)
        write_document_files(ledger, view, name, period.name, document)
