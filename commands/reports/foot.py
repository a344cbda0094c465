"""The foot of a document: rulebook, day, moment of knowledge and tree that it rests on.

The same facts are written as a code of one line, by which the document is checked later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import quote, unquote

from commands.reports.document_members import DocumentMembers, read_members, written_members
from commands.words import foot_words
from commands.words.record_time_words import printed_time_correction
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import RecordedEvent
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.rejections import Rejected, StoreError, msg
from projections.audit.verifier import verifier_digest
from projections.scoring.result_view import View
from projections.views.record_time_view import corrections_up_to

CODE_FORMAT: Final = "LC1"
_REGION: Final = "region"
"""Stands before the kind of a document that counts a region's members; `@` before their names."""
# Digits of digests that a person may have to type from paper.
RULEBOOK_DIGITS: Final = 12
_ROOT_DIGITS: Final = 16
# No part contains a blank, so that a code broken into lines in print is found again. Readers of
# PDF and people put blanks around the figures of a number: 开招办〔2024〕5 号.
_NUMBER: Final = r"\S+(?: \S+){0,4}?"
_CODE: Final = re.compile(
    rf"{CODE_FORMAT}"
    r" (?P<kind>[a-z]+)"
    rf" (?P<subject>{_NUMBER})"
    r" (?P<rulebook>\S+)"
    r" (?P<digest>[0-9a-f]{12})"
    r" (?P<year>\d{4})"
    r" (?P<as_of>\d{4}-\d\d-\d\d)"
    r" (?P<size>\d{1,18})"
    r" (?P<root>[0-9a-f]{16})"
    r" (?P<dated>\d{4}-\d\d-\d\d)"
    rf" (?P<number>{_NUMBER})"
    r" (?P<contacts>[-c])"
    r" (?P<sum>[0-9a-f]{16})"
)
_NAMED_VERIFIER: Final = re.compile(
    "".join(foot_words.VERIFIER_NAMED.split()).replace(".", r"\.") + "([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """What a document is to be: its kind, what it is about, and what it bears.

    `contacts` names persons; for readers with the role alone. `members` are those of a region.
    """

    kind: str
    subject: str
    dated: date
    number: str = ""
    contacts: bool = False
    members: DocumentMembers = ()


@dataclass(frozen=True, slots=True)
class DocumentFoot:
    """What a document rests on.

    `size` and `root` describe the event tree, `known` is the moment at which its last event counts
    as recorded, `time_corrections` say whose record times were corrected, `sum` is the digest of
    everything else that the document says, `verifier` the SHA-256 of the verifier of its version.
    """

    request: DocumentRequest
    rulebook: str
    digest: str
    year: int
    as_of: date
    size: int
    root: str
    known: str = ""
    time_corrections: tuple[str, ...] = ()
    sum: str = ""
    verifier: str = ""

    @property
    def code(self) -> str:
        """The code in one line; blanks within a part are written %20, no number as a dash."""
        request = self.request
        kind = request.kind
        subject = _without_blanks(request.subject)
        if request.members:
            kind = f"{_REGION}{kind}"
            subject = f"{subject}@{written_members(request.members)}"
        parts = (
            CODE_FORMAT,
            kind,
            subject,
            _without_blanks(self.rulebook),
            self.digest,
            f"{self.year:04}",
            self.as_of.isoformat(),
            str(self.size),
            self.root,
            request.dated.isoformat(),
            _without_blanks(request.number) or "-",
            "c" if request.contacts else "-",
            self.sum,
        )
        return " ".join(parts)

    def with_digest(self, digest: str) -> DocumentFoot:
        """The foot of a document whose content has this digest."""
        return replace(self, sum=digest)

    def with_record_times(self, times: RecordTimes, last_event: RecordedEvent) -> DocumentFoot:
        """The foot as it says when its events count as recorded; `last_event` is its last."""
        rows = corrections_up_to(times, self.size)
        return replace(
            self,
            known=times.moment_of(last_event).strftime("%Y-%m-%d %H:%M:%S"),
            time_corrections=tuple(printed_time_correction(row) for row in rows),
        )

    def lines(self) -> tuple[str, ...]:
        """The lines that people read at the foot."""
        rests_on = foot_words.rests_on(
            rulebook=self.rulebook,
            digest=self.digest,
            as_of=self.as_of.isoformat(),
            known=self.known,
            events=self.size,
        )
        checked_by = foot_words.checked_by(
            root=self.root,
            digest=self.sum,
            dated=self.request.dated.isoformat(),
            verifier=self.verifier,
        )
        return rests_on, *self.time_corrections, checked_by


def foot_at(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> DocumentFoot:
    """The foot of a document at a view, still without its digest.

    Raises `StoreError` if the ledger holds no event by then.
    """
    if view.position == 0:
        raise StoreError(msg("the ledger contains no event by then: there is nothing to report"))
    with ledger.recorder.cursor(write=False) as cursor:
        root = StoredTree(ledger.recorder, cursor).root(view.position)
        last_event = ledger.recorder.event_at(cursor, view.position)
    foot = DocumentFoot(
        request,
        rulebook=view.rulebook.id,
        digest=view.rulebook.digest[:RULEBOOK_DIGITS],
        year=view.year,
        as_of=view.as_of,
        size=view.position,
        root=root.hex()[:_ROOT_DIGITS],
        verifier=verifier_digest(),
    )
    return foot.with_record_times(ledger.record_times(), last_event)


def named_verifier(texts: Iterable[str]) -> str:
    """The verifier's SHA-256 that a document names, however its lines are broken; else empty."""
    match = _NAMED_VERIFIER.search("".join("".join(texts).split()))
    return "" if match is None else match[1]


def read_code(text: str) -> DocumentFoot:
    """Find the code in a text, whose white space may be of any kind. Raises `Rejected`."""
    match = _CODE.search(" ".join(text.split()))
    if match is None:
        template = msg(
            "no document code found; a code begins with {format} and ends with 16 "
            "hexadecimal digits"
        )
        raise Rejected.by("no_code", template, format=CODE_FORMAT)
    parts = {name: "".join(part.split()) for name, part in match.groupdict().items()}
    try:
        # The pattern takes 2024-02-30, too.
        as_of = date.fromisoformat(parts["as_of"])
        dated = date.fromisoformat(parts["dated"])
    except ValueError:
        raise Rejected.by(
            "code_date",
            msg("the code contains an invalid date: {code}"),
            code=match[0],
        ) from None
    request = DocumentRequest(
        kind=parts["kind"],
        subject=unquote(parts["subject"]),
        dated=dated,
        number="" if parts["number"] == "-" else unquote(parts["number"]),
        contacts=parts["contacts"] == "c",
    )
    if request.kind.startswith(_REGION):
        request = _of_region(request, parts["subject"])
    return DocumentFoot(
        request,
        rulebook=unquote(parts["rulebook"]),
        digest=parts["digest"],
        year=int(parts["year"]),
        as_of=as_of,
        size=int(parts["size"]),
        root=parts["root"],
        sum=parts["sum"],
    )


def _of_region(request: DocumentRequest, subject: str) -> DocumentRequest:
    """Return a request with the members that its subject names. Raises `Rejected`."""
    period, _sign, written = subject.partition("@")
    members = read_members(written)
    if members is None:
        raise Rejected.by(
            "code_members", msg("the code does not name members as it should: {text}"), text=written
        )
    kind = request.kind.removeprefix(_REGION)
    return replace(request, kind=kind, subject=unquote(period), members=members)


def _without_blanks(text: str) -> str:
    """The text with its blanks quoted, so that a code splits into its parts."""
    quoted = ""
    for character in text:
        # "%" itself is quoted too, or unquoting would not give the text back.
        needs_quoting = character.isspace() or character == "%"
        quoted += quote(character) if needs_quoting else character
    return quoted
