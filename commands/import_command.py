"""`import FILE`: a file of records, all or nothing unless `--partial`; the same file again records nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click

from commands.context import opened, who, written
from commands.main import tell, told
from commands.messages import _, joined, say
from commands.output import print_json
from commands.reading import Line, lines_of
from commands.record import keep_receipts
from commands.workbook import Refusal, write_refusals
from lifecycle.records import Draft, read
from lifecycle.refusals import Problem, Refused, msg
from lifecycle.session import Entry, Session
from lifecycle.store import Ledger

BATCH: Final = 1_000
_SHOWN: Final = 40


@dataclass(slots=True)
class Outcome:
    """What became of a file's records."""

    recorded: int = 0
    already: int = 0
    refused: list[tuple[Line, list[Problem]]] = field(default_factory=list)
    warnings: int = 0
    brought_times: bool = False


class _RolledBack(Exception):  # noqa: N818 -- not an error: how a dry run ends
    """Leaves the write transaction without keeping it."""


@click.command("import", help=_("Record a file of events (JSONL, CSV, XLSX), all or nothing."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Check everything and record nothing."))
@click.option("--partial", is_flag=True, help=_("Record what is allowed; write the refused rows with reasons to a workbook beside the file."))
@click.option("--keep-recorded-at", is_flag=True, help=_("Keep the record times that the file brings (migration of an old ledger)."))
@click.option("--on-behalf-of", help=_("The person for whom you enter it."))
@click.option("--receipt", type=click.Path(path_type=Path), help=_("Write the receipts of all to this file, to keep elsewhere."))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(file: Path, *, dry_run: bool, partial: bool, keep_recorded_at: bool, on_behalf_of: str | None, receipt: Path | None, form: str) -> None:
    """Import a file."""
    with opened() as ledger:
        lines = lines_of(file)
        entries: list[Entry] | None = None if receipt is None else []
        outcome = run(ledger, lines, on_behalf_of=on_behalf_of, keep=keep_recorded_at, dry_run=dry_run, partial=partial, entries=entries)
        if receipt is not None and outcome.recorded and not dry_run:
            keep_receipts(ledger, entries or [], receipt)
    beside = _write_refused(file, outcome) if partial and outcome.refused and not dry_run else None
    _report(outcome, form, beside, dry_run=dry_run, partial=partial)
    if outcome.refused:
        raise click.exceptions.Exit(1)


def run(ledger: Ledger, lines: Iterator[Line], *, on_behalf_of: str | None, keep: bool, dry_run: bool, partial: bool, entries: list[Entry] | None = None) -> Outcome:
    """Record the lines in one transaction; without `partial` one refusal keeps all out. `entries`, if given, gathers what was recorded."""
    outcome = Outcome()
    try:
        with ledger.writing(who(on_behalf_of, importing=True), keep_recorded_at=keep) as session, _progress() as advance:
            while batch := list(islice(lines, BATCH)):
                _take(session, batch, outcome, keep=keep, entries=entries)
                session.flush()
                advance(len(batch))
            if dry_run or (outcome.refused and not partial):
                raise _RolledBack
    except _RolledBack:
        if not dry_run:
            outcome.recorded = 0
    return outcome


def _take(session: Session, batch: list[Line], outcome: Outcome, *, keep: bool, entries: list[Entry] | None) -> None:
    drafts: list[tuple[Line, Draft]] = []
    for line in batch:
        try:
            if line.problem is not None:
                raise Refused([line.problem])
            if not keep and "recorded_at" in line.record:
                outcome.brought_times = True
            drafts.append((line, read(line.record)))
        except Refused as refused:
            outcome.refused.append((line, refused.problems))
    session.prefetch(draft for _line, draft in drafts)
    for line, draft in drafts:
        try:
            entry = session.record(draft)
        except Refused as refused:
            outcome.refused.append((line, refused.problems))
            continue
        if entry.already:
            outcome.already += 1
        else:
            outcome.recorded += 1
            if entries is not None:
                entries.append(entry)
            outcome.warnings += len(entry.warnings)
            for problem in entry.warnings if outcome.warnings <= _SHOWN else ():
                tell(say(msg("note, line {line}: {text}"), line=line.where, text=told(problem)))


@contextmanager
def _progress() -> Iterator[Any]:
    """A count that moves, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console  # noqa: PLC0415 -- only a terminal pays for it
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 -- as above

    columns = (SpinnerColumn(), TextColumn("{task.completed:,}"), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(_("records"), total=None)
        yield lambda count: progress.advance(task, count)


def _write_refused(file: Path, outcome: Outcome) -> Path:
    beside = file.with_name(f"{file.stem}.refused.xlsx")
    refusals = [Refusal(line.record, joined(told(problem) for problem in problems)) for line, problems in outcome.refused]
    written(beside, lambda path: write_refusals(path, refusals))
    return beside


def _report(outcome: Outcome, form: str, beside: Path | None, *, dry_run: bool, partial: bool) -> None:
    outcome.refused.sort(key=lambda entry: (entry[0].sheet, entry[0].place))
    if form == "json":
        refused = [
            {"line": line.place, "rule": problem.rule, "message": told(problem)} | ({"sheet": line.sheet} if line.sheet else {})
            for line, problems in outcome.refused
            for problem in problems
        ]
        print_json({"recorded": outcome.recorded, "already_recorded": outcome.already, "refused": refused})
        return
    if outcome.brought_times:
        tell(_("note: the file brings record times; they were left aside, as --keep-recorded-at was not given"))
    for line, problems in outcome.refused[:_SHOWN]:
        for problem in problems:
            tell(say(msg("line {line}: {text}"), line=line.where, text=told(problem)))
    if len(outcome.refused) > _SHOWN:
        tell(say(msg("… and {count} more; --format json lists all"), count=len(outcome.refused) - _SHOWN))
    click.echo(_summary(outcome, dry_run=dry_run, partial=partial))
    if beside is not None:
        click.echo(say(msg("the refused rows, each with its reason, are in {path}"), path=beside))


def _summary(outcome: Outcome, *, dry_run: bool, partial: bool) -> str:
    counts = {"recorded": outcome.recorded, "already": outcome.already, "refused": len(outcome.refused)}
    if dry_run:
        return say(msg("would record {recorded}, already recorded {already}, refused {refused}; nothing was recorded"), **counts)
    if outcome.refused and not partial:
        return say(msg("refused {refused}, so nothing was recorded (all or nothing; --partial records the others)"), **counts)
    return say(msg("recorded {recorded}, already recorded {already}, refused {refused}"), **counts)
