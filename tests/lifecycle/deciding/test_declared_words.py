"""Words that rulebooks declare: which records may use them, and what holds an adoption (spec 6)."""

from __future__ import annotations

from typing import Final

import pytest

from lifecycle.ledger.verification import verify
from lifecycle.rulebook import parse
from tests.given import OTHER, REPORTED, TOWN, JsonRecord, World, correction, of, reported, unit
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, NODES

SOURCE: Final = 'clause = "二"\nbasis = "policy"\n'
MINING: Final = f'[[vocabulary.sectors]]\nname = "mining"\nchinese = "矿业"\n{SOURCE}'
REVIEW: Final = f'[[vocabulary.stages]]\nname = "energy_review"\nchinese = "节能审查"\n{SOURCE}'
WORLD_500: Final = f'[[vocabulary.traits]]\nname = "world_500"\nchinese = "世界500强"\n{SOURCE}'
ZONE: Final = f'[[vocabulary.categories]]\nname = "zone"\nchinese = "开发区"\n{SOURCE}'
CAPITAL: Final = (
    '[[vocabulary.figures]]\nname = "capital"\nchinese = "注册资本"\ntake = "last"\n'
    f'unit = "万元"\n{SOURCE}'
)


def adopted(text: str, on: str = "2024-01-01") -> JsonRecord:
    """Return the adoption of a rulebook that declares these words."""
    book = parse(HEAD + text + NODES)
    return {
        "event": "RulebookAdopted",
        "occurred_on": on,
        "rulebook_id": book.id,
        "digest": book.digest,
        "content": book.content,
    }


def of_county(corrects: int, replacement: JsonRecord | None = None) -> JsonRecord:
    """Return a correction of the county's event; a void if there is no replacement."""
    record = correction(corrects, replacement)
    del record["project"]
    return record


def figure(actual: str = "3000", on: str = "2024-03-01", **fields: str) -> JsonRecord:
    """Return the report of a project's registered capital."""
    named = {"figure": "capital", "period": "2024-02", "actual": actual} | fields
    return of("ProjectFigureReported", on, **named)


@pytest.mark.parametrize(
    ("record", "words", "field"),
    [
        (reported("Q", sector="mining"), MINING, "sector"),
        (reported("Q", investor_traits=["foreign", "world_500"]), WORLD_500, "investor_traits"),
        (of("InvestorChanged", investor="新", investor_traits=["world_500"]), WORLD_500, None),
        (of("MilestoneReached", milestone="energy_review"), REVIEW, "milestone"),
        (figure(), CAPITAL, "figure"),
        (unit("园区", category="zone"), ZONE, "category"),
        (
            {"event": "UnitRegrouped", "unit": OTHER, "occurred_on": "2024-02-01"}
            | {"sequence": "园区", "category": "zone"},
            ZONE,
            "category",
        ),
    ],
)
def test_a_record_uses_a_word_once_a_rulebook_that_declares_it_is_adopted(
    world: World,
    record: JsonRecord,
    words: str,
    field: str | None,
) -> None:
    world.given(*REPORTED)
    ((rule, place, _text),) = world.rejections(record)
    assert (rule, place) == ("vocabulary", field or "investor_traits")
    world.given(adopted(words), record)
    assert world.rules(of_county(1)) == ["word_in_use"]


@pytest.mark.parametrize(("unit_of_measure", "is_warned"), [("元", True), ("万元", False)])
def test_a_figure_in_another_unit_than_the_rulebook_s_is_noticed(
    world: World,
    unit_of_measure: str,
    is_warned: bool,
) -> None:
    world.given(*REPORTED, adopted(CAPITAL))
    entry = world.record(figure("900", unit_of_measure=unit_of_measure))
    assert ("other_unit_of_measure" in [warning.rule for warning in entry.warnings]) is is_warned


def test_a_word_of_another_vocabulary_and_a_node_are_no_milestones(world: World) -> None:
    world.given(*REPORTED, adopted(MINING + REVIEW))
    ((_rule, _field, text),) = world.rejections(of("MilestoneReached", milestone="mining"))
    assert text.endswith("'full_production', 'energy_review']")
    assert world.rules(of("MilestoneReached", milestone="land")) == ["vocabulary"]
    assert world.rules(correction(1, {"sector": "energy_review"})) == ["vocabulary"]
    world.given(correction(1, {"sector": "mining"}))


def test_the_fact_that_holds_an_adoption_is_named_and_lets_go(world: World) -> None:
    world.given(*REPORTED, adopted(MINING), reported("Q", sector="mining"))
    ((rule, field, text),) = world.rejections(of_county(1))
    assert (rule, field) == ("word_in_use", "corrects")
    assert "Q#1" in text
    plain = parse(HEAD + NODES)
    other_content = {"content": plain.content, "digest": plain.digest}
    assert world.rules(of_county(1, other_content)) == ["word_in_use"]
    # Another rulebook that declares the word, or a fact that no longer uses it, frees the adoption.
    world.given(adopted(MINING + REVIEW, "2024-02-01"), of_county(1))
    assert world.rules(of_county(2)) == ["word_in_use"]
    world.given(correction(1, {"sector": "other"}, "Q"), of_county(2))
    assert world.rules(reported("R", sector="mining")) == ["vocabulary"]
    # A corrected use counts again once its correction is void, so that one is refused by now.
    assert world.rules(correction(2, None, "Q")) == ["vocabulary"]
    assert verify(world.ledger).differences == []


def test_facts_that_were_taken_stay_lawful(world: World) -> None:
    world.given(*REPORTED, adopted(MINING), reported("Q", sector="mining"))
    world.given(correction(1, {"planned_investment": "5000"}, "Q"))
    world.given(correction(1, None, "Q"), of_county(1))
    assert verify(world.ledger).differences == []


def test_a_word_keeps_the_chinese_name_that_it_has(world: World) -> None:
    world.given(*REPORTED, adopted(MINING))
    renamed = MINING.replace("矿业", "采矿业")
    ((rule, field, text),) = world.rejections(adopted(renamed, "2024-02-01"))
    assert (rule, field) == ("word_renamed", "content")
    assert "矿业" in text
    elsewhere = MINING.replace("sectors", "traits")
    assert world.rules(adopted(elsewhere, "2024-02-01")) == ["word_renamed"]
    world.given(of_county(1), adopted(renamed, "2024-02-01"))
    assert world.rules(of_county(2)) == ["word_renamed"]


def test_a_figure_of_a_period_is_reported_once_and_before_the_termination(world: World) -> None:
    world.given(*REPORTED, adopted(CAPITAL), figure(), figure("4000", period="2024-Q1"))
    ((rule, field, text),) = world.rejections(figure("5000"))
    assert (rule, field) == ("second_figure", "period")
    assert "capital" in text
    assert world.rules(correction(3, {"period": "2024-02"})) == ["second_figure"]
    world.given(correction(2, None), figure("5000"))
    assert world.rules(correction(4, None)) == ["second_figure"]
    world.given(correction(5, {"actual": "5001"}))
    world.given(of("ProjectTerminated", "2024-05-01", reason="撤资"))
    assert world.rules(figure(on="2024-05-02", period="2024-04")) == ["terminated"]
    world.given(figure(on="2024-05-01", period="2024-04", unit_of_measure="万元"))
    assert verify(world.ledger).differences == []


def test_a_unit_of_a_declared_category_is_named_like_any_other(world: World) -> None:
    world.given(*REPORTED, adopted(ZONE), unit("园区", category="zone"))
    world.given(reported("Q", reporting_unit="园区"), reported("R", reporting_unit=TOWN))
    assert world.rules(of_county(1)) == ["word_in_use"]
