"""Events as folds read them: of each only the fields that some projection needs, decoded once from the stored bytes."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar, Final

import msgspec

from lifecycle.events import last_day

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
    InformationReported,
    ConsultationHeld,
    AgreementSigned,
    LandAcquired,
    ProjectFiled,
    StatisticsEntered,
    InvestmentReported,
    TaxPaid,
    ScheduleSet,
    ProjectTransferred,
    ProjectTerminated,
    ViolationFound,
    ViolationCleared,
    RecognitionDenied,
    PerformanceAssessed,
    ReviewHeld,
    UnitRegistered,
    ActivityHeld,
    RoutineAssessed,
    AwardWon,
    CadreSeconded,
    LandingServiceFailed,
    MajorProjectSupported,
    UnitListed,
    IndicatorReported,
    FactCorrected,
    TaskAssigned,
    WarningIssued,
    SupervisionIssued,
    TaskCleared,
    TaskReopened,
    ExposurePublished,
)
FACTS: Final = {kind.__name__: kind for kind in _KINDS}
"""Every event that some projection needs, by its name."""

Dated = tuple[date, int, Fact]
"""A fact in the order that counts: the day when it was so, then its version in the stream."""
