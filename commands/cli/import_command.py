"""`import FILE`: a file of records, all or nothing unless `--partial`; the same file again records nothing."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.main import tell, told
from commands.cli.record import keep_receipts, receipt_option
from commands.cli.shared.command_context import opened, who, written
from commands.cli.shared.row_output import print_json
from commands.intake.event_workbook import Refusal, write_refusals
from commands.intake.record_files import FileRow, lines_in, lines_of
from commands.words.messages import _, joined, say
from lifecycle.deciding.drafts import Draft, read_record
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry, UnitOfWork
from lifecycle.rejections import Problem, Rejected, msg

BATCH: Final = 1_000
REFUSED_SHOWN: Final = 40
NOTES_SHOWN: Final = 20


@dataclass(slots=True)
class ImportResult:
    """What became of a file's records."""

    recorded: int = 0
    already: int = 0
    refused: list[tuple[FileRow, list[Problem]]] = field(default_factory=list)
    warnings: int = 0
    brought_times: bool = False


class _RolledBack(Exception):  # noqa: N818 -- not an error: how a dry run ends
    """Leaves the write transaction without keeping it."""


@click.command("import", help=_("Record a file of events (JSONL, CSV, XLSX), all or nothing."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Check everything and record nothing."))
@click.option(
    "--partial",
    is_flag=True,
    help=_(
        "Record what is allowed; write the refused rows with reasons to a workbook beside the file."
    ),
)
@click.option(
    "--keep-recorded-at",
    is_flag=True,
    help=_("Keep the record times that the file brings (migration of an old ledger)."),
)
@click.option("--on-behalf-of", help=_("The person for whom you enter it."))
@receipt_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=_("How the result is shown."),
)
def command(
    file: Path,
    *,
    dry_run: bool,
    partial: bool,
    keep_recorded_at: bool,
    on_behalf_of: str | None,
    receipt: Path | None,
    form: str,
) -> None:
    """Import a file."""
    with opened() as ledger:
        lines = lines_of(file)
        entries: list[LedgerEntry] | None = None if receipt is None else []
        length = lines_in(file) if sys.stderr.isatty() else None
        outcome = run(
            ledger,
            lines,
            on_behalf_of=on_behalf_of,
            keep=keep_recorded_at,
            dry_run=dry_run,
            partial=partial,
            entries=entries,
            length=length,
        )
        if receipt is not None and outcome.recorded and not dry_run:
            keep_receipts(ledger, entries or [], receipt)
    _report(outcome, form, dry_run=dry_run, partial=partial)
    if outcome.refused and partial and not dry_run:
        beside = _write_refused(file, outcome)
        if form == "table":
            click.echo(
                say(msg("the refused rows, each with its reason, are in {path}"), path=beside)
            )
    if outcome.refused:
        raise click.exceptions.Exit(1)


def run(
    ledger: Ledger,
    lines: Iterator[FileRow],
    *,
    on_behalf_of: str | None,
    keep: bool,
    dry_run: bool,
    partial: bool,
    entries: list[LedgerEntry] | None = None,
    length: int | None = None,
) -> ImportResult:
    """Record the lines in one transaction; without `partial` one refusal keeps all out.

    `entries`, if given, gathers what was recorded; `length` is about how many lines there are, for the bar on a terminal.
    """
    outcome = ImportResult()
    try:
        with (
            _seldom_collecting(),
            ledger.unit_of_work(
                who(ledger, on_behalf_of, importing=True), keep_recorded_at=keep
            ) as work,
            _progress(length) as advance,
        ):
            while batch := list(islice(lines, BATCH)):
                _take(work, batch, outcome, keep=keep, entries=entries)
                work.flush()
                advance(len(batch))
            if dry_run or (outcome.refused and not partial):
                raise _RolledBack
    except _RolledBack:
        if not dry_run:
            outcome.recorded = 0
    return outcome


def _take(
    work: UnitOfWork,
    batch: list[FileRow],
    outcome: ImportResult,
    *,
    keep: bool,
    entries: list[LedgerEntry] | None,
) -> None:
    """Decide on a batch; its refusals are gathered in the order of the file."""
    drafts: dict[int, Draft] = {}
    refused: dict[int, list[Problem]] = {}
    for place, line in enumerate(batch):
        try:
            if line.problem is not None:
                raise Rejected([line.problem])
            if not keep and "recorded_at" in line.record:
                outcome.brought_times = True
            drafts[place] = read_record(line.record)
        except Rejected as error:
            refused[place] = error.problems
    work.prefetch(drafts.values())
    for place, draft in drafts.items():
        try:
            _count(batch[place], work.record(draft), outcome, entries)
        except Rejected as error:
            refused[place] = error.problems
    outcome.refused += [(batch[place], refused[place]) for place in sorted(refused)]


def _count(
    line: FileRow, entry: LedgerEntry, outcome: ImportResult, entries: list[LedgerEntry] | None
) -> None:
    """What was recorded, with the first notes; content recorded before is only counted."""
    if entry.already:
        outcome.already += 1
        return
    outcome.recorded += 1
    if entries is not None:
        entries.append(entry)
    for problem in entry.warnings:
        outcome.warnings += 1
        if outcome.warnings <= NOTES_SHOWN:
            tell(say(msg("note, line {line}: {text}"), line=line.where, text=told(problem)))


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A batch's records live until it is stored and hold no cycles: Python would look through them for such again and again."""
    usual = gc.get_threshold()
    gc.set_threshold(100 * BATCH, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _progress(length: int | None) -> Iterator[Any]:
    """A bar that moves, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console  # noqa: PLC0415 -- only a terminal pays for it
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 -- as above

    columns = (
        BarColumn(),
        TextColumn("{task.completed:,}"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(_("records"), total=length)
        yield lambda count: progress.advance(task, count)


def _write_refused(file: Path, outcome: ImportResult) -> Path:
    # What a clerk has begun to mend is not written over.
    marks = chain([""], (f"-{number}" for number in count(2)))
    beside = next(
        path
        for mark in marks
        if not (path := file.with_name(f"{file.stem}.refused{mark}.xlsx")).exists()
    )
    refusals = [
        Refusal(line.record, joined(told(problem) for problem in problems))
        for line, problems in outcome.refused
    ]
    written(beside, lambda path: write_refusals(path, refusals))
    return beside


def _report(outcome: ImportResult, form: str, *, dry_run: bool, partial: bool) -> None:
    if form == "json":
        refused = [
            {"line": line.place, "rule": problem.rule, "message": told(problem)}
            | ({"sheet": line.sheet} if line.sheet else {})
            for line, problems in outcome.refused
            for problem in problems
        ]
        print_json(
            {"recorded": outcome.recorded, "already_recorded": outcome.already, "refused": refused}
        )
        return
    if outcome.brought_times:
        tell(
            _(
                "note: the file brings record times; they were left aside, as --keep-recorded-at was not given"
            )
        )
    if outcome.warnings > NOTES_SHOWN:
        tell(say(msg("… and {count} more notes"), count=outcome.warnings - NOTES_SHOWN))
    for line, problems in outcome.refused[:REFUSED_SHOWN]:
        for problem in problems:
            tell(say(msg("line {line}: {text}"), line=line.where, text=told(problem)))
    if len(outcome.refused) > REFUSED_SHOWN:
        tell(
            say(
                msg("… and {count} more; --format json lists all"),
                count=len(outcome.refused) - REFUSED_SHOWN,
            )
        )
    click.echo(_summary(outcome, dry_run=dry_run, partial=partial))


def _summary(outcome: ImportResult, *, dry_run: bool, partial: bool) -> str:
    counts = {
        "recorded": outcome.recorded,
        "already": outcome.already,
        "refused": len(outcome.refused),
    }
    if dry_run:
        return say(
            msg(
                "would record {recorded}, already recorded {already}, refused {refused}; nothing was recorded"
            ),
            **counts,
        )
    if outcome.refused and not partial:
        return say(
            msg(
                "refused {refused}, so nothing was recorded (all or nothing; --partial records the others)"
            ),
            **counts,
        )
    return say(msg("recorded {recorded}, already recorded {already}, refused {refused}"), **counts)
