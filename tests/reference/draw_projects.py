"""Fields of project events to draw.

Values exactly at the edges of every rule, and just beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from .book import Book, Fields
from .recognition import STAGES
from .schema import CHAINS, KINDS, MILESTONES, SECTORS, SITES, TRAITS, uscc_check_character

SCALES = (
    "10000",
    "2000",
    "50000",
    "50000.000001",
    "100000",
    "100000",
    "9999.999999",
    "1999.999999",
    "1000",
    "999.999999",
    "10000.000001",
    "49999.999999",
    "99999.999999",
    "200000",
    "500000",
    12345,
    "6000.5",
    "0",
)
OUTCOMES = ("passed", "passed", "passed", "passed", "passed", "deferred", "rejected")
FIGURES = (
    "3000",
    "0",
    "2999.999999",
    "5000",
    "4999.999999",
    "1000",
    "0.000001",
    "123.456789",
    "50000.0",
    700,
    "2000",
)
TAXES = ("15", "14.999999", "0", "7.5", "15.000001", "0.000001", "10", 5, "333.333333")
RATIOS = ("0.3", "1", "0.300001", "0.29", "0.299999", "0.30", "0.5", "0")
PLAN_TURNS = (date(2024, 3, 31), date(2024, 6, 30), date(2024, 7, 1), date(2024, 12, 31))
REASONS = ("按程序办理", "领导小组会议决定")
PARCELS = ("A-1", "a－1", "二号地块", "B–2")
PERSONS = ("张三", "李四", "王五", "赵六")


def information(book: Book) -> Fields:
    """`InformationReported` with names that no other project has."""
    place = len(book.records) + 1
    fields: Fields = {
        "reporting_unit": book.pick(book.names("unit")),
        "reported_at": book.instant(),
        "name": f"第{place}号项目",
        "investor": f"投资方{place}有限公司",
        "sector": book.pick(("industrial", *SECTORS)),
        "kind": book.pick(("new", "new", "new", *KINDS)),
        "planned_investment": book.pick(SCALES),
        "planned_fixed_assets": book.pick(SCALES),
        "outside_ratio": book.pick(("0.3", "1", *RATIOS)),
    }
    for name, value in information_options(book, place).items():
        if book.chance(2):
            fields[name] = value
    return fields


def information_options(
    book: Book,
    place: int,
) -> Fields:
    """Its optional fields."""
    first_17 = f"91330824MA2{place:06d}"
    return {
        "investor_code": first_17 + uscc_check_character(first_17),
        "investor_traits": book.some(TRAITS),
        "chains": book.some(CHAINS),
        "site": book.pick(SITES),
        "government_funded": book.chance(6),
        "meets_city_standard": not book.chance(4),
        "lead_person": book.pick(PERSONS),
        "needs_area_mu": book.pick(("30", "0.5")),
        "needs_floor_area_m2": "1200.25",
        "distinct_because": "与他项目无关",
    }


def investment(
    book: Book,
    month: str,
) -> Fields:
    """`InvestmentReported`, self-held parts included."""
    fields: Fields = {"month": month, "fixed_assets": book.pick(FIGURES)}
    if book.chance(2):
        fields["self_held"] = book.pick(("2000", "0", "333.333333"))
        if book.chance(2):
            fields["self_held_state_share"] = book.pick(("0", "100", "2000", "333.333333"))
    return fields


def land(book: Book) -> Fields:
    """`LandAcquired`."""
    fee, share = book.pick(
        (("8000", "1000.5"), ("8000", None), ("8000", "8000"), ("1234.567891", "0"), ("0", None))
    )
    fields: Fields = {"area_mu": book.pick(("50", "33.3")), "transfer_fee": fee}
    if share is not None:
        fields["county_state_share"] = share
    if book.chance(2):
        fields["parcel"] = book.pick(PARCELS)
    return fields


def filing(book: Book) -> Fields:
    """`ProjectFiled` with a code of its own."""
    return {"project_code": f"2403-330824-04-01-{len(book.records) + 1:06d}"}


def schedule(
    book: Book,
    day: date,
) -> Fields:
    """`ScheduleSet`: milestones near quarter ends after the plan's day.

    A reason, which a revision needs.
    """
    due_days = [day + timedelta(days=days) for days in (1, 30, 60, 90, 200)]
    due_days += [turn for turn in PLAN_TURNS if turn > day]
    stages = book.some(STAGES[1:], 4) or ["signing"]
    milestones = [{"stage": stage, "due_on": book.pick(due_days).isoformat()} for stage in stages]
    fields: Fields = {"milestones": milestones}
    if not book.chance(6):
        fields["reason"] = book.pick(REASONS)
    return fields


def transfer(book: Book) -> Fields:
    """`ProjectTransferred` to a unit, or to a zone outside the county."""
    if book.chance(4):
        return {"to_zone": book.pick(("智造新城", "邻县经开区"))}
    return {"to_unit": book.pick(book.names("unit"))}


def assessment(book: Book) -> Fields:
    """`PerformanceAssessed`."""
    return {
        "result": book.pick(("unfulfilled", "fulfilled")),
        "department": "县经信局",
        "method": book.pick(("both", "written", "on_site")),
    }


def consultation(book: Book) -> Fields:
    """`ConsultationHeld`, mostly passed."""
    return {"outcome": book.pick(OUTCOMES)}


def agreement(book: Book) -> Fields:
    """`AgreementSigned`."""
    return {
        "contract_investment": book.pick(SCALES),
        "contract_fixed_assets": book.pick(SCALES),
    }


def amendment(book: Book) -> Fields:
    """`AgreementAmended`: one amount or both."""
    names = book.some(("contract_fixed_assets", "contract_investment")) or ["contract_fixed_assets"]
    fields: Fields = {name: book.pick(SCALES) for name in names}
    if book.chance(3):
        fields["reason"] = book.pick(REASONS)
    return fields


def statistics(book: Book) -> Fields:
    """`StatisticsEntered`, now and then under another name."""
    if book.chance(3):
        return {"statistics_name": "统计名称"}
    return {}


def violation(book: Book) -> Fields:
    """`ViolationFound`."""
    return {"finding": book.pick(("违建一处", "扩建未批"))}


def reasoned(book: Book) -> Fields:
    """`RecognitionDenied` and `ProjectTerminated`."""
    return {"reason": book.pick(REASONS)}


INVESTORS = ("甲集团有限公司", "乙控股", "丙资本")


def investor_change(book: Book) -> Fields:
    """`InvestorChanged`, also to an investor that others have."""
    fields: Fields = {"investor": book.pick(INVESTORS)}
    first_17 = f"91330824MA3{book.pick((1, 2, len(book.records) + 100)):06d}"
    options: Fields = {
        "investor_code": first_17 + uscc_check_character(first_17),
        "investor_traits": book.some(TRAITS),
        "outside_ratio": book.pick(RATIOS),
        "reason": book.pick(REASONS),
    }
    for name, value in options.items():
        if book.chance(2):
            fields[name] = value
    return fields


def milestone(book: Book) -> Fields:
    """`MilestoneReached`."""
    return {"milestone": book.pick(MILESTONES)}


def followed_up(book: Book, day: date) -> Fields:
    """`FollowedUp`, with and without a next day."""
    fields: Fields = {"content": book.pick(("到企业洽谈", "电话沟通"))}
    if not book.chance(3):
        days = book.pick((1, 10, 40, 89, 91))
        fields["next_on"] = (day + timedelta(days=days)).isoformat()
    if book.chance(2):
        fields["next_step"] = "邀请考察"
    return fields


FIXED_FIELDS: Mapping[str, Fields] = {
    "ReviewHeld": {"findings": "无异常"},
    "ViolationCleared": {"finding": "已拆除"},
}
DRAWS: Mapping[str, Callable[[Book], Fields]] = {
    "InformationReported": information,
    "ConsultationHeld": consultation,
    "AgreementSigned": agreement,
    "AgreementAmended": amendment,
    "LandAcquired": land,
    "ProjectFiled": filing,
    "StatisticsEntered": statistics,
    "ProjectTransferred": transfer,
    "PerformanceAssessed": assessment,
    "ViolationFound": violation,
    "InvestorChanged": investor_change,
    "MilestoneReached": milestone,
    "ProjectPaused": reasoned,
    "ProjectResumed": reasoned,
    "RecognitionDenied": reasoned,
    "ProjectTerminated": reasoned,
}


def project_fields(
    book: Book,
    kind: str,
    day: date,
) -> Fields:
    """The fields of a project event other than a sheet.

    The day gives a schedule its start and a figure its month.
    """
    if kind in FIXED_FIELDS:
        return dict(FIXED_FIELDS[kind])
    if kind == "ScheduleSet":
        return schedule(book, day)
    if kind == "FollowedUp":
        return followed_up(book, day)
    month = day.isoformat()[:7]
    if kind == "InvestmentReported":
        return investment(book, month)
    if kind == "TaxPaid":
        return {"month": month, "amount": book.pick(TAXES)}
    return DRAWS[kind](book)


def task(
    book: Book,
    day: date,
) -> Fields:
    """`TaskAssigned`, due soon enough for its ladder to be climbed."""
    fields: Fields = {
        "number": book.sheet_number("TaskAssigned", day),
        "task": book.pick(("督促签约", "落实用地")),
        "responsible_unit": book.pick(book.names("unit")),
        "due_on": (day + timedelta(days=book.pick((7, 0, 1, 20, 70)))).isoformat(),
    }
    options = {"stage": book.pick(STAGES[::-1]), "mandate": "月会商"}
    for name, value in options.items():
        if not book.chance(3):
            fields[name] = value
    return fields


def follow_up(
    book: Book,
    about: str,
    kind: str,
    day: date,
) -> Fields:
    """A sheet about one of the project's tasks."""
    if kind == "TaskReopened":
        return {"about": about, "reason": book.pick(REASONS)}
    fields: Fields = {"number": book.sheet_number(kind, day), "about": about}
    if kind == "SupervisionIssued":
        rectify_by = day + timedelta(days=book.pick((7, 1, 3)))
        return {**fields, "problem": "逾期未办", "rectify_by": rectify_by.isoformat()}
    if kind == "TaskCleared":
        evidence = [{"name": "销号材料.pdf", "sha256": "cd" * 32}]
        return {
            **fields,
            "result": "已办结",
            "submitted_by": "张三",
            "reviewed_by": "李四",
            "evidence": evidence,
        }
    if kind == "ExposurePublished":
        return {**fields, "facts": "多次督办未办", "approved_by": "王五"}
    return fields
