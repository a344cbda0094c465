"""An event's fields as a person types them: in an option, at a prompt or in a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from commands.intake.typed_forms import TypedForm, strict_text
from commands.words.declared_words import declared_values
from commands.words.event_words import EVENT_BY_CHINESE, FIELD_BY_CHINESE, field_term
from commands.words.typed_words import TRUTH_SIGNS, is_sum_of_money
from commands.words.vocabulary_words import VALUE_BY_CHINESE, chinese_word
from commands.words.workbook_words import LIST_SEPARATOR
from lifecycle.events import BY_NAME, Event
from lifecycle.events.county_events import PublishedMember
from lifecycle.events.envelope import Evidence
from lifecycle.events.field_types import Amount, Count, Day, Moment, Month, Points, Proportion
from lifecycle.events.project_events import Milestone
from lifecycle.events.vocabulary import OpenWords, WordList

FieldShape = Literal[
    "text",
    "choice",
    "choices",
    "texts",
    "truth",
    "milestones",
    "days",
    "evidence",
    "members",
]
_ENVELOPE_FIELDS: Final = ("occurred_on", "source_ref", "note", "key", "evidence")
# What the types of `field_types` are annotated with; a ratio is a number with one check more.
_FORM_MARKS: Final[dict[TypedForm, tuple[Any, ...]]] = {
    "ratio": get_args(Proportion)[2:],
    "number": (*get_args(Amount)[1:], *get_args(Points)[1:]),
    "day": get_args(Day)[1:],
    "moment": get_args(Moment)[1:],
    "month": get_args(Month)[1:],
    "count": get_args(Count)[1:],
}
_SEPARATORS: Final = re.compile(r"[,，、;；]")
_BRACKET: Final = "\uff08"
_LINE_BREAKS: Final = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_FULL_WIDTH_EQUALS: Final = "＝"
_TRUTHS: Final = {"true": True, "false": False}
_COUNT: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class FieldForm(NamedTuple):
    """The form of a field's values, and the words allowed where they are a vocabulary's.

    `word_list` names the vocabulary where rulebooks declare further words of it.
    """

    shape: FieldShape
    choices: tuple[str, ...] = ()
    word_list: WordList | None = None


@dataclass(frozen=True, slots=True)
class TypedField:
    """A field as a person is asked for it: its stored name, form, and whether it must be given."""

    name: str
    shape: FieldShape
    built_in: tuple[str, ...]
    """The words of the field that every county has."""
    required: bool
    form: TypedForm | None = None
    """The form of a text's typed variants, such as the ways to write a day."""
    event: str = ""
    """The stored name of the event that the field is of."""
    word_list: WordList | None = None
    """The vocabulary of which the county's rulebooks declare further words."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that may be given: those built in, and those that rulebooks declare."""
        if self.word_list is None:
            return self.built_in
        return tuple(dict.fromkeys((*self.built_in, *declared_values(self.word_list))))

    @property
    def label(self) -> str:
        """The field's name in the reader's language."""
        return str(field_term(self.event, self.name))

    @property
    def chinese(self) -> str:
        """The field's Chinese name, which may be typed too."""
        return field_term(self.event, self.name).chinese

    @property
    def option(self) -> str:
        """The command line's option."""
        return f"--{self.name.replace('_', '-')}"

    def read(self, text: str) -> Any:
        """Return typed text as a record holds it; vocabulary by its Chinese or stored name."""
        # In a cell Alt+Enter breaks a line; no text in the ledger has lines.
        text = _LINE_BREAKS.sub(" ", text.strip())
        if self.form == "count":
            return _read_count(strict_text(self.form, text))
        if self.form is not None:
            return strict_text(self.form, text)
        if self.shape == "truth":
            return _read_truth(text)
        if self.shape == "choice":
            return self.read_choice(text)
        if self.shape == "choices":
            return [self.read_choice(part) for part in _parts(text)]
        read_part = _PART_READERS.get(self.shape)
        return text if read_part is None else [read_part(part) for part in _parts(text)]

    def read_choice(self, text: str) -> str:
        """Return the allowed value of a stored name or Chinese term.

        Two vocabularies may share a term, and a rulebook may declare it.
        """
        if text in self.built_in:
            return text
        # Most words are built in: the ledger is asked for others alone.
        stored = _value_called(text, self.built_in)
        if stored is None:
            stored = _value_called(text, self.choices)
        return _stored_value(text) if stored is None else stored

    def write(self, value: object) -> str:
        """Return a record's value as a person would type it."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return chinese_word("true" if value else "false")
        if self.shape == "milestones" and isinstance(value, list):
            milestones = [f"{chinese_word(entry['stage'])}={entry['due_on']}" for entry in value]
            return LIST_SEPARATOR.join(milestones)
        if self.shape == "texts" and isinstance(value, (list, tuple)):
            return LIST_SEPARATOR.join(map(str, value))
        if isinstance(value, (list, tuple)):
            return LIST_SEPARATOR.join(chinese_word(str(entry)) for entry in value)
        return chinese_word(str(value)) if self.shape == "choice" else str(value)


def _value_called(text: str, values: Sequence[str]) -> str | None:
    for value in values:
        if chinese_word(value) == text:
            return value
    # 乡镇 says 乡镇（办事处）: nobody types what a term adds in brackets.
    for value in values:
        if chinese_word(value).partition(_BRACKET)[0] == text:
            return value
    return None


def _stored_value(text: str) -> str:
    return VALUE_BY_CHINESE.get(text, text)


def _read_truth(text: str) -> bool | str:
    word = TRUTH_SIGNS.get(text) or _stored_value(text)
    return _TRUTHS.get(word, text)


def _read_count(text: str) -> int | str:
    # JSONL has counts as JSON numbers; what is none is left for the field's own check to reject.
    if _COUNT.fullmatch(text):
        return int(text)
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _read_milestone(text: str) -> dict[str, str]:
    stage, _equals, day = text.replace(_FULL_WIDTH_EQUALS, "=").partition("=")
    return {
        "stage": _stored_value(stage.strip()),
        "due_on": strict_text("day", day.strip()),
    }


def _read_day(text: str) -> str:
    return strict_text("day", text)


def _read_text(text: str) -> str:
    # Free text stays as it is typed, also where a vocabulary has the same word.
    return text


_PART_READERS: Final[dict[FieldShape, Callable[[str], Any]]] = {
    "texts": _read_text,
    "milestones": _read_milestone,
    "days": _read_day,
}
"""What reads one part of a list's text."""


@cache
def fields_of_kind(kind: type[Event]) -> tuple[TypedField, ...]:
    """Return an event's fields in the order of prompts: required day, own fields, envelope."""
    names = [name for name in kind.model_fields if name not in _ENVELOPE_FIELDS]
    names += [name for name in _ENVELOPE_FIELDS if name in kind.model_fields]
    # The day is what a clerk knows first; an event whose day follows from its month asks for it
    # last.
    if "occurred_on" in names and kind.model_fields["occurred_on"].is_required():
        names.remove("occurred_on")
        names.insert(0, "occurred_on")
    return tuple(_typed_field(kind, name) for name in names)


def _typed_field(kind: type[Event], name: str) -> TypedField:
    info = kind.model_fields[name]
    form = _form(info.annotation, info.metadata)
    # The decision, not the field's type, asks a clearing for evidence (spec 3).
    is_needed_evidence = name == "evidence" and kind.__name__ == "TaskCleared"
    is_required = info.is_required() or is_needed_evidence
    typed_form = None
    if form.shape == "text":
        typed_form = _typed_form(kind.__name__, name, (info.annotation, *info.metadata))
    return TypedField(
        name,
        form.shape,
        form.choices,
        is_required,
        typed_form,
        kind.__name__,
        form.word_list,
    )


def _typed_form(
    event: str,
    name: str,
    annotations: tuple[Any, ...],
) -> TypedForm | None:
    """Return which typed variants a field of text takes, by the checks of its type."""
    for annotation in annotations:
        for form, marks in _FORM_MARKS.items():
            if annotation in marks:
                is_money = form == "number" and is_sum_of_money(event, name)
                return "money" if is_money else form
        inner = _typed_form(event, name, get_args(annotation))
        if inner is not None:
            return inner
    return None


def _form(annotation: Any, marks: Sequence[Any] = ()) -> FieldForm:
    """Return the form of an annotation's values; `marks` are what it is annotated with."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _form(arguments[0], arguments[1:])
    if origin in (Union, UnionType):
        return _form(next(inner for inner in arguments if inner is not type(None)))
    if origin is Literal:
        return FieldForm("choice", arguments)
    if origin in (tuple, list):
        return _list_form(arguments[0])
    if annotation is bool:
        return FieldForm("truth", ("true", "false"))
    return _text_form(marks)


def _text_form(marks: Sequence[Any]) -> FieldForm:
    for mark in marks:
        if isinstance(mark, OpenWords):
            return FieldForm("choice", mark.built_in, mark.word_list)
    return FieldForm("text")


def _list_form(element: Any) -> FieldForm:
    if element is Milestone:
        return FieldForm("milestones")
    if element is Evidence:
        return FieldForm("evidence")
    if element is Day:
        return FieldForm("days")
    if element is PublishedMember:
        return FieldForm("members")
    form = _form(element)
    return form._replace(shape="choices") if form.shape == "choice" else FieldForm("texts")


@cache
def _fields_of_all_kinds() -> dict[str, TypedField]:
    fields: dict[str, TypedField] = {}
    for kind in BY_NAME.values():
        for field in fields_of_kind(kind):
            # A field keeps its name and meaning in every event that has it.
            fields.setdefault(field.name, field)
    return fields


def field_named(name: str) -> TypedField | None:
    """Return the field of a stored or Chinese name, whichever event has it."""
    stored_name = FIELD_BY_CHINESE.get(name, name)
    return _fields_of_all_kinds().get(stored_name)


def event_named(name: str) -> type[Event] | None:
    """Return the event of a stored or Chinese name."""
    return BY_NAME.get(EVENT_BY_CHINESE.get(name, name))
