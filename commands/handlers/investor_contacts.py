"""Keep contacts of investors: personal data that can be changed and erased (个人信息保护法).

No event holds any of it, so no bundle, certificate or export does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from pydantic_core import PydanticCustomError

from commands.handlers.moved_codes import require_present_code
from lifecycle.events import Stream
from lifecycle.events.field_types import clean_text
from lifecycle.ledger import contact_store
from lifecycle.ledger.recorders.contact_rows import ContactRow
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg

_LONGEST: Final = {"person": 60, "telephone": 60, "position": 60, "remark": 300}
"""Characters that each field takes; the table has the same limits."""
_UNPRINTABLE: Final = msg("text must not contain control characters or lone surrogates")
_TOO_LONG: Final = msg("the text has {count} characters; {most} are allowed")
_NO_NAME: Final = msg("a contact needs the name of the person")
_NO_PROJECT: Final = msg("there is no project {code}; lifecycle project list shows the codes")
_NO_CONTACT: Final = msg("{project} has no contact {person}; it has: {allowed}")
_NO_CONTACTS: Final = msg("{project} has no contacts")


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What is to be known of a person; None leaves a field as it is, an empty text clears it."""

    project: str
    person: str
    telephone: str | None = None
    position: str | None = None
    remark: str | None = None


class ContactErasure(NamedTuple):
    """How many persons were erased, and whether the store's log is clear of them, too."""

    persons: int
    is_log_clear: bool


def set_contact(
    ledger: Ledger,
    change: ContactChange,
    login: str,
) -> ContactRow:
    """Add a person to a project's contacts, or change what is known of one.

    Raises `Rejected` for a project that is not there and for texts that do not fit.
    """
    person = _checked("person", change.person)
    if not person:
        raise Rejected.by("contact_person", _NO_NAME, at="person")
    if not ledger.history(Stream("project", change.project)):
        raise Rejected.by("unknown_project", _NO_PROJECT, at="project", code=change.project)
    # A code that was moved keeps its voided history, while its contacts went along to the new one.
    require_present_code(ledger, change.project)
    present = {row.person: row for row in contact_store.contacts_of(ledger, change.project)}
    before = present.get(person) or ContactRow(change.project, person, "", "", "", "", "")
    row = ContactRow(
        change.project,
        person,
        _changed("telephone", change.telephone, before.telephone),
        _changed("position", change.position, before.position),
        _changed("remark", change.remark, before.remark),
        changed_by=login,
        changed_at=ledger.clock().isoformat(timespec="seconds"),
    )
    contact_store.change_contact(ledger, row)
    return row


def erase_contacts(
    ledger: Ledger,
    project: str,
    person: str | None = None,
) -> ContactErasure:
    """Erase one person of a project, or all; of a project that is void, too.

    Raises `Rejected` where there is nobody to erase.
    """
    # Cleaned as when it was stored: a blank at the end must not leave a person unerased.
    name = None if person is None else _checked("person", person)
    erased, is_log_clear = contact_store.erase_contacts(ledger, project, name)
    if not erased:
        raise Rejected([_nobody(ledger, project, name)])
    return ContactErasure(len(erased), is_log_clear)


def _nobody(
    ledger: Ledger,
    project: str,
    person: str | None,
) -> Problem:
    names = [row.person for row in contact_store.contacts_of(ledger, project)]
    if not names:
        return Problem("no_contact", _NO_CONTACTS, {"project": project})
    values: dict[str, object] = {"project": project, "person": person, "allowed": names}
    return Problem("no_contact", _NO_CONTACT, values)


def _changed(
    field: str,
    text: str | None,
    before: str,
) -> str:
    return before if text is None else _checked(field, text)


def _checked(field: str, text: str) -> str:
    """Return a text as it is stored. Raises `Rejected` for one that does not fit its field."""
    try:
        cleaned = clean_text(text)
    except PydanticCustomError:
        raise Rejected.by("contact_text", _UNPRINTABLE, at=field) from None
    most = _LONGEST[field]
    if len(cleaned) > most:
        raise Rejected.by("contact_text", _TOO_LONG, at=field, count=len(cleaned), most=most)
    return cleaned
