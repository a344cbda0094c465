"""Tab completion of units, project codes, choices and events, for a shell that asks for it.

Nothing of this is loaded by a command that runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

from commands.cli.shared.data_folder import data_folder
from commands.cli.shared.store_words import declared_words_of_store
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.declared_words import use_words
from commands.words.event_words import EVENTS
from commands.words.vocabulary_words import chinese_word, shown_word
from lifecycle.deciding.understood_names import NAME_FIELDS
from lifecycle.events import BY_NAME, Event
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import LedgerError

_KINDS_OF_NAMES: Final = {
    "unit": ("unit",),
    "project": ("project",),
    "code": ("project",),
    "resource": ("resource",),
    "subject": ("unit", "project"),
    "stream": ("unit", "project"),
}
"""What a command's parameter of this name names; the fields of events say it themselves."""
_MOST: Final = 50


def complete_parameters(command: click.Command, kind: type[Event] | None = None) -> click.Command:
    """Let a command's parameters complete what they name; `kind` is the event that it records."""
    fields = {} if kind is None else {field.name: field for field in fields_of_kind(kind)}
    for parameter in command.params:
        if not isinstance(parameter.type, click.types.StringParamType):
            continue
        name = parameter.name or ""
        kinds = _KINDS_OF_NAMES.get(name)
        if kind is not None and name in NAME_FIELDS[kind]:
            kinds = (NAME_FIELDS[kind][name],)
        if kinds is not None:
            parameter.type = _LedgerNames(kinds)
        elif name in fields and (fields[name].built_in or fields[name].word_list):
            parameter.type = _Words(fields[name])
        elif name == "event":
            parameter.type = _Events()
    return command


def matching(items: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    """Return the values, with their help, that begin so; else those that it is a part of."""
    listed = list(items)
    beginning = [item for item in listed if item[0].startswith(incomplete)]
    chosen = beginning or [item for item in listed if any(incomplete in text for text in item)]
    return [CompletionItem(value, help=text) for value, text in chosen[:_MOST]]


def event_items(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield events by their Chinese and stored names."""
    for name in names:
        yield EVENTS[name].chinese, name
        yield name, EVENTS[name].chinese


class _Words(click.types.StringParamType):
    """A field's vocabulary, declared words included, by Chinese and stored names."""

    def __init__(self, field: TypedField) -> None:
        self._field = field

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,
        incomplete: str,
    ) -> list[CompletionItem]:
        """Complete a word; those that rulebooks of the store declare go with those built in."""
        url = _url_of_store(ctx)
        if url is not None:
            use_words(partial(declared_words_of_store, url))
        items = []
        for choice in self._field.choices:
            items.append((chinese_word(choice), choice))
            items.append((choice, shown_word(choice)))
        return matching(items, incomplete)


class _Events(click.types.StringParamType):
    """The kinds of event."""

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,
        incomplete: str,
    ) -> list[CompletionItem]:
        """Complete an event's name."""
        return matching(event_items(list(BY_NAME)), incomplete)


def _url_of_store(ctx: click.Context) -> str | None:
    """The store that the command line names; None where there is none yet."""
    # The group's own function, which chooses the store, does not run for a completion.
    url = ctx.find_root().params.get("url") or str(data_folder() / "ledger.db")
    path = sqlite_path(url)
    if path is not None and not Path(path).exists():
        return None
    return str(url)


class _LedgerNames(click.types.StringParamType):
    """The units and projects of the store that the command line names."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = kinds

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,
        incomplete: str,
    ) -> list[CompletionItem]:
        """Complete a unit by its name, a project by its code; none without a store."""
        url = _url_of_store(ctx)
        if url is None:
            return []
        try:
            with Ledger.open(url) as ledger:
                items = ledger.preview(self._items, Author(""))
        except (LedgerError, OSError):
            # A shell has no place for a message.
            return []
        return matching(items, incomplete)

    def _items(self, work: UnitOfWork) -> list[tuple[str, str]]:
        items: list[tuple[str, str]] = []
        if "unit" in self._kinds:
            items.extend((unit, "") for unit in sorted(work.registered_units()))
        if "resource" in self._kinds:
            items.extend((code, "") for code in work.listed_resources())
        if "project" in self._kinds:
            for stream_id in sorted(work.names_of_projects()):
                project = work.named_project(stream_id)
                if project is not None:
                    items.append((project.code, project.information.name))
        return items
