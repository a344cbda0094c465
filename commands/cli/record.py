"""`record EVENT`: record one event, by options, or asked for field by field on a terminal."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from typing import Any, Final

import click

from commands.cli.shared.clock_option import clock_parameter
from commands.cli.shared.event_form import EventForm, FormRecord
from commands.cli.shared.field_questions import print_understood
from commands.cli.shared.form_flow import (
    PROJECT_FORM_NAME,
    FormSession,
    offered_records,
    record_form,
)
from commands.cli.shared.lazy_group import LazyCommand, SuggestingGroup, is_completing
from commands.cli.shared.prompts import print_heading
from commands.cli.shared.receipt_file import ReceiptFile
from commands.cli.shared.receipt_output import print_entry
from commands.cli.shared.store_access import author, evidence_store, open_store, store_url
from commands.cli.shared.understood_names import understood_field, understood_name
from commands.cli.shared.unfinished_forms import UnfinishedForms
from commands.cli.shared.unusual_option import record_if_usual, unusual_parameter
from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.recording import record_event
from commands.intake.typed_fields import TypedField, event_named, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _
from commands.words.reader_language import reads_chinese
from commands.words.screen_words import PROJECT_FORM
from commands.words.vocabulary_words import chinese_word
from lifecycle.deciding.understood_names import FOUNDING_EVENTS
from lifecycle.events import BY_NAME, Event, StreamKind
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg

_PROJECT_COMMAND: Final = LazyCommand(
    "commands.cli.record_project", msg("all known nodes of a project in one form")
)
_COMPLETION: Final = "commands.cli.shared.name_completion"
# Events that other commands record, which compute the content of the event.
_OWN_COMMANDS: Final = {
    "FactCorrected": "correct",
    "RulebookAdopted": "rulebook adopt",
    "ScoresPublished": "publish",
    "BoardPublished": "publish",
    "SigningKeyChanged": "audit key",
}


def _recorded_events() -> list[str]:
    return [name for name in BY_NAME if name not in _OWN_COMMANDS]


class EventGroup(SuggestingGroup):
    """A command for each event, with options made from the event's fields."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the form of a project, and the events that are recorded one by one."""
        return [PROJECT_FORM_NAME, *_recorded_events()]

    def names(self, ctx: click.Context) -> list[str]:
        """List the events' names, stored and Chinese."""
        chinese = [EVENTS[name].chinese for name in _recorded_events()]
        return [*self.list_commands(ctx), PROJECT_FORM.chinese, *chinese]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command of an event's stored or Chinese name."""
        if cmd_name in (PROJECT_FORM_NAME, PROJECT_FORM.chinese):
            return _PROJECT_COMMAND.load()
        kind = event_named(cmd_name)
        if kind is None or kind.__name__ in _OWN_COMMANDS:
            return None
        command = _event_command(kind)
        if is_completing():
            # A command that runs does without it.
            import_module(_COMPLETION).complete_parameters(command, kind)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete an event's name, Chinese or stored, and the form of a project."""
        completion = import_module(_COMPLETION)
        items = [(PROJECT_FORM.chinese, PROJECT_FORM_NAME)]
        items += completion.event_items(_recorded_events())
        matches: list[Any] = completion.matching(items, incomplete)
        return matches

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the events with their Chinese names."""
        rows = [(PROJECT_FORM_NAME, _(_PROJECT_COMMAND.summary))]
        rows += [(name, str(EVENTS[name])) for name in _recorded_events()]
        with formatter.section(_("Events")):
            formatter.write_dl(rows)


@click.group(
    "record",
    cls=EventGroup,
    help=_(
        "Record one event; EVENT is its name or its Chinese name. On a terminal, missing "
        "fields are prompted for; `record project` asks for all known nodes of a project in one "
        "form."
    ),
)
def command() -> None:
    """Record one event."""


def _event_command(kind: type[Event]) -> click.Command:
    streams: list[StreamKind] = [stream for stream in kind.streams if stream != "county"]
    options: list[click.Parameter] = []
    for stream in streams:
        options.append(click.Option([f"--{stream}"], help=str(FIELDS[stream])))
    for field in fields_of_kind(kind):
        options.append(_field_option(field))
    # The same options end every event's command.
    options += [
        click.Option(["--on-behalf-of"], help=_("The person on whose behalf you record it.")),
        click.Option(
            ["--receipt"],
            type=ReceiptFile(),
            help=_("Write the receipt to this file; keep it in another place."),
        ),
        click.Option(
            ["--yes"],
            is_flag=True,
            help=_("Record without confirmation."),
        ),
        unusual_parameter(),
        clock_parameter(),
    ]

    def act(**typed: Any) -> None:
        # An event's field may have any name, `kind` for one, so that the options stay together.
        _record(kind, streams, typed)

    return click.Command(
        kind.__name__, params=options, callback=act, help=str(EVENTS[kind.__name__])
    )


def _field_option(field: TypedField) -> click.Option:
    mark = " *" if field.required else ""
    # Either name of a choice may be typed; a reader of Chinese sees what they would type.
    # Help does not open the ledger, whose rulebooks may declare further words.
    built_in = field.built_in
    choices = "|".join(map(chinese_word, built_in) if reads_chinese() else built_in)
    return click.Option(
        [field.option, field.name],
        help=f"{field.label}{mark} {choices}".strip(),
        multiple=field.shape in ("choices", "texts", "milestones", "evidence"),
    )


def _record(
    kind: type[Event],
    streams: list[StreamKind],
    typed: dict[str, Any],
) -> None:
    """Record the event; on a terminal prompt for missing fields, and confirm unless `--yes`."""
    evidence = EvidenceIntake(evidence_store())
    record: dict[str, Any] = {"event": kind.__name__}
    with open_store() as ledger:
        for stream in streams:
            if typed[stream]:
                record[stream] = _stream_name(ledger, kind, stream, typed[stream])
        for field in fields_of_kind(kind):
            if typed[field.name]:
                value = _field_value(field, typed[field.name], evidence)
                record[field.name] = understood_field(ledger, kind, field.name, value)
        clerk = author(ledger, typed["on_behalf_of"])
        # A script gets an error for a missing field, not a prompt that waits for ever.
        if sys.stdin.isatty() and _is_incomplete(record, kind, streams):
            forms = UnfinishedForms(store_url())
            session = FormSession(kind.__name__, ledger, clerk, evidence, forms)
            entry = _record_asked(session, record, streams, typed)
        else:
            record_typed = partial(record_event, ledger, record, clerk, evidence)
            entry = record_if_usual(
                record_typed, confirmed=typed["confirm_unusual"], may_ask=not typed["yes"]
            )
        print_entry(ledger, entry, typed["receipt"])


def _record_asked(
    session: FormSession,
    record: FormRecord,
    streams: list[StreamKind],
    typed: dict[str, Any],
) -> LedgerEntry:
    """Ask for the fields that are missing, offering what was typed before, and record."""
    # Before twenty questions, not after them.
    session.ledger.require_right_clock()
    unfinished = offered_records(session, record)
    if unfinished:
        record = {**unfinished[0], **record}
    form = session.new_form()
    form.records.append(record)

    def fill_in(form: EventForm) -> None:
        print_heading(BY_NAME[record["event"]], msg("{chinese} {name}: * marks required fields"))
        if streams and not any(stream in record for stream in streams):
            form.ask_stream(record, streams[0])
        else:
            form.require_allowed(record)
        form.ask_required(record)
        form.ask_more()

    entries = record_form(
        session,
        fill_in,
        form=form,
        confirmed_unusual=typed["confirm_unusual"],
        yes=typed["yes"],
    )
    return entries[0]


def _stream_name(ledger: Ledger, kind: type[Event], stream: StreamKind, name: str) -> str:
    """Return the project or unit that an option means; one that the event founds keeps its name."""
    if kind in FOUNDING_EVENTS:
        return name
    return understood_name(ledger, stream, name)


def _field_value(field: TypedField, typed: Any, evidence: EvidenceIntake) -> Any:
    """Return an option's value as a record holds it; a repeatable option gives a list."""
    if field.shape == "evidence":
        return [evidence.digest(path) for path in typed]
    if not isinstance(typed, tuple):
        value = field.read(typed)
        print_understood(field, typed, value)
        return value
    values: list[Any] = []
    for text in typed:
        values.extend(field.read(text))
    return values


def _is_incomplete(record: dict[str, Any], kind: type[Event], streams: list[StreamKind]) -> bool:
    """Whether a required field is missing, or the stream that the event belongs to."""
    if streams and not any(stream in record for stream in streams):
        return True
    return any(field.required and field.name not in record for field in fields_of_kind(kind))
