"""`demo`: a county from a workbook to the ranking, by the very commands that a newcomer will use."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections import Counter
from pathlib import Path

import click

from commands.cli.board import show_proposals
from commands.cli.explain import show_explanation
from commands.cli.import_command import run
from commands.cli.incentives import show_incentives
from commands.cli.main import told
from commands.cli.score import show_scores
from commands.cli.shared.command_context import day_view, made, view_of
from commands.cli.targets import show_targets
from commands.cli.today import show_morning
from commands.demo.county_records import records, rejected_claims
from commands.intake.event_workbook import write_records
from commands.intake.record_files import lines_of, write_jsonl
from commands.words.messages import _, say
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.evaluation import View
from projections.scoring.explanation import explain_unit
from projections.views.board_view import board_json, month_board, view_of_month
from projections.views.incentive_view import year_incentives
from projections.views.morning_view import morning_report
from projections.views.target_view import county_target_progress

YEAR = 2024
MORNING, MONTH = "2024-06-12", "2024-10"
_FILES = ("ledger.xlsx", "ledger.jsonl", "ledger.db")


@click.command(
    "demo",
    help=_(
        "Make a believable county in FOLDER (lifecycle-demo unless given) and show the main job end to end."
    ),
)
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("lifecycle-demo")
)
def command(folder: Path) -> None:
    """Write the county's ledger as files, import it, show what comes out."""
    _prepare(folder)
    county = records()
    write_records(folder / "ledger.xlsx", county)
    write_jsonl(folder / "ledger.jsonl", iter(county))
    click.echo(
        say(
            msg("{count} events of an invented county are in {xlsx} and {jsonl}"),
            count=len(county),
            xlsx=folder / "ledger.xlsx",
            jsonl=folder / "ledger.jsonl",
        )
    )
    url = f"sqlite:///{(folder / 'ledger.db').resolve()}"
    with made(url) as ledger:
        outcome = run(
            ledger,
            lines_of(folder / "ledger.xlsx"),
            on_behalf_of=None,
            keep=True,
            dry_run=False,
            partial=False,
        )
        click.echo(
            say(
                msg("imported: {recorded} recorded, {refused} refused"),
                recorded=outcome.recorded,
                refused=len(outcome.refused),
            )
        )
        _show(ledger, url)
    _next(folder)


def _prepare(folder: Path) -> None:
    """A folder of an earlier demo is made anew; another one that holds anything is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    others = [entry.name for entry in folder.iterdir() if entry.name.split("-")[0] not in _FILES]
    if others:
        raise Rejected.by(
            "folder_taken",
            msg("{folder} holds {names}; name an empty folder"),
            folder=folder,
            names=sorted(others)[:5],
        )
    for entry in folder.iterdir():
        entry.unlink()


def _show(ledger: Ledger, url: str) -> None:
    view = view_of(ledger, YEAR, None, None, None)
    _heading(say(msg("the ranking of {year}"), year=YEAR))
    found = show_scores(ledger, url, view)
    _heading(_("one project explained, to the last digit"))
    best = next(row["unit"] for row in found["units"])
    show_explanation(ledger, view, _told(ledger, best))
    _show_beyond(ledger, view)
    _heading(_("a claim that comes too late"))
    for claim in rejected_claims():
        click.echo(f"{claim['project']}  {claim['reporting_unit']}  {claim['name']}")
        try:
            ledger.record(read_record(claim), Author("demo"))
        except Rejected as refused:
            for problem in refused.problems:
                click.echo(f"  ✗ {told(problem)}")


def _show_beyond(ledger: Ledger, view: View) -> None:
    """What the centre looks at every morning and every month."""
    day = day_view(ledger, MORNING, None)
    _heading(say(msg("the morning of {day}: lifecycle today"), day=MORNING))
    show_morning(morning_report(ledger, day).as_json(), day, few=3)
    _heading(say(msg("the red and black boards of {month}: lifecycle board"), month=MONTH))
    show_proposals(board_json(month_board(ledger, view_of_month(view, MONTH), MONTH)))
    _heading(_("the county's targets: lifecycle targets"))
    show_targets([row for row in county_target_progress(ledger, view) if row.unit is None], view)
    _heading(_("who has earned a reward: lifecycle incentives"))
    show_incentives(year_incentives(ledger, view).earned)


def _told(ledger: Ledger, unit: str) -> str:
    """The unit's project with the most lines: there is most to explain."""
    found = explain_unit(ledger, view_of(ledger, YEAR, None, None, None), unit)
    assert found is not None
    return Counter(line.project for line in found.lines if line.project is not None).most_common(1)[
        0
    ][0]


def _heading(text: str) -> None:
    click.echo(f"\n== {text}")


def _next(folder: Path) -> None:
    _heading(_("what to try next"))
    db = f"--db sqlite:///{shlex.quote(str(folder / 'ledger.db'))}"
    for arguments in (
        "serve",
        f"report month {MONTH}",
        "audit verify",
        f"explain 华埠镇 --year {YEAR}",
        "project list --unit 华埠镇",
        "project history KH-2024-016",
        f"score --year {YEAR} --as-of {YEAR}-06-30",
        f"score --year {YEAR} --known-at {YEAR}-07-01",
        f"today --as-of {MORNING} --unit 林山乡",
        f"board {MONTH}",
        "board 2024-06 --unit 林山乡",
        f"targets --year {YEAR}",
        f"import {shlex.quote(str(folder / 'ledger.jsonl'))} --keep-recorded-at",
        "rulebook show kaihua-2024",
    ):
        click.echo(f"  {_program()} {db} {arguments}")


def _program() -> str:
    """The program as it can be typed here: by its name where that is found, else by the path it was run by."""
    return (
        "lifecycle"
        if shutil.which("lifecycle") or not sys.argv[0].endswith("lifecycle")
        else shlex.quote(sys.argv[0])
    )
