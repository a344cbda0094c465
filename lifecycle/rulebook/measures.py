"""The closed vocabulary of what rules count (spec 6).

A measure that counts or sums events is a row here and nothing else. One that needs a project judged
by the policy has in addition a function of its name in `projections/scoring/measure_values.py`; a
test holds that each row has either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from lifecycle.events.vocabulary import REACHED_STAGES

Of = Literal["project", "unit"]
MeasureUnit = Literal["count", "万元", "亩", "points", "days", "figure"]
"""`figure`: in whatever the indicator is reported in."""


@dataclass(frozen=True, slots=True)
class EventCount:
    """How a measure is read from the events of one kind: one for each, or the sum of a field.

    `label` names the field by which an item is told apart, or is itself the label. `only` keeps the
    events whose field has this value. With `distinct`, events of the same label are one item.
    `shown` maps the names of an explanation's inputs to the event's fields.
    """

    event: str
    label: str
    value: str | None = None
    only: tuple[str, object] | None = None
    distinct: bool = False
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of projects or of units, and the events that it is read from.

    `counts` is how they are counted, where nothing else is needed. `labels` are those of its items
    that `points_by` may name; `may_be_negative`, whether an amount may lie below 0.
    """

    name: str
    of: Of
    unit: MeasureUnit
    events: tuple[str, ...]
    description: str
    counts: EventCount | None = None
    labels: tuple[str, ...] = ()
    may_be_negative: bool = False


_MEASURES: Final = (
    Measure(
        "consultations_passed",
        "project",
        "count",
        ("ConsultationHeld",),
        "The passed consultation, where it lies in the year.",
    ),
    Measure(
        "nodes_reached",
        "project",
        "count",
        (
            "InformationReported",
            "ConsultationHeld",
            "AgreementSigned",
            "LandAcquired",
            "ProjectFiled",
            "StatisticsEntered",
            "InvestmentReported",
            "TaxPaid",
            "MilestoneReached",
        ),
        (
            "Each of the seven nodes, or of the nodes and milestones that `stages` names, whose "
            "first day lies in the year, within the assessment period where the policy limits it."
        ),
        labels=REACHED_STAGES,
    ),
    Measure(
        "funds_in_place",
        "project",
        "万元",
        ("InvestmentReported", "TaxPaid", "LandAcquired"),
        (
            "到位资金 of the year by the day, within the assessment period: "
            "the amounts of the sector's source, at its share."
        ),
    ),
    Measure(
        "checks_passed",
        "project",
        "count",
        ("ScheduleSet",),
        "Schedule checks at which every milestone due had been reached.",
    ),
    Measure(
        "checks_missed",
        "project",
        "count",
        ("ScheduleSet",),
        "Schedule checks at which one had not.",
    ),
    Measure(
        "assessed_unfulfilled",
        "project",
        "count",
        ("PerformanceAssessed",),
        "The year's last performance assessment, where it found the project unfulfilled.",
    ),
    Measure(
        "assessed_unfulfilled_or_untaxed",
        "project",
        "count",
        ("PerformanceAssessed", "TaxPaid"),
        "The same, or where no tax was ever paid.",
    ),
    Measure(
        "projects_signed",
        "project",
        "count",
        ("AgreementSigned",),
        "Agreements signed in the year.",
        EventCount("AgreementSigned", "signing", shown={"signed_on": "on"}),
    ),
    Measure(
        "signed_investment",
        "project",
        "万元",
        ("AgreementSigned", "AgreementAmended"),
        "Contract investment, as amended by the day, of agreements signed in the year.",
    ),
    Measure(
        "fixed_assets",
        "project",
        "万元",
        ("InvestmentReported",),
        "Fixed assets of the year's months, whatever the sector.",
        EventCount("InvestmentReported", "month", "fixed_assets", shown={"month": "month"}),
    ),
    Measure(
        "tax_paid",
        "project",
        "万元",
        ("TaxPaid",),
        "Tax of the year's months, whatever the sector.",
        EventCount("TaxPaid", "month", "amount", shown={"month": "month"}),
    ),
    Measure(
        "parcels_acquired",
        "project",
        "count",
        ("LandAcquired",),
        "Parcels acquired in the year, each in that of its own day.",
        EventCount("LandAcquired", "land", shown={"acquired_on": "on"}),
    ),
    Measure(
        "land_area",
        "project",
        "亩",
        ("LandAcquired",),
        "Area of the parcels acquired in the year.",
        EventCount("LandAcquired", "land", "area_mu", shown={"acquired_on": "on"}),
    ),
    Measure(
        "days_between",
        "project",
        "days",
        (
            "InformationReported",
            "ConsultationHeld",
            "AgreementSigned",
            "LandAcquired",
            "ProjectFiled",
            "StatisticsEntered",
            "InvestmentReported",
            "MilestoneReached",
        ),
        (
            "Days from the node `from_stage` to the node `to_stage`, "
            "of projects that reached the second in the year."
        ),
        may_be_negative=True,
    ),
    Measure(
        "project_figure",
        "project",
        "figure",
        ("ProjectFigureReported",),
        (
            "项目指标: what was reported of the figure that the rule names, for the year or a "
            "period within it; all of it or the last period's, as the rulebook declares the figure."
        ),
    ),
    Measure(
        "activities_led_by_head",
        "unit",
        "count",
        ("ActivityHeld",),
        "活动组织 led by the unit's head.",
        EventCount(
            "ActivityHeld",
            "activity",
            only=("led_by_head", True),
            shown={"activity": "activity", "held_on": "on"},
        ),
    ),
    Measure(
        "activities_held",
        "unit",
        "count",
        ("ActivityHeld",),
        "活动组织, regardless of who led it.",
        EventCount("ActivityHeld", "activity", shown={"activity": "activity", "held_on": "on"}),
    ),
    Measure(
        "routine_points",
        "unit",
        "points",
        ("RoutineAssessed",),
        "日常工作 marks.",
        EventCount("RoutineAssessed", "item", "points", shown={"item": "item", "month": "month"}),
        may_be_negative=True,
    ),
    Measure(
        "awards_won",
        "unit",
        "count",
        ("AwardWon",),
        "获评能手.",
        EventCount("AwardWon", "title", shown={"title": "title", "person": "person"}),
        labels=("招商能手", "双招双引能手"),
    ),
    Measure(
        "cadres_seconded",
        "unit",
        "count",
        ("CadreSeconded",),
        "Each distinct person seconded.",
        EventCount("CadreSeconded", "person", distinct=True, shown={"person": "person"}),
    ),
    Measure(
        "major_projects_supported",
        "unit",
        "count",
        ("MajorProjectSupported",),
        "Each distinct project supported.",
        EventCount(
            "MajorProjectSupported",
            "about_project",
            distinct=True,
            shown={"about_project": "about_project"},
        ),
    ),
    Measure(
        "black_listings",
        "unit",
        "count",
        ("UnitListed",),
        "Months on the black board.",
        EventCount("UnitListed", "month", only=("board", "black"), shown={"month": "month"}),
    ),
    Measure(
        "red_listings",
        "unit",
        "count",
        ("UnitListed",),
        "Months on the red board.",
        EventCount("UnitListed", "month", only=("board", "red"), shown={"month": "month"}),
    ),
    Measure(
        "landing_failures",
        "unit",
        "count",
        ("LandingServiceFailed",),
        "落地服务保障不力.",
        EventCount(
            "LandingServiceFailed", "failure", shown={"failure": "failure", "occurred_on": "on"}
        ),
        labels=("not_first_time", "absent_from_decision"),
    ),
    Measure(
        "indicator",
        "unit",
        "figure",
        ("IndicatorReported",),
        (
            "单位指标: what was reported of the indicator that the rule names, "
            "for the year or a period within it; `actual` ÷ `shared_by`, several add up."
        ),
    ),
)
MEASURES: Final[dict[str, Measure]] = {row.name: row for row in _MEASURES}
"""Every measure by its name."""
