"""Codes and names of what is held: former names, and those that only look like one (spec 7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lifecycle.deciding.claims import UNIT_FIELDS
from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.drafts import Draft
from lifecycle.events import BY_NAME, Event, FactCorrected, Stream, StreamKind
from lifecycle.events.project_events import InformationReported
from lifecycle.events.resource_events import ResourceAllotted, ResourceListed, ResourceReleased
from lifecycle.events.unit_events import UnitRegistered
from lifecycle.rejections import Problem, msg

FOUNDING_EVENTS: Final = (InformationReported, UnitRegistered, ResourceListed)
"""The events that begin a stream; every other event needs one that exists."""

_UNDERSTOOD: Final = msg("{name} is understood as {held}")
_PROJECT_FIELD: Final = "about_project"
_ALLOTMENT_FIELD: Final = "project"
_ALLOTMENTS: Final = (ResourceAllotted, ResourceReleased)


def _name_fields(kind: type[Event]) -> dict[str, StreamKind]:
    """Map an event's fields that name a unit or a project to which of the two."""
    fields: dict[str, StreamKind] = {}
    if kind in UNIT_FIELDS:
        fields[UNIT_FIELDS[kind]] = "unit"
    if _PROJECT_FIELD in kind.model_fields:
        fields[_PROJECT_FIELD] = "project"
    if kind in _ALLOTMENTS:
        fields[_ALLOTMENT_FIELD] = "project"
    return fields


NAME_FIELDS: Final = {kind: _name_fields(kind) for kind in BY_NAME.values()}
"""Each event's fields that name a unit or a project, with which of the two."""


def held_name(kind: StreamKind, name: str, context: DecisionContext) -> str | None:
    """Return the project or unit that `name` means, by its code or its name at registration.

    It may be another name that the unit has or had, or differ from a held one in look only. None
    where `name` is held itself, and where nothing or more than one thing looks like it.
    """
    # Exact names first: only what is not held is compared with everything that is.
    if context.is_founded(Stream.named(kind, name)):
        return None
    former = context.unit_called(name) if kind == "unit" else None
    return former or context.only_alike(kind, name)


def understood(draft: Draft, context: DecisionContext) -> tuple[Draft, list[Problem]]:
    """Return a draft with the held codes and names in place of those that look like them.

    The notes say what was understood as what. What founds something keeps its name: the rules
    reject it, naming what is held.
    """
    notes: list[Problem] = []
    stream = _understood_stream(draft, context, notes)
    changes: dict[str, object] = {}
    for field, kind in NAME_FIELDS[type(draft.event)].items():
        name = getattr(draft.event, field)
        if name is None:
            continue
        held = held_name(kind, name, context)
        if held is not None:
            changes[field] = held
            notes.append(_note(name, held, field))
    if not notes:
        return draft, notes
    event = draft.event.model_copy(update=changes)
    return replace(draft, stream=stream, event=event), notes


def _understood_stream(draft: Draft, context: DecisionContext, notes: list[Problem]) -> Stream:
    stream = draft.stream
    kind = type(draft.event)
    if stream.kind == "county" or kind in FOUNDING_EVENTS:
        return stream
    # Nearly every record is of a stream that exists, by its exact name.
    if context.is_founded(stream):
        return stream
    # A correction may revive the report of a code that another has taken in another look since.
    if kind is FactCorrected and context.is_held(stream):
        return stream
    held = held_name(stream.kind, stream.name, context)
    if held is None:
        return stream
    notes.append(_note(stream.name, held, stream.kind))
    return Stream(stream.kind, held)


def understood_fields(
    kind: type[Event], fields: dict[str, object], context: DecisionContext
) -> tuple[dict[str, object], list[Problem]]:
    """Return the fields that a correction gives an event of this kind, understood likewise."""
    notes: list[Problem] = []
    understood_values = dict(fields)
    for field, name_kind in NAME_FIELDS[kind].items():
        name = fields.get(field)
        if not isinstance(name, str):
            continue
        held = held_name(name_kind, name, context)
        if held is not None:
            understood_values[field] = held
            notes.append(_note(name, held, f"replacement.{field}"))
    return understood_values, notes


def _note(name: str, held: str, field: str) -> Problem:
    return Problem("understood_as", _UNDERSTOOD, {"name": name, "held": held}, field)
