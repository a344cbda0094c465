"""`demo`: a county from a workbook to the ranking, by the commands that a newcomer will use."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import click
from click.core import ParameterSource

from commands.cli.shared.board_output import print_proposals
from commands.cli.shared.explanation_output import print_explanation
from commands.cli.shared.incentive_output import print_incentives
from commands.cli.shared.morning_output import print_morning
from commands.cli.shared.print_message import print_message
from commands.cli.shared.score_output import print_scores
from commands.cli.shared.shell_words import shell_command, shell_quoted
from commands.cli.shared.store_access import author, create_store, store_url
from commands.cli.shared.target_output import print_targets
from commands.cli.shared.typed_path import TypedPath
from commands.demo.county_records import records, rejected_claims
from commands.demo.next_commands import MONTH, MORNING, NEXT_COMMANDS, YEAR
from commands.handlers.importing import ImportOptions, import_records
from commands.handlers.member_places import without_password
from commands.handlers.recording import record_event
from commands.intake.jsonl_records import write_jsonl
from commands.intake.ledger_workbook_writer import write_records
from commands.intake.record_files import rows_of_file
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.evaluation import evaluate
from projections.scoring.explanation import explain_project, explain_unit
from projections.scoring.result_view import View, view_of_month
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board
from projections.views.incentive_view import year_incentives
from projections.views.morning_view import morning_report
from projections.views.requested_axes import RequestedAxes
from projections.views.target_view import county_target_progress

_WORKBOOK: Final = "ledger.xlsx"
_JSONL: Final = "ledger.jsonl"
_STORE: Final = "ledger.db"
_MORNING_ROWS: Final = 3
_NAMES_IN_MESSAGE: Final = 5


@click.command(
    "demo",
    help=_(
        "Create a realistic sample county in FOLDER (default: lifecycle-demo) and show the "
        "main tasks from end to end."
    ),
)
@click.argument(
    "folder",
    type=TypedPath(path_type=Path, file_okay=False),
    default=Path("lifecycle-demo"),
)
def command(folder: Path) -> None:
    """Write the county's ledger as files, import it, and show the results."""
    _prepare(folder)
    _write_files(folder)
    store = str((folder / _STORE).resolve())
    _print_unless_named(store)
    with create_store(store) as ledger:
        # A sample that nobody relies on is shown by any clock.
        ledger.clock_is_right = True
        _import(ledger, folder / _WORKBOOK)
        _show_results(ledger)
    _show_next_commands(folder)


def _print_unless_named(store: str) -> None:
    """Say where the county is if `--db` names another store, which stays as it is."""
    root = click.get_current_context().find_root()
    # The variable may be set for the commands that come after.
    is_typed = root.get_parameter_source("url") is ParameterSource.COMMANDLINE
    if is_typed and not store_url().endswith(store):
        template = msg("demo has a store of its own: the sample county is in {store}, not in {url}")
        print_message(say(template, store=store, url=without_password(store_url())))


def _prepare(folder: Path) -> None:
    """Empty a folder of an earlier demo. Raises `Rejected` if it holds anything else."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = list(folder.iterdir())
    foreign_names = [entry.name for entry in entries if not _is_of_demo(entry)]
    # Nothing is removed unless everything in the folder is the demo's.
    if foreign_names:
        raise Rejected.by(
            "folder_taken",
            msg("{folder} contains {names}; give an empty folder"),
            folder=folder,
            names=sorted(foreign_names)[:_NAMES_IN_MESSAGE],
        )
    for entry in entries:
        entry.unlink()


def _is_of_demo(entry: Path) -> bool:
    """Whether a file is one of the demo's, or one of those that SQLite lays beside its store."""
    name, _hyphen, _suffix = entry.name.partition("-")
    return name in (_WORKBOOK, _JSONL, _STORE)


def _write_files(folder: Path) -> None:
    county = records()
    write_records(folder / _WORKBOOK, county)
    write_jsonl(folder / _JSONL, iter(county))
    template = msg("{count} events of a sample county are in {xlsx} and {jsonl}")
    text = say(
        template,
        count=len(county),
        xlsx=folder / _WORKBOOK,
        jsonl=folder / _JSONL,
    )
    click.echo(text)


def _import(ledger: Ledger, workbook: Path) -> None:
    result = import_records(
        ledger,
        rows_of_file(workbook),
        author(ledger, importing=True),
        # Priority of reports and late corrections depend on the demo's own record times.
        ImportOptions(keep_recorded_at=True),
    )
    template = msg("imported: {recorded} recorded, {refused} rejected")
    click.echo(say(template, recorded=result.recorded, refused=len(result.rejected)))


# Results


def _show_results(ledger: Ledger) -> None:
    view = RequestedAxes(YEAR).year_view(ledger)
    _print_heading(say(msg("the ranking of {year}"), year=YEAR))
    year_scores = score_json(evaluate(ledger, view))
    print_scores(year_scores, view.rulebook.rulebook)
    best_unit = year_scores["units"][0]["unit"]
    _show_project(ledger, view, best_unit)
    _show_morning(ledger)
    _show_month(ledger, view)
    _show_late_claims(ledger)


def _show_project(
    ledger: Ledger,
    view: View,
    unit: str,
) -> None:
    """The unit's project with the most lines, as it has the most to explain."""
    _print_heading(_("one project explained to the last digit"))
    unit_explanation = explain_unit(ledger, view, unit)
    assert unit_explanation is not None
    line_counts: Counter[str] = Counter()
    for line in unit_explanation.lines:
        if line.project is not None:
            line_counts[line.project] += 1
    project, _count = line_counts.most_common(1)[0]
    explanation = explain_project(ledger, view, project)
    assert explanation is not None
    print_explanation(explanation)


def _show_morning(ledger: Ledger) -> None:
    """What the centre looks at every morning."""
    view = RequestedAxes(as_of=MORNING).day_view(ledger)
    _print_heading(say(msg("the morning of {day}: lifecycle today"), day=MORNING))
    print_morning(morning_report(ledger, view).as_json(), view, limit=_MORNING_ROWS)


def _show_month(ledger: Ledger, view: View) -> None:
    """What the centre looks at every month."""
    _print_heading(say(msg("the red and black boards of {month}: lifecycle board"), month=MONTH))
    board = month_board(ledger, view_of_month(view, MONTH), MONTH)
    print_proposals(board_json(board))
    _print_heading(_("the county's targets: lifecycle targets"))
    progress = county_target_progress(ledger, view)
    print_targets([row for row in progress if row.unit is None], view)
    _print_heading(_("incentives earned: lifecycle incentives"))
    print_incentives(year_incentives(ledger, view).earned)


def _show_late_claims(ledger: Ledger) -> None:
    """What is rejected: a project that another unit has already reported."""
    _print_heading(_("a claim that comes too late"))
    for claim in rejected_claims():
        click.echo(f"{claim['project']}  {claim['reporting_unit']}  {claim['name']}")
        try:
            record_event(ledger, claim, Author("demo"))
        except Rejected as rejected:
            for problem in rejected.problems:
                click.echo(f"  ✗ {problem_text(problem)}")


def _print_heading(text: str) -> None:
    click.echo(f"\n== {text}")


# What to try next


def _show_next_commands(folder: Path) -> None:
    _print_heading(_("what to try next"))
    # Quoted, so that the lines can be pasted even where the folder's name has blanks.
    store = shell_quoted(f"sqlite:///{(folder / _STORE).as_posix()}")
    jsonl = shell_quoted(folder / _JSONL)
    for arguments in NEXT_COMMANDS:
        click.echo(f"  {_program()} --db {store} {arguments.format(jsonl=jsonl)}")
    click.echo(
        _(
            "the sample county has no signing key, so nothing is signed in it; this creates one in "
            "your data folder:"
        )
    )
    click.echo(f"  {_program()} --db {store} audit key --new")


def _program() -> str:
    """The program as it can be typed here: its name if the shell finds it, else its path."""
    was_run_by_name = Path(sys.argv[0]).stem != "lifecycle"
    if shutil.which("lifecycle") or was_run_by_name:
        return "lifecycle"
    return shell_command(sys.argv[0])
