"""What a demo project is before it is written down: who brings it, and the facts of its life in a short notation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from commands.demo.days import month_end

Amount = Decimal | int | str


@dataclass(frozen=True)
class Venture:
    """A project as first reported; its code is given when all of a year's reports are known."""

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
    luck: str = ""  # what the chances of a drawn venture's life start from
    code: str = ""

    def report(self) -> dict[str, object]:
        """The fields of its InformationReported; what equals a default is left out."""
        fields: dict[str, object] = {
            "reporting_unit": self.unit,
            "reported_at": self.reported.isoformat(),
            "name": self.name,
            "investor": self.investor,
            "investor_code": self.investor_code,
            "sector": self.sector,
            "kind": self.kind,
            "planned_investment": plain(self.investment),
            "planned_fixed_assets": plain(self.fixed_assets),
            "outside_ratio": self.outside_ratio,
            "investor_traits": list(self.traits),
            "chains": list(self.chains),
            "site": None if self.site == "new_land" else self.site,
            "government_funded": self.government_funded or None,
            "meets_city_standard": self.meets_city_standard or None,
            "lead_person": self.lead_person,
            "distinct_because": self.distinct_because,
        }
        return {name: value for name, value in fields.items() if value not in (None, [])}


class Fact(NamedTuple):
    """One event of the life: when it was so (None for a month's figure), and how many days late it is entered."""

    event: str
    on: date | None
    fields: dict[str, object]
    late: int | None = None

    @property
    def day(self) -> date:
        """When it was so, for a month's figure the month's last day."""
        return self.on or month_end(str(self.fields["month"]))


@dataclass(frozen=True)
class Life:
    """A venture and all that happened to it; `care` is the share of its milestones that get a task sheet."""

    venture: Venture
    facts: Sequence[Fact] = field(default_factory=list)
    care: int = 0

    @property
    def ended(self) -> date | None:
        """The day of its termination."""
        return next((fact.on for fact in self.facts if fact.event == "ProjectTerminated"), None)


STAGE_OF = {
    "ConsultationHeld": "consultation",
    "AgreementSigned": "signing",
    "LandAcquired": "land",
    "ProjectFiled": "filing",
    "StatisticsEntered": "statistics",
}


def reached(life: Life) -> dict[str, date]:
    """The day each stage of the life was first reached."""
    first = "TaxPaid" if life.venture.sector == "service" else "InvestmentReported"
    days: dict[str, date] = {}
    for fact in life.facts:
        stage = "investment" if fact.event == first else STAGE_OF.get(fact.event, "")
        if (
            stage
            and fact.fields.get("outcome", "passed") == "passed"
            and fact.fields.get("fixed_assets") != "0"
        ):
            days[stage] = min(days.get(stage, fact.day), fact.day)
    return days


def plain(amount: Amount) -> str:
    """An amount in 万元 as the ledger writes it, without trailing zeros."""
    text = f"{Decimal(amount):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def consulted(on: date, outcome: str = "passed") -> Fact:
    """A 决策咨询 with its outcome."""
    return Fact("ConsultationHeld", on, {"outcome": outcome})


def signed(on: date, investment: Amount, fixed_assets: Amount, late: int | None = None) -> Fact:
    """A 正式签约."""
    fields: dict[str, object] = {
        "contract_investment": plain(investment),
        "contract_fixed_assets": plain(fixed_assets),
    }
    return Fact("AgreementSigned", on, fields, late)


def land(on: date, area_mu: Amount, fee: Amount, state_share: Amount = 0) -> Fact:
    """A 土地摘牌."""
    fields: dict[str, object] = {"area_mu": plain(area_mu), "transfer_fee": plain(fee)}
    return Fact(
        "LandAcquired",
        on,
        fields | ({"county_state_share": plain(state_share)} if state_share else {}),
    )


def filed(on: date) -> Fact:
    """A 项目备案; its national code is given when it is written down."""
    return Fact("ProjectFiled", on, {})


def entered(on: date, name: str | None = None, late: int | None = None) -> Fact:
    """A 统计入库."""
    return Fact("StatisticsEntered", on, {"statistics_name": name} if name else {}, late)


def figure(month: str, amount: Amount, late: int | None = None, **held: Amount) -> Fact:
    """A month's 投资出数, with self_held and self_held_state_share where there are such."""
    fields: dict[str, object] = {"month": month, "fixed_assets": plain(amount)}
    return Fact(
        "InvestmentReported",
        None,
        fields | {name: plain(value) for name, value in held.items()},
        late,
    )


def tax(month: str, amount: Amount, on: date | None = None, late: int | None = None) -> Fact:
    """A month's 缴纳税收."""
    return Fact("TaxPaid", on, {"month": month, "amount": plain(amount)}, late)


def plan(on: date, milestones: dict[str, date], reason: str | None = None) -> Fact:
    """A 倒排计划; from the second time on it needs a reason."""
    dated = [{"stage": stage, "due_on": due.isoformat()} for stage, due in milestones.items()]
    fields: dict[str, object] = {"milestones": dated}
    return Fact("ScheduleSet", on, fields | ({"reason": reason} if reason else {}))


def ended(on: date, reason: str) -> Fact:
    """A 终止."""
    return Fact("ProjectTerminated", on, {"reason": reason})


def assessed(on: date, result: str, department: str, method: str = "both") -> Fact:
    """A 履约评估."""
    return Fact(
        "PerformanceAssessed", on, {"result": result, "department": department, "method": method}
    )


def moved(on: date, *, unit: str | None = None, zone: str | None = None) -> Fact:
    """A 流转 to a unit or to a zone outside the county."""
    return Fact("ProjectTransferred", on, {"to_unit": unit} if unit else {"to_zone": zone})
