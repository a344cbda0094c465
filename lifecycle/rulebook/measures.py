"""The closed vocabulary of what rules count: each measure with its unit and the events it is read from (spec 6).

A measure that counts or sums events is a row here and nothing else; one that needs a project judged has its function
in the read side beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg

Of = Literal["project", "unit"]
In = Literal["count", "万元", "points", "days", "figure"]
"""`figure`: in whatever the indicator is reported in."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How a measure is read from events: one each, or a field's sum; of those whose field has a value; each value once."""

    event: str
    label: str
    value: str | None = None
    only: tuple[str, object] | None = None
    distinct: bool = False
    tells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: of a project or of a unit, its unit, the events it comes from, how these are counted where that is all."""

    name: str
    of: Of
    unit: In
    events: tuple[str, ...]
    says: str
    counts: Counts | None = None
    labels: bool = False
    """Whether its items differ by a label that `points_by` may name."""


_DAY = {"occurred_on": "on"}
_ROWS: Final = (
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
        ),
        "Each node whose first day lies in the year, within the assessment period where the policy limits it.",
        labels=True,
    ),
    Measure(
        "funds_in_place",
        "project",
        "万元",
        ("InvestmentReported", "TaxPaid", "LandAcquired"),
        "到位资金 of the year by the day, within the assessment period: the amounts of the sector's source, at its share.",
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
        Counts("AgreementSigned", "signing", tells={"signed_on": "on"}),
    ),
    Measure(
        "signed_investment",
        "project",
        "万元",
        ("AgreementSigned",),
        "Contract investment of agreements signed in the year.",
        Counts("AgreementSigned", "signing", "contract_investment", tells={"signed_on": "on"}),
    ),
    Measure(
        "fixed_assets",
        "project",
        "万元",
        ("InvestmentReported",),
        "Fixed assets of the year's months, whatever the sector.",
        Counts("InvestmentReported", "month", "fixed_assets", tells={"month": "month"}),
    ),
    Measure(
        "tax_paid",
        "project",
        "万元",
        ("TaxPaid",),
        "Tax of the year's months, whatever the sector.",
        Counts("TaxPaid", "month", "amount", tells={"month": "month"}),
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
        ),
        "Days from the node `from_stage` to the node `to_stage`, of projects that reached the second in the year.",
    ),
    Measure(
        "activities_led_by_head",
        "unit",
        "count",
        ("ActivityHeld",),
        "活动组织 led by the unit's head.",
        Counts(
            "ActivityHeld",
            "activity",
            only=("led_by_head", True),
            tells={"activity": "activity", "held_on": "on"},
        ),
    ),
    Measure(
        "activities_held",
        "unit",
        "count",
        ("ActivityHeld",),
        "活动组织, whoever led it.",
        Counts("ActivityHeld", "activity", tells={"activity": "activity", "held_on": "on"}),
    ),
    Measure(
        "routine_points",
        "unit",
        "points",
        ("RoutineAssessed",),
        "日常工作 marks.",
        Counts("RoutineAssessed", "item", "points", tells={"item": "item", "month": "month"}),
    ),
    Measure(
        "awards_won",
        "unit",
        "count",
        ("AwardWon",),
        "获评能手.",
        Counts("AwardWon", "title", tells={"title": "title", "person": "person"}),
        labels=True,
    ),
    Measure(
        "cadres_seconded",
        "unit",
        "count",
        ("CadreSeconded",),
        "Each distinct person seconded.",
        Counts("CadreSeconded", "person", distinct=True, tells={"person": "person"}),
    ),
    Measure(
        "major_projects_supported",
        "unit",
        "count",
        ("MajorProjectSupported",),
        "Each distinct project supported.",
        Counts(
            "MajorProjectSupported",
            "about_project",
            distinct=True,
            tells={"about_project": "about_project"},
        ),
    ),
    Measure(
        "black_listings",
        "unit",
        "count",
        ("UnitListed",),
        "Months on the black board.",
        Counts("UnitListed", "month", only=("board", "black"), tells={"month": "month"}),
    ),
    Measure(
        "red_listings",
        "unit",
        "count",
        ("UnitListed",),
        "Months on the red board.",
        Counts("UnitListed", "month", only=("board", "red"), tells={"month": "month"}),
    ),
    Measure(
        "landing_failures",
        "unit",
        "count",
        ("LandingServiceFailed",),
        "落地服务失职.",
        Counts("LandingServiceFailed", "failure", tells={"failure": "failure", **_DAY}),
        labels=True,
    ),
    Measure(
        "indicator",
        "unit",
        "figure",
        ("IndicatorReported",),
        "单位指标: what was reported of the indicator that the rule names, for the year or a period within it; `actual` ÷ `shared_by`, several add up.",
    ),
)
MEASURES: Final[dict[str, Measure]] = {row.name: row for row in _ROWS}
"""Every measure by its name."""


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names most like one that is not known."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 -- only a wrong name pays for it

    return [
        found[0]
        for found in process.extract(
            name,
            list(known),
            scorer=fuzz.WRatio,
            processor=lambda text: text.replace("_", " "),
            limit=3,
            score_cutoff=50,
        )
    ]


def _known(name: Any) -> Any:
    if name not in MEASURES:
        template = msg("there is no measure {name}; the nearest are {nearest}; there are {allowed}")
        raise PydanticCustomError(
            "measure",
            template,
            {"name": name, "nearest": nearest(str(name), MEASURES), "allowed": sorted(MEASURES)},
        )
    return name


MeasureName = Annotated[str, AfterValidator(_known)]
"""A measure's name. Raises a validation error that names the nearest ones."""
