"""What happens to a project: the seven nodes, figures, schedules and findings (spec 1)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary
from lifecycle.events.envelope import Dated, Event, EventValue, Monthly
from lifecycle.events.field_types import (
    Amount,
    Code,
    CreditCode,
    Day,
    FilingCode,
    Moment,
    NamesUnit,
    NotFolded,
    OptionalText,
    Proportion,
    Text,
    Truth,
    text,
)
from lifecycle.rejections import msg


class InformationReported(Event):
    """项目信息: a unit reports a project; dated by `reported_at` in Shanghai (考(二))."""

    reporting_unit: NamesUnit[Code]
    reported_at: Moment
    name: Annotated[str, text(200)]
    investor: Annotated[str, text(200)]
    investor_code: CreditCode | None = None
    sector: vocabulary.SectorWord
    kind: vocabulary.ProjectKind
    planned_investment: Amount
    planned_fixed_assets: Amount
    outside_ratio: Proportion
    investor_traits: tuple[vocabulary.TraitWord, ...] = ()
    chains: tuple[vocabulary.ChainWord, ...] = ()
    site: vocabulary.SiteWord = "new_land"
    government_funded: Truth = False
    meets_city_standard: Truth = False
    lead_person: OptionalText | None = None
    needs_area_mu: Amount | None = None
    needs_floor_area_m2: Amount | None = None
    distinct_because: NotFolded[OptionalText | None] = None
    occurred_on: Day | None = None

    @field_validator("investor_traits", "chains", mode="after")
    @classmethod
    def _as_a_set(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(values)))

    @field_validator("lead_person", "distinct_because", mode="after")
    @classmethod
    def _none_if_empty(cls, text: str | None) -> str | None:
        return text or None

    @model_validator(mode="after")
    def _dated_by_the_report(self) -> "InformationReported":
        if self.occurred_on not in (None, self.on):
            raise PydanticCustomError(
                "occurred_on",
                msg(
                    "must be the day of reported_at in Shanghai time, {day}; omit it or give "
                    "that day"
                ),
                {"day": self.on.isoformat()},
            )
        # Derived, so never stored: a correction of reported_at moves the day with it.
        object.__setattr__(self, "occurred_on", None)
        return self

    @property
    def on(self) -> date:
        """The day of the report."""
        return self.reported_at.date()


class ConsultationHeld(Dated):
    """决策咨询: information counts as valid once its consultation has passed (考(二))."""

    outcome: vocabulary.ConsultationOutcome


class AgreementSigned(Dated):
    """正式签约: the contract is signed; its amounts are in 万元."""

    contract_investment: Amount
    contract_fixed_assets: Amount


class AgreementAmended(Dated):
    """补充协议: from its day on the contract has other amounts; what is left out stays (spec 7)."""

    contract_investment: Amount | None = None
    contract_fixed_assets: Amount | None = None
    reason: NotFolded[OptionalText | None] = None

    @model_validator(mode="after")
    def _changes_an_amount(self) -> "AgreementAmended":
        if self.contract_investment is None and self.contract_fixed_assets is None:
            raise PydanticCustomError(
                "amendment",
                msg("give at least one of contract_investment and contract_fixed_assets"),
            )
        return self


def _exceeds(share: str, whole: str) -> bool:
    # Most shares are zero, and every monthly figure is asked.
    return share != "0" and Decimal(share) > Decimal(whole)


ParcelName = Annotated[str, text(100, least=0)]
"""What a parcel of land is called, such as 1号地块; empty where a project has only one."""


class LandAcquired(Dated):
    """土地摘牌: area in 亩, fee in 万元; the county's state capital does not count (考(五)2).

    A project may acquire several parcels, each once; without a name the parcel is the empty one.
    """

    area_mu: Amount
    transfer_fee: Amount
    county_state_share: Amount = "0"
    # None and not "": the records of 0.1.0, which name no parcel, keep their idempotency keys.
    parcel: ParcelName | None = None

    @field_validator("parcel", mode="after")
    @classmethod
    def _none_if_empty(cls, parcel: str | None) -> str | None:
        return parcel or None

    @model_validator(mode="after")
    def _share_of_the_fee(self) -> "LandAcquired":
        if _exceeds(self.county_state_share, self.transfer_fee):
            raise PydanticCustomError(
                "share", msg("county_state_share may be at most transfer_fee")
            )
        return self


class ProjectFiled(Dated):
    """项目备案: the project is filed under a national project code, each time under another."""

    project_code: FilingCode


class StatisticsEntered(Dated):
    """统计入库: the project enters the statistics; investment counts from then on (考(五)1)."""

    statistics_name: NotFolded[OptionalText | None] = None


class InvestmentReported(Monthly):
    """投资出数: fixed assets of the month in 万元; 自持部分 is for 地产平衡 (考(五)3)."""

    fixed_assets: Amount
    self_held: Amount = "0"
    self_held_state_share: Amount = "0"

    @model_validator(mode="after")
    def _share_of_self_held(self) -> "InvestmentReported":
        if _exceeds(self.self_held_state_share, self.self_held):
            raise PydanticCustomError(
                "share", msg("self_held_state_share may be at most self_held")
            )
        return self


class TaxPaid(Monthly):
    """缴纳税收: tax in 万元, in the month of its payment (考(五)4)."""

    amount: Amount


MilestoneStage = Literal["consultation", "signing", "land", "filing", "statistics", "investment"]


class Milestone(EventValue):
    """A stage and the day by which it is due."""

    stage: MilestoneStage
    due_on: Day


class ScheduleSet(Dated):
    """倒排计划: the milestones from its day on; a later one gives a reason (考(八)2)."""

    milestones: Annotated[tuple[Milestone, ...], Field(min_length=1, max_length=6)]
    reason: NotFolded[OptionalText | None] = None

    @model_validator(mode="after")
    def _future_milestones(self) -> "ScheduleSet":
        stages = [milestone.stage for milestone in self.milestones]
        if len(set(stages)) < len(stages):
            raise PydanticCustomError(
                "milestones", msg("each stage may appear only once in a plan")
            )
        if any(milestone.due_on <= self.occurred_on for milestone in self.milestones):
            raise PydanticCustomError(
                "milestones", msg("every milestone must be due after the day of the plan")
            )
        return self


class ProjectTransferred(Dated):
    """流转: transfer to another unit, or to a zone outside the county (考(十), 三.1)."""

    to_unit: NamesUnit[Code | None] = None
    to_zone: Code | None = None

    @model_validator(mode="after")
    def _one_destination(self) -> "ProjectTransferred":
        if (self.to_unit is None) == (self.to_zone is None):
            raise PydanticCustomError("transfer", msg("give exactly one of to_unit and to_zone"))
        return self


class ProjectTerminated(Dated):
    """终止: the project is given up."""

    reason: NotFolded[Text]


class ViolationFound(Dated):
    """违建: illegal construction; the project is not assessed until it is cleared (考(九)2)."""

    finding: NotFolded[Text]


class ViolationCleared(Dated):
    """违建消除: clears all violations found before it."""

    finding: NotFolded[Text]


class RecognitionDenied(Dated):
    """不予认定: the leading group does not recognise the project (考(九)3)."""

    reason: NotFolded[Text]


class PerformanceAssessed(Dated):
    """履约评估: assesses whether a contract of an earlier year is fulfilled (考(八)1)."""

    result: vocabulary.AssessmentResult
    department: NotFolded[Text]
    method: NotFolded[vocabulary.AssessmentMethod]


class ReviewHeld(Dated):
    """回头看: the half-yearly review of a project (意9)."""

    findings: NotFolded[Text]
