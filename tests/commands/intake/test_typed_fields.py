"""A field reads what a person types and writes what a person would type."""

from __future__ import annotations

from typing import Any

import pytest

from commands.intake.typed_fields import TypedField, event_named, fields_of_kind
from commands.words.event_words import FIELD_BY_CHINESE
from lifecycle.events import BY_NAME


def field(event: str, name: str) -> TypedField:
    (named,) = [field for field in fields_of_kind(BY_NAME[event]) if field.name == name]
    return named


@pytest.mark.parametrize(
    ("event", "name", "text", "value"),
    [
        ("InformationReported", "sector", "工业", "industrial"),
        ("InformationReported", "sector", " industrial ", "industrial"),
        ("InformationReported", "government_funded", "是", True),
        ("InformationReported", "chains", "有机硅、糖醇", ["silicone", "sugar_alcohol"]),
        ("InformationReported", "chains", "cards;有机硅", ["cards", "silicone"]),
        (
            "ScheduleSet",
            "milestones",
            "土地摘牌＝2024-06-30，filing=2024-08-31",
            [
                {"stage": "land", "due_on": "2024-06-30"},
                {"stage": "filing", "due_on": "2024-08-31"},
            ],
        ),
        ("InformationReported", "name", "光伏、支架", "光伏、支架"),
    ],
)
def test_a_text_is_read_by_the_fields_form(event: str, name: str, text: str, value: Any) -> None:
    assert field(event, name).read(text) == value


@pytest.mark.parametrize(
    ("event", "name", "value", "text"),
    [
        ("InformationReported", "sector", "industrial", "工业"),
        ("InformationReported", "government_funded", True, "是"),
        ("InformationReported", "chains", ["silicone", "cards"], "有机硅、卡牌"),
        ("InformationReported", "name", None, ""),
        (
            "ScheduleSet",
            "milestones",
            [{"stage": "land", "due_on": "2024-06-30"}],
            "土地摘牌=2024-06-30",
        ),
    ],
)
def test_a_value_is_written_as_it_would_be_typed(
    event: str, name: str, value: Any, text: str
) -> None:
    assert field(event, name).write(value) == text


def test_a_required_day_is_asked_for_first() -> None:
    assert fields_of_kind(BY_NAME["AgreementSigned"])[0].name == "occurred_on"
    assert fields_of_kind(BY_NAME["InvestmentReported"])[0].name != "occurred_on"


def test_a_clearing_needs_evidence() -> None:
    assert field("TaskCleared", "evidence").required
    assert not field("TaskAssigned", "evidence").required


@pytest.mark.parametrize("name", ["AgreementSigned", "正式签约"])
def test_an_event_is_named_either_way(name: str) -> None:
    assert event_named(name) is BY_NAME["AgreementSigned"]


def test_an_unknown_event_is_none() -> None:
    assert event_named("签约仪式") is None


def test_names_of_0_1_0_are_still_read() -> None:
    assert event_named("落地服务失职") is event_named("落地服务保障不力") is not None
    assert FIELD_BY_CHINESE["实绩"] == FIELD_BY_CHINESE["完成数"] == "actual"


def test_a_year_is_typed_as_counts_are() -> None:
    assert field("TargetSet", "year").read("２０２４") == 2024


@pytest.mark.parametrize("text", ["0", "07", "1.5", "三", "1234567890"])
def test_what_is_no_count_is_left_for_the_field_to_reject(text: str) -> None:
    assert field("IndicatorReported", "shared_by").read(text) == text
