"""`correct STREAM VERSION`: change fields of an earlier event, or void it; the original stays visible."""

from __future__ import annotations

from typing import Any

import click

from commands.context import opened, who
from commands.fields import fields_of_kind
from commands.main import tell
from commands.messages import _, say
from commands.record import show
from lifecycle.corrections import effective
from lifecycle.events import COUNTY, FactCorrected, Recorded, Stream
from lifecycle.records import fields_of, read
from lifecycle.refusals import Refused, msg
from lifecycle.store import Ledger
from lifecycle.vocabulary import CHINESE


@click.command("correct", help=_("Correct event VERSION of STREAM (a project's code, a unit's name, or county): FIELD=VALUE …, or --void."))
@click.argument("stream")
@click.argument("version", type=click.IntRange(1))
@click.argument("changes", nargs=-1, metavar="FIELD=VALUE…")
@click.option("--void", is_flag=True, help=_("The event is void."))
@click.option("--reason", required=True, help=_("Why."))
@click.option("--approved-by", required=True, help=_("Who approved it."))
@click.option("--on-behalf-of", help=_("The person for whom you enter it."))
@click.option("--note", help=_("A note."))
def command(stream: str, version: int, changes: tuple[str, ...], *, void: bool, reason: str, approved_by: str, on_behalf_of: str | None, note: str | None) -> None:  # fmt: skip
    """Record the correction, showing what it changes."""
    with opened() as ledger:
        place = find(ledger, stream)
        target = _target(ledger, place, version)
        record: dict[str, Any] = {
            "event": "FactCorrected", "occurred_on": ledger.clock().date().isoformat(), "corrects": version,
            "replacement": None if void else _replacement(target, changes), "reason": reason, "approved_by": approved_by,
        }  # fmt: skip
        if place.kind != "county":
            record[place.kind] = place.name
        if note:
            record["note"] = note
        entry = ledger.record(read(record), who(on_behalf_of))
        _tell_change(ledger, place, target)
        show(ledger, entry)


def find(ledger: Ledger, name: str) -> Stream:
    """The stream of this name. Raises `Refused` where there is none."""
    if name in ("county", "县"):
        return COUNTY
    for stream in (Stream("project", name), Stream("unit", name)):
        if ledger.history(stream):
            return stream
    raise Refused.by("unknown_stream", msg("there is no project and no unit {name}"), at="stream", name=name)


def _target(ledger: Ledger, stream: Stream, version: int) -> Recorded:
    for item in ledger.history(stream):
        if item.version == version:
            return item
    raise Refused.by("unknown_version", msg("{stream} has no event {version}"), at="version", stream=stream.name, version=version)


def _replacement(target: Recorded, changes: tuple[str, ...]) -> dict[str, Any]:
    fields = {field.name: field for field in fields_of_kind(type(target.event))} if not isinstance(target.event, FactCorrected) else {}
    named = {field.chinese: field for field in fields.values()} | fields
    replacement: dict[str, Any] = {}
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals:
            raise Refused.by("change_form", msg("{change} is not FIELD=VALUE; FIELD= alone unsets an optional field"), change=change)
        field = named.get(name.strip())
        replacement[field.name if field else name.strip()] = (field.read(text) if field else text) if text.strip() else None
    if not replacement:
        raise Refused.by("nothing_to_change", msg("name at least one FIELD=VALUE, or --void"))
    return replacement


def _tell_change(ledger: Ledger, stream: Stream, before: Recorded) -> None:
    """What the event said and what it says now."""
    then = fields_of(before.event)
    now = next((fields_of(item.event) for item in effective(ledger.history(stream)) if item.version == before.version), None)
    if now is None:
        tell(say(msg("{ref} is void"), ref=before.ref))
        return
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            tell(f"{name}: {_said(then.get(name))} → {_said(now.get(name))}")


def _said(value: object) -> str:
    return "—" if value is None else CHINESE.get(str(value), str(value))
