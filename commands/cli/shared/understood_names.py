"""Typed codes and unit names that only look like one that is held are understood as it."""

from __future__ import annotations

from commands.cli.shared.print_message import print_message
from commands.words.messages import say
from lifecycle.deciding.understood_names import held_name
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import msg


def understood_name(ledger: Ledger, kind: str, name: str) -> str:
    """Return the unit or project (by `kind`) that a typed name means; one that is held stays."""
    return _understood(ledger, (kind,), name)


def understood_filter(ledger: Ledger, kind: str, name: str | None) -> str | None:
    """Return the same for a filter, which may be left out."""
    return None if name is None else understood_name(ledger, kind, name)


def understood_subject(ledger: Ledger, name: str) -> str:
    """Return the unit or the project that a typed name or code means."""
    return _understood(ledger, ("unit", "project"), name)


def _understood(ledger: Ledger, kinds: tuple[str, ...], name: str) -> str:
    def held_names(work: UnitOfWork) -> list[str | None]:
        return [held_name(kind, name, work) for kind in kinds]

    # Nothing is decided or recorded, so the author does not matter.
    for held in ledger.preview(held_names, Author("")):
        if held is not None:
            text = say(msg("{name} is understood as {held}"), name=name, held=held)
            print_message(text)
            return held
    return name
