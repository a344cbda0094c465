"""Drafts of a project's life: when the clerks record each event, in an order the ledger accepts."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256

from commands.demo.day_book import DayBook, DraftRecord, KeyedDrafts
from commands.demo.project_life import LifeEvent, ProjectLife, Venture

# The ledger accepts these events only after the one that they depend on.
_REQUIRED_FIRST = {
    "AgreementAmended": "AgreementSigned",
    "ConsultationHeld": "ConsultationHeld",
    "InvestmentReported": "StatisticsEntered",
    "ProjectPaused": "ProjectResumed",
    "ProjectResumed": "ProjectPaused",
    "ScheduleSet": "ScheduleSet",
    "ViolationCleared": "ViolationFound",
}
_REPORT = "InformationReported"
_USUAL_DELAYS = (0, 0, 1, 1, 2, 4, 7)


def draft_life(
    book: DayBook,
    life: ProjectLife,
    seed: int,
) -> KeyedDrafts:
    """Draft every event of a life.

    Later drafts find them by event (the latest), by `event:month` and by `event:date`.
    """
    venture = life.venture
    rng = random.Random(f"{seed}/scribe/{venture.code}")
    stream = {"project": venture.code}
    recorded_on = venture.reported.date() + timedelta(days=rng.choice((0, 0, 1)))
    report = book.note(_REPORT, stream, None, recorded_on, venture.report())
    soonest = venture.reported + timedelta(minutes=rng.randint(4, 40))
    report.recorded_at = max(report.recorded_at, soonest)
    drafts = {_REPORT: report}
    return drafts | _draft_events(book, venture, life.events, drafts, rng)


def draft_later_events(
    book: DayBook,
    venture: Venture,
    events: Iterable[LifeEvent],
    drafts: KeyedDrafts,
    seed: int,
) -> None:
    """Draft what is added to a life of which `drafts` exist already."""
    rng = random.Random(f"{seed}/changes/{venture.code}")
    _draft_events(book, venture, events, drafts, rng)


def _draft_events(
    book: DayBook,
    venture: Venture,
    events: Iterable[LifeEvent],
    drafts: KeyedDrafts,
    rng: random.Random,
) -> KeyedDrafts:
    drafts = dict(drafts)
    for event in sorted(events, key=_event_day):
        drafts |= _draft_event(book, venture, event, drafts, rng)
    return drafts


def _event_day(event: LifeEvent) -> date:
    return event.day


def _draft_event(
    book: DayBook,
    venture: Venture,
    event: LifeEvent,
    drafts: KeyedDrafts,
    rng: random.Random,
) -> KeyedDrafts:
    """Draft one event, later than those that the ledger must know first."""
    fields = event.fields
    if event.event == "ProjectFiled":
        fields = {"project_code": filing_code(venture.code, event, venture.kind)}
    fields = fields | _grounds(event, venture.name)
    draft = book.note(
        event.event,
        {"project": venture.code},
        event.on,
        event.day + timedelta(days=_delay(event, rng)),
        fields,
        after=_required_draft(event.event, drafts),
    )
    moment = fields.get("month", event.on)
    return {event.event: draft, f"{event.event}:{moment}": draft}


def _delay(event: LifeEvent, rng: random.Random) -> int:
    """Days until an event is recorded; a month's figure waits for the next month's returns."""
    # Drawn even if the life says how late it is, so that the other delays stay as they are.
    usual = rng.randint(4, 13) if event.on is None else rng.choice(_USUAL_DELAYS)
    return usual if event.delay is None else event.delay


def _grounds(event: LifeEvent, project: str) -> dict[str, object]:
    """What a record rests on: the minutes of a consultation, the scanned agreement."""
    if event.event == "ConsultationHeld":
        week = event.day.timetuple().tm_yday // 7 + 1
        return {"source_ref": f"项目决策咨询会议纪要〔{event.day.year}〕{week}号"}
    if event.event == "AgreementSigned":
        digest = sha256(f"{project}投资协议".encode()).hexdigest()
        return {"evidence": [{"name": "投资协议.pdf", "sha256": digest}]}
    return {}


def _required_draft(event: str, drafts: KeyedDrafts) -> DraftRecord:
    """The latest draft on which the acceptance of this event depends."""
    required = _REQUIRED_FIRST.get(event)
    if required in drafts:
        return drafts[required]
    return drafts[_REPORT]


def filing_code(
    code: str,
    event: LifeEvent,
    kind: str,
) -> str:
    """Return a project code (4-6-2-2-6 digits): filing month, county, industry, type, serial."""
    serial = int(sha256(code.encode()).hexdigest(), 16) % 900000 + 100000
    type_code = "02" if kind == "technical_upgrade" else "01"
    return f"{event.day:%y%m}-330824-04-{type_code}-{serial}"
