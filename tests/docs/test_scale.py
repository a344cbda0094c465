"""The tables of needs follow from the constants that stand beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.scale_model import CLAIMS, PLACES, Constants, constants_in, need, table

DOCS = Path(__file__).parents[2] / "docs"
ROUND = Constants(
    once=1,
    verify=2,
    score=1,
    conflicts=1,
    command=100,
    task=50,
    tasks=2,
    passed=10,
    read=5,
    stored=12,
    worker=150,
)


@pytest.mark.parametrize("name", ["scale.md", "scale.zh-CN.md"])
def test_a_page_has_the_table_of_its_own_constants(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    assert re.findall(r"^\| [\d,]+ \|.*", text, re.MULTILINE) == table(constants_in(text))


def test_a_result_takes_the_command_s_seconds_and_the_workers_share() -> None:
    one_core, two_cores = need(ROUND, 10, 1), need(ROUND, 10, 2)
    assert one_core.worker_seconds == 40
    assert one_core.command_seconds == pytest.approx(1 + 10 * (0.1 + 2 * 0.05))
    assert one_core.elapsed_seconds == pytest.approx(40 + 3)
    assert two_cores.elapsed_seconds == pytest.approx(20 + 3)
    assert one_core.read_gigabytes == pytest.approx(0.15)
    assert one_core.stored_gigabytes == pytest.approx(0.12)


def test_a_run_without_one_of_the_constants_says_which() -> None:
    lines = [f"{claim:<78} {1.0:6.2f}" for claim in CLAIMS.values()]
    assert constants_in("\n".join(lines)).worker == 1.0
    with pytest.raises(SystemExit, match=re.escape(CLAIMS["worker"])):
        constants_in("\n".join(lines[:-1]))


def test_a_province_and_a_country_are_in_the_table() -> None:
    assert {members for members, _cores in PLACES} == {90, 2_844}
