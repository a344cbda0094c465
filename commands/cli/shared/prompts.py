"""Asking field by field: a wrong value is told at once and asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import click

from commands.cli.main import told
from commands.handlers.evidence_intake import Papers
from commands.intake.typed_fields import EXAMPLES, Field, fields_of_kind
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import VOCABULARY, word
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.events import Event, Stream
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg


def ask(
    kind: type[Event], streams: list[str], given: dict[str, Any], ledger: Ledger, papers: Papers
) -> dict[str, Any]:
    """Ask for what was not given; Enter leaves out what is optional."""
    import readline  # noqa: F401, PLC0415 -- without it a terminal deletes half of a Chinese character

    record = dict(given)
    click.echo(
        say(
            msg("{chinese} {name}: * must be given, Enter leaves out the others"),
            chinese=EVENTS[kind.__name__].chinese,
            name=kind.__name__,
        ),
        err=True,
    )
    if streams and not any(stream in record for stream in streams):
        record[streams[0]] = _ask_stream(kind, streams[0], ledger)
    today = ledger.clock().date()
    for field in fields_of_kind(kind):
        if field.name not in record and field.name != "key":
            default = today.isoformat() if field.name == "occurred_on" and field.required else None
            value = _ask_field(kind, field, _prompt(field, today), default, papers)
            if value is not None:
                record[field.name] = value
    return record


def ask_changes(kind: type[Event], now: Mapping[str, object], papers: Papers) -> dict[str, Any]:
    """Ask which fields of an event change, each with what it says now; Enter keeps it, a single - unsets what is optional."""
    import readline  # noqa: F401, PLC0415 -- as above

    click.echo(
        say(
            msg("{chinese} {name}: Enter keeps a field, - unsets an optional one"),
            chinese=EVENTS[kind.__name__].chinese,
            name=kind.__name__,
        ),
        err=True,
    )
    changes: dict[str, Any] = {}
    for field in fields_of_kind(kind):
        if field.name != "key":
            before = now.get(field.name)
            value = _ask_field(
                kind,
                field,
                f"{field.label} [{word(before) or '—'}]{_choices(field)}",
                KEEP,
                papers,
            )
            if value is not KEEP:
                changes[field.name] = value
    return changes


def ask_text(label: str) -> str:
    """Ask until something is given."""
    import readline  # noqa: F401, PLC0415 -- as above

    while not (text := _asked(label, None)):
        click.echo(say(msg("must be given")), err=True)
    return text


def confirm(lines: Iterable[str]) -> None:
    """Show what is about to be recorded. Raises `Abort` unless it is right."""
    for line in lines:
        click.echo(f"  {line}", err=True)
    if not click.confirm(_("Record this?"), default=True, err=True):
        raise click.Abort


KEEP: Final = "\0"
"""The answer Enter where a field has a value already; no text holds it."""


def _ask_stream(kind: type[Event], stream: str, ledger: Ledger) -> str:
    """The project's code or the unit's name; one that was never reported or registered is told at once."""
    first = kind.__name__ in ("InformationReported", "UnitRegistered")
    while True:
        name = ask_text(f"{FIELDS[stream]} *")
        if first or ledger.history(Stream("project" if stream == "project" else "unit", name)):
            return name
        click.echo(say(msg("there is no project and no unit {name}"), name=name), err=True)


def _ask_field(
    kind: type[Event], field: Field, prompt: str, default: str | None, papers: Papers
) -> Any:
    """The field's value, None where it is left out or unset; asked again until it is right."""
    while True:
        text = _asked(prompt, default)
        if text == KEEP:
            return KEEP
        if not text or (text == "-" and default == KEEP):
            if not field.required:
                return None
            click.echo(say(msg("must be given")), err=True)
            continue
        try:
            value = (
                [papers.digested(text)]
                if field.shape == "evidence"
                else field.read(_chosen(field, text))
            )
            normalised_replacement({field.name: value}, kind)
        except Rejected as refused:
            for problem in refused.problems:
                click.echo(told(problem), err=True)
            continue
        return value


def _asked(prompt: str, default: str | None) -> str:
    """One line; `input` edits Chinese as whole characters once readline is loaded."""
    try:
        text = input(f"{prompt}: ").strip()
    except EOFError:
        raise click.Abort from None
    return text or default or ""


def _prompt(field: Field, today: date) -> str:
    prompt = field.label + (" *" if field.required else "")
    if field.name == "occurred_on" and field.required:
        return f"{prompt}  [{today}]"
    if field.name in EXAMPLES:
        example = say(msg("such as {example}"), example=EXAMPLES[field.name])
        return f"{prompt}  {example}"
    return prompt + _choices(field)


def _choices(field: Field) -> str:
    if field.shape in ("choice", "choices"):
        return "  " + " ".join(
            f"{place}.{VOCABULARY.get(choice, choice)}"
            for place, choice in enumerate(field.choices, start=1)
        )
    return "  是/否" if field.shape == "truth" else ""


def _chosen(field: Field, text: str) -> str:
    """A choice by its number, several by numbers with commas between."""
    if field.shape not in ("choice", "choices"):
        return text
    numbers = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",")]
    picked = [
        field.choices[int(n) - 1]
        if n.isascii() and n.isdigit() and 0 < int(n) <= len(field.choices)
        else n
        for n in numbers
    ]
    return ",".join(picked)
