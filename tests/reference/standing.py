"""What an effective history may not hold (spec 1; spec 3, tasks and their cycles).

`problems_of_stream` judges the state that a record leads to. For a plain record this is the letter
of the spec; for a correction it is the reading of "whose result would itself be refused by these
rules".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from .effective import MONTHLY, Event
from .schema import SHEETS, field_problems

AT_MOST_ONCE = (
    "InformationReported",
    "AgreementSigned",
    "StatisticsEntered",
    "ProjectTerminated",
    "UnitRegistered",
    "UnitDissolved",
)
AFTER_TERMINATION = (
    "ViolationFound",
    "ViolationCleared",
    "RecognitionDenied",
    "PerformanceAssessed",
    "ReviewHeld",
    "TaskCleared",
    "ExposurePublished",
)
SHARES = {
    "LandAcquired": ("county_state_share", "transfer_fee"),
    "InvestmentReported": ("self_held_state_share", "self_held"),
}
UNIT_FIELDS = ("reporting_unit", "to_unit", "responsible_unit", "for_unit", "successor")


def problems_of_stream(
    events: Sequence[Event],
    units: set[str],
    today: date,
) -> list[str]:
    """All that is wrong with the effective events of one stream, given the registered units."""
    problems: list[str] = []
    for event in events:
        problems += problems_of_event(event, units, today)
    problems += reports(events)
    problems += repeated(events)
    problems += consultations(events)
    problems += order_in_life(events)
    problems += schedules(events)
    problems += sheets(events)
    return problems


def reports(events: Sequence[Event]) -> Iterator[str]:
    """Events of a project without its report, or recorded before it."""
    if not events or events[0].stream[0] != "project":
        return
    reported = [event.version for event in events if event.kind == "InformationReported"]
    for event in events:
        if event.version < min(reported, default=event.version + 1):
            yield f"{event.name}: before the project is reported"


def problems_of_event(
    event: Event,
    units: set[str],
    today: date,
) -> Iterator[str]:
    """What is wrong with one event by itself."""
    yield from field_problems(event.fields, event.stream[0])
    if event.occurred_on > today:
        yield f"{event.name} lies in the future"
    for field in UNIT_FIELDS:
        if field in event.fields and event.fields[field] not in units:
            yield f"{event.name}: {event.fields[field]} is not registered"
    if event.kind in MONTHLY and event.occurred_on.isoformat()[:7] != event.fields["month"]:
        yield f"{event.name}: the date does not lie in the month"
    yield from shares_and_names(event)
    if event.kind in SHEETS:
        yield from number_problems(event)


def shares_and_names(event: Event) -> Iterator[str]:
    """Rules between two fields of one event."""
    fields = event.fields
    dated = event.kind == "InformationReported" and "occurred_on" in fields
    if dated and fields["occurred_on"] != event.occurred_on.isoformat():
        yield f"{event.name}: the date is not that of reported_at"
    if event.kind in SHARES:
        share, whole = SHARES[event.kind]
        if event.number(share) > event.number(whole):
            yield f"{event.name}: {share} beyond {whole}"
    if event.kind == "ProjectTransferred" and ("to_unit" in fields) == ("to_zone" in fields):
        yield f"{event.name}: either to_unit or to_zone"
    amounts = {"contract_investment", "contract_fixed_assets"}
    if event.kind == "AgreementAmended" and not amounts & set(fields):
        yield f"{event.name}: no amount is amended"
    if event.kind == "FollowedUp" and fields.get("next_on", "9") <= event.occurred_on.isoformat():
        yield f"{event.name}: the next day is not later"
    if event.kind == "TaskCleared":
        if not fields.get("evidence"):
            yield f"{event.name}: needs evidence"
        if fields["submitted_by"] == fields["reviewed_by"]:
            yield f"{event.name}: needs another reviewer"


def number_problems(event: Event) -> Iterator[str]:
    """开招办交〔2024〕1号: the sheet's sign and the year of issue."""
    match = re.fullmatch(r"开招办(.)〔([0-9]{4})〕[1-9][0-9]*号", event.fields["number"])
    sign_and_year = (SHEETS[event.kind], str(event.occurred_on.year))
    if match is None or match.groups() != sign_and_year:
        yield f"{event.name}: number {event.fields['number']}"


def repeated(events: Sequence[Event]) -> Iterator[str]:
    """A second effective event of a kind, or of a kind and month."""
    for kind, times in Counter(event.kind for event in events).items():
        if kind in AT_MOST_ONCE and times > 1:
            yield f"a second {kind}"
    parcels = [folded(event.fields.get("parcel", "")) for event in events if is_land(event)]
    yield from (f"a second parcel {name}" for name, times in Counter(parcels).items() if times > 1)
    reached = Counter(event.fields.get("milestone") for event in events)
    yield from (f"a second {name}" for name, times in reached.items() if name and times > 1)
    # A routine mark is told apart by its item and a listing by its board; a figure only by its
    # month.
    monthly = [event for event in events if event.kind in MONTHLY]
    keys = Counter(_monthly_key(event) for event in monthly)
    yield from (f"a second figure {key}" for key, times in keys.items() if times > 1)


def is_land(event: Event) -> bool:
    """Whether a parcel is acquired."""
    return event.kind == "LandAcquired"


def folded(name: str) -> str:
    """A parcel's name for comparing: NFKC, case folded, every dash one dash."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join("-" if unicodedata.category(char) == "Pd" else char for char in plain)


def _monthly_key(event: Event) -> tuple[str, ...]:
    fields = event.fields
    return (event.kind, fields["month"], str(fields.get("item")), str(fields.get("board")))


def consultations(events: Sequence[Event]) -> Iterator[str]:
    """No consultation while one that passed is effective.

    The one that passed is the last recorded.
    """
    meetings = [event for event in events if event.kind == "ConsultationHeld"]
    meetings.sort(key=lambda event: event.version)
    if any(event.fields["outcome"] == "passed" for event in meetings[:-1]):
        yield "a consultation after one that passed"


def order_in_life(events: Sequence[Event]) -> Iterator[str]:
    """Figures need statistics entry; after termination only what looks back may happen."""
    kinds = {event.kind for event in events}
    if "InvestmentReported" in kinds and "StatisticsEntered" not in kinds:
        yield "InvestmentReported without StatisticsEntered"
    yield from amendments(events)
    yield from pauses(events)
    terminations = [event.occurred_on for event in events if event.kind == "ProjectTerminated"]
    for end in terminations:
        later = [event for event in events if event.occurred_on > end]
        for event in later:
            if event.kind not in AFTER_TERMINATION:
                yield f"{event.name} occurred after the termination"


def amendments(events: Sequence[Event]) -> Iterator[str]:
    """An amendment before the signing, by record or by day."""
    signings = [event for event in events if event.kind == "AgreementSigned"]
    for event in events:
        if event.kind != "AgreementAmended":
            continue
        if not signings:
            yield f"{event.name}: nothing is signed"
        for signing in signings:
            if event.version < signing.version or event.occurred_on < signing.occurred_on:
                yield f"{event.name}: before the signing"


def pauses(events: Sequence[Event]) -> Iterator[str]:
    """In the order of days a pause, a resumption, a pause, and so on."""
    expected = "ProjectPaused"
    for event in events:
        if event.kind not in {"ProjectPaused", "ProjectResumed"}:
            continue
        if event.kind != expected:
            yield f"{event.name}: not the turn of {event.kind}"
        expected = "ProjectResumed" if event.kind == "ProjectPaused" else "ProjectPaused"


def schedules(events: Sequence[Event]) -> Iterator[str]:
    """Milestones after the plan's own day.

    A reason from the second time on, whether by version or by date.
    """
    plans = [event for event in events if event.kind == "ScheduleSet"]
    for plan in plans:
        due_days = [milestone["due_on"] for milestone in plan.fields["milestones"]]
        if min(due_days) <= plan.occurred_on.isoformat():
            yield f"{plan.name}: a milestone not after the plan"
    for later in (plans[1:], sorted(plans, key=lambda event: event.version)[1:]):
        yield from (
            f"{plan.name}: a revision without a reason"
            for plan in later
            if "reason" not in plan.fields
        )


def sheets(events: Sequence[Event]) -> Iterator[str]:
    """Sheets are about an open task, a reopening about a closed one, by dates and by versions."""
    for order in (events, sorted(events, key=lambda event: event.version)):
        is_open: dict[str, bool] = {}
        for event in order:
            if event.kind == "TaskAssigned":
                is_open[event.fields["number"]] = True
            elif event.kind in SHEETS or event.kind == "TaskReopened":
                about = event.fields["about"]
                must_be_open = event.kind != "TaskReopened"
                if is_open.get(about) is not must_be_open:
                    expected = "open" if must_be_open else "closed"
                    yield f"{event.name}: task {about} is not {expected}"
                is_open[about] = event.kind != "TaskCleared"


def plain_name(name: str) -> str:
    """A name for comparing: NFKC, case folded, without white space and punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "ZPC")


def identity(
    event: Event,
    name: str,
) -> tuple[str, str]:
    """The investor that an event names (its code, else its name) and the project's name."""
    investor = event.fields.get("investor_code") or plain_name(event.fields["investor"])
    return (investor, plain_name(name))


def claims(events: Sequence[Event]) -> Iterator[str]:
    """An identity claimed under another code, unless the later claim says why it is distinct.

    A project claims one by its report and one by each change of its investor.
    """
    names = {
        event.stream: event.fields["name"]
        for event in events
        if event.kind == "InformationReported"
    }
    claiming = [
        event for event in events if event.kind in {"InformationReported", "InvestorChanged"}
    ]
    claiming.sort(key=lambda event: event.position)
    holders: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for event in claiming:
        if event.stream not in names:
            continue
        streams = holders.setdefault(identity(event, names[event.stream]), set())
        if streams - {event.stream} and "distinct_because" not in event.fields:
            yield f"{event.name}: identity already claimed"
        streams.add(event.stream)
