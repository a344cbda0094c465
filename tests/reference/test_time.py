"""Effective events at K, deadlines, sheets and what lies beyond the points, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from .beyond import incentives, targets
from .deadlines import deadlines
from .effective import Event, effective
from .examples import BUREAU, OUTPOST, TOWN, YEAR_END, Ledger
from .scoring import interviews
from .sheets import rectify_by, sheets_due, sheets_list

TASK = "开招办交〔2024〕1号"


def event_of(
    ledger: Ledger,
    version: int,
    known_at: str | None = None,
    position: int | None = None,
) -> Event | None:
    """Project P's effective event of a version."""
    at = None if known_at is None else datetime.fromisoformat(known_at)
    rows = [
        event for event in effective(ledger.records, at, position) if event.name == f"P#{version}"
    ]
    return rows[0] if rows else None


def fields_of(
    ledger: Ledger,
    version: int,
) -> dict[str, Any]:
    """The fields of that event, which is effective."""
    event = event_of(ledger, version)
    assert event is not None
    return {**event.fields, "occurred_on": event.occurred_on.isoformat()}


def test_a_void_of_a_void_revives() -> None:
    ledger = Ledger().project().passed().correct(2, None)
    assert event_of(ledger, 2) is None
    assert fields_of(ledger.correct(3, None), 2)["outcome"] == "passed"
    assert (
        event_of(ledger.correct(4, None), 2) is None
    )  # the void of the void is void: the first holds again


def test_replacements_apply_in_order_and_a_void_takes_one_back() -> None:
    ledger = (
        Ledger()
        .project()
        .signed("2024-03-01", "1")
        .correct(2, {"contract_fixed_assets": "2", "note": "甲"})
    )
    ledger.correct(2, {"contract_fixed_assets": "3", "occurred_on": "2024-04-01"})
    assert [fields_of(ledger, 2)[name] for name in ("contract_fixed_assets", "note")] == ["3", "甲"]
    assert fields_of(ledger, 2)["occurred_on"] == "2024-04-01"
    assert fields_of(ledger.correct(4, None), 2)["contract_fixed_assets"] == "2"
    assert fields_of(ledger, 2)["occurred_on"] == "2024-03-01"
    assert "note" not in fields_of(ledger.correct(2, {"note": None}), 2)


def test_order_follows_the_corrected_date_then_the_version() -> None:
    ledger = (
        Ledger()
        .project()
        .signed("2024-03-01", "1")
        .land("2024-02-01")
        .correct(3, {"occurred_on": "2024-03-01"})
    )
    assert [event.name for event in effective(ledger.records) if event.stream[0] == "project"] == [
        "P#1",
        "P#2",
        "P#3",
    ]


def test_a_date_left_out_follows_the_month_and_a_given_one_stays() -> None:
    ledger = Ledger().project().taxed("2024-02", "5").correct(2, {"month": "2024-04"})
    assert fields_of(ledger, 2)["occurred_on"] == "2024-04-30"
    ledger.correct(2, {"occurred_on": "2024-04-15"}).correct(2, {"amount": "6"})
    assert fields_of(ledger, 2)["occurred_on"] == "2024-04-15"
    assert fields_of(ledger.correct(4, None), 2)["occurred_on"] == "2024-04-30"


def test_information_is_of_the_shanghai_date_of_its_report() -> None:
    ledger = Ledger().project(reported_at="2023-12-31T16:00:00+00:00")
    assert fields_of(ledger, 1)["occurred_on"] == "2024-01-01"
    assert (
        fields_of(ledger.correct(1, {"reported_at": "2023-12-31T23:59:59"}), 1)["occurred_on"]
        == "2023-12-31"
    )


def test_late_entry_and_later_corrections_leave_the_earlier_knowledge() -> None:
    ledger = Ledger().project()
    ledger.records.append(
        {**ledger.passed().records.pop(), "recorded_at": "2025-06-01T09:00:01+08:00"}
    )
    ledger.records.append(
        {**ledger.correct(2, None).records.pop(), "recorded_at": "2025-06-02T09:00:00+08:00"}
    )
    assert event_of(ledger, 2, "2025-06-01T01:00:00.999999+00:00") is None
    assert event_of(ledger, 2, "2025-06-01T01:00:01+00:00") is not None
    assert event_of(ledger, 2, position=len(ledger.records) - 1) is not None
    assert event_of(ledger, 2) is None


def rows_of(
    ledger: Ledger,
    day: str,
    kind: str,
) -> list[tuple[Any, ...]]:
    """(about, due_on, level) of the deadlines of a kind."""
    rows = deadlines(ledger.records, date.fromisoformat(day))
    return [(row["about"], row["due_on"], row["level"]) for row in rows if row["kind"] == kind]


@pytest.mark.parametrize(
    ("day", "level"),
    # 1 March less 28 days is 1 February, less 59 is 1 January, less 90 is 1 December.
    [
        ("2024-11-30", None),
        ("2024-12-01", "blue"),
        ("2025-01-29", "blue"),
        ("2025-01-30", "yellow"),
        ("2025-02-21", "yellow"),
        ("2025-02-22", "orange"),
        ("2025-03-01", "orange"),
        ("2025-03-02", "red"),
    ],
)
def test_levels_of_a_period_that_ends_on_2025_03_01(
    day: str,
    level: str | None,
) -> None:
    ledger = Ledger().project().signed("2024-03-01", "2000")
    assert rows_of(ledger, day, "assessment_period") == (
        [] if level is None else [(None, "2025-03-01", level)]
    )


def test_a_complete_terminated_or_excluded_project_has_no_period() -> None:
    signed = (
        Ledger()
        .project()
        .signed("2024-03-01", "2000")
        .about("P", "StatisticsEntered", "2024-03-01")
    )
    assert rows_of(signed.invested("2024-04", "1999.999999"), "2025-03-01", "assessment_period")
    assert not rows_of(signed.invested("2024-05", "0.000001"), "2025-03-01", "assessment_period")
    gone = (
        Ledger()
        .project()
        .signed("2024-03-01", "2000")
        .about("P", "ProjectTerminated", "2025-03-01", reason="撤资")
    )
    assert not deadlines(gone.records, date(2025, 3, 1))
    assert deadlines(gone.records, date(2025, 2, 28))


def test_look_backs_of_the_half_year_and_the_one_before() -> None:  # 意9
    ledger = (
        Ledger()
        .project(reported_at="2023-01-10T09:00:00")
        .signed("2023-12-31", "2000")
        .land("2024-06-30")
    )
    expected = [("2023-H2", "2023-12-31", "red"), ("2024-H1", "2024-06-30", "orange")]
    assert (
        rows_of(ledger, "2024-06-30", "look_back") == expected[1:]
    )  # signed in 2023, so nothing for 2023-H2
    ledger.about("P", "ReviewHeld", "2024-07-01", findings="无")
    assert rows_of(ledger, "2024-07-01", "look_back") == [("2024-H1", "2024-06-30", "red")]


def test_stalled_30_days_after_the_last_event_once_passed() -> None:
    ledger = Ledger().project().passed("2024-02-01").correct(2, {"note": "补"})
    assert rows_of(ledger, "2024-03-02", "stalled") == []
    assert rows_of(ledger, "2024-03-03", "stalled") == [(None, "2024-03-02", "red")]
    assert (
        rows_of(ledger.about("P", "StatisticsEntered", "2024-02-01"), "2024-03-03", "stalled") == []
    )


def with_task(stage: str = "land") -> Ledger:
    """Project P with a task due on 2024-05-20."""
    fields = {
        "number": TASK,
        "task": "落实用地",
        "responsible_unit": BUREAU,
        "due_on": "2024-05-20",
        "stage": stage,
    }
    return Ledger().project().about("P", "TaskAssigned", "2024-05-01", **fields)


def due(
    ledger: Ledger,
    day: str,
) -> list[tuple[str, str]]:
    """(action, due_on) of the sheets due."""
    return [
        (row["action"], row["due_on"])
        for row in sheets_due(ledger.records, date.fromisoformat(day))
    ]


def test_the_ladder_of_a_task() -> None:  # 意8
    ledger = with_task()
    assert [due(ledger, day) for day in ("2024-05-12", "2024-05-13")] == [
        [],
        [("warn", "2024-05-20")],
    ]
    assert due(ledger, "2024-05-21") == [("supervise", "2024-05-20")]
    fields = {
        "number": "开招办督〔2024〕1号",
        "about": TASK,
        "problem": "逾期",
        "rectify_by": "2024-05-28",
    }
    ledger.about("P", "SupervisionIssued", "2024-05-21", **fields)
    assert [due(ledger, day) for day in ("2024-05-28", "2024-05-29")] == [
        [],
        [("expose", "2024-05-28")],
    ]
    assert rows_of(ledger, "2024-05-28", "rectification") == [(TASK, "2024-05-28", "orange")]
    exposure = {
        "number": "开招办曝〔2024〕1号",
        "about": TASK,
        "facts": "未办",
        "approved_by": "主任",
    }
    ledger.about("P", "ExposurePublished", "2024-05-29", **exposure)
    assert due(ledger, "2024-05-30") == []
    assert due(ledger.land("2024-06-01"), "2024-06-01") == [("clear", "2024-05-20")]
    (row,) = sheets_list(ledger.records, date(2024, 6, 1))
    assert (row["status"], row["supervised_on"], row["exposed_on"]) == (
        "exposed",
        "2024-05-21",
        "2024-05-29",
    )


def test_a_reopened_task_begins_anew() -> None:
    ledger = with_task("information")
    assert due(ledger, "2024-05-13") == [("clear", "2024-05-20")]  # reached: nothing else is due
    cleared = {"number": "开招办销〔2024〕1号", "about": TASK, "result": "办结", "evidence": []}
    ledger.about("P", "TaskCleared", "2024-05-14", **cleared, submitted_by="甲", reviewed_by="乙")
    assert [sheets_list(ledger.records, date(2024, 5, day))[0]["status"] for day in (13, 14)] == [
        "open",
        "cleared",
    ]
    ledger.about("P", "TaskReopened", "2024-06-01", about=TASK, reason="反弹")
    (row,) = sheets_list(ledger.records, date(2024, 6, 1))
    assert (row["status"], row["cleared_on"]) == ("overdue", None)


def test_to_assign_within_60_days_unless_a_task_bears_the_stage() -> None:
    ledger = with_task().plan("2024-04-01", land="2024-06-30", signing="2024-07-01")
    assert ("assign", "2024-06-30") not in due(ledger, "2024-05-01")
    assert [
        due(ledger, day).count(("assign", "2024-07-01")) for day in ("2024-05-01", "2024-05-02")
    ] == [0, 1]
    assert due(ledger.signed("2024-05-02", "2000"), "2024-05-02") == []


def test_rectify_by_is_five_working_days_after_issue() -> None:
    assert rectify_by(date(2024, 5, 24), lambda day: day.weekday() < 5) == date(2024, 5, 31)


def major(
    size: str,
    **fields: Any,
) -> Ledger:
    """A project signed in 2024, statistics entered."""
    ledger = Ledger().project(**fields).passed().signed("2024-03-01", size)
    return ledger.about("P", "StatisticsEntered", "2024-04-01")


def earned(
    ledger: Ledger,
    year: int = 2024,
) -> list[str]:
    """The incentives of a year."""
    return [row["incentive"] for row in incentives(ledger.records, year, date(year, 12, 31))]


def test_incentives_by_size_and_money() -> None:  # 三.1, 三.2
    assert earned(major("50000").invested("2024-05", "2999.999999")) == []
    assert earned(major("50000").invested("2024-05", "3000")) == ["commendation", "special"]
    assert earned(
        major("50000", sector="service").invested("2024-05", "3000").taxed("2024-05", "15")
    ) == ["commendation"]
    assert earned(major("100000").invested("2024-05", "4999")) == ["commendation", "special"]
    assert earned(major("100000").invested("2024-05", "5000")) == ["merit", "special"]
    assert earned(major("99999.999999").invested("2024-05", "5000")) == ["commendation", "special"]
    moved = major("100000", reporting_unit=OUTPOST).about(
        "P", "ProjectTransferred", "2024-06-01", to_zone="智造新城"
    )
    assert earned(moved) == ["merit"]
    moved.invested("2024-05", "3000").about("P", "ProjectTransferred", "2024-06-02", to_unit=TOWN)
    assert earned(moved) == ["merit"]  # 考(十): no special incentive once the credit has moved
    assert earned(major("100000").invested("2024-05", "5000"), 2025) == []


def test_targets_of_the_county_and_of_a_unit() -> None:  # 意二
    ledger = major("50000").invested("2024-05", "9000")
    ledger.correct(3, {"contract_investment": "100000"}).project("Q", sector="service").passed(
        code="Q"
    ).taxed("2024-05", "20", "Q")
    ledger.add(
        "TargetSet",
        occurred_on="2024-01-05",
        year=2024,
        indicator="signed_10000",
        amount="2",
        for_unit=TOWN,
    )
    rows = {(row["indicator"], row["unit"]): row for row in targets(ledger.records, 2024, YEAR_END)}
    assert [rows["funds_in_place", None][name] for name in ("target", "actual")] == [360000, 9000]
    assert [rows[f"signed_{size}", None]["actual"] for size in (10000, 100000, 200000)] == [1, 1, 0]
    assert rows["signed_10000", TOWN]["ratio"] * 2 == 1


def test_interviews_of_two_months_running_across_a_year() -> None:  # 三.4
    ledger = Ledger()
    for month in ("2023-12", "2024-01", "2024-03"):
        ledger.add("UnitListed", unit=TOWN, month=month, board="black", reason="靠后")
    assert interviews(ledger.records, YEAR_END) == [(TOWN, "2023-12", "2024-01")]
