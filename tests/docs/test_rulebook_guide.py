"""Each kind of rule has its section in the guide, and each example scores as documented."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from commands.words.explanation_words import counted_subject
from commands.words.formulas import formula
from commands.words.messages import choose_language
from lifecycle.rounding import decimal_text
from lifecycle.rulebook import parse, shipped_ids
from lifecycle.rulebook.kinds import KINDS
from lifecycle.rulebook.parts import Filter
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from tests.ledgers import fill, new_ledger

PAGE = (Path(__file__).parents[2] / "docs" / "rulebooks.md").read_text(encoding="utf-8")
BLOCKS = [
    tomllib.loads(block, parse_float=Decimal)
    for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
]
HEAD, EXAMPLES = BLOCKS[0], BLOCKS[1:]
NINTH = tomllib.loads(
    (
        Path(__file__).parents[1] / "projections/scoring/cases" / "ninth" / "ninth-2024.toml"
    ).read_text(encoding="utf-8"),
    parse_float=Decimal,
)
TOWNS = [
    {"unit": name, "sequence": "乡镇", "category": "township"} for name in ("甲镇", "乙镇", "丙镇")
]
NAMES = [get_args(kind.model_fields["kind"].annotation)[0] for kind in KINDS]


@pytest.mark.parametrize("page", ["rulebooks.md", "rulebooks.zh-CN.md"])
def test_every_shipped_rulebook_is_listed(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    listed = re.findall(r"\[`([^`]+)`\]\(\.\./lifecycle/rulebooks/([^)]+)\.toml\)", text)
    assert sorted(name for name, _file in listed) == shipped_ids()
    assert all(name == file for name, file in listed)


def scored(example: dict[str, Any], head: dict[str, Any], folder: Path) -> list[ScoreLine]:
    """Check the example's case against its documented points and return every line."""
    (case,) = example["case"]
    book = parse(
        write_toml(head | {name: table for name, table in example.items() if name != "case"})
    )
    drafts = [
        {"event": "UnitRegistered", "occurred_on": "2024-01-01", **unit}
        for unit in case.get("units", TOWNS)
    ]
    drafts += [
        {("occurred_on" if name == "on" else name): value for name, value in fact.items()}
        for fact in case["facts"]
    ]
    if book.rulebook.vocabulary is not None:
        # What the example declares is recorded once it is adopted.
        adopted = {"rulebook_id": book.id, "digest": book.digest, "content": book.content}
        adoption = {"event": "RulebookAdopted", "occurred_on": "2024-01-01", **adopted}
        drafts = [adoption, *drafts]
    with new_ledger(folder) as ledger:
        fill(ledger, drafts, keep=False)
        result = evaluate(
            ledger,
            View(2024, case.get("as_of", date(2024, 12, 31)), ledger.head().position, book),
            keep=lambda _line: True,
        )
    scores = result.scores
    assert {
        unit: points
        for unit, points in ((score.unit, decimal_text(score.total, 10)) for score in scores)
        if unit in case["points"]
    } == case["points"]
    assert {
        score.unit: score.grade for score in scores if score.unit in case.get("grades", {})
    } == case.get("grades", {})
    return result.lines


@pytest.mark.parametrize("language", ["C", "zh_CN"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["rules"][-1]["kind"])
def test_an_example_yields_the_documented_points_and_formulas(
    example: dict[str, Any], language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    choose_language()
    lines = scored(example, HEAD, tmp_path)
    formulas = [(line, formula(line)) for line in lines]
    assert all(text for _line, text in formulas)
    chinese = {rule["id"]: rule["chinese"] for rule in example["rules"]}
    assert all(counted_subject(line, chinese) for line in lines)
    assert lines or example["rules"][-1]["kind"] == "outcome"


def test_a_policy_written_by_the_page_alone(tmp_path: Path) -> None:
    lines = scored(NINTH, {}, tmp_path)
    (completion,) = [line for line in lines if (line.rule, line.unit) == ("completion", "甲镇")]
    assert completion.events == ("P1#4", "county#1")


def test_every_kind_has_its_section_and_its_example() -> None:
    assert sorted(NAMES) == sorted(re.findall(r"^### (\w+)$", PAGE, re.MULTILINE))
    assert sorted(NAMES) == sorted({example["rules"][-1]["kind"] for example in EXAMPLES})


def test_every_field_of_the_kinds_and_filters_is_named() -> None:
    common = {"id", "chinese", "module", "kind", "clause", "basis", "note", "document"}
    declared = [each for kind in KINDS for each in kind.model_fields.items()]
    fields = {field.alias or name for name, field in declared} - common
    fields |= set(Filter.model_fields)
    assert [name for name in sorted(fields) if not re.search(rf"\b{name}\b", PAGE)] == []
