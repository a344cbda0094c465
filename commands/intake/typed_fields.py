"""An event's fields as a person gives them: by option, at a prompt, in a cell. One reading for all three."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from commands.words.event_words import EVENT_BY_CHINESE, FIELDS
from commands.words.vocabulary_words import VALUE_BY_CHINESE, chinese_word
from lifecycle.events import BY_NAME, Event
from lifecycle.events.envelope import Evidence
from lifecycle.events.project_events import Milestone

ENVELOPE: Final = ("occurred_on", "source_ref", "note", "key", "evidence")
SEPARATORS: Final = re.compile(r"[,，、;；]")
EXAMPLES: Final[dict[str, str]] = {
    "occurred_on": "2024-03-12",
    "month": "2024-05",
    "reported_at": "2024-03-12 09:30",
    "planned_investment": "120000",
    "outside_ratio": "0.85",
    "investor_code": "91330824MA28F3XN0F",
    "project_code": "2403-330824-04-01-123456",
    "milestones": "land=2024-06-30,filing=2024-08-31",
    "evidence": "会议纪要.pdf",
    "number": "开招办交〔2024〕1号",
    "period": "2024-Q2",
    "points": "0.5",
    "source_ref": "县招商专班纪要〔2024〕3号",
    "year": "2024",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field as asked for: its stored name, Chinese name, shape, allowed words, and whether it must be given."""

    name: str
    chinese: str
    shape: Literal["text", "choice", "choices", "truth", "milestones", "evidence"]
    choices: tuple[str, ...]
    required: bool

    @property
    def label(self) -> str:
        """The field's name in the reader's language."""
        return str(FIELDS[self.name])

    @property
    def option(self) -> str:
        """The command line's option."""
        return f"--{self.name.replace('_', '-')}"

    def read(self, text: str) -> Any:
        """What was typed, as a record holds it; vocabulary by its Chinese or its stored name."""
        text = text.strip()
        if self.shape in ("choice", "truth"):
            return VALUE_BY_CHINESE.get(text, text) if text not in self.choices else text
        if self.shape == "choices":
            return [VALUE_BY_CHINESE.get(part, part) for part in _parts(text)]
        if self.shape == "milestones":
            return [_milestone(part) for part in _parts(text)]
        return text

    def write(self, value: object) -> str:
        """A record's value as a person would type it."""
        if value is None:
            return ""
        if self.shape == "milestones" and isinstance(value, list):
            return "、".join(f"{chinese_word(entry['stage'])}={entry['due_on']}" for entry in value)
        if isinstance(value, bool):
            return chinese_word("true" if value else "false")
        if isinstance(value, (list, tuple)):
            return "、".join(chinese_word(str(entry)) for entry in value)
        return chinese_word(str(value)) if self.shape == "choice" else str(value)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def _milestone(text: str) -> dict[str, str]:
    stage, _equals, day = text.replace("＝", "=").partition("=")
    return {"stage": VALUE_BY_CHINESE.get(stage.strip(), stage.strip()), "due_on": day.strip()}


@cache
def fields_of_kind(kind: type[Event]) -> tuple[Field, ...]:
    """An event's own fields first, those of every event behind them."""
    names = [name for name in kind.model_fields if name not in ENVELOPE] + [
        name for name in ENVELOPE if name in kind.model_fields
    ]
    if "occurred_on" in names and kind.model_fields["occurred_on"].is_required():
        names.remove("occurred_on")
        names.insert(0, "occurred_on")
    return tuple(_field(kind, name) for name in names)


def _field(kind: type[Event], name: str) -> Field:
    info = kind.model_fields[name]
    shape, choices = _shape(info.annotation)
    required = info.is_required() or (name == "evidence" and kind.__name__ == "TaskCleared")
    return Field(name, FIELDS[name].chinese, shape, choices, required)


def _shape(annotation: Any) -> tuple[Any, tuple[str, ...]]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(arguments[0])
    if origin in (Union, UnionType):
        return _shape(next(inner for inner in arguments if inner is not type(None)))
    if origin is Literal:
        return "choice", arguments
    if origin in (tuple, list):
        inner = arguments[0]
        if inner is Milestone:
            return "milestones", ()
        return ("evidence", ()) if inner is Evidence else ("choices", _shape(inner)[1])
    return ("truth", ("true", "false")) if annotation is bool else ("text", ())


def event_named(name: str) -> type[Event] | None:
    """An event by its stored or its Chinese name."""
    return BY_NAME.get(EVENT_BY_CHINESE.get(name, name))
