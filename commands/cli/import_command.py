"""`import FILE`: record the events of a file, all or nothing unless `--partial`, and once only."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.print_message import print_message
from commands.cli.shared.progress_output import progress_bar
from commands.cli.shared.ready_correction_output import (
    correction_json,
    correction_record,
    correction_text,
)
from commands.cli.shared.receipt_output import keep_receipts, receipt_option
from commands.cli.shared.register_import import (
    register_options,
    run_proposal,
    run_register_import,
)
from commands.cli.shared.register_output import (
    findings_json,
    print_findings,
    print_words_hint,
    register_summary,
)
from commands.cli.shared.register_parameters import register_parameters, register_request
from commands.cli.shared.rejected_row_output import print_rejected_rows, row_reason
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.store_access import author, open_store
from commands.cli.shared.typed_path import TypedPath
from commands.cli.shared.unusual_option import unusual_option
from commands.handlers.importing import WARNINGS_LISTED, ImportOptions, ImportResult, import_records
from commands.handlers.register_findings import RegisterResult
from commands.handlers.register_importing import RegisterOptions
from commands.intake.ledger_workbook_writer import write_rejected
from commands.intake.record_files import line_count, rows_of_file
from commands.intake.workbook_row_cells import RejectedRecord
from commands.words.messages import _, joined, say
from commands.words.problem_text import problem_text, row_place, row_problem_text
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import msg


@click.command(
    "import",
    help=_(
        "Record the events of a file (xlsx, xls, et, ods, CSV or JSONL), all or nothing. With "
        "--map, record the county's own ledger, which has a row for each project, or its own list "
        "of plots and plants."
    ),
)
@click.argument("file", type=TypedPath(path_type=Path))
@click.option(
    "--dry-run",
    is_flag=True,
    help=_("Check everything without recording."),
)
@click.option(
    "--partial",
    is_flag=True,
    help=_(
        "Record the valid rows; write the rejected rows with reasons to a workbook beside the file."
    ),
)
@click.option(
    "--keep-recorded-at",
    is_flag=True,
    help=_("Keep the recording times in the file (for migrating an old ledger)."),
)
@click.option("--on-behalf-of", help=_("The person on whose behalf you record it."))
@register_parameters
@unusual_option
@receipt_option
@clock_option
@table_or_json_option
def command(
    file: Path,
    *,
    dry_run: bool,
    partial: bool,
    keep_recorded_at: bool,
    confirm_unusual: bool,
    on_behalf_of: str | None,
    receipt: Path | None,
    form: str,
    **register: Any,
) -> None:
    """Import a file."""
    request = register_request(register, partial=partial, keeps_times=keep_recorded_at)
    if register["propose"] is not None:
        run_proposal(file, register["propose"])
        return
    # A register has rows of projects, any other file rows of events.
    if request is not None:
        register_order = register_options(
            request,
            dry_run=dry_run,
            confirm_unusual=confirm_unusual,
            keep_entries=receipt is not None,
        )
        lists = run_register_import(file, request, register_order, on_behalf_of, receipt)
        _print_register(lists, register_order, form)
        return
    options = ImportOptions(
        dry_run,
        partial,
        keep_recorded_at,
        keep_entries=receipt is not None,
        confirm_unusual=confirm_unusual,
    )
    _import_rows(file, options, on_behalf_of, receipt, form)


def _import_rows(
    file: Path,
    options: ImportOptions,
    on_behalf_of: str | None,
    receipt: Path | None,
    form: str,
) -> None:
    """Record a file's rows, and print what became of them; exit 1 if a row was rejected."""
    with open_store() as ledger, progress_bar(_("records"), line_count(file)) as advance:
        rows = rows_of_file(file)
        importer = author(ledger, on_behalf_of, importing=True)
        result = import_records(ledger, rows, importer, options, advance)
        today = ledger.clock().date()
        # A dry run counts what it would record, and there is nothing yet that a receipt could
        # prove.
        if receipt is not None and not options.dry_run:
            keep_receipts(ledger, result.entries, receipt)
    _print_notes(result)
    if form == "json":
        print_json(_result_json(result))
    else:
        _print_result(result, options)
    # Without --partial nothing was recorded, and the clerk mends the file itself.
    if result.rejected and options.partial and not options.dry_run:
        workbook = _write_rejected_rows(file, result, today)
        if form == "table":
            template = msg("the rejected rows with their reasons are in {path}")
            click.echo(say(template, path=workbook))
    if result.rejected:
        raise click.exceptions.Exit(1)


def _print_register(
    result: RegisterResult,
    options: RegisterOptions,
    form: str,
) -> None:
    """Print the lists and the result of a county's own ledger; exit 1 if a row was rejected."""
    _print_notes(result)
    if form == "json":
        print_json(_result_json(result) | findings_json(result))
    else:
        print_findings(result, is_corrected=options.corrections is not None)
        print_rejected_rows(result.rejected)
        print_words_hint(result)
        click.echo(register_summary(result, dry_run=options.dry_run))
    if result.rejected:
        raise click.exceptions.Exit(1)


def _write_rejected_rows(
    file: Path,
    result: ImportResult,
    today: date,
) -> Path:
    """Write the rejected rows with reasons to a workbook beside the file, and return its path."""
    workbook = _free_path(file)
    rejected = []
    for row, problems, correction in result.rejected:
        record = row.record
        reasons = joined(row_problem_text(problem, record) for problem in problems)
        if correction is not None:
            # Its reason and who approved it are all that is missing to import it.
            record = correction_record(correction, today)
            reasons = correction_text(correction)
        place = str(row.place)
        rejected.append(
            RejectedRecord(
                record, reasons, row.order, row.sheet, place, row.extra, formats=row.formats
            )
        )
    build_atomically(workbook, lambda path: write_rejected(path, rejected))
    return workbook


def _free_path(file: Path) -> Path:
    """Return a path that is free: what a clerk has begun to mend is not overwritten."""
    path = file.with_name(f"{file.stem}.refused.xlsx")
    for number in count(2):
        if not path.exists():
            break
        path = file.with_name(f"{file.stem}.refused-{number}.xlsx")
    return path


def _result_json(result: ImportResult) -> dict[str, Any]:
    rejected = []
    for row, problems, correction in result.rejected:
        for problem in problems:
            entry: dict[str, Any] = {"line": row.place, "rule": problem.rule}
            entry["message"] = row_reason(row, problem)
            if row.sheet:
                entry["sheet"] = row.sheet
            if correction is not None:
                entry["correction"] = correction_json(correction)
            rejected.append(entry)
    return {
        "recorded": result.recorded,
        "already_recorded": result.already_recorded,
        "refused": rejected,
    }


def _print_notes(result: ImportResult) -> None:
    """Print what to look at among the recorded rows."""
    for row, problem in result.listed_warnings:
        template = msg("note, {place}: {text}")
        place = row_place(row.sheet, row.place)
        print_message(say(template, place=place, text=problem_text(problem)))


def _print_result(result: ImportResult, options: ImportOptions) -> None:
    if result.ignored_record_times:
        print_message(
            _(
                "note: the file contains recording times; they were ignored because "
                "--keep-recorded-at was not given"
            )
        )
    if result.warnings > WARNINGS_LISTED:
        print_message(say(msg("… and {count} more notes"), count=result.warnings - WARNINGS_LISTED))
    print_rejected_rows(result.rejected)
    click.echo(_summary(result, options))


def _summary(result: ImportResult, options: ImportOptions) -> str:
    if options.dry_run:
        template = msg(
            "would record {recorded}, already recorded {already}, rejected {refused}; "
            "nothing was recorded"
        )
    elif result.rejected and not options.partial:
        template = msg(
            "rejected {refused}, so nothing was recorded (all or nothing; --partial "
            "records the others)"
        )
    else:
        template = msg("recorded {recorded}, already recorded {already}, rejected {refused}")
    return say(
        template,
        recorded=result.recorded,
        already=result.already_recorded,
        refused=len(result.rejected),
    )
