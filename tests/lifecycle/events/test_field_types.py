"""The values that each type of field accepts, rejects and normalises."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events.codec import fields_of
from lifecycle.events.project_events import InformationReported, InvestmentReported
from lifecycle.rejections import Rejected
from tests.given import of, reported, unit


def problems(record: dict[str, Any]) -> list[tuple[str, str | None]]:
    with pytest.raises(Rejected) as rejection:
        read_record(record)
    return [(problem.rule, problem.field) for problem in rejection.value.problems]


@pytest.mark.parametrize(
    "amount",
    [
        "1e5",
        "+1",
        "-1",
        " 1 2",
        "1_000",
        "NaN",
        "Infinity",
        "１２",
        "1,000",
        "1.",
        ".5",
        "1.0000001",
        "",
        "0x1",
        "١",
        " 5",
        "5 ",
        "9" * 19,
        True,
        1.5,
        None,
        [1],
    ],
)
def test_an_amount_is_written_in_plain_digits(amount: Any) -> None:
    expected = "missing" if amount is None else {str: "number"}.get(type(amount), "number_text")
    rejected = problems(of("TaxPaid", None, month="2024-03", amount=amount))
    assert rejected in ([(expected, "amount")], [("number_text", "amount")])


@pytest.mark.parametrize(
    ("amount", "stored"),
    [
        ("1.0", "1"),
        ("007", "7"),
        (12, "12"),
        ("0.000001", "0.000001"),
        ("100", "100"),
        ("9" * 18, "9" * 18),
    ],
)
def test_an_amount_is_stored_plainly(amount: Any, stored: str) -> None:
    assert (
        fields_of(read_record(of("TaxPaid", None, month="2024-03", amount=amount)).event)["amount"]
        == stored
    )


@pytest.mark.parametrize(
    ("ratio", "rule"),
    [("1.000001", "ratio"), ("2", "ratio"), ("-0.1", "number"), ("30%", "number")],
)
def test_a_ratio_lies_between_zero_and_one(ratio: str, rule: str) -> None:
    assert problems(reported(outside_ratio=ratio)) == [(rule, "outside_ratio")]
    assert fields_of(read_record(reported(outside_ratio="1")).event)["outside_ratio"] == "1"


def test_points_alone_may_be_negative() -> None:
    mark = {
        "event": "RoutineAssessed",
        "unit": "华埠镇",
        "month": "2024-03",
        "item": "台账",
        "points": "-0.50",
    }
    assert fields_of(read_record(mark).event)["points"] == "-0.5"
    assert problems({**mark, "points": "--1"}) == [("number", "points")]


@pytest.mark.parametrize(
    "day",
    [
        "2024-02-30",
        "2024-2-1",
        "20240201",
        "2024/02/01",
        "1899-12-31",
        "2200-01-01",
        45000,
        "2024-02-01T00:00:00",
    ],
)
def test_a_day_is_an_iso_date(day: Any) -> None:
    assert problems(of("StatisticsEntered", None, occurred_on=day)) == [("date", "occurred_on")]


def test_a_time_without_a_zone_is_shanghai_s_and_others_are_converted() -> None:
    plain, zoned = (
        read_record(reported(reported_at="2024-01-10 23:30")).event,
        read_record(reported(reported_at="2024-01-10T23:30:00Z")).event,
    )
    assert isinstance(plain, InformationReported)
    assert isinstance(zoned, InformationReported)
    assert plain.reported_at == datetime.fromisoformat("2024-01-10T23:30:00+08:00")
    assert (plain.on, zoned.on) == (date(2024, 1, 10), date(2024, 1, 11))
    assert problems(reported(reported_at="10 January")) == [("datetime", "reported_at")]
    assert problems(reported(reported_at="2024-13-10T09:00:00")) == [("datetime", "reported_at")]


def test_the_report_is_always_dated_by_its_own_time() -> None:
    report = read_record(reported(occurred_on="2024-01-10")).event
    assert "occurred_on" not in fields_of(report)
    assert problems(reported(occurred_on="2024-01-11")) == [("occurred_on", None)]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1fb", "a\x7fb", "a\ud800b"])
def test_text_holds_no_control_characters(text: str) -> None:
    assert problems(reported(name=text))[0][1] == "name"


def test_text_is_composed_and_trimmed() -> None:
    assert fields_of(read_record(reported(name="  cafe\u0301 ")).event)["name"] == "caf\u00e9"
    assert problems(reported(name="   ")) == [("text_empty", "name")]
    assert problems(reported(name="长" * 201)) == [("length", "name")]
    assert read_record(reported(note="  ", lead_person="")).event.note is None


@pytest.mark.parametrize(
    "code",
    ["91330824MA28F3XN0Q", "123", "91330824MA28F3XN0", "O1330824MA28F3XN0R", "91330824 MA28F3XN0R"],
)
def test_a_credit_code_has_a_right_check_character(code: str) -> None:
    assert problems(reported(investor_code=code)) == [("credit_code", "investor_code")]


def test_a_credit_code_is_kept_in_capitals() -> None:
    from stdnum.cn import uscc

    body = "91330824MA28F3XN0"
    code = body + uscc.calc_check_digit(body)
    assert (
        fields_of(read_record(reported(investor_code=code.lower())).event)["investor_code"] == code
    )


@pytest.mark.parametrize(
    "code", ["2403-330824-04-01-12345", "2403330824040112345678", "24O3-330824-04-01-123456"]
)
def test_a_filing_code_is_grouped(code: str) -> None:
    assert problems(of("ProjectFiled", project_code=code)) == [("form", "project_code")]


@pytest.mark.parametrize("month", ["2024-13", "2024-1", "202401", "2024-00"])
def test_a_month_is_year_and_month(month: str) -> None:
    assert ("form", "month") in problems(of("TaxPaid", None, month=month, amount="1"))


def test_a_monthly_fact_is_dated_by_its_months_last_day_or_within_it() -> None:
    figure = read_record(of("InvestmentReported", None, month="2024-02", fixed_assets="5")).event
    assert isinstance(figure, InvestmentReported)
    assert figure.on == date(2024, 2, 29)
    assert read_record(
        of("InvestmentReported", "2024-02-10", month="2024-02", fixed_assets="5")
    ).event.on == date(2024, 2, 10)
    assert problems(of("InvestmentReported", "2024-03-01", month="2024-02", fixed_assets="5")) == [
        ("month", None)
    ]


def test_shares_are_at_most_the_whole() -> None:
    assert problems(
        of("LandAcquired", area_mu="1", transfer_fee="10", county_state_share="10.000001")
    ) == [("share", None)]
    assert (
        fields_of(
            read_record(
                of("LandAcquired", area_mu="1", transfer_fee="10", county_state_share="10")
            ).event
        )["county_state_share"]
        == "10"
    )
    assert problems(
        of(
            "InvestmentReported",
            None,
            month="2024-02",
            fixed_assets="0",
            self_held="1",
            self_held_state_share="2",
        )
    ) == [("share", None)]


@pytest.mark.parametrize(
    ("milestones", "rule"),
    [
        ([], "length"),
        ([{"stage": "information", "due_on": "2024-05-01"}], "vocabulary"),
        (
            [{"stage": "land", "due_on": "2024-05-01"}, {"stage": "land", "due_on": "2024-06-01"}],
            "milestones",
        ),
        ([{"stage": "land", "due_on": "2024-03-01"}], "milestones"),
        ("land", "type"),
    ],
)
def test_a_schedule_names_each_stage_once_and_later_days(milestones: Any, rule: str) -> None:
    assert rule in [
        rule_id for rule_id, _field in problems(of("ScheduleSet", milestones=milestones))
    ]


def test_a_transfer_has_one_goal() -> None:
    assert problems(of("ProjectTransferred")) == [("transfer", None)]
    assert problems(of("ProjectTransferred", to_unit="甲", to_zone="乙")) == [("transfer", None)]


def test_a_clearing_needs_evidence_and_a_second_person() -> None:
    cleared = of(
        "TaskCleared",
        number="开招办销〔2024〕1号",
        about="开招办交〔2024〕1号",
        result="完成",
        submitted_by="甲",
        reviewed_by="乙",
    )
    proof = [{"name": "照片.jpg", "sha256": "A" * 64}]
    assert problems(cleared) == [("evidence", None)]
    assert problems({**cleared, "evidence": proof, "reviewed_by": "甲"}) == [("reviewer", None)]
    assert problems({**cleared, "evidence": [{"name": "x", "sha256": "abc"}]})[0][0] == "form"
    evidence = fields_of(read_record({**cleared, "evidence": proof}).event)["evidence"]
    assert evidence == [{"name": "照片.jpg", "sha256": "a" * 64}]


@pytest.mark.parametrize("word", [True, False])
def test_truth_is_stored_as_it_is(word: bool) -> None:
    event = read_record(reported(government_funded=word)).event
    assert fields_of(event)["government_funded"] is word


@pytest.mark.parametrize("word", ["是", "false", "yes", 1, None, "√"])
def test_truth_has_no_words(word: Any) -> None:
    assert problems(reported(government_funded=word)) == [("truth", "government_funded")]


def test_a_record_names_its_event_its_stream_and_known_fields_only() -> None:
    assert problems({"event": "Nothing"}) == [("unknown_event", "event")]
    assert problems({"project": "P"}) == [("unknown_event", "event")]
    assert problems(of("StatisticsEntered", color="red")) == [("unknown_field", "color")]
    assert problems({"event": "StatisticsEntered", "occurred_on": "2024-01-01"}) == [
        ("stream", "project")
    ]
    assert problems({"event": "StatisticsEntered", "occurred_on": "2024-01-01", "unit": "甲"}) == [
        ("stream", "unit")
    ]
    assert (
        problems(
            {
                "event": "StatisticsEntered",
                "occurred_on": "2024-01-01",
                "unit": "甲",
                "project": "P",
            }
        )[0][0]
        == "stream"
    )
    assert problems({**unit(), "unit": " "}) == [("text_empty", "unit")]
    assert problems(reported(recorded_by="", recorded_at="soon")) == [
        ("text_empty", "recorded_by"),
        ("datetime", "recorded_at"),
    ]


def test_every_problem_is_reported_at_once() -> None:
    rejected = problems(
        reported(planned_investment=1.5, sector="矿业", outside_ratio="3", reported_at="x")
    )
    assert {field for _rule, field in rejected} == {
        "planned_investment",
        "sector",
        "outside_ratio",
        "reported_at",
    }


def test_the_key_of_a_record_depends_on_content_not_notation() -> None:
    first = read_record(
        reported(
            planned_investment="3000.0",
            chains=["cards", "silicone"],
            site="new_land",
            recorded_by="甲",
        )
    )
    second = read_record(
        reported(
            planned_investment=3000, chains=["silicone", "cards", "cards"], occurred_on="2024-01-10"
        )
    )
    assert first.digest == second.digest == first.key == second.key
    assert first.digest != read_record(reported(note="又一次")).digest
    assert (named := read_record(reported(key="甲"))).digest == read_record(
        reported(key="乙")
    ).digest
    assert named.key == "甲"


@pytest.mark.parametrize(
    ("count", "fine"),
    [
        (1, True),
        (3, True),
        ("3", False),
        (0, False),
        ("0", False),
        ("1.5", False),
        (True, False),
        (-1, False),
    ],
)
def test_a_count_is_a_positive_whole_number(count: Any, fine: bool) -> None:
    record = {
        "event": "IndicatorReported",
        "unit": "甲",
        "occurred_on": "2024-01-01",
        "indicator": "x",
        "period": "2024-Q2",
        "actual": "1",
    }
    if fine:
        assert fields_of(read_record({**record, "shared_by": count}).event)["shared_by"] == int(
            count
        )
    else:
        assert problems({**record, "shared_by": count}) == [("count", "shared_by")]
    assert problems({**record, "period": "2024-Q5"}) == [("form", "period")]
