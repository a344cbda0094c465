"""The console script: commands are loaded when they are run, and nothing a user does ends in a traceback."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from commands.cli.shared.extras import missing_extra
from commands.words.messages import _, choose_language, say, why
from lifecycle import __version__
from lifecycle.rejections import LedgerError, Rejected, StoreError, msg

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "init": ("init", msg("Make an empty store.")),
    "demo": ("demo_command", msg("Make a believable county and show the main job end to end.")),
    "status": ("status", msg("Where the store is, what it holds, how far the read tables are.")),
    "today": (
        "today",
        msg("One screen for the morning: what is due, what presses, what waits, what changed."),
    ),
    "record": ("record", msg("Record one event, by options or asked for field by field.")),
    "import": ("import_command", msg("Record a file of events: JSONL, CSV or XLSX.")),
    "template": ("template", msg("Write an empty ledger workbook.")),
    "correct": ("correct", msg("Correct or void an earlier event; the original stays visible.")),
    "project": ("project", msg("The projects: list, show, history.")),
    "score": ("score", msg("Totals, modules and ranks of a year.")),
    "explain": (
        "explain",
        msg("Every point of a unit or project, and why it earns nothing elsewhere."),
    ),
    "deadlines": ("deadlines", msg("What is due when, the most urgent first.")),
    "sheets": ("sheets", msg("The five sheets: list, due, week; issue, clear, reopen, expose.")),
    "targets": ("targets", msg("The year's targets: how far the county and its units are.")),
    "incentives": (
        "incentives",
        msg("Rewards that the year's projects have earned, and near misses."),
    ),
    "board": (
        "board",
        msg("The red and black boards of a month: ranks, proposals with reasons, listing them."),
    ),
    "rulebook": (
        "rulebook_command",
        msg("Policies as data: list, show, check, compare, draft, adopt."),
    ),
    "audit": ("audit", msg("Whether the ledger is what it was; checkpoints, receipts, bundles.")),
    "publish": ("publish", msg("Freeze a result: scores, a board.")),
    "report": ("report", msg("Documents: ledger workbook, reports of a period, sheets, forms.")),
    "serve": ("serve", msg("Pages for leaders and auditors, read-only, in a browser.")),
    "projections": ("projections_command", msg("The read tables: status, rebuild.")),
}
"""Every command: the module it lives in and what it does."""

REFUSED, USAGE, UNUSABLE = 1, 2, 3
NEEDS_EXTRA: Final = msg(
    "this needs the optional part {extra}, which is not installed: pip install 'lifecycle[{extra}]'"
)


class Suggesting(click.Group):
    """A group that names the commands nearest to one that is not there."""

    def names(self, ctx: click.Context) -> list[str]:
        """What may be typed."""
        return self.list_commands(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named; click suggests only from commands that are loaded."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=self.names(ctx), ctx=ctx
            ) from None


class LazyGroup(Suggesting):
    """Loads a command's module when the command runs; help and completion need only the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of a county's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"commands.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without loading any."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(text)) for name, (_module, text) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Names that begin as typed, without loading any."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 -- only a completing shell pays for it

        return [
            CompletionItem(name, help=_(text))
            for name, (_module, text) in COMMANDS.items()
            if name.startswith(incomplete)
        ]


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--db", "url", envvar="LIFECYCLE_DB", metavar="URL")
@click.version_option(__version__, prog_name="lifecycle")
@click.pass_context
def cli(ctx: click.Context, url: str | None) -> None:
    """System of record for a county's investment attraction (招商引资)."""
    ctx.obj = url


def main() -> NoReturn:
    """Run; exit 0 done, 1 refused or found different, 2 wrong usage, 3 the store or a file cannot be used."""
    choose_language()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a GBK console has no place for every character
    _describe()
    sys.exit(run(sys.argv[1:]))


def _describe() -> None:
    cli.help = _("System of record for a county's investment attraction (招商引资).")
    helps = {
        "url": _("The store: sqlite:///path or postgresql+psycopg://…; or by LIFECYCLE_DB."),
        "version": _("Show the version and exit."),
    }
    for parameter in cli.params:
        if isinstance(parameter, click.Option) and parameter.name in helps:
            parameter.help = helps[parameter.name]


def run(arguments: list[str]) -> int:  # noqa: C901, PLR0911 -- one place for every way to end
    """Run the commands; gives the exit code, and says on standard error what went wrong."""
    try:
        return cli.main(arguments, prog_name="lifecycle", standalone_mode=False) or 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        tell(_("stopped; nothing was recorded"))
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Rejected as refused:
        for problem in refused.problems:
            tell(told(problem))
        return REFUSED
    except LedgerError as error:
        tell(say(error.template, **error.values))
        return UNUSABLE if isinstance(error, StoreError) else REFUSED
    except OSError as error:
        tell(
            say(
                msg("{path} cannot be used: {why}"),
                path=error.filename or _("the output"),
                why=why(error),
            )
        )
        return UNUSABLE
    except Exception as error:
        if os.environ.get("LIFECYCLE_DEBUG"):
            raise
        extra = missing_extra(error)
        if extra is not None:
            tell(say(NEEDS_EXTRA, extra=extra))
            return UNUSABLE
        tell(
            say(
                msg("an error of the program itself: {why}; LIFECYCLE_DEBUG=1 shows where"),
                why=f"{type(error).__name__}: {error}",
            )
        )
        return UNUSABLE


def told(problem: Any) -> str:
    """A problem as a line: the field, what is wrong, what is allowed, and the rule's id."""
    from commands.words.event_words import field_place  # noqa: PLC0415 -- labels are read only where there is something to say
    from commands.words.vocabulary_words import named_word  # noqa: PLC0415 -- labels are read only where there is something to say

    values = problem.values
    if problem.rule == "vocabulary":
        values = {"expected": [named_word(value) for value in values["expected"]]}
    text = say(problem.template, **values)
    place = f"{field_place(problem.field)}: " if problem.field else ""
    return f"{place}{text} [{problem.rule}]"


def tell(text: str) -> None:
    """Say something beside the results."""
    click.echo(text, err=True)
