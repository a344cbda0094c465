"""What leaves the house: a unit's certificate, and the bundle of everything; both are checked without us."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Final

import orjson

from lifecycle import calendar
from lifecycle.events import COUNTY, FactCorrected, Stream
from lifecycle.events.county_events import RulebookAdopted, TargetSet
from lifecycle.ledger import checkpoints
from lifecycle.ledger.recorders.ledger_recorder import MAX_POSITION, StoredRow, stored_bytes
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.rejections import Rejected, StoreError, msg
from lifecycle.rulebook import LoadedRulebook, canonical
from lifecycle.rulebook.reads import needs_whole_year, target_indicators
from projections.audit.publications import EVALUATOR, publication_records, publication_rulebook
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View, evaluate, units_at
from projections.scoring.explanation import explain_unit
from projections.scoring.score_json import line_json, unit_json

CERTIFICATE: Final = "lifecycle-certificate/1"
BUNDLE: Final = "lifecycle-bundle/1"
_README: Final = """开化县招商引资台账核验包 / a bundle of the investment-attraction ledger

python3 verify_bundle.py THIS.zip [--receipt FILE]… [--witness FILE]… [--key KEY]

Take verify_bundle.py from a place that you trust, not from this archive, if you can: whoever made the archive
could have changed it. It needs Python 3.9 or newer, and nothing else.

events.txt    one event a line, in the order of recording: stream TAB version TAB topic TAB the bytes as stored
manifest.json the size and root of the tree over these lines, the signed checkpoints, the first public key
rulebooks/    the canonical text of each rulebook, under its SHA-256
calendar.txt  what scores take from the calendar
working-days.json  the working days that rectification is counted in: where they are from, the days moved, their SHA-256
"""


# The certificate ------------------------------------------------------------------------------------------------------


def certificate(ledger: Ledger, view: View, name: str, note: Note) -> dict[str, Any]:
    """A unit's score with all that it rests on, each event proved to be under the signed checkpoint. Raises `Rejected`."""
    found = explain_unit(ledger, view, name)
    if found is None:
        raise Rejected.by(
            "unknown_unit",
            msg("no unit {unit} is registered; there are {allowed}"),
            unit=name,
            allowed=[*units_at(ledger, view.position)],
        )
    places = view.rulebook.rulebook.rounding.json_places
    score = next(score for score in evaluate(ledger, view).scores if score.unit == name)
    return {
        "format": CERTIFICATE,
        "unit": name,
        "axes": _axes(view),
        "score": unit_json(score, view.rulebook.rulebook),
        "lines": [line_json(line, places) for line in found.lines],
        "events": _proved(ledger, view, name, Checkpoint.parse(note.text).size),
        "rulebook": canonical(view.rulebook.rulebook).decode(),
        "key": str(checkpoints.signers(ledger)[-1].key),
        "checkpoint": str(note),
    }


def _axes(view: View) -> dict[str, Any]:
    return {
        "year": view.year,
        "as_of": view.as_of.isoformat(),
        "position": view.position,
        "rulebook_id": view.rulebook.id,
        "rulebook_digest": view.rulebook.digest,
        "calendar_digest": calendar.calendar_digest(),
        "evaluator": EVALUATOR,
    }


def _streams_behind(ledger: Ledger, view: View, name: str) -> list[str]:
    """The unit's own stream, those of the projects that earn or cost it points, and of the units that reported these.

    Under a rulebook that looks at the whole, that of every unit and project: each may move the unit's points.
    """
    if needs_whole_year(view.rulebook.rulebook):
        with ledger.rows_of_kind("project", view.position) as rows:
            return [Stream("unit", unit).id for unit in units_at(ledger, view.position)] + list(
                dict.fromkeys(row[1] for row in rows)
            )
    projects: dict[str, None] = {}
    evaluate(
        ledger,
        view,
        keep=lambda line: bool(
            line.unit == name and line.project and projects.setdefault(line.project)
        ),
    )
    streams = [Stream("project", code) for code in projects]
    reporters = {
        item.event.reporting_unit
        for stream in streams
        for item in ledger.history(stream, view.position)
        if item.version == 1 and hasattr(item.event, "reporting_unit")
    }
    return [Stream("unit", unit).id for unit in sorted({name, *reporters})] + [
        stream.id for stream in streams
    ]


def _adoption(ledger: Ledger, view: View) -> int | None:
    """Where the view's rulebook was adopted, last, as far as the view knows."""
    adopted = [
        item.position
        for item in ledger.history(COUNTY, view.position)
        if isinstance(item.event, RulebookAdopted) and item.event.digest == view.rulebook.digest
    ]
    return adopted[-1] if adopted else None


def _targets(ledger: Ledger, view: View) -> list[int]:
    """Where targets were set and corrected, for a rulebook that holds units against them."""
    if not target_indicators(view.rulebook.rulebook):
        return []
    return [
        item.position
        for item in ledger.history(COUNTY, view.position)
        if isinstance(item.event, (TargetSet, FactCorrected))
    ]


def _proved(ledger: Ledger, view: View, name: str, size: int) -> list[dict[str, Any]]:
    """The events behind a unit's score and the rulebook's adoption, each with its proof in the tree of a size."""
    with ledger.rows_of_streams(_streams_behind(ledger, view, name), size) as rows:
        entries = list(rows)
    adoption = _adoption(ledger, view)
    with ledger.recorder.cursor(write=False) as cursor:
        for position in sorted(
            {*([] if adoption is None else [adoption]), *_targets(ledger, view)}
        ):
            entries += ledger.recorder.between(cursor, position, position)
        tree = StoredTree(ledger.recorder, cursor)
        return [
            {
                "position": position,
                "stream": stream,
                "version": version,
                "topic": topic,
                "state": stored_bytes(row).decode(),
                "proof": [node.hex() for node in tree.inclusion_proof(position, size)],
            }
            for row in sorted(entries)
            for position, stream, version, topic, _state in [row]
        ]


# The bundle -----------------------------------------------------------------------------------------------------------


def verifier() -> bytes:
    """The standalone verifier, as shipped."""
    return (files("projections") / "audit" / "verifier" / "verify_bundle.py").read_bytes()


def write_bundle(ledger: Ledger, path: Path) -> int:
    """Everything that an auditor needs, in one archive; gives the count of events."""
    size = ledger.head().position
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "manifest.json", orjson.dumps(_manifest(ledger, size), option=orjson.OPT_INDENT_2)
        )
        with archive.open("events.txt", "w", force_zip64=False) as file:
            _write_events(ledger, file, size)
        for book in _books(ledger):
            archive.writestr(f"rulebooks/{book.digest}.json", canonical(book.rulebook))
        archive.writestr("calendar.txt", calendar.RULES)
        archive.writestr("working-days.json", calendar.working_day_table())
        archive.writestr("README.txt", _README)
        archive.writestr("verify_bundle.py", verifier())
    return size


def _manifest(ledger: Ledger, size: int) -> dict[str, Any]:
    head = ledger.head()
    with ledger.recorder.cursor(write=False) as cursor:
        root = StoredTree(ledger.recorder, cursor).root(size)
    notes = [
        str(note)
        for note in checkpoints.stored_checkpoints(ledger)
        if Checkpoint.parse(note.text).size <= size
    ]
    return {
        "format": BUNDLE,
        "origin": head.origin,
        "tree_hash": head.tree_hash,
        "tree_size": size,
        "root": root.hex(),
        "signer": head.signer,
        "checkpoints": notes,
    }


def _write_events(ledger: Ledger, file: IO[bytes], size: int) -> None:
    with ledger.recorder.cursor(write=False) as cursor:
        for line in _event_lines(ledger.recorder.between(cursor, -MAX_POSITION, size)):
            file.write(line)


def _event_lines(rows: Iterable[StoredRow]) -> Iterator[bytes]:
    for row in rows:
        position, stream, version, topic, _state = row
        line = f"{stream}\t{version}\t{topic}\t".encode() + stored_bytes(row)
        if b"\n" in line or f"{stream}{topic}".count("\t"):
            raise StoreError(
                msg(
                    "the event at position {position} does not fit on a line: it was changed by another hand"
                ),
                position=position,
            )
        yield line + b"\n"


def _books(ledger: Ledger) -> list[LoadedRulebook]:
    """Every rulebook adopted, and every one that a publication names."""
    books = in_force.adopted(ledger, MAX_POSITION)
    books += [
        book
        for one in publication_records(ledger)
        if (book := publication_rulebook(ledger, one.event)) is not None
    ]
    return list({book.digest: book for book in books}.values())
