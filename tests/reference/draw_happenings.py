"""Short lawful histories of what the random rulebooks count."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from .draw_policies import INDICATORS, Data, Draw
from .recognition import MILESTONES

UNITS = ("甲单位", "乙单位", "丙单位", "丁单位")
SEQUENCES = ("一序列", "一序列", "二序列")


@st.composite
def happenings(draw: st.DrawFn) -> list[Data]:
    """Two to four units, up to four projects, figures and targets, in a lawful order."""
    drawn = Draw(draw)
    records: list[Data] = []
    names = UNITS[: draw(st.integers(2, 4))]
    for name in names:
        category = drawn.pick(("township", "outpost_group", "department"))
        records.append(
            {
                "event": "UnitRegistered",
                "unit": name,
                "occurred_on": "2024-01-01",
                "sequence": drawn.pick(SEQUENCES),
                "category": category,
            }
        )
    for number in range(draw(st.integers(0, 4))):
        records += project(drawn, f"P{number}", names)
    for number in range(draw(st.integers(0, 14))):
        records.append({**fact(drawn, drawn.pick(names)), "key": f"k{number}"})
    if draw(st.integers(0, 3)) == 0:
        records.append(rearranged(drawn))
    stamped = [
        {
            **record,
            "recorded_at": f"2025-02-01T09:{place // 60:02d}:{place % 60:02d}+08:00",
            "recorded_by": "甲",
        }
        for place, record in enumerate(records)
    ]
    if draw(st.booleans()):
        stamped += corrections(drawn, stamped)
    return stamped


def rearranged(drawn: Draw) -> Data:
    """The working days of 2024 as the county recorded them, unlike those that were arranged."""
    return {
        "event": "WorkingDaysArranged",
        "occurred_on": drawn.pick(("2023-12-20", "2024-06-30", "2024-07-10")),
        "year": 2024,
        "off": drawn.some(("2024-02-12", "2024-03-04", "2024-05-06", "2024-07-08", "2023-12-29")),
        "worked": drawn.some(("2024-03-09", "2024-05-18", "2024-07-06", "2024-12-29")),
    }


class About(NamedTuple):
    """The project whose life is drawn."""

    code: str
    month: str
    size: str
    names: tuple[str, ...]


def project(
    drawn: Draw,
    code: str,
    names: tuple[str, ...],
) -> list[Data]:
    """A project and some of its life."""
    size = drawn.pick(("1000", "5000.5", "20000"))
    month = drawn.pick((2, 5, 6, 9))
    fields = {
        "name": code,
        "investor": code,
        "sector": drawn.pick(("industrial", "service")),
        "kind": drawn.pick(("new", "technical_upgrade")),
        "site": drawn.pick(("new_land", "standard_factory")),
        "chains": drawn.pick(([], ["cards"])),
        "planned_investment": size,
        "planned_fixed_assets": "1500",
        "outside_ratio": drawn.pick(("0.5", "0.299999")),
        "investor_traits": drawn.pick(([], ["foreign"])),
        **drawn.maybe(meets_city_standard=True),
    }
    if drawn.draw(st.integers(0, 7)) == 0:
        fields["government_funded"] = True
    year = drawn.pick((2024, 2024, 2023))
    life = [make for make in LIFE if drawn.draw(st.booleans())]
    records: list[Data] = [
        {
            "event": "InformationReported",
            "reporting_unit": drawn.pick(names),
            "reported_at": f"{year}-01-10T09:00:00+08:00",
            **fields,
        }
    ]
    if signed not in life and amended in life:
        life.remove(amended)
    for make in life:
        records += make(drawn, About(code, f"{year}-{month:02d}", size, names))
    return [{**record, "project": code} for record in records]


def consulted(
    drawn: Draw,
    about: About,
) -> list[Data]:
    return [
        {
            "event": "ConsultationHeld",
            "occurred_on": drawn.pick((f"{about.month}-03", "2024-03-31", "2024-04-01")),
            "outcome": "passed",
        }
    ]


def signed(
    drawn: Draw,
    about: About,
) -> list[Data]:
    return [
        {
            "event": "AgreementSigned",
            "occurred_on": f"{about.month}-20",
            "contract_investment": about.size,
            "contract_fixed_assets": drawn.pick(("1999.999999", "2000")),
        }
    ]


def amended(
    drawn: Draw,
    about: About,
) -> list[Data]:
    """One or two supplements, of days after every signing that is drawn."""
    return [
        {
            "event": "AgreementAmended",
            "key": f"{about.code}-{number}",
            "occurred_on": drawn.pick(("2024-09-20", "2024-10-08")),
            **drawn.pick(
                (
                    {"contract_investment": "30000"},
                    {"contract_fixed_assets": "60000"},
                    {"contract_investment": "0", "contract_fixed_assets": "2000"},
                )
            ),
        }
        for number in range(drawn.pick((1, 2)))
    ]


def planned(
    drawn: Draw,
    _about: About,
) -> list[Data]:
    days = ("2024-02-29", "2024-03-31", "2024-06-30", "2024-07-01", "2024-12-31")
    plans = [
        {
            "event": "ScheduleSet",
            "occurred_on": "2024-02-02",
            "milestones": [
                {"stage": stage, "due_on": drawn.pick(days)}
                for stage in drawn.some(("signing", "land", "statistics", "investment"))
            ],
        }
    ]
    if drawn.draw(st.booleans()):
        plans.append(
            {
                "event": "ScheduleSet",
                "occurred_on": drawn.pick(("2024-06-30", "2024-07-01")),
                "milestones": [{"stage": "land", "due_on": "2024-08-31"}],
                "reason": "改期",
            }
        )
    return plans


def landed(
    drawn: Draw,
    _about: About,
) -> list[Data]:
    parcels = drawn.pick(({}, {"parcel": "A-1"})), {"parcel": "A-2"}
    return [
        {
            "event": "LandAcquired",
            "occurred_on": drawn.pick(("2024-06-30", "2024-07-01", "2023-12-31")),
            "area_mu": "10",
            "transfer_fee": "300",
            **drawn.maybe(county_state_share="100.5"),
            **parcel,
        }
        for parcel in parcels[: drawn.pick((1, 2))]
    ]


def filed(
    drawn: Draw,
    about: About,
) -> list[Data]:
    return [
        {
            "event": "ProjectFiled",
            "occurred_on": drawn.pick(("2024-05-31", "2024-09-30")),
            "project_code": f"2101-330824-04-01-{about.code[1:]:>06}",
        }
    ]


def taxed(
    drawn: Draw,
    about: About,
) -> list[Data]:
    return [
        {"event": "TaxPaid", "month": month, "amount": drawn.pick(("15", "0.000001", "0"))}
        for month in drawn.some((about.month, "2024-10"))
    ]


def transferred(
    drawn: Draw,
    about: About,
) -> list[Data]:
    return [
        {
            "event": "ProjectTransferred",
            "occurred_on": "2024-07-01",
            "to_unit": drawn.pick(about.names),
        }
    ]


def invested(
    drawn: Draw,
    _about: About,
) -> list[Data]:
    figures = [
        {
            "event": "InvestmentReported",
            "month": month,
            "fixed_assets": drawn.pick(("50", "1000", "0")),
            **drawn.pick(
                ({}, {"self_held": "200"}, {"self_held": "200.5", "self_held_state_share": "50"})
            ),
        }
        for month in drawn.some(("2024-07", "2024-08", "2024-11"))
    ]
    return [
        {"event": "StatisticsEntered", "occurred_on": drawn.pick(("2024-07-02", "2024-08-31"))},
        *figures,
    ]


def judged(
    drawn: Draw,
    _about: About,
) -> list[Data]:
    return [
        {
            "event": "PerformanceAssessed",
            "occurred_on": on,
            "result": drawn.pick(("fulfilled", "unfulfilled")),
            "department": "县商务局",
            "method": "on_site",
        }
        for on in drawn.some(("2023-12-31", "2024-05-15", "2024-12-31"))
    ]


def shut_out(
    drawn: Draw,
    _about: About,
) -> list[Data]:
    if drawn.draw(st.booleans()):
        return [
            {
                "event": drawn.pick(("RecognitionDenied", "ProjectTerminated")),
                "occurred_on": drawn.pick(("2024-12-01", "2024-12-31")),
                "reason": "不符",
            }
        ]
    violation = {"event": "ViolationFound", "occurred_on": "2024-05-01", "finding": "违建"}
    return [
        violation,
        {
            "event": "ViolationCleared",
            "occurred_on": drawn.pick(("2024-05-20", "2024-08-01")),
            "finding": "拆除",
        },
    ][: drawn.pick((1, 2))]


def taken_over(
    drawn: Draw,
    about: About,
) -> list[Data]:
    """One or two changes of the investor."""
    return [
        {
            "event": "InvestorChanged",
            "occurred_on": drawn.pick(("2023-12-31", "2024-04-10", "2024-08-31")),
            "investor": f"{about.code}的新投资方{number}",
            **drawn.maybe(investor_traits=lambda: drawn.some(("unicorn", "listed"))),
            **drawn.maybe(outside_ratio=lambda: drawn.pick(("0.29", "0.3", "0.7"))),
        }
        for number in range(drawn.pick((1, 2)))
    ]


def built(
    drawn: Draw,
    _about: About,
) -> list[Data]:
    """Milestones of construction, in any order of days."""
    days = ("2024-04-01", "2024-08-15", "2024-10-01", "2023-12-31")
    return [
        {"event": "MilestoneReached", "milestone": milestone, "occurred_on": drawn.pick(days)}
        for milestone in drawn.some(MILESTONES)
    ]


def followed_up(
    drawn: Draw,
    _about: About,
) -> list[Data]:
    days = ("2023-12-31", "2024-02-10", "2024-03-08", "2024-05-20", "2024-06-30", "2024-11-30")
    return [
        {"event": "FollowedUp", "occurred_on": day, "content": "走访"} for day in drawn.some(days)
    ]


def paused(
    drawn: Draw,
    _about: About,
) -> list[Data]:
    pause = {"event": "ProjectPaused", "occurred_on": drawn.pick(("2024-03-09", "2024-05-20"))}
    resumption = {
        "event": "ProjectResumed",
        "occurred_on": drawn.pick(("2024-05-20", "2024-08-31")),
    }
    changes = [pause, resumption][: drawn.pick((1, 2, 2))]
    return [{**change, "reason": "市场"} for change in changes]


LIFE = (
    consulted,
    signed,
    amended,
    planned,
    landed,
    filed,
    taxed,
    transferred,
    invested,
    built,
    taken_over,
    judged,
    followed_up,
    paused,
    shut_out,
)


def fact(
    drawn: Draw,
    unit: str,
) -> Data:
    """Something that a unit did or was set."""
    kind = drawn.pick(("IndicatorReported",) * 5 + ("TargetSet", "ActivityHeld"))
    day = drawn.pick(
        (
            "2024-02-28",
            "2024-03-31",
            "2024-05-15",
            "2024-08-01",
            "2024-12-31",
            "2023-05-15",
            "2023-12-31",
        )
    )
    if kind == "TargetSet":
        year = drawn.pick((2024, 2023))
        part = drawn.pick(("", "", "-H1", "-H2", "-Q1", "-Q4", "-05", "-12"))
        of_period = {"period": f"{year}{part}"} if part else {}
        return {
            "event": kind,
            "occurred_on": day,
            "year": year,
            "indicator": "goal",
            "amount": drawn.pick(("2", "0", "7.5")),
            "for_unit": unit,
            **of_period,
        }
    if kind == "ActivityHeld":
        return {
            "event": kind,
            "unit": unit,
            "occurred_on": day,
            "activity": "招商推介",
            "led_by_head": drawn.draw(st.booleans()),
        }
    period = drawn.pick(
        (
            "2024",
            "2024-01",
            "2024-05",
            "2024-08",
            "2024-Q1",
            "2024-Q2",
            "2024-Q3",
            "2024-H1",
            "2024-H2",
            "2023",
            "2023-05",
            "2023-Q2",
            "2023-H1",
            day[:7],
        )
    )
    optional_fields = drawn.maybe(
        target=lambda: drawn.pick(("0", "3", "10")), shared_by=lambda: drawn.pick((1, 2, 3))
    )
    return {
        "event": kind,
        "unit": unit,
        "occurred_on": day,
        "indicator": drawn.pick(INDICATORS),
        "period": period,
        "actual": drawn.pick(("1", "2.5", "0", "4", "0.333333")),
        **optional_fields,
    }


def corrections(
    drawn: Draw,
    records: list[Data],
) -> list[Data]:
    """One figure corrected, or void."""
    figures = [record for record in records if record["event"] == "IndicatorReported"]
    if not figures:
        return []
    figure = drawn.pick(figures)
    of_unit = [record for record in records if record.get("unit") == figure["unit"]]
    version = 1 + of_unit.index(figure)
    replacement = drawn.pick((None, {"actual": "6"}, {"period": "2024-05"}))
    return [
        {
            "event": "FactCorrected",
            "unit": figure["unit"],
            "occurred_on": "2025-01-02",
            "corrects": version,
            "replacement": replacement,
            "reason": "误录",
            "approved_by": "余敏",
            "recorded_at": "2025-03-01T09:00:00+08:00",
            "recorded_by": "甲",
        }
    ]
