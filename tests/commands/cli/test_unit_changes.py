"""`unit`: lists of a day, changes with a look at the ranks, names understood everywhere."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Cli

UNITS = ("华埠镇", "马金镇", "县经信局")


@pytest.fixture
def county(cli: Cli) -> Cli:
    """Units in three sequences; the first has an award."""
    for unit in UNITS:
        sequence = "部门" if unit == "县经信局" else "乡镇"
        category = "department" if unit == "县经信局" else "township"
        fields = ("--sequence", sequence, "--category", category, "--occurred-on", "2024-01-01")
        assert cli("record", "UnitRegistered", "--unit", unit, *fields).code == 0
    award = ("--title", "招商能手", "--person", "张三", "--occurred-on", "2024-03-01")
    assert cli("record", "AwardWon", "--unit", "华埠镇", *award).code == 0
    return cli


def units(cli: Cli, day: str, *options: str) -> list[tuple[str, str, str]]:
    rows = cli("unit", "list", "--as-of", day, *options, "--format", "json").json
    return [(row["unit"], row["name"], row["sequence"]) for row in rows]


def test_a_renamed_unit_is_shown_by_its_name_of_the_day(county: Cli) -> None:
    assert county("unit", "rename", "华埠", "华埠街道", "--on", "2024-06-01").code == 0
    assert units(county, "2024-05-31")[0] == ("华埠镇", "华埠镇", "乡镇")
    assert units(county, "2024-06-01")[0] == ("华埠镇", "华埠街道", "乡镇")
    shown = county("unit", "show", "华埠街道", "--as-of", "2024-05-31", "--format", "json").json
    assert shown["name"] == "华埠镇"
    table = county("score", "--year", "2024").out
    assert "华埠街道" in table
    assert "华埠镇" not in table
    june = county("score", "--year", "2024", "--as-of", "2024-05-31")
    assert "华埠镇" in june.out


def test_a_dissolution_is_looked_at_before_it_is_recorded(county: Cli) -> None:
    dissolve = ("unit", "dissolve", "华埠镇", "--successor", "马金镇", "--on", "2024-06-01")
    look = county(*dissolve, "--dry-run", "--format", "json")
    assert look.code == 0, look.err
    assert {row["unit"]: (row["rank_before"], row["rank_after"]) for row in look.json} == {
        "华埠镇": (1, None),
        "马金镇": (2, 1),
    }
    assert units(county, "2024-06-01")[0][0] == "华埠镇"
    recorded = county(*dissolve, "--yes")
    assert recorded.code == 0, recorded.err
    there = [unit for unit, _name, _sequence in units(county, "2024-06-01")]
    assert there == ["马金镇", "驻杭州招商组", "县经信局"]
    assert len(units(county, "2024-06-01", "--all")) == 4
    score = {
        row["unit"]: row
        for row in county("score", "--year", "2024", "--format", "json").json["units"]
    }
    assert score["马金镇"]["total"] == "10"
    explained = county("explain", "华埠镇", "--year", "2024", "--format", "json").json
    assert explained["lines"] == []
    ((rule, reason),) = [
        (row["rule"], row["reason"]) for row in explained["not_counted"] if "rule" in row
    ]
    assert rule == "dissolved"
    assert "马金镇" in reason
    again = county("unit", "rename", "华埠镇", "新华埠镇", "--on", "2024-02-01")
    assert again.code == 1
    assert "2024-06-01" in again.err


def test_what_the_rules_reject_shows_no_ranks(county: Cli) -> None:
    answer = county("unit", "dissolve", "华埠镇", "--on", "2024-03-01", "--dry-run")
    assert answer.code == 1
    assert "2024-03-01" in answer.err
    assert answer.out == ""
    taken = county("unit", "rename", "华埠镇", "马金镇", "--on", "2024-03-01")
    assert taken.code == 1


def test_a_regrouped_unit_is_ranked_in_its_sequence_of_the_day(county: Cli) -> None:
    assert county("unit", "regroup", "马金镇", "部门", "--on", "2024-07-01", "--yes").code == 0
    before = county("score", "--year", "2024", "--as-of", "2024-06-30", "--format", "json").json
    assert [row["sequence"] for row in before["units"]] == ["乡镇", "乡镇", "驻外", "部门"]
    after = county("score", "--year", "2024", "--format", "json").json
    assert [row["sequence"] for row in after["units"]] == ["乡镇", "部门", "部门", "驻外"]
    history = county("unit", "history", "马金镇", "--format", "json").json
    assert [row["event"] for row in history] == ["UnitRegistered", "UnitRegrouped"]


def test_a_unit_that_is_not_there_is_told_with_the_day(county: Cli) -> None:
    assert county("unit", "dissolve", "马金镇", "--on", "2024-06-01", "--yes").code == 0
    of_unit = ("board", "2024-12", "--unit", "马金镇")
    for command in (("score", "马金镇", "--year", "2024"), of_unit):
        answer = county(*command)
        assert answer.code == 1
        assert "马金镇" in answer.err
        assert "registered" not in answer.err


def test_a_refused_name_is_called_the_new_name(county: Cli) -> None:
    options = ("--unit", "华埠镇", "--occurred-on", "2024-06-01", "--name")
    taken = county("record", "单位更名", *options, "马金镇")
    assert taken.code == 1
    assert "新名称" in taken.err
    assert "项目名称" not in taken.err
    malformed = county("record", "单位更名", *options, "镇" * 300)
    assert malformed.code == 1
    assert "新名称" in malformed.err
    assert county("record", "单位更名", *options, "华埠街道").code == 0
    corrected = county(
        "correct", "华埠镇", "3", "name=马金镇", "--reason", "录错", "--approved-by", "余敏"
    )
    assert corrected.code == 1
    assert "新名称" in corrected.err
    assert "新名称 华埠街道" in county("unit", "history", "华埠镇").out


def test_an_explanation_names_the_changes_it_rests_on(county: Cli) -> None:
    assert county("unit", "rename", "马金镇", "马金街道", "--on", "2024-05-01").code == 0
    regroup = ("unit", "regroup", "马金镇", "部门", "--on", "2024-05-02", "--yes")
    assert county(*regroup).code == 0
    dissolve = ("unit", "dissolve", "华埠镇", "--successor", "马金镇", "--on", "2024-06-01")
    assert county(*dissolve, "--yes").code == 0
    text = county("explain", "马金镇", "--year", "2024").out
    assert "马金镇 is named 马金街道 since 2024-05-01, by 马金镇#2" in text
    assert "since 2024-05-02, by 马金镇#3" in text
    assert "it was dissolved on 2024-06-01, by 华埠镇#3" in text
    project = county("explain", "P", "--year", "2024").out
    assert "credited to 马金街道, the successor of 华埠镇: 华埠镇#3" in project
    assert "by 马金镇#2" in project
    before = county("explain", "P", "--year", "2024", "--as-of", "2024-04-30").out
    assert "credited to 华埠镇" in before
    assert "#" not in before.partition("credited")[2].partition("\n")[0]


@pytest.mark.parametrize("command", ["deadlines", "today"])
def test_a_list_of_a_dissolved_unit_says_who_has_what_it_had(county: Cli, command: str) -> None:
    dissolved = ("unit", "dissolve", "马金镇", "--on", "2024-06-01", "--successor", "华埠镇")
    assert county(*dissolved, "--yes").code == 0
    note = "马金镇 was dissolved on 2024-06-01; successor: 华埠镇"
    assert note in county(command, "--unit", "马金镇", "--as-of", "2024-06-01").err
    assert note not in county(command, "--unit", "马金镇", "--as-of", "2024-05-31").err
    assert note not in county(command, "--unit", "华埠镇", "--as-of", "2024-06-01").err
