"""The console script: it runs a command, and nothing that a user does ends in a traceback."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn

import click

from commands.cli.shared.command_table import COMMANDS
from commands.cli.shared.extras import missing_extra
from commands.cli.shared.lazy_group import LazyGroup
from commands.cli.shared.print_message import print_message
from commands.cli.shared.standard_streams import prepare_streams
from commands.cli.shared.visible_signs import OutputClosedError, visible_output
from commands.words.declared_words import use_words
from commands.words.messages import _, choose_language, say, why
from lifecycle import __version__
from lifecycle.rejections import LedgerError, Rejected, StoreError, msg

if TYPE_CHECKING:
    from lifecycle.rulebook.declared_words import DeclaredWord

_STORE_WORDS: Final = "commands.cli.shared.store_words"

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
    code = run(sys.argv[1:])
    # Python would walk over all objects several times before it ends, to find cycles that the
    # system frees at once: that was a fifth of a command. What is to run at the exit still runs.
    gc.freeze()
    sys.exit(code)


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
    if isinstance(error, (BrokenPipeError, OutputClosedError)):
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
