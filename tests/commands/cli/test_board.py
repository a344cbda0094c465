"""Monthly boards: ranks and their changes, proposals with reasons, and listing them once."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len

from tests.commands.conftest import Cli


def proposals(cli: Cli, month: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = cli("board", month, "--format", "json").json["candidates"]
    return rows


def test_the_board_of_a_month(county: Cli) -> None:
    text = county("board", "2024-10").out
    assert all(cell_len(line) <= 110 for line in text.splitlines())
    assert "↑1" in text
    assert "时序进度考核连续扣分：2024-Q2（KH-2024-009）、2024-Q3" in text
    board = county("board", "2024-10", "--format", "json").json
    assert board["units"] == [
        {**row, "rank": score["rank"], "total": score["total"], "modules": score["modules"]}
        for row, score in zip(
            board["units"],
            county("score", "--as-of", "2024-10-31", "--format", "json").json["units"],
            strict=True,
        )
    ]
    assert county("board", "2024-01", "--format", "json").json["units"][0]["rank_before"] is None
    assert county("board", "2024-10", "--format", "csv").out.startswith(
        "sequence,rank,rank_before,unit,total,information"
    )


def test_a_board_under_a_rulebook_with_outcomes_shows_ranks_and_points(county: Cli) -> None:
    text = county("board", "2024-10", "--rulebook", "unit-plan").out
    assert "名次" in text
    assert "认定结果" not in text


def test_proposals_are_listed_in_one_step_and_once(own_county: Cli) -> None:
    before, proposed = own_county.events, proposals(own_county, "2024-10")
    assert {row["board"] for row in proposed} == {"red", "black"}
    listed = {
        (row["unit"], row["board"])
        for row in own_county("board", "2024-10", "--format", "json").json["listed"]
    }
    new = [row for row in proposed if (row["unit"], row["board"]) not in listed]
    answer = own_county("board", "2024-10", "--list", "--yes", "--only", new[0]["unit"])
    assert (answer.code, own_county.events) == (
        0,
        before + sum(row["unit"] == new[0]["unit"] for row in new),
    )
    assert own_county("board", "2024-10", "--list", "--yes").code == 0
    assert own_county.events == before + len(new)
    assert (
        "all proposals are already listed" in own_county("board", "2024-10", "--list", "--yes").out
    )
    history = own_county("board", "2024-10", "--format", "json").json["listed"]
    assert {row["reason"] for row in history if row["board"] == "black"} >= {
        "本序列末位，第 15 名，共 15 个单位"
    }


def test_two_black_months_in_a_row_lead_to_an_interview(own_county: Cli) -> None:
    for month in ("2024-08", "2024-09"):
        own_county("board", month, "--list", "--yes")
    interviews = own_county("board", "2024-09", "--format", "json").json["interviews"]
    assert {"unit": "大溪边乡", "name": "大溪边乡", "months": ["2024-08", "2024-09"]} in [
        {**row, "months": row["months"][-2:]} for row in interviews
    ]
    assert "约谈  大溪边乡" in own_county("board", "2024-09").out


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("2024-13",), 2, "2024年5月"),
        (("2199-01",), 1, "has not begun"),
        (("2024-05", "--list"), 1, "proposals need confirmation"),
        (("2024-05", "--list", "--yes", "--only", "无此单位"), 1, "华埠镇"),
    ],
)
def test_an_invalid_board_request_is_rejected(
    county: Cli, arguments: tuple[str, ...], code: int, word: str
) -> None:
    answer = county("board", *arguments)
    assert (answer.code, word in answer.err) == (code, True)


def test_a_rulebook_lists_consequences_beyond_points(county: Cli) -> None:
    text = county("rulebook", "show", "kaihua-2024").out
    assert all(
        words in text
        for words in ("突破 360000 万元", "流转至智造新城", "连续 2 个月列入黑榜", "5 个工作日整改")
    )
    assert "分值之外" not in county("rulebook", "show", "hongya-2023").out
