"""`region report`: the notices of a region, and the region in one file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.document_options import DocumentOptions, document_options
from commands.cli.shared.document_output import write_document_files
from commands.cli.shared.page_file_output import write_page_file
from commands.cli.shared.region_access import (
    OpenRegion,
    RequestedRegion,
    engine_options,
    open_region,
    region_options,
)
from commands.cli.shared.region_output import warn_of_absent_members
from commands.cli.shared.store_access import evidence_store, open_store
from commands.cli.shared.typed_path import TypedPath
from commands.reports.document_kinds import DOCUMENT_KINDS
from commands.reports.document_members import document_members
from commands.reports.periods import report_period, require_begun
from commands.web.county_file import region_file
from commands.web.county_view import CountyView
from commands.words.messages import _
from lifecycle.rejections import Rejected, msg
from projections.scoring.result_view import View
from projections.views.requested_axes import RequestedAxes

_KINDS: Final = ("month", "quarter", "year")


@click.group(
    "report",
    help=_("Write the region's notice of a month, quarter or year, or the region in one file."),
)
def command() -> None:
    """Documents of the region."""


def _notice_command(name: str) -> click.Command:
    """Return the command that writes notices of a kind, over the members."""
    kind = DOCUMENT_KINDS[name]
    assert kind.summary is not None  # of every kind with a period

    def write(
        subject: str,
        region: RequestedRegion,
        axes: RequestedAxes,
        document: DocumentOptions,
    ) -> None:
        _write_notice(name, subject, region, axes, document)

    write_with_options: Any = document_options(*kind.formats)(axes_options(year=False)(write))
    with_region = region_options(write_with_options)
    add_subject = click.argument("subject", metavar=kind.argument)
    return click.command(name, help=_(kind.summary))(add_subject(with_region))


def _write_notice(
    name: str,
    typed_period: str,
    region: RequestedRegion,
    axes: RequestedAxes,
    document: DocumentOptions,
) -> None:
    period = report_period(name, typed_period)
    with open_store() as ledger:
        axes = document.axes_of_day(axes, ledger.clock().date())
    # Members are those of the period's last day, as far as it has come.
    with open_region(region, known_at=axes.known_at, day=axes.as_of or period.end) as opened:
        _require_official(opened, document)
        day = min(period.end, axes.as_of or opened.ledger.clock().date())
        require_begun(period, day)
        view = _view_of_year(opened, axes, period.year, day)
        members = document_members(opened.look)
        write_document_files(opened.ledger, view, name, period.name, document, members)
        warn_of_absent_members(opened.look)


def _view_of_year(
    opened: OpenRegion,
    axes: RequestedAxes,
    year: int,
    day: date,
) -> View:
    year_axes = replace(axes, year=year, as_of=day)
    return opened.over_members(year_axes.year_view(opened.ledger))


def _require_official(opened: OpenRegion, document: DocumentOptions) -> None:
    """Reject a number for a notice that does not count every member: it would be an issued one."""
    if document.number and not opened.look.is_official:
        raise Rejected.by(
            "not_official",
            msg(
                "{counted} of {count} members count, so the notice cannot bear a number: leave the "
                "others out by name with --without and --reason, or write a draft without --number"
            ),
            counted=opened.look.counted,
            count=len(opened.look.members),
        )


@command.command(
    "html",
    help=_(
        "Write the whole region to one offline file: ranking, every point explained, charts, "
        "projects, and which members it counts."
    ),
)
@click.argument("file", type=TypedPath(path_type=Path, dir_okay=False))
@region_options
@engine_options
@axes_options()
def html_command(
    file: Path,
    region: RequestedRegion,
    axes: RequestedAxes,
) -> None:
    """Write the file; it names no persons."""
    with open_region(region, known_at=axes.known_at, day=axes.as_of) as opened:
        county = CountyView(
            opened.ledger, opened.over_members(axes.year_view(opened.ledger)), evidence_store()
        )
        text = region_file(county, opened.look)
        write_page_file(file, text)
        warn_of_absent_members(opened.look)


for _kind in _KINDS:
    command.add_command(_notice_command(_kind))
