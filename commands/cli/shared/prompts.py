"""Ask on a terminal, field by field: a wrong value is explained at once and asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, Final

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.understood_names import understood_name
from commands.handlers.evidence_intake import EvidenceIntake
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.field_examples import FIELD_EXAMPLES
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from commands.words.vocabulary_words import VOCABULARY, word
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.events import Event, Stream
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg

# The answer Enter where a field has a value already; no text holds it.
KEEP: Final = "\0"
# The events that begin a stream; every other event needs one that exists.
_FOUNDING_EVENTS: Final = ("InformationReported", "UnitRegistered")


def ask_fields(
    kind: type[Event],
    streams: list[str],
    record: Mapping[str, Any],
    ledger: Ledger,
    evidence: EvidenceIntake,
) -> dict[str, Any]:
    """Prompt for the record's missing fields and return it whole; Enter skips optional ones."""
    _print_heading(
        kind, msg("{chinese} {name}: fields with * are required; press Enter to skip the others")
    )
    answers = dict(record)
    if streams and not any(stream in answers for stream in streams):
        answers[streams[0]] = _ask_stream(kind, streams[0], ledger)
    today = ledger.clock().date()
    for field in fields_of_kind(kind):
        if field.name in answers or field.name == "key":
            continue
        is_required_day = field.name == "occurred_on" and field.required
        default = today.isoformat() if is_required_day else None
        value = _ask_field(kind, field, _prompt(field, today), default, evidence)
        if value is not None:
            answers[field.name] = value
    return answers


def ask_changes(
    kind: type[Event], present: Mapping[str, object], evidence: EvidenceIntake
) -> dict[str, Any]:
    """Ask which fields of an event change, each with its present value.

    Enter keeps a field, a single - unsets an optional one.
    """
    _print_heading(
        kind, msg("{chinese} {name}: press Enter to keep a field, type - to clear an optional one")
    )
    changes: dict[str, Any] = {}
    for field in fields_of_kind(kind):
        if field.name == "key":
            continue
        value_text = word(present.get(field.name)) or "—"
        prompt = f"{field.label} [{value_text}]{_choices(field)}"
        value = _ask_field(kind, field, prompt, KEEP, evidence)
        if value is not KEEP:
            changes[field.name] = value
    return changes


def _print_heading(kind: type[Event], template: str) -> None:
    print_message(
        say(
            template,
            chinese=EVENTS[kind.__name__].chinese,
            name=kind.__name__,
        )
    )


def ask_text(label: str) -> str:
    """Ask until something is typed."""
    while not (text := _ask_line(label, None)):
        print_message(say(msg("is required")))
    return text


def confirm(lines: Iterable[str]) -> None:
    """Show what is about to be recorded. Raises `Abort` unless the clerk confirms it."""
    for line in lines:
        print_message(f"  {line}")
    if not click.confirm(
        _("Record this?"),
        default=True,
        err=True,
    ):
        raise click.Abort


def _ask_stream(kind: type[Event], stream: str, ledger: Ledger) -> str:
    """Ask for the project's code or the unit's name, until it is one that exists."""
    while True:
        name = ask_text(f"{FIELDS[stream]} *")
        if kind.__name__ in _FOUNDING_EVENTS:
            return name
        name = understood_name(ledger, stream, name)
        # A mistyped code is caught before the other twenty questions.
        if ledger.history(Stream("project" if stream == "project" else "unit", name)):
            return name
        print_message(say(msg("there is no project or unit {name}"), name=name))


def _ask_field(
    kind: type[Event], field: TypedField, prompt: str, default: str | None, evidence: EvidenceIntake
) -> Any:
    """Ask until the value is right; None where the field is left out or unset."""
    while True:
        text = _ask_line(prompt, default)
        if text == KEEP:
            return KEEP
        is_unset = text == "-" and default == KEEP
        if (not text or is_unset) and not field.required:
            return None
        if not text or is_unset:
            print_message(say(msg("is required")))
            continue
        try:
            value = _read_answer(field, text, evidence)
            # The same check as for a correction: each field alone, without the fields that are
            # still to come.
            normalised_replacement({field.name: value}, kind)
        except Rejected as rejected:
            for problem in rejected.problems:
                print_message(problem_text(_as_asked(problem)))
            continue
        return value


def _as_asked(problem: Problem) -> Problem:
    """Name the field as it was asked for: the check is one for replacements."""
    if problem.field is None:
        return problem
    return replace(problem, field=problem.field.removeprefix("replacement."))


def _read_answer(field: TypedField, text: str, evidence: EvidenceIntake) -> Any:
    if field.shape == "evidence":
        return [evidence.digest(text)]
    return field.read(_choice_names(field, text))


def _ask_line(prompt: str, default: str | None) -> str:
    """Read one line from the terminal."""
    _load_line_editing()
    try:
        text = input(f"{prompt}: ").strip()
    except EOFError:
        raise click.Abort from None
    return text or default or ""


@cache
def _load_line_editing() -> None:
    """Let `input` edit a line; without readline a terminal deletes half of a Chinese character.

    Windows has no readline and needs none. It is loaded with the first question only, as it may
    write control characters to standard output.
    """
    with suppress(ImportError):
        import_module("readline")


def _prompt(field: TypedField, today: date) -> str:
    prompt = f"{field.label} *" if field.required else field.label
    if field.name == "occurred_on" and field.required:
        return f"{prompt}  [{today}]"
    if field.name in FIELD_EXAMPLES:
        example = say(msg("such as {example}"), example=FIELD_EXAMPLES[field.name])
        return f"{prompt}  {example}"
    return prompt + _choices(field)


def _choices(field: TypedField) -> str:
    """List what may be answered, each choice with its number."""
    if field.shape == "truth":
        return f"  {VOCABULARY['true']}/{VOCABULARY['false']}"
    if field.shape not in ("choice", "choices"):
        return ""
    numbered = []
    for number, choice in enumerate(field.choices, start=1):
        numbered.append(f"{number}.{VOCABULARY.get(choice, choice)}")
    return "  " + " ".join(numbered)


def _choice_names(field: TypedField, text: str) -> str:
    """Replace the numbers of choices by their names; several are separated by commas."""
    if field.shape not in ("choice", "choices"):
        return text
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return ",".join(_choice_name(field, part.strip()) for part in parts)


def _choice_name(field: TypedField, text: str) -> str:
    is_number = text.isascii() and text.isdigit()
    if is_number and 0 < int(text) <= len(field.choices):
        return field.choices[int(text) - 1]
    return text
