"""A project's history in words: events with their fields and corrections, and anomalies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from commands.words.event_words import EVENTS, UNREADABLE_FIELDS, chinese_field, field_name
from commands.words.field_value_text import change_text, field_value_text
from commands.words.messages import say, shortened, shown
from commands.words.record_time_words import to_the_minute
from commands.words.terms import PolicyTerm
from commands.words.vocabulary_words import word
from lifecycle.deciding.changes_on_a_day import late_repairs
from lifecycle.deciding.corrections import VOID, Correction, amendments
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import Event, FactCorrected, RecordedEvent, UnreadableEvent
from lifecycle.events.codec import fields_of
from lifecycle.events.correction_event import MOVED_KEY
from lifecycle.rejections import EventName, Problem, msg
from projections.scoring.judgement import JudgedProject
from projections.views.project_anomalies import anomalies

_LONGEST_SHOWN: Final = 1_000
Redact = Callable[[Any], Any]
"""Removes from fields what a reader may not see."""


def anomaly_texts(project: JudgedProject, facts_dated_ahead: Iterable[Problem] = ()) -> list[str]:
    """Say what looks odd about a project, in the user's language."""
    texts = []
    for problem in (*anomalies(project), *facts_dated_ahead):
        values = {name: _named(value) for name, value in problem.values.items()}
        texts.append(say(problem.template, **values))
    return texts


def late_repair_texts(history: Iterable[RecordedEvent], day: date) -> list[str]:
    """Say which corrections of a stream look like changes of a later day (spec 7)."""
    template = msg(
        "{correction} of {day} corrects {fields} of {event} {fact} back to {fact_day}, {days} days "
        "after it was recorded: if it changed on a day, void the correction and record {change}"
    )
    texts = []
    for repair in late_repairs(history, day):
        fact_name = type(repair.fact.event).__name__
        delay = repair.correction.stamp.recorded_at - repair.fact.stamp.recorded_at
        text = say(
            template,
            correction=repair.correction.ref,
            day=repair.correction.event.on,
            fields=[field_name(name, fact_name) for name in repair.fields],
            event=EventName(fact_name),
            fact=repair.fact.ref,
            fact_day=repair.fact.event.on,
            days=delay.days,
            change=EventName(repair.change),
        )
        texts.append(text)
    return texts


def _named(value: object) -> object:
    return word(value) if isinstance(value, (str, list)) else value


def fields_text(fields: Mapping[str, Any], event: str) -> str:
    """Show an event's fields in one line; empty ones are left out, 0 and 否 are not empty."""
    texts = []
    for name, value in fields.items():
        if value is not None and value != []:
            text = field_value_text(name, value, event)
            texts.append(f"{chinese_field(name, event)} {_in_one_line(text)}")
    return "；".join(texts)


def _in_one_line(text: str) -> str:
    """Return a field's text, of a whole document its beginning: a rulebook fills many screens."""
    return text if len(text) <= _LONGEST_SHOWN else shortened(text)


def row_fields_text(row: Mapping[str, Any]) -> str:
    """Show the fields in the row of an event, as `event_row` describes it."""
    return fields_text(row["fields"], row["event"])


def _nothing_hidden(fields: Any) -> Any:
    return fields


def event_row(
    item: RecordedEvent,
    history: list[RecordedEvent],
    times: RecordTimes,
    redact: Redact = _nothing_hidden,
) -> dict[str, Any]:
    """Describe an event as it was recorded and as later corrections changed it.

    `times` tell whose record time was corrected; such a row has `counts_as_recorded_at`.
    `redact` removes what the reader may not see. The row's names are those of
    `project history --format json`.
    """
    stamp = item.stamp
    event_name, fields = _described(item.event)
    # The day has a column of its own, and the key says nothing to a reader.
    shown_fields = {name: fields[name] for name in fields if name not in ("occurred_on", "key")}
    authors = {
        "recorded_by": stamp.recorded_by,
        "on_behalf_of": stamp.on_behalf_of,
        "imported_by": stamp.imported_by,
    }
    corrected_time = times.corrected(item.position)
    counted = {}
    if corrected_time is not None:
        counted["counts_as_recorded_at"] = corrected_time.isoformat()
    return {
        "version": item.version,
        "event": event_name,
        "chinese": EVENTS[event_name].chinese,
        "occurred_on": item.event.on.isoformat(),
        "recorded_at": stamp.recorded_at.isoformat(),
        **counted,
        **redact(authors),
        "migrated_at": None if stamp.migrated_at is None else stamp.migrated_at.isoformat(),
        "fields": redact(shown_fields),
        "corrected": "；".join(_changes(item, history, times, redact)),
    }


def event_term(event: Event) -> PolicyTerm:
    """Return an event's name in words, also where its fields cannot be read."""
    return EVENTS[_described(event)[0]]


def _described(event: Event) -> tuple[str, dict[str, object]]:
    """Return an event's stored name and its fields; those that cannot be read say why."""
    if isinstance(event, UnreadableEvent):
        return event.declared_name, {UNREADABLE_FIELDS: shown(event.reason)}
    return type(event).__name__, fields_of(event)


def _changes(
    item: RecordedEvent,
    history: list[RecordedEvent],
    times: RecordTimes,
    redact: Redact,
) -> list[str]:
    """Say what corrections did to an event's facts and to its record time."""
    texts = []
    key = item.event.key or ""
    if key.startswith(MOVED_KEY):
        origin = key.removeprefix(MOVED_KEY).partition(":")[0]
        texts.append(f"自{origin}迁入")
    facts_text = _correction_text(item, history, redact)
    if facts_text:
        texts.append(facts_text)
    correction = times.correction_of(item.position)
    if correction is not None:
        moment = to_the_minute(times.moment_of(item))
        texts.append(f"录入时间按{moment}计（{correction.ref}）")
    return texts


def _destination(item: RecordedEvent, history: list[RecordedEvent]) -> str:
    """Say under which code a void event was recorded anew, where its project moved."""
    for entry in reversed(history):
        event = entry.event
        if isinstance(event, FactCorrected) and event.corrects == item.version and event.moved_to:
            return f"，迁往{event.moved_to}"
    return ""


def _correction_text(item: RecordedEvent, history: list[RecordedEvent], redact: Redact) -> str:
    """Say what corrections did to an event: voided, changed field by field, or undone."""
    corrections = []
    references = []
    for entry in history:
        if isinstance(entry.event, FactCorrected):
            correction = Correction(entry.version, entry.event.corrects, entry.event.replacement)
            corrections.append(correction)
            if entry.event.corrects == item.version:
                references.append(f"#{entry.version}")
    changes = amendments(corrections).get(item.version, {})
    by = "、".join(references)
    if changes is VOID:
        return f"作废（{by}）{_destination(item, history)}"
    event_name, fields = _described(item.event)
    before = redact(fields)
    after = redact(dict(changes or {}))
    texts = []
    for name, value in after.items():
        change = change_text(name, before.get(name), value, event_name)
        texts.append(f"{chinese_field(name, event_name)} {change}")
    if texts:
        return f"{'；'.join(texts)}（{by}）"
    # A correction of the correction has taken the change back.
    return f"更正已撤销（{by}）" if by else ""
