"""A demo project before it is recorded: who reports it, and the events of its life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from commands.demo.demo_calendar import month_end

# An amount in 万元 as it is drawn, computed or typed.
AmountText = Decimal | int | str


@dataclass(frozen=True)
class Venture:
    """A project as first reported.

    `luck` seeds the chances of a drawn project's life; `code` is given once every report
    of its year is known.
    """

    unit: str
    reported: datetime
    name: str
    investor: str
    investor_code: str | None
    sector: str
    investment: Decimal
    fixed_assets: Decimal
    outside_ratio: str = "1"
    kind: str = "new"
    traits: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    site: str = "new_land"
    government_funded: bool = False
    meets_city_standard: bool = False
    lead_person: str | None = None
    distinct_because: str | None = None
    needs_floor_area_m2: str | None = None
    luck: str = ""
    code: str = ""

    def report(self) -> dict[str, object]:
        """The fields of its InformationReported, without those that equal their default."""
        fields: dict[str, object] = {
            "reporting_unit": self.unit,
            "reported_at": self.reported.isoformat(),
            "name": self.name,
            "investor": self.investor,
            "investor_code": self.investor_code,
            "sector": self.sector,
            "kind": self.kind,
            "planned_investment": amount_text(self.investment),
            "planned_fixed_assets": amount_text(self.fixed_assets),
            "outside_ratio": self.outside_ratio,
            "investor_traits": list(self.traits),
            "chains": list(self.chains),
            "site": None if self.site == "new_land" else self.site,
            "government_funded": self.government_funded or None,
            "meets_city_standard": self.meets_city_standard or None,
            "lead_person": self.lead_person,
            "distinct_because": self.distinct_because,
            "needs_floor_area_m2": self.needs_floor_area_m2,
        }
        return {name: value for name, value in fields.items() if value not in (None, [])}


class LifeEvent(NamedTuple):
    """An event of a project's life.

    `on` is None for the figure of a month; `delay` the days until it is recorded,
    or None to let the clerk's chances decide.
    """

    event: str
    on: date | None
    fields: dict[str, object]
    delay: int | None = None

    @property
    def day(self) -> date:
        """When it was so; for the figure of a month, the month's last day."""
        return self.on or month_end(str(self.fields["month"]))


@dataclass(frozen=True)
class ProjectLife:
    """A venture and all that happened to it.

    `care` is the percentage of its milestones for which a task sheet is issued.
    """

    venture: Venture
    events: Sequence[LifeEvent] = field(default_factory=list)
    care: int = 0

    @property
    def terminated_on(self) -> date | None:
        """The day of its termination."""
        for event in self.events:
            if event.event == "ProjectTerminated":
                return event.on
        return None


STAGE_OF_EVENT = {
    "ConsultationHeld": "consultation",
    "AgreementSigned": "signing",
    "LandAcquired": "land",
    "ProjectFiled": "filing",
    "StatisticsEntered": "statistics",
}


def investment_event(venture: Venture) -> str:
    """The event that reaches the stage `investment`: a service pays taxes and builds nothing."""
    return "TaxPaid" if venture.sector == "service" else "InvestmentReported"


def stage_days(life: ProjectLife) -> dict[str, date]:
    """The day on which each stage of the life was first reached."""
    days: dict[str, date] = {}
    for event in life.events:
        stage = _stage_reached(life.venture, event)
        if stage is not None:
            days[stage] = min(days.get(stage, event.day), event.day)
    return days


def _stage_reached(venture: Venture, event: LifeEvent) -> str | None:
    """The stage that the event reaches; None for a consultation not passed or a month of zero."""
    # Only a consultation has an outcome; 考(二): 有效信息以通过决策咨询为准.
    if event.fields.get("outcome", "passed") != "passed":
        return None
    # A month without investment is reported too, and reaches no node.
    if event.fields.get("fixed_assets") == "0":
        return None
    if event.event == investment_event(venture):
        return "investment"
    return STAGE_OF_EVENT.get(event.event)


def amount_text(amount: AmountText) -> str:
    """An amount in 万元 as the ledger writes it, without trailing zeros."""
    text = f"{Decimal(amount):f}"
    if "." not in text:
        return text
    return text.rstrip("0").rstrip(".")


# The events of a life, each with the fields that it takes


def consultation(on: date, outcome: str = "passed") -> LifeEvent:
    """A 决策咨询 with its outcome."""
    return LifeEvent("ConsultationHeld", on, {"outcome": outcome})


def signing(
    on: date,
    investment: AmountText,
    fixed_assets: AmountText,
    delay: int | None = None,
) -> LifeEvent:
    """A 正式签约."""
    fields: dict[str, object] = {
        "contract_investment": amount_text(investment),
        "contract_fixed_assets": amount_text(fixed_assets),
    }
    return LifeEvent("AgreementSigned", on, fields, delay)


def land_purchase(
    on: date,
    area_mu: AmountText,
    fee: AmountText,
    state_share: AmountText = 0,
) -> LifeEvent:
    """A 土地摘牌."""
    fields: dict[str, object] = {
        "area_mu": amount_text(area_mu),
        "transfer_fee": amount_text(fee),
    }
    if state_share:
        fields["county_state_share"] = amount_text(state_share)
    return LifeEvent("LandAcquired", on, fields)


def filing(on: date) -> LifeEvent:
    """A 项目备案; its national code is given when it is drafted."""
    return LifeEvent("ProjectFiled", on, {})


def statistics_entry(on: date, delay: int | None = None) -> LifeEvent:
    """A 统计入库."""
    return LifeEvent("StatisticsEntered", on, {}, delay)


def investment_figure(
    month: str,
    amount: AmountText,
    delay: int | None = None,
    self_held: AmountText | None = None,
) -> LifeEvent:
    """A month's 投资出数, and how much of it the investor holds itself."""
    fields: dict[str, object] = {
        "month": month,
        "fixed_assets": amount_text(amount),
    }
    if self_held is not None:
        fields["self_held"] = amount_text(self_held)
    return LifeEvent("InvestmentReported", None, fields, delay)


def tax_payment(
    month: str,
    amount: AmountText,
    on: date | None = None,
    delay: int | None = None,
) -> LifeEvent:
    """A month's 缴纳税收."""
    fields: dict[str, object] = {
        "month": month,
        "amount": amount_text(amount),
    }
    return LifeEvent("TaxPaid", on, fields, delay)


def schedule(
    on: date,
    milestones: Mapping[str, date],
    reason: str | None = None,
) -> LifeEvent:
    """A 倒排计划; a revision needs a reason."""
    dated = []
    for stage, due_on in milestones.items():
        dated.append({"stage": stage, "due_on": due_on.isoformat()})
    fields: dict[str, object] = {"milestones": dated}
    if reason is not None:
        fields["reason"] = reason
    return LifeEvent("ScheduleSet", on, fields)


def termination(on: date, reason: str) -> LifeEvent:
    """A 终止."""
    return LifeEvent("ProjectTerminated", on, {"reason": reason})


def assessment(
    on: date,
    result: str,
    department: str,
    method: str,
) -> LifeEvent:
    """A 履约评估."""
    fields: dict[str, object] = {
        "result": result,
        "department": department,
        "method": method,
    }
    return LifeEvent("PerformanceAssessed", on, fields)


def review(on: date, findings: str) -> LifeEvent:
    """A half-yearly 回头看."""
    return LifeEvent("ReviewHeld", on, {"findings": findings})


def transfer(on: date, to_unit: str) -> LifeEvent:
    """A 流转 to another unit of the county."""
    return LifeEvent("ProjectTransferred", on, {"to_unit": to_unit})


def follow_up(
    on: date,
    content: str,
    next_step: str,
    next_on: date,
) -> LifeEvent:
    """A 跟进 that says what is next and when."""
    fields: dict[str, object] = {
        "content": content,
        "next_step": next_step,
        "next_on": next_on.isoformat(),
    }
    return LifeEvent("FollowedUp", on, fields)
