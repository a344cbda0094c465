"""Whether a record would be accepted after those before it (spec 1 and spec 3).

Where the spec leaves open whether something is rejected, it counts as unlawful here, so that what
this module accepts must be accepted by every reading: a void of what is void already, a void of a
registration, a corrected sheet number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .effective import (
    COUNTY,
    MONTHLY,
    Event,
    NumberedRecord,
    Record,
    corrected,
    date_of,
    effective,
    effective_stream,
    live_corrections,
    moment,
    numbered,
    records_of,
    shanghai_date,
    stream_of,
)
from .resources import resource_problems
from .schema import (
    CORRECTABLE_ENVELOPE,
    DEFAULTS,
    ENVELOPE,
    SHEETS,
    STREAMS,
    field_problems,
    required,
    types_of,
)
from .standing import claims, problems_of_stream
from .unit_standing import unit_problems

OPENERS = {
    "project": "InformationReported",
    "unit": "UnitRegistered",
    "resource": "ResourceListed",
}
CORRECTION_FIELDS = {
    "event",
    "project",
    "unit",
    "resource",
    "corrects",
    "replacement",
    "reason",
    "approved_by",
    "moved_to",
    *ENVELOPE,
}


def lawful(records: Sequence[Record]) -> list[str]:
    """What would be rejected along a history, each record judged after those before it.

    Empty where the history is lawful.
    """
    problems: list[str] = []
    for place, record in enumerate(records):
        for problem in refusals(records[:place], record):
            problems.append(f"record {place + 1}: {problem}")
    return problems


def refusals(
    records: Sequence[Record],
    record: Record,
) -> list[str]:
    """Why this record would be rejected after a lawful history; empty where it is recorded."""
    # A record of wrong shape is not judged further: the other questions could not be asked of it.
    return (
        list(shape(records, record))
        or list(conflicts(records, record))
        or list(result(records, record))
    )


def shape(
    records: Sequence[Record],
    record: Record,
) -> Iterator[str]:
    """Stream, fields and times of the record itself."""
    kind = record["event"]
    stream = stream_of(record)
    if kind == "FactCorrected":
        yield from correction_shape(records, record)
    elif kind not in STREAMS[stream[0]]:
        yield f"{kind} in the stream of a {stream[0]}"
    else:
        yield from field_problems(record, stream[0])
    if records and moment(record["recorded_at"]) < moment(records[-1]["recorded_at"]):
        yield "recorded_at falls"
    dateless = kind in MONTHLY or kind == "InformationReported"
    if "occurred_on" not in record and not dateless:
        yield "occurred_on is missing"
    today = shanghai_date(record["recorded_at"]).isoformat()
    if record.get("occurred_on", "") > today:
        yield "occurred_on lies in the future"


def correction_shape(
    records: Sequence[Record],
    record: Record,
) -> Iterator[str]:
    """A correction's own fields, and whether what it corrects may be corrected so."""
    yield from (f"unknown field {name}" for name in set(record) - CORRECTION_FIELDS)
    if _changes_a_dissolved_unit(records, record):
        yield "a correction of a change of a dissolved unit"
    if not record.get("reason") or not record.get("approved_by"):
        yield "a correction needs a reason and an approver"
    stream = records_of(records, stream_of(record))
    if record["corrects"] not in range(1, len(stream) + 1):
        yield f"version {record['corrects']} does not exist"
        return
    target = stream[record["corrects"] - 1]
    live = live_corrections(stream)
    kind = target.record["event"]
    if kind == "FactCorrected":
        if record["replacement"] is not None or target not in live:
            yield "a correction can only be voided, and only once"
    elif corrected(target, live) is None:
        yield "the event is void"
    elif record["replacement"] is None:
        others = [each for each in effective_stream(stream) if each.version != target.version]
        if kind == "UnitRegistered" or (kind == "InformationReported" and others):
            yield f"a void of {kind}"
    else:
        yield from replacement_problems(record["replacement"], kind, stream_of(record)[0])


def _changes_a_dissolved_unit(records: Sequence[Record], record: Record) -> bool:
    """A correction of a renaming or regrouping, directly or not, while the dissolution stands."""
    stream = records_of(records, stream_of(record))
    events = effective_stream(stream)
    if not any(event.kind == "UnitDissolved" for event in events):
        return False
    version = record["corrects"]
    while version in range(1, len(stream) + 1) and stream[version - 1].is_correction:
        version = stream[version - 1].record["corrects"]
    if version not in range(1, len(stream) + 1):
        return False
    return stream[version - 1].record["event"] in {"UnitRenamed", "UnitRegrouped"}


def replacement_problems(
    replacement: Mapping[str, Any],
    kind: str,
    stream: str,
) -> Iterator[str]:
    """Fields that can be replaced, and null only where a field is optional."""
    types = {**types_of(kind, stream), **CORRECTABLE_ENVELOPE}
    fixed: set[str] = set()
    if kind in SHEETS or kind == "TaskReopened":
        fixed = {"number", "about"}
    not_optional = {*required(kind, stream), "occurred_on"}
    if not replacement:
        yield "nothing is replaced"
    for field, value in replacement.items():
        if field not in types or field in fixed:
            yield f"{field} of {kind} cannot be replaced"
        elif value is None and field in not_optional:
            yield f"{field} of {kind} is not optional"


def conflicts(
    records: Sequence[Record],
    record: Record,
) -> Iterator[str]:
    """What is claimed already: keys, contents, streams not opened, sheet numbers."""
    stream = stream_of(record)
    kind = record["event"]
    counting = counting_records(records)
    of_stream = [earlier for earlier in counting if stream_of(earlier) == stream]
    if "key" in record:
        if any(earlier.get("key") == record["key"] for earlier in counting):
            yield "the key is taken"
    else:
        alike = [each for each in of_stream if each["event"] == kind and "key" not in each]
        if content(record) in [content(earlier) for earlier in alike]:
            yield "the same content is recorded"
    is_open = any(stream_of(earlier) == stream for earlier in records) or stream == COUNTY
    if not is_open and kind != OPENERS[stream[0]]:
        yield f"{stream[1]} is not open yet"
    if kind in SHEETS:
        yield from gaps(records, record)


def counting_records(records: Sequence[Record]) -> list[Record]:
    """The records that hold their keys: facts that are not void, and live corrections."""
    streams: dict[tuple[str, str], list[NumberedRecord]] = {}
    for each in numbered(records):
        streams.setdefault(each.stream, []).append(each)
    counting: list[NumberedRecord] = []
    for stream in streams.values():
        live = live_corrections(stream)
        counting += live
        facts = [each for each in stream if not each.is_correction]
        counting += [each for each in facts if corrected(each, live) is not None]
    counting.sort(key=lambda each: each.position)
    return [each.record for each in counting]


def twice_held(records: Sequence[Record]) -> Iterator[str]:
    """Keys, or contents of records without one, that two records hold."""
    counting = counting_records(records)
    keys = [record["key"] if "key" in record else repr(content(record)) for record in counting]
    if len(set(keys)) < len(keys):
        yield "a key that two events hold"


def content(record: Record) -> dict[str, Any]:
    """The record as far as it tells facts apart: normalised, defaults filled in.

    Who recorded it and when is left out.
    """
    fields = {**DEFAULTS.get(record["event"], {}), **record}
    if record["event"] != "FactCorrected":
        fields["occurred_on"] = date_of(record).isoformat()
    for name in ("recorded_at", "recorded_by"):
        fields.pop(name, None)
    kept = {name: value for name, value in fields.items() if value is not None}
    if record["event"] not in {
        "InvestorChanged",
        "ResourceChanged",
    }:  # there an empty list is given
        kept = {name: value for name, value in kept.items() if value != []}
    return {name: plain(value) for name, value in kept.items()}


def plain(value: Any) -> Any:
    """A value in a form in which equal ones are equal.

    Decimals less their zeros, lists without order.
    """
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted(repr(plain(each)) for each in value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]+\.[0-9]+", value):
        return value.rstrip("0").rstrip(".")
    if isinstance(value, bool) or value is None:
        return value
    return str(value)


def gaps(
    records: Sequence[Record],
    record: Record,
) -> Iterator[str]:
    """Numbers run from 1 per sign and year of issue; a voided sheet keeps its own."""
    head = f"开招办{SHEETS[record['event']]}〔{record['occurred_on'][:4]}〕"
    if is_carried(records, record):
        return
    numbers = {str(earlier.get("number", "")) for earlier in records}
    issued = sum(number.startswith(head) for number in numbers)
    if record["number"] != f"{head}{issued + 1}号":
        yield f"number {record['number']} is not the next"


def is_carried(
    records: Sequence[Record],
    record: Record,
) -> bool:
    """Whether a project brings a sheet along that was voided where it moved from."""
    number, code = record["number"], stream_of(record)[1]
    if not record.get("key", "").startswith("moved:"):
        return False
    if any(each.get("number") == number and each.get("project") == code for each in records):
        return False
    for void in records:
        if void.get("moved_to") == code:
            of_stream = records_of(records, stream_of(void))
            if of_stream[void["corrects"] - 1].record.get("number") == number:
                return True
    return False


def result(
    records: Sequence[Record],
    record: Record,
) -> Iterator[str]:
    """The effective history that the record would lead to."""
    after = [*records, record]
    today = shanghai_date(record["recorded_at"])
    registrations = [each for each in after if each["event"] == "UnitRegistered"]
    units = {stream_of(registration)[1] for registration in registrations}
    stream = stream_of(record)
    yield from problems_of_stream(effective_stream(records_of(after, stream)), units, today)
    if record["event"] == "FactCorrected":
        yield from twice_held(after)
    events = effective(after)
    yield from unit_problems(events)
    yield from resource_problems(events)
    bears_claims = record["event"] in {
        "InformationReported",
        "ProjectFiled",
        "InvestorChanged",
        "FactCorrected",
    }
    if bears_claims and stream[0] == "project":
        yield from across_projects(events)


def across_projects(events: Sequence[Event]) -> Iterator[str]:
    """Identities and filing codes that another project holds."""
    yield from claims(events)
    codes = [event.fields["project_code"] for event in events if event.kind == "ProjectFiled"]
    if len(set(codes)) < len(codes):
        yield "a filing code that another project holds"
