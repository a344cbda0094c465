"""The day book of the demo's clerks: drafts in any order become one ledger in the order of recording."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commands.demo import names
from commands.demo.days import moment, recording_day

Stream = Mapping[str, str]
COUNTY: Stream = {}
SIGNS = {
    "TaskAssigned": "交",
    "WarningIssued": "警",
    "SupervisionIssued": "督",
    "TaskCleared": "销",
    "ExposurePublished": "曝",
}


@dataclass(eq=False)
class Draft:
    """One event before the ledger's order gives it a version and, if it is a sheet, a number."""

    event: str
    stream: Stream
    occurred: date | None
    at: datetime
    clerk: str
    fields: dict[str, object]
    about: "Draft | None" = None
    version: int = 0
    number: str = ""


class Book:
    """Collects drafts; `written` puts them in order, numbers the sheets and names what corrections correct."""

    def __init__(self, seed: int) -> None:
        self.drafts: list[Draft] = []
        self._rng = random.Random(f"{seed}/book")

    def note(
        self,
        event: str,
        stream: Stream,
        occurred: date | None,
        recorded: date,
        fields: dict[str, object],
        *,
        after: Draft | None = None,
        about: Draft | None = None,
    ) -> Draft:
        """Draft an event recorded on (or soon after) a day, and certainly later than `after` and `about`."""
        at = moment(recording_day(recorded), self._rng.randint(8, 16), self._rng.randint(0, 59))
        for earlier in (after, about):
            if earlier is not None and at <= earlier.at:
                at = earlier.at + timedelta(minutes=self._rng.randint(2, 15))
        draft = Draft(event, stream, occurred, at, self._rng.choice(names.CLERKS), fields, about)
        self.drafts.append(draft)
        return draft

    def correct(
        self, wrong: Draft, on: date, replacement: dict[str, object] | None, reason: str, by: str
    ) -> Draft:
        """Draft a correction of an earlier draft (or of a correction), void when there is no replacement."""
        fields: dict[str, object] = {
            "replacement": replacement,
            "reason": reason,
            "approved_by": by,
        }
        return self.note("FactCorrected", wrong.stream, on, on, fields, about=wrong)

    def written(self) -> list[dict[str, object]]:
        """All drafts as import records, in the order of recording."""
        self.drafts.sort(key=lambda draft: draft.at)
        versions: Counter[str] = Counter()
        counters: Counter[str] = Counter()
        for draft in self.drafts:
            stream = "/".join(draft.stream.values())
            versions[stream] += 1
            draft.version = versions[stream]
            if draft.event in SIGNS:
                draft.number = _number(draft, counters)
        return [_record(draft) for draft in self.drafts]


def _number(draft: Draft, counters: Counter[str]) -> str:
    """The sheet's number: prefix, sign, year of issue and the next count of that sign and year."""
    series = f"开招办{SIGNS[draft.event]}〔{(draft.occurred or draft.at).year}〕"
    counters[series] += 1
    return f"{series}{counters[series]}号"


def _record(draft: Draft) -> dict[str, object]:
    record: dict[str, object] = {"event": draft.event, **draft.stream}
    if draft.occurred is not None:
        record["occurred_on"] = draft.occurred.isoformat()
    record["recorded_at"] = draft.at.isoformat()
    record["recorded_by"] = draft.clerk
    if draft.number:
        record["number"] = draft.number
    if draft.about is not None:
        record |= (
            {"corrects": draft.about.version}
            if draft.event == "FactCorrected"
            else {"about": draft.about.number}
        )
    return record | draft.fields
