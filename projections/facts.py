"""Events as folds read them: of each only the fields that some projection needs, decoded once from the stored bytes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, Final

import msgspec
import orjson

from lifecycle.corrections import VOID, Correction, amendments
from lifecycle.events import BY_NAME, last_day
from lifecycle.recorders.base import Row
from lifecycle.records import topic, upcast
from lifecycle.refusals import StoreError, msg

MICRO: Final = 1_000_000
"""Exact numbers are folded as whole millionths: of an amount in 万元 that is one 分."""


@lru_cache(maxsize=8_192)
def micro(text: str) -> int:
    """A stored number in millionths."""
    whole, _, places = text.partition(".")
    return int(whole + places.ljust(6, "0"))


_last_day = lru_cache(maxsize=4_096)(last_day)


class Fact(msgspec.Struct, frozen=True, gc=False):
    """An event's fields, read from its stored bytes; fields that no fold needs are not read."""

    @property
    def on(self) -> date:
        """The day when it was so."""
        raise TypeError(type(self).__name__)


class Day(Fact, frozen=True, gc=False):
    """A fact of one day."""

    occurred_on: date

    @property
    def on(self) -> date:
        """The day it occurred on."""
        return self.occurred_on


class Month(Fact, frozen=True, gc=False):
    """A figure of a month, dated by its last day unless it has a date."""

    month: str
    occurred_on: date | None = None

    @property
    def on(self) -> date:
        """The given day, else the month's last."""
        return self.occurred_on or _last_day(self.month)


class InformationReported(Fact, frozen=True, gc=False):
    """项目信息."""

    occurred_on: ClassVar[None] = None  # dated by the minute of the report
    reporting_unit: str
    reported_at: datetime
    name: str
    investor: str
    sector: str
    kind: str
    planned_investment: str
    planned_fixed_assets: str
    outside_ratio: str
    investor_code: str | None = None
    investor_traits: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    site: str = "new_land"
    government_funded: bool = False
    meets_city_standard: bool = False
    lead_person: str | None = None

    @property
    def on(self) -> date:
        """The Shanghai day of the report; the ledger stores that zone."""
        return self.reported_at.date()


class ConsultationHeld(Day, frozen=True, gc=False):
    """决策咨询."""

    outcome: str


class AgreementSigned(Day, frozen=True, gc=False):
    """正式签约."""

    contract_investment: str
    contract_fixed_assets: str


class LandAcquired(Day, frozen=True, gc=False):
    """土地摘牌."""

    area_mu: str
    transfer_fee: str
    county_state_share: str = "0"


class ProjectFiled(Day, frozen=True, gc=False):
    """项目备案."""

    project_code: str


class StatisticsEntered(Day, frozen=True, gc=False):
    """统计入库."""


class InvestmentReported(Month, frozen=True, gc=False):
    """投资出数."""

    fixed_assets: str = "0"
    self_held: str = "0"
    self_held_state_share: str = "0"


class TaxPaid(Month, frozen=True, gc=False):
    """缴纳税收."""

    amount: str = "0"


class Milestone(msgspec.Struct, frozen=True, gc=False):
    """A stage and its due day."""

    stage: str
    due_on: date


class ScheduleSet(Day, frozen=True, gc=False):
    """倒排计划."""

    milestones: tuple[Milestone, ...]


class ProjectTransferred(Day, frozen=True, gc=False):
    """流转."""

    to_unit: str | None = None
    to_zone: str | None = None


class ProjectTerminated(Day, frozen=True, gc=False):
    """终止."""


class ViolationFound(Day, frozen=True, gc=False):
    """违建."""


class ViolationCleared(Day, frozen=True, gc=False):
    """违建消除."""


class RecognitionDenied(Day, frozen=True, gc=False):
    """不予认定."""


class PerformanceAssessed(Day, frozen=True, gc=False):
    """履约评估."""

    result: str


class ReviewHeld(Day, frozen=True, gc=False):
    """回头看."""


class UnitRegistered(Day, frozen=True, gc=False):
    """单位登记."""

    sequence: str
    category: str


class ActivityHeld(Day, frozen=True, gc=False):
    """活动组织."""

    activity: str
    led_by_head: bool


class RoutineAssessed(Month, frozen=True, gc=False):
    """日常工作."""

    item: str = ""
    points: str = "0"


class AwardWon(Day, frozen=True, gc=False):
    """获评能手."""

    title: str
    person: str


class CadreSeconded(Day, frozen=True, gc=False):
    """选派干部."""

    person: str
    group: str


class LandingServiceFailed(Day, frozen=True, gc=False):
    """落地服务失职."""

    failure: str


class MajorProjectSupported(Day, frozen=True, gc=False):
    """配合市对县重大项目考核."""

    about_project: str


class UnitListed(Month, frozen=True, gc=False):
    """红黑榜."""

    board: str = ""
    reason: str = ""


class IndicatorReported(Day, frozen=True, gc=False):
    """单位指标."""

    indicator: str
    period: str
    actual: str
    target: str | None = None
    shared_by: int = 1


class FactCorrected(Day, frozen=True, gc=False):
    """更正."""

    corrects: int
    replacement: dict[str, Any] | None


class TaskAssigned(Day, frozen=True, gc=False):
    """任务交办单."""

    number: str
    task: str
    responsible_unit: str
    due_on: date
    stage: str | None = None


class WarningIssued(Day, frozen=True, gc=False):
    """预警提醒单."""

    number: str
    about: str


class SupervisionIssued(Day, frozen=True, gc=False):
    """问题督办单."""

    number: str
    about: str
    rectify_by: date


class TaskCleared(Day, frozen=True, gc=False):
    """任务销号单."""

    number: str
    about: str


class TaskReopened(Day, frozen=True, gc=False):
    """A task taken up again."""

    about: str


class ExposurePublished(Day, frozen=True, gc=False):
    """公开曝光单."""

    number: str
    about: str


_KINDS: Final[tuple[type[Fact], ...]] = (
    InformationReported, ConsultationHeld, AgreementSigned, LandAcquired, ProjectFiled, StatisticsEntered,
    InvestmentReported, TaxPaid, ScheduleSet, ProjectTransferred, ProjectTerminated, ViolationFound, ViolationCleared,
    RecognitionDenied, PerformanceAssessed, ReviewHeld, UnitRegistered, ActivityHeld, RoutineAssessed, AwardWon,
    CadreSeconded, LandingServiceFailed, MajorProjectSupported, UnitListed, IndicatorReported, FactCorrected, TaskAssigned, WarningIssued,
    SupervisionIssued, TaskCleared, TaskReopened, ExposurePublished,
)  # fmt: skip
FACTS: Final = {kind.__name__: kind for kind in _KINDS}
_DECODERS: Final[dict[str, Callable[[bytes], Any]]] = {topic(BY_NAME[name]): msgspec.json.Decoder(kind).decode for name, kind in FACTS.items()}
_AS_TOLD: Final = {stored: decode for stored, decode in _DECODERS.items() if stored != topic(BY_NAME["FactCorrected"])}
"""Without corrections, which make another thing of what was told."""


Dated = tuple[date, int, Fact]
"""A fact in the order that counts: the day when it was so, then its version in the stream."""


def effective(rows: Sequence[Row], as_of: date | None = None) -> list[Dated]:
    """A stream's effective facts by `as_of`, in the order (day, version), from all its rows (spec 4).

    Raises `StoreError`, naming the place, on damage.
    """
    try:
        facts = [((fact := _AS_TOLD[topic](state)).occurred_on or fact.on, version, fact) for _, _, version, topic, state in rows]
    except _UNREADABLE:  # a correction, an event of an earlier version, or damage
        facts = list(_amended(rows))
    facts.sort()
    if as_of is not None and facts and facts[-1][0] > as_of:
        del facts[bisect_right(facts, as_of, key=itemgetter(0)) :]
    return facts


_UNREADABLE: Final = (msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError)


def _amended(rows: Sequence[Row]) -> Iterator[Dated]:
    """A stream's facts with its corrections, less those that no fold needs."""
    read = [(row, dated) for row in rows if (dated := _dated(row, {})) is not None]
    changes = amendments(Correction(version, e.corrects, e.replacement) for _, (_, version, e) in read if isinstance(e, FactCorrected))
    for row, dated in read:
        change = changes.get(row[2], {})
        if change is not VOID and not isinstance(dated[2], FactCorrected):
            amended = _dated(row, change) if change else dated
            if amended is not None:
                yield amended


def _dated(row: Row, change: dict[str, object]) -> Dated | None:
    """Any version of an event, or a corrected one; None where no fold needs it."""
    position, stream, version, stored_topic, state = row
    try:
        fact = _DECODERS[stored_topic](state) if stored_topic in _DECODERS and not change else _converted(stored_topic, state, change)
        dated = None if fact is None else (fact.on, version, fact)
    except _UNREADABLE as error:
        raise StoreError(
            msg("event {version} of {stream}, at position {position}, cannot be read: the store is damaged ({why})"),
            version=version, stream=stream, position=position, why=type(error).__name__,
        ) from error  # fmt: skip
    return dated


def _converted(stored_topic: str, state: bytes, change: dict[str, object]) -> Fact | None:
    kind, fields = upcast(stored_topic, orjson.loads(state))
    fact = FACTS.get(kind.__name__)
    fields.update(change)
    return None if fact is None else msgspec.convert({name: value for name, value in fields.items() if value is not None}, fact)


def by_stream(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Group rows that come by stream: (stream id, its rows)."""
    return ((stream, list(own)) for stream, own in groupby(rows, key=itemgetter(1)))
