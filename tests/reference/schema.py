"""The fields of every event that the generator may draw, and their types (spec 1).

Written for judging records, so each type is a plain question about one JSON value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

Check = Callable[[Any], bool]

STAGES = ("information", "consultation", "signing", "land", "filing", "statistics", "investment")
SECTORS = (
    "industrial",
    "cultural_tourism",
    "agricultural",
    "service",
    "real_estate",
    "real_estate_balanced",
    "other",
)
MILESTONES = ("construction_started", "completed", "production_started", "full_production")
KINDS = ("new", "technical_upgrade")
TRAITS = (
    "out_of_province",
    "foreign",
    "unicorn",
    "specialised",
    "state_owned",
    "central_soe",
    "listed",
    "top500_private",
)
CHAINS = ("silicone", "sugar_alcohol", "pv_semiconductor", "cards", "digital_economy")
SITES = ("new_land", "standard_factory", "idle_revitalised")
CATEGORIES = (
    "township",
    "department",
    "outpost_group",
    "area_group",
    "industry_squad",
    "landing_group",
)
MEETINGS = (
    "monthly_consultation",
    "quarterly_joint",
    "half_year_promotion",
    "annual_summary",
    "ad_hoc",
)

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc_check_character(first_17: str) -> str:
    """GB 32100-2015: weights 3^i mod 31, the check character makes the sum a multiple of 31."""
    total = sum(
        USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first_17)
    )
    return USCC_ALPHABET[-total % 31]


def parsed(
    value: Any,
    read: Callable[[str], object],
) -> bool:
    """Whether the text can be read."""
    try:
        read(value)
    except (TypeError, ValueError):
        return False
    return True


def text(value: Any) -> bool:
    """Text that the border leaves as it is."""
    return isinstance(value, str) and bool(value) and value == value.strip() and value.isprintable()


def flag(value: Any) -> bool:
    """A boolean."""
    return isinstance(value, bool)


def amount(value: Any) -> bool:
    """An exact decimal of at most 6 places, as a string, or an integer."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value >= 0
    return isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]{1,6})?", value) is not None


def points(value: Any) -> bool:
    """As an amount, but may be negative."""
    return amount(value.removeprefix("-") if isinstance(value, str) else value)


def ratio(value: Any) -> bool:
    """A number from 0 to 1."""
    return amount(value) and Fraction(str(value)) <= 1


def count(value: Any) -> bool:
    """A whole number of at least 1."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def day(value: Any) -> bool:
    """An ISO date."""
    return (
        isinstance(value, str)
        and len(value) == len("2024-01-01")
        and parsed(value, date.fromisoformat)
    )


def instant(value: Any) -> bool:
    """An ISO datetime."""
    return isinstance(value, str) and "T" in value and parsed(value, datetime.fromisoformat)


def month(value: Any) -> bool:
    """A month `YYYY-MM`."""
    return isinstance(value, str) and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value) is not None


def period(value: Any) -> bool:
    """A year, a half-year, a quarter or a month."""
    return (
        isinstance(value, str)
        and re.fullmatch(r"[0-9]{4}(-H[12]|-Q[1-4]|-(0[1-9]|1[0-2]))?", value) is not None
    )


def filing_code(value: Any) -> bool:
    """A national project code, digits grouped 4-6-2-2-6."""
    return (
        isinstance(value, str)
        and re.fullmatch(r"[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}", value) is not None
    )


def credit_code(value: Any) -> bool:
    """A 统一社会信用代码 whose check character is right."""
    known = (
        isinstance(value, str) and len(value) == 18 and all(char in USCC_ALPHABET for char in value)
    )
    return known and value[17] == uscc_check_character(value[:17])


def one_of(*allowed: str) -> Check:
    """A word of a vocabulary."""
    return lambda value: value in allowed


def some_of(*allowed: str) -> Check:
    """A list of different words of a vocabulary."""
    return lambda value: (
        isinstance(value, list) and len(set(value)) == len(value) and set(value) <= set(allowed)
    )


def days(value: Any) -> bool:
    return isinstance(value, list) and all(day(item) for item in value)


def texts(value: Any) -> bool:
    """A list of different texts."""
    return isinstance(value, list) and all(map(text, value)) and len(set(value)) == len(value)


def milestones(value: Any) -> bool:
    """At least one `{stage, due_on}`; each stage but `information` at most once."""
    stages = [each["stage"] for each in value]
    return bool(stages) and len(set(stages)) == len(stages) and set(stages) <= set(STAGES[1:])


def evidence(value: Any) -> bool:
    """A list of `{name, sha256}`."""
    return isinstance(value, list) and all(
        set(each) == {"name", "sha256"} and re.fullmatch(r"[0-9a-f]{64}", each["sha256"])
        for each in value
    )


SHEETS = {
    "TaskAssigned": "交",
    "WarningIssued": "警",
    "SupervisionIssued": "督",
    "TaskCleared": "销",
    "ExposurePublished": "曝",
}
CORRECTABLE_ENVELOPE: Mapping[str, Check] = {
    "occurred_on": day,
    "source_ref": text,
    "evidence": evidence,
    "note": text,
}
ENVELOPE: Mapping[str, Check] = {
    **CORRECTABLE_ENVELOPE,
    "recorded_at": instant,
    "recorded_by": text,
    "key": text,
}
PROJECT_EVENTS: Mapping[str, Mapping[str, Check]] = {
    "InformationReported": {
        "reporting_unit": text,
        "reported_at": instant,
        "name": text,
        "investor": text,
        "investor_code?": credit_code,
        "sector": one_of(*SECTORS),
        "kind": one_of(*KINDS),
        "planned_investment": amount,
        "planned_fixed_assets": amount,
        "outside_ratio": ratio,
        "investor_traits?": some_of(*TRAITS),
        "chains?": some_of(*CHAINS),
        "site?": one_of(*SITES),
        "government_funded?": flag,
        "meets_city_standard?": flag,
        "lead_person?": text,
        "needs_area_mu?": amount,
        "needs_floor_area_m2?": amount,
        "distinct_because?": text,
    },
    "ConsultationHeld": {"outcome": one_of("passed", "rejected", "deferred")},
    "AgreementSigned": {"contract_investment": amount, "contract_fixed_assets": amount},
    "AgreementAmended": {
        "contract_investment?": amount,
        "contract_fixed_assets?": amount,
        "reason?": text,
    },
    "LandAcquired": {
        "area_mu": amount,
        "transfer_fee": amount,
        "county_state_share?": amount,
        "parcel?": text,
    },
    "ProjectFiled": {"project_code": filing_code},
    "StatisticsEntered": {"statistics_name?": text},
    "InvestmentReported": {
        "month": month,
        "fixed_assets": amount,
        "self_held?": amount,
        "self_held_state_share?": amount,
    },
    "TaxPaid": {"month": month, "amount": amount},
    "ScheduleSet": {"milestones": milestones, "reason?": text},
    "ProjectTransferred": {"to_unit?": text, "to_zone?": text},
    "ProjectTerminated": {"reason": text},
    "ViolationFound": {"finding": text},
    "ViolationCleared": {"finding": text},
    "RecognitionDenied": {"reason": text},
    "PerformanceAssessed": {
        "result": one_of("fulfilled", "unfulfilled"),
        "department": text,
        "method": one_of("written", "on_site", "both"),
    },
    "InvestorChanged": {
        "investor": text,
        "investor_code?": credit_code,
        "investor_traits?": some_of(*TRAITS),
        "outside_ratio?": ratio,
        "reason?": text,
        "distinct_because?": text,
    },
    "MilestoneReached": {"milestone": one_of(*MILESTONES)},
    "FollowedUp": {"content": text, "next_step?": text, "next_on?": day},
    "ProjectPaused": {"reason": text},
    "ProjectResumed": {"reason": text},
    "ReviewHeld": {"findings": text},
    "TaskAssigned": {
        "number": text,
        "task": text,
        "responsible_unit": text,
        "due_on": day,
        "stage?": one_of(*STAGES),
        "mandate?": text,
    },
    "WarningIssued": {"number": text, "about": text},
    "SupervisionIssued": {"number": text, "about": text, "problem": text, "rectify_by": day},
    "TaskCleared": {
        "number": text,
        "about": text,
        "result": text,
        "submitted_by": text,
        "reviewed_by": text,
    },
    "TaskReopened": {"about": text, "reason": text},
    "ExposurePublished": {"number": text, "about": text, "facts": text, "approved_by": text},
}
UNIT_EVENTS: Mapping[str, Mapping[str, Check]] = {
    "UnitRegistered": {"sequence": text, "category": one_of(*CATEGORIES)},
    "UnitRenamed": {"name": text},
    "UnitRegrouped": {"sequence": text, "category?": one_of(*CATEGORIES)},
    "UnitDissolved": {"successor?": text},
    "ActivityHeld": {"activity": text, "led_by_head": flag},
    "RoutineAssessed": {"item": text, "points": points, "month": month},
    "AwardWon": {"title": one_of("招商能手", "双招双引能手"), "person": text},
    "CadreSeconded": {"person": text, "group": one_of("area_group", "landing_group")},
    "LandingServiceFailed": {
        "failure": one_of("not_first_time", "absent_from_decision"),
        "about_project?": text,
    },
    "MajorProjectSupported": {"about_project": text},
    "UnitListed": {"board": one_of("red", "black"), "month": month, "reason": text},
    "IndicatorReported": {
        "indicator": text,
        "period": period,
        "actual": amount,
        "target?": amount,
        "shared_by?": count,
        "unit_of_measure?": text,
    },
}
COUNTY_EVENTS: Mapping[str, Mapping[str, Check]] = {
    "TargetSet": {
        "year": count,
        "indicator": text,
        "amount": amount,
        "for_unit?": text,
        "period?": period,
    },
    "MeetingHeld": {"meeting": one_of(*MEETINGS), "decisions?": text},
    "WorkingDaysArranged": {"year": count, "off": days, "worked?": days},
}
RESOURCE_FIELDS: Mapping[str, Check] = {
    "kind": one_of("plot", "standard_plant", "idle_plant", "building", "tourism_asset"),
    "name": text,
    "location": text,
    "area_mu?": amount,
    "floor_area_m2?": amount,
    "industries?": texts,
    "price?": amount,
    "price_per?": one_of("mu", "m2_year"),
    "available_on?": day,
}
RESOURCE_EVENTS: Mapping[str, Mapping[str, Check]] = {
    "ResourceListed": RESOURCE_FIELDS,
    "ResourceChanged": {
        f"{name.removesuffix('?')}?": each for name, each in RESOURCE_FIELDS.items()
    },
    "ResourceAllotted": {"project": text, "area_mu?": amount, "floor_area_m2?": amount},
    "ResourceReleased": {"project": text},
    "ResourceWithdrawn": {"reason": text},
}
STREAMS = {
    "project": PROJECT_EVENTS,
    "unit": UNIT_EVENTS,
    "county": COUNTY_EVENTS,
    "resource": RESOURCE_EVENTS,
}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "InformationReported": {
        "investor_traits": [],
        "chains": [],
        "site": "new_land",
        "government_funded": False,
        "meets_city_standard": False,
    },
    "LandAcquired": {"county_state_share": "0"},
    "ResourceListed": {"industries": []},
    "InvestmentReported": {"self_held": "0", "self_held_state_share": "0"},
    "IndicatorReported": {"shared_by": 1},
}


def required(
    kind: str,
    stream: str,
) -> set[str]:
    """The fields an event must have."""
    return {name for name in STREAMS[stream][kind] if not name.endswith("?")}


def types_of(
    kind: str,
    stream: str,
) -> dict[str, Check]:
    """Each field of an event, required or optional, with its type."""
    return {name.removesuffix("?"): check for name, check in STREAMS[stream][kind].items()}


def field_problems(
    fields: Mapping[str, Any],
    stream: str,
) -> list[str]:
    """What is missing, unknown or of a wrong type in a record other than a correction."""
    kind = fields["event"]
    types = {**types_of(kind, stream), **ENVELOPE}
    named = {"event", stream}
    given = {name: value for name, value in fields.items() if name not in named}
    missing = [f"{kind}: {name} is missing" for name in sorted(required(kind, stream) - set(given))]
    unknown = [f"{kind}: unknown field {name}" for name in given if name not in types]
    wrong = [
        f"{kind}: {name} is {value!r}"
        for name, value in given.items()
        if name in types and not types[name](value)
    ]
    return missing + unknown + wrong
