"""`correct STREAM VERSION`: change fields of an earlier event, or void it; the original stays visible."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from commands.cli.main import tell
from commands.cli.record import receipt_option, show
from commands.cli.shared.command_context import opened, who
from commands.cli.shared.prompts import ask_changes, ask_text, confirm
from commands.handlers.evidence_intake import Papers
from commands.intake.typed_fields import fields_of_kind
from commands.words.event_words import EVENTS, FIELDS, field_name, field_place
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.deciding.corrections import effective
from lifecycle.deciding.drafts import read_record
from lifecycle.events import COUNTY, FactCorrected, RecordedEvent, Stream
from lifecycle.events.codec import fields_of
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg


@click.command(
    "correct",
    help=_(
        "Correct event VERSION of STREAM (a project's code, a unit's name, or county): FIELD=VALUE …, or --void."
    ),
)
@click.argument("stream")
@click.argument("version", type=click.IntRange(1))
@click.argument("changes", nargs=-1, metavar="FIELD=VALUE…")
@click.option("--void", is_flag=True, help=_("The event is void."))
@click.option("--reason", help=_("Why."))
@click.option("--approved-by", help=_("Who approved it."))
@click.option("--on-behalf-of", help=_("The person for whom you enter it."))
@click.option("--note", help=_("A note."))
@receipt_option
def command(
    stream: str,
    version: int,
    changes: tuple[str, ...],
    *,
    void: bool,
    reason: str | None,
    approved_by: str | None,
    on_behalf_of: str | None,
    note: str | None,
    receipt: Path | None,
) -> None:
    """Record the correction, showing what it changes; on a terminal what is missing is asked for."""
    papers = Papers()
    with opened() as ledger:
        place = find(ledger, stream)
        target = _target(ledger, place, version)
        asked = sys.stdin.isatty() and not (reason and approved_by and (void or changes))
        by_asking = asked and not changes and not isinstance(target.event, FactCorrected)
        replacement = (
            None
            if void
            else _asked(ledger, target, papers)
            if by_asking
            else _replacement(target, changes)
        )
        record: dict[str, Any] = {
            "event": "FactCorrected",
            "occurred_on": ledger.clock().date().isoformat(),
            "corrects": version,
            "replacement": replacement,
            "reason": _given(reason, "reason", asked=asked),
            "approved_by": _given(approved_by, "approved_by", asked=asked),
        }
        if place.kind != "county":
            record[place.kind] = place.name
        if note:
            record["note"] = note
        if asked:
            confirm(_summary(target, record))
        draft = read_record(record)
        entry = ledger.execute(
            lambda work: papers.kept(work.record(draft)), who(ledger, on_behalf_of)
        )
        _tell_change(ledger, place, target)
        show(ledger, entry, receipt)


def _given(text: str | None, name: str, *, asked: bool) -> str:
    if text:
        return text
    if not asked:
        raise click.MissingParameter(
            param_hint=f"'--{name.replace('_', '-')}'", param_type="option"
        )
    return ask_text(f"{FIELDS[name]} *")


def _asked(ledger: Ledger, target: RecordedEvent, papers: Papers) -> dict[str, Any]:
    now = next(
        (
            item
            for item in effective(ledger.history(target.stream))
            if item.version == target.version
        ),
        target,
    )
    changes = ask_changes(type(now.event), fields_of(now.event), papers)
    if not changes:
        raise _nothing()
    return changes


def _nothing() -> Rejected:
    return Rejected.by("nothing_to_change", msg("name at least one FIELD=VALUE, or --void"))


def _summary(target: RecordedEvent, record: dict[str, Any]) -> list[str]:
    changes = record["replacement"]
    what = (
        ["作废"]
        if changes is None
        else [f"{field_name(name)}  → {word(value) or '—'}" for name, value in changes.items()]
    )
    return [
        f"{target.ref} {EVENTS[type(target.event).__name__]}",
        *what,
        *(f"{FIELDS[name]}  {record[name]}" for name in ("reason", "approved_by")),
    ]


def find(ledger: Ledger, name: str) -> Stream:
    """The stream of this name. Raises `Rejected` where there is none."""
    if name in ("county", "县"):
        return COUNTY
    for stream in (Stream("project", name), Stream("unit", name)):
        if ledger.history(stream):
            return stream
    raise Rejected.by(
        "unknown_stream", msg("there is no project and no unit {name}"), at="stream", name=name
    )


def _target(ledger: Ledger, stream: Stream, version: int) -> RecordedEvent:
    for item in ledger.history(stream):
        if item.version == version:
            return item
    raise Rejected.by(
        "unknown_version",
        msg("{stream} has no event {version}"),
        at="version",
        stream=stream.name,
        version=version,
    )


def _replacement(target: RecordedEvent, changes: tuple[str, ...]) -> dict[str, Any]:
    fields = (
        {field.name: field for field in fields_of_kind(type(target.event))}
        if not isinstance(target.event, FactCorrected)
        else {}
    )
    named = {field.chinese: field for field in fields.values()} | fields
    replacement: dict[str, Any] = {}
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals:
            raise Rejected.by(
                "change_form",
                msg("{change} is not FIELD=VALUE; FIELD= alone unsets an optional field"),
                change=change,
            )
        field = named.get(name.strip())
        replacement[field.name if field else name.strip()] = (
            (field.read(text) if field else text) if text.strip() else None
        )
    if not replacement:
        raise _nothing()
    return replacement


def _tell_change(ledger: Ledger, stream: Stream, before: RecordedEvent) -> None:
    """What the event said and what it says now."""
    then = fields_of(before.event)
    now = next(
        (
            fields_of(item.event)
            for item in effective(ledger.history(stream))
            if item.version == before.version
        ),
        None,
    )
    if now is None:
        tell(say(msg("{ref} is void"), ref=before.ref))
        return
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            tell(
                f"{field_place(name)}: {word(then.get(name)) or '—'} → {word(now.get(name)) or '—'}"
            )
