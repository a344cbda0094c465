"""Ask on a terminal, field by field: a wrong value is explained at once and asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.typed_lines import read_line
from commands.cli.shared.understood_names import understood_field, understood_name
from commands.handlers.evidence_intake import EvidenceIntake
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.field_examples import FIELD_EXAMPLES
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from commands.words.vocabulary_words import VOCABULARY, word
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.deciding.understood_names import FOUNDING_EVENTS
from lifecycle.events import Event
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg

# The answer Enter where a field has a value already; no text holds it.
KEEP: Final = "\0"


class _Form(NamedTuple):
    """The event that is asked for, and what its answers are looked up in."""

    kind: type[Event]
    ledger: Ledger
    evidence: EvidenceIntake


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
    form = _Form(kind, ledger, evidence)
    for field in fields_of_kind(kind):
        if field.name in answers or field.name == "key":
            continue
        is_required_day = field.name == "occurred_on" and field.required
        default = today.isoformat() if is_required_day else None
        value = _ask_field(form, field, _prompt(field, today), default)
        if value is not None:
            answers[field.name] = value
    return answers


def ask_changes(
    kind: type[Event], present: Mapping[str, object], ledger: Ledger, evidence: EvidenceIntake
) -> dict[str, Any]:
    """Ask which fields of an event change, each with its present value.

    Enter keeps a field, a single - unsets an optional one.
    """
    _print_heading(
        kind, msg("{chinese} {name}: press Enter to keep a field, type - to clear an optional one")
    )
    changes: dict[str, Any] = {}
    form = _Form(kind, ledger, evidence)
    for field in fields_of_kind(kind):
        if field.name == "key":
            continue
        value_text = word(present.get(field.name)) or "—"
        prompt = f"{field.label} [{value_text}]{_choices(field)}"
        value = _ask_field(form, field, prompt, KEEP)
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
    while not (text := read_line(label)):
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
    """Ask for the project or the unit, by code, name or part of a name, until one is meant."""
    while True:
        name = ask_text(f"{FIELDS[stream]} *")
        if kind in FOUNDING_EVENTS:
            return name
        try:
            # A mistyped code is caught before the other twenty questions.
            return understood_name(ledger, "project" if stream == "project" else "unit", name)
        except Rejected as rejected:
            _print_problems(rejected)


def _ask_field(form: _Form, field: TypedField, prompt: str, default: str | None) -> Any:
    """Ask until the value is right; None where the field is left out or unset."""
    while True:
        text = read_line(prompt, default)
        if text == KEEP:
            return KEEP
        is_unset = text == "-" and default == KEEP
        if (not text or is_unset) and not field.required:
            return None
        if not text or is_unset:
            print_message(say(msg("is required")))
            continue
        try:
            value = _read_answer(form, field, text)
            # The same check as for a correction: each field alone, without the fields that are
            # still to come.
            normalised_replacement({field.name: value}, form.kind)
        except Rejected as rejected:
            _print_problems(rejected)
            continue
        return value


def _print_problems(rejected: Rejected) -> None:
    for problem in rejected.problems:
        print_message(problem_text(_as_asked(problem)))


def _as_asked(problem: Problem) -> Problem:
    """Name the field as it was asked for: the check is one for replacements."""
    if problem.field is None:
        return problem
    return replace(problem, field=problem.field.removeprefix("replacement."))


def _read_answer(form: _Form, field: TypedField, text: str) -> Any:
    if field.shape == "evidence":
        return [form.evidence.digest(text)]
    value = field.read(_choice_names(field, text))
    # A unit that does not exist is said at this question, not after the twentieth.
    return understood_field(form.ledger, form.kind, field.name, value)


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
