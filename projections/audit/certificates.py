"""The certificate: a unit's score with all it rests on, verified without this program (spec 4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from lifecycle import calendar
from lifecycle.deciding.claims import UNIT_FIELDS
from lifecycle.deciding.corrections import effective
from lifecycle.events import COUNTY, Event, FactCorrected, Stream
from lifecycle.events.county_events import RulebookAdopted, TargetSet, WorkingDaysArranged
from lifecycle.events.unit_events import MajorProjectSupported
from lifecycle.ledger import checkpoints
from lifecycle.ledger.recorders.stored_rows import StoredRow, stored_bytes
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.signed_notes import Note
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import canonical
from lifecycle.rulebook.reads import counts_working_days, needs_whole_year, target_indicators
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.audit.evaluators import EVALUATOR
from projections.facts.moved_projects import codes_passed
from projections.scoring.explanation import Explanation, explain_unit
from projections.scoring.result_view import View
from projections.scoring.score_json import line_json, unit_json
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore
from projections.scoring.units_of_view import project_rows, registered_units, units_at
from projections.views.json_rows import json_rows

CERTIFICATE_FORMAT: Final = "lifecycle-certificate/2"
_NOT_SHOWN: Final = ("rank", "completeness")
"""What a certificate cannot show: both depend on events that it does not include."""


@dataclass(frozen=True, slots=True)
class ProvedEvent:
    """A stored event with its inclusion proof in the tree that the checkpoint signs."""

    row: StoredRow
    proof: list[bytes]

    def as_json(self) -> dict[str, Any]:
        """One row of `events`: the bytes as stored, hashes in hex."""
        position, stream, version, topic, _state = self.row
        return {
            "position": position,
            "stream": stream,
            "version": version,
            "topic": topic,
            "state": stored_bytes(self.row).decode(),
            "proof": [node.hex() for node in self.proof],
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """A unit's score and lines, the events they rest on, and the signed checkpoint over these."""

    view: View
    score: UnitScore
    lines: list[ScoreLine]
    events: list[ProvedEvent]
    key: str
    checkpoint: Note

    def as_json(self) -> dict[str, Any]:
        """The certificate's file."""
        book = self.view.rulebook.rulebook
        places = book.rounding.json_places
        return {
            "format": CERTIFICATE_FORMAT,
            "unit": self.score.unit,
            "axes": _axes_json(self.view),
            "score": _score_json(self.score, book),
            "lines": [line_json(line, places) for line in self.lines],
            "events": json_rows(self.events),
            "not_shown": list(_NOT_SHOWN),
            "rulebook": canonical(book).decode(),
            "key": self.key,
            "checkpoint": str(self.checkpoint),
        }


def _score_json(score: UnitScore, book: Rulebook) -> dict[str, Any]:
    """The score without its rank, which other units' events decide."""
    row = unit_json(score, book)
    del row["rank"]
    return row


def _axes_json(view: View) -> dict[str, Any]:
    return {
        "year": view.year,
        "as_of": view.as_of.isoformat(),
        "position": view.position,
        "rulebook_id": view.rulebook.id,
        "rulebook_digest": view.rulebook.digest,
        "calendar_digest": calendar.calendar_digest(),
        "evaluator": EVALUATOR,
    }


def unit_certificate(
    ledger: Ledger,
    view: View,
    unit: str,
    note: Note,
) -> Certificate:
    """Certify a unit's score, each event behind it proved against the signed checkpoint `note`.

    Raises `Rejected` where no such unit is registered.
    """
    explanation = explain_unit(ledger, view, unit)
    if explanation is None or explanation.score is None:
        raise Rejected.by(
            "unknown_unit",
            msg("there is no unit {unit} on {day}; units of that day: {allowed}"),
            day=view.as_of,
            unit=unit,
            allowed=[*units_at(ledger, view)],
        )
    streams = _streams_behind(ledger, view, explanation)
    checkpoint, signer = checkpoints.open_checkpoint(note, checkpoints.signers(ledger))
    return Certificate(
        view=view,
        score=explanation.score,
        lines=explanation.lines,
        events=_proved_events(
            ledger,
            view,
            streams,
            checkpoint.size,
            with_targets=_is_only_named(explanation),
        ),
        key=str(signer.key),
        checkpoint=note,
    )


# The events behind a score ------------------------------------------------------------------------


def _streams_behind(
    ledger: Ledger,
    view: View,
    explanation: Explanation,
) -> list[str]:
    """Name the streams that a unit's score rests on.

    Its own, those of the units whose points are its own now, and those of the projects in its
    lines. The units that these projects name belong to them too, because credit depends on their
    registration, and the units that took their places. Under a rulebook that compares units, every
    unit and project may move the score, so all streams are named.
    """
    unit, units = explanation.subject, explanation.units
    # Then a neighbour's event may move the unit's rank or its share; or the unit is there by an
    # event of another stream alone.
    if needs_whole_year(view.rulebook.rulebook) or _is_only_named(explanation):
        return _all_streams(ledger, view)
    projects = dict.fromkeys(line.project for line in explanation.lines if line.project)
    streams = [Stream("project", code) for code in projects]
    names = {name for name in units.standings if units.holder_of(name) == unit}
    for name in names:
        streams += _moved_streams(ledger, view, name)
    for stream in streams:
        for named in _units_named(ledger, view, stream):
            names.update(units.succession(named))
    unit_streams = [Stream("unit", name) for name in sorted(names)]
    return [*dict.fromkeys(stream.id for stream in [*unit_streams, *streams])]


def _moved_streams(
    ledger: Ledger,
    view: View,
    unit: str,
) -> list[Stream]:
    """Return the projects that the unit's facts name by a code that they had before they moved."""
    rows_of = partial(project_rows, ledger, view.position)
    streams: list[Stream] = []
    for recorded in ledger.history(Stream("unit", unit), view.position):
        if isinstance(recorded.event, MajorProjectSupported):
            codes = codes_passed(recorded.event.about_project, rows_of)
            if len(codes) > 1:
                streams.extend(Stream("project", code) for code in codes)
    return streams


def _is_only_named(explanation: Explanation) -> bool:
    facts = explanation.units[explanation.subject].facts
    return not any(on <= explanation.view.as_of for on, _number, _event in facts)


def _all_streams(ledger: Ledger, view: View) -> list[str]:
    with ledger.rows_of_kind("project", view.position) as rows:
        projects = dict.fromkeys(row[1] for row in rows)
    units = [Stream("unit", unit.name).id for unit in registered_units(ledger, view.position)]
    return [*units, *projects]


def _units_named(
    ledger: Ledger,
    view: View,
    stream: Stream,
) -> set[str]:
    """Return the units that a project's facts name: who reported it, who took it over."""
    named: set[str] = set()
    for recorded in effective(ledger.history(stream, view.position)):
        field = UNIT_FIELDS.get(type(recorded.event))
        name = None if field is None else getattr(recorded.event, field)
        if name is not None:
            named.add(name)
    return named


def _proved_events(
    ledger: Ledger,
    view: View,
    streams: list[str],
    size: int,
    *,
    with_targets: bool,
) -> list[ProvedEvent]:
    """Read the events of the streams and the county, each with its proof in the tree of a size."""
    # Up to the checkpoint rather than the view: the verifier leaves out what came later itself.
    with ledger.rows_of_streams(streams, size) as stream_rows:
        rows = list(stream_rows)
    with ledger.recorder.cursor(write=False) as cursor:
        for position in _county_positions(ledger, view, with_targets=with_targets):
            rows += ledger.recorder.between(cursor, position, position)
        tree = StoredTree(ledger.recorder, cursor)
        return [ProvedEvent(row, tree.inclusion_proof(row[0], size)) for row in sorted(rows)]


def _county_positions(
    ledger: Ledger,
    view: View,
    *,
    with_targets: bool,
) -> list[int]:
    """Return the positions of the last adoption, and of targets and working days that count.

    Corrections of the county's events are included: one may have changed either.
    """
    # A target makes its unit be there, before the day of its registration too.
    reads_targets = bool(target_indicators(view.rulebook.rulebook)) or with_targets
    kinds: list[type[Event]] = [TargetSet] if reads_targets else []
    if counts_working_days(view.rulebook.rulebook):
        kinds.append(WorkingDaysArranged)
    if kinds:
        kinds.append(FactCorrected)
    adoption: int | None = None
    positions: list[int] = []
    for recorded in ledger.history(COUNTY, view.position):
        event = recorded.event
        if isinstance(event, RulebookAdopted) and event.digest == view.rulebook.digest:
            adoption = recorded.position
        elif isinstance(event, tuple(kinds)):
            positions.append(recorded.position)
    if adoption is not None:
        positions.append(adoption)
    return sorted(positions)
