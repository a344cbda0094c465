"""Deadlines at the edges of bands, at month ends, in leap years, and without deadlines."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commands.handlers.sheet_issuing import IssueRequest, issue_sheets
from lifecycle.ledger.record_stamps import Author
from lifecycle.rejections import Rejected
from lifecycle.rulebook import LoadedRulebook, parse, shipped
from lifecycle.rulebook.deadline_policy import Deadlines
from projections.scoring.result_view import View
from projections.views import sheet_view as sheets
from projections.views.deadline_view import deadline_rows
from tests.given import REPORTED, TOWN, World, of, reported
from tests.lifecycle.deciding.test_declared_words import MINING, adopted

SOURCE = shipped("kaihua-2024").content


def rows(world: World, day: str, book: LoadedRulebook | None = None) -> list[dict[str, Any]]:
    at = date.fromisoformat(day)
    position = world.ledger.head().position
    view = View(at.year, at, position, book or shipped("kaihua-2024"))
    return [row.as_json() for row in deadline_rows(world.ledger, view)]


def signed(tmp_path: Path, on: str, scale: str, **changes: Any) -> World:
    first = reported(reported_at="2020-01-05T09:00:00+08:00", **changes)
    return World(tmp_path).given(
        *REPORTED[:3],
        first,
        of("AgreementSigned", on, contract_investment=scale, contract_fixed_assets=scale),
    )


@pytest.mark.parametrize(
    ("on", "scale", "ends"),
    # 考(七): below 1亿 12 months, 1亿 to 5亿 24, above 5亿 36; the corresponding day, else the
    # month's last (民法典 202)
    [
        ("2024-02-29", "9999.999999", "2025-02-28"),
        ("2024-02-29", "10000", "2026-02-28"),
        ("2024-02-29", "50000", "2026-02-28"),
        ("2024-02-29", "50000.000001", "2027-02-28"),
        ("2023-02-28", "9999.999999", "2024-02-28"),
        ("2022-02-28", "10000", "2024-02-28"),
        ("2020-02-29", "50000", "2022-02-28"),
        ("2023-08-31", "9999.999999", "2024-08-31"),
        ("2023-12-31", "50000.000001", "2026-12-31"),
    ],
)
def test_the_assessment_period_ends_on_the_corresponding_day(
    tmp_path: Path, on: str, scale: str, ends: str
) -> None:
    shown = [
        row["due_on"]
        for row in rows(signed(tmp_path, on, scale), ends)
        if row["kind"] == "assessment_period"
    ]
    assert shown == [ends]


@pytest.mark.parametrize(
    ("day", "level"),
    [
        ("2024-12-02", None),
        ("2024-12-03", "blue"),
        ("2025-02-01", "yellow"),
        ("2025-02-23", "yellow"),
        ("2025-02-24", "orange"),
        ("2025-03-03", "orange"),
        ("2025-03-04", "red"),
        ("2025-01-31", "blue"),
    ],
)
def test_a_level_changes_on_its_day(tmp_path: Path, day: str, level: str | None) -> None:
    shown = [
        row["level"]
        for row in rows(signed(tmp_path, "2024-03-03", "2000"), day)
        if row["kind"] == "assessment_period"
    ]
    assert shown == ([] if level is None else [level])


def test_completion_is_by_sector(tmp_path: Path) -> None:
    service = signed(tmp_path, "2024-03-03", "2000", sector="service")
    service.given(
        of("TaxPaid", "2024-06-30", month="2024-06", amount="14.999999"),
        of("TaxPaid", "2025-01-31", month="2025-01", amount="14.999999"),
    )
    kinds = [row["kind"] for row in rows(service, "2025-03-03")]
    assert "assessment_period" in kinds  # neither year alone reaches 15
    service.given(of("TaxPaid", "2025-02-28", month="2025-02", amount="0.000001"))
    assert "assessment_period" not in [row["kind"] for row in rows(service, "2025-03-03")]


def test_of_a_sector_that_the_rulebook_does_not_know_no_completion_is_expected(
    tmp_path: Path,
) -> None:
    """Another rulebook declared the sector; all else is due as for any project."""
    terms = {"contract_investment": "3000", "contract_fixed_assets": "3000"}
    world = World(tmp_path).given(
        *REPORTED,
        of("AgreementSigned", "2024-03-01", **terms),
        adopted(MINING),
        reported("Q", name="铜矿", investor="矿业公司", investor_code=None, sector="mining"),
        of("AgreementSigned", "2024-03-01", "Q", **terms),
    )
    due = {(row["project"], row["kind"]) for row in rows(world, "2025-03-03")}
    assert due == {("P", "assessment_period"), ("P", "stalled"), ("Q", "stalled")}
    declaring = parse(SOURCE.replace('= ["industrial", ', '= ["mining", "industrial", ') + MINING)
    due = {(row["project"], row["kind"]) for row in rows(world, "2025-03-03", declaring)}
    assert ("Q", "assessment_period") in due


def test_a_stalled_project_is_listed_once_its_days_have_passed(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED, of("ReviewHeld", "2024-02-01", findings="无"))
    assert [rows(world, day) for day in ("2024-03-01", "2024-03-02")] == [[], []]
    (row,) = rows(world, "2024-03-03")
    assert (row["kind"], row["due_on"], row["days_left"], row["unit"]) == (
        "stalled",
        "2024-03-02",
        -1,
        TOWN,
    )


FOLLOWED = of("FollowedUp", "2024-02-01", content="洽谈", next_on="2024-02-10")


def follow_ups(world: World, day: str) -> list[tuple[str, str, str | None, str, str]]:
    return [
        (row["due_on"], row["level"], row["about"], row["clause"], row["basis"])
        for row in rows(world, day)
        if row["kind"] == "follow_up"
    ]


def test_the_last_follow_up_says_when_the_next_is_due(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED, FOLLOWED)
    assert follow_ups(world, "2024-01-31") == []
    assert follow_ups(world, "2024-02-01") == [("2024-02-10", "yellow", None, "意9", "assumption")]
    assert follow_ups(world, "2024-09-01") == [("2024-02-10", "red", None, "意9", "assumption")]
    world.given(of("FollowedUp", "2024-02-20", content="电话", next_on="2024-05-20"))
    assert follow_ups(world, "2024-02-20") == [("2024-05-20", "blue", None, "意9", "assumption")]
    world.given(of("FollowedUp", "2024-03-01", content="无下步"))
    assert follow_ups(world, "2024-03-01") == []
    assert follow_ups(world, "2024-02-29") != []


def test_a_paused_project_neither_stalls_nor_is_followed_up(tmp_path: Path) -> None:
    milestones = [{"stage": "signing", "due_on": "2024-05-20"}]
    world = World(tmp_path).given(
        *REPORTED,
        of("ScheduleSet", "2024-01-20", milestones=milestones),
        FOLLOWED,
        of("ProjectPaused", "2024-02-15", reason="市场"),
        of("ProjectResumed", "2024-04-25", reason="重谈"),
    )
    kinds = {
        day: [row["kind"] for row in rows(world, day)]
        for day in ("2024-02-14", "2024-02-15", "2024-04-24", "2024-04-25", "2024-05-26")
    }
    assert kinds["2024-02-14"] == ["follow_up"]
    assert kinds["2024-02-15"] == []
    assert kinds["2024-04-24"] == ["milestone"]
    assert kinds["2024-04-25"] == ["follow_up", "milestone"]
    assert kinds["2024-05-26"] == ["follow_up", "milestone", "stalled"]
    due = {
        day: sheets.due_sheets(
            world.ledger,
            View(2024, date.fromisoformat(day), 99, shipped("kaihua-2024")),
        )
        for day in ("2024-04-24", "2024-04-25")
    }
    assert (len(due["2024-04-24"]), len(due["2024-04-25"])) == (0, 1)


def test_a_rulebook_may_say_what_follow_ups_rest_on(tmp_path: Path) -> None:
    table = '[deadlines.follow_up]\nclause = "意3"\nbasis = "policy"\n\n[deadlines.stalled]'
    book = parse(SOURCE.replace("[deadlines.stalled]", table))
    world = World(tmp_path).given(*REPORTED, FOLLOWED)
    (row,) = rows(world, "2024-02-05", book)
    assert (row["kind"], row["clause"], row["basis"]) == ("follow_up", "意3", "policy")


def test_a_rulebook_without_the_tables_has_nothing_due(tmp_path: Path) -> None:
    plain = parse(SOURCE[: SOURCE.index("[ladder]")])
    milestones = [{"stage": "signing", "due_on": "2024-05-20"}]
    world = World(tmp_path).given(*REPORTED, of("ScheduleSet", "2024-03-01", milestones=milestones))
    view = View(2024, date(2024, 5, 25), world.ledger.head().position, plain)
    assert (rows(world, "2024-05-25", plain), sheets.due_sheets(world.ledger, view)) == ([], [])
    world.given(
        {
            "event": "RulebookAdopted",
            "occurred_on": "2024-03-01",
            "rulebook_id": plain.id,
            "digest": plain.digest,
            "content": plain.content,
        }
    )
    with pytest.raises(Rejected) as rejection:
        issue_sheets(world.ledger, IssueRequest(day=date(2024, 5, 25)), Author("文员"))
    assert [problem.rule for problem in rejection.value.problems] == ["no_ladder"]


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("yellow = 30", "yellow = 7", "levels"),
        ("yellow = 30", "yellow = 90", "levels"),
        ('sector = ["service"], by', 'sector = ["other"], by', "sectors"),
        ('by = "tax_of_a_year", at_least = 15', 'by = "tax_of_a_year"', "at_least"),
        ('by = "land_acquired"', 'by = "land_acquired", at_least = 1', "at_least"),
        ('prefix = "开招办"', 'prefix = "开招办1"', "form"),
        ("warn_days = 7", "warn_days = -1", "range"),
    ],
)
def test_a_faulty_ladder_or_deadline_is_rejected(before: str, after: str, rule: str) -> None:
    assert SOURCE.count(before) == 1
    with pytest.raises(Rejected) as rejection:
        parse(SOURCE.replace(before, after))
    assert rule in [problem.rule for problem in rejection.value.problems]


def test_every_kind_of_the_table_is_a_kind_of_deadline() -> None:
    from projections.views.deadline_view import DEADLINE_KINDS

    optional = {"follow_up", "idle_plot"}
    # A limit has a table of its own.
    kinds = set(DEADLINE_KINDS) - {"limit"}
    assert set(tomllib.loads(SOURCE)["deadlines"]) | optional == {*kinds, "levels"}
    assert set(Deadlines.model_fields) == {*kinds, "levels"}
