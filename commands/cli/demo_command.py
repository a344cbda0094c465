"""`demo`: a county from a workbook to the ranking, by the very commands that a newcomer will use."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import click

from commands.cli.shared.board_output import print_proposals
from commands.cli.shared.explanation_output import print_explanation
from commands.cli.shared.incentive_output import print_incentives
from commands.cli.shared.morning_output import print_morning
from commands.cli.shared.score_output import print_scores
from commands.cli.shared.store_access import author, create_store
from commands.cli.shared.target_output import print_targets
from commands.demo.county_records import records, rejected_claims
from commands.handlers.importing import ImportOptions, import_records
from commands.handlers.recording import record_event
from commands.intake.jsonl_records import write_jsonl
from commands.intake.ledger_workbook_writer import write_records
from commands.intake.record_files import rows_of_file
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.readmodels.year_results import scores
from projections.scoring.evaluation import View
from projections.scoring.explanation import explain_project, explain_unit
from projections.views.board_view import board_json, month_board, view_of_month
from projections.views.incentive_view import year_incentives
from projections.views.morning_view import morning_report
from projections.views.requested_axes import RequestedAxes
from projections.views.target_view import county_target_progress

YEAR = 2024
MORNING, MONTH = date(2024, 6, 12), "2024-10"
_FILES = ("ledger.xlsx", "ledger.jsonl", "ledger.db")


@click.command(
    "demo",
    help=_(
        "Create a realistic sample county in FOLDER (default: lifecycle-demo) and show the "
        "main tasks from end to end."
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
            msg("{count} events of a sample county are in {xlsx} and {jsonl}"),
            count=len(county),
            xlsx=folder / "ledger.xlsx",
            jsonl=folder / "ledger.jsonl",
        )
    )
    url = f"sqlite:///{(folder / 'ledger.db').resolve()}"
    with create_store(url) as ledger:
        result = import_records(
            ledger,
            rows_of_file(folder / "ledger.xlsx"),
            author(ledger, importing=True),
            ImportOptions(keep_recorded_at=True),
        )
        click.echo(
            say(
                msg("imported: {recorded} recorded, {refused} rejected"),
                recorded=result.recorded,
                refused=len(result.rejected),
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
            msg("{folder} contains {names}; give an empty folder"),
            folder=folder,
            names=sorted(others)[:5],
        )
    for entry in folder.iterdir():
        entry.unlink()


def _show(ledger: Ledger, url: str) -> None:
    view = RequestedAxes(YEAR).year_view(ledger)
    _heading(say(msg("the ranking of {year}"), year=YEAR))
    year_scores, _tampered = scores(ledger, url, view)
    print_scores(year_scores, view.rulebook.rulebook)
    _heading(_("one project explained to the last digit"))
    best = next(row["unit"] for row in year_scores["units"])
    project = _project_with_most_lines(ledger, view, best)
    explanation = explain_project(ledger, view, project)
    assert explanation is not None
    print_explanation(explanation)
    _show_beyond(ledger, view)
    _heading(_("a claim that comes too late"))
    for claim in rejected_claims():
        click.echo(f"{claim['project']}  {claim['reporting_unit']}  {claim['name']}")
        try:
            record_event(ledger, claim, Author("demo"))
        except Rejected as refused:
            for problem in refused.problems:
                click.echo(f"  ✗ {problem_text(problem)}")


def _show_beyond(ledger: Ledger, view: View) -> None:
    """What the centre looks at every morning and every month."""
    day = RequestedAxes(as_of=MORNING).day_view(ledger)
    _heading(say(msg("the morning of {day}: lifecycle today"), day=MORNING))
    print_morning(morning_report(ledger, day).as_json(), day, limit=3)
    _heading(say(msg("the red and black boards of {month}: lifecycle board"), month=MONTH))
    print_proposals(board_json(month_board(ledger, view_of_month(view, MONTH), MONTH)))
    _heading(_("the county's targets: lifecycle targets"))
    print_targets([row for row in county_target_progress(ledger, view) if row.unit is None], view)
    _heading(_("incentives earned: lifecycle incentives"))
    print_incentives(year_incentives(ledger, view).earned)


def _project_with_most_lines(ledger: Ledger, view: View, unit: str) -> str:
    """Return the unit's project with the most lines: it has the most to explain."""
    explanation = explain_unit(ledger, view, unit)
    assert explanation is not None
    line_counts = Counter(line.project for line in explanation.lines if line.project is not None)
    return line_counts.most_common(1)[0][0]


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
