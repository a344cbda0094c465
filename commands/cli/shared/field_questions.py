"""Ask for one field on a terminal: a wrong value is explained at once and asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from commands.cli.shared.print_message import print_message
from commands.cli.shared.typed_lines import read_line
from commands.cli.shared.understood_names import understood_field
from commands.handlers.early_checks import sequences_in_use
from commands.handlers.evidence_intake import EvidenceIntake
from commands.intake.typed_fields import TypedField
from commands.intake.typed_forms import strict_text
from commands.intake.understood_forms import understood_form
from commands.words.messages import _, labelled, say
from commands.words.problem_text import problem_text
from commands.words.screen_words import WAN_YUAN, wan
from commands.words.typed_advice import examples_of_field
from commands.words.vocabulary_words import VOCABULARY, shown_word, word
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.events import Event
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg

# The answer Enter where a field has a value already; no text holds it.
KEEP: Final = "\0"
CLEAR: Final = "-"


class FieldContext(NamedTuple):
    """The event that is asked for, and what its answers are looked up in."""

    kind: type[Event]
    ledger: Ledger
    evidence: EvidenceIntake


def ask_field(
    context: FieldContext,
    field: TypedField,
    prompt: str,
    default: str | None = None,
) -> Any:
    """Ask until the value is right; None where the field is left out or unset."""
    suggestions = _suggestions(context.ledger, field)
    prompt += _numbered(suggestions)
    while True:
        text = read_line(prompt, default)
        if text == KEEP:
            return KEEP
        is_unset = text == CLEAR and default == KEEP
        if (not text or is_unset) and not field.required:
            return None
        if not text or is_unset:
            print_message(say(msg("is required")))
            continue
        text = _picked(suggestions, text)
        if suggestions and text not in suggestions and not _is_meant(text, suggestions):
            continue
        try:
            value = _read_answer(context, field, text)
            # The same check as for a correction: each field alone, without the fields that are
            # still to come.
            normalised_replacement({field.name: value}, context.kind)
        except Rejected as rejected:
            print_problems(rejected.problems)
            continue
        print_understood(field, text, value)
        return value


def ask_changed_field(
    context: FieldContext,
    field: TypedField,
    present: object,
) -> Any:
    """Ask for a field that has a value: Enter keeps it (`KEEP`), a single - unsets it."""
    value_text = word(present) or "—"
    return ask_field(context, field, f"{_label(field)} [{value_text}]{_choices(field)}", KEEP)


def question(field: TypedField, today: date) -> str:
    """Return what a field is asked with: its name, its unit, an example or its choices."""
    prompt = f"{_label(field)} *" if field.required else _label(field)
    if field.name == "occurred_on" and field.required:
        return f"{prompt}  [{today}]"
    example = examples_of_field(field.form, field.name)
    if example is not None:
        example_text = say(msg("such as {example}"), example=example)
        return f"{prompt}  {example_text}"
    return prompt + _choices(field)


def shown_answer(field: TypedField, value: object) -> str:
    """Return an answer as it is read over before it is recorded: an amount with its unit."""
    return wan(word(value)) if field.form == "money" else word(value)


def print_problems(problems: Sequence[Problem]) -> None:
    """Say what is wrong with an answer."""
    for problem in problems:
        print_message(problem_text(_as_asked(problem)))


def _as_asked(problem: Problem) -> Problem:
    """Name the field as it was asked for: the check is one for replacements."""
    if problem.field is None:
        return problem
    return replace(problem, field=problem.field.removeprefix("replacement."))


def _read_answer(
    context: FieldContext,
    field: TypedField,
    text: str,
) -> Any:
    if field.shape == "evidence":
        return _evidence_files(context, text)
    if field.form == "moment":
        text = _with_time(text)
    value = field.read(_choice_names(field, text))
    # A unit that does not exist is said at this question, not after the twentieth.
    return understood_field(context.ledger, context.kind, field.name, value)


def _with_time(text: str) -> str:
    """Return a moment; of a day alone the time is asked for, else midnight stands.

    Of two reports of a project on one day the earlier counts (考(二)), so it is not passed over.
    """
    from_midnight = strict_text("moment", f"{text} 0:00")
    if not from_midnight.endswith(" 00:00"):
        return text
    clock = read_line(_("time of day, such as 9:30; Enter where it is not known (0:00)"))
    return f"{text} {clock}" if clock else from_midnight


def _evidence_files(context: FieldContext, first: str) -> list[dict[str, str]]:
    """Digest a file, and further ones until Enter; one that cannot be read is asked for again."""
    files = [context.evidence.digest(first)]
    while True:
        path = read_line(_("Another file; Enter for none"))
        if not path:
            return files
        try:
            files.append(context.evidence.digest(path))
        except Rejected as rejected:
            print_problems(rejected.problems)


def print_understood(field: TypedField, typed: str, value: object) -> None:
    """Say how an answer is understood where it is stored in another form."""
    note = understood_form(field, typed, value)
    if note is not None:
        print_message(labelled(field.label, say(note.template, **note.values)))


def _label(field: TypedField) -> str:
    # Every amount is asked for with its unit.
    return f"{field.label} ({WAN_YUAN})" if field.form == "money" else field.label


# Choices -----------------------------------------------------------------------------------------


def _suggestions(ledger: Ledger, field: TypedField) -> Sequence[str]:
    """Return what is in use in a field of free text that is compared as a whole."""
    # A second spelling would be a second sequence, with ranks of its own.
    return sequences_in_use(ledger) if field.name == "sequence" else ()


def _is_meant(text: str, suggestions: Sequence[str]) -> bool:
    """Ask for a text that nothing in use equals once more."""
    print_message(
        say(
            msg("{text} is not in use yet; in use: {suggestions}"),
            text=text,
            suggestions=list(suggestions),
        )
    )
    again = say(msg("type {text} again if it is new, else press Enter"), text=text)
    return read_line(again) == text


def _choices(field: TypedField) -> str:
    """List what may be answered, each choice with its number."""
    if field.shape == "truth":
        return f"  {VOCABULARY['true']}/{VOCABULARY['false']}"
    if field.shape not in ("choice", "choices"):
        return ""
    return _numbered([shown_word(choice) for choice in field.choices])


def _numbered(choices: Sequence[str]) -> str:
    if not choices:
        return ""
    return "  " + " ".join(f"{number}.{choice}" for number, choice in enumerate(choices, start=1))


def _choice_names(field: TypedField, text: str) -> str:
    """Replace the numbers of choices by their names; several are separated by commas."""
    if field.shape not in ("choice", "choices"):
        return text
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return ",".join(_picked(field.choices, part.strip()) for part in parts)


def _picked(choices: Sequence[str], text: str) -> str:
    is_number = text.isascii() and text.isdigit()
    if is_number and 0 < int(text) <= len(choices):
        return choices[int(text) - 1]
    return text
