"""The clerks' day book: drafts in any order become one ledger in the order of recording."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commands.demo.county_data import people
from commands.demo.demo_calendar import moment, recording_day

# The field that names an event's stream, such as `{"project": …}`; empty for the county's.
StreamKeys = Mapping[str, str]

COUNTY_STREAM: StreamKeys = {}
SHEET_SIGNS = {
    "TaskAssigned": "交",
    "WarningIssued": "警",
    "SupervisionIssued": "督",
    "TaskCleared": "销",
    "ExposurePublished": "曝",
}


@dataclass(eq=False)
class DraftRecord:
    """An event before the order of the ledger gives it a version and, if a sheet, a number."""

    event: str
    stream: StreamKeys
    occurred_on: date | None
    recorded_at: datetime
    clerk: str
    fields: dict[str, object]
    about: "DraftRecord | None" = None
    version: int = 0
    number: str = ""


# Drafts by a key under which later drafts find them, such as `InvestmentReported:2024-06`.
KeyedDrafts = dict[str, DraftRecord]


class DayBook:
    """Collects drafts; `records` orders them, numbers the sheets and resolves corrections."""

    def __init__(self, seed: int) -> None:
        self.drafts: list[DraftRecord] = []
        self._rng = random.Random(f"{seed}/book")

    def note(
        self,
        event: str,
        stream: StreamKeys,
        occurred_on: date | None,
        recorded_on: date,
        fields: dict[str, object],
        *,
        after: DraftRecord | None = None,
        about: DraftRecord | None = None,
    ) -> DraftRecord:
        """Draft an event recorded on a day or soon after, but later than `after` and `about`."""
        day = recording_day(recorded_on)
        hour = self._rng.randint(8, 16)
        minute = self._rng.randint(0, 59)
        recorded_at = moment(day, hour, minute)
        for earlier in (after, about):
            if earlier is not None and recorded_at <= earlier.recorded_at:
                recorded_at = earlier.recorded_at + timedelta(minutes=self._rng.randint(2, 15))
        draft = DraftRecord(
            event,
            stream,
            occurred_on,
            recorded_at,
            clerk=self._rng.choice(people().clerks),
            fields=fields,
            about=about,
        )
        self.drafts.append(draft)
        return draft

    def correct(
        self,
        wrong: DraftRecord,
        on: date,
        replacement: dict[str, object] | None,
        reason: str,
        approved_by: str,
    ) -> DraftRecord:
        """Draft a correction of an earlier draft or correction; without a replacement it voids."""
        fields: dict[str, object] = {
            "replacement": replacement,
            "reason": reason,
            "approved_by": approved_by,
        }
        return self.note("FactCorrected", wrong.stream, on, on, fields, about=wrong)

    def records(self) -> list[dict[str, object]]:
        """All drafts as import records, in the order of recording."""
        self.drafts.sort(key=_recorded_at)
        versions: Counter[str] = Counter()
        sheets_of_series: Counter[str] = Counter()
        for draft in self.drafts:
            stream = "/".join(draft.stream.values())
            versions[stream] += 1
            draft.version = versions[stream]
            if draft.event in SHEET_SIGNS:
                series = _series(draft)
                sheets_of_series[series] += 1
                draft.number = f"{series}{sheets_of_series[series]}号"
        # Only now every version and number is known, those of later drafts included.
        return [_record(draft) for draft in self.drafts]


def _recorded_at(draft: DraftRecord) -> datetime:
    return draft.recorded_at


def _series(draft: DraftRecord) -> str:
    """The series in which a sheet is numbered: office, sign of its kind, year of issue."""
    issued = draft.occurred_on or draft.recorded_at
    return f"开招办{SHEET_SIGNS[draft.event]}〔{issued.year}〕"


def _record(draft: DraftRecord) -> dict[str, object]:
    record: dict[str, object] = {"event": draft.event, **draft.stream}
    if draft.occurred_on is not None:
        record["occurred_on"] = draft.occurred_on.isoformat()
    record["recorded_at"] = draft.recorded_at.isoformat()
    record["recorded_by"] = draft.clerk
    if draft.number:
        record["number"] = draft.number
    if draft.about is not None and draft.event == "FactCorrected":
        record["corrects"] = draft.about.version
    elif draft.about is not None:
        record["about"] = draft.about.number
    return record | draft.fields
