#!/usr/bin/env python3
"""Check a bundle or a certificate of the investment-attraction ledger.

Run it as: python3 verify_bundle.py FILE [--receipt FILE]… [--witness FILE]… [--key KEY]
It needs Python 3.9 or newer and its standard library, nothing else, and shares no code with the program that made the file.
It checks the Merkle tree (RFC 6962) over every stored byte, the signed checkpoints (C2SP signed-note, Ed25519 after
RFC 8032), receipts and witness files given, and works the score of every publication out again, in exact fractions,
from the events and the rulebook in the file. It ends with VERIFIED and exit code 0, or with the first failure and 1.

To be read from top to bottom; each part uses the ones below it:
 1 to 3    what is checked, in its order: the events and the tree, the signatures, the publications
 4 to 6    the tree, signed notes, Ed25519
 7         reading a file whose maker may mean harm
 8         events, and what is in effect of them after corrections
 9 to 13   scores: units and ranks, the rulebook, projects, measures and kinds of rule
"""

# One file, for Python 3.9 and for reading: what a later Python or this project's own modules would offer is left aside.
# ruff: noqa: B905, EXE001, FBT001, FBT003, N818, PLR2004, PTH123, T201, UP031

from __future__ import annotations

import argparse
import base64
import binascii
import calendar
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from typing import IO, Any

Record = dict[str, Any]
SHANGHAI = timezone(timedelta(hours=8))


class Failed(Exception):
    """The first thing that does not hold."""


def say(text: str) -> None:
    """One check that holds."""
    print("ok: " + text)


# 1. What is checked, in this order ----------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what is named; 0 where all holds."""
    parser = argparse.ArgumentParser(
        description="Check a bundle (.zip) or a certificate (.json) of the ledger."
    )
    parser.add_argument("file", help="the bundle or the certificate")
    parser.add_argument(
        "--receipt",
        action="append",
        default=[],
        metavar="FILE",
        help="a file of receipts, to be found in the bundle",
    )
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="FILE",
        help="your own witness file, to be met by the bundle",
    )
    parser.add_argument(
        "--key",
        metavar="KEY",
        help="the public key that you noted, name+id+key; else the one in your witness file",
    )
    parser.add_argument(
        "--large",
        action="store_true",
        help="take a bundle of more than 400,000 events, and the memory for it",
    )
    given = parser.parse_args(arguments)
    LIMITS.update(LARGE if given.large else {})
    try:
        with open(given.file, "rb") as file:
            archived = file.read(2) == b"PK"
        if archived:
            verify_bundle(given.file, given.receipt, given.witness, given.key)
        elif given.receipt or given.witness:
            raise Failed("receipts and witness files are held against a bundle")
        else:
            verify_certificate(given.file, given.key)
    except Failed as failure:
        print(f"FAILED: {failure}")
        return 1
    except OSError as error:
        print(f"FAILED: {error.filename} cannot be read: {error.strerror}")
        return 1
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        IndexError,
        StopIteration,
        RecursionError,
        ArithmeticError,
        MemoryError,
    ) as error:
        print(f"FAILED: the file is damaged: {type(error).__name__} {error}")
        return 1
    print("VERIFIED")
    return 0


def verify_bundle(
    path: str, receipts: Sequence[str], witnesses: Sequence[str], trusted: str | None
) -> None:
    """Check a bundle."""
    with open_zip(path) as archive:
        manifest = _object(small(archive, "manifest.json"), "manifest.json", "lifecycle-bundle/1")
        origin, tree = (
            _text(manifest.get("origin"), "the origin"),
            Tree(_text(manifest.get("tree_hash"), "the hash")),
        )
        claims = Claims()
        claims.root(
            _count(manifest.get("tree_size"), "the size"),
            _digest(manifest.get("root"), "the root"),
            "the manifest",
        )
        for name in receipts:
            _receipt_claims(name, origin, manifest["tree_hash"], claims)
        keys = (
            [Key(_text(manifest.get("signer"), "the first key"))] if manifest.get("signer") else []
        )
        notes = [
            _text(note, "a checkpoint")
            for note in _list(manifest.get("checkpoints"), "the checkpoints")
        ]
        _early_claims(notes, origin, manifest["tree_hash"], claims)
        for name in witnesses:
            seen = _witness_claims(name, origin, manifest["tree_hash"], claims)
            trusted = trusted or seen
        streams, published = _grow(lines_of(archive, "events.txt"), tree, claims, origin, keys)
        say(
            "%d events, every stored byte, make the tree with root %s"
            % (tree.size, tree.root().hex())
        )
        _signatures(notes, keys, trusted, tree.size)
        books = _books(archive)
        calendar_digest = sha256(small(archive, "calendar.txt")).hex()
        _working_days(_object(small(archive, "working-days.json"), "working-days.json"))
    for name in receipts:
        say(f"receipts in {name}: their events stand, unchanged")
    for name in witnesses:
        say(f"witness file {name}: this is the ledger that it saw")
    for event in published:
        _publication(event, streams, books, calendar_digest)


def verify_certificate(path: str, trusted: str | None) -> None:
    """Check a certificate: the signed checkpoint, each event's place under it, the unit's points worked out again."""
    data = _plain(_object(_file(path), path, "lifecycle-certificate/1"))
    key = Key(_text(data.get("key"), "the key"))
    text, _ = opened(_text(data.get("checkpoint"), "the checkpoint"), [key])
    _, size, root, named = checkpoint(text)
    say("the checkpoint at %d events is signed" % size)
    if trusted is not None and Key(trusted).written != key.written:
        raise Failed(f"it is signed by {key.written}, not by the key that you trust")
    if trusted is None:
        print(f"note: compare this key with the one that you noted: {key.written}")
    events = _certified_events(_list(data.get("events"), "the events"), Tree(named), size, root)
    _certified_score(data, events)


def _certified_events(
    entries: Sequence[Record], tree: Tree, size: int, root: bytes
) -> list[Stored]:
    events: list[Stored] = []
    versions: dict[str, int] = {}
    for entry in sorted(entries, key=lambda entry: _count(entry.get("position"), "a position")):
        topic, state = (
            _text(entry.get("topic"), "a topic"),
            _text(entry.get("state"), "a state").encode(),
        )
        event = Stored(
            entry["position"],
            _text(entry.get("stream"), "a stream"),
            _count(entry.get("version"), "a version"),
            topic,
            state,
        )
        path = [_digest(node, "a proof") for node in _list(entry.get("proof"), "a proof")]
        leaf = tree.leaf(event.stream, event.version, topic, state)
        if path_root(tree.hash, leaf, event.position - 1, size, path) != root:
            raise Failed(
                "%s, position %d, is not in the signed tree" % (event.name, event.position)
            )
        versions[event.stream] = versions.get(event.stream, 0) + 1
        if event.version != versions[event.stream] and event.stream != "county":
            raise Failed(
                "version %d of %s is not among the events" % (versions[event.stream], event.stream)
            )
        events.append(event)
    say("%d events are in the signed tree" % len(events))
    return events


def _certified_score(data: Record, events: Sequence[Stored]) -> None:
    """The unit's points, worked out again from its events by the rulebook in the certificate."""
    axes, streams = data["axes"], dict[str, list[Stored]]()
    digest = _text(axes.get("rulebook_digest"), "a digest")
    book = _book(_text(data.get("rulebook"), "the rulebook").encode(), digest)
    for event in events:
        streams.setdefault(event.stream, []).append(event)
    year, position = _count(axes.get("year"), "a year"), _count(axes.get("position"), "a position")
    found = scores(
        streams, book, year, date.fromisoformat(_text(axes.get("as_of"), "a date")), position
    )
    unit = _text(data.get("unit"), "the unit")
    told, worked = (
        data.get("score") or {},
        next((row for row in found if row["unit"] == unit), None),
    )
    if worked is None:
        raise Failed(f"no such unit is registered in these events: {unit}")
    for name in ("total", "modules", "groups", "basis", "sequence", "grade", "outcomes"):
        if name in worked and told.get(name) != worked[name]:
            raise Failed(f"{unit}, {name}: certified {told.get(name)}, worked out {worked[name]}")
    _certified_lines(unit, _list(data.get("lines"), "the lines"), worked["modules"], book.places)
    say(
        "{}: total {} in {}, as of {}, as known at position {}, worked out again from these events".format(
            unit, worked["total"], year, axes["as_of"], position
        )
    )
    _adoption(events, book, digest)
    print(
        "note: the rank {} compares it with other units; a bundle shows it".format(told.get("rank"))
    )


def _certified_lines(
    unit: str, lines: Sequence[Record], modules: dict[str, str], places: int
) -> None:
    """The lines are of the modules and sum to them, within what rounding each of them to so many places may leave."""
    strange = sorted({str(line["module"]) for line in lines} - set(modules))
    if strange:
        raise Failed(f"{unit}: lines of {strange[0]}, which is no module of the score")
    for module, points in modules.items():
        own = [Fraction(line["points"]) for line in lines if line["module"] == module]
        if abs(sum(own) - Fraction(points)) > Fraction(len(own) + 1, 2 * 10**places):
            raise Failed(f"{unit}: the lines of {module} do not sum to it")


def _adoption(events: Sequence[Stored], book: Book, digest: str) -> None:
    """Which rulebook it was, and whether the county adopted it in an event of the tree."""
    title = "the rulebook {} {}".format(book.data["id"], digest[:16])
    adopted = next(
        (
            event
            for event in events
            if event.kind == "RulebookAdopted" and event.fields.get("digest") == digest
        ),
        None,
    )
    if adopted is not None:
        say(f"{title} was adopted by {adopted.name}")
    else:
        print(f"note: no event here adopts {title}; compare its digest with one that you know")


# 2. The events one by one, the tree grown from them, and all that others say of it ----------------------------------


def _grow(
    lines: Iterable[bytes], tree: Tree, claims: Claims, origin: str, keys: list[Key]
) -> tuple[dict[str, list[Stored]], list[Stored]]:
    """Read the events one by one, growing the tree; gives the streams that scores need, and the publications."""
    streams: dict[str, list[Stored]] = {}
    versions: dict[str, int] = {}
    published: list[Stored] = []
    claims.grown(tree, None, "nothing")
    for line in lines:
        event = _event(tree.size + 1, line)
        if tree.size >= LIMITS["events"]:
            raise Failed(
                "there are over %d events; if you trust the file's maker, --large takes more"
                % LIMITS["events"]
            )
        versions[event.stream] = versions.get(event.stream, 0) + 1
        if event.version != versions[event.stream]:
            raise Failed(
                "position %d: %s should be version %d of its stream"
                % (event.position, event.name, versions[event.stream])
            )
        if event.kind in ("ScoresPublished", "BoardPublished"):
            _names_tree(event, tree)
            published.append(event)
        elif event.kind == "SigningKeyChanged":
            _next_key(event, origin, keys)
        leaf = tree.leaf(event.stream, event.version, event.topic, event.state)
        tree.append(leaf)
        if (
            (event.stream != "county" and event.kind not in UNSCORED)
            or event.kind == "TargetSet"
            or (event.stream == "county" and event.kind == "FactCorrected")
        ):
            streams.setdefault(event.stream, []).append(event)
        claims.grown(tree, leaf, event.name)
    claims.end(tree.size)
    return streams, published


def _event(position: int, line: bytes) -> Stored:
    parts = line.split(b"\t", 3)
    if len(parts) != 4 or not parts[1].isdigit() or len(parts[1]) > 18:
        raise Failed("position %d is not an event" % position)
    try:
        return Stored(position, parts[0].decode(), int(parts[1]), parts[2].decode(), parts[3])
    except UnicodeDecodeError:
        raise Failed("position %d is not UTF-8" % position) from None


def _names_tree(event: Stored, tree: Tree) -> None:
    """A publication names the tree that it was added to."""
    fields = event.fields
    if (fields.get("tree_size"), fields.get("root")) != (tree.size, tree.root().hex()):
        raise Failed(f"publication {event.name} names another tree than the one before it")


def _next_key(event: Stored, origin: str, keys: list[Key]) -> None:
    fields = event.fields
    new = Key(_text(fields.get("verifier_key"), "a public key"))
    note = "{}\nfrom here on the signing key is\n{}\n\n{}\n".format(
        origin, new.written, fields.get("endorsement")
    )
    if not fields.get("endorsement"):
        print(
            "note: {}: the signing key was changed, and the key before did not sign for it ({})".format(
                event.name, fields.get("reason")
            )
        )
    else:
        opened(note, keys[-1:])
        new.vouched = True
        say(f"{event.name}: the signing key was changed, and the key before signed for it")
    keys.append(new)


def _signatures(notes: Sequence[str], keys: Sequence[Key], trusted: str | None, size: int) -> None:
    """Every checkpoint is signed by one of the keys; what the trusted key answers for, or one that it signed for, is told."""
    signed = [(checkpoint(text)[1], key) for text, key in (opened(note, keys) for note in notes)]
    say("%d signed checkpoints" % len(signed))
    believed = list(keys) if trusted is None else _vouched_for(keys, Key(trusted))
    sizes = [at for at, key in signed if key in believed]
    if trusted is not None:
        if not sizes:
            raise Failed(
                f"no checkpoint is signed by the key that you trust, {trusted}, nor by one that it signed for"
            )
        say(
            "the key that you trust, or one that it signed for, signed the tree of the first %d events"
            % max(sizes)
        )
    elif keys:
        print(f"note: compare this key with the one that you noted: {keys[0].written}")
    if size > max([*sizes, 0]):
        print(
            "note: the last %d events lie behind the last signed checkpoint"
            % (size - max([*sizes, 0]))
        )


def _vouched_for(keys: Sequence[Key], trusted: Key) -> list[Key]:
    """The trusted key, and those after it up to the first that the key before did not sign for."""
    found: list[Key] = []
    for key in keys:
        if key.written == trusted.written or (found and key.vouched):
            found.append(key)
        elif found:
            break
    return found


class Claims:
    """What is said about the tree at some size, or about a leaf; checked while the tree grows."""

    def __init__(self) -> None:
        self.roots: dict[int, list[tuple[bytes, str]]] = {}
        self.leaves: dict[int, list[tuple[bytes, str]]] = {}
        self.prints: list[tuple[bytes, str]] = []

    def root(self, size: int, root: bytes, source: str) -> None:
        """Somebody's word for a root."""
        self.roots.setdefault(size, []).append((root, source))

    def leaf(self, position: int, leaf: bytes, source: str) -> None:
        """Somebody's word for a leaf."""
        self.leaves.setdefault(position, []).append((leaf, source))

    def grown(self, tree: Tree, leaf: bytes | None, event: str) -> None:
        """Check what was said of the tree as it now is."""
        for prints, source in self.prints:
            told = prints[8 * tree.size - 8 : 8 * tree.size]
            if leaf is not None and leaf[: len(told)] != told:
                raise Failed(
                    "%s says that another event stood at position %d, where now %s stands"
                    % (source, tree.size, event)
                )
        for told, source in self.leaves.pop(tree.size, []):
            if leaf is None or leaf[: len(told)] != told:
                raise Failed(
                    "%s says that another event stood at position %d, where now %s stands"
                    % (source, tree.size, event)
                )
        for told, source in self.roots.pop(tree.size, []):
            if tree.root() != told:
                raise Failed("%s says another root for the first %d events" % (source, tree.size))

    def end(self, size: int) -> None:
        """Nothing may have been said of events that are not there."""
        later = [
            (at, source)
            for claims in (self.roots, self.leaves)
            for at, said in claims.items()
            for _, source in said
        ]
        if later:
            raise Failed(
                "%s says that there were %d events; here are %d"
                % (min(later)[1], min(later)[0], size)
            )


def _working_days(table: Record) -> None:
    """The days that rectification is counted in are those of the digest that supervisions name."""
    moved = [
        ("off", _list(table.get("weekdays_off"), "the days off")),
        ("worked", _list(table.get("weekends_worked"), "the days worked")),
    ]
    lines = ["years {} {}".format(table.get("first_year"), table.get("last_year"))]
    lines += [f"{what} {day}" for what, days in moved for day in sorted(map(str, days))]
    if sha256("\n".join(lines).encode()).hex() != table.get("digest"):
        raise Failed("the working days are not those of their digest")
    say(
        "working days of {} to {}, {}, are those of their digest".format(
            table.get("first_year"), table.get("last_year"), table.get("source")
        )
    )


def _early_claims(notes: Sequence[str], origin: str, tree_hash: str, claims: Claims) -> None:
    for note in notes:
        found, size, root, named = checkpoint(_lines(note)[0])
        if (found, named) != (origin, tree_hash):
            raise Failed(f"a checkpoint is of another ledger, {found}")
        claims.root(size, root, "the checkpoint at %d" % size)


def _receipt_claims(name: str, origin: str, tree_hash: str, claims: Claims) -> None:
    data = _object(_file(name), name, "lifecycle-receipt/1")
    if (data.get("origin"), data.get("tree_hash")) != (origin, tree_hash):
        raise Failed(f"{name} is of another ledger")
    claims.root(_count(data.get("tree_size"), "a size"), _digest(data.get("root"), "a root"), name)
    for entry in _list(data.get("events"), f"the events of {name}"):
        claims.leaf(
            _count(entry.get("position"), "a position"), _digest(entry.get("leaf"), "a leaf"), name
        )


def _witness_claims(name: str, origin: str, tree_hash: str, claims: Claims) -> str | None:
    """What a witness file saw; gives the key that signed its last line."""
    before, kept, key = 0, bytearray(), None
    for number, line in enumerate(_file(name).splitlines(), 1):
        source = "%s:%d" % (name, number)
        data = _object(line, source)
        text, signer = opened(
            _text(data.get("checkpoint"), source), [Key(_text(data.get("key"), source))]
        )
        found, size, root, named = checkpoint(text)
        if (found, named) != (origin, tree_hash):
            raise Failed(f"{source} is of another ledger")
        claims.root(size, root, source)
        prints = _unbase64(_text(data.get("leaves"), source), source)
        if size < before or len(prints) != 8 * (size - before):
            raise Failed(f"{source} is damaged")
        kept += prints
        before, key = size, signer.written
    claims.prints.append((bytes(kept), name))
    return key


# 3. Publications and the rulebooks they name ------------------------------------------------------------------------


def _publication(
    event: Stored, streams: dict[str, list[Stored]], books: dict[str, Book], calendar_digest: str
) -> None:
    fields = event.fields
    title = "publication {} ({} {}, as of {})".format(
        event.name, event.kind, fields.get("year"), fields.get("as_of")
    )
    book = books.get(_text(fields.get("rulebook_digest"), "a digest"))
    if book is None:
        raise Failed("{}: its rulebook {} is not here".format(title, fields.get("rulebook_id")))
    if fields.get("calendar_digest") != calendar_digest:
        raise Failed(f"{title}: its calendar is not the one here")
    day = date.fromisoformat(_text(fields.get("as_of"), "a date"))
    year, position = (
        _count(fields.get("year"), "a year"),
        _count(fields.get("position"), "a position"),
    )
    told = fields.get("result") or {}
    if (told.get("year"), told.get("as_of"), told.get("month")) != (
        fields["year"],
        fields["as_of"],
        fields.get("month"),
    ):
        raise Failed(f"{title}: its result is of other axes")
    if event.kind == "BoardPublished":
        found = board(streams, book, _text(fields.get("month"), "a month"), position)
        if (found["as_of"], day.year) != (day, year):
            raise Failed(f"{title}: it is not of its month's last day")
        units = found["units"]
        for name in ("candidates", "listed", "interviews"):
            if told.get(name) != found[name]:
                raise Failed(
                    f"{title}, {name}: published {told.get(name)}, worked out {found[name]}"
                )
    else:
        units = scores(streams, book, year, day, position)
    _compare(title, _list(told.get("units"), "the published units"), units)
    say(
        "%s: all %d units, worked out again, have the points and ranks published"
        % (title, len(units))
    )


def _compare(title: str, told: Sequence[Record], found: Sequence[Record]) -> None:
    if [row.get("unit") for row in told] != [row["unit"] for row in found]:
        raise Failed(f"{title}: the units, or their order, differ")
    for before, after in zip(told, found):
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                raise Failed(
                    "{}: {}, {}: published {}, worked out {}".format(
                        title, after["unit"], name, before.get(name), after.get(name)
                    )
                )


def _books(archive: zipfile.ZipFile) -> dict[str, Book]:
    """The rulebooks, by the digest of their canonical text."""
    books = {}
    for name in archive.namelist():
        if name.startswith("rulebooks/"):
            books[name[10:-5]] = _book(small(archive, name), name[10:-5])
    return books


def _book(data: bytes, digest: str) -> Book:
    if sha256(data).hex() != digest:
        raise Failed(f"the rulebook {digest[:12]} is not the one of that digest")
    try:
        return Book(_plain(_object(data, "a rulebook")))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Failed(f"the rulebook {digest[:12]} cannot be read: {error!r}") from None


# 4. The tree (RFC 6962, 2.1) ----------------------------------------------------------------------------------------


class Tree:
    """Grows leaf by leaf, keeping the roots of its full subtrees, largest first."""

    def __init__(self, name: str) -> None:
        if name not in HASHES:
            raise Failed(f"the tree's hash {name!r} is unknown")
        self.hash = HASHES[name]
        self.size = 0
        self.roots: list[bytes] = []

    def leaf(self, stream: str, version: int, topic: str, state: bytes) -> bytes:
        """The leaf hash of an event: of 0x00, stream, version and topic each with a line feed, and the stored bytes."""
        return self.hash(b"\x00" + ("%s\n%d\n%s\n" % (stream, version, topic)).encode() + state)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        node, size = leaf, self.size
        while size & 1:
            node = self.hash(b"\x01" + self.roots.pop() + node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root."""
        if not self.roots:
            return self.hash(b"")
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = self.hash(b"\x01" + left + node)
        return node


def path_root(
    hash_: Callable[[bytes], bytes], leaf: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes | None:
    """Where an inclusion proof leads (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    node, at, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            node = hash_(b"\x01" + sibling + node)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = hash_(b"\x01" + node + sibling)
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


def sha256(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """SM3, GB/T 32905-2016."""
    state = [
        0x7380166F,
        0x4914B2B9,
        0x172442D7,
        0xDA8A0600,
        0xA96F30BC,
        0x163138AA,
        0xE38DEE4D,
        0xB0FB0E4E,
    ]
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for at in range(0, len(padded), 64):
        state = [old ^ new for old, new in zip(state, _sm3_block(state, padded[at : at + 64]))]
    return b"".join(word.to_bytes(4, "big") for word in state)


def _sm3_block(state: Sequence[int], block: bytes) -> list[int]:
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _turn(words[j - 3], 15)
        words.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        one = _turn((_turn(a, 12) + e + _turn(constant, j)) & 0xFFFFFFFF, 7)
        two = one ^ _turn(a, 12)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
        left = (ff + d + two + (words[j] ^ words[j + 4])) & 0xFFFFFFFF
        right = (gg + h + one + words[j]) & 0xFFFFFFFF
        a, b, c, d = left, a, _turn(b, 9), c
        e, f, g, h = right ^ _turn(right, 9) ^ _turn(right, 17), e, _turn(f, 19), g
    return [a, b, c, d, e, f, g, h]


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


HASHES: dict[str, Callable[[bytes], bytes]] = {"sha256": sha256, "sm3": sm3}


# 5. Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) -----------------------------------


def opened(note: str, keys: Iterable[Key]) -> tuple[str, Key]:
    """A note's text, once one of the keys is seen to have signed it."""
    text, signatures = _lines(note)
    for name, data in signatures:
        for key in keys:
            if (key.name, key.id) == (name, data[:4]):
                if not signature_holds(key.public, data[4:], text.encode()):
                    raise Failed(f"the signature of {name} on a checkpoint does not hold")
                return text, key
    raise Failed("a checkpoint is signed by none of the known keys")


def _lines(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, blank, below = note.rpartition("\n\n")
    if not blank or not text or not below.endswith("\n") or len(note) > 1 << 20:
        raise Failed("a signed note is not well formed")
    signatures = []
    for line in below[:-1].split("\n"):
        match = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        if match is None:
            raise Failed("a signature line is not well formed")
        signatures.append((match.group(1), _unbase64(match.group(2), "a signature")))
    return text + "\n", signatures


def checkpoint(text: str) -> tuple[str, int, bytes, str]:
    """Origin, size, root, hash."""
    lines = text.split("\n")
    if len(lines) < 4 or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise Failed("a checkpoint is not well formed")
    named = [line[10:] for line in lines[3:] if line.startswith("tree-hash ")]
    return lines[0], int(lines[1]), _unbase64(lines[2], "a root"), named[0] if named else "sha256"


class Key:
    """A public key as written: name+id+base64."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.name, _, rest = self.written.partition("+")
        number, _, key = rest.partition("+")
        data = _unbase64(key, "a public key")
        self.public = data[1:]
        self.vouched = False  # by the key before it
        self.id = sha256(self.name.encode() + b"\n" + data)[:4]
        if not self.name or data[:1] != b"\x01" or len(data) != 33 or self.id.hex() != number:
            raise Failed(f"{written[:120]!r} is not an Ed25519 verifier key")


def _unbase64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Failed(f"{what} is not base64") from None


# 6. Ed25519 (RFC 8032, 5.1; the verification of its section 6, in extended coordinates) -----------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def signature_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is the key's, on the message."""
    if len(public) != 32 or len(signature) != 64 or BASE is None:
        return False
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return _same(_times(s, BASE), _add(r, _times(h, a)))


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else (0, y, 1, 0)
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = _point(_BASE_Y.to_bytes(32, "little"))


# 7. Reading files without trusting them -----------------------------------------------------------------------------

MOST_MEMBERS, MOST_RATIO = 100, 400
LIMITS = {
    "bytes": 160 << 20,
    "events": 400_000,
}  # keeps within half a GiB of memory; --large lifts them
LARGE = {"bytes": 4 << 30, "events": 10_000_000}
SMALL = 8 << 20
LONGEST_LINE = 4 << 20
MEMBERS = re.compile(
    r"manifest\.json|events\.txt|calendar\.txt|working-days\.json|README\.txt|verify_bundle\.py|rulebooks/[0-9a-f]{64}\.json"
)


def open_zip(path: str) -> zipfile.ZipFile:
    """The archive, once its directory is seen to be small; nothing of it is ever written to disk."""
    with open(path, "rb") as file:
        file.seek(0, 2)
        length = file.tell()
        file.seek(max(0, length - 42))
        tail = file.read()
    end = tail[-22:]
    if (
        len(end) < 22
        or end[:4] != b"PK\x05\x06"
        or end[20:] != b"\0\0"
        or tail[:4] == b"PK\x06\x07"
    ):
        raise Failed("the file is not a bundle: no plain zip archive")
    members, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if members > MOST_MEMBERS or directory > 512 * MOST_MEMBERS:
        raise Failed("the archive has too many members")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Failed("the archive is damaged") from None
    names = [info.filename for info in archive.infolist()]
    if len(names) > MOST_MEMBERS or len(set(names)) != len(names):
        raise Failed("the archive has too many members, or two of one name")
    for info in archive.infolist():
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Failed(f"{info.filename[:80]} is packed in an unusual way")
        if not MEMBERS.fullmatch(info.filename):
            raise Failed(f"the archive has a member that does not belong: {info.filename[:80]!r}")
        if info.file_size > LIMITS["bytes"] or info.file_size > MOST_RATIO * max(
            info.compress_size, 64
        ):
            raise Failed(
                f"{info.filename} is too large, or packed too tightly; if you trust its maker, --large takes more"
            )
    return archive


def member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A member, to be read from."""
    try:
        return archive.open(name)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise Failed(f"{name} is missing or damaged") from None


def small(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small member, whole."""
    with member(archive, name) as file:
        data = _read(file, SMALL + 1, name)
    if len(data) > SMALL:
        raise Failed(f"{name} is too large")
    return data


def lines_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member's lines without their ends, each of bounded length."""
    rest = b""
    with member(archive, name) as file:
        while True:
            block = _read(file, 1 << 20, name)
            if not block:
                break
            rest += block
            *whole, rest = rest.split(b"\n")
            yield from whole
            if len(rest) > LONGEST_LINE:
                raise Failed(f"a line of {name} is too long")
    if rest:
        raise Failed(f"{name} does not end with a line feed")


def _read(file: IO[bytes], size: int, name: str) -> bytes:
    try:
        return file.read(size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise Failed(f"{name} is damaged: {error}") from None


def _file(name: str) -> bytes:
    with open(name, "rb") as file:
        if file.seek(0, 2) > 8 * SMALL:
            raise Failed(f"{name} is too large")
        file.seek(0)
        return file.read()


def _object(data: bytes, what: str, form: str | None = None) -> Record:
    value = _json(data, what)
    if not isinstance(value, dict) or (form is not None and value.get("format") != form):
        raise Failed("{} is not what it should be{}".format(what, ", " + form if form else ""))
    return value


def _json(data: bytes, what: str) -> Any:
    try:
        return json.loads(
            data.decode(), parse_float=_no_float, parse_constant=_no_float, parse_int=_short_int
        )
    except (ValueError, RecursionError):
        raise Failed(f"{what} is not sound JSON") from None


def _no_float(text: str) -> Any:
    raise ValueError(text)


def _short_int(text: str) -> int:
    if len(text) > 20:
        raise ValueError(text)
    return int(text)


def _plain(value: Any) -> Any:
    """The value, once nothing in it is a number with an exponent, which could be made to fill the memory."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _plain(each)
    if isinstance(value, str) and re.fullmatch(r"[\s\d_.+-]*[eE][-+]?[\d_]+\s*", value):
        raise Failed(f"{value[:40]!r} is not a plain number")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Failed(f"{what} is not a list")
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise Failed(f"{what} is not text")
    return value


def _count(value: Any, what: str) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise Failed(f"{what} is not a count")
    return value


def _digest(value: Any, what: str) -> bytes:
    if not re.fullmatch("[0-9a-f]{64}", _text(value, what)):
        raise Failed(f"{what} is not 64 hex digits")
    return bytes.fromhex(value)


# 8. Events: stored bytes, what they say, and how they stand corrected at a position ---------------------------------

EVENTS = frozenset(
    [
        "InformationReported",
        "ConsultationHeld",
        "AgreementSigned",
        "LandAcquired",
        "ProjectFiled",
        "StatisticsEntered",
        "InvestmentReported",
        "TaxPaid",
        "ScheduleSet",
        "ProjectTransferred",
        "ProjectTerminated",
        "ViolationFound",
        "ViolationCleared",
        "RecognitionDenied",
        "PerformanceAssessed",
        "ReviewHeld",
        "FactCorrected",
        "TaskAssigned",
        "WarningIssued",
        "SupervisionIssued",
        "TaskCleared",
        "TaskReopened",
        "ExposurePublished",
        "UnitRegistered",
        "ActivityHeld",
        "RoutineAssessed",
        "AwardWon",
        "CadreSeconded",
        "LandingServiceFailed",
        "MajorProjectSupported",
        "UnitListed",
        "IndicatorReported",
        "RulebookAdopted",
        "TargetSet",
        "MeetingHeld",
        "ScoresPublished",
        "BoardPublished",
        "SigningKeyChanged",
    ]
)
# What no score looks at is hashed and not kept.
UNSCORED = frozenset(
    [
        "ReviewHeld",
        "TaskAssigned",
        "WarningIssued",
        "SupervisionIssued",
        "TaskCleared",
        "TaskReopened",
        "ExposurePublished",
    ]
)
VERSIONS = {"ActivityHeld": (1, 2)}
MONTHLY = frozenset(("InvestmentReported", "TaxPaid", "RoutineAssessed", "UnitListed"))


class Stored:
    """One stored event; `fields` are read when asked for."""

    __slots__ = ("kind", "position", "state", "stream", "topic", "version")

    def __init__(self, position: int, stream: str, version: int, topic: str, state: bytes) -> None:
        kind, _, shape = topic.partition("/")
        if kind not in EVENTS or not shape.isdigit() or int(shape) not in VERSIONS.get(kind, (1,)):
            raise Failed(
                "position %d: the event %r is unknown to this verifier" % (position, topic[:80])
            )
        self.position, self.stream, self.version, self.state = (
            position,
            sys.intern(stream),
            version,
            state,
        )
        self.topic, self.kind = sys.intern(topic), sys.intern(kind)

    @property
    def name(self) -> str:
        """stream#version."""
        return "%s#%d" % (self.stream.partition("/")[2] or self.stream, self.version)

    @property
    def fields(self) -> Record:
        """What the bytes say."""
        return _object(self.state, "the event at position %d" % self.position)


class Fact:
    """An effective event: its fields as corrected."""

    __slots__ = ("fields", "kind", "on", "position", "version")

    def __init__(self, stored: Stored, fields: Record) -> None:
        self.kind, self.version, self.position, self.fields = (
            stored.kind,
            stored.version,
            stored.position,
            fields,
        )
        try:
            self.on = _date_of(stored.kind, fields)
        except (KeyError, ValueError, TypeError):
            raise Failed(f"{stored.name} cannot be read") from None

    def number(self, name: str) -> Fraction:
        """An exact number; one that is missing is 0."""
        value = self.fields.get(name, "0")
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(value)):
            raise Failed(f"{value!r} is not a number")
        return Fraction(str(value))

    @property
    def month(self) -> str:
        """The month of a monthly fact."""
        return _text(self.fields.get("month"), "a month")


def effective(stream: Sequence[Stored], position: int) -> list[Fact]:
    """A stream's facts as known at a position: live corrections applied, by (date, version)."""
    known = [stored for stored in stream if stored.position <= position]
    corrections = [
        (stored.version, stored.fields) for stored in known if stored.kind == "FactCorrected"
    ]
    live: list[tuple[int, Record]] = []
    for version, fields in reversed(
        corrections
    ):  # the last is judged first: only a later one can void it; none can replace it
        if not any(later["corrects"] == version for _, later in live):
            live.insert(0, (version, fields))
    facts = []
    for stored in known:
        if stored.kind == "FactCorrected":
            continue
        changes = [
            fields.get("replacement") for _, fields in live if fields["corrects"] == stored.version
        ]
        if any(change is None for change in changes):
            continue
        fields = dict(stored.fields)
        for change in changes:
            fields.update(change or {})
        facts.append(
            Fact(stored, {name: value for name, value in fields.items() if value is not None})
        )
    return sorted(facts, key=lambda fact: (fact.on, fact.version))


def _date_of(kind: str, fields: Record) -> date:
    if kind == "InformationReported":
        return moment(fields["reported_at"]).astimezone(SHANGHAI).date()
    if kind in MONTHLY and "occurred_on" not in fields:
        return last_day(fields["month"])
    return date.fromisoformat(fields["occurred_on"])


def moment(text: str) -> datetime:
    """A point in time; without a zone it is Shanghai's."""
    value = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


def last_day(month: str) -> date:
    """The last day of YYYY-MM."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def period_begins(day: date, period: str) -> date:
    """The first day of the year, quarter or month that a day lies in."""
    months = {"year": 12, "quarter": 3, "month": 1}[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


# 9. Scores: units, what they gather, their ranks --------------------------------------------------------------------


def scores(
    streams: dict[str, list[Stored]], book: Book, year: int, day: date, position: int
) -> list[Record]:
    """Every unit's score at (year, day, position), ranked, as published."""
    return _ranked(_gathered(streams, book, year, day, position), book)


def _gathered(
    streams: dict[str, list[Stored]], book: Book, year: int, day: date, position: int
) -> dict[str, Unit]:
    """Every unit with the points that its projects and its own facts bring."""
    units = _units(streams, book, year, day, position)
    span = Span(book, year, day)
    whole = Year(book, units, span, _targets(streams.get("county", []), year, day, position))
    for stream, events in streams.items():
        if stream.startswith("project/"):
            facts = [fact for fact in effective(events, position) if fact.on <= day]
            if any(fact.kind == "InformationReported" for fact in facts):
                whole.take(Project(stream[8:], facts, book, span, units))
    for unit in units.values():
        whole.take_unit(unit)
    whole.conclude()
    return units


def _targets(
    county: Sequence[Stored], year: int, day: date, position: int
) -> dict[tuple[str, str], Fraction]:
    """The targets set for units and the year by the day; of several the last."""
    found = {}
    for fact in effective(county, position):
        if (
            fact.kind == "TargetSet"
            and fact.on <= day
            and fact.fields["year"] == year
            and fact.fields.get("for_unit")
        ):
            found[fact.fields["for_unit"], fact.fields["indicator"]] = fact.number("amount")
    return found


def _units(
    streams: dict[str, list[Stored]], book: Book, year: int, day: date, position: int
) -> dict[str, Unit]:
    found = []
    for stream, events in streams.items():
        if stream.startswith("unit/"):
            facts = effective(events, position)
            registered = next((fact for fact in facts if fact.kind == "UnitRegistered"), None)
            if registered is not None:
                found.append(
                    Unit(
                        stream[5:],
                        registered,
                        [fact for fact in facts if fact.on <= day],
                        book,
                        year,
                    )
                )
    return {unit.name: unit for unit in sorted(found, key=lambda unit: unit.order)}


def _ranked(units: dict[str, Unit], book: Book) -> list[Record]:
    rows: list[Record] = []
    results = [unit.result(book) for unit in units.values()]
    for sequence in dict.fromkeys(row["sequence"] for _, row in results):
        mine = sorted(
            (pair for pair in results if pair[1]["sequence"] == sequence), key=lambda pair: -pair[0]
        )
        rows += [
            dict(row, rank=1 + sum(1 for other, _ in mine if other > total)) for total, row in mine
        ]
    return rows


class Unit:
    """A registered unit and the points it gathers."""

    def __init__(
        self, name: str, registered: Fact, facts: Sequence[Fact], book: Book, year: int
    ) -> None:
        self.name = name
        self.facts = [fact for fact in facts if fact.on.year == year]
        self.every = facts  # an indicator goes by the period that it is of
        self.listings = [
            fact for fact in facts if fact.kind == "UnitListed"
        ]  # of every year: a run of months may cross one
        self.missed: list[tuple[str, str, Fraction]] = []
        self.order, self.sequence, self.category = (
            registered.position,
            registered.fields["sequence"],
            registered.fields["category"],
        )
        self.points = dict.fromkeys(book.modules, Fraction(0))
        self.basis = dict.fromkeys(BASES, Fraction(0))
        self.shut: bool  # this and the next are known once the year is concluded
        self.outcomes: list[Record]

    def fits(self, where: Record) -> bool:
        """Whether a filter takes the unit, or what is credited to it."""
        if "category" in where and self.category not in where["category"]:
            return False
        return self.sequence in where.get(
            "sequence", [self.sequence]
        ) and self.sequence not in where.get("except_sequence", [])

    def add(self, module: str, basis: str | None, points: Iterable[Fraction]) -> None:
        """Count points in; what only takes others back rests on no basis of its own."""
        for each in points:
            self.points[module] += each
            if basis is not None:
                self.basis[basis] += abs(each)

    def result(self, book: Book) -> tuple[Fraction, Record]:
        """The exact total, and the row as published but for the rank."""
        modules = {
            module["id"]: Fraction(0) if self.shut else _limited(self.points[module["id"]], module)
            for module in book.data["modules"]
        }
        alone, groups, total = dict(modules), {}, Fraction(0)
        for group in book.data.get("groups", []):
            raw = Fraction(sum(alone.pop(name) for name in group["modules"]))
            counted = _limited(raw, group)
            total += counted
            cap = shown(Fraction(group["cap"]), book.places) if "cap" in group else None
            groups[group["id"]] = {
                "raw": shown(raw, book.places),
                "counted": shown(counted, book.places),
                "cap": cap,
            }
        total = _limited(total + sum(alone.values()), book.data.get("total", {}))
        points = {name: shown(value, book.places) for name, value in modules.items()}
        basis = {name: shown(value, book.places) for name, value in self.basis.items()}
        row = {"unit": self.name, "sequence": self.sequence, "total": shown(total, book.places)}
        return total, dict(
            row, modules=points, groups=groups, basis=basis, **self._outcomes(total, book)
        )

    def _outcomes(self, total: Fraction, book: Book) -> Record:
        """The grade, moved along the grades by the outcomes; and these in words; of a rulebook that has any."""
        found: Record = {}
        grades = book.data.get("grades")
        if grades is not None:
            place = next(
                (place for place, grade in enumerate(grades) if within(grade["total"], total)), None
            )
            steps = sum(int(rule.get("steps", 0)) for rule in self.outcomes)
            found["grade"] = (
                None
                if place is None
                else grades[min(max(place - steps, 0), len(grades) - 1)]["chinese"]
            )
        if any(rule["kind"] == "outcome" for rule in book.data["rules"]):
            found["outcomes"] = [
                {"rule": rule["id"], "outcome": rule["outcome"], "clause": rule["clause"]}
                for rule in self.outcomes
            ]
        return found


def board(streams: dict[str, list[Stored]], book: Book, month: str, position: int) -> Record:
    """A month's board: ranks at its last day and a month earlier, who is proposed and why, listings, who is called in."""
    day, year = last_day(month), int(month[:4])
    units = _gathered(streams, book, year, day, position)
    before: dict[str, int] = {}
    if not month.endswith("-01"):
        earlier = day.replace(day=1) - timedelta(days=1)
        before = {
            row["unit"]: row["rank"] for row in scores(streams, book, year, earlier, position)
        }
    ranked = _ranked(units, book)
    rows = [
        dict(
            {name: row[name] for name in ("unit", "sequence", "rank", "total", "modules")},
            rank_before=before.get(row["unit"]),
        )
        for row in ranked
    ]
    rules = book.data.get("boards")
    candidates = (
        [
            candidate
            for row in rows
            for candidate in _candidates(row, rows, units[row["unit"]], rules, book.places)
        ]
        if rules
        else []
    )
    listed = [
        {
            "unit": unit.name,
            "board": fact.fields["board"],
            "reason": fact.fields["reason"],
            "event": "%s#%d" % (unit.name, fact.version),
        }
        for unit in units.values()
        for fact in unit.listings
        if fact.month == month
    ]
    called_in = [
        {"unit": unit.name, "months": run}
        for unit in units.values()
        for run in [_black_run(unit, month)]
        if rules and len(run) >= rules["interview"]["consecutive_months"]
    ]
    return {
        "as_of": day,
        "units": rows,
        "candidates": candidates,
        "listed": listed,
        "interviews": called_in,
    }


def _candidates(
    row: Record, rows: Sequence[Record], unit: Unit, rules: Record, places: int
) -> list[Record]:
    """Red for the first places of a sequence; black for checks missed one after another, and for its last."""
    members = [other for other in rows if other["sequence"] == row["sequence"]]
    lowest = max(other["rank"] for other in members)
    tied = [
        other["unit"]
        for other in members
        if other["rank"] == row["rank"] and other["unit"] != row["unit"]
    ]
    place = {"rank": row["rank"], "of": len(members), "tied_with": tied}
    red = [_reason("first", rules["red"], place)] if row["rank"] <= rules["red"]["places"] else []
    missed = _missed_in_a_row(unit.missed, rules["missed_checks"]["consecutive"])
    checks = [
        {"check": check, "project": project, "points": shown(points, places)}
        for check, project, points in missed
    ]
    black = [_reason("missed_checks", rules["missed_checks"], {"checks": checks})] if checks else []
    if len(members) >= rules["last"]["of_at_least"] and row["rank"] == lowest > 1:
        black.append(_reason("last", rules["last"], place))
    proposed = (("red", red), ("black", black))
    return [
        {"unit": row["unit"], "sequence": row["sequence"], "board": name, "reasons": reasons}
        for name, reasons in proposed
        if reasons
    ]


def _reason(why: str, rule: Record, shows: Record) -> Record:
    return dict(shows, why=why, clause=rule["clause"], basis=rule["basis"])


def _missed_in_a_row(
    missed: Sequence[tuple[str, str, Fraction]], wanted: int
) -> list[tuple[str, str, Fraction]]:
    """The missed checks of quarters that stand in a run of so many."""
    quarters = {int(check[-1]) for check, _, _ in missed}
    runs = [set(range(first, first + wanted)) for first in quarters]
    kept = set().union(*[run for run in runs if run <= quarters])
    return sorted(entry for entry in missed if int(entry[0][-1]) in kept)


def _black_run(unit: Unit, month: str) -> list[str]:
    """The months on the black board without a gap up to this one."""
    black = {fact.month for fact in unit.listings if fact.fields["board"] == "black"}
    run: list[str] = []
    at = last_day(month)
    while at.isoformat()[:7] in black:
        run.insert(0, at.isoformat()[:7])
        at = months_after(at, -1)
    return run


def _limited(value: Fraction, limits: Record) -> Fraction:
    if "floor" in limits:
        value = max(value, Fraction(limits["floor"]))
    return min(value, Fraction(limits["cap"])) if "cap" in limits else value


def shown(value: Fraction, places: int) -> str:
    """Plain decimal, rounded once, half away from zero, no trailing zeros, never -0."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = "%d.%0*d" % (units // 10**places, places, units % 10**places) if places else str(units)
    text = text.rstrip("0").rstrip(".") if places else text
    return "-" + text if value < 0 and units else text


# 10. The rulebook ---------------------------------------------------------------------------------------------------

KIND_FIELDS: dict[str, set[str]] = {
    "per_item": {"points", "points_by", "bands", "limit", "limit_per"},
    "per_amount": {"per", "points"},
    "credit": {"points", "to"},
    "deduct": {"points", "bands", "start", "floor"},
    "escalating": {"bands", "applies_to"},
    "bracket": {"bands", "floor", "cap"},
    "ratio": {"weight", "floor", "cap"},
    "stepped": {"base", "segments", "most", "least"},
    "rank": {"bands", "first", "ties", "above"},
    "minmax": {"span", "base", "out_of", "weight", "when_equal"},
    "relative": {"weight", "when_none"},
}
UPON_FIELDS: dict[str, set[str]] = {
    "composite": {"parts", "weight", "out_of", "cap", "floor", "places"},
    "exclusive": {"rules", "per"},
    "coefficient": {"rules", "combine", "rows"},
    "gate": {"gates", "rule", "any_of"},
    "outcome": {"outcome", "steps", "any_of"},
}
NAMED_FIELDS = {"id", "chinese", "module", "kind", "clause", "basis", "note", "document"}
PLAIN_FIELDS = {"measure", "indicator", "where", "needs", "from_stage", "to_stage"}
COUNTED_FIELDS = PLAIN_FIELDS | {"each", "reaching", "short_of", "beyond", "target", "when_zero"}
CONDITION_FIELDS = COUNTED_FIELDS | {"at_least", "at_most", "above", "below", "in_a_row"}
FILTERS = {
    "sector",
    "kind",
    "traits",
    "chains",
    "site",
    "scale",
    "investment",
    "invested_share",
    "information_years",
    "consulted_in_year",
    "reached",
    "category",
    "sequence",
    "except_sequence",
}
BASES = ("policy", "interpretation", "assumption")
STAGES = ("information", "consultation", "signing", "land", "filing", "statistics", "investment")
NODE_EVENTS = {
    "information": "InformationReported",
    "signing": "AgreementSigned",
    "land": "LandAcquired",
    "filing": "ProjectFiled",
    "statistics": "StatisticsEntered",
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
    "targets",
    "boards",
    "ladder",
    "deadlines",
}


class Book:
    """A rulebook of the kinds of rule that this verifier knows; any other is refused by name."""

    def __init__(self, data: Record) -> None:
        self.data = data
        name = "rulebook {}".format(data.get("id"))
        _only(name, data, TABLES)
        for rule in data["rules"]:
            self._known("{}, rule {}".format(name, rule["id"]), rule)
        for table in data.get("coefficients", []):
            if table["combine"] not in ("highest", "product"):
                raise Failed("{}: coefficients combined by {!r}".format(name, table["combine"]))
        every = data.get("schedule_checks", {}).get("every", "quarter")
        if (
            Fraction(data.get("credit", {}).get("share", 1)) != 1
            or every not in CHECKED
            or data["ranking"]["within"] != "sequence"
        ):
            raise Failed(f"{name}: its credit, checks or ranking are unknown to this verifier")
        self.modules = [module["id"] for module in data["modules"]]
        self.coefficients = {table["id"]: table for table in data.get("coefficients", [])}
        self.by_tax = set(data.get("nodes", {}).get("by_tax", ()))
        self.limits = set(data.get("assessment_period", {}).get("limits", ()))
        self.checked_every = every
        self.places = _count(data["rounding"]["json"], "the places shown")
        if (
            max(
                self.places,
                *(_count(rule.get("places", 0), "the places of a rule") for rule in data["rules"]),
            )
            > 20
            or len(data["rules"]) > 1_000
        ):
            raise Failed(f"{name}: it has too many places, or rules")

    def _known(self, name: str, rule: Record) -> None:
        kind = rule["kind"]
        if kind not in KIND_FIELDS and kind not in UPON_FIELDS:
            raise Failed(f"{name} is of the kind {kind!r}, unknown to this verifier")
        if kind in UPON_FIELDS:
            _only(name, rule, NAMED_FIELDS | UPON_FIELDS[kind])
        else:
            _only(
                name,
                rule,
                NAMED_FIELDS | COUNTED_FIELDS | KIND_FIELDS[kind] | {"coefficient", "places"},
            )
        for _, counted in _counted(rule):
            if counted is not rule:
                _only(
                    name,
                    counted,
                    CONDITION_FIELDS if "any_of" in rule else COUNTED_FIELDS | {"share", "take"},
                )
        for _, plain, _ in _plains([rule]):
            _only(name, {plain["measure"]}, {*OF_PROJECT, *OF_UNIT, "indicator", "days_between"})
            _only(name, plain.get("needs", []), ("recognised", "eligible", "not_excluded"))
            _only(name, plain.get("where", {}), FILTERS)


CHECKED = {"month": (1, "%d-%02d"), "quarter": (3, "%d-Q%d"), "half_year": (6, "%d-H%d")}


def within(band: str, value: Fraction) -> bool:
    """Whether a number lies in an interval such as [10000,50000], (,10000) or (50000,)."""
    match = re.fullmatch(
        r"([\[(])\s*(-?[0-9.]*)\s*,\s*(-?[0-9.]*)\s*([\])])", _text(band, "a band")
    )
    if match is None:
        raise Failed(f"{band!r} is not an interval")
    opens, low, high, closes = match.groups()
    if low and (value < Fraction(low) or (value == Fraction(low) and opens == "(")):
        return False
    return not (high and (value > Fraction(high) or (value == Fraction(high) and closes == ")")))


def _only(what: str, found: Any, allowed: Iterable[str]) -> None:
    strange = sorted(set(found) - set(allowed))
    if strange:
        raise Failed(
            "{}: this verifier does not know {}".format(what, ", ".join(map(repr, strange)))
        )


# 11. A project under the rulebook, at a day -------------------------------------------------------------------------


class Project:
    """A project's facts by the day D, judged for the year."""

    def __init__(
        self, code: str, facts: Sequence[Fact], book: Book, span: Span, units: dict[str, Unit]
    ) -> None:
        self.code, self.facts, self.book, self.covers = code, facts, book, span.covers
        self.year, self.day = span.year, span.day
        self.information = self.all("InformationReported")[0]
        self.fields = self.information.fields
        self.sector = self.fields["sector"]
        signed = self.first("AgreementSigned")
        self.scale = (
            self.information.number("planned_fixed_assets")
            if signed is None
            else signed.number("contract_fixed_assets")
        )
        self.investment = (
            self.information.number("planned_investment")
            if signed is None
            else signed.number("contract_investment")
        )
        self.unit = self._credit(units)
        self.credited = units.get(self.unit)
        self.end = self._period_end(signed)

    def all(self, *kinds: str) -> list[Fact]:
        """Its facts of these kinds, in order."""
        return [fact for fact in self.facts if fact.kind in kinds]

    def first(self, kind: str) -> Fact | None:
        """The first of a kind."""
        return next(iter(self.all(kind)), None)

    def _credit(self, units: dict[str, Unit]) -> str:
        reporter: str = self.fields["reporting_unit"]
        moved = [
            fact.fields["to_unit"]
            for fact in self.all("ProjectTransferred")
            if fact.fields.get("to_unit")
        ]
        category = units[reporter].category if reporter in units else None
        return (
            moved[-1]
            if moved and category in self.book.data.get("credit", {}).get("transferred_from", ())
            else reporter
        )

    def _period_end(self, signed: Fact | None) -> date | None:
        if signed is None or "assessment_period" not in self.book.data:
            return None
        for band in self.book.data["assessment_period"]["bands"]:
            if within(band["scale"], self.scale):
                return months_after(signed.on, int(band["months"]))
        raise Failed(f"no assessment period for the scale {self.scale}")

    def node(self, stage: str) -> Fact | None:
        """The fact by which a node was first reached."""
        if stage == "consultation":
            return next(
                (
                    fact
                    for fact in self.all("ConsultationHeld")
                    if fact.fields["outcome"] == "passed"
                ),
                None,
            )
        if stage == "investment":
            kind, name = (
                ("TaxPaid", "amount")
                if self.sector in self.book.by_tax
                else ("InvestmentReported", "fixed_assets")
            )
            return next((fact for fact in self.all(kind) if fact.number(name) > 0), None)
        return self.first(NODE_EVENTS[stage])

    def reached(self, stage: str, day: date) -> bool:
        """Whether a node was reached by a day."""
        node = self.node(stage)
        return node is not None and node.on <= day

    def earns(self, fact: Fact) -> bool:
        """Whether a node or a figure lies within the assessment period; a figure goes by its month's first day."""
        if self.end is None:
            return True
        return (
            fact.on <= self.end
            if fact.kind not in MONTHLY
            else date.fromisoformat(fact.month + "-01") <= self.end
        )

    def excluded(self) -> bool:
        """考(九)."""
        findings = self.all("ViolationFound", "ViolationCleared")
        holds = {
            "government_funded": bool(self.fields.get("government_funded")),
            "violation": bool(findings) and findings[-1].kind == "ViolationFound",
            "denied": bool(self.all("RecognitionDenied")),
        }
        return any(holds[row["fact"]] for row in self.book.data.get("exclusions", ()))

    def recognised(self) -> bool:
        """Not excluded, and through its consultation."""
        needed = self.book.data.get("recognition", {}).get("needs")
        return not self.excluded() and (needed is None or self.node(needed) is not None)

    def eligible(self) -> bool:
        """Every row of the table that fits must hold, and one must fit."""
        table = self.book.data.get("eligibility", [])
        rows = [row for row in table if self.fits(row["where"])]
        return not table or (
            bool(rows) and all(self._meets(need) for row in rows for need in row["needs"])
        )

    def _meets(self, need: Record) -> bool:
        measure = need["measure"]
        if measure == "meets_city_standard":
            return bool(self.fields.get("meets_city_standard"))
        if measure in ("land_acquired", "statistics_entered"):
            return self.node("land" if measure == "land_acquired" else "statistics") is not None
        amounts = {
            "scale": self.scale,
            "outside_ratio": self.information.number("outside_ratio"),
            "tax_in_year": Fraction(sum(fact.number("amount") for fact in self.of_year("TaxPaid"))),
        }
        if measure not in amounts:
            raise Failed(f"the condition {measure!r} is unknown to this verifier")
        return amounts[measure] >= Fraction(need["at_least"])

    def of_year(self, kind: str) -> list[Fact]:
        """Monthly facts of the year's months."""
        return [fact for fact in self.all(kind) if fact.month[:5] == "%d-" % self.year]

    def fits(self, where: Record) -> bool:
        """Whether a filter takes the project."""
        passed = self.node("consultation")
        have: dict[str, Callable[[Any], bool]] = {
            "sector": lambda allowed: self.sector in allowed,
            "kind": lambda allowed: self.fields["kind"] in allowed,
            "site": lambda allowed: self.fields.get("site", "new_land") in allowed,
            "traits": lambda allowed: (
                not set(allowed).isdisjoint(self.fields.get("investor_traits") or ())
            ),
            "chains": lambda allowed: not set(allowed).isdisjoint(self.fields.get("chains") or ()),
            "scale": lambda band: within(band, self.scale),
            "information_years": lambda years: years[0] <= self.information.on.year <= years[1],
            "consulted_in_year": lambda wanted: (
                wanted is (passed is not None and passed.on.year == self.year)
            ),
            "investment": lambda band: within(band, self.investment),
            "invested_share": lambda band: within(band, self._invested()),
            "reached": lambda asked: self._reached_in(asked["stage"], asked["period"]),
        }
        have.update(
            {name: self._unit_fits(name) for name in ("category", "sequence", "except_sequence")}
        )
        _only("a filter", where, have)
        return all(have[name](value) for name, value in where.items())

    def _unit_fits(self, name: str) -> Callable[[Any], bool]:
        return lambda allowed: self.credited is not None and self.credited.fits({name: allowed})

    def _invested(self) -> Fraction:
        """Fixed assets so far over the total investment; 0 where there is none."""
        invested = Fraction(
            sum(fact.number("fixed_assets") for fact in self.all("InvestmentReported"))
        )
        return invested / self.investment if self.investment else Fraction(0)

    def _reached_in(self, stage: str, period: str) -> bool:
        """Whether a node lies in the year, or in the quarter or month of the day."""
        node = self.node(stage)
        return (
            node is not None
            and node.on.year == self.year
            and node.on >= period_begins(self.day, period)
        )

    def meets(self, plain: Record) -> bool:
        """Whether a rule looks at the project."""
        return self.fits(plain.get("where", {})) and all(self._is(need) for need in plain["needs"])

    def _is(self, state: str) -> bool:
        if state == "not_excluded":
            return not self.excluded()
        return self.recognised() if state == "recognised" else self.eligible()

    def factor(self, table: Record) -> Fraction:
        """The highest factor that applies, or the product of those that do; else 1."""
        found = [
            Fraction(row["factor"])
            for row in table["rows"]
            if any(self.fits(where) for where in row["where"])
        ]
        if table["combine"] == "highest":
            return max(found) if found else Fraction(1)
        product = Fraction(1)
        for factor in found:
            product *= factor
        return product

    def plan(self, day: date) -> dict[str, date]:
        """The milestones in force: each plan replaces the last, but what was due by then keeps its date."""
        plan: dict[str, date] = {}
        for fact in self.all("ScheduleSet"):
            if fact.on <= day:
                kept = {stage: due for stage, due in plan.items() if due <= fact.on}
                plan = {
                    entry["stage"]: date.fromisoformat(entry["due_on"])
                    for entry in fact.fields["milestones"]
                }
                plan.update(kept)
        return plan

    def checks(self) -> list[tuple[str, date, bool]]:
        """The year's schedule checks by the day: which, when, and whether on schedule (考(八)2)."""
        passed = self.node("consultation")
        if passed is None or passed.on.year != self.year:
            return []
        months, name = CHECKED[self.book.checked_every]
        found = []
        for number in range(12 // months):
            begins, ends = (
                date(self.year, months * number + 1, 1),
                last_day("%d-%02d" % (self.year, months * (number + 1))),
            )
            over = any(fact.on <= ends for fact in self.all("ProjectTerminated"))
            if ends > self.day or passed.on > ends or over:
                continue
            due = {stage: day for stage, day in self.plan(ends).items() if day <= ends}
            if any(
                day >= begins or not self.reached(stage, begins - timedelta(days=1))
                for stage, day in due.items()
            ):
                found.append(
                    (
                        name % (self.year, number + 1),
                        ends,
                        all(self.reached(stage, ends) for stage in due),
                    )
                )
        return found


def months_after(day: date, months: int) -> date:
    """The corresponding day, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# 12. Measures: what is counted of a project, and of a unit ------------------------------------------------------------


class Item:
    """Something counted: its label, how much, when (a day, a month, a quarter or a year), the target told with it."""

    __slots__ = ("label", "target", "value", "when")

    def __init__(
        self, label: str, value: Fraction, when: str = "", target: Fraction = Fraction(0)
    ) -> None:
        self.label, self.value, self.when, self.target = label, value, when, target


ONE = Fraction(1)


def _day_item(label: str, fact: Fact, value: Fraction = ONE) -> Item:
    return Item(label, value, fact.month if fact.kind in MONTHLY else fact.on.isoformat())


def _consulted(project: Project) -> list[Item]:
    node = project.node("consultation")
    return [_day_item("consultation", node)] if node is not None and project.covers(node.on) else []


def _nodes(project: Project) -> list[Item]:
    nodes = [(stage, project.node(stage)) for stage in STAGES]
    limited = "nodes_reached" in project.book.limits
    return [
        Item(stage, ONE, node.on.isoformat())
        for stage, node in nodes
        if node is not None and project.covers(node.on) and (not limited or project.earns(node))
    ]


def _funds(project: Project) -> list[Item]:
    row = next((row for row in project.book.data["funds"] if project.sector in row["sector"]), None)
    if row is None or (row.get("needs") and project.node(row["needs"]) is None):
        return []
    if row["source"] == "land_fee":
        land = project.first("LandAcquired")
        facts = [land] if land is not None and project.covers(land.on) else []
        names = ["transfer_fee", "county_state_share"]
    else:
        kinds = {
            "fixed_assets": ("InvestmentReported", "fixed_assets"),
            "tax": ("TaxPaid", "amount"),
            "self_held": ("InvestmentReported", "self_held", "self_held_state_share"),
        }
        if row["source"] not in kinds:
            raise Failed("funds from {!r} are unknown to this verifier".format(row["source"]))
        kind, *names = kinds[row["source"]]
        facts = [fact for fact in project.of_year(kind) if project.covers(last_day(fact.month))]
    counted = [
        fact for fact in facts if "funds_in_place" not in project.book.limits or project.earns(fact)
    ]
    amounts = [
        (fact.number(names[0]) - sum(fact.number(name) for name in names[1:]), fact)
        for fact in counted
    ]
    paid = [(amount, fact) for amount, fact in amounts if amount]
    return (
        [
            Item(
                "funds",
                sum(amount for amount, _ in paid) * Fraction(row["share"]),
                paid[-1][1].on.isoformat()[:7],
            )
        ]
        if paid
        else []
    )


def _unfulfilled(project: Project, or_untaxed: bool) -> list[Item]:
    assessed = [fact for fact in project.all("PerformanceAssessed") if project.covers(fact.on)]
    if not assessed:
        return []
    untaxed = or_untaxed and not any(fact.number("amount") > 0 for fact in project.all("TaxPaid"))
    return (
        [_day_item("unfulfilled", assessed[-1])]
        if untaxed or assessed[-1].fields["result"] == "unfulfilled"
        else []
    )


def _checked(project: Project, wanted: bool) -> list[Item]:
    return [
        Item(name, ONE, ends.isoformat())
        for name, ends, passed in project.checks()
        if passed is wanted and project.covers(ends)
    ]


def _summed(project: Project, kind: str, field: str | None = None) -> list[Item]:
    """Each event of a kind within what is assessed, as one or by a field."""
    facts = [fact for fact in project.all(kind) if project.covers(fact.on)]
    return [_day_item(kind, fact, fact.number(field) if field else ONE) for fact in facts]


def _days(project: Project, plain: Record) -> list[Item]:
    begun, ended = project.node(plain["from_stage"]), project.node(plain["to_stage"])
    if begun is None or ended is None or not project.covers(ended.on):
        return []
    return [Item("days", Fraction((ended.on - begun.on).days), ended.on.isoformat())]


OF_PROJECT: dict[str, Callable[[Project], list[Item]]] = {
    "consultations_passed": _consulted,
    "nodes_reached": _nodes,
    "funds_in_place": _funds,
    "checks_passed": lambda project: _checked(project, wanted=True),
    "checks_missed": lambda project: _checked(project, wanted=False),
    "assessed_unfulfilled": lambda project: _unfulfilled(project, or_untaxed=False),
    "assessed_unfulfilled_or_untaxed": lambda project: _unfulfilled(project, or_untaxed=True),
    "projects_signed": lambda project: _summed(project, "AgreementSigned"),
    "signed_investment": lambda project: _summed(project, "AgreementSigned", "contract_investment"),
    "fixed_assets": lambda project: _summed(project, "InvestmentReported", "fixed_assets"),
    "tax_paid": lambda project: _summed(project, "TaxPaid", "amount"),
}


def measured(plain: Record, project: Project) -> list[Item]:
    """What a measure counts of a project."""
    return (
        _days(project, plain)
        if plain["measure"] == "days_between"
        else OF_PROJECT[plain["measure"]](project)
    )


def _each(
    facts: Sequence[Fact], kind: str, label: str, name: str = "", wanted: Any = None
) -> list[Item]:
    """Each fact of a kind, of those whose field has a value."""
    found = [
        fact
        for fact in facts
        if fact.kind == kind and (not name or fact.fields.get(name) == wanted)
    ]
    return [_day_item(str(fact.fields.get(label, label)), fact) for fact in found]


def _distinct(facts: Sequence[Fact], kind: str, name: str) -> list[Item]:
    """The first fact of a kind for each value of a field."""
    found: dict[str, Item] = {}
    for fact in facts:
        if fact.kind == kind:
            found.setdefault(fact.fields[name], _day_item(fact.fields[name], fact))
    return list(found.values())


OF_UNIT: dict[str, Callable[[Sequence[Fact]], list[Item]]] = {
    "activities_led_by_head": lambda facts: _each(
        facts, "ActivityHeld", "activity", "led_by_head", True
    ),
    "activities_held": lambda facts: _each(facts, "ActivityHeld", "activity"),
    "routine_points": lambda facts: [
        _day_item("routine", fact, fact.number("points"))
        for fact in facts
        if fact.kind == "RoutineAssessed"
    ],
    "awards_won": lambda facts: _each(facts, "AwardWon", "title"),
    "cadres_seconded": lambda facts: _distinct(facts, "CadreSeconded", "person"),
    "major_projects_supported": lambda facts: _distinct(
        facts, "MajorProjectSupported", "about_project"
    ),
    "black_listings": lambda facts: _each(facts, "UnitListed", "board", "board", "black"),
    "red_listings": lambda facts: _each(facts, "UnitListed", "board", "board", "red"),
    "landing_failures": lambda facts: _each(facts, "LandingServiceFailed", "failure"),
}


def measured_unit(plain: Record, unit: Unit, span: Span) -> list[Item]:
    """What a measure counts of a unit's own facts."""
    if plain["measure"] != "indicator":
        return OF_UNIT[plain["measure"]]([fact for fact in unit.facts if span.covers(fact.on)])
    found = []
    for fact in unit.every:
        if (
            fact.kind == "IndicatorReported"
            and fact.fields["indicator"] == plain["indicator"]
            and span.holds(fact.fields["period"])
        ):
            value = fact.number("actual") / int(fact.fields.get("shared_by") or 1)
            found.append(
                Item(plain["indicator"], value, fact.fields["period"], fact.number("target"))
            )
    return found


# 13. The kinds of rule ------------------------------------------------------------------------------------------------


class Got:
    """An item with the project it is of, its coefficient, and its size."""

    __slots__ = ("basis", "factor", "investment", "item", "project", "scale")

    def __init__(
        self, item: Item, project: Project | None = None, table: Record | None = None
    ) -> None:
        self.item, self.project = item, project.code if project is not None else None
        self.scale = project.scale if project is not None else Fraction(0)
        self.investment = project.investment if project is not None else Fraction(0)
        self.factor = project.factor(table) if project is not None and table is not None else ONE
        self.basis = table["basis"] if table is not None else "policy"


class Row:
    """Points of a unit by a rule; `basis` is None where they only take others back."""

    __slots__ = ("basis", "module", "points", "project", "rule", "unit")

    def __init__(
        self,
        unit: str,
        rule: Record,
        points: Fraction,
        basis: str | None,
        project: str | None = None,
        module: str = "",
    ) -> None:
        self.unit, self.rule, self.points, self.basis, self.project = (
            unit,
            rule["id"],
            points,
            basis,
            project,
        )
        self.module = module or rule["module"]


class Span:
    """What is assessed of a year by a day: all of it, or the quarter or month that the day lies in."""

    def __init__(self, book: Book, year: int, day: date) -> None:
        self.year, self.day = year, day
        period = book.data.get("assessed", {}).get("period", "year")
        self.first = period_begins(day, period)
        self.part = period != "year"

    def covers(self, day: date) -> bool:
        """Whether a day lies in it."""
        return day.year == self.year and day >= self.first

    def holds(self, period: str) -> bool:
        """Whether a period of an indicator lies in it."""
        if period[:4] != str(self.year):
            return False
        return not self.part or ("-" in period and self.first <= _first_of(period) <= self.day)

    def periods(self, each: str) -> list[str]:
        """The months or quarters of it that are over."""
        months = {"month": 1, "quarter": 3}[each]
        ends = [last_day("%d-%02d" % (self.year, month)) for month in range(months, 13, months)]
        return [
            _period_of(end.isoformat(), each)
            for end in ends
            if end <= self.day and self.covers(end)
        ]


def _first_of(period: str) -> date:
    """The first day of a month or quarter."""
    year, rest = int(period[:4]), period[5:]
    return date(year, 3 * int(rest[1]) - 2 if rest[0] == "Q" else int(rest), 1)


def _period_of(when: str, each: str) -> str:
    """The month or quarter that something lies in; nothing where it is not told so finely."""
    if each == "month":
        return when[:7] if len(when) >= 7 and "Q" not in when else ""
    if "Q" in when:
        return when
    return "%s-Q%d" % (when[:4], (int(when[5:7]) + 2) // 3) if len(when) >= 7 else ""


def _plains(rules: Sequence[Record]) -> Iterator[tuple[str, Record, Record]]:
    """Everything that the rules count: where, what, and for which rule; also what something is held against."""
    for rule in rules:
        for place, counted in _counted(rule):
            yield place, counted, rule
            for name in ("target", "short_of", "beyond"):
                if "counted" in counted.get(name, {}):
                    yield "%s.%s" % (place, name), counted[name]["counted"], {}


def _counted(rule: Record) -> Iterator[tuple[str, Record]]:
    if "measure" in rule:
        yield rule["id"], rule
    for number, part in enumerate(rule.get("parts", ())):
        yield "%s.parts.%d" % (rule["id"], number), part
    for number, alternative in enumerate(rule.get("any_of", ())):
        for place, condition in enumerate(alternative["all"]):
            yield "%s.any_of.%d.%d" % (rule["id"], number, place), condition


class Year:
    """All that the units have of what the rules count, and the points that come of it."""

    def __init__(
        self,
        book: Book,
        units: dict[str, Unit],
        span: Span,
        targets: dict[tuple[str, str], Fraction],
    ) -> None:
        self.book, self.units, self.span, self.targets = book, units, span, targets
        self.rules: list[Record] = book.data["rules"]
        self.plains = list(_plains(self.rules))
        self.got: dict[tuple[str, str], list[Got]] = {}
        self.rows: list[Row] = []

    def take(self, project: Project) -> None:
        """What a project brings."""
        for place, plain, rule in self.plains:
            if (
                plain["measure"] in OF_UNIT
                or plain["measure"] == "indicator"
                or not project.meets(plain)
            ):
                continue
            unit = (
                project.fields["reporting_unit"]
                if rule.get("to") == "first_reporter"
                else project.unit
            )
            if unit in self.units:
                table = (
                    self.book.coefficients[rule["coefficient"]] if "coefficient" in rule else None
                )
                self.got.setdefault((place, unit), []).extend(
                    Got(item, project, table) for item in measured(plain, project)
                )

    def take_unit(self, unit: Unit) -> None:
        """What a unit has of its own."""
        for place, plain, _ in self.plains:
            if (plain["measure"] in OF_UNIT or plain["measure"] == "indicator") and unit.fits(
                plain.get("where", {})
            ):
                self.got[place, unit.name] = [
                    Got(item) for item in measured_unit(plain, unit, self.span)
                ]

    # What a unit has of one thing counted.

    def items(self, place: str, counted: Record, unit: str) -> list[Got]:
        """As it came, or what is short of something, beyond it, or reached in each period."""
        if not self.units[unit].fits(counted.get("where", {})):
            return []
        got = self.got.get((place, unit), [])
        if counted.get("each") and ("reaching" in counted or "short_of" in counted):
            return [
                Got(Item(period, value, period))
                for period in self.span.periods(counted["each"])
                for value in [_of_period(counted, got, period)]
                if value
            ]
        name = "short_of" if "short_of" in counted else "beyond" if "beyond" in counted else ""
        if not name:
            return got
        more = _sum(got) - self.reference(place, name, counted, unit)
        left = -more if name == "short_of" else more
        return [Got(Item(name, left))] if left > 0 else []

    def reference(self, place: str, name: str, counted: Record, unit: str) -> Fraction:
        """The number that something is held against."""
        what = counted[name]
        if "fixed" in what:
            return Fraction(what["fixed"])
        if what.get("source") == "reported":
            return Fraction(sum(one.item.target for one in self.got.get((place, unit), [])))
        if what.get("source") == "set":
            return self.targets.get((unit, what["indicator"]), Fraction(0))
        return _sum(self.got.get(("%s.%s" % (place, name), unit), []))

    def value(self, place: str, counted: Record, unit: str) -> Fraction:
        """The sum, over the target where there is one."""
        actual = _sum(self.items(place, counted, unit))
        if "target" not in counted:
            return actual
        target = self.reference(place, "target", counted, unit)
        return actual / target if target else Fraction(counted.get("when_zero", 0))

    def holds(self, rule: Record, unit: str) -> bool:
        """Whether one of the alternatives holds."""
        return any(
            all(
                self._condition("%s.any_of.%d.%d" % (rule["id"], number, place), condition, unit)
                for place, condition in enumerate(one["all"])
            )
            for number, one in enumerate(rule["any_of"])
        )

    def _condition(self, place: str, condition: Record, unit: str) -> bool:
        if not self.units[unit].fits(condition.get("where", {})):
            return False
        if "in_a_row" not in condition:
            return _bounded(condition, self.value(place, condition, unit))
        run, longest = 0, 0
        for period in self.span.periods(condition["each"]):
            own = [
                one
                for one in self.got.get((place, unit), [])
                if _period_of(one.item.when, condition["each"]) == period
            ]
            run = run + 1 if _bounded(condition, _sum(own)) else 0
            longest = max(longest, run)
        return longest >= int(condition["in_a_row"])

    # What the rules make of it, in this order.

    def conclude(self) -> None:
        """Points of each rule; then what excludes, multiplies and stops them; then the units' modules."""
        for rule in self.rules:
            if rule["kind"] in SEQUENCE:
                self._sequence(rule)
            elif rule["kind"] not in UPON:
                for name in self._looked_at(rule):
                    self._unit(rule, name)
        self._projects_highest()
        given = self._sums()
        left = dict(given)
        for rule in self._of_kind("coefficient"):
            for unit in self.units.values():
                self._multiply(rule, unit, given, left)
        self._exclude(left)
        self._shut_rules(left)
        self._shut_modules()
        for row in self.rows:
            self.units[row.unit].add(row.module, row.basis, [row.points])
        for unit in self.units.values():
            unit.shut = any(
                not self.holds(rule, unit.name)
                for rule in self._of_kind("gate")
                if rule["gates"] == "total"
            )
            unit.outcomes = [
                rule for rule in self._of_kind("outcome") if self.holds(rule, unit.name)
            ]

    def _looked_at(self, rule: Record) -> list[str]:
        return [unit.name for unit in self.units.values() if unit.fits(rule.get("where", {}))]

    def _multiply(
        self,
        rule: Record,
        unit: Unit,
        given: dict[tuple[str, str], Fraction],
        left: dict[tuple[str, str], Fraction],
    ) -> None:
        """A unit's factor upon what each rule named gave it."""
        for name in rule["rules"]:
            other, more = (
                self._rule(name),
                given.get((unit.name, name), Fraction(0)) * (_unit_factor(rule, unit) - 1),
            )
            left[unit.name, name] = left.get((unit.name, name), Fraction(0)) + more
            self.rows.append(
                Row(
                    unit.name,
                    rule,
                    more,
                    max(rule["basis"], other["basis"], key=BASES.index),
                    module=other["module"],
                )
            )

    def _of_kind(self, kind: str) -> list[Record]:
        return [rule for rule in self.rules if rule["kind"] == kind]

    def _rule(self, name: str) -> Record:
        return next(rule for rule in self.rules if rule["id"] == name)

    def _sums(self) -> dict[tuple[str, str], Fraction]:
        sums: dict[tuple[str, str], Fraction] = {}
        for row in self.rows:
            sums[row.unit, row.rule] = sums.get((row.unit, row.rule), Fraction(0)) + row.points
        return sums

    def _unit(self, rule: Record, unit: str) -> None:
        if rule["kind"] in ITEMWISE:
            for points, one in itemwise(rule, self.items(rule["id"], rule, unit)):
                basis = (
                    max(rule["basis"], one.basis, key=BASES.index)
                    if one is not None
                    else rule["basis"]
                )
                self.rows.append(
                    Row(unit, rule, points, basis, one.project if one is not None else None)
                )
                if (
                    rule["measure"] == "checks_missed"
                    and one is not None
                    and one.project
                    and points < 0
                ):
                    self.units[unit].missed.append((one.item.label, one.project, points))
            return
        if rule["kind"] == "composite":
            points = self._composite(rule, unit)
        else:
            points = VALUED[rule["kind"]](rule, self.value(rule["id"], rule, unit))
        self.rows.append(Row(unit, rule, _placed(rule, points), rule["basis"]))

    def _composite(self, rule: Record, unit: str) -> Fraction:
        total = Fraction(0)
        for number, part in enumerate(rule["parts"]):
            place = "%s.parts.%d" % (rule["id"], number)
            value, count = self.value(place, part, unit), len(self.items(place, part, unit))
            total += Fraction(part["share"]) * (
                value / count if part["take"] == "mean" and count else value
            )
        return _limited(total / Fraction(rule["out_of"]) * Fraction(rule["weight"]), rule)

    def _sequence(self, rule: Record) -> None:
        sequences: dict[str, dict[str, Fraction]] = {}
        for unit in self.units.values():
            if unit.fits(rule.get("where", {})):
                sequences.setdefault(unit.sequence, {})[unit.name] = self.value(
                    rule["id"], rule, unit.name
                )
        for values in sequences.values():
            for name in values:
                self.rows.append(
                    Row(
                        name,
                        rule,
                        _placed(rule, SEQUENCE[rule["kind"]](rule, name, values)),
                        rule["basis"],
                    )
                )

    def _projects_highest(self) -> None:
        """Of rules that exclude each other per project, its highest alone."""
        for rule in self._of_kind("exclusive"):
            if rule["per"] != "project":
                continue
            sums: dict[str, dict[str, Fraction]] = {}
            for row in self.rows:
                if row.project is not None and row.rule in rule["rules"]:
                    own = sums.setdefault(row.project, dict.fromkeys(rule["rules"], Fraction(0)))
                    own[row.rule] += row.points
            for row in self.rows:
                if (
                    row.project in sums
                    and row.rule in rule["rules"]
                    and row.rule != _first_highest(sums[row.project])
                ):
                    row.points = Fraction(0)

    def _exclude(self, left: dict[tuple[str, str], Fraction]) -> None:
        """Of rules that exclude each other per unit, its highest alone."""
        for rule in self._of_kind("exclusive"):
            for unit in self.units if rule["per"] == "unit" else ():
                best = _first_highest(
                    {other: left.get((unit, other), Fraction(0)) for other in rule["rules"]}
                )
                for other in rule["rules"]:
                    if other != best:
                        self._take_back(rule, unit, other, left)

    def _shut_rules(self, left: dict[tuple[str, str], Fraction]) -> None:
        for rule in self._of_kind("gate"):
            for unit in self.units if rule["gates"] == "rule" else ():
                if not self.holds(rule, unit):
                    self._take_back(rule, unit, rule["rule"], left)

    def _shut_modules(self) -> None:
        for rule in self._of_kind("gate"):
            for unit in self.units if rule["gates"] == "module" else ():
                if not self.holds(rule, unit):
                    raw = Fraction(
                        sum(
                            row.points
                            for row in self.rows
                            if (row.unit, row.module) == (unit, rule["module"])
                        )
                    )
                    self.rows.append(Row(unit, rule, -raw, None))

    def _take_back(
        self, rule: Record, unit: str, other: str, left: dict[tuple[str, str], Fraction]
    ) -> None:
        self.rows.append(
            Row(
                unit,
                rule,
                -left.get((unit, other), Fraction(0)),
                None,
                module=self._rule(other)["module"],
            )
        )
        left[unit, other] = Fraction(0)


def _sum(got: Iterable[Got]) -> Fraction:
    return Fraction(sum(one.item.value for one in got))


def _of_period(counted: Record, got: Sequence[Got], period: str) -> Fraction:
    actual = _sum(one for one in got if _period_of(one.item.when, counted["each"]) == period)
    if "reaching" in counted:
        return Fraction(actual >= Fraction(counted["reaching"]))
    return max(Fraction(0), Fraction(counted["short_of"]["fixed"]) - actual)


def _bounded(condition: Record, value: Fraction) -> bool:
    tests: dict[str, Callable[[Fraction], bool]] = {
        "at_least": lambda bound: value >= bound,
        "at_most": lambda bound: value <= bound,
        "above": lambda bound: value > bound,
        "below": lambda bound: value < bound,
    }
    return all(test(Fraction(condition[name])) for name, test in tests.items() if name in condition)


def _first_highest(given: dict[str, Fraction]) -> str:
    return max(given, key=lambda name: given[name])


def _unit_factor(rule: Record, unit: Unit) -> Fraction:
    found = [
        Fraction(row["factor"])
        for row in rule["rows"]
        if any(unit.fits(where) for where in row["where"])
    ]
    if rule["combine"] == "highest":
        return max(found) if found else ONE
    product = ONE
    for factor in found:
        product *= factor
    return product


def _placed(rule: Record, points: Fraction) -> Fraction:
    """Rounded to the rule's places, half away from zero."""
    return Fraction(shown(points, int(rule["places"]))) if "places" in rule else points


def _banded(bands: Sequence[Record], name: str, value: Fraction) -> Fraction | None:
    return next((Fraction(band["points"]) for band in bands if within(band[name], value)), None)


def _base(rule: Record, one: Got) -> Fraction | None:
    """The points of one thing counted."""
    if "points_by" in rule:
        return (
            Fraction(rule["points_by"][one.item.label])
            if one.item.label in rule["points_by"]
            else None
        )
    if "bands" not in rule:
        return Fraction(rule["points"])
    for band in rule["bands"]:
        name = "scale" if "scale" in band else "investment"
        if within(band[name], one.scale if name == "scale" else one.investment):
            return Fraction(band["points"])
    return None


def itemwise(rule: Record, got: Sequence[Got]) -> list[tuple[Fraction, Got | None]]:
    """The points of each thing counted, within limits; None for a full start."""
    if rule["kind"] == "escalating":
        found = list(_escalating(rule, got))
    elif rule["kind"] == "per_amount":
        found = [
            (one.item.value / Fraction(rule["per"]) * Fraction(rule["points"]) * one.factor, one)
            for one in got
        ]
    else:
        found = [
            (base * one.item.value * one.factor, one)
            for one in got
            for base in [_base(rule, one)]
            if base is not None
        ]
    return _within_limits(rule, [(_placed(rule, points), one) for points, one in found])


def _escalating(rule: Record, got: Sequence[Got]) -> Iterator[tuple[Fraction, Got]]:
    """All by the count, or the further ones each by its own place."""
    count, place = _sum(got), Fraction(0)
    for one in got:
        begins, place = place, place + one.item.value
        if rule["applies_to"] == "all":
            points = (_banded(rule["bands"], "count", count) or Fraction(0)) * one.item.value
        else:
            points = _stretch(rule["bands"], begins, place)
        yield points * one.factor, one


def _stretch(bands: Sequence[Record], begins: Fraction, ends: Fraction) -> Fraction:
    """The points between two places, where the first occurrence reaches from 0 to 1."""
    points = Fraction(0)
    for band in bands:
        low, high = band["count"].strip()[1:-1].split(",")
        first = 1
        if low.strip():
            first = max(1, -(-Fraction(low.strip()) // 1))
            first += 0 if within(band["count"], Fraction(first)) else 1
        last = ends
        if high.strip():
            final = Fraction(high.strip()) // 1
            last = min(
                ends, Fraction(final if within(band["count"], Fraction(final)) else final - 1)
            )
        points += max(Fraction(0), last - max(begins, Fraction(first - 1))) * Fraction(
            band["points"]
        )
    return points


def _within_limits(
    rule: Record, found: list[tuple[Fraction, Got]]
) -> list[tuple[Fraction, Got | None]]:
    result: list[tuple[Fraction, Got | None]] = []
    if "limit" in rule:
        left: dict[str, Fraction] = {}
        for points, one in found:
            each = rule.get("limit_per", "year")
            period = "" if each == "year" else _period_of(one.item.when, each)
            now = left.get(period, Fraction(rule["limit"]))
            result.append((min(points, now), one))
            left[period] = now - min(points, now)
        return result
    now = Fraction(rule.get("start", 0))
    if "start" in rule:
        result.append((now, None))
    for points, one in found:
        after = max(now + points, Fraction(rule["floor"])) if "floor" in rule else now + points
        result.append((after - now, one))
        now = after
    return result


def _bracket(rule: Record, value: Fraction) -> Fraction:
    band = next((band for band in rule["bands"] if within(band["value"], value)), None)
    return (
        _limited(Fraction(band["points"]) + Fraction(band.get("slope", 0)) * value, rule)
        if band is not None
        else Fraction(0)
    )


def _stepped(rule: Record, value: Fraction) -> Fraction:
    """From 100 % along the segments to the completion, at most so far either way."""
    percent, moved = value * 100, Fraction(0)
    for segment in rule["segments"]:
        begins, ends = segment["percent"].strip()[1:-1].split(",")
        low = max(
            [min(percent, Fraction(100))] + ([Fraction(begins.strip())] if begins.strip() else [])
        )
        high = min(
            [max(percent, Fraction(100))] + ([Fraction(ends.strip())] if ends.strip() else [])
        )
        moved += max(Fraction(0), high - low) * Fraction(segment["step"])
    moved = moved if percent > 100 else -moved
    moved = max(moved, Fraction(rule["least"])) if "least" in rule else moved
    return Fraction(rule["base"]) + (
        min(moved, Fraction(rule["most"])) if "most" in rule else moved
    )


def _rank(rule: Record, name: str, values: dict[str, Fraction]) -> Fraction:
    placed = {
        unit: value
        for unit, value in values.items()
        if "above" not in rule or value > Fraction(rule["above"])
    }
    if name not in placed:
        return Fraction(0)
    ahead = [
        value
        for value in placed.values()
        if (value > placed[name] if rule["first"] == "greatest" else value < placed[name])
    ]
    first, alike = len(ahead) + 1, sum(1 for value in placed.values() if value == placed[name])
    places = range(first, first + (1 if rule["ties"] == "share" else alike))
    return Fraction(
        sum(_banded(rule["bands"], "place", Fraction(place)) or 0 for place in places)
    ) / len(places)


def _minmax(rule: Record, name: str, values: dict[str, Fraction]) -> Fraction:
    least, greatest = min(values.values()), max(values.values())
    if least == greatest:
        mark = Fraction(rule["when_equal"])
    else:
        mark = (values[name] - least) / (greatest - least) * Fraction(rule["span"]) + Fraction(
            rule["base"]
        )
    return mark / Fraction(rule["out_of"]) * Fraction(rule["weight"])


def _relative(rule: Record, name: str, values: dict[str, Fraction]) -> Fraction:
    greatest = max(values.values())
    return (
        values[name] / greatest * Fraction(rule["weight"])
        if greatest
        else Fraction(rule["when_none"])
    )


ITEMWISE = ("per_item", "per_amount", "credit", "deduct", "escalating")
UPON = ("exclusive", "coefficient", "gate", "outcome")
VALUED: dict[str, Callable[[Record, Fraction], Fraction]] = {
    "bracket": _bracket,
    "ratio": lambda rule, value: _limited(value * Fraction(rule["weight"]), rule),
    "stepped": _stepped,
}
SEQUENCE: dict[str, Callable[[Record, str, dict[str, Fraction]], Fraction]] = {
    "rank": _rank,
    "minmax": _minmax,
    "relative": _relative,
}


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
