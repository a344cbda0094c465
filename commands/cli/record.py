"""`record EVENT`: one event, by options, or asked for field by field on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from commands.cli.main import Suggesting, tell, told
from commands.cli.shared.command_context import opened, who, written
from commands.cli.shared.prompts import ask, confirm
from commands.handlers.evidence_intake import Papers
from commands.intake.typed_fields import Field, event_named, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.deciding.drafts import read_record
from lifecycle.events import BY_NAME, Event
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry
from lifecycle.rejections import msg

# These are recorded by commands of their own, which work out what they hold.
ELSEWHERE = {
    "FactCorrected": "correct",
    "RulebookAdopted": "rulebook adopt",
    "ScoresPublished": "publish",
    "BoardPublished": "publish",
    "SigningKeyChanged": "audit key",
}


F = TypeVar("F", bound=Callable[..., Any])
_RECEIPT = click.Path(path_type=Path, dir_okay=False)


class Events(Suggesting):
    """A command for each event, its options made from the event's fields."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The events that are recorded one by one."""
        return [name for name in BY_NAME if name not in ELSEWHERE]

    def names(self, ctx: click.Context) -> list[str]:
        """The events' names, stored and Chinese."""
        listed = self.list_commands(ctx)
        return [*listed, *(EVENTS[name].chinese for name in listed)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """By the stored or the Chinese name."""
        kind = event_named(cmd_name)
        return None if kind is None or kind.__name__ in ELSEWHERE else _command(kind)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The events with their Chinese names."""
        with formatter.section(_("Events")):
            formatter.write_dl([(name, str(EVENTS[name])) for name in self.list_commands(ctx)])


@click.group(
    "record",
    cls=Events,
    help=_(
        "Record one event; EVENT by its name or its Chinese name. Fields left out are asked for on a terminal."
    ),
)
def command() -> None:
    """Record one event."""


def _command(kind: type[Event]) -> click.Command:
    streams: list[str] = [stream for stream in kind.streams if stream != "county"]
    options: list[click.Parameter] = [
        click.Option([f"--{stream}"], help=str(FIELDS[stream])) for stream in streams
    ]
    options += [_option(field) for field in fields_of_kind(kind)]
    options.append(click.Option(["--on-behalf-of"], help=_("The person for whom you enter it.")))
    options.append(
        click.Option(
            ["--receipt"],
            type=_RECEIPT,
            help=_("Write the receipt to this file, to keep elsewhere."),
        )
    )
    options.append(click.Option(["--yes"], is_flag=True, help=_("Record without asking again.")))

    def act(**given: Any) -> None:
        _record(kind, streams, given)

    return click.Command(
        kind.__name__, params=options, callback=act, help=str(EVENTS[kind.__name__])
    )


def _option(field: Field) -> click.Option:
    several = field.shape in ("choices", "milestones", "evidence")
    words = "|".join(field.choices) if field.choices else ""
    text = f"{field.label}{' *' if field.required else ''} {words}".strip()
    return click.Option([field.option, field.name], help=text, multiple=several)


def _record(kind: type[Event], streams: list[str], given: dict[str, Any]) -> None:
    behalf, sure, receipt = given.pop("on_behalf_of"), given.pop("yes"), given.pop("receipt")
    record: dict[str, Any] = {"event": kind.__name__}
    fields = fields_of_kind(kind)
    for name in streams:
        if given.get(name):
            record[name] = given[name]
    papers = Papers()
    with opened() as ledger:
        for field in fields:
            if value := given.get(field.name):
                record[field.name] = _value(field, value, papers)
        missing = any(field.required and field.name not in record for field in fields) or (
            streams and not any(s in record for s in streams)
        )
        if missing and sys.stdin.isatty():
            record = ask(kind, streams, record, ledger, papers)
            if not sure:
                confirm(
                    f"{FIELDS[name]}  {word(value)}"
                    for name, value in record.items()
                    if name != "event"
                )
        draft = read_record(record)
        entry = ledger.execute(lambda work: papers.kept(work.record(draft)), who(ledger, behalf))
        show(ledger, entry, receipt)


def _value(field: Field, value: Any, papers: Papers) -> Any:
    if field.shape == "evidence":
        return [papers.digested(path) for path in value]
    if isinstance(value, tuple):
        return [part for text in value for part in field.read(text)]
    return field.read(value)


def receipt_option(function: F) -> F:
    """`--receipt FILE`."""
    return click.option(
        "--receipt", type=_RECEIPT, help=_("Write the receipt to this file, to keep elsewhere.")
    )(function)


def show(ledger: Ledger, entry: LedgerEntry, receipt_file: Path | None = None) -> None:
    """Say what was recorded: the event's name and its receipt, which may also be kept in a file."""
    for problem in entry.warnings:
        tell(say(msg("note: {text}"), text=told(problem)))
    if entry.already:
        click.echo(
            say(
                msg("already recorded, at position {position}; nothing was recorded"),
                position=entry.position,
            )
        )
        return
    tree = ledger.tree()
    click.echo(say(msg("recorded {ref}"), ref=entry.ref))
    receipt = msg("receipt: position {position}, leaf {leaf}, tree {size}, root {root}")
    if receipt_file is not None:
        keep_receipts(ledger, [entry], receipt_file)
    click.echo(
        say(
            receipt,
            position=entry.position,
            leaf=entry.leaf[:16],
            size=tree.size,
            root=tree.root().hex()[:16],
        )
    )


def keep_receipts(ledger: Ledger, entries: Iterable[LedgerEntry], file: Path) -> None:
    """Write the receipts of what was just recorded."""
    content = ledger.receipts(entries).encode()
    written(file, lambda path: path.write_bytes(content))
