"""Whether the ledger still yields what a document says.

The document is composed a second time from its code and compared with the file.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Final, NamedTuple

from commands.reports.document_kinds import DOCUMENT_KINDS
from commands.reports.document_reading import READABLE, DocumentText, has_code, read_document
from commands.reports.documents import LEDGER_KIND, compose, write_document
from commands.reports.foot import RULEBOOK_DIGITS, DocumentFoot, foot_at, named_verifier, read_code
from commands.reports.issuing_office import NO_OFFICE, IssuingOffice
from commands.reports.ledger_workbook import write_ledger
from commands.words import foot_words, form_words
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import LoadedRulebook, shipped_with_digest
from projections.audit.published_members import NO_LEDGERS, MemberLedgers
from projections.facts.county_facts import CountyFacts, county_facts
from projections.facts.member_projects import MemberLedger, MemberProjects
from projections.scoring import rulebook_in_force
from projections.scoring.result_view import View

MOST_DIFFERENCES: Final = 50


class DocumentDifference(NamedTuple):
    """A place where document and ledger differ: a cell such as 全部项目!F7, or a line."""

    place: str
    document: str
    ledger: str


@dataclass(slots=True)
class DocumentCheck:
    """The outcome of a check: the document's foot, and the differences.

    `compared` counts cells or lines; `unchecked` are the lines with contacts, which may have been
    changed or erased since. `edited` is what differs outside the tables, where these alone count.
    """

    foot: DocumentFoot
    compared: int = 0
    differences: list[DocumentDifference] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    edited: list[DocumentDifference] = field(default_factory=list)


def check_code(
    ledger: Ledger,
    text: str,
    members: MemberLedgers = NO_LEDGERS,
) -> DocumentCheck:
    """Check a code: the tree, and the digest of everything that the document says.

    A region's document needs the ledgers of its `members`. Raises `Rejected`.
    """
    claimed = read_code(text)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "document.xlsx"
        recomposed = recompose(ledger, claimed, target, members=members)
    return DocumentCheck(claimed, 1, foot_differences(claimed, recomposed))


def check_file(
    ledger: Ledger,
    path: Path,
    template: Path | None = None,
    office: IssuingOffice = NO_OFFICE,
    members: MemberLedgers = NO_LEDGERS,
) -> DocumentCheck:
    """Check a file, number by number. Raises `Rejected`, `StoreError`.

    The ledger knows nothing of the office: by another one than the document's, the lines that
    come from it differ.
    """
    ending = path.suffix.lower()
    if ending not in READABLE:
        raise Rejected.by(
            "file_kind",
            msg("{path}: this document can be written as {allowed}"),
            path=path,
            allowed=READABLE,
        )
    document = read_document(path)
    claimed = read_code(" ".join(document.code_texts))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"document{ending}"
        recomposed = recompose(ledger, claimed, target, document, template, office, members)
        expected = read_document(target)
    check = DocumentCheck(claimed, 0, foot_differences(claimed, recomposed))
    if claimed.request.contacts:
        document.lines, check.unchecked = _apart_from_contacts(document.lines)
        expected.lines, _ledger_contacts = _apart_from_contacts(expected.lines)
    for pair in _compared_places(document, expected):
        check.compared += 1
        differs = pair.document != pair.ledger
        if differs and len(check.differences) < MOST_DIFFERENCES:
            check.differences.append(pair)
    return check


def recompose(
    ledger: Ledger,
    claimed: DocumentFoot,
    target: Path,
    document: DocumentText | None = None,
    template: Path | None = None,
    office: IssuingOffice = NO_OFFICE,
    members: MemberLedgers = NO_LEDGERS,
) -> DocumentFoot:
    """Compose the document again from the ledger as it is now, and return its foot.

    The target is written if a file is to be compared, and by the ledger workbook always.
    """
    view = _over_members(_view(ledger, claimed), claimed, members)
    foot = foot_at(ledger, view, claimed.request)
    if document is not None:
        foot = _foot_as_issued(ledger, foot, document)
        # Each version has a verifier of its own; the document was issued by the one it names.
        texts = (*document.lines, *document.cells.values())
        foot = replace(foot, verifier=named_verifier(texts))
    if claimed.request.kind == LEDGER_KIND:
        return write_ledger(target, ledger, view, foot)
    content, recomposed = compose(ledger, view, foot)
    if document is not None:
        # The file's own statements about digest and root are compared by its foot, once,
        # and not a second time as lines.
        printed_foot = replace(recomposed, sum=claimed.sum, root=claimed.root)
        write_document(target, target.suffix[1:], content, printed_foot, template, office)
    return recomposed


def _foot_as_issued(
    ledger: Ledger,
    foot: DocumentFoot,
    document: DocumentText,
) -> DocumentFoot:
    """The foot by the corrections of record times that were recorded when it was issued.

    A document does not say how far the ledger went. Those within its own events were recorded;
    of later ones, as many as its foot agrees with.
    """
    corrections = ledger.record_times().corrections
    with ledger.recorder.cursor(write=False) as cursor:
        last_event = ledger.recorder.event_at(cursor, foot.size)
    text = _without_space((*document.lines, *document.cells.values()))
    for count in range(len(corrections), -1, -1):
        issued = foot.with_record_times(RecordTimes(corrections[:count]), last_event)
        # The last line bears the digest, which is compared by itself.
        if _without_space(issued.lines()[:-1]) in text:
            return issued
        if count and corrections[count - 1].position <= foot.size:
            break
    return foot


def _without_space(texts: Iterable[str]) -> str:
    """The texts as one, however their lines are broken."""
    return "".join("".join(texts).split())


def _view(ledger: Ledger, claimed: DocumentFoot) -> View:
    """The view at which the document was composed.

    Raises `Rejected` if this ledger has no such view.
    """
    kind = claimed.request.kind
    if kind not in DOCUMENT_KINDS and kind != LEDGER_KIND:
        raise Rejected.by(
            "document_kind", msg("{kind} is not a kind of document of this system"), kind=kind
        )
    last = ledger.head().position
    if not 0 < claimed.size <= last:
        template = msg(
            "the document is based on {size} events, but the ledger contains {last}: it "
            "belongs to another ledger or to a later state of this one"
        )
        raise Rejected.by("not_held", template, size=claimed.size, last=last)
    county = county_facts(ledger, claimed.size)
    return View(
        claimed.year,
        claimed.as_of,
        claimed.size,
        _rulebook(county, claimed),
        calendar=county.calendar(claimed.as_of),
        county=county,
    )


def _over_members(
    view: View,
    claimed: DocumentFoot,
    ledgers: MemberLedgers,
) -> View:
    """Return the view of a region's document over the members that it counts.

    Raises `Rejected` where a member's ledger is not at hand or lacks what was counted.
    """
    if not claimed.request.members:
        return view
    sources = []
    absent = []
    for member in claimed.request.members:
        if member.position is None:
            continue
        ledger = ledgers.get(member.unit)
        if ledger is None or ledger.head().position < member.position:
            absent.append(member.unit)
        else:
            sources.append(MemberLedger(member.unit, ledger, member.position))
    if absent:
        template = msg(
            "the document counts events of {units} that are not at hand: name the region file "
            "with --region"
        )
        raise Rejected.by("members_absent", template, units=absent)
    uncounted = [member.unit for member in claimed.request.members if member.position is None]
    return replace(view, projects=MemberProjects(tuple(sources)), uncounted=frozenset(uncounted))


def _rulebook(county: CountyFacts, claimed: DocumentFoot) -> LoadedRulebook:
    """The rulebook that the document names, adopted or shipped. Raises `Rejected`."""
    for rulebook in rulebook_in_force.adopted(county):
        digest = rulebook.digest[:RULEBOOK_DIGITS]
        if rulebook.id == claimed.rulebook and digest == claimed.digest:
            return rulebook
    # A shorter start than documents print could be that of any rulebook.
    if len(claimed.digest) == RULEBOOK_DIGITS:
        rulebook_shipped = shipped_with_digest(claimed.digest)
        if rulebook_shipped is not None and rulebook_shipped.id == claimed.rulebook:
            return rulebook_shipped
    template = msg(
        "the document is based on the rulebook {id} with digest {digest}, which is neither "
        "adopted nor shipped"
    )
    raise Rejected.by("unknown_rulebook", template, id=claimed.rulebook, digest=claimed.digest)


def foot_differences(
    claimed: DocumentFoot,
    recomposed: DocumentFoot,
) -> list[DocumentDifference]:
    """What the code claims of the tree and the content, and the ledger does not yield."""
    differences = []
    if claimed.root != recomposed.root:
        differences.append(DocumentDifference(foot_words.TREE_ROOT, claimed.root, recomposed.root))
    if claimed.sum != recomposed.sum:
        differences.append(
            DocumentDifference(foot_words.CONTENT_DIGEST, claimed.sum, recomposed.sum)
        )
    return differences


def _compared_places(
    document: DocumentText,
    expected: DocumentText,
) -> Iterator[DocumentDifference]:
    """Each place with what document and ledger say there, equal or not."""
    for place in {**expected.cells, **document.cells}:
        ledger_text = expected.cells.get(place, "")
        # The code is compared part by part by the foot.
        if not has_code(ledger_text):
            yield DocumentDifference(place, document.cells.get(place, ""), ledger_text)
    yield from compared_lines(document.lines, expected.lines)


def _apart_from_contacts(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines without a form's field of contacts, and those of the field.

    It stands right before the field for the opinion; without that, nothing is set apart.
    """
    starts = [place for place, line in enumerate(lines) if line.startswith(form_words.CONTACTS)]
    ends = [place for place, line in enumerate(lines) if line.startswith(form_words.OPINION)]
    if not starts or not ends or ends[-1] < starts[-1]:
        return lines, []
    start, end = starts[-1], ends[-1]
    return [*lines[:start], *lines[end:]], lines[start:end]


def compared_lines(document: list[str], expected: list[str]) -> Iterator[DocumentDifference]:
    """Lines aligned, so that one missing line does not make every later one differ."""
    matcher = difflib.SequenceMatcher(None, document, expected, autojunk=False)
    for _tag, first, last, expected_first, expected_last in matcher.get_opcodes():
        pairs = zip_longest(
            document[first:last],
            expected[expected_first:expected_last],
            fillvalue="",
        )
        for number, (document_line, ledger_line) in enumerate(pairs, start=first + 1):
            place = foot_words.line_place(number)
            yield DocumentDifference(place, document_line, ledger_line)
