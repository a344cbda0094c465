"""The console script: it runs a command, and nothing that a user does ends in a traceback."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn

import click

from commands.cli.shared.extras import missing_extra
from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.cli.shared.print_message import print_message
from commands.cli.shared.standard_streams import prepare_streams
from commands.cli.shared.visible_signs import visible_output
from commands.words.declared_words import use_words
from commands.words.messages import _, choose_language, say, why
from lifecycle import __version__
from lifecycle.rejections import LedgerError, Rejected, StoreError, msg

if TYPE_CHECKING:
    from lifecycle.rulebook.declared_words import DeclaredWord

_STORE_WORDS: Final = "commands.cli.shared.store_words"

# Every command, in the order of a county's work.
COMMANDS: Final[dict[str, LazyCommand]] = {
    "init": LazyCommand("commands.cli.init", msg("Create an empty store.")),
    "demo": LazyCommand(
        "commands.cli.demo_command",
        msg("Create a realistic sample county and show the main tasks."),
    ),
    "status": LazyCommand(
        "commands.cli.status",
        msg("Show where the store is, what it contains and how current the query tables are."),
    ),
    "today": LazyCommand(
        "commands.cli.today",
        msg("Show the morning's screen: what is due, urgent, pending and changed."),
    ),
    "record": LazyCommand(
        "commands.cli.record", msg("Record one event, from options or by prompts.")
    ),
    "import": LazyCommand(
        "commands.cli.import_command", msg("Record the events of a JSONL, CSV or XLSX file.")
    ),
    "template": LazyCommand("commands.cli.template", msg("Write an empty ledger workbook.")),
    "correct": LazyCommand(
        "commands.cli.correct", msg("Correct or void an earlier event; the original stays visible.")
    ),
    "undo": LazyCommand(
        "commands.cli.undo", msg("Take back the last record of today that you made yourself.")
    ),
    "log": LazyCommand(
        "commands.cli.log_command", msg("The last entries of the ledger: what, when, by whom.")
    ),
    "project": LazyCommand("commands.cli.project", msg("Projects: list, show, history.")),
    "unit": LazyCommand(
        "commands.cli.unit", msg("Units: list, show, history, rename, regroup, dissolve.")
    ),
    "resources": LazyCommand(
        "commands.cli.resources", msg("Land and buildings on offer (资源清单): list, match, show.")
    ),
    "score": LazyCommand("commands.cli.score", msg("Totals, modules and ranks of a year.")),
    "explain": LazyCommand(
        "commands.cli.explain",
        msg("Explain every point of a unit or project, and why the rest earns nothing."),
    ),
    "deadlines": LazyCommand("commands.cli.deadlines", msg("Deadlines, the most urgent first.")),
    "sheets": LazyCommand(
        "commands.cli.sheets",
        msg("The five task sheets (五单): list, due, week; issue, clear, reopen, expose."),
    ),
    "targets": LazyCommand(
        "commands.cli.targets",
        msg("The year's targets of the county and its units, with progress."),
    ),
    "incentives": LazyCommand(
        "commands.cli.incentives",
        msg("Incentives earned by the year's projects, and near misses."),
    ),
    "board": LazyCommand(
        "commands.cli.board",
        msg("The red and black lists of a month: ranks, proposals with reasons, listing."),
    ),
    "region": LazyCommand(
        "commands.cli.region",
        msg("A city's or province's results from the ledgers of its counties."),
    ),
    "rulebook": LazyCommand(
        "commands.cli.rulebook_command",
        msg("Policies as data: list, show, check, compare, draft, adopt."),
    ),
    "audit": LazyCommand(
        "commands.cli.audit",
        msg("Verification of the ledger; checkpoints, receipts, bundles."),
    ),
    "calendar": LazyCommand(
        "commands.cli.calendar_command",
        msg("Working days that deadlines count by; deadlines for a calendar program."),
    ),
    "publish": LazyCommand("commands.cli.publish", msg("Freeze a result: scores or a board.")),
    "report": LazyCommand(
        "commands.cli.report",
        msg("Documents: ledger workbook, reports of a period, sheets, forms."),
    ),
    "export": LazyCommand(
        "commands.cli.export",
        msg("Tables for analysts, in files that their programs read (Parquet)."),
    ),
    "notify": LazyCommand(
        "commands.cli.notify",
        msg("Send the units what is due, by mail or to DingTalk, WeCom, Feishu."),
    ),
    "serve": LazyCommand(
        "commands.cli.serve",
        msg("Pages for leaders and auditors, read-only, in a browser."),
    ),
    "completion": LazyCommand(
        "commands.cli.completion", msg("The script by which a shell completes with Tab.")
    ),
    "backup": LazyCommand(
        "commands.cli.backup", msg("Write the whole store and its evidence to one file.")
    ),
    "restore": LazyCommand("commands.cli.restore", msg("Make a store from a backup.")),
    "copy": LazyCommand("commands.cli.copy", msg("Copy the store to another database.")),
    "projections": LazyCommand(
        "commands.cli.projections_command", msg("The query tables: status, rebuild, check.")
    ),
}

NEEDS_EXTRA: Final = msg(
    "this requires the optional part {extra}, which is not installed: pip install "
    '"lifecycle[{extra}]"'
)
REJECTED, USAGE, UNUSABLE = 1, 2, 3
OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000


def _print_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click's call
    """Print the version, with --verbose the verifier's digest too, and exit."""
    if not value or ctx.resilient_parsing:
        return
    click.echo(f"lifecycle, version {__version__}")
    if ctx.params.get("verbose"):
        # By name: hashing loads OpenSSL, and help and mistyped commands do without.
        verifier = import_module("projections.audit.verifier")
        click.echo(f"verify_bundle.py, SHA-256 {verifier.verifier_digest()}")
    ctx.exit()


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    # A command's own help says more than its line in the list of all commands.
    own_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--db",
    "url",
    envvar="LIFECYCLE_DB",
    metavar="URL",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    callback=_print_version,
)
# Eager, so that `--version` sees it in whichever order the two are given.
@click.option("--verbose", is_flag=True, is_eager=True)
@click.pass_context
def cli(
    ctx: click.Context,
    url: str | None,
    *,
    verbose: bool,
) -> None:
    """System of record for a county's investment attraction (招商引资)."""
    if verbose:
        raise click.UsageError(_("--verbose is given with --version only"))
    ctx.obj = url
    use_words(partial(_words_of_store, url))


def _words_of_store(url: str | None) -> Sequence[DeclaredWord]:
    # Most commands never ask: the ledger's modules are loaded where one does.
    words: Sequence[DeclaredWord] = import_module(_STORE_WORDS).declared_words_of_store(url)
    return words


def main() -> NoReturn:
    """Run the command line and exit.

    0 done; 1 rejected or different; 2 wrong usage; 3 store or file unusable.
    """
    # While it starts, a command makes a hundred thousand objects that last, and no garbage worth
    # a walk over all of them: each walk costs a tenth of the start of most commands.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    # What an event may hold must not depend on which other packages are installed; and looking
    # through all of them for plugins takes a twentieth of the start.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    choose_language()
    prepare_streams()
    if os.environ.get("_LIFECYCLE_COMPLETE", "").startswith("powershell"):
        import_module("commands.cli.shared.powershell_completion").register()
    translate_help()
    sys.exit(run(sys.argv[1:]))


def translate_help() -> None:
    """Set the help of the group itself, which is made before the language is chosen."""
    cli.help = _("System of record for a county's investment attraction (招商引资).")
    helps = {
        "url": _(
            "The store: a path, sqlite:///path or postgresql+psycopg://…. Default: LIFECYCLE_DB."
        ),
        "version": _("Show the version and exit."),
        "verbose": _("With --version: show the SHA-256 of verify_bundle.py too."),
    }
    for parameter in cli.params:
        if isinstance(parameter, click.Option) and parameter.name in helps:
            parameter.help = helps[parameter.name]


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code; print on standard error what went wrong."""
    with visible_output():
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    try:
        return (
            cli.main(
                arguments,
                prog_name="lifecycle",
                standalone_mode=False,
            )
            or 0
        )
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.ClickException, click.Abort, KeyboardInterrupt) as error:
        return _stopped(error)
    except (LedgerError, OSError) as error:
        return _failed(error)
    except Exception as error:  # noqa: BLE001 -- no user is to see a traceback
        return _crashed(error)


def _stopped(error: BaseException) -> int:
    """Report wrong usage, or that the user stopped."""
    if isinstance(error, click.ClickException):
        error.show()
        return USAGE
    print_message(_("stopped; nothing was recorded"))
    return REJECTED


def _failed(error: LedgerError | OSError) -> int:
    """Report a business answer, or a store or file that cannot be used."""
    if isinstance(error, OSError) and _has_no_reader(error):
        # The reader has seen enough; Python would complain when it flushes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, Rejected):
        # The labels of fields load the events, which help and a mistyped command do without.
        from commands.words.problem_text import problem_text  # noqa: PLC0415

        for problem in error.problems:
            print_message(problem_text(problem))
        return REJECTED
    if isinstance(error, LedgerError):
        print_message(say(error.template, **error.values))
        return UNUSABLE if isinstance(error, StoreError) else REJECTED
    template = msg("{path} cannot be used: {why}")
    print_message(
        say(
            template,
            path=error.filename or _("the output"),
            why=why(error),
        )
    )
    return UNUSABLE


def _has_no_reader(error: OSError) -> bool:
    # Windows calls a pipe that nobody reads an invalid argument.
    is_of_no_file = error.errno == errno.EINVAL and error.filename is None
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and is_of_no_file)


def _crashed(error: Exception) -> int:
    """Report a missing extra or an internal error; `LIFECYCLE_DEBUG` shows the traceback."""
    extra = missing_extra(error)
    if extra is not None:
        print_message(say(NEEDS_EXTRA, extra=extra))
        return UNUSABLE
    if os.environ.get("LIFECYCLE_DEBUG"):
        raise error
    template = msg("internal error: {why}; LIFECYCLE_DEBUG=1 shows the traceback")
    print_message(say(template, why=f"{type(error).__name__}: {error}"))
    return UNUSABLE
