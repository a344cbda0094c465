"""What a heading of an office's ledger means, also where the heading above it says of what."""

from __future__ import annotations

import pytest

from commands.intake.register_meanings import heading_meaning
from commands.words.register_words import HeadingMeaning


@pytest.mark.parametrize(
    ("heading", "event", "field"),
    [
        ("签约情况/时间", "AgreementSigned", "occurred_on"),
        ("签约情况/总投资", "AgreementSigned", "contract_investment"),
        ("土地摘牌/日期", "LandAcquired", "occurred_on"),
        ("项目备案情况/时 间", "ProjectFiled", "occurred_on"),
        ("入库（统）/时间", "StatisticsEntered", "occurred_on"),
        ("首报情况/时间", "InformationReported", "reported_at"),
        ("决策咨询/日期", "ConsultationHeld", "occurred_on"),
    ],
)
def test_a_bare_heading_means_what_the_one_above_it_is_about(
    heading: str, event: str, field: str
) -> None:
    guess = heading_meaning(heading)
    assert guess is not None
    assert (guess.meaning, guess.is_sure) == (HeadingMeaning(event, field), False)


@pytest.mark.parametrize("heading", ["时间", "联系人/日期", "形象进度/时间"])
def test_a_bare_day_of_nothing_known_means_nothing(heading: str) -> None:
    assert heading_meaning(heading) is None


@pytest.mark.parametrize("heading", ["项目性质", "项目类型", "建设类型"])
def test_whether_a_project_is_new_stands_under_several_headings(heading: str) -> None:
    guess = heading_meaning(heading)
    assert guess is not None
    assert guess.meaning == HeadingMeaning("InformationReported", "kind")
