"""Asking field by field: a wrong value is told at once and asked for again."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from commands.evidence import digested
from commands.fields import EXAMPLES, Field, fields_of_kind
from commands.labels import FIELDS
from commands.main import told
from commands.messages import _, say
from lifecycle.events import Event
from lifecycle.records import normalised
from lifecycle.refusals import Refused, msg
from lifecycle.store import Ledger
from lifecycle.vocabulary import CHINESE


def ask(kind: type[Event], streams: list[str], given: dict[str, Any], ledger: Ledger) -> dict[str, Any]:
    """Ask for what was not given; Enter leaves out what is optional."""
    import readline  # noqa: F401, PLC0415 -- without it a terminal deletes half of a Chinese character

    record = dict(given)
    click.echo(say(msg("{chinese} {name}: * must be given, Enter leaves out the others"), chinese=kind.chinese, name=kind.__name__), err=True)
    if streams and not any(stream in record for stream in streams):
        record[streams[0]] = _asked(FIELDS[streams[0]] + " *", None)
    for field in fields_of_kind(kind):
        if field.name not in record and field.name != "key":
            _ask_field(kind, field, record, ledger.clock().date())
    return record


def _ask_field(kind: type[Event], field: Field, record: dict[str, Any], today: date) -> None:
    while True:
        text = _asked(_prompt(field, today), today.isoformat() if field.name == "occurred_on" and field.required else None)
        if not text:
            if not field.required:
                return
            click.echo(say(msg("must be given")), err=True)
            continue
        try:
            value = [digested(text)] if field.shape == "evidence" else field.read(_chosen(field, text))
            normalised({field.name: value}, kind)
        except Refused as refused:
            for problem in refused.problems:
                click.echo(told(problem), err=True)
            continue
        record[field.name] = value
        return


def _asked(prompt: str, default: str | None) -> str:
    """One line; `input` edits Chinese as whole characters once readline is loaded."""
    try:
        text = input(f"{prompt}: ").strip()
    except EOFError:
        raise click.Abort from None
    return text or default or ""


def _prompt(field: Field, today: date) -> str:
    parts = [field.chinese + (" *" if field.required else "")]
    if field.shape in ("choice", "choices"):
        parts.append(" ".join(f"{place}.{CHINESE.get(choice, choice)}" for place, choice in enumerate(field.choices, start=1)))
    elif field.shape == "truth":
        parts.append(_("是/否"))
    elif field.name == "occurred_on" and field.required:
        parts.append(f"[{today}]")
    elif field.name in EXAMPLES:
        parts.append(say(msg("such as {example}"), example=EXAMPLES[field.name]))
    return "  ".join(parts)


def _chosen(field: Field, text: str) -> str:
    """A choice by its number, several by numbers with commas between."""
    if field.shape not in ("choice", "choices"):
        return text
    numbers = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",")]
    picked = [field.choices[int(n) - 1] if n.isascii() and n.isdigit() and 0 < int(n) <= len(field.choices) else n for n in numbers]
    return ",".join(picked)
