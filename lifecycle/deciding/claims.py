"""What a stream claims against all other streams: a project's identity, a filing code, a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

from lifecycle.deciding.word_uses import WORD_FIELDS, word_uses
from lifecycle.events import BY_NAME, Event
from lifecycle.events.field_types import UnitReference
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_course_events import InvestorChanged
from lifecycle.events.project_events import InformationReported, ProjectFiled
from lifecycle.events.resource_events import ResourceListed
from lifecycle.events.unit_events import UnitRegistered, UnitRenamed
from lifecycle.events.vocabulary import WordList


class Claim(NamedTuple):
    """Something that a stream claims against all other streams; the ledger indexes claims.

    Kinds: `identity` (an investor and the project name), `filing` (national project code), `unit`
    (a name that a registered unit has or had), `resource` (a listed code as codes are compared),
    `names` (a unit that the stream's events name),
    `carried` (a sheet that the project brings along where it moves to), `word` (a word that a
    rulebook declares, by its vocabulary, which the stream's events use).
    """

    kind: str
    value: str


# Which project and which unit ---------------------------------------------------------------------


def _unit_field(kind: type[Event]) -> str | None:
    for name, declared in kind.model_fields.items():
        if any(isinstance(mark, UnitReference) for mark in declared.metadata):
            return name
    return None


UNIT_FIELDS: Final = {
    kind: name for kind in BY_NAME.values() if (name := _unit_field(kind)) is not None
}
"""The events that name a unit other than by their stream, each with the field that names it."""


@lru_cache(maxsize=4096)
def normalised_name(name: str) -> str:
    """Return a name as identities compare it: NFKC, case folded, no spaces, no punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    # Separators, punctuation and control characters: clerks type 甲（二期） and 甲 二期 for one.
    kept_characters = [char for char in folded if unicodedata.category(char)[0] not in "ZPC"]
    return "".join(kept_characters)


def identity(information: InformationReported) -> str:
    """Return what makes two reports the same project: the investor and the project's name."""
    return identity_under(information, information.name)


def identity_under(event: InformationReported | InvestorChanged, project_name: str) -> str:
    """Return the identity of a project of this name under the investor that an event names."""
    investor = event.investor_code or normalised_name(event.investor)
    return f"{investor}\t{normalised_name(project_name)}"


class NamedInvestor(Protocol):
    """An investor as an event names it."""

    @property
    def investor(self) -> str:
        """The name."""

    @property
    def investor_code(self) -> str | None:
        """The credit code, if it was given."""


def is_same_investor(first: NamedInvestor, second: NamedInvestor) -> bool:
    """Return whether two reports name one investor, which one of them may give without a code."""
    if first.investor_code and second.investor_code:
        return first.investor_code == second.investor_code
    return normalised_name(first.investor) == normalised_name(second.investor)


# What each event claims ---------------------------------------------------------------------------


def changed_claims(event: Event, information: InformationReported | None) -> Sequence[Claim]:
    """Return the identity that a change of investor claims beside those that the project holds.

    It depends on the project's name, which a correction of the report may change.
    """
    if not isinstance(event, InvestorChanged) or information is None:
        return ()
    return (Claim("identity", identity_under(event, information.name)),)


def claims_of(event: Event, stream_name: str) -> Sequence[Claim]:
    """Return what an event by itself makes its stream claim; see `changed_claims` for the rest."""
    claims = _CLAIMS.get(type(event))
    own_claims = () if claims is None else claims(event, stream_name)
    if type(event) not in WORD_FIELDS:
        return own_claims
    word_claims = [word_claim(use.word_list, use.word) for use in word_uses(event)]
    return *own_claims, *word_claims


def word_claim(word_list: WordList, word: str) -> Claim:
    """Return the claim of a stream whose events use a declared word."""
    return Claim("word", f"{word_list}\t{word}")


def _report_claims(event: InformationReported, _stream_name: str) -> Sequence[Claim]:
    return Claim("identity", identity(event)), Claim("names", event.reporting_unit)


def _filing_claims(event: ProjectFiled, _stream_name: str) -> Sequence[Claim]:
    return (Claim("filing", event.project_code),)


def _registration_claims(_event: UnitRegistered, stream_name: str) -> Sequence[Claim]:
    return (Claim("unit", stream_name),)


def _renaming_claims(event: UnitRenamed, _stream_name: str) -> Sequence[Claim]:
    return (Claim("unit", event.name),)


def _listing_claims(_event: ResourceListed, stream_name: str) -> Sequence[Claim]:
    return (Claim("resource", folded_name(stream_name)),)


def _named_unit_claims(event: Event, _stream_name: str) -> Sequence[Claim]:
    field = UNIT_FIELDS[type(event)]
    unit = getattr(event, field)
    if unit is None:
        return ()
    return (Claim("names", unit),)


_CLAIMS: Final[dict[type[Event], Callable[[Any, str], Sequence[Claim]]]] = {
    **dict.fromkeys(UNIT_FIELDS, _named_unit_claims),
    InformationReported: _report_claims,
    ProjectFiled: _filing_claims,
    UnitRegistered: _registration_claims,
    ResourceListed: _listing_claims,
    UnitRenamed: _renaming_claims,
}
CLAIMING_EVENTS: Final = frozenset({*_CLAIMS, *WORD_FIELDS})
"""The events that may make their stream claim something."""
