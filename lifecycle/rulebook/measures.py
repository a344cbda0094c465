"""The closed vocabulary of what rules count (spec 6).

A measure that counts or sums events is a row here and nothing else. One that needs a project judged
by the policy has in addition a function of its name in `projections/scoring/measure_values.py`; a
test holds that each row has either.
"""

from __future__ import annotations

from typing import Final

from lifecycle.events import BY_NAME
from lifecycle.events.vocabulary import REACHED_STAGES
from lifecycle.rulebook.measure_form import EventCount, Measure

PROJECT_EVENTS: Final = tuple(name for name, kind in BY_NAME.items() if "project" in kind.streams)
"""Every event of projects: a cadence may begin anew with any of them."""
LIMIT_MEASURES: Final = ("limits_kept", "limits_missed", "days_late")
"""The measures of due days, which name the time limit that they look at."""

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
        "limits_kept",
        "project",
        "count",
        PROJECT_EVENTS,
        (
            "Due days of the time limit that `limit` names, before D and in what is assessed, by "
            "which the project had done what the limit asks for."
        ),
    ),
    Measure(
        "limits_missed",
        "project",
        "count",
        PROJECT_EVENTS,
        "Such due days by which it had not; a cadence falls due again after each miss.",
    ),
    Measure(
        "days_late",
        "project",
        "days",
        PROJECT_EVENTS,
        (
            "Days from each missed due day until the limit was met, fell due again or ended, "
            "at most until D."
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
