"""Which events a correction may void or change, before its result is checked (spec 1, spec 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from lifecycle.deciding.corrected_stream import CorrectedStream, FactChange
from lifecycle.deciding.corrections import VOID
from lifecycle.events import FactCorrected, RecordedEvent, Stream, UnreadableEvent
from lifecycle.events.county_events import RecordTimeCorrected
from lifecycle.events.project_events import InformationReported
from lifecycle.events.sheet_events import Sheet
from lifecycle.rejections import Problem, Rejected, msg

Replacement = dict[str, object]


class TargetedCorrection(NamedTuple):
    """A correction, the event that it corrects, and their stream."""

    replacement: Replacement
    target: RecordedEvent
    corrected: CorrectedStream


def target_of(
    event: FactCorrected,
    corrected: CorrectedStream,
    stream: Stream,
) -> RecordedEvent:
    """Return the event that a correction names. Raises `Rejected` where there is none."""
    target = corrected.recorded(event.corrects)
    if target is not None:
        return target
    raise Rejected.by(
        "no_such_version",
        msg("{stream} has no event {version}; its versions are 1 to {last}"),
        at="corrects",
        stream=stream.name,
        version=event.corrects,
        last=len(corrected),
    )


def correction_problem(
    event: FactCorrected,
    target: RecordedEvent,
    corrected: CorrectedStream,
) -> Problem | None:
    """Return the first problem with correcting a target, None where it may be corrected so."""
    problem = _record_times_are_corrected_anew(target) or _project_moves_elsewhere(event, target)
    if problem is not None:
        return problem
    # Whether the stream holds together without a voided event, its corrected history tells.
    if event.replacement is None:
        return _report_stands_alone(target, corrected)
    correction = TargetedCorrection(event.replacement, target, corrected)
    for rule in _REPLACEMENT_RULES:
        problem = rule(correction)
        if problem is not None:
            return problem
    return None


def revival_problem(change: FactChange, corrected: CorrectedStream) -> Problem | None:
    """What cannot be read stays void: otherwise nothing of its stream could be read any more."""
    was_void = change.before is None and change.version not in corrected.unreadable
    if not was_void or change.after is not None or change.change is VOID:
        return None
    template = msg("event {version} cannot be read, so its void is not voided")
    return Problem("revives_unreadable", template, {"version": change.version}, "corrects")


def _unreadable_is_only_voided(correction: TargetedCorrection) -> Problem | None:
    """What cannot be read has no fields to change; a fact broken by a correction has no others."""
    target = correction.target
    if target.version not in correction.corrected.unreadable:
        return None
    template = _VOID_THE_CORRECTION
    if isinstance(target.event, UnreadableEvent):
        template = VOID_THE_EVENT
    values: dict[str, object] = {"version": target.version, "stream": target.stream.name}
    return Problem("replace_unreadable", template, values, "replacement")


VOID_THE_EVENT: Final = msg(
    "event {version} of {stream} cannot be read, so it can only be voided (replacement null)"
)
_VOID_THE_CORRECTION: Final = msg(
    "event {version} of {stream} cannot be read as corrected: first void the correction that "
    "broke it"
)


def _record_times_are_corrected_anew(target: RecordedEvent) -> Problem | None:
    """A changed correction of record times would change what was known when, unseen at that K."""
    if not isinstance(target.event, RecordTimeCorrected):
        return None
    return Problem(
        "record_time_correction",
        msg(
            "a correction of record times is not corrected: record another RecordTimeCorrected "
            "over the same positions, which then counts"
        ),
        {},
        "corrects",
    )


def _project_moves_elsewhere(event: FactCorrected, target: RecordedEvent) -> Problem | None:
    """Only a project moves, and to another code than its own."""
    stream = target.stream
    if event.moved_to is None or (stream.kind == "project" and event.moved_to != stream.name):
        return None
    return Problem(
        "moved_to",
        msg("{stream} is not moved to {code}: a project is moved, to another code"),
        {"stream": stream.name, "code": event.moved_to},
        "moved_to",
    )


def _report_stands_alone(target: RecordedEvent, corrected: CorrectedStream) -> Problem | None:
    """A report is voided once nothing else stands: without it events would be of no project."""
    if not isinstance(target.event, InformationReported):
        return None
    standing = corrected.standing_beside(target.version)
    if not standing:
        return None
    return Problem(
        "void_information",
        msg(
            "the report of {project} is voided only once no other event of it stands; standing "
            "are the versions {versions}: void them first, or correct the report's fields, or "
            "terminate the project"
        ),
        {"project": target.stream.name, "versions": standing},
        "corrects",
    )


def _correction_is_never_changed(correction: TargetedCorrection) -> Problem | None:
    """Changing a correction in place would hide what was corrected when."""
    if not isinstance(correction.target.event, FactCorrected):
        return None
    return Problem(
        "replace_correction",
        msg("a correction can only be voided (replacement null), not changed"),
        {},
        "replacement",
    )


def _replacement_names_a_field(correction: TargetedCorrection) -> Problem | None:
    """An empty replacement would change nothing; who wrote it may have meant a void."""
    if correction.replacement:
        return None
    return Problem(
        "empty_replacement",
        msg("must name at least one field; null voids the event"),
        {},
        "replacement",
    )


def _target_is_effective(correction: TargetedCorrection) -> Problem | None:
    """A void event stays void whatever its fields say."""
    version = correction.target.version
    if correction.corrected.is_effective(version):
        return None
    return Problem(
        "replace_void",
        msg("event {version} is void: first void the correction that voided it"),
        {"version": version},
        "corrects",
    )


def _sheet_keeps_its_number(correction: TargetedCorrection) -> Problem | None:
    """Numbers are issued in order, and other sheets refer to them."""
    sheet = correction.target.event
    if not isinstance(sheet, Sheet):
        return None
    if correction.replacement.get("number", sheet.number) == sheet.number:
        return None
    return Problem(
        "number_fixed",
        msg("a sheet's number cannot be changed: void the sheet and issue another"),
        {},
        "replacement.number",
    )


_REPLACEMENT_RULES: Final[tuple[Callable[[TargetedCorrection], Problem | None], ...]] = (
    _correction_is_never_changed,
    _replacement_names_a_field,
    _unreadable_is_only_voided,
    _target_is_effective,
    _sheet_keeps_its_number,
)
