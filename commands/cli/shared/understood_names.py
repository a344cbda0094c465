"""Typed units and projects: by whole names, by what only looks alike, or by part of a name."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from commands.cli.shared.print_message import print_message
from commands.cli.shared.typed_lines import read_line
from commands.cli.shared.unknown_names import unknown_name
from commands.words.messages import _, say
from lifecycle.deciding.understood_names import NAME_FIELDS
from lifecycle.events import Event, Stream, StreamKind
from lifecycle.ledger.held_names import HeldName, names_meant
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg

if TYPE_CHECKING:
    from lifecycle.ledger.unit_of_work import UnitOfWork

_SHOWN: Final = 20


def understood_name(
    ledger: Ledger,
    kind: StreamKind,
    name: str,
) -> str:
    """Return the unit or project (by `kind`) that a typed name means; one that is held stays.

    Of several a person picks at a terminal. Raises `Rejected` where nothing is meant, and without a
    terminal where several are.
    """
    return _understood(ledger, (kind,), name)


def understood_filter(
    ledger: Ledger,
    kind: StreamKind,
    name: str | None,
) -> str | None:
    """Return the same for a filter, which may be left out."""
    return None if name is None else understood_name(ledger, kind, name)


def understood_subject(ledger: Ledger, name: str) -> str:
    """Return the unit or the project that a typed name or code means."""
    return _understood(ledger, ("unit", "project"), name)


def understood_stream(ledger: Ledger, name: str) -> str:
    """Return the unit, the project or the resource that a typed name or code means."""
    return _understood(ledger, ("unit", "project", "resource"), name)


def understood_field(
    ledger: Ledger,
    kind: type[Event],
    field: str,
    value: Any,
) -> Any:
    """Return an event's field as it is meant where it names a unit or a project, else as it is."""
    name_kind = NAME_FIELDS[kind].get(field)
    if name_kind is None or not isinstance(value, str):
        return value
    if name_kind == "unit":
        return understood_name(ledger, "unit", value)
    # An event may be about a project that is reported later.
    return _understood_reference(ledger, "project", value)


def _understood_reference(
    ledger: Ledger,
    kind: StreamKind,
    name: str,
) -> str:
    """Return the same for a name of what may not exist yet: without a match it stays."""
    matches = _matches(ledger, (kind,), name)
    return _chosen(name, matches).name if matches else name


def _understood(
    ledger: Ledger,
    kinds: tuple[StreamKind, ...],
    name: str,
) -> str:
    matches = _matches(ledger, kinds, name)
    if not matches:
        raise unknown_name(ledger, kinds, name)
    return _chosen(name, matches).name


def _matches(
    ledger: Ledger,
    kinds: tuple[StreamKind, ...],
    name: str,
) -> Sequence[HeldName]:
    for kind in kinds:
        if ledger.is_held(Stream(kind, name)):
            return (HeldName(kind, name, name),)

    def search(work: UnitOfWork) -> Sequence[HeldName]:
        return names_meant(work, kinds, name)

    # Nothing is decided or recorded, so the author does not matter.
    return ledger.preview(search, Author(""))


def _chosen(name: str, matches: Sequence[HeldName]) -> HeldName:
    """Return the only match, or the one that a person picks; what was not typed whole is said."""
    match = matches[0]
    if len(matches) > 1:
        match = _picked(name, matches)
    if match.name != name:
        text = say(msg("{name} is understood as {held}"), name=name, held=_listed(match))
        print_message(text)
    return match


def _picked(name: str, matches: Sequence[HeldName]) -> HeldName:
    """Let a person pick at a terminal. Raises `Rejected` without one, listing the matches."""
    shown = matches[:_SHOWN]
    if not sys.stdin.isatty():
        raise Rejected.by(
            "ambiguous_name",
            msg("{name} is part of {count} names: {matches}; give one of them"),
            name=name,
            count=len(matches),
            matches=[_listed(match) for match in shown],
        )
    print_message(say(msg("{name} is part of {count} names:"), name=name, count=len(matches)))
    for number, match in enumerate(shown, start=1):
        print_message(f"  {number}. {_listed(match)}")
    if len(matches) > len(shown):
        print_message(say(msg("… and {count} more"), count=len(matches) - len(shown)))
    while True:
        answer = read_line(say(msg("Which one? 1 to {count}"), count=len(shown)))
        if answer.isascii() and answer.isdigit() and 0 < int(answer) <= len(shown):
            return shown[int(answer) - 1]
        print_message(_("type the number that stands before the name"))


def _listed(match: HeldName) -> str:
    """Show a unit by its name, a project by its code and name."""
    return match.name if match.title == match.name else f"{match.name} {match.title}"
