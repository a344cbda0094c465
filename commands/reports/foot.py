"""The foot of a document: by which rules, of which day, by what knowledge, over which tree; and the same as a code to check by."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import quote, unquote

from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.rejections import Rejected, StoreError, msg
from projections.scoring.evaluation import View

FORMAT: Final = "LC1"
_CODE: Final = re.compile(
    rf"{FORMAT} (?P<kind>[a-z]+) (?P<subject>\S+) (?P<rulebook>\S+) (?P<digest>[0-9a-f]{{12}}) (?P<year>\d{{4}}) "
    r"(?P<as_of>\d{4}-\d\d-\d\d) (?P<size>\d{1,18}) (?P<root>[0-9a-f]{16}) (?P<dated>\d{4}-\d\d-\d\d) (?P<number>\S+) "
    r"(?P<contacts>[-c]) (?P<sum>[0-9a-f]{16})"
)
DIGITS: Final = 12
_ROOT: Final = 16


@dataclass(frozen=True, slots=True)
class Foot:
    """What a document rests on. `known` is the record time of the last event known; `sum` the digest of all that it says."""

    kind: str
    subject: str
    rulebook: str
    digest: str
    year: int
    as_of: date
    size: int
    root: str
    dated: date
    number: str = ""
    contacts: bool = False
    known: str = ""
    sum: str = ""

    @property
    def code(self) -> str:
        """The code in one line; blanks within a part are written %20, no number as a dash."""
        parts = (
            FORMAT,
            self.kind,
            _packed(self.subject),
            _packed(self.rulebook),
            self.digest,
            f"{self.year:04}",
            str(self.as_of),
            str(self.size),
            self.root,
            str(self.dated),
            _packed(self.number) or "-",
            "c" if self.contacts else "-",
            self.sum,
        )
        return " ".join(parts)

    def summed(self, short: str) -> Foot:
        """With the digest of what was said."""
        return replace(self, sum=short)

    def lines(self) -> tuple[str, ...]:
        """What stands at the foot, for people."""
        return (
            f"规则手册 {self.rulebook}（摘要 {self.digest}）；截至 {self.as_of}；所知至 {self.known}，共 {self.size} 件事件",
            f"事件树根 {self.root}；内容摘要 {self.sum}；出具于 {self.dated}；核验：lifecycle audit document 文件（或下列验证码）",
        )


def foot_of(
    ledger: Ledger,
    view: View,
    kind: str,
    subject: str,
    dated: date,
    *,
    number: str = "",
    contacts: bool = False,
) -> Foot:
    """The foot of a document that is about to be made. Raises `StoreError` of a ledger that holds nothing by then."""
    if view.position == 0:
        raise StoreError(msg("the ledger holds no event by then: there is nothing to report"))
    with ledger.recorder.cursor(write=False) as cursor:
        root = StoredTree(ledger.recorder, cursor).root(view.position).hex()[:_ROOT]
        known = ledger.recorder.event_at(cursor, view.position).stamp.recorded_at.strftime(
            "%Y-%m-%d %H:%M:%S"
        )
    book = view.rulebook
    return Foot(
        kind,
        subject,
        book.id,
        book.digest[:DIGITS],
        view.year,
        view.as_of,
        view.position,
        root,
        dated,
        number,
        contacts,
        known,
    )


def read_code(text: str) -> Foot:
    """The foot that a code tells; white space in the text may be of any kind. Raises `Rejected`."""
    found = _CODE.search(" ".join(text.split()))
    if found is None:
        template = msg(
            "there is no code of a document of ours; one begins with {format} and ends with 16 hexadecimal digits"
        )
        raise Rejected.by("no_code", template, format=FORMAT)
    part = found.groupdict()
    try:
        as_of, dated = date.fromisoformat(part["as_of"]), date.fromisoformat(part["dated"])
    except ValueError:
        raise Rejected.by(
            "code_date", msg("the code names a day that no calendar has: {code}"), code=found[0]
        ) from None
    number = "" if part["number"] == "-" else unquote(part["number"])
    return Foot(
        part["kind"],
        unquote(part["subject"]),
        unquote(part["rulebook"]),
        part["digest"],
        int(part["year"]),
        as_of,
        int(part["size"]),
        part["root"],
        dated,
        number,
        part["contacts"] == "c",
        sum=part["sum"],
    )


def _packed(text: str) -> str:
    return "".join(
        quote(character) if character.isspace() or character == "%" else character
        for character in text
    )
