"""The members of a region that a document counts, as its code names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from commands.handlers.region_look import RegionLook
from commands.words.telephone_numbers import without_telephones

_PARTS: int = 3


class DocumentMember(NamedTuple):
    """A member: how many of its events count, None where it does not; the verdict on its ledger.

    `left_out` is the reason of a person who named it as absent.
    """

    unit: str
    position: int | None
    verdict: str
    left_out: str = ""


DocumentMembers = tuple[DocumentMember, ...]


def document_members(look: RegionLook) -> DocumentMembers:
    """Return the members of a region as they were looked at."""
    members = []
    for member in look.members:
        position = None
        if member.counted:
            position = member.position
        left_out = ""
        if member.unit in look.left_out.units:
            # The reason is typed, and may hold a telephone number.
            left_out = without_telephones(look.left_out.reason)
        members.append(DocumentMember(member.unit, position, member.verdict.value, left_out))
    return tuple(members)


def is_official(members: Sequence[DocumentMember]) -> bool:
    """Whether all members count, or a person named every one that does not, with the reason."""
    counted = [member for member in members if member.position is not None]
    absent = [member for member in members if member.position is None]
    return bool(counted) and all(member.left_out for member in absent)


def written_members(members: DocumentMembers) -> str:
    """Return the members as a part of a code: without blanks, `@`, `:` and `;` within a name."""
    return ";".join(_written_member(member) for member in members)


def _written_member(member: DocumentMember) -> str:
    if member.position is not None:
        return f"{_quoted(member.unit)}:{member.position}"
    return f"{_quoted(member.unit)}:{member.verdict}:{_quoted(member.left_out)}"


def read_members(text: str) -> DocumentMembers | None:
    """Read the members of a code; None where it is not well formed."""
    members = []
    for part in text.split(";"):
        fields = part.split(":")
        if len(fields) == _PARTS:
            unit, verdict, left_out = fields
            members.append(DocumentMember(unquote(unit), None, verdict, unquote(left_out)))
        elif len(fields) == _PARTS - 1 and fields[1].isdecimal():
            members.append(DocumentMember(unquote(fields[0]), int(fields[1]), "VERIFIED"))
        else:
            return None
    return tuple(members)


def _quoted(text: str) -> str:
    """Return the text with blanks and the signs that part a code quoted; Chinese stays readable."""
    quoted = ""
    for character in text:
        parts_a_code = character.isspace() or character in "%@:;"
        # Without `safe` it leaves none of these as they are.
        quoted += quote(character, safe="") if parts_a_code else character
    return quoted
