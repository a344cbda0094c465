#!/usr/bin/env python3
"""Check a bundle or a certificate of the investment-attraction ledger.

Usage: python3 verify_bundle.py FILE [--receipt FILE]… [--witness FILE]… [--key KEY]
       [--cosigner KEY]… [--members FILE…] [--large]

The program needs Python 3.9 or newer and its standard library, nothing else. It shares no code with
the program that made the file. It checks the Merkle tree (RFC 6962) over every stored byte, the
signed checkpoints (C2SP signed-note, Ed25519 after RFC 8032) and the receipts and witness files
that you pass. It then recomputes the score of every publication in exact fractions, from the events
and the rulebook in the file. What a region published is recomputed from the bundles of its members,
which you pass with --members. The last line is the verdict:

  VERIFIED     every check holds, and something from outside the file (--key, --cosigner,
               --receipt, --witness) vouches for the ledger up to the position named; exit code 0
  CONSISTENT   every check holds, but nothing outside vouches: whoever made the file could have
               invented the whole of it; exit code 1
  DIFFERS      the first check that does not hold; exit code 1
  UNUSABLE     a file or key that cannot be used, so that nothing is shown; exit code 3

Read it from top to bottom. Each part uses the parts below it:

  1. The checks in their order: bundle and certificate
  2. Events: reading them, growing the tree, following the signing key
  3. Claims about the tree: checkpoints, receipts, witness files
  4. Publications, the rulebooks they name, and the members of a region
  5. The Merkle tree and its hashes
  6. Signed notes and checkpoints
  7. Ed25519 signatures
  8. Reading a file whose maker may be hostile
  9. Stored events and the facts they leave after corrections
 10. Scores: units, modules, groups, ranks
 11. The monthly red and black lists
 12. The rulebook and what this verifier knows of it
 13. A project under the rulebook
 14. Measures: what is counted of a project and of a unit
 15. The year: from what is counted to points
 16. The kinds of rule
 17. Lines: what each of a unit's points rests on
"""

# The file runs on Python 3.9 by itself, so newer syntax and shared helpers are out of reach.
# ruff: noqa: B905, EXE001, PLR2004, T201

from __future__ import annotations

import argparse
import base64
import binascii
import calendar
import errno
import hashlib
import io
import json
import os
import re
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, NamedTuple

JsonObject = dict[str, Any]
Rows = Sequence[JsonObject]
SHANGHAI = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone(timedelta(0)))

# What damaged content can raise in code that trusts its shape. Each of these is a failed check.
DAMAGE = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    StopIteration,
    RecursionError,
    ArithmeticError,
    MemoryError,
)


class VerificationError(Exception):
    """The first check that does not hold."""


class UnusableError(VerificationError):
    """A file or a key that cannot be used: it shows nothing, and so does whatever it was for."""


class Coverage(NamedTuple):
    """How far something from outside the file vouches for its ledger, and where the ledger ends."""

    vouched_up_to: int
    size: int
    unshown: str = ""
    """What the file cannot show, whoever vouches for it."""
    evidence: str = "--key, --cosigner, --receipt, --witness"
    """The options that pass something from outside for this kind of file."""


def confirm(sentence: str) -> None:
    """Print a check that holds."""
    print_line("ok: " + sentence)


def remark(sentence: str) -> None:
    """Print what the reader has to judge."""
    print_line("note: " + sentence)


def print_line(sentence: str) -> None:
    """Print a sentence on one line, with an escape for each character that prints nothing.

    A line feed in a name that the file contains could add a verdict of its own, and what a terminal
    takes for a command could hide ours.
    """
    signs = [sign if sign.isprintable() else _escaped(sign) for sign in sentence]
    print("".join(signs))


def _escaped(sign: str) -> str:
    # Chinese text has ideographic spaces.
    return sign if sign == "\u3000" else sign.encode("unicode_escape").decode()


# 1. The checks in their order: bundle and certificate ---------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the file named on the command line, print the verdict, and return its exit code."""
    options = _parse(arguments)
    if options.large:
        LIMITS.update(LARGE)
    try:
        coverage = _verify(options)
    except UnusableError as failure:
        print_line(f"UNUSABLE: {failure}")
        return 3
    except VerificationError as failure:
        print_line(f"DIFFERS: {failure}")
        return 1
    except OSError as error:
        if has_no_reader(error):
            raise
        print_line(f"UNUSABLE: {error.filename} cannot be read: {error.strerror}")
        return 3
    except DAMAGE as error:
        print_line(f"DIFFERS: the file is damaged: {type(error).__name__} {error}")
        return 1
    return _print_verdict(coverage)


def _print_verdict(coverage: Coverage) -> int:
    """Print the verdict on a file whose every check holds; return the exit code."""
    position = coverage.vouched_up_to
    if coverage.unshown:
        print_line(f"CONSISTENT: {coverage.unshown}")
        return 1
    # An empty tree is the same for every ledger, so a signature on it vouches for nothing.
    if position == 0:
        print(
            f"CONSISTENT: nothing outside the file vouches for it ({coverage.evidence}): its maker "
            "could have invented the whole"
        )
        return 1
    print(
        f"VERIFIED up to position {position}; events behind it that nothing outside vouches for: "
        f"{coverage.size - position}"
    )
    return 0


def run() -> int:
    """Run the program; end quietly, not with 0, if the reader of its output (`head`) has left."""
    try:
        code = main()
        sys.stdout.flush()
    except OSError as error:
        if not has_no_reader(error):
            raise
        # Python flushes once more at the exit, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def has_no_reader(error: OSError) -> bool:
    """Whether the reader of our output has left, which Windows calls an invalid argument."""
    is_of_no_file = os.name == "nt" and error.errno == errno.EINVAL and error.filename is None
    return isinstance(error, BrokenPipeError) or is_of_no_file


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Check a bundle (.zip) or a certificate (.json) of the ledger."
    )
    parser.add_argument("file", help="the bundle or the certificate")
    _add_noted_by_the_reader(parser)
    parser.add_argument(
        "--members",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="the bundles of a region's members, from which its publications are recomputed",
    )
    parser.add_argument(
        "--known-at",
        metavar="TIME",
        help="also say up to which position the ledger's events count as recorded by this time, "
        "such as 2024-06-30T18:00:00+08:00; a day means its end",
    )
    parser.add_argument(
        "--large",
        action="store_true",
        help="accept a bundle of more than 400,000 events and the memory it takes",
    )
    return parser.parse_args(arguments)


def _add_noted_by_the_reader(parser: argparse.ArgumentParser) -> None:
    """Add the options for what a reader holds beside the bundle, which its maker cannot change."""
    parser.add_argument(
        "--receipt",
        action="append",
        default=[],
        metavar="FILE",
        help="a receipt file whose events must be in the bundle",
    )
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="FILE",
        help="your own witness file, which the bundle must match",
    )
    parser.add_argument(
        "--key",
        # A key that was pasted may bring a blank along.
        type=str.strip,
        metavar="KEY",
        help="the public key that you noted, name+id+key; default: the one in your witness file",
    )
    parser.add_argument(
        "--cosigner",
        action="append",
        type=str.strip,
        default=[],
        metavar="KEY",
        help="the public key of a cosigner that you noted, name+id+key",
    )


def _verify(options: argparse.Namespace) -> Coverage:
    with open_regular(options.file) as file:
        is_archive = file.read(2) == b"PK"
    if options.key is not None:
        with evidence("--key"):
            PublicKey(options.key)
    for cosigner in options.cosigner:
        with evidence("--cosigner"):
            PublicKey(cosigner, COSIGNATURE)
    if is_archive:
        known_at = None
        if options.known_at is not None:
            with evidence("--known-at"):
                known_at = known_moment(options.known_at)
        return verify_bundle(
            options.file,
            options.receipt,
            options.witness,
            options.key,
            options.cosigner,
            known_at,
            options.members,
        )
    if options.members:
        raise UnusableError("the bundles of members belong to the bundle of a region")
    if options.receipt or options.cosigner:
        raise UnusableError(
            "receipts and cosigners can only be checked against a bundle; a certificate takes "
            "--key and --witness"
        )
    if options.known_at is not None:
        raise UnusableError("only a bundle tells what was known when")
    return verify_certificate(options.file, options.key, options.witness)


def verify_bundle(
    path: str,
    receipt_paths: Sequence[str],
    witness_paths: Sequence[str],
    trusted: str | None,
    cosigners: Sequence[str] = (),
    known_at: datetime | None = None,
    member_paths: Sequence[str] = (),
) -> Coverage:
    """Check a bundle and the files beside it; `member_paths` are bundles of a region's members."""
    with open_zip(path) as archive:
        manifest = _read_manifest(archive)
        identity = _ledger_identity(manifest)
        tree = MerkleTree(identity.tree_hash)

        # Claims come first: each is checked at the moment the tree reaches its size.
        claims = TreeClaims()
        claim_manifest(manifest, claims)
        receipts = _claim_receipts(receipt_paths, identity, claims)
        keys = _first_key(manifest)
        notes = [as_text(note, "a checkpoint") for note in list_field(manifest, "checkpoints")]
        claim_checkpoints(notes, identity, claims)
        witnesses = _claim_witnesses(witness_paths, identity, claims)
        trusted = trusted or _witnessed_key(witnesses)

        streams, publications = _grow_by_events(
            archive, tree, claims, identity.origin, keys, known_at
        )
        vouched_sizes = [
            check_signatures(notes, keys, trusted, tree.size),
            check_cosignatures(notes, _listed_cosigners(manifest), cosigners),
        ]
        books = read_books(archive)
        calendars = read_calendars(archive)
        _check_working_days(archive)

    vouched_sizes += _check_kept_files(receipts, witnesses, claims, keys, tree)
    bundles = read_member_bundles(member_paths, publications)
    unshown = _check_publications(publications, streams, books, calendars, bundles)
    return Coverage(max(vouched_sizes), tree.size, unshown)


def _check_kept_files(
    receipts: Sequence[ReceiptFile],
    witnesses: Sequence[WitnessFile],
    claims: TreeClaims,
    keys: list[PublicKey],
    tree: MerkleTree,
) -> list[int]:
    """Check the files that the auditor kept; return how many events each vouches for."""
    sizes: list[int] = []
    for receipt_file in receipts:
        sizes.append(check_receipts(receipt_file, claims, keys, tree))
    for witness in witnesses:
        sizes.append(check_witness_keys(witness, keys))
    return sizes


def _witnessed_key(witnesses: Sequence[WitnessFile]) -> str | None:
    """Return the newest key of the first witness file, None without one."""
    return witnesses[0].lines[-1].key if witnesses else None


def _read_manifest(archive: zipfile.ZipFile) -> JsonObject:
    """Return what the bundle says of itself; another format is rejected."""
    manifest = read_small(archive, "manifest.json")
    return as_object(manifest, "manifest.json", "lifecycle-bundle/1")


def _ledger_identity(manifest: JsonObject) -> LedgerIdentity:
    """Return the ledger that the bundle says it is from."""
    return LedgerIdentity(
        text_field(manifest, "origin"),
        text_field(manifest, "tree_hash"),
    )


def _grow_by_events(
    archive: zipfile.ZipFile,
    tree: MerkleTree,
    claims: TreeClaims,
    origin: str,
    keys: list[PublicKey],
    known_at: datetime | None,
) -> tuple[Streams, list[StoredEvent]]:
    """Grow the tree by the bundle's events, and print its root and what was recorded when."""
    times = RecordTimes()
    events = read_lines(archive, "events.txt")
    streams, publications = grow(events, tree, claims, origin, keys, times)
    root = tree.root().hex()
    confirm(f"{tree.size} events, every stored byte, form the tree with root {root}")
    report_record_times(times, known_at)
    return streams, publications


def _claim_receipts(
    paths: Sequence[str],
    identity: LedgerIdentity,
    claims: TreeClaims,
) -> list[ReceiptFile]:
    """Read the receipt files, and note what each says of the tree."""
    receipts = [read_receipts(path) for path in paths]
    for receipt_file in receipts:
        claims.follow_receipts(receipt_file, identity)
    return receipts


def _claim_witnesses(
    paths: Sequence[str],
    identity: LedgerIdentity,
    claims: TreeClaims,
) -> list[WitnessFile]:
    """Read the witness files, and note what each says of the tree."""
    witnesses = [read_witness(path) for path in paths]
    for witness in witnesses:
        claim_witness(witness, identity, claims)
    return witnesses


def _check_publications(
    publications: Sequence[StoredEvent],
    streams: Streams,
    books: dict[str, CheckedRulebook],
    calendars: set[str],
    bundles: MemberBundles,
) -> str:
    """Compute each publication again, and say which of them count as the county's result.

    Return which could not be computed again, for want of members' bundles.
    """
    county = streams.get("county", [])
    last_official: dict[PublicationSubject, str] = {}
    unshown: list[str] = []
    for event in publications:
        history, lacking = published_history(event, streams, bundles)
        if lacking:
            title = _publication_title(event, event.fields)
            remark(f"{title} is not recomputed: {', '.join(lacking)}")
            unshown.append(event.name)
        else:
            check_publication(event, history, books, calendars)
        report_standing(event, county, books, last_official)
    if not unshown:
        return ""
    return (
        f"without the members' bundles (--members) nothing shows that {', '.join(unshown)} "
        "follows from what the members recorded"
    )


def _first_key(manifest: JsonObject) -> list[PublicKey]:
    """Return the ledger's first key, or nothing where the ledger was never signed."""
    if not manifest.get("signer"):
        return []
    return [PublicKey(text_field(manifest, "signer"))]


def _listed_cosigners(manifest: JsonObject) -> list[str]:
    """Return the cosigners that the bundle lists; those of earlier versions list none."""
    if "cosigners" not in manifest:
        return []
    return [as_text(key, "a cosigner") for key in list_field(manifest, "cosigners")]


def _check_working_days(archive: zipfile.ZipFile) -> None:
    """Check the working days against their digest; rectification periods are counted in them."""
    table = as_object(read_small(archive, "working-days.json"), "working-days.json")
    first_year = table.get("first_year")
    last_year = table.get("last_year")
    lines = [f"years {first_year} {last_year}"]
    for label, field in (("off", "weekdays_off"), ("worked", "weekends_worked")):
        days = sorted(map(str, list_field(table, field)))
        lines += [f"{label} {day}" for day in days]
    digest = sha256("\n".join(lines).encode()).hex()
    if digest != table.get("digest"):
        raise VerificationError("the working days do not match their digest")
    source = table.get("source")
    confirm(f"working days of {first_year} to {last_year} ({source}) match their digest")


def read_certificate(path: str) -> JsonObject:
    """Read a certificate; a file that is none shows nothing, neither good nor bad."""
    try:
        certificate = as_object(read_file(path), path)
    except VerificationError as failure:
        raise UnusableError(f"{failure}, so it is neither a bundle nor a certificate") from None
    form = certificate.get("format")
    if form not in ("lifecycle-certificate/1", "lifecycle-certificate/2"):
        raise UnusableError(f"{path} is not in the format lifecycle-certificate/2")
    plain_numbers(certificate)
    return certificate


def verify_certificate(
    path: str,
    trusted: str | None,
    witness_paths: Sequence[str] = (),
) -> Coverage:
    """Check a certificate: signature, each event's place in the signed tree, the unit's points."""
    certificate = read_certificate(path)
    form = certificate["format"]
    key = PublicKey(text_field(certificate, "key"))
    note_text, _ = open_note(text_field(certificate, "checkpoint"), [key])
    checkpoint = parse_checkpoint(note_text)
    confirm(f"the checkpoint at {checkpoint.size} events is signed")
    for witness in [read_witness(witness_path) for witness_path in witness_paths]:
        _check_certified_tree(witness, checkpoint)
        trusted = trusted or witness.lines[-1].key
    if trusted is None:
        remark(f"compare this key with the one that you noted: {key.written}")
    elif PublicKey(trusted).written != key.written:
        raise VerificationError(
            f"the checkpoint is signed by {key.written}, not by the key that you trust"
        )
    events = certified_events(list_field(certificate, "events"), checkpoint)
    year, book = _certified_year(certificate, events, checkpoint.size)
    # The key inside the certificate vouches for nothing: its maker chose it.
    vouched_up_to = 0 if trusted is None else checkpoint.size
    unshown = ""
    if form == "lifecycle-certificate/1":
        _check_first_format(certificate, year, book)
        unshown = "the lines of a certificate/1 are not shown; ask for a certificate/2 or a bundle"
    else:
        _check_certified_score(certificate, year, book)
    report_adoption(events, book, text_field(certificate["axes"], "rulebook_digest"))
    remark(
        "a certificate shows neither the unit's rank nor that no project or event of the unit was "
        "left out; only a bundle shows both"
    )
    return Coverage(vouched_up_to, checkpoint.size, unshown, evidence="--key or --witness")


def _check_certified_tree(witness: WitnessFile, checkpoint: Checkpoint) -> None:
    """Check that a witness file is of the certificate's ledger, and saw no other tree of its size.

    Trees of other sizes cannot be compared: a certificate has no proof between two sizes.
    """
    for line in witness.lines:
        if line.checkpoint.identity != checkpoint.identity:
            raise VerificationError(f"{line.source} belongs to another ledger")
        is_other_tree = line.checkpoint.root != checkpoint.root
        if line.checkpoint.size == checkpoint.size and is_other_tree:
            raise VerificationError(
                f"{line.source} has another root for the first {checkpoint.size} events"
            )


def certified_events(
    entries: Rows,
    checkpoint: Checkpoint,
) -> list[StoredEvent]:
    """Return a certificate's events once each is proved to lie in the signed tree."""
    tree = MerkleTree(checkpoint.tree_hash)
    events: list[StoredEvent] = []
    versions: dict[str, int] = defaultdict(int)
    for entry in sorted(entries, key=lambda entry: count_field(entry, "position")):
        event = _certified_event(entry)
        proof = [as_digest(node, "a proof") for node in list_field(entry, "proof")]
        root = inclusion_root(
            tree.hash,
            tree.leaf(event),
            event.position - 1,
            checkpoint.size,
            proof,
        )
        if root != checkpoint.root:
            raise VerificationError(
                f"{event.name}, position {event.position}, is not in the signed tree"
            )
        versions[event.stream] += 1
        expected = versions[event.stream]
        # A certificate holds whole streams, but of the county's only what bears on the score.
        if event.version != expected and event.stream != "county":
            raise VerificationError(f"version {expected} of {event.stream} is not among the events")
        events.append(event)
    confirm(f"{len(events)} events are in the signed tree")
    return events


def _certified_event(entry: JsonObject) -> StoredEvent:
    topic = text_field(entry, "topic")
    state = text_field(entry, "state").encode()
    return StoredEvent(
        entry["position"],
        text_field(entry, "stream"),
        count_field(entry, "version"),
        topic,
        state,
    )


def _certified_year(
    certificate: JsonObject,
    events: Events,
    size: int,
) -> tuple[YearPoints, CheckedRulebook]:
    """Compute the year of a certificate from its own events and rulebook."""
    axes = certificate["axes"]
    book = read_book(
        text_field(certificate, "rulebook").encode(), text_field(axes, "rulebook_digest")
    )
    if axes.get("rulebook_id") != book.data["id"]:
        raise VerificationError("the rulebook has another id")
    if axes.get("calendar_digest") != CALENDAR:
        raise VerificationError("the calendar is unknown to this verifier")
    evaluator = text_field(axes, "evaluator")
    if not re.fullmatch(KNOWN_EVALUATORS, evaluator):
        raise VerificationError(f"{evaluator[:80]!r} is unknown to this verifier")
    streams: Streams = {}
    for event in events:
        streams.setdefault(event.stream, []).append(event)
    year = count_field(axes, "year")
    position = count_field(axes, "position")
    if position > size:
        raise VerificationError(f"position {position} lies beyond the {size} events signed")
    day = date.fromisoformat(text_field(axes, "as_of"))
    first_rules = re.fullmatch(FIRST_EVALUATORS, evaluator) is not None
    points = score_year(streams, book, year, day, position, explains=True, first_rules=first_rules)
    return points, book


def _check_certified_score(
    certificate: JsonObject,
    year: YearPoints,
    book: CheckedRulebook,
) -> None:
    """Compare the unit's score and each of its lines with what the events give."""
    unit = text_field(certificate, "unit")
    recomputed = dict(_row_of(unit, rank_units(year.units, book)))
    # The rank depends on units whose events are not here, so the certificate may not name any.
    del recomputed["rank"]
    _compare_objects(unit, certificate.get("score"), recomputed)
    certified_lines = list_field(certificate, "lines")
    recomputed_lines = unit_lines(year, unit)
    for number, (line, again) in enumerate(zip(certified_lines, recomputed_lines), 1):
        _compare_objects(f"{unit}, line {number}", line, again)
    if len(certified_lines) != len(recomputed_lines):
        raise VerificationError(
            f"{unit}: {len(certified_lines)} lines are certified, "
            f"{len(recomputed_lines)} recomputed"
        )
    _confirm_total(certificate, recomputed)
    confirm(
        f"{len(certified_lines)} lines, recomputed, have the certified rules, clauses, projects, "
        "inputs, events and points"
    )


def _confirm_total(
    certificate: JsonObject,
    recomputed: JsonObject,
) -> None:
    axes = certificate["axes"]
    unit = recomputed["unit"]
    total = recomputed["total"]
    year = axes["year"]
    as_of = axes["as_of"]
    position = axes["position"]
    confirm(
        f"{unit}: total {total} in {year}, as of {as_of}, as known at position {position}, "
        "recomputed from these events"
    )


def _compare_objects(
    label: str,
    certified: Any,
    recomputed: JsonObject,
) -> None:
    """Raise for the first field that is not as recomputed; the total comes first."""
    if not isinstance(certified, dict):
        raise VerificationError(f"{label}: it is not a JSON object")
    names = _compared_fields(certified, recomputed)
    for name in sorted(names, key=lambda name: (name != "total", name)):
        is_certified = _json_text(certified, name)
        is_recomputed = _json_text(recomputed, name)
        if is_certified != is_recomputed:
            raise VerificationError(
                f"{label}, {name}: certified {is_certified}, recomputed {is_recomputed}"
            )


def _json_text(
    fields: JsonObject,
    name: str,
) -> str:
    """Write a field as JSON, where true is no 1; a field that is missing is not null either."""
    if name not in fields:
        return "nothing"
    return json.dumps(fields[name], ensure_ascii=False, sort_keys=True)


def _check_first_format(
    certificate: JsonObject,
    year: YearPoints,
    book: CheckedRulebook,
) -> None:
    """Compare the score of a certificate/1; of its lines only that they sum to the modules.

    Versions before 0.2.0 wrote it, and their lines are not composed here.
    """
    unit = text_field(certificate, "unit")
    recomputed = _row_of(unit, rank_units(year.units, book))
    certified = certificate.get("score") or {}
    for name in ("total", "modules", "groups", "basis", "sequence", "grade", "outcomes"):
        if name in recomputed and certified.get(name) != recomputed[name]:
            raise VerificationError(
                f"{unit}, {name}: certified {certified.get(name)}, recomputed {recomputed[name]}"
            )
    lines = list_field(certificate, "lines")
    check_certified_lines(unit, lines, recomputed["modules"], book.places)
    _confirm_total(certificate, recomputed)


def _row_of(
    unit: str,
    rows: Rows,
) -> JsonObject:
    for row in rows:
        if row["unit"] == unit:
            return row
    raise VerificationError(f"no such unit is registered in these events: {unit}")


def check_certified_lines(
    unit: str,
    lines: Rows,
    modules: dict[str, str],
    places: int,
) -> None:
    """Check that the lines belong to the modules and sum to them, but for their rounding."""
    unknown_modules = sorted({str(line["module"]) for line in lines} - set(modules))
    if unknown_modules:
        raise VerificationError(
            f"{unit}: lines of {unknown_modules[0]}, which is no module of the score"
        )
    for module, points in modules.items():
        line_points = [Fraction(line["points"]) for line in lines if line["module"] == module]
        # Each line and the module itself are rounded once, each by half a unit at most.
        tolerance = Fraction(len(line_points) + 1, 2 * 10**places)
        if abs(sum(line_points) - Fraction(points)) > tolerance:
            raise VerificationError(f"{unit}: the lines of {module} do not sum to it")


def report_adoption(
    events: Events,
    book: CheckedRulebook,
    digest: str,
) -> None:
    """Print which rulebook was used and whether an event of the tree adopts it."""
    book_id = book.data["id"]
    title = f"the rulebook {book_id} {digest[:16]}"
    for event in events:
        if event.kind == "RulebookAdopted" and event.fields.get("digest") == digest:
            confirm(f"{title} was adopted by {event.name}")
            return
    remark(f"no event here adopts {title}; compare its digest with one that you know")


# 2. Events: reading them, growing the tree, following the signing key -----------------------------


def grow(
    lines: Iterable[bytes],
    tree: MerkleTree,
    claims: TreeClaims,
    origin: str,
    keys: list[PublicKey],
    times: RecordTimes,
) -> tuple[Streams, list[StoredEvent]]:
    """Read the events one by one into the tree; return the scored streams and the publications.

    `keys` grows by each change of the signing key, `times` by each event.
    """
    streams: Streams = {}
    versions: dict[str, int] = defaultdict(int)
    publications: list[StoredEvent] = []
    claims.check_at(tree, None, "nothing")
    for line in lines:
        event = parse_event(tree.size + 1, line)
        limit = LIMITS["events"]
        if tree.size >= limit:
            raise UnusableError(
                f"there are more than {limit} events; use --large if you trust the file's maker"
            )
        versions[event.stream] += 1
        _check_version(event, versions[event.stream])
        if event.kind in ("ScoresPublished", "BoardPublished"):
            _check_named_tree(event, tree)
            publications.append(event)
        elif event.kind == "SigningKeyChanged":
            follow_key_change(event, origin, keys)
        times.add(event)
        leaf = tree.leaf(event)
        tree.append(leaf)
        if _bears_on_scores(event):
            streams.setdefault(event.stream, []).append(event)
        # Checked at once, since the tree keeps no earlier state.
        claims.check_at(tree, leaf, event.name)
    claims.check_end(tree.size)
    return streams, publications


def parse_event(
    position: int,
    line: bytes,
) -> StoredEvent:
    """Read one line of events.txt: stream, version, topic and stored bytes, parted by tabs."""
    parts = line.split(b"\t", 3)
    if len(parts) != 4:
        raise VerificationError(f"position {position} is not an event")
    stream, version, topic, state = parts
    # 18 digits keep the version within 64 bits, and a huge number from being parsed at all.
    if not version.isdigit() or len(version) > 18:
        raise VerificationError(f"position {position} is not an event")
    try:
        return StoredEvent(
            position,
            stream.decode(),
            int(version),
            topic.decode(),
            state,
        )
    except UnicodeDecodeError:
        raise VerificationError(f"position {position} is not UTF-8") from None


def _check_version(
    event: StoredEvent,
    expected: int,
) -> None:
    if event.version != expected:
        raise VerificationError(
            f"position {event.position}: {event.name} should be version {expected} of its stream"
        )


def _bears_on_scores(event: StoredEvent) -> bool:
    """Tell whether to keep an event: the rest is hashed and dropped, to bound the memory."""
    if event.stream == "county":
        return event.kind in COUNTY_EVENTS_OF_SCORES
    return event.kind not in UNSCORED


def _check_named_tree(
    event: StoredEvent,
    tree: MerkleTree,
) -> None:
    """Check that a publication names the tree that it was added to."""
    fields = event.fields
    named_tree = (fields.get("tree_size"), fields.get("root"))
    if named_tree != (tree.size, tree.root().hex()):
        raise VerificationError(
            f"publication {event.name} does not name the tree that it was added to"
        )


def follow_key_change(
    event: StoredEvent,
    origin: str,
    keys: list[PublicKey],
) -> None:
    """Append the new signing key; it is vouched for if the previous key signed for it."""
    fields = event.fields
    new_key = PublicKey(text_field(fields, "verifier_key"))
    new_key.since = event.position
    for previous_key in keys[-1:]:
        previous_key.until = event.position
    endorsement = fields.get("endorsement")
    if endorsement:
        note = f"{origin}\nfrom here on the signing key is\n{new_key.written}\n\n{endorsement}\n"
        open_note(note, keys[-1:])
        new_key.vouched = True
        confirm(f"{event.name}: the signing key was changed; the previous key signed for it")
    else:
        reason = fields.get("reason")
        remark(
            f"{event.name}: the signing key was changed; "
            f"the previous key did not sign for it ({reason})"
        )
    keys.append(new_key)


class TimeCorrection(NamedTuple):
    """By which event the events from `first` to `last` count as recorded at another moment."""

    event: str
    first: int
    last: int
    moment: int
    recorded_at: str
    reason: str


class RecordTimes:
    """When each event counts as recorded: at its stamp, or as the last correction of it says.

    A correction counts at every moment, also before it was recorded itself.
    """

    def __init__(self) -> None:
        # Microseconds, eight bytes an event: a bundle may hold hundreds of thousands.
        self._stamps: array[int] = array("q")
        self.corrections: list[TimeCorrection] = []
        self._correcting_versions: set[object] = set()

    def add(self, event: StoredEvent) -> None:
        """Take the next event's stamp, and what it says of earlier ones."""
        fields = event.fields
        stamp = microseconds(as_moment(fields.get("recorded_at"), event.name))
        if event.kind == "RecordTimeCorrected":
            self._correct(event, fields, stamp)
        elif event.stream == "county" and event.kind == "FactCorrected":
            self._check_target(event, fields.get("corrects"))
        self._stamps.append(stamp)

    def _check_target(self, event: StoredEvent, version: object) -> None:
        if version in self._correcting_versions:
            raise VerificationError(
                f"{event.name} corrects a correction of record times, which no event may"
            )

    def _correct(self, event: StoredEvent, fields: JsonObject, stamp: int) -> None:
        recorded_at = text_field(fields, "corrected_recorded_at")
        correction = TimeCorrection(
            event.name,
            count_field(fields, "first"),
            count_field(fields, "last"),
            microseconds(as_moment(recorded_at, event.name)),
            recorded_at,
            text_field(fields, "reason"),
        )
        if not 1 <= correction.first <= correction.last < event.position:
            raise VerificationError(f"{event.name} corrects positions that were not recorded yet")
        if correction.moment > stamp:
            raise VerificationError(f"{event.name} corrects record times to one after its own")
        self.corrections.append(correction)
        self._correcting_versions.add(event.version)

    def corrected(self) -> Sequence[int]:
        """Return when each event counts as recorded, in microseconds; the moments never fall."""
        moments = self._stamps[:]
        for correction in self.corrections:
            span = slice(correction.first - 1, correction.last)
            count = correction.last - correction.first + 1
            moments[span] = array("q", [correction.moment]) * count
        for index in range(1, len(moments)):
            if moments[index] < moments[index - 1]:
                raise VerificationError(
                    f"position {index + 1} counts as recorded before the event before it"
                )
        return moments


def position_at(moments: Sequence[int], known_at: datetime) -> int:
    """Return the last position that counts as recorded at or before a moment."""
    return bisect_right(moments, microseconds(known_at))


def known_moment(written: str) -> datetime:
    """Return the moment of `--known-at`; a day alone means its last moment, as in `lifecycle`."""
    moment = as_moment(written, "--known-at")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return moment + timedelta(days=1) - timedelta(microseconds=1)
    return moment


def report_record_times(times: RecordTimes, known_at: datetime | None) -> None:
    """Check that record times nowhere fall, name their corrections, and say what was known when."""
    moments = times.corrected()
    for correction in times.corrections:
        remark(
            f"{correction.event}: positions {correction.first} to {correction.last} count as "
            f"recorded at {correction.recorded_at} ({correction.reason})"
        )
    if known_at is not None:
        position = position_at(moments, known_at)
        confirm(f"as known at {known_at.isoformat()} the ledger ends at position {position}")


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970, whole: two moments compare exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def as_moment(value: object, label: str) -> datetime:
    """Return a moment written in ISO; one without a zone is Asia/Shanghai."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise VerificationError(f"{label}: {str(value)[:40]!r} is not a moment") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def check_signatures(
    notes: Sequence[str],
    keys: Keys,
    trusted: str | None,
    size: int,
) -> int:
    """Check that every checkpoint is signed by a key of the ledger, one at least by a trusted key.

    Return how many events the trusted key and those that it signed for vouch for.
    """
    signed: list[tuple[int, PublicKey]] = []
    for note in notes:
        checkpoint, key = open_checkpoint(note, keys)
        signed.append((checkpoint.size, key))
    confirm(f"{len(signed)} signed checkpoints")

    believed = list(keys)
    if trusted is not None:
        believed = vouched_keys(keys, trusted)
    sizes = [signed_size for signed_size, key in signed if key in believed]
    last_signed = max(sizes, default=0)
    if trusted is None:
        if keys:
            remark(f"compare this key with the one that you noted: {keys[0].written}")
    elif sizes:
        confirm(
            "the key that you trust, or one that it signed for, "
            f"signed the tree of the first {last_signed} events"
        )
    else:
        raise VerificationError(
            f"no checkpoint is signed by the key that you trust, {trusted}, "
            "nor by one that it signed for"
        )
    if size > last_signed:
        remark(f"the last {size - last_signed} events come after the last signed checkpoint")
    return 0 if trusted is None else last_signed


def check_cosignatures(
    notes: Sequence[str],
    listed: Sequence[str],
    trusted: Sequence[str],
) -> int:
    """Check the cosignatures of the cosigners that the bundle lists and of those that you trust.

    Return how many events those that you trust vouch for: a key inside the bundle does not.
    """
    vouched_up_to = 0
    for written in dict.fromkeys([*trusted, *listed]):
        key = PublicKey(written, COSIGNATURE)
        moments = [moment for note in notes for moment in cosigned_at(note, key)]
        if not moments and written in trusted:
            raise VerificationError(
                f"no checkpoint is cosigned by the cosigner that you trust, {written}"
            )
        size, timestamp = max(moments, default=(0, 0))
        moment = moment_text(timestamp)
        if written in trusted:
            confirm(f"{key.name}, whom you trust, cosigned the first {size} events at {moment}")
            vouched_up_to = max(vouched_up_to, size)
        elif moments:
            remark(
                f"{key.name} cosigned the first {size} events at {moment}; "
                f"if you noted this key, pass it with --cosigner: {written}"
            )
    return vouched_up_to


def open_checkpoint(
    note: str,
    keys: Keys,
) -> tuple[Checkpoint, PublicKey]:
    """Return a signed checkpoint and the key that signed it, if that key signed at its size.

    A key signs from its own change to the next: one that was lost or stolen, and replaced, no more.
    """
    note_text, signer = open_note(note, keys)
    checkpoint = parse_checkpoint(note_text)
    for key in keys:
        # A key may come back into use, so the same one may stand here twice.
        if key.written == signer.written and key.since <= checkpoint.size < key.until:
            return checkpoint, key
    raise VerificationError(
        f"a checkpoint of {checkpoint.size} events is signed by {signer.written}, "
        "which did not sign for the ledger at that size"
    )


def vouched_keys(
    keys: Keys,
    trusted: str,
) -> list[PublicKey]:
    """Return the trusted key and its successors, up to the first without its signature."""
    vouched: list[PublicKey] = []
    for key in keys:
        if key.written == trusted or (vouched and key.vouched):
            vouched.append(key)
        elif vouched:
            break
    return vouched


# 3. Claims about the tree: checkpoints, receipts, witness files -----------------------------------


class LedgerIdentity(NamedTuple):
    """Which ledger a file speaks of."""

    origin: str
    tree_hash: str


class TreeClaims:
    """Recorded roots and leaves, checked while the tree grows.

    The tree passes each size once and keeps no leaves, so claims are collected beforehand. What
    receipts and a region's publications name is only looked up: it is judged once the whole is
    known.
    """

    def __init__(self) -> None:
        self.roots: dict[int, list[tuple[bytes, str]]] = {}
        self.witness_prefixes: list[tuple[bytes, str]] = []
        self.looked_up_roots: dict[int, bytes | None] = {}
        self.receipt_places: dict[int, ReceiptPlace] = {}

    def add_root(
        self,
        size: int,
        root: bytes,
        source: str,
    ) -> None:
        """Add a claimed root of the tree at a size."""
        self.roots.setdefault(size, []).append((root, source))

    def follow_receipts(
        self,
        receipts: ReceiptFile,
        identity: LedgerIdentity,
    ) -> None:
        """Look up what the tree holds where a receipt file says something."""
        if receipts.identity != identity:
            raise VerificationError(f"{receipts.path} belongs to another ledger")
        if receipts.checkpoint is not None:
            self.look_up_root(receipts.checkpoint.size)
        for receipt in receipts.events:
            self.receipt_places[receipt.position] = ReceiptPlace(None, "nothing")

    def look_up_root(self, size: int) -> None:
        """Look up the root at a size, 0 events included, if the tree gets there."""
        self.looked_up_roots[size] = None

    def add_witness(
        self,
        prefixes: bytes,
        source: str,
    ) -> None:
        """Add a witness file's leaves: the first 8 bytes of each, one after another."""
        self.witness_prefixes.append((prefixes, source))

    def check_at(
        self,
        tree: MerkleTree,
        leaf: bytes | None,
        event: str,
    ) -> None:
        """Check the claims about the tree at its present size; `leaf` is its last."""
        for prefixes, source in self.witness_prefixes:
            prefix = prefixes[8 * tree.size - 8 : 8 * tree.size]
            if leaf is not None and not leaf.startswith(prefix):
                raise _different_event(source, tree.size, event)
        if tree.size in self.receipt_places:
            self.receipt_places[tree.size] = ReceiptPlace(leaf, event)
        if tree.size in self.looked_up_roots:
            self.looked_up_roots[tree.size] = tree.root()
        for claimed, source in self.roots.pop(tree.size, []):
            if tree.root() != claimed:
                raise VerificationError(
                    f"{source} records another root for the first {tree.size} events"
                )

    def check_end(self, size: int) -> None:
        """Check that no claim is left about events beyond the end."""
        missing: list[tuple[int, str]] = []
        for claimed_size, entries in self.roots.items():
            missing += [(claimed_size, source) for _, source in entries]
        if missing:
            claimed_size, source = min(missing)
            raise VerificationError(f"{source} covers {claimed_size} events; the bundle has {size}")


def _different_event(
    source: str,
    position: int,
    event: str,
) -> VerificationError:
    return VerificationError(
        f"{source} records another event at position {position}, which now holds {event}"
    )


def claim_manifest(
    manifest: JsonObject,
    claims: TreeClaims,
) -> None:
    """Add the root that the manifest records for the whole ledger."""
    size = count_field(manifest, "tree_size")
    root = digest_field(manifest, "root")
    claims.add_root(size, root, "the manifest")


def claim_checkpoints(
    notes: Sequence[str],
    identity: LedgerIdentity,
    claims: TreeClaims,
) -> None:
    """Add the roots of the bundle's checkpoints; their signatures are checked later."""
    for note in notes:
        note_text, _ = split_note(note)
        checkpoint = parse_checkpoint(note_text)
        if checkpoint.identity != identity:
            raise VerificationError(f"a checkpoint belongs to another ledger, {checkpoint.origin}")
        claims.add_root(checkpoint.size, checkpoint.root, f"the checkpoint at {checkpoint.size}")


class ReceiptPlace(NamedTuple):
    """What the tree holds at a position that a receipt names."""

    leaf: bytes | None
    event: str


class Receipt(NamedTuple):
    """What a receipt says of one event; `entry` is the text whose hash the leaf is."""

    event: str
    position: int
    leaf: bytes
    proof: list[bytes] | None
    entry: str | None


class ReceiptFile(NamedTuple):
    """A receipt file. `note` is its signed checkpoint; files of version 1 have an unsigned one."""

    path: str
    identity: LedgerIdentity
    note: str | None
    checkpoint: Checkpoint | None
    events: list[Receipt]


def read_receipts(path: str) -> ReceiptFile:
    """Read a receipt file of version 1 or 2; one that cannot be used is rejected."""
    with evidence(path):
        document = as_object(read_file(path), path)
        entries = list_field(document, "events")
        if not entries:
            raise UnusableError(f"{path} has no receipt of any event, so it proves nothing")
        identity = LedgerIdentity(
            text_field(document, "origin"),
            text_field(document, "tree_hash"),
        )
        if document.get("format") == "lifecycle-receipt/1":
            note = None
            checkpoint: Checkpoint | None = Checkpoint(
                identity.origin,
                count_field(document, "tree_size"),
                digest_field(document, "root"),
                identity.tree_hash,
            )
        elif document.get("format") == "lifecycle-receipt/2":
            note, checkpoint = _receipt_checkpoint(document)
            if checkpoint is not None and checkpoint.identity != identity:
                raise UnusableError(f"{path}: its checkpoint belongs to another ledger")
        else:
            raise UnusableError(f"{path} is not in the format lifecycle-receipt/2")
        events = [_receipt(entry) for entry in entries]
    return ReceiptFile(path, identity, note, checkpoint, events)


def _receipt_checkpoint(document: JsonObject) -> tuple[str | None, Checkpoint | None]:
    """Return a receipt file's signed checkpoint, as written and as read; None where unsigned."""
    if document.get("checkpoint") is None:
        return None, None
    note = text_field(document, "checkpoint")
    note_text, _ = split_note(note)
    return note, parse_checkpoint(note_text)


def _receipt(entry: JsonObject) -> Receipt:
    proof = None
    if entry.get("proof") is not None:
        proof = [as_digest(node, "a proof") for node in list_field(entry, "proof")]
    text = None
    if entry.get("entry") is not None:
        text = text_field(entry, "entry")
    return Receipt(
        text_field(entry, "event"),
        count_field(entry, "position"),
        digest_field(entry, "leaf"),
        proof,
        text,
    )


def check_receipts(
    receipts: ReceiptFile,
    claims: TreeClaims,
    keys: Keys,
    tree: MerkleTree,
) -> int:
    """Check a receipt file against the tree; return how many events it vouches for."""
    path = receipts.path
    reason = "the receipt is unsigned and may be invented"
    if receipts.note is not None:
        reason = "the ledger's key signed the receipt"
        _check_receipt_signature(receipts, receipts.note, keys, tree)
    checkpoint = receipts.checkpoint
    if checkpoint is not None and checkpoint.size > tree.size:
        raise VerificationError(
            f"{path} covers {checkpoint.size} events; the bundle has {tree.size}; {reason}"
        )
    _check_receipt_events(receipts, claims, tree, reason)
    if checkpoint is None:
        confirm(f"receipts in {path}: their events are present and unchanged")
        remark(f"{path} is unsigned, so it vouches for its own events and for no others")
        return 0
    if claims.looked_up_roots[checkpoint.size] != checkpoint.root:
        raise VerificationError(
            f"{path} records another root for the first {checkpoint.size} events; {reason}"
        )
    confirm(f"receipts in {path}: their events are present and unchanged")
    return checkpoint.size


def _check_receipt_events(
    receipts: ReceiptFile,
    claims: TreeClaims,
    tree: MerkleTree,
    reason: str,
) -> None:
    """Check that each event of a receipt file stands where it says, with the bytes it names."""
    path = receipts.path
    for receipt in receipts.events:
        place = claims.receipt_places[receipt.position]
        if receipt.leaf != place.leaf:
            raise VerificationError(
                f"{path} records another event at position {receipt.position}, "
                f"which now holds {place.event}; {reason}"
            )
        if receipt.event != place.event:
            raise VerificationError(
                f"{path} calls the event at position {receipt.position} {receipt.event}; "
                f"it is {place.event}"
            )
        if receipt.entry is not None and _entry_leaf(receipt.entry, tree) != receipt.leaf:
            raise VerificationError(
                f"{path}: the entry of {receipt.event} is not the one that its leaf is the hash of"
            )


def _check_receipt_signature(
    receipts: ReceiptFile,
    note: str,
    keys: Keys,
    tree: MerkleTree,
) -> None:
    """Check that a key of the ledger signed the receipts, and that they lie in the signed tree."""
    path = receipts.path
    try:
        checkpoint, _ = open_checkpoint(note, keys)
    except VerificationError as failure:
        raise VerificationError(
            f"{path}: {failure}: the receipt was invented, or the ledger's key was replaced"
        ) from None
    for receipt in receipts.events:
        root = inclusion_root(
            tree.hash,
            receipt.leaf,
            receipt.position - 1,
            checkpoint.size,
            receipt.proof or [],
        )
        if root != checkpoint.root:
            raise VerificationError(
                f"{path}: {receipt.event} is not in the tree that was signed: it was invented"
            )


def _entry_leaf(
    entry: str,
    tree: MerkleTree,
) -> bytes:
    return tree.hash(b"\x00" + entry.encode())


class WitnessLine(NamedTuple):
    """A checkpoint in a witness file, with the key that the auditor first saw."""

    source: str
    key: str
    note: str
    checkpoint: Checkpoint


class WitnessFile(NamedTuple):
    """A witness file: its checkpoints, and for each run the first 8 bytes of every leaf."""

    path: str
    lines: list[WitnessLine]
    runs: list[bytearray]


def read_witness(path: str) -> WitnessFile:
    """Read a witness file; one that cannot be used is rejected."""
    witness = WitnessFile(path, [], [])
    with evidence(path):
        for number, line in enumerate(io.BytesIO(read_file(path)), 1):
            # The command `copy a+b c` of Windows ends the joined file with a SUB character.
            if line.strip(b" \t\n\x1a"):
                _add_witness_line(witness, f"{path}:{number}", line)
        # An empty file, or checkpoints of an empty ledger alone, agree with every bundle.
        if not any(witness.runs):
            raise UnusableError(f"{path} has no checkpoint of any event, so it proves nothing")
    return witness


def _add_witness_line(
    witness: WitnessFile,
    source: str,
    text: bytes,
) -> None:
    entry = as_object(text, source)
    note = as_text(entry.get("checkpoint"), source)
    key = PublicKey(as_text(entry.get("key"), source))
    note_text, _ = open_note(note, [key])
    checkpoint = parse_checkpoint(note_text)
    last_size = witness.lines[-1].checkpoint.size if witness.lines else 0
    # A line holds 8 bytes of each leaf since the line before it. Where files were joined, the
    # first line of the next one holds those of all leaves.
    line_prefixes = decode_base64(as_text(entry.get("leaves"), source), source)
    if len(line_prefixes) == 8 * checkpoint.size:
        witness.runs.append(bytearray())
    elif len(line_prefixes) != 8 * (checkpoint.size - last_size):
        raise UnusableError(f"{source} is damaged")
    witness.runs[-1] += line_prefixes
    witness.lines.append(WitnessLine(source, key.written, note, checkpoint))


def claim_witness(
    witness: WitnessFile,
    identity: LedgerIdentity,
    claims: TreeClaims,
) -> None:
    """Add what a witness file records."""
    for line in witness.lines:
        checkpoint = line.checkpoint
        if checkpoint.identity != identity:
            raise VerificationError(f"{line.source} belongs to another ledger")
        claims.add_root(checkpoint.size, checkpoint.root, line.source)
    for prefixes in witness.runs:
        claims.add_witness(bytes(prefixes), witness.path)


def check_witness_keys(
    witness: WitnessFile,
    keys: Keys,
) -> int:
    """Check that the ledger's keys signed what was witnessed; return how many events it covers."""
    for line in witness.lines:
        try:
            open_checkpoint(line.note, keys)
        except VerificationError as failure:
            raise VerificationError(f"{line.source}: {failure}") from None
    confirm(f"witness file {witness.path}: this is the ledger that it recorded")
    return max(line.checkpoint.size for line in witness.lines)


# 4. Publications, the rulebooks they name, and the members of a region ---------------------------

# What scores take from the calendar has been the same in every version.
CALENDAR = "c93ab005db467d85e9258a3770008a6d26e2c958f352fb6a5fb0284b36fb894b"
KNOWN_EVALUATORS = r"lifecycle 0\.[12]\.[0-9]+"
# These rank every registered unit, and their publications bear no mark where they are not official.
FIRST_EVALUATORS = r"lifecycle 0\.1\.[0-9]+"
# kaihua-2024 counts for its year where the county adopted no rulebook.
STAND_IN = "bf875488fd2a02528aee8e3e458975d2a6c666b7a0096bf15aea44ece2ab0224"
STAND_IN_YEAR = 2024
PublicationSubject = tuple[Any, ...]  # what is published: its kind, year and day


def check_publication(
    event: StoredEvent,
    streams: Streams,
    books: dict[str, CheckedRulebook],
    calendars: set[str],
) -> None:
    """Recompute a publication and compare it with what was published, number by number."""
    fields = event.fields
    title = _publication_title(event, fields)
    book = _published_rulebook(title, fields, books)
    if fields.get("calendar_digest") not in calendars:
        raise VerificationError(f"{title}: its calendar is not in the bundle")
    first_rules = _published_by_first_rules(title, fields)
    day = date.fromisoformat(text_field(fields, "as_of"))
    year = count_field(fields, "year")
    position = count_field(fields, "position")
    result = fields.get("result") or {}
    for axis in ("year", "as_of", "month"):
        if result.get(axis) != fields.get(axis):
            raise VerificationError(f"{title}: its result has another {axis}")

    if event.kind == "ScoresPublished":
        rows = scores(streams, book, year, day, position, first_rules=first_rules)
    else:
        month = text_field(fields, "month")
        recomputed = board(streams, book, month, position, first_rules=first_rules)
        if (recomputed["as_of"], day.year) != (day, year):
            raise VerificationError(f"{title}: its date is not the last day of its month")
        if first_rules:
            _remove_names(recomputed["candidates"])
            _remove_names(recomputed["listed"])
            _remove_names(recomputed["interviews"])
        _compare_lists(title, result, recomputed)
        rows = recomputed["units"]
    if first_rules:
        _remove_names(rows)
    _compare_units(title, list_field(result, "units"), rows)
    if isinstance(streams, RegionStreams):
        _compare_conflicts(title, result, counted_twice(streams, day))
    confirm(f"{title}: all {len(rows)} units, recomputed, have the published points and ranks")


def _published_by_first_rules(
    title: str,
    fields: JsonObject,
) -> bool:
    """Tell whether version 0.1 computed a publication. An unknown evaluator is rejected."""
    evaluator = text_field(fields, "evaluator")
    if not re.fullmatch(KNOWN_EVALUATORS, evaluator):
        raise VerificationError(
            f"{title}: it was computed by {evaluator[:80]!r}, unknown to this verifier"
        )
    return re.fullmatch(FIRST_EVALUATORS, evaluator) is not None


def _published_rulebook(
    title: str,
    fields: JsonObject,
    books: dict[str, CheckedRulebook],
) -> CheckedRulebook:
    """Return the rulebook that a publication names by digest and id."""
    book = books.get(text_field(fields, "rulebook_digest"))
    if book is None:
        book_id = fields.get("rulebook_id")
        raise VerificationError(f"{title}: its rulebook {book_id} is missing")
    if fields.get("rulebook_id") != book.data["id"]:
        raise VerificationError(f"{title}: its rulebook has another id")
    return book


def _remove_names(rows: Rows) -> None:
    """Leave rows as version 0.1 had them, where a unit had its identity alone."""
    for row in rows:
        del row["name"]


def _publication_title(
    event: StoredEvent,
    fields: JsonObject,
) -> str:
    year = fields.get("year")
    as_of = fields.get("as_of")
    return f"publication {event.name} ({event.kind} {year}, as of {as_of})"


def _compare_lists(
    title: str,
    published: JsonObject,
    recomputed: JsonObject,
) -> None:
    for name in ("candidates", "listed", "interviews"):
        if published.get(name) != recomputed[name]:
            raise VerificationError(
                f"{title}, {name}: published {published.get(name)}, recomputed {recomputed[name]}"
            )


def _compare_conflicts(
    title: str,
    published: JsonObject,
    recomputed: Rows,
) -> None:
    """Compare the projects that two members report."""
    conflicts = published.get("counted_twice")
    if conflicts != recomputed:
        raise VerificationError(
            f"{title}, counted_twice: published {conflicts}, recomputed {recomputed}"
        )


def _compare_units(
    title: str,
    published: Rows,
    recomputed: Rows,
) -> None:
    published_units = [row.get("unit") for row in published]
    if published_units != [row["unit"] for row in recomputed]:
        raise VerificationError(f"{title}: the units, or their order, differ")
    for published_row, row in zip(published, recomputed):
        unit = row["unit"]
        for name in _compared_fields(published_row, row):
            if published_row.get(name) != row.get(name):
                raise VerificationError(
                    f"{title}: {unit}, {name}: "
                    f"published {published_row.get(name)}, recomputed {row.get(name)}"
                )


# What a unit's row has gained since 0.1.0: an older row lacks it, and is compared without it.
ADDED_FIELDS = {"rests_on"}


def _compared_fields(
    claimed: JsonObject,
    recomputed: JsonObject,
) -> list[str]:
    """Return the fields of a row to compare: all, less those that an older version did not have."""
    return sorted({*claimed, *recomputed} - (ADDED_FIELDS - set(claimed)))


def report_standing(
    event: StoredEvent,
    county: Events,
    books: dict[str, CheckedRulebook],
    last_official: dict[PublicationSubject, str],
) -> None:
    """Print what a publication rests on, whether it is official, and what it supersedes.

    Official is what was computed by the rulebook in force, as known at the ledger's end, without a
    mark. All of that is judged from the events. `last_official` holds the last one of each subject.
    """
    fields, title = event.fields, _publication_title(event, event.fields)
    digest = text_field(fields, "rulebook_digest")
    year = count_field(fields, "year")
    day = date.fromisoformat(text_field(fields, "as_of"))
    position, size = count_field(fields, "position"), count_field(fields, "tree_size")
    adopted_then = adopted_digests(county, position)
    is_in_force = rulebook_in_force(adopted_then, books, year, day) == digest
    adopted = "adopted" if digest in adopted_digests(county, size) else "not adopted"
    force = "in force" if is_in_force else "not in force"
    members = published_members(fields)
    basis = (
        f"rulebook {books[digest].data['id']} {digest}, {adopted}, {force}; "
        f"known at position {position} of {size}{_counted_text(members)}"
    )
    is_complete = members is None or all_members_stand(members)
    reason = fields.get("unofficial")
    if is_in_force and position == size and is_complete and reason is None:
        # What a region's ledger gives without its members is another result.
        subject = (event.kind, year, day, members is not None)
        superseded = last_official.get(subject)
        last_official[subject] = event.name
        supersedes = f"; it supersedes {superseded}" if superseded else ""
        confirm(f"{title} is official: {basis}{supersedes}")
    elif reason is not None:
        remark(f"{title} is NOT OFFICIAL and supersedes nothing: {basis}; reason given: {reason}")
    elif re.fullmatch(FIRST_EVALUATORS, text_field(fields, "evaluator")):
        remark(f"{title} is NOT OFFICIAL and supersedes nothing: {basis}")
    else:
        raise VerificationError(f"{title} is not official and bears no mark of it: {basis}")


class PublishedMember(NamedTuple):
    """A region's member as a publication counts it, and the tree that it names."""

    unit: str
    is_counted: bool
    left_out: str | None
    position: int
    origin: str
    tree_size: int
    root: str

    @property
    def stands(self) -> bool:
        """Whether all of its tree counts, or a person named it as absent."""
        if self.left_out is not None:
            return True
        return self.is_counted and self.position == self.tree_size


def published_members(fields: JsonObject) -> list[PublishedMember] | None:
    """Return the members that a region's publication names; None where it is a county's."""
    if fields.get("members") is None:
        return None
    members = [_published_member(entry) for entry in list_field(fields, "members")]
    units = [member.unit for member in members]
    if len(set(units)) != len(units):
        raise VerificationError("a publication names a member twice")
    _require_own_ledgers(members)
    return members


def _require_own_ledgers(members: Sequence[PublishedMember]) -> None:
    """Reject one ledger that counts under two names: its projects would score twice."""
    units: dict[str, str] = {}
    for member in members:
        if not member.is_counted:
            continue
        first = units.setdefault(member.origin, member.unit)
        if first != member.unit:
            raise VerificationError(
                f"a publication counts one ledger, {member.origin}, as {first} and {member.unit}"
            )


def _published_member(entry: JsonObject) -> PublishedMember:
    """Read a member; the signed checkpoint that it was counted by must name the same tree."""
    unit = text_field(entry, "unit")
    is_counted = entry.get("counted") is True
    left_out = entry.get("left_out")
    if not is_counted:
        return PublishedMember(unit, is_counted, left_out, 0, "", 0, "")
    if entry.get("verdict") != "VERIFIED" or left_out is not None:
        raise VerificationError(
            f"{unit}: counted, although its verdict is {entry.get('verdict')} "
            f"and the reason to leave it out: {left_out}"
        )
    member = PublishedMember(
        unit,
        is_counted,
        None,
        as_count(entry.get("position"), f"{unit}: position"),
        text_field(entry, "origin"),
        count_field(entry, "tree_size"),
        digest_field(entry, "root").hex(),
    )
    note_text, _ = split_note(text_field(entry, "checkpoint"))
    checkpoint = parse_checkpoint(note_text)
    named_tree = (checkpoint.origin, checkpoint.size, checkpoint.root.hex())
    if named_tree != (member.origin, member.tree_size, member.root):
        raise VerificationError(f"{unit}: its signed checkpoint names another tree")
    if member.position > member.tree_size:
        raise VerificationError(f"{unit}: more events are counted than its checkpoint covers")
    return member


def all_members_stand(members: Sequence[PublishedMember]) -> bool:
    """Tell whether a region's result is whole: every member counts in full or is named as absent.

    A result of no member at all is none.
    """
    return any(member.is_counted for member in members) and all(member.stands for member in members)


def _counted_text(members: Sequence[PublishedMember] | None) -> str:
    if members is None:
        return ""
    counted = [member for member in members if member.is_counted]
    text = f"; {len(counted)} of {len(members)} members counted"
    absent: list[str] = []
    for member in members:
        if not member.is_counted:
            reason = "no reason" if member.left_out is None else member.left_out
            absent.append(f"{member.unit} ({reason})")
    return f"{text}, without {', '.join(absent)}" if absent else text


class MemberBundle(NamedTuple):
    """The bundle of a region's member, checked in itself."""

    path: str
    size: int
    streams: Streams
    roots: dict[int, str]  # at the sizes that publications name, as far as it reaches
    keys: list[PublicKey]


MemberBundles = dict[str, MemberBundle]  # by the origin of the ledger


def read_member_bundles(
    paths: Sequence[str],
    publications: Sequence[StoredEvent],
) -> MemberBundles:
    """Check the bundles of a region's members, each in itself; return them by their origin."""
    sizes: dict[str, set[int]] = {}
    for event in publications:
        for member in published_members(event.fields) or ():
            if member.is_counted:
                sizes.setdefault(member.origin, set()).add(member.tree_size)
    bundles: MemberBundles = {}
    for path in paths:
        try:
            origin, bundle = _read_member_bundle(path, sizes)
        except VerificationError as failure:
            # Which of several files it is decides what to do.
            raise type(failure)(f"{path}: {failure}") from None
        if origin in bundles:
            raise UnusableError(f"{path} and {bundles[origin].path} are of one ledger, {origin}")
        bundles[origin] = bundle
        if origin not in sizes:
            remark(f"{path} is of the ledger {origin}, which no publication here counts")
    return bundles


def _read_member_bundle(
    path: str,
    sizes: dict[str, set[int]],
) -> tuple[str, MemberBundle]:
    """Grow the tree of a member's bundle and check its checkpoints; return its origin and it."""
    with open_zip(path) as archive:
        manifest = _read_manifest(archive)
        identity = _ledger_identity(manifest)
        tree = MerkleTree(identity.tree_hash)
        claims = TreeClaims()
        claim_manifest(manifest, claims)
        for size in sizes.get(identity.origin, ()):
            claims.look_up_root(size)
        notes = [as_text(note, "a checkpoint") for note in list_field(manifest, "checkpoints")]
        claim_checkpoints(notes, identity, claims)
        keys = _first_key(manifest)
        events = read_lines(archive, "events.txt")
        streams, _ = grow(events, tree, claims, identity.origin, keys, RecordTimes())
    for note in notes:
        open_checkpoint(note, keys)
    root = tree.root().hex()
    confirm(f"{path}: {tree.size} events of {identity.origin} form the tree with root {root}")
    if keys:
        remark(f"{path}: compare its key with the one that the member gave: {keys[0].written}")
    looked_up = claims.looked_up_roots.items()
    roots = {size: root.hex() for size, root in looked_up if root is not None}
    return identity.origin, MemberBundle(path, tree.size, streams, roots, keys)


def published_history(
    event: StoredEvent,
    streams: Streams,
    bundles: MemberBundles,
) -> tuple[Streams, list[str]]:
    """Return the events that a publication rests on, and which members' are lacking.

    A county's rests on its own ledger, a region's on those of its members besides.
    """
    fields = event.fields
    members = published_members(fields)
    if members is None:
        return streams, []
    title = _publication_title(event, fields)
    histories: list[MemberHistory] = []
    lacking: list[str] = []
    for member, entry in zip(members, list_field(fields, "members")):
        if not member.is_counted:
            continue
        bundle = bundles.get(member.origin)
        if bundle is None:
            lacking.append(f"{member.unit} (no bundle of {member.origin})")
        elif bundle.size < member.tree_size:
            lacking.append(
                f"{member.unit} ({bundle.path} is older: "
                f"{bundle.size} of the {member.tree_size} events counted)"
            )
        else:
            _check_member_tree(title, member, bundle, entry)
            histories.append(MemberHistory(member.unit, bundle.streams, member.position))
    absent = {member.unit for member in members if not member.is_counted}
    return RegionStreams(streams, histories, absent), lacking


def _check_member_tree(
    title: str,
    member: PublishedMember,
    bundle: MemberBundle,
    entry: JsonObject,
) -> None:
    """Check that a member's bundle begins with the tree published, and its key signed for it."""
    root = bundle.roots[member.tree_size]
    if root != member.root:
        raise VerificationError(
            f"{title}: {member.unit}: the first {member.tree_size} events were published with the "
            f"root {member.root}; in {bundle.path} they have {root}"
        )
    with_name = f"{title}: {member.unit}"
    try:
        open_checkpoint(text_field(entry, "checkpoint"), bundle.keys)
    except VerificationError as failure:
        raise VerificationError(f"{with_name}: {failure}") from None
    confirm(
        f"{with_name}: {bundle.path} begins with the {member.tree_size} events counted, "
        "which a key of its ledger signed"
    )


def adopted_digests(
    county: Events,
    position: int,
) -> list[str]:
    """Return the digests of the rulebooks adopted by a position, in the order of adoption."""
    facts = effective(county, position)
    adoptions = [fact for fact in facts if fact.kind == "RulebookAdopted"]
    adoptions.sort(key=lambda fact: fact.version)
    return [text_field(fact.fields, "digest") for fact in adoptions]


def rulebook_in_force(
    adopted: Sequence[str],
    books: dict[str, CheckedRulebook],
    year: int,
    day: date,
) -> str | None:
    """Return the digest of the rulebook that counts for a year as of a day; None where none does.

    Of several for the same time the one adopted last counts. Where one takes another's place within
    the year, the table `change` of the one that begins last says what counts.
    """
    spans: list[RulebookSpan] = []
    for digest in adopted:
        if digest not in books:
            raise VerificationError(f"the adopted rulebook {digest[:12]} is missing")
        span = _rulebook_span(digest, books[digest])
        if span.begins.year <= year <= span.ends.year:
            spans.append(span)
    if not spans:
        return STAND_IN if year == STAND_IN_YEAR else None
    last = spans[-1]
    # What the last one doesn't cover still counts for a part of the year.
    partial = [span for span in spans[:-1] if not _covers(last, span, year)]
    if not partial:
        return last.digest
    # The one adopted last comes first, so that it is taken of several that begin on one day.
    rivals = [last, *reversed(partial)]
    newest = max(rivals, key=lambda span: span.begins)
    change = books[newest.digest].data.get("change")
    if change is None:
        return None
    begun = [span for span in rivals if span.begins <= day]
    if change["within_year"] == "whole_year" or not begun:
        return newest.digest
    return max(begun, key=lambda span: span.begins).digest


class RulebookSpan(NamedTuple):
    """A rulebook's digest, and the days from which and to which it is in force."""

    digest: str
    begins: date
    ends: date


def _rulebook_span(
    digest: str,
    book: CheckedRulebook,
) -> RulebookSpan:
    begins = date.fromisoformat(text_field(book.data, "effective_from"))
    ends = date.fromisoformat(text_field(book.data, "effective_to"))
    return RulebookSpan(digest, begins, ends)


def _covers(
    last: RulebookSpan,
    earlier: RulebookSpan,
    year: int,
) -> bool:
    """Tell whether a rulebook is in force wherever an earlier one is, within the year."""
    first_day = date(year, 1, 1)
    last_day_of_year = date(year, 12, 31)
    begins_no_later = max(last.begins, first_day) <= max(earlier.begins, first_day)
    ends_no_earlier = min(last.ends, last_day_of_year) >= min(earlier.ends, last_day_of_year)
    return begins_no_later and ends_no_earlier


def read_calendars(archive: zipfile.ZipFile) -> set[str]:
    """Return the digests of the calendars in the bundle, once each matches its text."""
    digests = {sha256(read_small(archive, "calendar.txt")).hex()}
    for name in archive.namelist():
        match = re.fullmatch(r"calendars/([0-9a-f]{64})\.txt", name)
        if match is None:
            continue
        digest = match.group(1)
        if sha256(read_small(archive, name)).hex() != digest:
            raise VerificationError(f"the calendar {digest[:12]} does not match its digest")
        digests.add(digest)
    return digests


def read_books(archive: zipfile.ZipFile) -> dict[str, CheckedRulebook]:
    """Return the bundle's rulebooks by the digest of their canonical text."""
    books: dict[str, CheckedRulebook] = {}
    for name in archive.namelist():
        match = re.fullmatch(r"rulebooks/([0-9a-f]{64})\.json", name)
        if match is not None:
            digest = match.group(1)
            books[digest] = read_book(read_small(archive, name), digest)
    return books


def read_book(
    text: bytes,
    digest: str,
) -> CheckedRulebook:
    """Read a rulebook, once its text matches its digest."""
    if sha256(text).hex() != digest:
        raise VerificationError(f"the rulebook {digest[:12]} does not match its digest")
    try:
        return CheckedRulebook(plain_numbers(as_object(text, "a rulebook")))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise VerificationError(f"the rulebook {digest[:12]} cannot be read: {error!r}") from None


# 5. The Merkle tree and its hashes (RFC 6962, section 2.1) ----------------------------------------


class MerkleTree:
    """A tree that grows leaf by leaf and keeps only the roots of its full subtrees."""

    def __init__(self, hash_name: str) -> None:
        if hash_name not in HASHES:
            raise VerificationError(f"the tree's hash {hash_name!r} is unknown")
        self.hash = HASHES[hash_name]
        self.size = 0
        self.subtree_roots: list[bytes] = []  # the largest subtree first

    def leaf(self, event: StoredEvent) -> bytes:
        """Return an event's leaf hash.

        The hashed bytes are 0x00, then stream, version and topic, each with a line feed, then the
        stored bytes. 0x00 before leaves and 0x01 before nodes keep one from passing as the other.
        """
        header = f"{event.stream}\n{event.version}\n{event.topic}\n"
        return self.hash(b"\x00" + header.encode() + event.state)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        node = leaf
        size = self.size
        # Each 1 at the end of the size is a full subtree as large as the one that now ends here.
        while size & 1:
            node = self.hash(b"\x01" + self.subtree_roots.pop() + node)
            size >>= 1
        self.subtree_roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the present tree."""
        if not self.subtree_roots:
            return self.hash(b"")
        node = self.subtree_roots[-1]
        for left in reversed(self.subtree_roots[:-1]):
            node = self.hash(b"\x01" + left + node)
        return node


def inclusion_root(
    hash_function: HashFunction,
    leaf: bytes,
    index: int,
    size: int,
    proof: Sequence[bytes],
) -> bytes | None:
    """Return the root that an inclusion proof leads to (RFC 9162, section 2.1.3.2).

    None where the proof is too short or too long for the index and the size.
    """
    if not 0 <= index < size:
        return None
    node = leaf
    last = size - 1
    for sibling in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = hash_function(b"\x01" + sibling + node)
            # A last node without a right sibling rises until it is a right child itself.
            while index and not index & 1:
                index >>= 1
                last >>= 1
        else:
            node = hash_function(b"\x01" + node + sibling)
        index >>= 1
        last >>= 1
    if last != 0:
        return None
    return node


def sha256(message: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(message).digest()


WORD = 0xFFFFFFFF
SM3_START = (
    0x7380166F,
    0x4914B2B9,
    0x172442D7,
    0xDA8A0600,
    0xA96F30BC,
    0x163138AA,
    0xE38DEE4D,
    0xB0FB0E4E,
)


def sm3(message: bytes) -> bytes:
    """SM3 after GB/T 32905-2016; Python's hashlib has it only where OpenSSL does."""
    zeros = bytes((55 - len(message)) % 64)
    bit_length = (8 * len(message)).to_bytes(8, "big")
    padded = message + b"\x80" + zeros + bit_length
    state = list(SM3_START)
    for start in range(0, len(padded), 64):
        compressed = _sm3_compress(state, padded[start : start + 64])
        state = [old ^ new for old, new in zip(state, compressed)]
    return b"".join(word.to_bytes(4, "big") for word in state)


def _sm3_compress(
    state: Sequence[int],
    block: bytes,
) -> list[int]:
    """The compression function CF (section 5.3.3); letters as in the standard."""
    words = _sm3_expand(block)
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        if j < 16:
            constant = 0x79CC4519
            ff = a ^ b ^ c
            gg = e ^ f ^ g
        else:
            constant = 0x7A879D8A
            ff = (a & b) | (a & c) | (b & c)
            gg = (e & f) | (~e & g)
        a12 = _rotate(a, 12)
        ss1 = _rotate((a12 + e + _rotate(constant, j)) & WORD, 7)
        ss2 = ss1 ^ a12
        mixed_word = words[j] ^ words[j + 4]
        tt1 = (ff + d + ss2 + mixed_word) & WORD
        tt2 = (gg + h + ss1 + words[j]) & WORD
        d = c
        c = _rotate(b, 9)
        b = a
        a = tt1
        h = g
        g = _rotate(f, 19)
        f = e
        e = _sm3_p0(tt2)
    return [a, b, c, d, e, f, g, h]


def _sm3_expand(block: bytes) -> list[int]:
    """The message expansion (section 5.3.2)."""
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        rotated = _rotate(words[j - 3], 15)
        mixed = _sm3_p1(words[j - 16] ^ words[j - 9] ^ rotated)
        rotated = _rotate(words[j - 13], 7)
        words.append(mixed ^ rotated ^ words[j - 6])
    return words


def _sm3_p0(word: int) -> int:
    return word ^ _rotate(word, 9) ^ _rotate(word, 17)


def _sm3_p1(word: int) -> int:
    return word ^ _rotate(word, 15) ^ _rotate(word, 23)


def _rotate(
    word: int,
    bits: int,
) -> int:
    bits %= 32
    return ((word << bits) | (word >> (32 - bits))) & WORD


HashFunction = Callable[[bytes], bytes]
HASHES: dict[str, HashFunction] = {
    "sha256": sha256,
    "sm3": sm3,
}


# 6. Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) -----------------


class Checkpoint(NamedTuple):
    """A signed statement: the ledger's tree had this root at this size."""

    origin: str
    size: int
    root: bytes
    tree_hash: str

    @property
    def identity(self) -> LedgerIdentity:
        """The ledger that it speaks of."""
        return LedgerIdentity(self.origin, self.tree_hash)


# The first byte of a key says what it signs: a note's text, or a cosignature's message.
SIGNATURE = b"\x01"
COSIGNATURE = b"\x04"


class PublicKey:
    """A public key as written: name+id+base64.

    The first decoded byte is the kind, 1 for a log's Ed25519 key, 4 for a cosigner's; the id is the
    beginning of a hash of name and key, so that a mistyped key is noticed.
    """

    def __init__(self, written: str, kind: bytes = SIGNATURE) -> None:
        self.written = written
        self.name, _, rest = written.partition("+")
        written_id, _, encoded = rest.partition("+")
        key = decode_base64(encoded, "a public key")
        self.public = key[1:]
        self.id = sha256(self.name.encode() + b"\n" + key)[:4]
        self.vouched = False  # whether the key before it signed for it
        self.since = 0  # it signs trees from this size on
        self.until = 1 << 63  # and from here on the next key does
        is_ed25519 = key[:1] == kind and len(key) == 33
        if not self.name or not is_ed25519 or self.id.hex() != written_id:
            label = "cosigner" if kind == COSIGNATURE else "verifier"
            raise VerificationError(f"{written[:120]!r} is not an Ed25519 {label} key")


Keys = Sequence[PublicKey]


def open_note(
    note: str,
    keys: Iterable[PublicKey],
) -> tuple[str, PublicKey]:
    """Return a note's text and the key that signed it; raise where none of the keys did."""
    text, signatures = split_note(note)
    for name, signature in signatures:
        for key in keys:
            if (key.name, key.id) != (name, signature[:4]):
                continue
            if not signature_holds(key.public, signature[4:], text.encode()):
                raise VerificationError(f"the signature of {name} on a checkpoint does not hold")
            return text, key
    raise VerificationError("a checkpoint is signed by none of the known keys")


def cosigned_at(
    note: str,
    key: PublicKey,
) -> Iterator[tuple[int, int]]:
    """Yield size and timestamp of a cosigner's cosignatures (c2sp.org/tlog-cosignature)."""
    text, signatures = split_note(note)
    for name, signature in signatures:
        if (name, signature[:4]) != (key.name, key.id):
            continue
        # The key's id, the moment in 8 bytes, the signature.
        timestamp = int.from_bytes(signature[4:12], "big")
        message = f"cosignature/v1\ntime {timestamp}\n{text}"
        is_timely = timestamp < 1 << 63
        if not is_timely or not signature_holds(key.public, signature[12:], message.encode()):
            raise VerificationError(f"the cosignature of {name} on a checkpoint does not hold")
        yield parse_checkpoint(text).size, timestamp


def moment_text(timestamp: int) -> str:
    """Return a moment in UTC; the seconds since 1970 where no calendar reaches them."""
    try:
        return datetime.fromtimestamp(timestamp, timezone(timedelta(0))).isoformat()
    except (ValueError, OverflowError, OSError):
        return f"{timestamp} seconds since 1970"


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return a note's text and its signatures, each a name and bytes, without checking them."""
    # The last blank line parts text and signatures; a text may hold blank lines itself.
    text, blank_line, below = note.rpartition("\n\n")
    too_long = len(note) > 1 << 20
    if not blank_line or not text or not below.endswith("\n") or too_long:
        raise VerificationError("a signed note is not well formed")
    signatures: list[tuple[str, bytes]] = []
    for line in below[:-1].split("\n"):
        match = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        if match is None:
            raise VerificationError("a signature line is not well formed")
        name, encoded = match.groups()
        signatures.append((name, decode_base64(encoded, "a signature")))
    return text + "\n", signatures


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint: origin, size, root, and the tree's hash in a line of its own."""
    lines = text.split("\n")
    if len(lines) < 4 or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise VerificationError("a checkpoint is not well formed")
    tree_hash = "sha256"  # the format's own; another one stands in an extension line
    for line in lines[3:]:
        if line.startswith("tree-hash "):
            tree_hash = line[len("tree-hash ") :]
            break
    root = decode_base64(lines[2], "a root")
    return Checkpoint(lines[0], int(lines[1]), root, tree_hash)


def decode_base64(
    text: str,
    label: str,
) -> bytes:
    """Decode strict base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise VerificationError(f"{label} is not base64") from None


# 7. Ed25519 signatures (RFC 8032, section 5.1) ----------------------------------------------------
#
# Nothing here is secret, so the code need not run in constant time. Points are in extended
# coordinates (x, y, z, t) with x/z, y/z the affine point and t = x*y/z, as in section 5.1.4.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def signature_holds(
    public: bytes,
    signature: bytes,
    message: bytes,
) -> bool:
    """Tell whether a signature on a message is the key's (RFC 8032, section 5.1.7)."""
    if len(public) != 32 or len(signature) != 64 or BASE is None:
        return False
    key_point = decode_point(public)
    r_point = decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    # Without the bound on s, a second valid signature could be made from the first.
    if key_point is None or r_point is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % ORDER
    return points_equal(_multiply(s, BASE), add_points(r_point, _multiply(k, key_point)))


def add_points(
    p: Point,
    q: Point,
) -> Point:
    """Add two points; the letters are those of RFC 8032, section 5.1.4."""
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = 2 * t1 * t2 * D % P
    d = 2 * z1 * z2 % P
    e = b - a
    f = d - c
    g = d + c
    h = b + a
    return (
        e * f % P,
        g * h % P,
        f * g % P,
        e * h % P,
    )


def _multiply(
    scalar: int,
    point: Point,
) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add_points(total, point)
        point = add_points(point, point)
        scalar >>= 1
    return total


def points_equal(
    p: Point,
    q: Point,
) -> bool:
    """Compare two points by cross-multiplication, as their z may differ."""
    x1, y1, z1, _ = p
    x2, y2, z2, _ = q
    if (x1 * z2 - x2 * z1) % P != 0:
        return False
    return (y1 * z2 - y2 * z1) % P == 0


def decode_point(encoded: bytes) -> Point | None:
    """Decode a point (RFC 8032, section 5.1.3); None where the bytes are no point."""
    number = int.from_bytes(encoded, "little")
    sign = number >> 255
    y = number & (2**255 - 1)
    if y >= P:
        return None
    # The curve is -x² + y² = 1 + d x² y², so x² = (y² - 1) / (d y² + 1).
    numerator = y * y - 1
    denominator = D * y * y + 1
    x_squared = numerator * pow(denominator, P - 2, P) % P
    if x_squared == 0:
        if sign:  # there is no negative zero
            return None
        return (0, y, 1, 0)
    x = pow(x_squared, (P + 3) // 8, P)
    if (x * x - x_squared) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x_squared) % P:
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = decode_point(BASE_Y.to_bytes(32, "little"))


# 8. Reading a file whose maker may be hostile -----------------------------------------------------


@contextmanager
def evidence(label: str) -> Iterator[None]:
    """Read what an outsider passes beside the file: what is wrong with it is no difference."""
    try:
        yield
    except VerificationError as failure:
        raise UnusableError(str(failure)) from None
    except DAMAGE as error:
        raise UnusableError(f"{label} is damaged: {type(error).__name__} {error}") from None


# With these limits a hostile file takes at most half a GiB of memory; --large lifts them.
LIMITS = {"bytes": 160 << 20, "events": 400_000}
LARGE = {"bytes": 4 << 30, "events": 10_000_000}
MOST_MEMBERS = 100
MOST_RATIO = 400  # of unpacked to packed size: text packs 10 to 30 times, a zip bomb far more
SMALL = 8 << 20
LONGEST_LINE = 4 << 20
MEMBERS = re.compile(
    r"manifest\.json|events\.txt|calendar\.txt|working-days\.json|README\.txt|verify_bundle\.py"
    r"|rulebooks/[0-9a-f]{64}\.json|calendars/[0-9a-f]{64}\.txt"
)


def open_regular(path: str) -> IO[bytes]:
    """Open a regular file: a pipe or a device could keep us waiting, or deliver without end."""
    # Without O_NONBLOCK opening a pipe would wait for a writer.
    no_wait = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if Path(path).is_dir():  # which Windows would not open at all
        raise UnusableError(f"{path} is no regular file")
    descriptor = os.open(path, os.O_RDONLY | no_wait)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnusableError(f"{path} is no regular file")
    return os.fdopen(descriptor, "rb")


def open_zip(path: str) -> zipfile.ZipFile:
    """Open the archive once its directory is known to be small; nothing is written to disk."""
    _check_zip_end(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnusableError("the archive is damaged") from None
    members = archive.infolist()
    names = {member.filename for member in members}
    if len(members) > MOST_MEMBERS or len(names) != len(members):
        raise UnusableError("the archive has too many members, or two of one name")
    for member in members:
        _check_member(member)
    return archive


def _check_zip_end(path: str) -> None:
    """Check the end-of-directory record before zipfile loads the whole directory into memory."""
    with open_regular(path) as file:
        file.seek(0, 2)
        length = file.tell()
        file.seek(max(0, length - 42))
        tail = file.read()
    end = tail[-22:]
    is_zip64 = tail[:4] == b"PK\x06\x07"
    has_comment = end[20:] != b"\0\0"
    if len(end) < 22 or end[:4] != b"PK\x05\x06" or has_comment or is_zip64:
        raise UnusableError("the file is not a bundle: no plain zip archive")
    members = int.from_bytes(end[10:12], "little")
    directory_size = int.from_bytes(end[12:16], "little")
    if members > MOST_MEMBERS or directory_size > 512 * MOST_MEMBERS:
        raise UnusableError("the archive has too many members")


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnusableError(f"{name[:80]} uses an unusual compression method")
    if not MEMBERS.fullmatch(name):
        raise UnusableError(f"the archive has an unexpected member: {name[:80]!r}")
    # A damaged directory leads the library before the file's beginning.
    if member.header_offset < 0:
        raise UnusableError(f"the archive is damaged: {name} begins before the file")
    allowed_by_ratio = MOST_RATIO * max(member.compress_size, 64)
    if member.file_size > LIMITS["bytes"] or member.file_size > allowed_by_ratio:
        raise UnusableError(
            f"{name} is too large, or compressed too tightly; use --large if you trust its maker"
        )


def open_member(
    archive: zipfile.ZipFile,
    name: str,
) -> IO[bytes]:
    """Open a member for reading."""
    try:
        return archive.open(name)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise VerificationError(f"{name} is missing or damaged") from None


def read_small(
    archive: zipfile.ZipFile,
    name: str,
) -> bytes:
    """Read a small member whole."""
    with open_member(archive, name) as file:
        content = read_block(file, SMALL + 1, name)
    if len(content) > SMALL:
        raise VerificationError(f"{name} is too large")
    return content


def read_lines(
    archive: zipfile.ZipFile,
    name: str,
) -> Iterator[bytes]:
    """Yield a member's lines without their ends, each of bounded length."""
    rest = b""
    with open_member(archive, name) as file:
        while True:
            block = read_block(file, 1 << 20, name)
            if not block:
                break
            rest += block
            *lines, rest = rest.split(b"\n")
            yield from lines
            if len(rest) > LONGEST_LINE:
                raise VerificationError(f"a line of {name} is too long")
    if rest:
        raise VerificationError(f"{name} does not end with a line feed")


def read_block(
    file: IO[bytes],
    size: int,
    name: str,
) -> bytes:
    """Read at most so many bytes of a member."""
    try:
        return file.read(size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise VerificationError(f"{name} is damaged: {error}") from None


def read_file(path: str) -> bytes:
    """Read a file beside the bundle, of bounded size, without the marks that an editor adds."""
    with open_regular(path) as file:
        if file.seek(0, 2) > 8 * SMALL:
            raise UnusableError(f"{path} is too large")
        file.seek(0)
        content = file.read().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # Notepad writes a byte order mark; where files are joined it begins a later line. A list of all
    # lines would fill the memory if the file's maker is hostile.
    cleaned = bytearray()
    for line in io.BytesIO(content):
        is_marked = line.startswith(b"\xef\xbb\xbf")
        cleaned += re.sub(rb"^(?:\xef\xbb\xbf)+", b"", line) if is_marked else line
    return bytes(cleaned)


def as_object(
    text: bytes,
    label: str,
    form: str | None = None,
) -> JsonObject:
    """Parse a JSON object, of the given format where one is named."""
    value = _parse_json(text, label)
    if not isinstance(value, dict):
        raise VerificationError(f"{label} is not a JSON object")
    if form is not None and value.get("format") != form:
        raise VerificationError(f"{label} is not in the format {form}")
    return value


def _parse_json(
    text: bytes,
    label: str,
) -> Any:
    """Parse JSON without floats, NaN or long integers, none of which the ledger writes."""
    try:
        return json.loads(
            text.decode(),
            parse_float=_reject_number,
            parse_constant=_reject_number,
            parse_int=_short_integer,
        )
    except (ValueError, RecursionError):
        raise VerificationError(f"{label} is not valid JSON") from None


def _reject_number(_text: str) -> Any:
    raise ValueError


def _short_integer(text: str) -> int:
    if len(text) > 20:
        raise ValueError
    return int(text)


def plain_numbers(value: Any) -> Any:
    """Return the value once no text in it is a number with an exponent.

    `Fraction("1e999999999")` would fill the memory.
    """
    children: Iterable[Any] = ()
    if isinstance(value, dict):
        children = value.values()
    elif isinstance(value, list):
        children = value
    for child in children:
        plain_numbers(child)
    if isinstance(value, str) and re.fullmatch(r"[\s\d_.+-]*[eE][-+]?[\d_]+\s*", value):
        raise VerificationError(f"{value[:40]!r} is not a plain number")
    return value


def as_text(
    value: Any,
    label: str,
) -> str:
    """Return the value if it is text."""
    if not isinstance(value, str):
        raise VerificationError(f"{label} is not text")
    return value


def as_digest(
    value: Any,
    label: str,
) -> bytes:
    """Return the bytes of 64 hex digits."""
    if not re.fullmatch("[0-9a-f]{64}", as_text(value, label)):
        raise VerificationError(f"{label} is not 64 hex digits")
    return bytes.fromhex(value)


def as_count(
    value: Any,
    label: str,
) -> int:
    """Return the value if it is an integer from 0 to 2**63 - 1; `True` is none."""
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise VerificationError(f"{label} is not a count")
    return value


def text_field(
    record: JsonObject,
    name: str,
) -> str:
    """Return a field that must be text."""
    return as_text(record.get(name), name)


def digest_field(
    record: JsonObject,
    name: str,
) -> bytes:
    """Return the bytes of a field that must be 64 hex digits."""
    return as_digest(record.get(name), name)


def count_field(
    record: JsonObject,
    name: str,
) -> int:
    """Return a field that must be a count."""
    return as_count(record.get(name), name)


def list_field(
    record: JsonObject,
    name: str,
) -> list[Any]:
    """Return a field that must be a list."""
    value = record.get(name)
    if not isinstance(value, list):
        raise VerificationError(f"{name} is not a list")
    return value


# 9. Stored events and the facts they leave after corrections --------------------------------------

# Every event the ledger can hold, with the shapes it was ever stored in.
EVENT_SHAPES: dict[str, tuple[int, ...]] = {
    # of a project
    "InformationReported": (1,),
    "ConsultationHeld": (1,),
    "AgreementSigned": (1,),
    "AgreementAmended": (1,),
    "LandAcquired": (1,),
    "ProjectFiled": (1,),
    "StatisticsEntered": (1,),
    "InvestmentReported": (1,),
    "TaxPaid": (1,),
    "ScheduleSet": (1,),
    "ProjectTransferred": (1,),
    "ProjectTerminated": (1,),
    "ViolationFound": (1,),
    "ViolationCleared": (1,),
    "RecognitionDenied": (1,),
    "PerformanceAssessed": (1,),
    "ReviewHeld": (1,),
    "InvestorChanged": (1,),
    "MilestoneReached": (1,),
    "ProjectFigureReported": (1,),
    "FollowedUp": (1,),
    "ProjectPaused": (1,),
    "ProjectResumed": (1,),
    "TaskAssigned": (1,),
    "WarningIssued": (1,),
    "SupervisionIssued": (1,),
    "TaskCleared": (1,),
    "TaskReopened": (1,),
    "ExposurePublished": (1,),
    # of a unit
    "UnitRegistered": (1,),
    "UnitRenamed": (1,),
    "UnitRegrouped": (1,),
    "UnitDissolved": (1,),
    "ActivityHeld": (1, 2),
    "RoutineAssessed": (1,),
    "AwardWon": (1,),
    "CadreSeconded": (1,),
    "LandingServiceFailed": (1,),
    "MajorProjectSupported": (1,),
    "UnitListed": (1,),
    "IndicatorReported": (1,),
    # of a resource
    "ResourceListed": (1,),
    "ResourceChanged": (1,),
    "ResourceAllotted": (1,),
    "ResourceReleased": (1,),
    "ResourceWithdrawn": (1,),
    # of the county
    "RulebookAdopted": (1,),
    "TargetSet": (1,),
    "MeetingHeld": (1,),
    "WorkingDaysArranged": (1,),
    "ScoresPublished": (1, 2),
    "BoardPublished": (1, 2),
    "SigningKeyChanged": (1,),
    "RecordTimeCorrected": (1,),
    # of any stream
    "FactCorrected": (1,),
}
# No score looks at these: they are hashed and not kept. Any event of a project may begin a cadence.
UNSCORED = frozenset(
    [
        "ResourceListed",
        "ResourceChanged",
        "ResourceAllotted",
        "ResourceReleased",
        "ResourceWithdrawn",
    ]
)
COUNTY_EVENTS_OF_SCORES = frozenset(
    ["TargetSet", "FactCorrected", "RulebookAdopted", "WorkingDaysArranged"]
)
MONTHLY = frozenset(["InvestmentReported", "TaxPaid", "RoutineAssessed", "UnitListed"])


class StoredEvent:
    """One event as stored. `fields` parses the bytes each time, so that memory holds them once."""

    __slots__ = ("kind", "position", "state", "stream", "topic", "version")

    def __init__(
        self,
        position: int,
        stream: str,
        version: int,
        topic: str,
        state: bytes,
    ) -> None:
        kind, _, shape = topic.partition("/")
        shapes = EVENT_SHAPES.get(kind, ())
        if not shape.isdigit() or int(shape) not in shapes:
            raise VerificationError(
                f"position {position}: the event {topic[:80]!r} is unknown to this verifier"
            )
        self.position = position
        self.stream = sys.intern(stream)
        self.version = version
        self.topic = sys.intern(topic)
        self.kind = sys.intern(kind)
        self.state = state

    @property
    def name(self) -> str:
        """What the ledger calls the event, such as KH-2024-017#3."""
        _, _, subject = self.stream.partition("/")
        return f"{subject or self.stream}#{self.version}"

    @property
    def fields(self) -> JsonObject:
        """What the bytes say."""
        return as_object(self.state, f"the event at position {self.position}")


Events = Sequence[StoredEvent]
Streams = dict[str, list[StoredEvent]]


class EffectiveFact:
    """An event with its live corrections applied."""

    __slots__ = ("fields", "kind", "on", "position", "source", "version")

    def __init__(
        self,
        event: StoredEvent,
        fields: JsonObject,
    ) -> None:
        self.kind = event.kind
        self.version = event.version
        # What lines call it: its version, or its full name once it counts for another unit.
        self.source: int | str = event.version
        self.position = event.position
        self.fields = fields
        try:
            self.on = date_of(event.kind, fields)
        except (KeyError, ValueError, TypeError):
            raise VerificationError(f"{event.name} cannot be read") from None

    def without(self, name: str) -> EffectiveFact:
        """Return the fact without a field."""
        if name not in self.fields:
            return self
        copy = self._copy()
        copy.fields = {field: value for field, value in self.fields.items() if field != name}
        return copy

    def of_stream(self, stream: str) -> EffectiveFact:
        """Return the fact by its full name, as lines of another unit bear it."""
        copy = self._copy()
        copy.source = f"{stream}#{self.version}"
        return copy

    def _copy(self) -> EffectiveFact:
        copy = object.__new__(EffectiveFact)
        for name in self.__slots__:
            setattr(copy, name, getattr(self, name))
        return copy

    def number(self, name: str) -> Fraction:
        """Return a field's exact number, 0 where the field is missing."""
        value = self.fields.get(name, "0")
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(value)):
            raise VerificationError(f"{value!r} is not a number")
        return Fraction(str(value))

    @property
    def month(self) -> str:
        """The month of a monthly fact, YYYY-MM."""
        return text_field(self.fields, "month")


Facts = Sequence[EffectiveFact]


def effective(
    stream: Events,
    position: int,
) -> list[EffectiveFact]:
    """Return a stream's facts as known at a position, in the order of (date, version)."""
    known = [event for event in stream if event.position <= position]
    corrections = _live_corrections(known)
    facts: list[EffectiveFact] = []
    for event in known:
        if event.kind == "FactCorrected":
            continue
        fields = _corrected_fields(event, corrections)
        if fields is not None:
            facts.append(EffectiveFact(event, fields))
    return sorted(facts, key=lambda fact: (fact.on, fact.version))


def _live_corrections(known: Events) -> list[JsonObject]:
    """Return the corrections that no later live one voids, in their order.

    The last is judged first, because only a later correction can void one.
    """
    live: list[JsonObject] = []
    voided: set[int] = set()
    for event in reversed(known):
        if event.kind == "FactCorrected" and event.version not in voided:
            fields = event.fields
            if not isinstance(fields.get("corrects"), int):
                raise VerificationError(f"{event.name} cannot be read")
            voided.add(fields["corrects"])
            live.insert(0, fields)
    return live


def _corrected_fields(
    event: StoredEvent,
    corrections: Rows,
) -> JsonObject | None:
    """Return an event's fields as corrected, or None where a live correction voids it."""
    replacements = [
        correction.get("replacement")
        for correction in corrections
        if correction["corrects"] == event.version
    ]
    # A void event may be one that cannot be read, so it is not.
    if None in replacements:
        return None
    fields = event.fields
    if event.topic == "ActivityHeld/1" and "topic" in fields:
        # The first shape of the event called its field `activity` otherwise.
        fields["activity"] = fields.pop("topic")
    for replacement in replacements:
        fields.update(replacement or {})
    return {name: value for name, value in fields.items() if value is not None}


def date_of(
    kind: str,
    fields: JsonObject,
) -> date:
    """Return the day that an event counts for; a monthly one without a day, its month's last."""
    if kind == "InformationReported":
        return parse_moment(fields["reported_at"]).astimezone(SHANGHAI).date()
    if kind in MONTHLY and "occurred_on" not in fields:
        return last_day(fields["month"])
    return date.fromisoformat(fields["occurred_on"])


def parse_moment(text: str) -> datetime:
    """Read a point in time; without a zone it is Shanghai's."""
    if text.endswith("Z"):  # unknown to `fromisoformat` before Python 3.11
        text = text[:-1] + "+00:00"
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment


def last_day(month: str) -> date:
    """Return the last day of YYYY-MM."""
    year = int(month[:4])
    number = int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


MONTHS_IN_PERIOD = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}


def period_start(
    day: date,
    period: str,
) -> date:
    """Return the first day of the year, half-year, quarter or month that a day lies in."""
    months = MONTHS_IN_PERIOD[period]
    first_month = (day.month - 1) // months * months + 1
    return date(day.year, first_month, 1)


def months_after(
    day: date,
    months: int,
) -> date:
    """Return the corresponding day some months later, or that month's last day."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    days_in_month = calendar.monthrange(year, month_index + 1)[1]
    return date(year, month_index + 1, min(day.day, days_in_month))


# Years whose working days the State Council has arranged: days off from Monday to Friday, weekend
# days worked instead, as in the program's calendar when this file was written. A limit in working
# days that runs into another year scores nothing, unless the ledger says what is arranged for it.
ARRANGED_DAYS = """
2004 off 0101 0122-0123 0126-0128 0503-0507 1001 1004-1007
2004 worked 0117-0118 0508-0509 1009-1010
2005 off 0103 0209-0211 0214-0215 0502-0506 1003-1007
2005 worked 0205-0206 0430 0508 1008-1009
2006 off 0102-0103 0130-0203 0501-0505 1002-1006
2006 worked 0128 0205 0429-0430 0930 1008 1230-1231
2007 off 0101-0103 0219-0223 0501-0504 0507 1001-1005 1231
2007 worked 0217 0225 0428-0429 0929-0930 1229
2008 off 0101 0206-0208 0211-0212 0404 0501-0502 0609 0915 0929-1003
2008 worked 0202-0203 0504 0927-0928
2009 off 0101-0102 0126-0130 0406 0501 0528-0529 1001-1002 1005-1008
2009 worked 0104 0124 0201 0531 0927 1010
2010 off 0101 0215-0219 0405 0503 0614-0616 0922-0924 1001 1004-1007
2010 worked 0220-0221 0612-0613 0919 0925-0926 1009
2011 off 0103 0202-0204 0207-0208 0404-0405 0502 0606 0912 1003-1007
2011 worked 0130 0212 0402 1008-1009 1231
2012 off 0102-0103 0123-0127 0402-0404 0430-0501 0622 1001-1005
2012 worked 0121 0129 0331-0401 0428 0929
2013 off 0101-0103 0211-0215 0404-0405 0429-0501 0610-0612 0919-0920 1001-1004 1007
2013 worked 0105-0106 0216-0217 0407 0427-0428 0608-0609 0922 0929 1012
2014 off 0101 0131 0203-0206 0407 0501-0502 0602 0908 1001-1003 1006-1007
2014 worked 0126 0208 0504 0928 1011
2015 off 0101-0102 0218-0220 0223-0224 0406 0501 0622 0903-0904 1001-1002 1005-1007
2015 worked 0104 0215 0228 0906 1010
2016 off 0101 0208-0212 0404 0502 0609-0610 0915-0916 1003-1007
2016 worked 0206 0214 0612 0918 1008-1009
2017 off 0102 0127 0130-0202 0403-0404 0501 0529-0530 1002-1006
2017 worked 0122 0204 0401 0527 0930
2018 off 0101 0215-0216 0219-0221 0405-0406 0430-0501 0618 0924 1001-1005 1231
2018 worked 0211 0224 0408 0428 0929-0930 1229
2019 off 0101 0204-0208 0405 0501-0503 0607 0913 1001-1004 1007
2019 worked 0202-0203 0428 0505 0929 1012
2020 off 0101 0124 0127-0131 0406 0501 0504-0505 0625-0626 1001-1002 1005-1008
2020 worked 0119 0426 0509 0628 0927 1010
2021 off 0101 0211-0212 0215-0217 0405 0503-0505 0614 0920-0921 1001 1004-1007
2021 worked 0207 0220 0425 0508 0918 0926 1009
2022 off 0103 0131-0204 0404-0405 0502-0504 0603 0912 1003-1007
2022 worked 0129-0130 0402 0424 0507 1008-1009
2023 off 0102 0123-0127 0405 0501-0503 0622-0623 0929 1002-1006
2023 worked 0128-0129 0423 0506 0625 1007-1008
2024 off 0101 0212-0216 0404-0405 0501-0503 0610 0916-0917 1001-1004 1007
2024 worked 0204 0218 0407 0428 0511 0914 0929 1012
2025 off 0101 0128-0131 0203-0204 0404 0501-0502 0505 0602 1001-1003 1006-1008
2025 worked 0126 0208 0427 0928 1011
2026 off 0101-0102 0216-0220 0223 0406 0501 0504-0505 0619 0925 1001-1002 1005-1007
2026 worked 0104 0214 0228 0509 0920 1010
"""


class WorkingDays:
    """The working days of the years whose holidays are arranged."""

    def __init__(self) -> None:
        self.years: set[int] = set()
        self.off: set[date] = set()
        self.worked: set[date] = set()
        for line in ARRANGED_DAYS.strip().splitlines():
            year, label, *spans = line.split()
            self.years.add(int(year))
            days = self.off if label == "off" else self.worked
            for span in spans:
                first, _, last = span.partition("-")
                day = _day_of_year(year, first)
                while day <= _day_of_year(year, last or first):
                    days.add(day)
                    day += timedelta(days=1)

    def arrange(self, fields: JsonObject) -> None:
        """Take what the ledger says of a year in place of what was known of it."""
        year = fields["year"]
        self.years.add(year)
        self.off = {day for day in self.off if day.year != year}
        self.worked = {day for day in self.worked if day.year != year}
        self.off.update(date.fromisoformat(day) for day in fields["off"])
        self.worked.update(date.fromisoformat(day) for day in fields.get("worked", ()))

    def after(self, day: date, count: int) -> date | None:
        """Return the count-th working day after a day; None where an unknown year is in between."""
        while count:
            day += timedelta(days=1)
            if day.year not in self.years:
                return None
            if day in self.worked or (day.weekday() < 5 and day not in self.off):
                count -= 1
        return day


def _day_of_year(year: str, month_and_day: str) -> date:
    return date(int(year), int(month_and_day[:2]), int(month_and_day[2:]))


def working_days_of(
    county: Events,
    day: date,
    position: int,
) -> WorkingDays:
    """Return the working days as the ledger knew them by a day."""
    working_days = WorkingDays()
    arranged = [fact for fact in effective(county, position) if fact.kind == "WorkingDaysArranged"]
    for fact in sorted(arranged, key=lambda fact: fact.version):
        if fact.on <= day:
            working_days.arrange(fact.fields)
    return working_days


# 10. Scores: units, modules, groups, ranks --------------------------------------------------------

BASES = ("policy", "interpretation", "assumption")  # from the strongest to the weakest


def scores(
    streams: Streams,
    book: CheckedRulebook,
    year: int,
    day: date,
    position: int,
    *,
    first_rules: bool = False,
) -> list[JsonObject]:
    """Return every unit's score as published: of a year, as of a day, as known at a position."""
    units = score_units(streams, book, year, day, position, first_rules=first_rules)
    return rank_units(units, book)


def score_units(
    streams: Streams,
    book: CheckedRulebook,
    year: int,
    day: date,
    position: int,
    *,
    first_rules: bool,
) -> Units:
    """Return every unit with the points that its projects and its own facts bring."""
    return score_year(streams, book, year, day, position, first_rules=first_rules).units


def score_year(
    streams: Streams,
    book: CheckedRulebook,
    year: int,
    day: date,
    position: int,
    *,
    explains: bool = False,
    first_rules: bool = False,
) -> YearPoints:
    """Return the points of a year; with `explains`, also what its lines show.

    By the rules of version 0.1 (`first_rules`) every registered unit is ranked, whatever the day.
    """
    units = units_of_day(streams, book, day, position, first_rules=first_rules)
    span = AssessedSpan(book, year, day)
    span.working_days = working_days_of(streams.get("county", []), day, position)
    target_facts = targets_set(streams.get("county", []), span, position)
    whole_year = YearPoints(book, units, span, target_facts, explains=explains)
    for name, ends, period_book in periods_over(book, year, day):
        # Version 0.1 knew no such periods, so its rules are never asked for here.
        whole_year.periods[name] = score_year(
            streams, period_book, year, ends, position, explains=explains
        )
    years = [whole_year]
    if any(counted.get("as") in WITH_LAST_YEAR for _, counted, _ in whole_year.counted_tables):
        span_then = span.of_last_year(book)
        targets_then = targets_set(streams.get("county", []), span_then, position)
        whole_year.last_year = YearPoints(book, units, span_then, targets_then, explains=explains)
        years.append(whole_year.last_year)
    _add_subjects(years, projects_of_day(streams, day, position))
    whole_year.conclude()
    return whole_year


def _add_subjects(
    years: Sequence[YearPoints],
    projects: Iterable[tuple[str, Facts]],
) -> None:
    """Count what targets, projects and units bring to the points of each year, in one pass."""
    for points in years:
        for subject, fact in points.targets.items():
            points.target_events[subject] = f"county#{fact.version}"
    for code, facts in projects:
        for points in years:
            project = AssessedProject(code, facts, points.book, points.span, points.units)
            points.add_project(project)
    for points in years:
        for unit in points.units.values():
            points.add_unit(unit)


class MemberHistory(NamedTuple):
    """A region's member that counts: its events, and the last of its positions that does."""

    unit: str
    streams: Streams
    position: int


class RegionStreams(dict[str, list[StoredEvent]]):
    """A region's own events; its projects are those of its members, each credited to its member.

    The members in `absent` have neither score nor rank.
    """

    def __init__(
        self,
        own: Streams,
        members: Sequence[MemberHistory],
        absent: set[str],
    ) -> None:
        super().__init__(own)
        self.members = members
        self.absent = absent

    def projects_of_day(self, day: date) -> Iterator[tuple[str, Facts]]:
        """Yield the members' projects that are there by the day, in the order of their names."""
        for _, name, facts in self.projects_by_member(day):
            yield name, facts

    def projects_by_member(self, day: date) -> Iterator[tuple[str, str, Facts]]:
        """Yield the same projects, each behind its member: names and codes may have a slash."""
        histories: dict[str, tuple[MemberHistory, list[StoredEvent]]] = {}
        for member in self.members:
            for stream, events in member.streams.items():
                if stream.startswith("project/"):
                    code = stream[len("project/") :]
                    histories[f"{member.unit}/{code}"] = (member, events)
        for name, (member, events) in sorted(histories.items()):
            facts = [fact for fact in effective(events, member.position) if fact.on <= day]
            if any(fact.kind == "InformationReported" for fact in facts):
                yield member.unit, name, [_credited_to(member.unit, fact) for fact in facts]

    def members_with_projects(self, day: date) -> set[str]:
        """Return the members that have a project by a day."""
        return {unit for unit, _, _ in self.projects_by_member(day)}


def _credited_to(unit: str, fact: EffectiveFact) -> EffectiveFact:
    """Return a fact as a region sees it: who of the member has the credit is its own matter."""
    if fact.kind == "ProjectTransferred":
        return fact.without("to_unit")
    if fact.kind == "InformationReported":
        fact.fields = {**fact.fields, "reporting_unit": unit}
    return fact


def projects_of_day(
    streams: Streams,
    day: date,
    position: int,
) -> Iterator[tuple[str, Facts]]:
    """Yield the projects that are there by the day, each with its facts by then."""
    if isinstance(streams, RegionStreams):
        yield from streams.projects_of_day(day)
        return
    # In the order of their names: where a limit of several projects is full, that decides.
    for stream, events in sorted(streams.items()):
        if not stream.startswith("project/"):
            continue
        facts = [fact for fact in effective(events, position) if fact.on <= day]
        if any(fact.kind == "InformationReported" for fact in facts):
            yield stream[len("project/") :], facts


def periods_over(
    book: CheckedRulebook,
    year: int,
    day: date,
) -> Iterator[tuple[str, date, CheckedRulebook]]:
    """Yield the periods that modules are assessed by and that are over, each as of its last day."""
    for length, period_book in book.period_books.items():
        for ends in period_ends(year, length):
            if ends <= day:
                yield period_of(ends.isoformat(), length), ends, period_book


def period_ends(
    year: int,
    length: str,
) -> list[date]:
    """Return the last days of a year's months, quarters or half-years."""
    months = MONTHS_IN_PERIOD[length]
    return [last_day(f"{year}-{month:02d}") for month in range(months, 13, months)]


def targets_set(
    county: Events,
    span: AssessedSpan,
    position: int,
) -> Targets:
    """Return the targets set by the day, by (unit, indicator); the last one set counts.

    A period that is assessed takes its own target before the year's.
    """
    of_year: Targets = {}
    of_period: Targets = {}
    for fact in effective(county, position):
        if fact.kind != "TargetSet" or fact.on > span.facts_by or fact.fields["year"] != span.year:
            continue
        unit = fact.fields.get("for_unit")
        if not unit:
            continue
        if "period" not in fact.fields:
            of_year[unit, fact.fields["indicator"]] = fact
        elif fact.fields["period"] == span.name:
            of_period[unit, fact.fields["indicator"]] = fact
    return {**of_year, **of_period}


# The fields by which events name units.
UNIT_FIELDS = ("reporting_unit", "to_unit", "responsible_unit", "for_unit", "successor")


class Units(dict[str, "ScoredUnit"]):
    """The units that are there on a day, in the order of their registration.

    `categories` and `dissolutions` know every registered unit, there or not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.categories: dict[str, str] = {}
        self.dissolutions: dict[str, EffectiveFact] = {}

    def holder(self, unit: str) -> str | None:
        """Return who has what would be a unit's: follow successions; None where they end."""
        holder: str | None = unit
        for _ in self.dissolutions:  # more steps than there are would go round in a circle
            if holder not in self.dissolutions:
                break
            holder = self.dissolutions[holder].fields.get("successor")
        return None if holder in self.dissolutions else holder


class RegisteredUnit(NamedTuple):
    """A registered unit with its effective facts, whatever their day."""

    name: str
    registration: EffectiveFact
    facts: Facts


def registered_units(
    streams: Streams,
    position: int,
) -> list[RegisteredUnit]:
    """Return the registered units in the order of their registration."""
    registered: list[RegisteredUnit] = []
    for stream, events in streams.items():
        if stream.startswith("unit/"):
            facts = [
                _of_moved_project(fact, streams, position) for fact in effective(events, position)
            ]
            registrations = [fact for fact in facts if fact.kind == "UnitRegistered"]
            if registrations:
                name = stream[len("unit/") :]
                registered.append(RegisteredUnit(name, registrations[0], facts))
    registered.sort(key=lambda unit: unit.registration.position)
    return registered


def units_of_day(
    streams: Streams,
    book: CheckedRulebook,
    day: date,
    position: int,
    *,
    first_rules: bool = False,
) -> Units:
    """Return the units that are there on a day, each with the facts that are its own by then."""
    units = Units()
    scored_units: list[ScoredUnit] = []
    for order, registered in enumerate(registered_units(streams, position)):
        by_day = [fact for fact in registered.facts if fact.on <= day]
        scored = ScoredUnit(registered.name, registered.registration, by_day, book, order)
        scored_units.append(scored)
        units.categories[scored.name] = scored.category
        for fact in by_day:
            if fact.kind == "UnitDissolved":
                units.dissolutions[scored.name] = fact
    absent: set[str] = set()
    if not first_rules:
        absent = {unit.name for unit in scored_units if not unit.facts_of_all_years}
        absent -= _units_named(streams, absent, day, position)
    if isinstance(streams, RegionStreams):
        absent |= streams.absent
    for unit in scored_units:
        if unit.name not in absent and unit.name not in units.dissolutions:
            units[unit.name] = unit
    for unit in scored_units:
        holder = units.holder(unit.name)
        if unit.name in units.dissolutions and holder is not None and holder in units:
            units[holder].take_over(unit)
    return units


def _units_named(
    streams: Streams,
    names: set[str],
    day: date,
    position: int,
) -> set[str]:
    """Return those of the names that some fact gives by a day."""
    named: set[str] = set()
    if not names:  # nearly every unit is known by facts of its own: then nothing is read
        return named
    is_region = isinstance(streams, RegionStreams)
    if isinstance(streams, RegionStreams):
        named.update(streams.members_with_projects(day))
    for stream, events in streams.items():
        if is_region and stream.startswith("project/"):
            continue
        for fact in effective(events, position):
            if fact.on <= day:
                named.update(fact.fields[name] for name in UNIT_FIELDS if fact.fields.get(name))
    return named & names


def _of_moved_project(fact: EffectiveFact, streams: Streams, position: int) -> EffectiveFact:
    """Return a fact with the code that the project it names has now."""
    code = fact.fields.get("about_project")
    if not isinstance(code, str):
        return fact
    passed = {code}
    while True:
        following = _moved_to(streams.get(f"project/{code}", []), position)
        if following is None or following in passed:
            break
        passed.add(following)
        code = following
    fact.fields = {**fact.fields, "about_project": code}
    return fact


def _moved_to(stream: Events, position: int) -> str | None:
    """Return the code that a project without a report moved to, by the void of its report."""
    known = [event for event in stream if event.position <= position]
    reports = {event.version for event in known if event.kind == "InformationReported"}
    if any(fact.kind == "InformationReported" for fact in effective(stream, position)):
        return None
    for correction in reversed(_live_corrections(known)):
        code = correction.get("moved_to")
        if isinstance(code, str) and correction["corrects"] in reports:
            return code
    return None


def rank_units(
    units: Units,
    book: CheckedRulebook,
) -> list[JsonObject]:
    """Return the units' rows sequence by sequence, each ranked by its exact total."""
    by_sequence: dict[str, list[tuple[Fraction, JsonObject]]] = {}
    unranked: set[str] = set()
    for unit in units.values():
        by_sequence.setdefault(unit.sequence, []).append(unit.result(book))
        if any(rule.get("unranked") for rule in unit.outcomes):
            unranked.add(unit.name)
    rows: list[JsonObject] = []
    for results in by_sequence.values():
        # The sort is stable: units with the same total stay in the order of their registration.
        results.sort(key=lambda result: -result[0])
        for total, row in results:
            if row["unit"] not in unranked:
                ahead = [
                    another
                    for another_total, another in results
                    if another_total > total and another["unit"] not in unranked
                ]
                rows.append(dict(row, rank=1 + len(ahead)))
        # Units that an outcome takes out of the ranking come after the others.
        rows += [dict(row, rank=None) for _, row in results if row["unit"] in unranked]
    return rows


class ScoredUnit:
    """A registered unit and the points that it gathers."""

    def __init__(
        self,
        name: str,
        registration: EffectiveFact,
        facts: Facts,
        book: CheckedRulebook,
        order: int,
    ) -> None:
        self.name = name
        self.shown_name = name
        self.sequence: str = registration.fields["sequence"]
        self.category: str = registration.fields["category"]
        for fact in facts:
            if fact.kind == "UnitRenamed":
                self.shown_name = fact.fields["name"]
            elif fact.kind == "UnitRegrouped":
                self.sequence = fact.fields["sequence"]
                self.category = str(fact.fields.get("category", self.category))
        # Which unit each fact is of, in the order of their registrations.
        self._sources = [(order, name, fact) for fact in facts]
        # An indicator counts for the period it names, whenever it was reported.
        self.facts_of_all_years = facts
        # Listings of every year: a run of black months may begin in the year before.
        self.listings = [fact for fact in facts if fact.kind == "UnitListed"]
        self.missed_checks: list[MissedCheck] = []
        self.points = dict.fromkeys(book.modules, Fraction(0))
        self.basis = dict.fromkeys(BASES, Fraction(0))
        # Signed, and what only takes others back included: with the limits they sum to the total.
        self.signed = dict.fromkeys(BASES, Fraction(0))
        # Set once the year is concluded: the gate that closes the total, the outcomes.
        self.shut: JsonObject | None = None
        # What factors add to modules after their limits, and what multiplies the total.
        self.added = dict.fromkeys(book.modules, Fraction(0))
        self.total_factors: list[tuple[JsonObject, Fraction]] = []
        self.outcomes: list[JsonObject]

    def take_over(self, dissolved: ScoredUnit) -> None:
        """Count the facts of a dissolved unit as this one's, but for its listings and targets."""
        for order, name, fact in dissolved._sources:
            if fact.kind != "UnitListed":
                self._sources.append((order, name, fact.without("target")))
        self._sources.sort(key=lambda source: (source[2].on, source[0], source[2].version))
        facts: list[EffectiveFact] = []
        for _order, name, fact in self._sources:
            # What stands in another unit's stream is named by it.
            facts.append(fact if name == self.name else fact.of_stream(name))
        self.facts_of_all_years = facts

    def fits(self, where: JsonObject) -> bool:
        """Tell whether a filter takes the unit, or what is credited to it."""
        if "category" in where and self.category not in where["category"]:
            return False
        if "sequence" in where and self.sequence not in where["sequence"]:
            return False
        return self.sequence not in where.get("except_sequence", [])

    def add(
        self,
        module: str,
        basis: str | None,
        rule_basis: str,
        points: Fraction,
    ) -> None:
        """Add points to a module; those that only take others back have no basis of their own."""
        self.signed[basis or rule_basis] += points
        # A module sums signed points; a basis shows how much rests on it, in either direction.
        self.points[module] += points
        if basis is not None:
            self.basis[basis] += abs(points)

    def result(self, book: CheckedRulebook) -> tuple[Fraction, JsonObject]:
        """Return the exact total and the published row without its rank."""
        places = book.places
        modules = self.counted_modules(book)
        groups: dict[str, JsonObject] = {}
        for group in book.data.get("groups", []):
            raw = Fraction(sum(modules[name] for name in group["modules"]))
            groups[group["id"]] = _group_row(group, raw, places)
        total = self.raw_total(book)
        rests_on = self._rests_on(book, modules, total)
        total = limit(total, book.data.get("total", {}))
        row: JsonObject = {
            "unit": self.name,
            "name": self.shown_name,
            "sequence": self.sequence,
            "total": to_decimal(total, places),
            "modules": to_decimals(modules, places),
            "groups": groups,
            "basis": to_decimals(self.basis, places),
            "rests_on": to_decimals(rests_on, places),
        }
        if any(rule["kind"] == "coefficient" and "total" in rule for rule in book.data["rules"]):
            row["total_factors"] = self._total_factor_rows(book)
        if book.data.get("grades") is not None:
            row["grade"] = self._grade(total, book.data["grades"])
        if any(rule["kind"] == "outcome" for rule in book.data["rules"]):
            row["outcomes"] = [
                {"rule": rule["id"], "outcome": rule["outcome"], "clause": rule["clause"]}
                for rule in self.outcomes
            ]
        return total, row

    def _total_factor_rows(self, book: CheckedRulebook) -> Rows:
        total = self.sum_of_groups(book)
        return [
            {
                "rule": rule["id"],
                "sum_of_groups": to_decimal(total, book.places),
                "factor": to_decimal(factor, book.places),
                "added": to_decimal(total * (factor - 1), book.places),
            }
            for rule, factor in self.total_factors
        ]

    def counted_modules(self, book: CheckedRulebook) -> Amounts:
        """Return each module within its limits; nothing where a gate closes the total."""
        modules: Amounts = {}
        for module in book.data["modules"]:
            points = limit(self.points[module["id"]], module) + self.added[module["id"]]
            modules[module["id"]] = points if self.shut is None else Fraction(0)
        return modules

    def raw_total(self, book: CheckedRulebook) -> Fraction:
        """Return the total before its limits: what the groups give, times its factors."""
        total = self.sum_of_groups(book)
        return total + sum(total * (factor - 1) for _, factor in self.total_factors)

    def sum_of_groups(self, book: CheckedRulebook) -> Fraction:
        """Return the groups within their caps and the modules in no group, added up."""
        ungrouped = self.counted_modules(book)
        total = Fraction(0)
        for group in book.data.get("groups", []):
            raw = Fraction(sum(ungrouped.pop(name) for name in group["modules"]))
            total += limit(raw, group)
        # Modules in no group count by themselves.
        return total + sum(ungrouped.values())

    def _rests_on(
        self,
        book: CheckedRulebook,
        modules: Amounts,
        raw_total: Fraction,
    ) -> Amounts:
        """Return the signed points by basis; those of a limit rest on the limit's own table."""
        points = dict(self.signed)
        for module in book.data["modules"]:
            raw = self.points[module["id"]]
            counted = limit(raw, module)
            points[module["basis"]] += counted - raw
            if self.shut is not None:
                points[self.shut["basis"]] -= counted + self.added[module["id"]]
        for group in book.data.get("groups", []):
            raw = Fraction(sum(modules[name] for name in group["modules"]))
            points[group["basis"]] += limit(raw, group) - raw
        sum_of_groups = self.sum_of_groups(book)
        for rule, factor in self.total_factors:
            points[rule["basis"]] += sum_of_groups * (factor - 1)
        total = book.data.get("total")
        if total:
            points[total["basis"]] += limit(raw_total, total) - raw_total
        return points

    def _grade(
        self,
        total: Fraction,
        grades: Rows,
    ) -> str | None:
        """Return the grade of a total, moved up by the outcomes' steps; the first grade is best."""
        steps = sum(int(rule.get("steps", 0)) for rule in self.outcomes)
        for index, grade in enumerate(grades):
            if within(grade["total"], total):
                moved = min(max(index - steps, 0), len(grades) - 1)
                name: str = grades[moved]["chinese"]
                return name
        return None


def _group_row(
    group: JsonObject,
    raw: Fraction,
    places: int,
) -> JsonObject:
    """Return a group's points before and after its limits, and its cap where it has one."""
    cap = Fraction(group["cap"]) if "cap" in group else None
    return {
        "raw": to_decimal(raw, places),
        "counted": to_decimal(limit(raw, group), places),
        "cap": None if cap is None else to_decimal(cap, places),
    }


def to_decimals(
    numbers: Amounts,
    places: int,
) -> dict[str, str]:
    """Write several numbers as plain decimals."""
    return {name: to_decimal(number, places) for name, number in numbers.items()}


def limit(
    value: Fraction,
    limits: JsonObject,
) -> Fraction:
    """Keep a value between the floor and the cap of a table, where it has them."""
    if "floor" in limits:
        value = max(value, Fraction(limits["floor"]))
    if "cap" in limits:
        value = min(value, Fraction(limits["cap"]))
    return value


def to_decimal(
    value: Fraction,
    places: int,
) -> str:
    """Write a plain decimal: rounded once, half away from zero, no trailing zeros, never -0."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = str(units)
    if places:
        whole, part = divmod(units, 10**places)
        text = f"{whole}.{part:0{places}d}".rstrip("0").rstrip(".")
    if value < 0 and units:
        return "-" + text
    return text


# 11. The monthly red and black lists --------------------------------------------------------------


class MissedCheck(NamedTuple):
    """A schedule check that cost a unit points."""

    check: str  # such as 2024-Q2
    project: str
    points: Fraction


def board(
    streams: Streams,
    book: CheckedRulebook,
    month: str,
    position: int,
    *,
    first_rules: bool = False,
) -> JsonObject:
    """Return a month's board: ranks now and a month before, candidates, listings, interviews."""
    day = last_day(month)
    year = int(month[:4])
    units = score_units(streams, book, year, day, position, first_rules=first_rules)
    ranks_before: dict[str, int | None] = {}
    if not month.endswith("-01"):  # in January the year has no month before
        day_before = day.replace(day=1) - timedelta(days=1)
        rows_before = scores(streams, book, year, day_before, position, first_rules=first_rules)
        ranks_before = {row["unit"]: row["rank"] for row in rows_before}
    rows = _board_rows(rank_units(units, book), ranks_before)
    # A list that was decided stands, whether or not the member counts by now.
    listed_units = units
    if isinstance(streams, RegionStreams) and streams.absent:
        everybody = RegionStreams(streams, streams.members, set())
        listed_units = units_of_day(everybody, book, day, position)

    candidates: list[JsonObject] = []
    interviews: list[JsonObject] = []
    rules = book.data.get("boards")
    if rules:
        for row in rows:
            unit = units[row["unit"]]
            candidates += board_candidates(row, rows, unit, rules, book.places)
        interviews = _interviews(listed_units, month, rules["interview"])
    return {
        "as_of": day,
        "units": rows,
        "candidates": candidates,
        "listed": _listings(listed_units, month),
        "interviews": interviews,
    }


def _board_rows(
    ranked: Rows,
    ranks_before: dict[str, int | None],
) -> list[JsonObject]:
    """Return the ranked units as a board shows them."""
    rows: list[JsonObject] = []
    for unit_row in ranked:
        row = {
            "unit": unit_row["unit"],
            "name": unit_row["name"],
            "sequence": unit_row["sequence"],
            "rank": unit_row["rank"],
            "total": unit_row["total"],
            "modules": unit_row["modules"],
            "rank_before": ranks_before.get(unit_row["unit"]),
        }
        rows.append(row)
    return rows


def _listings(
    units: Units,
    month: str,
) -> list[JsonObject]:
    """Return the decided lists of a month."""
    listed: list[JsonObject] = []
    for unit in units.values():
        for fact in unit.listings:
            if fact.month == month:
                entry = {
                    "unit": unit.name,
                    "name": unit.shown_name,
                    "board": fact.fields["board"],
                    "reason": fact.fields["reason"],
                    "event": f"{unit.name}#{fact.version}",
                }
                listed.append(entry)
    return listed


def _interviews(
    units: Units,
    month: str,
    rule: JsonObject,
) -> list[JsonObject]:
    """Return the units called in after so many black months in a row."""
    called_in: list[JsonObject] = []
    for unit in units.values():
        run = _black_run(unit, month)
        if len(run) >= rule["consecutive_months"]:
            called_in.append({"unit": unit.name, "name": unit.shown_name, "months": run})
    return called_in


def _black_run(
    unit: ScoredUnit,
    month: str,
) -> list[str]:
    """Return the unit's black months without a gap up to this one."""
    black_months = {fact.month for fact in unit.listings if fact.fields["board"] == "black"}
    run: list[str] = []
    day = last_day(month)
    while day.isoformat()[:7] in black_months:
        run.insert(0, day.isoformat()[:7])
        day = months_after(day, -1)
    return run


def board_candidates(
    row: JsonObject,
    rows: Rows,
    unit: ScoredUnit,
    rules: JsonObject,
    places: int,
) -> list[JsonObject]:
    """Return the boards that a unit is proposed for, each with its reasons.

    Red: the first places of a sequence. Black: checks missed in a row, and its last place.
    """
    members = [member for member in rows if member["sequence"] == row["sequence"]]
    if row["rank"] is not None:
        # Units out of the ranking take no place from the others.
        members = [member for member in members if member["rank"] is not None]
    last_rank = max(member["rank"] or 0 for member in members)
    tied = [member["unit"] for member in members if member["rank"] == row["rank"]]
    tied.remove(row["unit"])
    standing = {"rank": row["rank"], "of": len(members), "tied_with": tied}

    red: list[JsonObject] = []
    if row["rank"] is not None and row["rank"] <= rules["red"]["places"]:
        red.append(_reason("first", rules["red"], standing))
    black = _missed_checks_reasons(unit, rules["missed_checks"], places)
    # Where all share the first place, none is last.
    enough_members = len(members) >= rules["last"]["of_at_least"]
    if enough_members and row["rank"] is not None and row["rank"] == last_rank > 1:
        black.append(_reason("last", rules["last"], standing))

    candidates: list[JsonObject] = []
    for name, reasons in (("red", red), ("black", black)):
        if reasons:
            candidates.append(_candidate(row, name, reasons))
    return candidates


def _candidate(
    row: JsonObject,
    board_name: str,
    reasons: list[JsonObject],
) -> JsonObject:
    """Return a unit that is proposed for a board."""
    return {
        "unit": row["unit"],
        "name": row["name"],
        "sequence": row["sequence"],
        "board": board_name,
        "reasons": reasons,
    }


def _missed_checks_reasons(
    unit: ScoredUnit,
    rule: JsonObject,
    places: int,
) -> list[JsonObject]:
    """Return the reason for the black list that missed checks are, where enough are in a row."""
    missed = missed_in_a_row(unit.missed_checks, rule["consecutive"])
    if not missed:
        return []
    checks = [
        {"check": check, "project": project, "points": to_decimal(points, places)}
        for check, project, points in missed
    ]
    return [_reason("missed_checks", rule, {"checks": checks})]


def _reason(
    why: str,
    rule: JsonObject,
    details: JsonObject,
) -> JsonObject:
    return {
        **details,
        "why": why,
        "clause": rule["clause"],
        "basis": rule["basis"],
    }


def missed_in_a_row(
    missed: Sequence[MissedCheck],
    length: int,
) -> list[MissedCheck]:
    """Return the missed checks that lie in a run of so many quarters."""
    missed_quarters = {_quarter_of(entry) for entry in missed}
    run_quarters: set[int] = set()
    for first in missed_quarters:
        run = set(range(first, first + length))
        if run <= missed_quarters:
            run_quarters |= run
    return sorted(entry for entry in missed if _quarter_of(entry) in run_quarters)


def _quarter_of(missed: MissedCheck) -> int:
    check, _, _ = missed
    return int(check[-1])


class LiveProject(NamedTuple):
    """A member's project that counts for it, as far as another member's may be the same."""

    name: str
    unit: str
    title: str
    investors: list[tuple[str | None, str]]  # code and folded name
    filing_codes: list[str]


class ProjectGroup:
    """Projects that look like one, and by what."""

    def __init__(self, name: str) -> None:
        self.names = {name}
        self.same_identity = False
        self.filing_codes: set[str] = set()


def counted_twice(
    streams: RegionStreams,
    day: date,
) -> list[JsonObject]:
    """Return the projects that two members report by a day, unless one has recorded its end."""
    groups: dict[str, ProjectGroup] = {}
    live = list(_live_projects(streams, day))
    for first, second in _pairs(live, lambda project: [project.title]):
        if _share_investor(first, second):
            _joined(groups, first, second).same_identity = True
    for first, second in _pairs(live, lambda project: project.filing_codes):
        shared = set(first.filing_codes) & set(second.filing_codes)
        _joined(groups, first, second).filing_codes |= shared
    rows: list[JsonObject] = []
    for group in {id(group): group for group in groups.values()}.values():
        row = {
            "same_identity": group.same_identity,
            "project_codes": sorted(group.filing_codes),
            "projects": sorted(group.names),
        }
        rows.append(row)
    return sorted(rows, key=lambda row: str(row["projects"][0]))


def _live_projects(
    streams: RegionStreams,
    day: date,
) -> Iterator[LiveProject]:
    """Yield the projects that no member has denied recognition, or given to another county."""
    for unit, name, facts in streams.projects_by_member(day):
        filing_codes: list[str] = []
        investors: list[tuple[str | None, str]] = []
        title = None
        has_ended = False
        for fact in facts:
            fields = fact.fields
            if fact.kind == "RecognitionDenied" or fields.get("to_zone") is not None:
                has_ended = True
            if fact.kind == "ProjectFiled":
                filing_codes.append(text_field(fields, "project_code"))
            if fact.kind in ("InformationReported", "InvestorChanged"):
                code = fields.get("investor_code")
                investors.append((code, folded_name(text_field(fields, "investor"))))
            if fact.kind == "InformationReported" and title is None:
                title = folded_name(text_field(fields, "name"))
        if not has_ended and title is not None:
            yield LiveProject(name, unit, title, investors, filing_codes)


def folded_name(name: str) -> str:
    """Return a name as identities compare it: NFKC, case folded, no spaces, no punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] not in "ZPC")


def _pairs(
    projects: Sequence[LiveProject],
    labels: Callable[[LiveProject], Iterable[str]],
) -> Iterator[tuple[LiveProject, LiveProject]]:
    """Yield the pairs of projects of two members that share a label."""
    by_label: dict[str, list[LiveProject]] = {}
    for project in projects:
        for label in labels(project):
            bearers = by_label.setdefault(label, [])
            for earlier in bearers:
                if earlier.unit != project.unit:
                    yield earlier, project
            bearers.append(project)


def _share_investor(
    first: LiveProject,
    second: LiveProject,
) -> bool:
    """Tell whether two projects had one investor: by its code where both give one, else by name."""
    for code, investor in first.investors:
        for other_code, other_investor in second.investors:
            if code and other_code:
                if code == other_code:
                    return True
            elif investor == other_investor:
                return True
    return False


def _joined(
    groups: dict[str, ProjectGroup],
    first: LiveProject,
    second: LiveProject,
) -> ProjectGroup:
    """Return the group of both projects, after joining those that they were in."""
    group = groups.get(first.name) or ProjectGroup(first.name)
    joining = groups.get(second.name) or ProjectGroup(second.name)
    if group is not joining:
        group.names |= joining.names
        group.same_identity = group.same_identity or joining.same_identity
        group.filing_codes |= joining.filing_codes
    for name in group.names:
        groups[name] = group
    return group


# 12. The rulebook and what this verifier knows of it ----------------------------------------------
#
# A rulebook with anything unknown is rejected by name: what this verifier left aside could move
# points. A *counted* table names a measure with its filters: it is a rule itself, a part of a
# composite, a condition, or what a target is counted from.

RULE_FIELDS: dict[str, set[str]] = {
    "per_item": {"points", "points_by", "bands", "limit", "limit_per"},
    "per_amount": {"per", "points", "whole_steps"},
    "credit": {"points", "to"},
    "deduct": {"points", "bands", "start", "floor"},
    "escalating": {"bands", "applies_to"},
    "bracket": {"bands", "floor", "cap"},
    "ratio": {"weight", "floor", "cap", "whole_steps"},
    "stepped": {"base", "segments", "most", "least", "whole_steps"},
    "rank": {"bands", "first", "ties", "above"},
    "minmax": {"span", "base", "out_of", "weight", "when_equal"},
    "relative": {"weight", "when_none"},
}
# These kinds count nothing themselves: they combine parts, or change what other rules gave.
COMBINING_FIELDS: dict[str, set[str]] = {
    "composite": {"parts", "weight", "out_of", "cap", "floor", "places"},
    "exclusive": {"rules", "per"},
    "coefficient": {"rules", "modules", "total", "combine", "rows", "otherwise"},
    "gate": {"gates", "rule", "any_of"},
    "outcome": {"outcome", "steps", "unranked", "any_of"},
}
CHANGING_KINDS = ("exclusive", "coefficient", "gate", "outcome")
NAMING_FIELDS = {"id", "chinese", "module", "kind", "clause", "basis", "note", "document"}
MEASURE_FIELDS = {
    "measure",
    "indicator",
    "where",
    "needs",
    "from_stage",
    "to_stage",
    "unreached",
    "range",
    "stages",
    "figure",
    "time_limit",
}
COUNTED_FIELDS = MEASURE_FIELDS | {
    "each",
    "reaching",
    "short_of",
    "beyond",
    "target",
    "when_zero",
    "when_missing",
    "as",
}
REFERENCES = ("target", "short_of", "beyond")
REFERENCE_FIELDS = {"fixed", "source", "indicator", "counted", "per"}
REFERENCE_CHOICES: dict[str, tuple[str, ...]] = {
    "source": ("reported", "set"),
    "per": ("year", "share"),
}
BOUNDS = {"at_least", "at_most", "above", "below"}
CONDITION_FIELDS = COUNTED_FIELDS | BOUNDS | {"in_a_row"}
# A condition on what rules gave names a result in place of a measure.
RESULT_CONDITION_FIELDS = BOUNDS | {"result", "where", "each_below", "place", "of_at_least"}
FACTOR_FIELDS = {"where", "any_of", "factor"}
RESULT_FIELDS = {"rule", "modules", "group", "total"}
RESULT_CHOICES: dict[str, tuple[str, ...]] = {"place": ("top", "bottom")}
PART_FIELDS = COUNTED_FIELDS | {"share", "take"}
# A part may take a module's results by period in place of a measure.
PERIOD_PART_FIELDS = {"result", "each", "only", "take", "best", "share", "when_missing"}
PERIOD_PART_CHOICES: dict[str, tuple[str, ...]] = {
    "each": ("month", "quarter", "half_year"),
    "take": ("sum", "mean", "best"),
    "when_missing": ("none",),
}
# What the periods of a year are called behind the year.
PERIOD_NAMES: dict[str, tuple[str, ...]] = {
    "month": tuple(f"{month:02d}" for month in range(1, 13)),
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "half_year": ("H1", "H2"),
}
# These measures take fields of their own beside those of PROJECT_MEASURES and UNIT_MEASURES.
LIMIT_MEASURES = ("limits_kept", "limits_missed", "days_late")
MEASURES_WITH_FIELDS = (
    "indicator",
    "days_between",
    "nodes_reached",
    "project_figure",
    *LIMIT_MEASURES,
)
LIMIT_FIELDS = {
    "id",
    "chinese",
    "from",
    "to",
    "every",
    "by",
    "until",
    "days",
    "months",
    "working_days",
    "where",
    "needs",
    "levels",
    "clause",
    "basis",
    "note",
    "document",
}
NEEDS = ("recognised", "eligible", "not_excluded")
COMBINATIONS = ("highest", "product")
STAGES = ("information", "consultation", "signing", "land", "filing", "statistics", "investment")
# Milestones of construction are further stages to rules; schedules have the seven alone.
MILESTONES = ("construction_started", "completed", "production_started", "full_production")
REACHED_STAGES = (*STAGES, *MILESTONES)
SECTORS = (
    "industrial",
    "cultural_tourism",
    "agricultural",
    "service",
    "real_estate",
    "real_estate_balanced",
    "other",
)
# What a rulebook declares beside the words that are built in.
WORD_LISTS = ("stages", "traits", "sectors", "chains", "sites", "categories", "figures")
WORD_FIELDS = {"name", "chinese", "clause", "basis", "note", "document"}
FIGURE_FIELDS = WORD_FIELDS | {"take", "unit"}
# The choices that a field has, by kind of rule, and for anything counted.
RULE_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "per_item": {"limit_per": ("year", "half_year", "quarter", "month")},
    "credit": {"to": ("first_reporter", "equally")},
    "escalating": {"applies_to": ("all", "further")},
    "rank": {"first": ("greatest", "least"), "ties": ("share", "mean")},
    "exclusive": {"per": ("project", "unit")},
    "coefficient": {"combine": COMBINATIONS},
    "gate": {"gates": ("rule", "module", "total")},
}
COUNTED_CHOICES: dict[str, tuple[str, ...]] = {
    "each": ("month", "quarter", "half_year", "project", "unit"),
    "unreached": ("as_of", "none"),
    "as": ("share_of_sequence", "to_mean", "to_last_year", "place_change"),
    "take": ("sum", "mean"),
    # What counts where a target was never told is one of these words, or a number.
    "when_missing": ("none", "holds", "fails"),
}
NUMBER = re.compile(r"-?[0-9]{1,1000}(?:[./][0-9]{1,1000})?")
# These comparisons are with the same value of last year.
WITH_LAST_YEAR = ("to_last_year", "place_change")
# How often schedules are checked: months in a period, and what the check is called.
CHECK_PERIODS = {
    "month": (1, "{}-{:02d}"),
    "quarter": (3, "{}-Q{}"),
    "half_year": (6, "{}-H{}"),
}
TABLES = {
    "id",
    "title",
    "issuer",
    "effective_from",
    "effective_to",
    "rounding",
    "modules",
    "groups",
    "total",
    "grades",
    "assessed",
    "change",
    "clauses",
    "left_out",
    "ranking",
    "credit",
    "exclusions",
    "recognition",
    "eligibility",
    "assessment_period",
    "nodes",
    "funds",
    "schedule_checks",
    "coefficients",
    "rules",
    "incentives",
    "near_miss",
    "rewards",
    "targets",
    "boards",
    "ladder",
    "deadlines",
    "limits",
    "vocabulary",
}


class CheckedRulebook:
    """A rulebook in which this verifier knows every table, kind of rule, measure and filter."""

    def __init__(
        self,
        data: JsonObject,
        *,
        of_modules: bool = False,
    ) -> None:
        self.data = data
        # Whether it scores periods of modules that are assessed by period.
        self.of_modules = of_modules
        book_id = data.get("id")
        name = f"rulebook {book_id}"
        reject_unknown(name, data, TABLES)
        self.words = declared_words(name, data)
        self.stages = (*REACHED_STAGES, *self.words["stages"])
        figures = data.get("vocabulary", {}).get("figures", [])
        self.figures_taken = {row["name"]: row["take"] for row in figures}
        self.sectors = (*SECTORS, *self.words["sectors"])
        self.limits = _checked_limits(name, data, self.stages)
        self._check_rules(name)
        coefficients = data.get("coefficients", [])
        for table in coefficients:
            combine = table["combine"]
            if combine not in COMBINATIONS:
                raise VerificationError(f"{name}: coefficients combined by {combine!r}")
        self.checked_every = data.get("schedule_checks", {}).get("every", "quarter")
        self._check_credit_and_ranking(name)
        self.modules = [module["id"] for module in data["modules"]]
        self.modules_by_id = {module["id"]: module for module in data["modules"]}
        self._check_results(name)
        self.coefficients = {table["id"]: table for table in coefficients}
        nodes = data.get("nodes", {})
        self.sectors_by_tax = set(nodes.get("by_tax", ()))
        assessment_period = data.get("assessment_period", {})
        self.period_limits = set(assessment_period.get("limits", ()))
        self.places = as_count(data["rounding"]["json"], "rounding.json")
        self._check_size(name)
        self._check_periods(name)
        self.period_books = self._split_periods()

    def _check_rules(self, name: str) -> None:
        for rule in self.data["rules"]:
            rule_id = rule["id"]
            for _, counted, _ in all_counted_tables([rule]):
                named = {counted["time_limit"]} if "time_limit" in counted else ()
                reject_unknown(f"{name}, rule {rule_id}, limits", named, self.limits)
            _check_rule(f"{name}, rule {rule_id}", rule, self.stages)

    def _check_credit_and_ranking(self, name: str) -> None:
        share = Fraction(self.data.get("credit", {}).get("share", 1))
        known = (
            share == 1
            and self.checked_every in CHECK_PERIODS
            and self.data["ranking"]["within"] == "sequence"
        )
        if not known:
            raise VerificationError(
                f"{name}: its credit, checks or ranking are unknown to this verifier"
            )

    def _check_periods(self, name: str) -> None:
        """Reject modules assessed by periods, and parts that take them, that are unknown."""
        lengths = self._lengths()
        reject_unknown(f"{name}, assessed", lengths.values(), PERIOD_NAMES)
        if lengths and "assessed" in self.data:
            raise VerificationError(f"{name}: all of it and a module are assessed by period")
        for rule in self.data["rules"]:
            for part in period_parts(rule):
                label = f"{name}, rule {rule['id']}"
                reject_unknown(label, part["result"], {"module"})
                reject_unknown(label, {part["result"]["module"]}, lengths)
                reject_unknown(label, {part["each"]}, {lengths[part["result"]["module"]]})
                reject_unknown(label, part.get("only", ()), PERIOD_NAMES[part["each"]])
                reject_unknown(label, {rule["module"]}, set(self.modules) - set(lengths))
        self._check_reach(name, set(lengths))

    def _check_reach(
        self,
        name: str,
        by_period: set[str],
    ) -> None:
        """Reject rules that look from the year into a module assessed by period, or out of one."""
        modules = {rule["id"]: rule["module"] for rule in self.data["rules"]}
        for rule in self.data["rules"]:
            own = rule["module"]
            for form, result in results_touched(rule):
                # Groups and the total are of the year, whatever modules they contain.
                module = {"rule": modules.get(result), "modules": result}.get(form)
                if module != own and by_period & {own, module}:
                    raise VerificationError(
                        f"{name}, rule {rule['id']}: the results of a module assessed by period "
                        "stay apart from all others"
                    )

    def _lengths(self) -> dict[str, str]:
        """Return the modules that are assessed by period, with the length of their periods."""
        lengths: dict[str, str] = {}
        for module in self.data["modules"]:
            if "assessed" in module:
                lengths[module["id"]] = as_text(module["assessed"], "assessed")
        return lengths

    def _split_periods(self) -> dict[str, CheckedRulebook]:
        """Keep what scores the year; return what scores periods, by their length."""
        lengths = self._lengths()
        if not lengths:
            return {}
        rules = self.data["rules"]
        taken = {part["each"] for rule in rules for part in period_parts(rule)}
        books: dict[str, CheckedRulebook] = {}
        for length in sorted(taken):
            modules = [_without(module, "assessed") for module in self._modules_of(length)]
            names = {module["id"] for module in modules}
            # Groups and the total's limits are of the year: nothing in a period looks at them.
            changed: JsonObject = {"modules": modules, "assessed": {"period": length}}
            changed["rules"] = [rule for rule in rules if rule["module"] in names]
            books[length] = CheckedRulebook({**self.data, **changed}, of_modules=True)
        # A module assessed by period stays in the year, without rules or limits: it has nothing.
        year_modules = [
            _without(module, "floor", "cap") if module["id"] in lengths else module
            for module in self.data["modules"]
        ]
        year_rules = [rule for rule in rules if rule["module"] not in lengths]
        self.data = {**self.data, "modules": year_modules, "rules": year_rules}
        self.modules_by_id = {module["id"]: module for module in year_modules}
        return books

    def _modules_of(self, length: str) -> Rows:
        return [module for module in self.data["modules"] if module.get("assessed") == length]

    def _check_results(self, name: str) -> None:
        """Reject conditions on results that the rulebook does not have."""
        known: dict[str, list[str]] = {
            "rule": [rule["id"] for rule in self.data["rules"]],
            "modules": self.modules,
            "group": [group["id"] for group in self.data.get("groups", [])],
            "total": ["True"],
        }
        for rule in self.data["rules"]:
            for module in rule.get("modules", ()):
                reject_unknown(f"{name}, rule {rule['id']}", {module}, self.modules)
            for form, result in results_read(rule):
                reject_unknown(f"{name}, rule {rule['id']}", {result}, known[form])

    def _check_size(self, name: str) -> None:
        """Reject a rulebook made to take for ever: 10**places is computed for every number."""
        rules = self.data["rules"]
        places = [as_count(rule.get("places", 0), "places") for rule in rules]
        if max([self.places, *places]) > 20 or len(rules) > 1_000:
            raise VerificationError(f"{name}: it has too many places, or rules")


def _without(
    table: JsonObject,
    *fields: str,
) -> JsonObject:
    """Return a table without some of its fields."""
    return {name: value for name, value in table.items() if name not in fields}


FIGURE_TAKES = ("sum", "last")


def declared_words(name: str, data: JsonObject) -> dict[str, list[str]]:
    """Return the words that a rulebook declares, by vocabulary."""
    vocabulary = data.get("vocabulary", {})
    reject_unknown(f"{name}, vocabulary", vocabulary, WORD_LISTS)
    words: dict[str, list[str]] = {}
    for word_list in WORD_LISTS:
        rows = vocabulary.get(word_list, [])
        for row in rows:
            known = FIGURE_FIELDS if word_list == "figures" else WORD_FIELDS
            reject_unknown(f"{name}, vocabulary {word_list}", row, known)
            if word_list == "figures":
                reject_unknown(f"{name}, take", [text_field(row, "take")], FIGURE_TAKES)
        words[word_list] = [text_field(row, "name") for row in rows]
    return words


def _checked_limits(
    name: str,
    data: JsonObject,
    stages: Sequence[str],
) -> dict[str, JsonObject]:
    """Return the time limits by their ids; of one id the first."""
    limits: dict[str, JsonObject] = {}
    for limit in data.get("limits", ()):
        label = f"{name}, limit {limit['id']}"
        reject_unknown(label, limit, LIMIT_FIELDS)
        named_stages = [limit[end] for end in ("from", "to", "until") if end in limit]
        reject_unknown(f"{label}, stages", named_stages, stages)
        reject_unknown(label, limit.get("where", {}), PROJECT_FILTERS)
        reject_unknown(label, limit.get("needs", ()), NEEDS)
        limits.setdefault(limit["id"], limit)
    return limits


def _check_rule(
    name: str,
    rule: JsonObject,
    stages: Sequence[str],
) -> None:
    kind = rule["kind"]
    if kind not in RULE_FIELDS and kind not in COMBINING_FIELDS:
        raise VerificationError(f"{name} has the kind {kind!r}, unknown to this verifier")
    reject_unknown(name, rule, known_fields(kind))
    reject_unknown_choices(name, rule, RULE_CHOICES.get(kind, {}))
    for row in rule.get("rows", ()):
        reject_unknown(name, row, FACTOR_FIELDS)
        for where in row.get("where", ()):
            reject_unknown(name, where, PROJECT_FILTERS)
    nested_fields = PART_FIELDS if "parts" in rule else CONDITION_FIELDS
    for _, counted in counted_tables(rule):
        reject_unknown_choices(name, counted, COUNTED_CHOICES)
        for field in REFERENCES:
            reference = counted.get(field, {})
            reject_unknown(name, reference, REFERENCE_FIELDS)
            reject_unknown_choices(name, reference, REFERENCE_CHOICES)
        if counted is not rule:
            reject_unknown(name, counted, nested_fields)
    for part in period_parts(rule):
        reject_unknown(name, part, PERIOD_PART_FIELDS)
        reject_unknown_choices(name, part, PERIOD_PART_CHOICES)
    for condition in result_conditions(rule):
        reject_unknown(name, condition, RESULT_CONDITION_FIELDS)
        reject_unknown(name, condition["result"], RESULT_FIELDS)
        reject_unknown(name, condition.get("where", {}), PROJECT_FILTERS)
        reject_unknown_choices(name, condition, RESULT_CHOICES)
    measures = {*PROJECT_MEASURES, *UNIT_MEASURES, *MEASURES_WITH_FIELDS}
    for _, counted, _ in all_counted_tables([rule]):
        reject_unknown(name, {counted["measure"]}, measures)
        reject_unknown(name, counted.get("needs", []), NEEDS)
        named_stages = [*counted.get("stages", [])]
        named_stages += [counted[end] for end in ("from_stage", "to_stage") if end in counted]
        reject_unknown(f"{name}, stages", named_stages, stages)
        reject_unknown(name, counted.get("where", {}), PROJECT_FILTERS)


def known_fields(kind: str) -> set[str]:
    """Return the fields that a rule of a kind may have."""
    if kind in COMBINING_FIELDS:
        return NAMING_FIELDS | COMBINING_FIELDS[kind]
    own_fields = RULE_FIELDS[kind] | {"coefficient", "places", "at_most_per_project"}
    return NAMING_FIELDS | COUNTED_FIELDS | own_fields


def reject_unknown(
    label: str,
    names: Iterable[str],
    known: Iterable[str],
) -> None:
    """Raise for the names that this verifier does not know."""
    unknown = sorted(set(names) - set(known))
    if unknown:
        listed = ", ".join(map(repr, unknown))
        raise VerificationError(f"{label}: this verifier does not know {listed}")


def reject_unknown_choices(
    label: str,
    table: JsonObject,
    choices: dict[str, tuple[str, ...]],
) -> None:
    """Raise for a field whose choice this verifier does not know."""
    for field, known in choices.items():
        if field not in table:
            continue
        if field == "when_missing" and NUMBER.fullmatch(as_text(table[field], field)):
            continue
        reject_unknown(f"{label}, {field}", {table[field]}, known)


def all_counted_tables(
    rules: Rows,
) -> Iterator[tuple[str, JsonObject, JsonObject]]:
    """Yield all that the rules count, as (path, counted table, rule).

    What a target, a shortfall or a surplus is held against belongs to no rule: its rule is empty.
    """
    for rule in rules:
        for path, counted in counted_tables(rule):
            yield path, counted, rule
            for name in REFERENCES:
                if "counted" in counted.get(name, {}):
                    yield f"{path}.{name}", counted[name]["counted"], {}


def counted_tables(rule: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Yield what a rule counts: itself, or its parts, or its conditions, each with its path."""
    rule_id = rule["id"]
    if "measure" in rule:
        yield rule_id, rule
    for index, part in enumerate(rule.get("parts", ())):
        if "result" not in part:
            yield part_path(rule_id, index), part
    for path, condition in conditions_of(rule):
        if "result" not in condition:
            yield path, condition


def period_parts(rule: JsonObject) -> list[JsonObject]:
    """Return the parts of a composite that take a module's results by period."""
    return [part for part in rule.get("parts", ()) if "result" in part]


def conditions_of(rule: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Yield the conditions of a rule or of its rows of factors, each with its path."""
    tables = [(rule["id"], rule)]
    tables += [(factor_path(rule, index), row) for index, row in enumerate(rule.get("rows", ()))]
    for place, table in tables:
        for index, alternative in enumerate(table.get("any_of", ())):
            for number, condition in enumerate(alternative["all"]):
                yield condition_path(place, index, number), condition


def result_conditions(rule: JsonObject) -> Iterator[JsonObject]:
    """Yield the conditions of a rule that look at results."""
    for _path, condition in conditions_of(rule):
        if "result" in condition:
            yield condition


def results_read(rule: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield the results that a rule's conditions look at, as (form, name)."""
    for condition in result_conditions(rule):
        for form, names in condition["result"].items():
            if form == "modules":
                yield from ((form, name) for name in names)
            else:
                yield form, str(names)


def results_touched(rule: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield the results that a rule looks at or changes, as (form, name)."""
    yield from results_read(rule)
    if rule["kind"] in CHANGING_KINDS:
        yield from acted_on(rule)


def acted_on(rule: JsonObject) -> list[tuple[str, str]]:
    """Return the results that a rule changes, as (form, name); an outcome is of the total."""
    if rule["kind"] == "outcome":
        return [("total", "True")]
    if "rules" in rule:
        return [("rule", name) for name in rule["rules"]]
    if rule["kind"] == "coefficient":
        return [("modules", name) for name in rule.get("modules", ())] or [("total", "True")]
    if rule["gates"] == "rule":
        return [("rule", rule["rule"])]
    return [("modules", rule["module"])] if rule["gates"] == "module" else [("total", "True")]


def part_path(
    rule_id: str,
    index: int,
) -> str:
    """Return the path of a composite's part."""
    return f"{rule_id}.parts.{index}"


def factor_path(
    rule: JsonObject,
    index: int,
) -> str:
    """Return the path of a row of factors."""
    return f"{rule['id']}.rows.{index}"


def condition_path(
    rule_id: str,
    alternative: int,
    number: int,
) -> str:
    """Return the path of a condition."""
    return f"{rule_id}.any_of.{alternative}.{number}"


def within(
    interval: str,
    value: Fraction,
) -> bool:
    """Tell whether a number lies in an interval such as [10000,50000], (,10000) or (50000,)."""
    low, low_closed, high, high_closed = parse_interval(interval)
    too_low = low is not None and (value < low or (value == low and not low_closed))
    too_high = high is not None and (value > high or (value == high and not high_closed))
    return not too_low and not too_high


def parse_interval(interval: str) -> tuple[Fraction | None, bool, Fraction | None, bool]:
    """Return an interval's low end, whether it is closed, its high end, whether it is closed."""
    match = re.fullmatch(
        r"([\[(])\s*(-?[0-9.]*)\s*,\s*(-?[0-9.]*)\s*([\])])",
        as_text(interval, "an interval"),
    )
    if match is None:
        raise VerificationError(f"{interval!r} is not an interval")
    opening, low, high, closing = match.groups()
    return _end_of(low), opening == "[", _end_of(high), closing == "]"


def _end_of(text: str) -> Fraction | None:
    if not text:
        return None
    return Fraction(text)


# 13. A project under the rulebook -----------------------------------------------------------------

NODE_EVENTS = {
    "information": "InformationReported",
    "signing": "AgreementSigned",
    "land": "LandAcquired",
    "filing": "ProjectFiled",
    "statistics": "StatisticsEntered",
}


def _end_of_figure(fact: EffectiveFact) -> tuple[date, date, int]:
    """Return by what the last of several reports is known: its period's end, its day, its place."""
    return _last_day_of(text_field(fact.fields, "period")), fact.on, fact.version


class PlannedMilestone(NamedTuple):
    """The day by which a stage is due, and the version of the plan that says so."""

    due: date
    version: int


class PeriodCheck(NamedTuple):
    """A schedule check: the period's name, its last day, whether the project was on schedule.

    `milestones` are those due by then, by stage.
    """

    name: str
    ends: date
    on_schedule: bool
    milestones: dict[str, PlannedMilestone]


class AssessedProject:
    """A project's facts by the day, judged for the year."""

    def __init__(
        self,
        code: str,
        facts: Facts,
        book: CheckedRulebook,
        span: AssessedSpan,
        units: Units,
    ) -> None:
        self.code = code
        self.facts = facts
        self.book = book
        self.covers = span.covers
        self.holds = span.holds
        self.working_days = span.working_days
        self.year = span.year
        self.day = span.day
        self.information = self.all("InformationReported")[0]
        self.fields = self._fields_by_the_day()
        self.sector = self.fields["sector"]
        signed = self.first("AgreementSigned")
        if signed is None:
            self.scale = self.information.number("planned_fixed_assets")
            self.investment = self.information.number("planned_investment")
        else:
            self.scale = self.contracted(signed, "contract_fixed_assets").number(
                "contract_fixed_assets"
            )
            self.investment = self.contracted(signed, "contract_investment").number(
                "contract_investment"
            )
        # Successions are followed once transfers are.
        self.unit = units.holder(self._credited_unit(units))
        self.credited = None if self.unit is None else units.get(self.unit)
        self.period_end = self.assessment_period_end(signed)

    def _fields_by_the_day(self) -> JsonObject:
        """Return the report's fields, with the traits that the investor has by the day."""
        fields = dict(self.information.fields)
        for change in self.all("InvestorChanged"):
            # Traits that are left out stay.
            if change.fields.get("investor_traits") is not None:
                fields["investor_traits"] = change.fields["investor_traits"]
        return fields

    def all(self, *kinds: str) -> list[EffectiveFact]:
        """Return the facts of these kinds, in order."""
        return [fact for fact in self.facts if fact.kind in kinds]

    def first(self, kind: str) -> EffectiveFact | None:
        """Return the first fact of a kind."""
        for fact in self.facts:
            if fact.kind == kind:
                return fact
        return None

    def contracted(
        self,
        signed: EffectiveFact,
        field: str,
    ) -> EffectiveFact:
        """Return the fact that an amount of the contract rests on: the last supplement with it."""
        holds = signed
        for amendment in self.all("AgreementAmended"):
            if amendment.fields.get(field) is not None:
                holds = amendment
        return holds

    def of_year(self, kind: str) -> list[EffectiveFact]:
        """Return the monthly facts of the year's months."""
        in_year = [fact for fact in self.all(kind) if fact.month[:5] == f"{self.year}-"]
        return [fact for fact in in_year if fact.on <= self.day]

    def _credited_unit(self, units: Units) -> str:
        """Return the unit credited: the reporter, or who took over from one of some categories."""
        reporter: str = self.fields["reporting_unit"]
        credit = self.book.data.get("credit", {})
        if units.categories.get(reporter) not in credit.get("transferred_from", ()):
            return reporter
        credited_unit = reporter
        for fact in self.all("ProjectTransferred"):
            # A transfer that names no unit hands the project to somebody outside.
            credited_unit = fact.fields.get("to_unit") or credited_unit
        return credited_unit

    def assessment_period_end(self, signed: EffectiveFact | None) -> date | None:
        """Return the last day of the assessment period (考核期限), which the scale decides."""
        if signed is None or "assessment_period" not in self.book.data:
            return None
        for band in self.book.data["assessment_period"]["bands"]:
            if within(band["scale"], self.scale):
                return months_after(signed.on, int(band["months"]))
        raise VerificationError(f"no assessment period for the scale {self.scale}")

    def earns(self, fact: EffectiveFact) -> bool:
        """Tell whether a fact lies within the assessment period."""
        if self.period_end is None:
            return True
        if fact.kind in MONTHLY:  # a monthly figure counts if its month begins in time
            return date.fromisoformat(fact.month + "-01") <= self.period_end
        return fact.on <= self.period_end

    # Nodes of the project's course.

    def node(self, stage: str) -> EffectiveFact | None:
        """Return the fact by which a stage was first reached."""
        if stage == "consultation":
            return self._passed_consultation()
        if stage == "investment":
            return self._first_investment()
        if stage in NODE_EVENTS:
            return self.first(NODE_EVENTS[stage])
        return self._milestone(stage)

    def node_by_day(self, stage: str) -> EffectiveFact | None:
        """Return the fact of a stage; in last year's value none that is later than its day."""
        node = self.node(stage)
        if node is None or node.on > self.day:
            return None
        return node

    def _milestone(self, milestone: str) -> EffectiveFact | None:
        for fact in self.all("MilestoneReached"):
            if fact.fields["milestone"] == milestone:
                return fact
        return None

    def _passed_consultation(self) -> EffectiveFact | None:
        for fact in self.all("ConsultationHeld"):
            if fact.fields["outcome"] == "passed":
                return fact
        return None

    def _first_investment(self) -> EffectiveFact | None:
        """Return the first month with investment; in sectors without fixed assets, with tax."""
        kind = "InvestmentReported"
        field = "fixed_assets"
        if self.sector in self.book.sectors_by_tax:
            kind = "TaxPaid"
            field = "amount"
        for fact in self.all(kind):
            if fact.number(field) > 0:
                return fact
        return None

    def reached(
        self,
        stage: str,
        day: date,
    ) -> bool:
        """Tell whether a stage was reached by a day."""
        node = self.node(stage)
        return node is not None and node.on <= day

    def reached_in(
        self,
        stage: str,
        period: str,
    ) -> bool:
        """Tell whether a stage was reached in the year, or the day's half-year, quarter, month."""
        node = self.node(stage)
        if node is None or node.on.year != self.year:
            return False
        return period_start(self.day, period) <= node.on <= self.day

    def consulted_in_year(self) -> bool:
        """Tell whether the consultation was passed in the year, by the day."""
        return self.reached_in("consultation", "year")

    # What a rule may need: recognition, eligibility, filters.

    def excluded(self) -> bool:
        """Tell whether an exclusion of the rulebook holds (《考核办法》第二条第（九）项)."""
        rows = self.book.data.get("exclusions", ())
        return any(EXCLUSIONS[row["fact"]](self) for row in rows)

    def recognised(self) -> bool:
        """Tell whether the project is not excluded and reached what recognition needs."""
        if self.excluded():
            return False
        stage = self.book.data.get("recognition", {}).get("needs")
        return stage is None or self.node(stage) is not None

    def eligible(self) -> bool:
        """Tell whether a row of the table fits, and every row that fits holds."""
        # A sector that only another rulebook declares means nothing to this one.
        if self.sector not in self.book.sectors:
            return False
        table = self.book.data.get("eligibility")
        if not table:
            return True
        needs: list[JsonObject] = []
        fitting_rows = [row for row in table if self.fits(row["where"])]
        for row in fitting_rows:
            needs += row["needs"]
        return bool(fitting_rows) and all(self.meets_condition(need) for need in needs)

    def meets_condition(self, need: JsonObject) -> bool:
        """Tell whether one condition of eligibility holds."""
        measure = need["measure"]
        if measure in ELIGIBILITY_FLAGS:
            return ELIGIBILITY_FLAGS[measure](self)
        if measure in ELIGIBILITY_AMOUNTS:
            return ELIGIBILITY_AMOUNTS[measure](self) >= Fraction(need["at_least"])
        raise VerificationError(f"the condition {measure!r} is unknown to this verifier")

    def fits(self, where: JsonObject) -> bool:
        """Tell whether a filter takes the project."""
        reject_unknown("a filter", where, PROJECT_FILTERS)
        for name, allowed in where.items():
            has_allowed = PROJECT_FILTERS[name]
            if not has_allowed(self, allowed):
                return False
        return True

    def meets(self, counted: JsonObject) -> bool:
        """Tell whether a rule looks at the project."""
        if not self.fits(counted.get("where", {})):
            return False
        return all(self._is(state) for state in counted["needs"])

    def _is(self, state: str) -> bool:
        if state == "not_excluded":
            return not self.excluded()
        if state == "recognised":
            return self.recognised()
        return self.eligible()

    def factor(self, table: JsonObject) -> Fraction:
        """Return the project's factor in a table of coefficients."""
        return combined_factor(table, self.fits)

    def invested_share(self) -> Fraction:
        """Return fixed assets so far over the total investment; 0 where there is none."""
        if not self.investment:
            return Fraction(0)
        reports = self.all("InvestmentReported")
        return sum_numbers(reports, "fixed_assets") / self.investment

    # Figures of the project that the rulebook declares.

    def figure_reports(self, figure: str) -> list[EffectiveFact]:
        """Return the reports of a figure by the day."""
        facts = self.all("ProjectFigureReported")
        return [fact for fact in facts if fact.fields["figure"] == figure]

    def taken(self, figure: str, facts: list[EffectiveFact]) -> list[EffectiveFact]:
        """Return the reports that count: all, or that of the period which ends last."""
        if self.book.figures_taken[figure] == "sum" or not facts:
            return facts
        return [max(facts, key=_end_of_figure)]

    def figure(self, figure: str) -> Fraction | None:
        """Return a figure by the day, whatever its years; None where none was reported."""
        facts = self.figure_reports(figure)
        if not facts:
            return None
        return sum_numbers(self.taken(figure, facts), "actual")

    # The schedule.

    def plan(self, day: date) -> dict[str, date]:
        """Return the days of the milestones in force on a day, by stage."""
        milestones = self.planned(day)
        return {stage: milestone.due for stage, milestone in milestones.items()}

    def planned(self, day: date) -> dict[str, PlannedMilestone]:
        """Return the milestones in force on a day, by stage.

        A new plan replaces the one before, but what was due when it was set keeps its date: a late
        milestone cannot be planned away.
        """
        milestones: dict[str, PlannedMilestone] = {}
        plans = [fact for fact in self.all("ScheduleSet") if fact.on <= day]
        for fact in plans:
            already_due = _due_by(fact.on, milestones)
            milestones = {
                entry["stage"]: PlannedMilestone(date.fromisoformat(entry["due_on"]), fact.version)
                for entry in fact.fields["milestones"]
            }
            milestones.update(already_due)
        return milestones

    def checks(self) -> list[PeriodCheck]:
        """Return the year's schedule checks by the day (《考核办法》第二条第（八）项第2目)."""
        if not self.consulted_in_year():
            return []
        months, name_format = CHECK_PERIODS[self.book.checked_every]
        checks: list[PeriodCheck] = []
        for index in range(12 // months):
            begins = date(self.year, months * index + 1, 1)
            ends = last_day(f"{self.year}-{months * (index + 1):02d}")
            if not self._is_checked_at(ends):
                continue
            due = _due_by(ends, self.planned(ends))
            if self._has_open_milestone(due, begins):
                on_schedule = all(self.reached(stage, ends) for stage in due)
                name = name_format.format(self.year, index + 1)
                checks.append(PeriodCheck(name, ends, on_schedule, due))
        return checks

    def _is_checked_at(self, ends: date) -> bool:
        """Tell whether a check falls due: the period is over, and the project under way."""
        if ends > self.day or not self.reached("consultation", ends):
            return False
        return not any(fact.on <= ends for fact in self.all("ProjectTerminated"))

    def _has_open_milestone(
        self,
        due: dict[str, PlannedMilestone],
        begins: date,
    ) -> bool:
        """Tell whether a milestone fell due in the period or was still open when it began."""
        day_before = begins - timedelta(days=1)
        for stage, milestone in due.items():
            if milestone.due >= begins or not self.reached(stage, day_before):
                return True
        return False


def _due_by(
    day: date,
    milestones: dict[str, PlannedMilestone],
) -> dict[str, PlannedMilestone]:
    return {stage: milestone for stage, milestone in milestones.items() if milestone.due <= day}


def combined_factor(
    table: JsonObject,
    fits: Callable[[JsonObject], bool],
) -> Fraction:
    """Return the highest factor of the rows that fit, or their product; 1 where none fits."""
    rows = [row for row in table["rows"] if any(map(fits, row["where"]))]
    factors = [Fraction(row["factor"]) for row in rows]
    if table["combine"] == "highest":
        return max(factors, default=ONE)
    product = ONE
    for factor in factors:
        product *= factor
    return product


def sum_numbers(
    facts: Iterable[EffectiveFact],
    field: str,
) -> Fraction:
    """Return the sum of a field."""
    return Fraction(sum(fact.number(field) for fact in facts))


ONE = Fraction(1)


# The exclusions that a rulebook may name.


def _government_funded(project: AssessedProject) -> bool:
    return bool(project.fields.get("government_funded"))


def _in_violation(project: AssessedProject) -> bool:
    findings = project.all("ViolationFound", "ViolationCleared")
    return bool(findings) and findings[-1].kind == "ViolationFound"


def _denied(project: AssessedProject) -> bool:
    return bool(project.all("RecognitionDenied"))


EXCLUSIONS: dict[str, Callable[[AssessedProject], bool]] = {
    "government_funded": _government_funded,
    "violation": _in_violation,
    "denied": _denied,
}


# The conditions of eligibility: some hold or not, some are amounts with a minimum.


def _meets_city_standard(project: AssessedProject) -> bool:
    return bool(project.fields.get("meets_city_standard"))


def _land_acquired(project: AssessedProject) -> bool:
    return project.node("land") is not None


def _statistics_entered(project: AssessedProject) -> bool:
    return project.node("statistics") is not None


def _scale(project: AssessedProject) -> Fraction:
    return project.scale


def _outside_ratio(project: AssessedProject) -> Fraction:
    # The last change of the investor that gives a ratio counts, else the report.
    holds = project.information
    for change in project.all("InvestorChanged"):
        if change.fields.get("outside_ratio") is not None:
            holds = change
    return holds.number("outside_ratio")


def _tax_in_year(project: AssessedProject) -> Fraction:
    return sum_numbers(project.of_year("TaxPaid"), "amount")


ELIGIBILITY_FLAGS: dict[str, Callable[[AssessedProject], bool]] = {
    "meets_city_standard": _meets_city_standard,
    "land_acquired": _land_acquired,
    "statistics_entered": _statistics_entered,
}
ELIGIBILITY_AMOUNTS: dict[str, Callable[[AssessedProject], Fraction]] = {
    "scale": _scale,
    "outside_ratio": _outside_ratio,
    "tax_in_year": _tax_in_year,
}


# The filters: each takes the project and what the rulebook allows.


def _of_sector(
    project: AssessedProject,
    sectors: Any,
) -> bool:
    return project.sector in sectors


def _of_kind(
    project: AssessedProject,
    kinds: Any,
) -> bool:
    return project.fields["kind"] in kinds


def _on_site(
    project: AssessedProject,
    sites: Any,
) -> bool:
    return project.fields.get("site", "new_land") in sites


def _has_trait(
    project: AssessedProject,
    traits: Any,
) -> bool:
    return not set(traits).isdisjoint(project.fields.get("investor_traits") or ())


def _on_chain(
    project: AssessedProject,
    chains: Any,
) -> bool:
    return not set(chains).isdisjoint(project.fields.get("chains") or ())


def _scale_within(
    project: AssessedProject,
    interval: Any,
) -> bool:
    return within(interval, project.scale)


def _investment_within(
    project: AssessedProject,
    interval: Any,
) -> bool:
    return within(interval, project.investment)


def _invested_share_within(
    project: AssessedProject,
    interval: Any,
) -> bool:
    return within(interval, project.invested_share())


def _reported_in_years(
    project: AssessedProject,
    years: Any,
) -> bool:
    first, last = years
    return bool(first <= project.information.on.year <= last)


def _consulted_in_year(
    project: AssessedProject,
    expected: Any,
) -> bool:
    return expected is project.consulted_in_year()


def _reached_in(
    project: AssessedProject,
    stage_and_period: Any,
) -> bool:
    return project.reached_in(stage_and_period["stage"], stage_and_period["period"])


def _of_unit_category(
    project: AssessedProject,
    categories: Any,
) -> bool:
    return _unit_fits(project, {"category": categories})


def _of_unit_sequence(
    project: AssessedProject,
    sequences: Any,
) -> bool:
    return _unit_fits(project, {"sequence": sequences})


def _not_of_unit_sequence(
    project: AssessedProject,
    sequences: Any,
) -> bool:
    return _unit_fits(project, {"except_sequence": sequences})


def _unit_fits(
    project: AssessedProject,
    where: JsonObject,
) -> bool:
    return project.credited is not None and project.credited.fits(where)


def _figures_within(project: AssessedProject, bands: JsonObject) -> bool:
    for name, band in bands.items():
        reported = project.figure(name)
        if reported is None or not within(band, reported):
            return False
    return True


PROJECT_FILTERS: dict[str, Callable[[AssessedProject, Any], bool]] = {
    "sector": _of_sector,
    "kind": _of_kind,
    "site": _on_site,
    "traits": _has_trait,
    "chains": _on_chain,
    "scale": _scale_within,
    "investment": _investment_within,
    "invested_share": _invested_share_within,
    "information_years": _reported_in_years,
    "consulted_in_year": _consulted_in_year,
    "reached": _reached_in,
    "figures": _figures_within,
    "category": _of_unit_category,
    "sequence": _of_unit_sequence,
    "except_sequence": _not_of_unit_sequence,
}


# 14. Measures: what is counted of a project and of a unit -----------------------------------------


class Occurrence:
    """Something counted: its label, how much, and when (a day, or a month up to a year).

    `target` is the target reported with an indicator, None where none was. `shown` is what a line
    shows of it, `versions` are those of the events that it rests on; both are None once they are
    not asked for.
    """

    __slots__ = ("amount", "label", "shown", "target", "versions", "when")

    def __init__(
        self,
        label: str,
        amount: Fraction,
        when: str = "",
        target: Fraction | None = None,
        shown: JsonObject | None = None,
        versions: Sequence[int | str] = (),
    ) -> None:
        self.label = label
        self.amount = amount
        self.when = when
        self.target = target
        self.shown = shown
        self.versions: Sequence[int | str] | None = versions

    def forget(self) -> None:
        """Drop what only lines show, so that the year's occurrences take less memory."""
        self.shown = None
        self.versions = None


Occurrences = list[Occurrence]


def occurrence_of(
    label: str,
    fact: EffectiveFact,
    amount: Fraction = ONE,
    shown: JsonObject | None = None,
) -> Occurrence:
    """Return what a fact counts for: in its month if it is a monthly one, else on its day."""
    when = fact.on.isoformat()
    if fact.kind in MONTHLY:
        when = fact.month
    return Occurrence(label, amount, when, shown=shown, versions=[fact.source])


def measure_project(
    counted: JsonObject,
    project: AssessedProject,
) -> Occurrences:
    """Return what a measure counts of a project."""
    if counted["measure"] == "days_between":
        return _days_between(project, counted)
    if counted["measure"] in LIMIT_MEASURES:
        return _limit_occurrences(project, counted)
    if counted["measure"] == "project_figure":
        return _project_figure(project, counted["figure"])
    if counted["measure"] == "nodes_reached":
        return _nodes_reached(project, _counted_stages(counted))
    return PROJECT_MEASURES[counted["measure"]](project)


def _days_between(
    project: AssessedProject,
    counted: JsonObject,
) -> Occurrences:
    begun = project.node_by_day(counted["from_stage"])
    ended = project.node_by_day(counted["to_stage"])
    if begun is not None and ended is None and counted.get("unreached") == "as_of":
        return [_days_so_far(project, begun)]
    if begun is None or ended is None or not project.covers(ended.on):
        return []
    days = Fraction((ended.on - begun.on).days)
    occurrence = occurrence_of("days", ended, days, {"from": begun.on, "to": ended.on})
    # A month's figure may be the node; its days are counted to the month's last all the same.
    occurrence.when = ended.on.isoformat()
    occurrence.versions = [begun.version, ended.version]
    return [occurrence]


def _project_figure(project: AssessedProject, figure: str) -> Occurrences:
    """Return what was reported of a figure (项目指标) for what is assessed."""
    facts = [
        fact
        for fact in project.figure_reports(figure)
        if project.holds(text_field(fact.fields, "period"))
    ]
    occurrences: Occurrences = []
    for fact in project.taken(figure, facts):
        period = text_field(fact.fields, "period")
        shown = {"figure": figure, "period": period}
        amount = fact.number("actual")
        versions = [fact.version]
        occurrences.append(Occurrence(figure, amount, period, shown=shown, versions=versions))
    return occurrences


class DueDay(NamedTuple):
    """A day that a time limit fell due on: what it runs from, what met it, how late that was."""

    day: date
    begun: EffectiveFact
    met_by: EffectiveFact | None
    days_late: int


def _limit_occurrences(project: AssessedProject, counted: JsonObject) -> Occurrences:
    """Return the due days of a time limit: kept, missed, or missed with the days late."""
    limit = project.book.limits[counted["time_limit"]]
    if project.excluded() or not project.meets(limit):
        return []
    occurrences: Occurrences = []
    for due in _due_days(project, limit):
        was_kept = due.days_late == 0
        if was_kept is not (counted["measure"] == "limits_kept") or not project.covers(due.day):
            continue
        amount = Fraction(due.days_late) if counted["measure"] == "days_late" else ONE
        shown: JsonObject = {"time_limit": limit["id"], "due_on": due.day}
        versions = {due.begun.version}
        if due.met_by is not None:
            shown["met_on"] = due.met_by.on
            versions.add(due.met_by.version)
        shown["days_late"] = due.days_late
        when = due.day.isoformat()
        occurrence = Occurrence(limit["id"], amount, when, shown=shown, versions=sorted(versions))
        occurrences.append(occurrence)
    return occurrences


def _due_days(project: AssessedProject, limit: JsonObject) -> Iterator[DueDay]:
    """Yield the due days before the day, and before a termination or the end of a cadence."""
    begun = project.node_by_day(limit["from"])
    if begun is None:
        return
    ends = [project.day, *(fact.on for fact in project.all("ProjectTerminated"))]
    if "to" in limit:
        due = _first_due(project, limit, begun)
        if due is not None and due < min(ends):
            yield _due_day(due, begun, project.node_by_day(limit["to"]), ends)
        return
    until = project.node_by_day(limit["until"]) if "until" in limit else None
    if until is not None:
        ends.append(until.on)
    starts = [begun, *_cadence_events(project, limit, begun.on)]
    for number, start in enumerate(starts):
        following = starts[number + 1] if number + 1 < len(starts) else None
        for due_day in _due_in_a_row(project, limit, start, following, ends):
            if not _is_paused(project, due_day.day):
                yield due_day


def _due_in_a_row(
    project: AssessedProject,
    limit: JsonObject,
    start: EffectiveFact,
    following: EffectiveFact | None,
    ends: Sequence[date],
) -> Iterator[DueDay]:
    """Yield the due days from an event of a cadence to the next: one kept, or those missed."""
    times = 1
    due = _first_due(project, limit, start)
    while due is not None and due < min(ends):
        begun_anew = following is not None and following.on <= due
        if begun_anew and times > 1:
            return
        # Two events may set one due day, such as those of 30 and 31 January: it is one occurrence.
        if begun_anew and following is not None and _first_due(project, limit, following) == due:
            return
        times += 1
        again = _next_due(project, limit, start.on, due, times)
        yield _due_day(due, start, following, ends if again is None else [*ends, again])
        if begun_anew:
            return
        due = again


def _first_due(project: AssessedProject, limit: JsonObject, start: EffectiveFact) -> date | None:
    return _next_due(project, limit, start.on, start.on, 1)


def _next_due(
    project: AssessedProject,
    limit: JsonObject,
    start: date,
    last_due: date,
    times: int,
) -> date | None:
    """Return a due day, so many lengths after a start; None where holidays are not arranged."""
    if "days" in limit:
        return start + timedelta(days=times * int(limit["days"]))
    if "months" in limit:
        return months_after(start, times * int(limit["months"]))
    return project.working_days.after(last_due, int(limit["working_days"]))


def _due_day(
    day: date,
    begun: EffectiveFact,
    met_by: EffectiveFact | None,
    ends: Sequence[date],
) -> DueDay:
    end = min(ends)
    if met_by is not None and met_by.on <= end:
        return DueDay(day, begun, met_by, max(0, (met_by.on - day).days))
    return DueDay(day, begun, None, (end - day).days)


def _cadence_events(
    project: AssessedProject,
    limit: JsonObject,
    begun_on: date,
) -> list[EffectiveFact]:
    """Return the events with which a cadence begins anew, the first of each day."""
    firsts: dict[date, EffectiveFact] = {}
    for fact in project.facts:
        is_named = fact.kind in limit["by"] or "any" in limit["by"]
        if is_named and begun_on < fact.on <= project.day:
            firsts.setdefault(fact.on, fact)
    return list(firsts.values())


def _is_paused(project: AssessedProject, day: date) -> bool:
    """Tell whether a project is paused at the end of a day."""
    changes = [
        fact.kind for fact in project.all("ProjectPaused", "ProjectResumed") if fact.on <= day
    ]
    return bool(changes) and changes[-1] == "ProjectPaused"


def _days_so_far(
    project: AssessedProject,
    begun: EffectiveFact,
) -> Occurrence:
    """Return the days from a node to the day, the assessment period's end or the termination."""
    ends = [project.day]
    if project.period_end is not None:
        ends.append(project.period_end)
    ends += [fact.on for fact in project.all("ProjectTerminated")]
    end = min(ends)
    occurrence = occurrence_of("days", begun, Fraction((end - begun.on).days))
    occurrence.shown = {"from": begun.on, "to": end}
    occurrence.when = end.isoformat()
    return occurrence


def _number_and_due(
    counted: JsonObject,
    actual: Fraction,
) -> tuple[Fraction, Fraction | None]:
    """Return what counts of a project's amount, and the number that it is held against, if any."""
    if "reaching" in counted:
        due = Fraction(counted["reaching"])
        return Fraction(actual >= due), due
    if "short_of" in counted:
        due = Fraction(counted["short_of"]["fixed"])
        return max(Fraction(0), due - actual), due
    if "beyond" in counted:
        due = Fraction(counted["beyond"]["fixed"])
        return max(Fraction(0), actual - due), due
    return actual, None


def project_value(
    counted: JsonObject,
    occurrences: Occurrences,
) -> Occurrences:
    """Return a project's occurrences as one of the project's own value, where it has any.

    What counts as 0 is left out, unless bands or steps score it.
    """
    if not occurrences:
        return []
    actual = Fraction(sum(occurrence.amount for occurrence in occurrences))
    if counted["measure"] == "days_between":
        actual = max(actual, Fraction(0))
    number, due = _number_and_due(counted, actual)
    shown: JsonObject = {"what": subject_of(counted), "actual": number}
    if counted.get("kind") in VALUE_KINDS:
        if "target" in counted:
            target = Fraction(counted["target"]["fixed"])
            number = number / target if target else Fraction(counted.get("when_zero", 0))
            shown.update({"target": target, "ratio": number})
    elif not number:
        return []
    elif due is not None:
        shown = {"actual": actual, "due": due}
    versions: dict[int | str, None] = {}
    for occurrence in occurrences:
        versions.update(dict.fromkeys(occurrence.versions or ()))
    when = occurrences[-1].when
    return [Occurrence(subject_of(counted), number, when, shown=shown, versions=list(versions))]


def _consultations_passed(project: AssessedProject) -> Occurrences:
    node = project.node("consultation")
    if node is None or not project.covers(node.on):
        return []
    return [occurrence_of("consultation", node, shown={"passed_on": node.on})]


def _counted_stages(counted: JsonObject) -> Iterable[str]:
    """Return the nodes that a rule names, else the seven."""
    if "stages" in counted:
        stages: list[str] = counted["stages"]
        return stages
    # A milestone that has points of its own is named by them.
    return [*STAGES, *counted.get("points_by", ())]


def _nodes_reached(project: AssessedProject, counted_stages: Iterable[str]) -> Occurrences:
    is_limited = "nodes_reached" in project.book.period_limits
    occurrences: Occurrences = []
    # Stages that a rulebook declares come in the order in which the rule names them.
    declared = [stage for stage in counted_stages if stage not in REACHED_STAGES]
    for stage in (*REACHED_STAGES, *declared):
        node = project.node(stage) if stage in counted_stages else None
        if node is None or not project.covers(node.on):
            continue
        if not is_limited or project.earns(node):
            occurrence = occurrence_of(stage, node, shown={"node": stage, "reached_on": node.on})
            # A stage has a day even where a monthly figure shows it.
            occurrence.when = node.on.isoformat()
            occurrences.append(occurrence)
    return occurrences


class FundSource(NamedTuple):
    """Where funds in place are counted: events of a kind, a field, and what is taken off it."""

    kind: str
    amount: str
    deduction: str | None = None


FUND_SOURCES = {
    "fixed_assets": FundSource("InvestmentReported", "fixed_assets"),
    "tax": FundSource("TaxPaid", "amount"),
    # The county's own money, paid through its companies or as state share, is no funds attracted.
    "self_held": FundSource("InvestmentReported", "self_held", "self_held_state_share"),
    "land_fee": FundSource("LandAcquired", "transfer_fee", "county_state_share"),
}


def funds_in_place(project: AssessedProject) -> Occurrences:
    """Return the funds in place (到位资金) of the year by the sector's row of the table."""
    # A sector that no row names has no funds in place.
    row = _funds_row(project)
    if row is None:
        return []
    if row.get("needs") and project.node(row["needs"]) is None:
        return []
    name = row["source"]
    if name not in FUND_SOURCES:
        raise VerificationError(f"funds from {name!r} are unknown to this verifier")
    source = FUND_SOURCES[name]
    total = Fraction(0)
    paid: list[EffectiveFact] = []
    for fact in _fund_facts(project, source):
        amount = fact.number(source.amount)
        if source.deduction is not None:
            amount -= fact.number(source.deduction)
        if amount:
            total += amount
            paid.append(fact)
    if not paid:
        return []
    counted = total * Fraction(row["share"])
    month = paid[-1].on.isoformat()[:7]
    shown = {"source": name, "months": len(paid)}
    versions = [fact.version for fact in paid]
    return [Occurrence("funds", counted, month, shown=shown, versions=versions)]


def _funds_row(project: AssessedProject) -> JsonObject | None:
    rows: list[JsonObject] = project.book.data["funds"]
    for row in rows:
        if project.sector in row["sector"]:
            return row
    return None


def _fund_facts(
    project: AssessedProject,
    source: FundSource,
) -> list[EffectiveFact]:
    """Return the facts that bring funds within what is assessed."""
    if source.kind == "LandAcquired":
        # Each parcel counts in the year of its own day.
        facts = [land for land in project.all("LandAcquired") if project.covers(land.on)]
    else:
        facts = [fact for fact in project.of_year(source.kind) if project.covers(fact.on)]
    if "funds_in_place" in project.book.period_limits:
        facts = [fact for fact in facts if project.earns(fact)]
    return facts


def _checks_passed(project: AssessedProject) -> Occurrences:
    return _checks(project, on_schedule=True)


def _checks_missed(project: AssessedProject) -> Occurrences:
    return _checks(project, on_schedule=False)


def _checks(
    project: AssessedProject,
    *,
    on_schedule: bool,
) -> Occurrences:
    checks = [check for check in project.checks() if check.on_schedule is on_schedule]
    return [_check_occurrence(project, check) for check in checks if project.covers(check.ends)]


def _check_occurrence(
    project: AssessedProject,
    check: PeriodCheck,
) -> Occurrence:
    """Return a check with the plans that it goes by and the stages that were reached by then."""
    versions = {milestone.version for milestone in check.milestones.values()}
    for stage in check.milestones:
        node = project.node(stage)
        if node is not None and node.on <= check.ends:
            versions.add(node.version)
    due = {stage: milestone.due for stage, milestone in check.milestones.items()}
    return Occurrence(
        check.name,
        ONE,
        check.ends.isoformat(),
        shown={"check": check.name, "due": due},
        versions=sorted(versions),
    )


def _assessed_unfulfilled(project: AssessedProject) -> Occurrences:
    assessment = _last_assessment(project)
    if assessment is None or assessment.fields["result"] != "unfulfilled":
        return []
    return [_assessment_occurrence(assessment)]


def _assessed_unfulfilled_or_untaxed(project: AssessedProject) -> Occurrences:
    assessment = _last_assessment(project)
    if assessment is None:
        return []
    is_taxed = any(fact.number("amount") > 0 for fact in project.all("TaxPaid"))
    if is_taxed and assessment.fields["result"] != "unfulfilled":
        return []
    return [_assessment_occurrence(assessment)]


def _assessment_occurrence(assessment: EffectiveFact) -> Occurrence:
    fulfilled = assessment.fields["result"] == "fulfilled"
    shown = {"assessed_on": assessment.on, "fulfilled": fulfilled}
    return occurrence_of("unfulfilled", assessment, shown=shown)


def _last_assessment(project: AssessedProject) -> EffectiveFact | None:
    last = None
    for fact in project.all("PerformanceAssessed"):
        if project.covers(fact.on):
            last = fact
    return last


def _projects_signed(project: AssessedProject) -> Occurrences:
    facts = _covered(project, "AgreementSigned")
    return [occurrence_of(fact.kind, fact, shown={"signed_on": fact.on}) for fact in facts]


def _signed_investment(project: AssessedProject) -> Occurrences:
    # The signing says which year, the last supplement by the day how much.
    field = "contract_investment"
    occurrences = []
    for signed in _covered(project, "AgreementSigned"):
        holds = project.contracted(signed, field)
        shown = {"signed_on": signed.on}
        occurrence = occurrence_of(signed.kind, signed, holds.number(field), shown)
        occurrence.versions = sorted({signed.version, holds.version})
        occurrences.append(occurrence)
    return occurrences


def _fixed_assets(project: AssessedProject) -> Occurrences:
    return _amounts(project, "InvestmentReported", "fixed_assets")


def _tax_paid(project: AssessedProject) -> Occurrences:
    return _amounts(project, "TaxPaid", "amount")


def _parcels_acquired(project: AssessedProject) -> Occurrences:
    return [_parcel(fact, ONE) for fact in _covered(project, "LandAcquired")]


def _land_area(project: AssessedProject) -> Occurrences:
    return [_parcel(fact, fact.number("area_mu")) for fact in _covered(project, "LandAcquired")]


def _parcel(fact: EffectiveFact, amount: Fraction) -> Occurrence:
    shown: JsonObject = {"acquired_on": fact.on}
    return occurrence_of("land", fact, amount, shown)


def _amounts(
    project: AssessedProject,
    kind: str,
    field: str,
) -> Occurrences:
    occurrences: Occurrences = []
    for fact in _covered(project, kind):
        shown: JsonObject = {"month": fact.month}
        occurrences.append(occurrence_of(kind, fact, fact.number(field), shown))
    return occurrences


def _covered(
    project: AssessedProject,
    kind: str,
) -> list[EffectiveFact]:
    return [fact for fact in project.all(kind) if project.covers(fact.on)]


PROJECT_MEASURES: dict[str, Callable[[AssessedProject], Occurrences]] = {
    "consultations_passed": _consultations_passed,
    "funds_in_place": funds_in_place,
    "checks_passed": _checks_passed,
    "checks_missed": _checks_missed,
    "assessed_unfulfilled": _assessed_unfulfilled,
    "assessed_unfulfilled_or_untaxed": _assessed_unfulfilled_or_untaxed,
    "projects_signed": _projects_signed,
    "signed_investment": _signed_investment,
    "fixed_assets": _fixed_assets,
    "tax_paid": _tax_paid,
    "parcels_acquired": _parcels_acquired,
    "land_area": _land_area,
}


def measure_unit(
    counted: JsonObject,
    unit: ScoredUnit,
    span: AssessedSpan,
) -> Occurrences:
    """Return what a measure counts of a unit's own facts."""
    if counted["measure"] == "indicator":
        return _indicator(counted, unit, span)
    covered = [fact for fact in unit.facts_of_all_years if span.covers(fact.on)]
    return UNIT_MEASURES[counted["measure"]](covered)


def is_unit_measure(counted: JsonObject) -> bool:
    """Tell whether a measure looks at units' own facts rather than at projects."""
    return counted["measure"] == "indicator" or counted["measure"] in UNIT_MEASURES


def _indicator(
    counted: JsonObject,
    unit: ScoredUnit,
    span: AssessedSpan,
) -> Occurrences:
    name: str = counted["indicator"]
    occurrences: Occurrences = []
    for fact in unit.facts_of_all_years:
        if fact.kind != "IndicatorReported" or fact.fields["indicator"] != name:
            continue
        period = fact.fields["period"]
        if "range" in counted and not within(counted["range"], fact.number("actual")):
            continue
        if span.holds(period):
            # Units that share a figure each take an equal part of it.
            shared_by = int(fact.fields.get("shared_by") or 1)
            reported = fact.number("actual")
            shown: JsonObject = {"indicator": name, "period": period, "reported": reported}
            target = None
            if "target" in fact.fields:
                target = shown["target"] = fact.number("target")
            if shared_by != 1:
                shown["shared_by"] = shared_by
            amount = reported / shared_by
            occurrences.append(Occurrence(name, amount, period, target, shown, [fact.source]))
    return occurrences


def _activities_led_by_head(facts: Facts) -> Occurrences:
    led = [fact for fact in facts if fact.fields.get("led_by_head") is True]
    return _activities_held(led)


def _activities_held(facts: Facts) -> Occurrences:
    return _each(facts, "ActivityHeld", "activity", {"activity": "activity", "held_on": "on"})


def _routine_points(facts: Facts) -> Occurrences:
    occurrences = _each(facts, "RoutineAssessed", "routine", {"item": "item", "month": "month"})
    assessments = [fact for fact in facts if fact.kind == "RoutineAssessed"]
    for occurrence, fact in zip(occurrences, assessments):
        occurrence.amount = fact.number("points")
    return occurrences


def _awards_won(facts: Facts) -> Occurrences:
    return _each(facts, "AwardWon", "title", {"title": "title", "person": "person"})


def _cadres_seconded(facts: Facts) -> Occurrences:
    return _first_of_each(facts, "CadreSeconded", "person")


def _major_projects_supported(facts: Facts) -> Occurrences:
    return _first_of_each(facts, "MajorProjectSupported", "about_project")


def _black_listings(facts: Facts) -> Occurrences:
    return _listings_on(facts, "black")


def _red_listings(facts: Facts) -> Occurrences:
    return _listings_on(facts, "red")


def _listings_on(
    facts: Facts,
    board_name: str,
) -> Occurrences:
    listed = [fact for fact in facts if fact.fields.get("board") == board_name]
    return _each(listed, "UnitListed", "board", {"month": "month"})


def _landing_failures(facts: Facts) -> Occurrences:
    shown = {"failure": "failure", "occurred_on": "on"}
    return _each(facts, "LandingServiceFailed", "failure", shown)


def _each(
    facts: Facts,
    kind: str,
    label: str,
    shown: dict[str, str],
) -> Occurrences:
    """Count each fact of a kind, labelled by a field, or by the field's name where it is absent.

    `shown` names the fields that a line shows; `on` is the day that the fact counts for.
    """
    occurrences: Occurrences = []
    for fact in facts:
        if fact.kind == kind:
            text = str(fact.fields.get(label, label))
            values = {name: _shown_field(fact, field) for name, field in shown.items()}
            occurrences.append(occurrence_of(text, fact, shown=values))
    return occurrences


def _shown_field(
    fact: EffectiveFact,
    field: str,
) -> Any:
    return fact.on if field == "on" else fact.fields.get(field)


def _first_of_each(
    facts: Facts,
    kind: str,
    field: str,
) -> Occurrences:
    """Count the first fact of a kind for each value of a field; it rests on all of that value."""
    first: dict[str, Occurrence] = {}
    for fact in facts:
        if fact.kind == kind:
            label = fact.fields[field]
            if label in first:
                first[label].versions = [*(first[label].versions or ()), fact.source]
            else:
                first[label] = occurrence_of(label, fact, shown={field: label})
    return list(first.values())


UNIT_MEASURES: dict[str, Callable[[Facts], Occurrences]] = {
    "activities_led_by_head": _activities_led_by_head,
    "activities_held": _activities_held,
    "routine_points": _routine_points,
    "awards_won": _awards_won,
    "cadres_seconded": _cadres_seconded,
    "major_projects_supported": _major_projects_supported,
    "black_listings": _black_listings,
    "red_listings": _red_listings,
    "landing_failures": _landing_failures,
}


# 15. The year: from what is counted to points -----------------------------------------------------


class AssessedSpan:
    """What is assessed of a year by a day: all of it, or the day's half-year, quarter or month."""

    def __init__(
        self,
        book: CheckedRulebook,
        year: int,
        day: date,
    ) -> None:
        self.year = year
        self.day = day
        # The day by which facts have occurred; of last year's span it is later than its own.
        self.facts_by = day
        self.working_days = WorkingDays()
        period = book.data.get("assessed", {}).get("period", "year")
        self.first = period_start(day, period)
        self.period: str = period
        self.is_part = period != "year"
        self.of_modules = book.of_modules
        self.name = period_of(day.isoformat(), period) if self.is_part else str(year)

    def covers(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return day.year == self.year and self.first <= day <= self.day

    def of_last_year(self, book: CheckedRulebook) -> AssessedSpan:
        """Return the same of last year, up to the same day; the facts are by this span's day."""
        span = AssessedSpan(book, self.year - 1, same_day_last_year(self.day))
        span.facts_by = self.day
        span.working_days = self.working_days
        return span

    def holds(self, period: str) -> bool:
        """Tell whether an indicator's period lies in it: YYYY, YYYY-Hn, YYYY-Qn or YYYY-MM."""
        if period[:4] != str(self.year):
            return False
        # Last year is compared up to the same day: a longer period goes beyond it.
        if self.facts_by != self.day and _last_day_of(period) > self.day:
            return False
        if not self.is_part:
            return True
        if self.of_modules:
            # Of modules that are assessed by period: no longer period's figure lies in it.
            return period_of(period, self.period) == self.name
        if "H" in period and self.period != "half_year":
            return False
        return "-" in period and self.first <= _first_day(period) <= self.day

    def periods(self, each: str) -> list[str]:
        """Return its months, quarters or half-years that are over."""
        periods: list[str] = []
        for ends in period_ends(self.year, each):
            if ends <= self.day and self.covers(ends):
                periods.append(period_of(ends.isoformat(), each))
        return periods


def same_day_last_year(day: date) -> date:
    """Return the day a year before; the end of February is that of the other February."""
    if day.month == 2 and day == last_day(f"{day.year}-02"):
        return last_day(f"{day.year - 1}-02")
    return date(day.year - 1, day.month, day.day)


def _last_day_of(period: str) -> date:
    """Return the last day of a month, quarter, half-year or year."""
    if "-" not in period:
        return date(int(period), 12, 31)
    months = {"Q": 3, "H": 6}.get(period[5], 1)
    return last_day(f"{period[:4]}-{_first_day(period).month + months - 1:02d}")


def _first_day(period: str) -> date:
    """Return the first day of a month, quarter or half-year."""
    year = int(period[:4])
    rest = period[5:]
    if rest[0] == "Q":
        return date(year, 3 * int(rest[1]) - 2, 1)
    if rest[0] == "H":
        return date(year, 6 * int(rest[1]) - 5, 1)
    return date(year, int(rest), 1)


def period_of(
    when: str,
    each: str,
) -> str:
    """Return the month, quarter or half-year of `when`; empty where it is not that precise."""
    if len(when) < len("YYYY-MM"):
        return ""
    length = {"Q": "quarter", "H": "half_year"}.get(when[5], "month")
    # What is reported of a longer period lies in none of its parts.
    if MONTHS_IN_PERIOD[length] > MONTHS_IN_PERIOD[each]:
        return ""
    if length == each:
        return when[:7]
    month = _first_day(when[:7]).month
    if each == "half_year":
        return f"{when[:4]}-H{(month + 5) // 6}"
    return f"{when[:4]}-Q{(month + 2) // 3}"


class CreditedOccurrence:
    """An occurrence with its project, the project's size, and its factor in a coefficient table.

    `events` are the names of the events that it rests on, where lines are asked for.
    """

    __slots__ = (
        "basis",
        "events",
        "factor",
        "investment",
        "is_multiplied",
        "occurrence",
        "project",
        "scale",
    )

    def __init__(
        self,
        occurrence: Occurrence,
        project: AssessedProject | None = None,
        table: JsonObject | None = None,
        events: Sequence[str] = (),
    ) -> None:
        self.occurrence = occurrence
        self.events = events
        self.is_multiplied = table is not None
        self.project: str | None = None
        self.scale = Fraction(0)
        self.investment = Fraction(0)
        self.factor = ONE
        self.basis = "policy"
        if table is not None:
            self.basis = table["basis"]
        if project is not None:
            self.project = project.code
            self.scale = project.scale
            self.investment = project.investment
            if table is not None:
                self.factor = project.factor(table)


class Effect(NamedTuple):
    """What points that rest on other points were computed from, and the events behind that."""

    shown: JsonObject
    events: Sequence[str] = ()


class ActingStep(NamedTuple):
    """A rule and the results that it changes at once, as (form, name)."""

    rule: JsonObject
    objects: list[tuple[str, str]]


class PointsRow:
    """Points of a unit by a rule; `basis` is None where they only take others back.

    `entry` is what they were given for, if anything counted; `left_for` the rule that counts in
    this one's place.
    """

    __slots__ = (
        "basis",
        "effect",
        "entry",
        "left_for",
        "module",
        "points",
        "project",
        "rule",
        "unit",
    )

    def __init__(
        self,
        unit: str,
        rule: JsonObject,
        points: Fraction,
        basis: str | None,
        entry: CreditedOccurrence | None = None,
        module: str = "",
        effect: Effect | None = None,
    ) -> None:
        self.unit = unit
        self.rule = rule["id"]
        self.points = points
        self.basis = basis
        self.entry = entry
        self.project = None if entry is None else entry.project
        self.module = module or rule["module"]
        self.effect = effect
        self.left_for: str | None = None


Credited = list[CreditedOccurrence]
EarnedPoints = list[tuple[Fraction, CreditedOccurrence]]
ItemPoints = list[tuple[Fraction, "CreditedOccurrence | None"]]  # None: the points it starts with
Amounts = dict[str, Fraction]  # by unit, or by rule
Targets = dict[tuple[str, str], EffectiveFact]  # by (unit, indicator)
PointsByRule = dict[tuple[str, str], Fraction]  # by (unit, rule)


class YearPoints:
    """What the rules count of projects and units, and the points they give for it."""

    def __init__(
        self,
        book: CheckedRulebook,
        units: Units,
        span: AssessedSpan,
        targets: Targets,
        *,
        explains: bool,
    ) -> None:
        self.book = book
        self.units = units
        self.span = span
        self.targets = targets
        self.explains = explains
        self.target_events: dict[tuple[str, str], str] = {}
        # The same of last year, where a value is compared with it.
        self.last_year: YearPoints | None = None
        # The periods of modules assessed by period that are over, by name such as 2024-Q1.
        self.periods: dict[str, YearPoints] = {}
        self.rules: list[JsonObject] = book.data["rules"]
        self.rules_by_id = {rule["id"]: rule for rule in reversed(self.rules)}
        self.counted_tables = list(all_counted_tables(self.rules))
        # What is counted, by (path, unit).
        self.credited: dict[tuple[str, str], Credited] = {}
        self.rows: list[PointsRow] = []
        # What each rule gave a unit, and what others left of it; then each module of a unit before
        # its limits, and what factors add after them. All are set once rows are there.
        self.given: PointsByRule
        self.remaining: PointsByRule
        self.module_sums: PointsByRule
        self.module_added: PointsByRule
        # What the lines of a unit whose total is closed show.
        self.closed_effects: dict[str, Effect] = {}

    def add_project(self, project: AssessedProject) -> None:
        """Count what a project brings to the unit it is credited to."""
        for path, counted, rule in self.counted_tables:
            if is_unit_measure(counted) or not project.meets(counted):
                continue
            unit = project.unit
            if rule.get("to") == "first_reporter":
                unit = self.units.holder(project.fields["reporting_unit"])
            if unit is None or unit not in self.units:
                continue
            table = None
            if "coefficient" in rule:
                table = self.book.coefficients[rule["coefficient"]]
            credited = self.credited.setdefault((path, unit), [])
            occurrences = measure_project(counted, project)
            if counted.get("each") == "project":
                occurrences = project_value(counted, occurrences)
            for occurrence in occurrences:
                events = self._events_of(project.code, occurrence)
                credited.append(CreditedOccurrence(occurrence, project, table, events))

    def add_unit(self, unit: ScoredUnit) -> None:
        """Count what a unit has of its own."""
        for path, counted, _ in self.counted_tables:
            if is_unit_measure(counted) and unit.fits(counted.get("where", {})):
                credited: Credited = []
                for occurrence in measure_unit(counted, unit, self.span):
                    events = self._events_of(unit.name, occurrence)
                    credited.append(CreditedOccurrence(occurrence, events=events))
                self.credited[path, unit.name] = credited

    def _events_of(
        self,
        subject: str,
        occurrence: Occurrence,
    ) -> list[str]:
        """Name the events of an occurrence, where lines are asked for."""
        if not self.explains:
            occurrence.forget()
            return []
        # A fact that passed from a dissolved unit bears its name already.
        return [
            version if isinstance(version, str) else f"{subject}#{version}"
            for version in occurrence.versions or ()
        ]

    # What a unit has of one counted table.

    def occurrences(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> Credited:
        """Return what a unit has: as counted, by period, or what is short of or beyond a number."""
        if not self.units[unit].fits(counted.get("where", {})):
            return []
        credited = self.credited.get((path, unit), [])
        if counted.get("each") == "project":
            return credited
        is_by_period = counted.get("each") in ("month", "quarter", "half_year")
        if is_by_period and ("reaching" in counted or "short_of" in counted):
            return self._by_period(counted, credited)
        actual = total_amount(credited)
        if "short_of" in counted:
            due = self.reference(path, "short_of", counted, unit)
            events = self.value_events(path, "short_of", counted, credited, unit)
            return _surplus(due - actual, actual, due, events)
        if "beyond" in counted:
            due = self.reference(path, "beyond", counted, unit)
            events = self.value_events(path, "beyond", counted, credited, unit)
            return _surplus(actual - due, actual, due, events)
        return credited

    def _by_period(
        self,
        counted: JsonObject,
        credited: Credited,
    ) -> Credited:
        """Return one occurrence for each past period that reaches a number or falls short of it."""
        occurrences: Credited = []
        for period in self.span.periods(counted["each"]):
            of_period = _in_period(credited, counted["each"], period)
            actual = total_amount(of_period)
            if "reaching" in counted:
                due = Fraction(counted["reaching"])
                amount = Fraction(actual >= due)
            else:
                due = Fraction(counted["short_of"]["fixed"])
                amount = max(Fraction(0), due - actual)
            if amount:
                shown = {"period": period, "actual": actual, "due": due}
                occurrence = Occurrence(period, amount, period, shown=shown)
                events = named_events(of_period)
                occurrences.append(CreditedOccurrence(occurrence, events=events))
        return occurrences

    def value_events(
        self,
        path: str,
        name: str,
        counted: JsonObject,
        credited: Credited,
        unit: str,
    ) -> list[str]:
        """Name the events of what was counted, then those of the number that it is held against."""
        events = named_events(credited)
        table = counted.get(name)
        if table is None:
            return events
        if table.get("source") == "set":
            target_event = self.target_events.get((unit, table["indicator"]))
            further = [] if target_event is None else [target_event]
        else:
            further = named_events(self.credited.get((f"{path}.{name}", unit), []))
        return list(dict.fromkeys([*events, *further]))

    def reference(
        self,
        path: str,
        name: str,
        counted: JsonObject,
        unit: str,
    ) -> Fraction:
        """Return the number that an amount is held against: a target, a shortfall, a surplus."""
        table = counted[name]
        if "fixed" in table:
            return Fraction(table["fixed"])
        source = table.get("source")
        if source == "reported":
            credited = self.credited.get((path, unit), [])
            return Fraction(sum(entry.occurrence.target or 0 for entry in credited))
        if source == "set":
            return self._target_set(table, unit)
        return total_amount(self.credited.get((f"{path}.{name}", unit), []))

    def _target_set(
        self,
        table: JsonObject,
        unit: str,
    ) -> Fraction:
        """Return the target set for what is assessed: its own, or the year's, or a share of it."""
        fact = self.targets.get((unit, table["indicator"]))
        if fact is None:
            return Fraction(0)
        target = fact.number("amount")
        if table.get("per") == "share" and "period" not in fact.fields:
            return target * MONTHS_IN_PERIOD[self.span.period] / 12
        return target

    def amount(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> Fraction:
        """Return the amount counted, over its target where it has one, compared if at all."""
        if "as" in counted:
            compared: Fraction = self.comparison(path, counted, unit)["compared"]
            return compared
        return self.own_amount(path, counted, unit)

    def own_amount(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> Fraction:
        """Return the amount counted, over its target where it has one, before any comparison."""
        actual = total_amount(self.occurrences(path, counted, unit))
        if "target" not in counted:
            return actual
        target = self.reference(path, "target", counted, unit)
        if not target:
            return Fraction(counted.get("when_zero", 0))
        return actual / target

    def comparison(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> JsonObject:
        """Return how a unit's value compares with its sequence, or with its own of last year."""
        way: str = counted["as"]
        if way == "place_change":
            return self._place_change(path, counted, unit)
        shown: JsonObject = {"as": way}
        if way == "to_last_year":
            divisor = self._same_of_last_year().compared_amount(path, counted, unit)
            shown["compared_with"] = divisor
        else:
            members = self._units_compared(path, counted, unit)
            divisor = Fraction(sum(self.compared_amount(path, counted, name) for name in members))
            if way == "to_mean" and members:
                divisor /= len(members)
            shown["compared_with"] = divisor
            shown["of"] = len(members)
        amount = self.compared_amount(path, counted, unit)
        shown["compared"] = amount / divisor if divisor else Fraction(counted.get("when_zero", 0))
        return shown

    def _place_change(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> JsonObject:
        """Return a unit's places then and now, and by how many it has risen."""
        members = self._units_compared(path, counted, unit)
        shown: JsonObject = {"as": "place_change"}
        if unit not in members:
            return {**shown, "of": len(members), "compared": Fraction(0)}
        places = []
        for year in (self._same_of_last_year(), self):
            amount = year.compared_amount(path, counted, unit)
            amounts = [year.compared_amount(path, counted, name) for name in members]
            places.append(1 + len([other for other in amounts if other > amount]))
        then, now = places
        shown.update(place_then=then, place_now=now, of=len(members))
        return {**shown, "compared": Fraction(then - now)}

    def compared_amount(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> Fraction:
        """Return what is compared: the amount, of a composite's mean the mean."""
        amount = self.own_amount(path, counted, unit)
        count = len(self.occurrences(path, counted, unit))
        if counted.get("take") == "mean" and count:
            return amount / count
        return amount

    def _units_compared(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> list[str]:
        """Return the units of a unit's sequence that the filter takes and that lack nothing."""
        where = counted.get("where", {})
        return [
            name
            for name in self._sequence_of(unit)
            if self.units[name].fits(where) and self.silence(path, counted, name) is None
        ]

    def _same_of_last_year(self) -> YearPoints:
        if self.last_year is None:
            raise VerificationError("last year was not counted")
        return self.last_year

    def _lacks_last_year(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> bool:
        """Tell whether last year has no fact, or no target, of a value compared with it."""
        if counted.get("as") not in WITH_LAST_YEAR:
            return False
        last_year = self._same_of_last_year()
        if not last_year.credited.get((path, unit)):
            return True
        return last_year.missing_target(path, counted, unit) is not None

    def silence(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> str | None:
        """Return what counts in the place of a value that lacks a target; None where it has all.

        That is `none`, a number, or for a condition `holds` or `fails`. A composite's part lacks
        something also where it is the mean of no marks.
        """
        if "when_missing" not in counted:
            return None
        if "result" in counted:
            has_marks = bool(self._marks_of_periods(counted, unit))
            return None if has_marks else str(counted["when_missing"])
        lacks_marks = counted.get("take") == "mean" and not self.occurrences(path, counted, unit)
        lacks_target = self.missing_target(path, counted, unit) is not None
        if lacks_marks or lacks_target or self._lacks_last_year(path, counted, unit):
            return str(counted["when_missing"])
        return None

    def missing_target(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> str | None:
        """Return the indicator whose target was never told to a unit, of those that it needs."""
        for name in ("short_of", "beyond", "target"):
            reference = counted.get(name, {})
            if reference.get("source") == "set":
                indicator: str = reference["indicator"]
                if (unit, indicator) not in self.targets:
                    return indicator
            if reference.get("source") == "reported":
                credited = self.credited.get((path, unit), [])
                if not any(entry.occurrence.target is not None for entry in credited):
                    return subject_of(counted)
        return None

    def holds(
        self,
        rule: JsonObject,
        unit: str,
    ) -> bool:
        """Tell whether all conditions of one of a rule's alternatives hold."""
        return self._alternatives_hold(rule, rule["id"], rule, unit)

    def _alternatives_hold(
        self,
        rule: JsonObject,
        place: str,
        table: JsonObject,
        unit: str,
    ) -> bool:
        """Tell whether one alternative of a rule, or of a row of factors, holds."""
        for index, alternative in enumerate(table["any_of"]):
            if self._alternative_holds(rule, place, index, alternative, unit):
                return True
        return False

    def _alternative_holds(
        self,
        rule: JsonObject,
        place: str,
        index: int,
        alternative: JsonObject,
        unit: str,
    ) -> bool:
        for number, condition in enumerate(alternative["all"]):
            path = condition_path(place, index, number)
            if not self._condition_holds(rule, path, condition, unit):
                return False
        return True

    def _condition_holds(
        self,
        rule: JsonObject,
        path: str,
        condition: JsonObject,
        unit: str,
    ) -> bool:
        if not self.units[unit].fits(condition.get("where", {})):
            return False
        if "result" in condition:
            least = condition.get("of_at_least")
            if least is not None and len(self._sequence_of(unit)) < int(least):
                return False
            return within_bounds(condition, self._result_value(rule, condition, unit))
        if "in_a_row" not in condition:
            silence = self.silence(path, condition, unit)
            if silence is not None:
                return silence == "holds"
            return within_bounds(condition, self.amount(path, condition, unit))
        return self._longest_run(path, condition, unit) >= int(condition["in_a_row"])

    # What conditions read of results.

    def _sequence_of(self, unit: str) -> list[str]:
        sequence = self.units[unit].sequence
        return [name for name, member in self.units.items() if member.sequence == sequence]

    def _result_value(
        self,
        rule: JsonObject,
        condition: JsonObject,
        unit: str,
    ) -> Fraction:
        """Return a unit's result, how many of its modules are low, or its place by the result."""
        result = condition["result"]
        if "each_below" in condition:
            bound = Fraction(condition["each_below"])
            points = [self._module_result(rule, name, unit) for name in result["modules"]]
            return Fraction(len([value for value in points if value < bound]))
        amount = self._result_amount(rule, result, unit)
        if "place" not in condition:
            return amount
        others = [self._result_amount(rule, result, name) for name in self._sequence_of(unit)]
        if condition["place"] == "bottom":
            others, amount = [-other for other in others], -amount
        return Fraction(1 + len([other for other in others if other > amount]))

    def _result_amount(
        self,
        rule: JsonObject,
        result: JsonObject,
        unit: str,
    ) -> Fraction:
        if "rule" in result:
            return self.remaining[unit, result["rule"]]
        if "modules" in result:
            points = [self._module_result(rule, name, unit) for name in result["modules"]]
            return Fraction(sum(points))
        scored = self.units[unit]
        if "total" in result:
            return limit(scored.raw_total(self.book), self.book.data.get("total", {}))
        groups = {group["id"]: group for group in self.book.data["groups"]}
        group = groups[result["group"]]
        modules = scored.counted_modules(self.book)
        return limit(Fraction(sum(modules[name] for name in group["modules"])), group)

    def _module_result(
        self,
        rule: JsonObject,
        module: str,
        unit: str,
    ) -> Fraction:
        """Return a module's points; a gate of the module itself sees them before any limit."""
        if acted_on(rule) == [("total", "True")]:
            return self.units[unit].counted_modules(self.book)[module]
        points = self.module_sums[unit, module]
        if rule.get("gates") == "module" and rule["module"] == module:
            return points
        return limit(points, self.book.modules_by_id[module]) + self.module_added[unit, module]

    def _sum_modules(self) -> None:
        """Add up the rows by unit and module, for the conditions that read modules."""
        self.module_sums = defaultdict(Fraction)
        self.module_added = defaultdict(Fraction)
        for row in self.rows:
            is_factor = "modules" in self.rules_by_id[row.rule]
            sums = self.module_added if is_factor else self.module_sums
            sums[row.unit, row.module] += row.points

    def _longest_run(
        self,
        path: str,
        condition: JsonObject,
        unit: str,
    ) -> int:
        """Return in how many periods in a row at most a condition's bounds were met."""
        credited = self.credited.get((path, unit), [])
        each = condition["each"]
        run = 0
        longest_run = 0
        for period in self.span.periods(each):
            amount = total_amount(_in_period(credited, each, period))
            run = run + 1 if within_bounds(condition, amount) else 0
            longest_run = max(longest_run, run)
        return longest_run

    # From what is counted to points, in this order.

    def conclude(self) -> None:
        """Give the points of each rule; then exclude, multiply and stop; then sum by module."""
        for rule in self.rules:
            self._apply(rule)
        # Per project first: factors and units see only what projects keep.
        self._keep_highest_per_project()
        self.given = self._points_by_rule()
        self.remaining = defaultdict(Fraction, self.given)
        steps = self._usual_steps()
        acted: dict[int, bool] = {}
        for number in range(len(steps)):
            self._act(number, steps, acted)
        self._add_rows_to_units()
        self._multiply_totals()
        self._close_totals()

    def _add_rows_to_units(self) -> None:
        """Sum all rows by module, so that what was taken back cancels out exactly."""
        for row in self.rows:
            unit = self.units[row.unit]
            rule = self.rules_by_id[row.rule]
            unit.add(row.module, row.basis, rule["basis"], row.points)
            if "modules" in rule:
                # A module's factor comes after its limits.
                unit.points[row.module] -= row.points
                unit.added[row.module] += row.points

    def _multiply_totals(self) -> None:
        for rule in self._rules_of_kind("coefficient"):
            for unit in self.units.values() if "total" in rule else ():
                factor = self._unit_factor(rule, unit)
                if factor != 1:
                    unit.total_factors.append((rule, factor))

    def _close_totals(self) -> None:
        """Close the totals, all looked at without any gate of theirs; then find the outcomes."""
        closed = {name: self.closed_total(name) for name in self.units}
        for name, gate in closed.items():
            if gate is not None:
                self.closed_effects[name] = self.closed_gate(gate, name, "total")
        for unit in self.units.values():
            unit.shut = closed[unit.name]
        for unit in self.units.values():
            unit.outcomes = [
                rule for rule in self._rules_of_kind("outcome") if self.holds(rule, unit.name)
            ]

    def _rules_of_kind(self, kind: str) -> list[JsonObject]:
        return [rule for rule in self.rules if rule["kind"] == kind]

    def _usual_steps(self) -> list[ActingStep]:
        """Return what changes points, in order: factors, exclusives, gates of rules, of modules.

        The order is the spec's: factors multiply what was given; exclusions compare what is left;
        a module's factor comes after its gates, floor and cap.
        """
        gates = self._rules_of_kind("gate")
        exclusives = self._rules_of_kind("exclusive")
        factors = [
            ActingStep(rule, [changed])
            for rule in self._rules_of_kind("coefficient")
            for changed in acted_on(rule)
        ]
        others = [
            *(rule for rule in exclusives if rule["per"] == "unit"),
            *(gate for gate in gates if gate["gates"] == "rule"),
            *(gate for gate in gates if gate["gates"] == "module"),
        ]
        return [
            *(step for step in factors if "rules" in step.rule),
            *(ActingStep(rule, acted_on(rule)) for rule in others),
            *(step for step in factors if "modules" in step.rule),
        ]

    def _act(
        self,
        number: int,
        steps: Sequence[ActingStep],
        acted: dict[int, bool],
    ) -> None:
        """Let a step act once all have acted that it follows, or whose results it reads."""
        rule, own = steps[number]
        if number in acted:
            if not acted[number]:
                raise VerificationError(f"rule {rule['id']} reads what it changes itself")
            return
        acted[number] = False
        read = set(results_read(rule))
        if rule["kind"] == "gate":
            # A gate alone sees what it changes itself: as it was before.
            read -= set(own)
        for place, other in enumerate(steps):
            comes_first = place < number and set(own) & set(other.objects)
            if comes_first or read & set(other.objects):
                self._act(place, steps, acted)
        self._sum_modules()
        if rule["kind"] == "coefficient":
            for unit in self.units.values():
                self._multiply_unit(rule, unit, own[0])
        elif rule["kind"] == "exclusive":
            self._keep_highest_per_unit(rule)
        else:
            self._shut(rule)
        acted[number] = True

    def _apply(self, rule: JsonObject) -> None:
        kind = rule["kind"]
        if kind in CHANGING_KINDS:
            return  # these change what the rules before them gave
        units = self._units_told(rule)
        if kind in SEQUENCE_KINDS:
            self._apply_to_sequences(rule, units)
            return
        for unit in units:
            if kind in ITEM_KINDS:
                self._add_item_rows(rule, unit)
            elif kind == "composite":
                points = self._composite_points(rule, unit.name)
                if points is not None:
                    self._add_row(rule, unit.name, points)
            elif rule.get("each") == "project":
                self._add_project_rows(rule, unit.name)
            else:
                amount = self.amount(rule["id"], rule, unit.name)
                self._add_row(rule, unit.name, VALUE_KINDS[kind](rule, amount))

    def _units_told(self, rule: JsonObject) -> list[ScoredUnit]:
        """Return the units that a rule takes; those without a target get what it says instead."""
        where = rule.get("where", {})
        told: list[ScoredUnit] = []
        for unit in self.units.values():
            if not unit.fits(where):
                continue
            silence = self.silence(rule["id"], rule, unit.name)
            if silence is None:
                told.append(unit)
            elif silence != "none":
                self._add_silent_row(rule, unit.name, Fraction(silence))
        return told

    def _add_silent_row(
        self,
        rule: JsonObject,
        unit: str,
        points: Fraction,
    ) -> None:
        """Add exactly these points: neither the rule's bounds nor its rounding touch them."""
        indicator = self.missing_target(rule["id"], rule, unit)
        shown: JsonObject = {"what": subject_of(rule), "missing_target": indicator}
        if indicator is None:
            shown = {"what": subject_of(rule), "missing_year": self.span.year - 1}
        effect = Effect(shown)
        self.rows.append(PointsRow(unit, rule, points, rule["basis"], effect=effect))

    def _add_row(
        self,
        rule: JsonObject,
        unit: str,
        points: Fraction,
    ) -> None:
        rounded_points = rounded(rule, points)
        self.rows.append(PointsRow(unit, rule, rounded_points, rule["basis"]))

    def _add_project_rows(
        self,
        rule: JsonObject,
        unit: str,
    ) -> None:
        """Add a row of each project's own value, at most so many points of one project."""
        for entry in self.occurrences(rule["id"], rule, unit):
            points = VALUE_KINDS[rule["kind"]](rule, entry.occurrence.amount) * entry.factor
            points = rounded(rule, points)
            if "at_most_per_project" in rule:
                most = Fraction(rule["at_most_per_project"])
                points = max(-most, min(points, most))
            basis = weaker_basis(rule["basis"], entry.basis)
            self.rows.append(PointsRow(unit, rule, points, basis, entry))

    def _add_item_rows(
        self,
        rule: JsonObject,
        unit: ScoredUnit,
    ) -> None:
        """Add a row for each thing counted; points rest on the weaker of rule and coefficient."""
        credited = self.occurrences(rule["id"], rule, unit.name)
        if "as" in rule:
            credited = self._compared_occurrence(rule, unit.name)
        elif rule.get("whole_steps") and rule.get("each") != "project":
            credited = _as_one_amount(rule, credited)
        for points, entry in item_points(rule, credited):
            if entry is None:
                self.rows.append(PointsRow(unit.name, rule, points, rule["basis"]))
                continue
            basis = weaker_basis(rule["basis"], entry.basis)
            self.rows.append(PointsRow(unit.name, rule, points, basis, entry))
            # A check cut by the floor to nothing cost no points and so proposes nobody.
            if rule["measure"] == "checks_missed" and entry.project and points < 0:
                missed = MissedCheck(entry.occurrence.label, entry.project, points)
                unit.missed_checks.append(missed)

    def _compared_occurrence(self, rule: JsonObject, unit: str) -> Credited:
        """Return a unit's compared value as one occurrence; none of a value of 0."""
        amount = self.amount(rule["id"], rule, unit)
        if not amount:
            return []
        shown = self.counted_number(rule["id"], rule, unit)
        occurrence = Occurrence(subject_of(rule), amount, shown=shown)
        events = self.counted_events(rule["id"], rule, unit)
        return [CreditedOccurrence(occurrence, events=events)]

    def _composite_points(
        self,
        rule: JsonObject,
        unit: str,
    ) -> Fraction | None:
        """Return a composite's points; None where a part lacks what it needs and says `none`."""
        total = Fraction(0)
        for index, part in enumerate(rule["parts"]):
            path = part_path(rule["id"], index)
            if self.silence(path, part, unit) == "none":
                return None
            value = self.part_value(path, part, unit)
            total += Fraction(part["share"]) * value
        completion = total / Fraction(rule["out_of"])
        return limit(completion * Fraction(rule["weight"]), rule)

    def part_value(
        self,
        path: str,
        part: JsonObject,
        unit: str,
    ) -> Fraction:
        """Return the value of a composite's part: the sum of its marks, or their mean."""
        silence = self.silence(path, part, unit)
        if silence is not None:
            return Fraction(silence)
        if "result" in part:
            return self._value_of_periods(part, unit)
        amount = self.amount(path, part, unit)
        if "as" in part:
            return amount  # a mean was taken before it was compared
        count = len(self.occurrences(path, part, unit))
        if part["take"] == "mean" and count:
            return amount / count
        return amount

    def periods_taken(self, part: JsonObject) -> dict[str, YearPoints]:
        """Return the periods that are over and that a part takes, in the order of the year."""
        names = part.get("only", PERIOD_NAMES[part["each"]])
        of_length = [f"{self.span.year}-{name}" for name in PERIOD_NAMES[part["each"]]]
        return {
            period: self.periods[period]
            for period in of_length
            if period in self.periods and period[5:] in names
        }

    def _marks_of_periods(
        self,
        part: JsonObject,
        unit: str,
    ) -> list[Fraction]:
        """Return a unit's points of the periods in which it was there on the last day."""
        points = [
            period.points_of_period(part["result"]["module"], unit)
            for period in self.periods_taken(part).values()
        ]
        return [mark for mark in points if mark is not None]

    def points_of_period(
        self,
        module: str,
        unit: str,
    ) -> Fraction | None:
        """Return what a module gave a unit; None where the unit was not there."""
        if unit not in self.units:
            return None
        return self.units[unit].counted_modules(self.book)[module]

    def _value_of_periods(
        self,
        part: JsonObject,
        unit: str,
    ) -> Fraction:
        """Return the sum of the periods, their mean, or the sum of the best."""
        marks = self._marks_of_periods(part, unit)
        if part["take"] == "best":
            marks = sorted(marks, reverse=True)[: as_count(part["best"], "best")]
        together = Fraction(sum(marks))
        return together / len(marks) if part["take"] == "mean" and marks else together

    def _apply_to_sequences(
        self,
        rule: JsonObject,
        units: Sequence[ScoredUnit],
    ) -> None:
        """Add the rows of a rule that compares the units of a sequence with each other."""
        sequences: dict[str, Amounts] = {}
        for unit in units:
            amounts = sequences.setdefault(unit.sequence, {})
            amounts[unit.name] = self.amount(rule["id"], rule, unit.name)
        points_of = SEQUENCE_KINDS[rule["kind"]]
        for amounts in sequences.values():
            for name in amounts:
                self._add_row(rule, name, points_of(rule, name, amounts))

    def _points_by_rule(self) -> PointsByRule:
        points: PointsByRule = defaultdict(Fraction)
        for row in self.rows:
            points[row.unit, row.rule] += row.points
        return points

    def _keep_highest_per_project(self) -> None:
        """Of rules that exclude each other per project, keep each project's highest alone."""
        for rule in self._rules_of_kind("exclusive"):
            if rule["per"] != "project":
                continue
            of_rules = [row for row in self.rows if row.rule in rule["rules"]]
            rows = [row for row in of_rules if row.project is not None]
            by_project: dict[str | None, Amounts] = {}
            for row in rows:
                nothing = dict.fromkeys(rule["rules"], Fraction(0))
                points = by_project.setdefault(row.project, nothing)
                points[row.rule] += row.points
            for row in rows:
                highest = first_highest(by_project[row.project])
                # Beyond the bound of a project there is no line that another could stand in for.
                if not row.points and "at_most_per_project" in self.rules_by_id[row.rule]:
                    continue
                # Where no rule gives anything, none stands in another's way.
                if row.rule != highest and any(by_project[row.project].values()):
                    row.points = Fraction(0)
                    row.left_for = highest

    def _multiply_unit(
        self,
        rule: JsonObject,
        unit: ScoredUnit,
        changed: tuple[str, str],
    ) -> None:
        """Add what a unit's factor makes of the points that a rule or a module gave it.

        Every factor multiplies the points as given, so the order of the rules does not matter.
        """
        factor = self._unit_factor(rule, unit)
        form, name = changed
        if form == "rule":
            multiplied = self.rules_by_id[name]
            given = self.given[unit.name, name]
            self.remaining[unit.name, name] += given * (factor - 1)
            module = multiplied["module"]
            shown: JsonObject = {"rule": name, "sum_of_rule": given, "factor": factor}
        else:
            multiplied = self.book.modules_by_id[name]
            given = limit(self.module_sums[unit.name, name], multiplied)
            module = name
            shown = {"module": name, "sum_of_module": given, "factor": factor}
        basis = weaker_basis(rule["basis"], multiplied["basis"])
        effect = self._factor_effect(rule, unit.name, shown)
        points = given * (factor - 1)
        self.rows.append(PointsRow(unit.name, rule, points, basis, module=module, effect=effect))

    def _unit_factor(
        self,
        rule: JsonObject,
        unit: ScoredUnit,
    ) -> Fraction:
        """Return a unit's factor: of the rows that take it, else what the rule says otherwise."""
        taking: list[Fraction] = []
        for index, row in enumerate(rule["rows"]):
            if "any_of" in row:
                takes = self._alternatives_hold(rule, factor_path(rule, index), row, unit.name)
            else:
                takes = any(unit.fits(where) for where in row["where"])
            if takes:
                taking.append(Fraction(row["factor"]))
        if not taking:
            return Fraction(rule.get("otherwise", 1))
        if rule.get("combine") == "product":
            product = ONE
            for factor in taking:
                product *= factor
            return product
        return max(taking)

    def _factor_effect(
        self,
        rule: JsonObject,
        unit: str,
        shown: JsonObject,
    ) -> Effect:
        """Return what a line of a factor shows, the conditions of its rows included."""
        if not self.explains or not any("any_of" in row for row in rule["rows"]):
            return Effect(shown)
        conditions: list[JsonObject] = []
        events: dict[str, None] = {}
        for index, row in enumerate(rule["rows"]):
            of_row, events_of_row = self._looked_at(rule, factor_path(rule, index), row, unit)
            conditions += of_row
            events.update(dict.fromkeys(events_of_row))
        return Effect({**shown, "conditions": conditions}, list(events))

    def _keep_highest_per_unit(self, rule: JsonObject) -> None:
        """Of rules that exclude each other per unit, keep its highest alone."""
        for unit in self.units:
            points = {name: self.remaining[unit, name] for name in rule["rules"]}
            highest = first_highest(points)
            for name in rule["rules"]:
                if name != highest:
                    effect = Effect({"kept": highest, "left_out": name})
                    self._take_back(rule, unit, name, effect)

    def _shut(self, rule: JsonObject) -> None:
        """Take back what a rule or a module gave the units for which its gate is closed."""
        # Places rest on the points of others: every condition is looked at before any row is added.
        name = rule["rule"] if rule["gates"] == "rule" else rule["module"]
        closed = [unit for unit in self.units if not self.holds(rule, unit)]
        effects = {unit: self.closed_gate(rule, unit, name) for unit in closed}
        for unit, effect in effects.items():
            if rule["gates"] == "rule":
                self._take_back(rule, unit, name, effect)
                continue
            points = -self.module_sums[unit, name]
            self.rows.append(PointsRow(unit, rule, points, None, effect=effect))

    def _take_back(
        self,
        rule: JsonObject,
        unit: str,
        name: str,
        effect: Effect,
    ) -> None:
        """Add a row that takes back what is left of a rule's points."""
        module = self.rules_by_id[name]["module"]
        points = -self.remaining[unit, name]
        self.rows.append(PointsRow(unit, rule, points, None, module=module, effect=effect))
        self.remaining[unit, name] = Fraction(0)

    def closed_total(self, unit: str) -> JsonObject | None:
        """Return the gate on the total that is closed for a unit; of several the last."""
        closed = None
        for rule in self._rules_of_kind("gate"):
            if rule["gates"] == "total" and not self.holds(rule, unit):
                closed = rule
        return closed

    # What lines show of it.

    def closed_gate(
        self,
        rule: JsonObject,
        unit: str,
        shut: str,
    ) -> Effect:
        """Return what a gate stops with the conditions that do not hold, and their events."""
        if not self.explains:
            return Effect({})
        conditions, events = self._looked_at(rule, rule["id"], rule, unit)
        return Effect({"shut": shut, "conditions": conditions}, events)

    def _looked_at(
        self,
        rule: JsonObject,
        place: str,
        table: JsonObject,
        unit: str,
    ) -> tuple[list[JsonObject], list[str]]:
        """Return the conditions up to the first alternative that holds, and their events."""
        conditions: list[JsonObject] = []
        events: dict[str, None] = {}
        for index, alternative in enumerate(table.get("any_of", ())):
            for number, condition in enumerate(alternative["all"]):
                path = condition_path(place, index, number)
                if "result" in condition:
                    conditions.append(self._result_shown(rule, condition, unit))
                    continue
                conditions.append(self._condition_result(rule, path, condition, unit))
                events.update(dict.fromkeys(self.counted_events(path, condition, unit)))
            if self._alternative_holds(rule, place, index, alternative, unit):
                break
        return conditions, list(events)

    def _result_shown(
        self,
        rule: JsonObject,
        condition: JsonObject,
        unit: str,
    ) -> JsonObject:
        """Return which result a condition looked at, and what it was."""
        ((form, names),) = condition["result"].items()
        shown: JsonObject = {"what": form, "names": []}
        if form == "modules":
            shown["names"] = names
        elif form != "total":
            shown["names"] = [names]
        if "each_below" in condition:
            shown["each_below"] = Fraction(condition["each_below"])
        if "place" in condition:
            shown["end"] = condition["place"]
            shown["of"] = len(self._sequence_of(unit))
        value = self._result_value(rule, condition, unit)
        return {**shown, "value": value, "holds": self._condition_holds(rule, "", condition, unit)}

    def _condition_result(
        self,
        rule: JsonObject,
        path: str,
        condition: JsonObject,
        unit: str,
    ) -> JsonObject:
        holds = self._condition_holds(rule, path, condition, unit)
        if "in_a_row" in condition and self.units[unit].fits(condition.get("where", {})):
            run = self._longest_run(path, condition, unit)
            result: JsonObject = {"what": subject_of(condition), "in_a_row": run}
            return {**result, "value": Fraction(run), "holds": holds}
        counted = self.counted_number(path, condition, unit)
        return {**counted, "value": self.amount(path, condition, unit), "holds": holds}

    def counted_number(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> JsonObject:
        """Return what a line shows of a unit's value: what was counted, and its target if any."""
        actual = total_amount(self.occurrences(path, counted, unit))
        shown: JsonObject = {"what": subject_of(counted), "actual": actual}
        if "target" in counted:
            shown["target"] = self.reference(path, "target", counted, unit)
            shown["ratio"] = self.own_amount(path, counted, unit)
        if "as" in counted:
            shown.update(self.comparison(path, counted, unit))
        return shown

    def counted_events(
        self,
        path: str,
        counted: JsonObject,
        unit: str,
    ) -> list[str]:
        """Name the events that a unit's value rests on."""
        credited = self.occurrences(path, counted, unit)
        events = self.value_events(path, "target", counted, credited, unit)
        if counted.get("as") in WITH_LAST_YEAR:
            then = self._same_of_last_year()
            credited = then.occurrences(path, counted, unit)
            events = [*events, *then.value_events(path, "target", counted, credited, unit)]
        return list(dict.fromkeys(events))


def subject_of(counted: JsonObject) -> str:
    """Return what is counted: the indicator where the measure is one, else the measure."""
    if "result" in counted:
        module: str = counted["result"]["module"]
        return module
    name: str = counted.get("indicator") or counted.get("figure") or counted["measure"]
    return name


def total_amount(credited: Credited) -> Fraction:
    """Return the sum of what is counted."""
    return Fraction(sum(entry.occurrence.amount for entry in credited))


def _as_one_amount(
    rule: JsonObject,
    credited: Credited,
) -> Credited:
    """Return all that a unit has as one amount, of which only whole steps count."""
    if not credited:
        return []
    actual = total_amount(credited)
    shown = {"what": subject_of(rule), "actual": actual}
    occurrence = Occurrence(subject_of(rule), actual, shown=shown)
    return [CreditedOccurrence(occurrence, events=named_events(credited))]


def _in_period(
    credited: Credited,
    each: str,
    period: str,
) -> Credited:
    return [entry for entry in credited if period_of(entry.occurrence.when, each) == period]


def _surplus(
    amount: Fraction,
    actual: Fraction,
    due: Fraction,
    events: Sequence[str],
) -> Credited:
    """Return one occurrence of so much, or nothing; no rule asks for its label."""
    if amount <= 0:
        return []
    occurrence = Occurrence("", amount, shown={"actual": actual, "due": due})
    return [CreditedOccurrence(occurrence, events=events)]


def named_events(credited: Credited) -> list[str]:
    """Name the events that several occurrences rest on, each once."""
    events: dict[str, None] = {}
    for entry in credited:
        events.update(dict.fromkeys(entry.events))
    return list(events)


def within_bounds(
    condition: JsonObject,
    amount: Fraction,
) -> bool:
    """Tell whether an amount lies within each of a condition's bounds."""
    if "at_least" in condition and amount < Fraction(condition["at_least"]):
        return False
    if "at_most" in condition and amount > Fraction(condition["at_most"]):
        return False
    if "above" in condition and amount <= Fraction(condition["above"]):
        return False
    return "below" not in condition or amount < Fraction(condition["below"])


def first_highest(points: Amounts) -> str:
    """Return the name with the most points; of several, the one that the rulebook names first."""
    return max(points, key=points.__getitem__)


def weaker_basis(
    first: str,
    second: str,
) -> str:
    """Return the weaker of two bases."""
    return max(first, second, key=BASES.index)


def rounded(
    rule: JsonObject,
    points: Fraction,
) -> Fraction:
    """Round points to the rule's places, half away from zero, where it names any."""
    if "places" not in rule:
        return points
    return Fraction(to_decimal(points, int(rule["places"])))


# 16. The kinds of rule ----------------------------------------------------------------------------
#
# Item kinds give points for each thing counted, value kinds for a unit's whole amount, sequence
# kinds for its place among the units of its sequence.

CHANGING_KINDS = ("exclusive", "coefficient", "gate", "outcome")
ITEM_KINDS = ("per_item", "per_amount", "credit", "deduct", "escalating")


def item_points(
    rule: JsonObject,
    credited: Credited,
) -> ItemPoints:
    """Return the points of each thing counted, within the rule's limits."""
    if rule["kind"] == "escalating":
        unlimited = _escalating_points(rule, credited)
    elif rule["kind"] == "per_amount":
        unlimited = _amount_points(rule, credited)
    else:
        unlimited = _each_points(rule, credited)
    points = [(rounded(rule, each), entry) for each, entry in unlimited]
    if "at_most_per_project" in rule:
        points = _within_projects(Fraction(rule["at_most_per_project"]), points)
    return within_limits(rule, points)


def _within_projects(
    most: Fraction,
    points: EarnedPoints,
) -> EarnedPoints:
    """Cut the points of each project, up or down, where so many are reached."""
    bounded: EarnedPoints = []
    sums: dict[str | None, Fraction] = {}
    for earned, entry in points:
        before = sums.get(entry.project, Fraction(0))
        after = max(-most, min(before + earned, most))
        sums[entry.project] = after
        bounded.append((after - before, entry))
    return bounded


def _each_points(
    rule: JsonObject,
    credited: Credited,
) -> EarnedPoints:
    points: EarnedPoints = []
    for entry in credited:
        base = _base_points(rule, entry)
        if base is not None:
            points.append((base * entry.occurrence.amount * entry.factor, entry))
    return points


def _base_points(
    rule: JsonObject,
    entry: CreditedOccurrence,
) -> Fraction | None:
    """Return the points of one thing counted; None where the rule gives it none."""
    if "points_by" in rule:
        points = rule["points_by"].get(entry.occurrence.label)
        return None if points is None else Fraction(points)
    if "bands" not in rule:
        return Fraction(rule["points"])
    for band in rule["bands"]:
        if "scale" in band:
            fits = within(band["scale"], entry.scale)
        else:
            fits = within(band["investment"], entry.investment)
        if fits:
            return Fraction(band["points"])
    return None


def _amount_points(
    rule: JsonObject,
    credited: Credited,
) -> EarnedPoints:
    per = Fraction(rule["per"])
    if rule.get("whole_steps"):
        each = Fraction(rule["points"])
        return [
            (in_whole_steps(entry.occurrence.amount, per) / per * each * entry.factor, entry)
            for entry in credited
        ]
    points_per_unit = Fraction(rule["points"]) / per
    return [(entry.occurrence.amount * points_per_unit * entry.factor, entry) for entry in credited]


def in_whole_steps(
    amount: Fraction,
    step: Fraction,
) -> Fraction:
    """Cut an amount toward 0 to a multiple of a step."""
    return int(amount / step) * step


def _escalating_points(
    rule: JsonObject,
    credited: Credited,
) -> EarnedPoints:
    """Give all the points of the count's band, or each further one those of its own place."""
    points: EarnedPoints = []
    count = total_amount(credited)
    place = Fraction(0)
    for entry in credited:
        amount = entry.occurrence.amount
        if rule["applies_to"] == "all":
            earned = band_points(rule["bands"], "count", count) * amount
        else:
            earned = points_between(rule["bands"], place, place + amount)
        place += amount
        points.append((earned * entry.factor, entry))
    return points


def band_points(
    bands: Rows,
    name: str,
    value: Fraction,
) -> Fraction:
    """Return the points of the first band that a value lies in, 0 where it lies in none."""
    for band in bands:
        if within(band[name], value):
            return Fraction(band["points"])
    return Fraction(0)


def points_between(
    bands: Rows,
    begins: Fraction,
    ends: Fraction,
) -> Fraction:
    """Return the points between two places, where the first occurrence reaches from 0 to 1.

    A band of whole counts such as [3,5] covers the places from 2 to 5.
    """
    points = Fraction(0)
    for band in bands:
        low, _, high, _ = parse_interval(band["count"])
        first_count = 1
        if low is not None:
            first_count = max(1, -(-low // 1))  # rounded up
            if not within(band["count"], Fraction(first_count)):
                first_count += 1
        band_ends = ends
        if high is not None:
            last_count = high // 1
            if not within(band["count"], Fraction(last_count)):
                last_count -= 1
            band_ends = min(ends, Fraction(last_count))
        band_begins = max(begins, Fraction(first_count - 1))
        points += max(Fraction(0), band_ends - band_begins) * Fraction(band["points"])
    return points


def within_limits(
    rule: JsonObject,
    points: EarnedPoints,
) -> ItemPoints:
    """Cut points at the rule's limit, or let them use up the points it starts with."""
    if "limit" in rule:
        return _fill_limit(rule, points)
    return _use_up_start(rule, points)


def _fill_limit(
    rule: JsonObject,
    points: EarnedPoints,
) -> ItemPoints:
    """Cut the points where the limit of the year, or of their part of it, is full."""
    limited: ItemPoints = []
    each = rule.get("limit_per", "year")
    remaining: Amounts = {}
    for earned, entry in points:
        period = ""
        if each != "year":
            period = period_of(entry.occurrence.when, each)
        left = remaining.get(period, Fraction(rule["limit"]))
        counted = min(earned, left)
        remaining[period] = left - counted
        limited.append((counted, entry))
    return limited


def _use_up_start(
    rule: JsonObject,
    points: EarnedPoints,
) -> ItemPoints:
    """Begin with the starting points, if any, and let the sum fall no lower than the floor."""
    counted: ItemPoints = []
    balance = Fraction(rule.get("start", 0))
    if "start" in rule:
        counted.append((balance, None))
    for earned, entry in points:
        new_balance = balance + earned
        if "floor" in rule:
            new_balance = max(new_balance, Fraction(rule["floor"]))
        counted.append((new_balance - balance, entry))
        balance = new_balance
    return counted


def bracket_points(
    rule: JsonObject,
    amount: Fraction,
) -> Fraction:
    """Return the points of the amount's band: a constant, and a slope times the amount."""
    for band in rule["bands"]:
        if within(band["value"], amount):
            constant = Fraction(band["points"])
            slope = Fraction(band.get("slope", 0))
            return limit(constant + slope * amount, rule)
    return Fraction(0)


def ratio_points(
    rule: JsonObject,
    amount: Fraction,
) -> Fraction:
    """Return the weight times the completion."""
    if "whole_steps" in rule:
        amount = in_whole_steps(amount * 100, Fraction(rule["whole_steps"])) / 100
    return limit(amount * Fraction(rule["weight"]), rule)


def stepped_points(
    rule: JsonObject,
    amount: Fraction,
) -> Fraction:
    """Move from the base along the segments between 100 % and the completion.

    Each percentage point moves by its segment's step: up beyond 100 %, down below it.
    """
    percent = stepped_percent(rule, amount)
    moved = Fraction(0)
    for segment in rule["segments"]:
        low, _, high, _ = parse_interval(segment["percent"])
        begins = min(percent, Fraction(100))
        if low is not None:
            begins = max(begins, low)
        ends = max(percent, Fraction(100))
        if high is not None:
            ends = min(ends, high)
        moved += max(Fraction(0), ends - begins) * Fraction(segment["step"])
    if percent <= 100:
        moved = -moved
    if "least" in rule:
        moved = max(moved, Fraction(rule["least"]))
    if "most" in rule:
        moved = min(moved, Fraction(rule["most"]))
    return Fraction(rule["base"]) + moved


def stepped_percent(
    rule: JsonObject,
    amount: Fraction,
) -> Fraction:
    """Return the completion in percent; in whole steps from 100 where the rule says so."""
    if "whole_steps" not in rule:
        return amount * 100
    return 100 + in_whole_steps(amount * 100 - 100, Fraction(rule["whole_steps"]))


def rank_points(
    rule: JsonObject,
    name: str,
    amounts: Amounts,
) -> Fraction:
    """Return the points of a unit's place; units that tie share it, or take its places' mean."""
    ranked = dict(amounts)
    if "above" in rule:
        threshold = Fraction(rule["above"])
        ranked = {unit: amount for unit, amount in amounts.items() if amount > threshold}
    if name not in ranked:
        return Fraction(0)
    own = ranked[name]
    if rule["first"] == "greatest":
        ahead = [amount for amount in ranked.values() if amount > own]
    else:
        ahead = [amount for amount in ranked.values() if amount < own]
    first_place = len(ahead) + 1
    # Two units at place 1 both take its points; the next unit is at place 3.
    if rule["ties"] == "share":
        return band_points(rule["bands"], "place", Fraction(first_place))
    tied = list(ranked.values()).count(own)
    total = Fraction(0)
    for place in range(first_place, first_place + tied):
        total += band_points(rule["bands"], "place", Fraction(place))
    return total / tied


def minmax_points(
    rule: JsonObject,
    name: str,
    amounts: Amounts,
) -> Fraction:
    """Return the points of a mark between the least and the greatest amount of the sequence."""
    return minmax_mark(rule, name, amounts) / Fraction(rule["out_of"]) * Fraction(rule["weight"])


def minmax_mark(
    rule: JsonObject,
    name: str,
    amounts: Amounts,
) -> Fraction:
    """Return the mark of an amount's position between the least and the greatest."""
    least = min(amounts.values())
    greatest = max(amounts.values())
    if least == greatest:
        return Fraction(rule["when_equal"])
    position = (amounts[name] - least) / (greatest - least)
    return position * Fraction(rule["span"]) + Fraction(rule["base"])


def relative_points(
    rule: JsonObject,
    name: str,
    amounts: Amounts,
) -> Fraction:
    """Return the weight times the amount over the sequence's greatest."""
    greatest = max(amounts.values())
    if not greatest:
        return Fraction(rule["when_none"])
    return amounts[name] / greatest * Fraction(rule["weight"])


ValuePoints = Callable[[JsonObject, Fraction], Fraction]
SequencePoints = Callable[[JsonObject, str, Amounts], Fraction]
VALUE_KINDS: dict[str, ValuePoints] = {
    "bracket": bracket_points,
    "ratio": ratio_points,
    "stepped": stepped_points,
}
SEQUENCE_KINDS: dict[str, SequencePoints] = {
    "rank": rank_points,
    "minmax": minmax_points,
    "relative": relative_points,
}


# 17. Lines: what each of a unit's points rests on -------------------------------------------------
#
# A certificate shows a unit's lines. They are composed here again, from the events and the
# rulebook, and must be the same in every field.


class Line(NamedTuple):
    """A line of points of a unit: what a certificate shows of it."""

    rule: str
    module: str
    points: Fraction
    clause: str
    basis: str
    project: str | None
    inputs: JsonObject
    events: Sequence[str]


def unit_lines(
    year: YearPoints,
    name: str,
) -> list[JsonObject]:
    """Return a unit's lines by module, rule and project; they sum to its modules."""
    explained = ExplainedUnit(year, name)
    lines = [*explained.rule_lines(), *explained.limit_lines()]
    modules = {module: place for place, module in enumerate(year.book.modules)}
    rules = {rule["id"]: place for place, rule in enumerate(year.rules)}

    def place(line: Line) -> tuple[int, int, str]:
        # The floors and caps of modules belong to no rule and come last.
        return modules[line.module], rules.get(line.rule, len(rules)), line.project or ""

    lines.sort(key=place)
    return [_plain_line(line, name, year.book.places) for line in lines]


def _plain_line(
    line: Line,
    unit: str,
    places: int,
) -> JsonObject:
    return {
        "rule": line.rule,
        "module": line.module,
        "points": to_decimal(line.points, places),
        "clause": line.clause,
        "basis": line.basis,
        "unit": unit,
        "project": line.project,
        "inputs": plain_value(line.inputs, places),
        "events": list(line.events),
    }


def plain_value(
    value: Any,
    places: int,
) -> Any:
    """Write exact numbers as plain decimals and days in ISO form, within lists and objects too."""
    if isinstance(value, Fraction):
        return to_decimal(value, places)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain_value(inner, places) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain_value(inner, places) for inner in value]
    return value


class ExplainedUnit:
    """A unit's points of a year with what they rest on."""

    def __init__(
        self,
        year: YearPoints,
        name: str,
    ) -> None:
        self.year = year
        self.name = name
        self.rows = [row for row in year.rows if row.unit == name]

    def rule_lines(self) -> Iterator[Line]:
        """Yield the lines of the rules, and of what they do to each other's points."""
        for rule_id, rows_of_rule in self._rows_by_rule().items():
            rule = self.year.rules_by_id[rule_id]
            rows: list[PointsRow] = []
            for row in rows_of_rule:
                if row.effect is not None and rule["kind"] not in CHANGING_KINDS:
                    # Points that stand where a target was never told.
                    yield self._line(rule, row, row.effect.shown, row.effect.events)
                else:
                    rows.append(row)
            if rule["kind"] in ITEM_KINDS:
                yield from self._item_lines(rule, rows)
            elif rule["kind"] in CHANGING_KINDS:
                yield from self._effect_lines(rule, rows)
            else:
                for row in rows:
                    if row.entry is not None:
                        yield self._project_line(rule, row, row.entry)
                        continue
                    inputs, events = self._value_inputs(rule)
                    yield self._line(rule, row, inputs, events)

    def _rows_by_rule(self) -> dict[str, list[PointsRow]]:
        rows_by_rule: dict[str, list[PointsRow]] = {}
        for row in self.rows:
            rows_by_rule.setdefault(row.rule, []).append(row)
        return rows_by_rule

    def _line(
        self,
        rule: JsonObject,
        row: PointsRow,
        inputs: JsonObject,
        events: Sequence[str],
    ) -> Line:
        return Line(
            rule["id"],
            row.module,
            row.points,
            rule["clause"],
            row.basis or rule["basis"],
            row.project,
            inputs,
            events,
        )

    def _project_line(
        self,
        rule: JsonObject,
        row: PointsRow,
        entry: CreditedOccurrence,
    ) -> Line:
        """Return the line of a project's own value."""
        inputs = {**(entry.occurrence.shown or {}), **_value_shape(rule, entry.occurrence.amount)}
        if entry.is_multiplied:
            inputs["coefficient"] = entry.factor
        return self._line(rule, row, inputs, entry.events)

    # What is counted one by one.

    def _item_lines(
        self,
        rule: JsonObject,
        rows: Sequence[PointsRow],
    ) -> Iterator[Line]:
        shapes = self._item_shapes(rule)
        # Beyond a full limit, or below a floor, an occurrence has no line.
        limits = ("limit", "start", "floor", "at_most_per_project")
        hides_zero = any(name in rule for name in limits)
        for row in rows:
            if row.entry is None:
                yield self._line(rule, row, {"start": row.points}, [])
                continue
            if hides_zero and not row.points and row.left_for is None:
                continue
            inputs = dict(row.entry.occurrence.shown or {})
            inputs.update(shapes[id(row.entry)])
            if row.entry.is_multiplied:
                inputs["coefficient"] = row.entry.factor
            if row.left_for is not None:
                inputs["left_for"] = row.left_for
            yield self._line(rule, row, inputs, row.entry.events)

    def _item_shapes(self, rule: JsonObject) -> dict[int, JsonObject]:
        """Return what the points of each thing counted were computed from, by the row's entry."""
        shapes: dict[int, JsonObject] = {}
        credited = [row.entry for row in self.rows if row.rule == rule["id"] and row.entry]
        place = Fraction(0)
        for entry in credited:
            amount = entry.occurrence.amount
            if rule["kind"] == "per_amount":
                per = Fraction(rule["per"])
                shape = {"amount": amount, "per": per, "points": Fraction(rule["points"])}
                if rule.get("whole_steps"):
                    shape["steps"] = in_whole_steps(amount, per) / per
            elif rule["kind"] == "escalating":
                each = _escalating_points_each(rule, total_amount(credited), place, amount)
                shape = {"count": total_amount(credited), "points": each}
                place += amount
            else:
                base = _base_points(rule, entry)
                assert base is not None  # or there would be no row
                shape = {"points": base}
            if rule["kind"] != "per_amount" and amount != 1:
                shape["value"] = amount
            shapes[id(entry)] = shape
        return shapes

    # What rules do to each other's points.

    def _effect_lines(
        self,
        rule: JsonObject,
        rows: Sequence[PointsRow],
    ) -> Iterator[Line]:
        for row in rows:
            if row.points and row.effect is not None:
                yield self._line(rule, row, row.effect.shown, row.effect.events)

    def limit_lines(self) -> Iterator[Line]:
        """Yield the lines of floors and caps, and of a gate that is closed on the total."""
        gate = self.year.units[self.name].shut
        points = self.year.units[self.name].points
        for module in self.year.book.data["modules"]:
            raw = points[module["id"]]
            counted = limit(raw, module)
            if counted != raw:
                name = "floor" if counted > raw else "cap"
                yield self._limit_line(
                    module,
                    f"{module['id']}.{name}",
                    counted - raw,
                    {
                        "sum": raw,
                        name: counted,
                    },
                )
            counted += self.year.units[self.name].added[module["id"]]
            if gate is not None and counted:
                effect = self.year.closed_effects[self.name]
                row = PointsRow(self.name, gate, -counted, None, module=module["id"])
                yield self._line(gate, row, effect.shown, effect.events)

    def _limit_line(
        self,
        module: JsonObject,
        rule: str,
        points: Fraction,
        inputs: JsonObject,
    ) -> Line:
        return Line(
            rule,
            module["id"],
            points,
            module["clause"],
            module["basis"],
            None,
            inputs,
            [],
        )

    # A unit's whole value.

    def _value_inputs(self, rule: JsonObject) -> tuple[JsonObject, list[str]]:
        """Return what the points of a value were computed from, and the events behind it."""
        path = rule["id"]
        if rule["kind"] == "composite":
            inputs, events = self._composite_inputs(rule)
        else:
            inputs = self.year.counted_number(path, rule, self.name)
            events = self.year.counted_events(path, rule, self.name)
            value = self.year.amount(path, rule, self.name)
            if rule["kind"] in VALUE_KINDS:
                inputs.update(_value_shape(rule, value))
            else:
                inputs.update(self._sequence_shape(rule))
        if "places" in rule:
            inputs["places"] = rule["places"]
        return inputs, events

    def _composite_inputs(self, rule: JsonObject) -> tuple[JsonObject, list[str]]:
        parts: list[JsonObject] = []
        events: dict[str, None] = {}
        for index, part in enumerate(rule["parts"]):
            path = part_path(rule["id"], index)
            value = self.year.part_value(path, part, self.name)
            share = Fraction(part["share"])
            shown_part: JsonObject = {"what": subject_of(part), "share": share, "value": value}
            parts.append(shown_part)
            if self.year.silence(path, part, self.name) is not None:
                continue
            if "result" in part:
                shown_part["periods"] = self._period_rows(part)
                events.update(dict.fromkeys(self._events_of_periods(part)))
                continue
            events.update(dict.fromkeys(self.year.counted_events(path, part, self.name)))
        shown: JsonObject = {"parts": parts, "out_of": Fraction(rule["out_of"])}
        return {**shown, **_numbers(rule, "weight", "floor", "cap")}, list(events)

    def _period_rows(self, part: JsonObject) -> list[JsonObject]:
        """Return the points of each period; none where the unit was not there."""
        rows: list[JsonObject] = []
        for name, period in self.year.periods_taken(part).items():
            points = period.points_of_period(part["result"]["module"], self.name)
            rows.append({"period": name} if points is None else {"period": name, "points": points})
        return rows

    def _events_of_periods(self, part: JsonObject) -> list[str]:
        """Return the events behind the lines of each period, by their names."""
        events: list[str] = []
        for period in self.year.periods_taken(part).values():
            if self.name in period.units:
                explained = ExplainedUnit(period, self.name)
                lines = [*explained.rule_lines(), *explained.limit_lines()]
                module = part["result"]["module"]
                of_lines = [line.events for line in lines if line.module == module]
                events += sorted({event for names in of_lines for event in names})
        return events

    def _sequence_shape(self, rule: JsonObject) -> JsonObject:
        """Return a unit's place among the units of its sequence, and whose amounts decide it."""
        sequence = self.year.units[self.name].sequence
        amounts: Amounts = {}
        for unit in self.year.units.values():
            if unit.sequence != sequence or not unit.fits(rule.get("where", {})):
                continue
            if self.year.silence(rule["id"], rule, unit.name) is None:
                amounts[unit.name] = self.year.amount(rule["id"], rule, unit.name)
        if rule["kind"] == "rank":
            return self._rank_shape(rule, amounts)
        greatest = max(amounts.values())
        leaders = [unit for unit, amount in amounts.items() if amount == greatest]
        if rule["kind"] == "relative":
            shape = {"greatest": greatest, "weight": Fraction(rule["weight"])}
        else:
            least = min(amounts.values())
            if least != greatest:
                leaders += [unit for unit, amount in amounts.items() if amount == least]
            mark = minmax_mark(rule, self.name, amounts)
            shape = {"least": least, "greatest": greatest, "mark": mark}
            shape.update(_numbers(rule, "span", "base", "out_of", "weight"))
        return {**shape, "neighbours": [unit for unit in leaders if unit != self.name]}

    def _rank_shape(
        self,
        rule: JsonObject,
        amounts: Amounts,
    ) -> JsonObject:
        """Return the place, and the units just before it, beside it and behind it."""
        ranked = [
            unit
            for unit, amount in amounts.items()
            if "above" not in rule or amount > Fraction(rule["above"])
        ]
        ranked.sort(key=amounts.__getitem__, reverse=rule["first"] == "greatest")
        if self.name not in ranked:
            return {"place": None, "of": len(ranked), "neighbours": []}
        own = amounts[self.name]
        tied = [index for index, unit in enumerate(ranked) if amounts[unit] == own]
        around = ranked[max(0, tied[0] - 1) : tied[-1] + 2]
        return {
            "place": tied[0] + 1,
            "of": len(ranked),
            "neighbours": [unit for unit in around if unit != self.name],
        }


def _escalating_points_each(
    rule: JsonObject,
    count: Fraction,
    place: Fraction,
    amount: Fraction,
) -> Fraction:
    """Return the points of one in the count's band, or the mean of those in which it lies."""
    if rule["applies_to"] == "all":
        return band_points(rule["bands"], "count", count)
    if not amount:
        return Fraction(0)
    return points_between(rule["bands"], place, place + amount) / amount


def _value_shape(
    rule: JsonObject,
    value: Fraction,
) -> JsonObject:
    """Return what a bracket, a ratio or steps make of a value."""
    if rule["kind"] == "ratio":
        shape = _numbers(rule, "weight", "floor", "cap")
        if "whole_steps" in rule:
            shape["percent"] = in_whole_steps(value * 100, Fraction(rule["whole_steps"]))
        return shape
    if rule["kind"] == "stepped":
        base = Fraction(rule["base"])
        moved = stepped_points(rule, value) - base
        return {"base": base, "percent": stepped_percent(rule, value), "moved": moved}
    for band in rule["bands"]:
        if within(band["value"], value):
            shape = {"band": band["value"], "points": Fraction(band["points"])}
            if Fraction(band.get("slope", 0)):
                shape["slope"] = Fraction(band["slope"])
            return shape
    return {"band": None, "points": Fraction(0)}


def _numbers(
    rule: JsonObject,
    *names: str,
) -> JsonObject:
    """Return the numbers of a rule that it has."""
    return {name: Fraction(rule[name]) for name in names if name in rule}


if __name__ == "__main__":
    # A console in another encoding prints `?` instead of failing.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(run())
