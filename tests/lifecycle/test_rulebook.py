"""A rulebook with a fault is not used: each finding names its place; nothing unsound is adopted."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lifecycle.refusals import Refused
from lifecycle.rulebook import parse, shipped, shipped_ids
from lifecycle.rulebook.intervals import interval
from projections import in_force
from tests.given import World

TEXT = shipped("kaihua-2024").content


def found(content: str) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as refused:
        parse(content)
    return [(problem.rule, problem.field) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("effective_to = 2024-12-31", "effective_to = 2023-12-31", "dates"),
        ('id = "activity"\nchinese = "主要', 'id = "information"\nchinese = "主要', "named_twice"),
        ('module = "activity"', 'module = "activities"', "unknown_name"),
        ('coefficient = "size"', 'coefficient = "sizes"', "unknown_name"),
        ('modules = ["progress", "performance"]', 'modules = ["progress", "nothing"]', "unknown_name"),
        ('modules = ["progress", "performance"]', 'modules = ["progress", "progress"]', "named_twice"),
        ("floor = 0\ncap = 5", "floor = 6\ncap = 5", "cap_below_floor"),
        ("limit = 15", "limit = 0", "unreachable"),
        ('scale = "[10000,)"', 'scale = "(10000,)"', "bands_gap"),
        ('scale = "(,10000)"', 'scale = "(,10000]"', "bands_overlap"),
        ('scale = "[10000,)"', 'scale = "[10000,90000]"', "bands_open"),
        ('count = "[1,2]"', 'count = "[2,2]"', "bands_open"),
        ('count = "[3,)"', 'count = "[4,)"', "bands_gap"),
        ("points_by = { consultation = 2", "points_by = { approval = 2", "unknown_name"),
        ('scale = "[10000,)"', 'scale = "10000 and more"', "interval"),
        ('scale = "[10000,)"', 'scale = "(10000,10000)"', "interval"),
        ("points = 0.5\nclause", 'points = "0.5"\nclause', "exact"),
        ("points = 0.5\nclause", "points = nan\nclause", "exact"),
        ('kind = "escalating"', 'kind = "expression"', "vocabulary"),
        ('measure = "awards_won"', 'measure = "awards"', "vocabulary"),
        ("per = 15\n", "per = 0\n", "range"),
        ("limit = 15", "limit = 15\npoints_by = { signing = 1 }", "points"),
        ("points = -1\n", 'points = -1\nbands = [{ scale = "(,1)", points = -1 }]\n', "points"),
        ('where = { sector = ["service"] }', 'where = { color = "red" }', "unknown_field"),
    ],
)
def test_each_fault_is_found(old: str, new: str, rule: str) -> None:
    assert old in TEXT
    rules = [name for name, _place in found(TEXT.replace(old, new, 1))]
    assert rule in rules, rules


def test_a_reading_without_its_reason_is_not_taken() -> None:
    start = TEXT.index("[[rules]]")
    note = TEXT.index("note = ", start)
    end = TEXT.index("\n", note)
    assert [rule for rule, _place in found(TEXT[:note] + TEXT[end + 1 :])] == ["note"]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [("[1,2]", ("1", "2"), ("0.999999", "2.000001")), ("(1,2)", ("1.000001",), ("1", "2")), ("(,2)", ("0", "1.999999"), ("2",)), ("[3,)", ("3", "9999999"), ("2",))],
)
def test_an_interval_holds_its_shut_ends(text: str, inside: tuple[str, ...], outside: tuple[str, ...]) -> None:
    held = interval(text)
    assert all(Fraction(value) in held for value in inside)
    assert not any(Fraction(value) in held for value in outside)
    assert held.text == text


def test_the_digest_is_of_the_values_not_of_the_text() -> None:
    book = parse(TEXT + "\n# a remark\n")
    assert book.digest == shipped("kaihua-2024").digest
    assert parse(TEXT.replace("limit = 15", "limit = 16", 1)).digest != book.digest


def test_what_is_not_there_is_told() -> None:
    assert shipped_ids() == ["kaihua-2024"]
    with pytest.raises(Refused, match="kaihua-2024"):
        shipped("none")
    assert found("id = ")[0][0] == "toml"


def test_only_a_sound_rulebook_that_is_what_it_says_is_adopted(world: World) -> None:
    book = shipped("kaihua-2024")
    record = {"event": "RulebookAdopted", "occurred_on": "2024-01-05", "rulebook_id": book.id, "digest": book.digest, "content": book.content}
    assert world.rules({**record, "content": "id ="}) == ["rulebook_unsound"]
    assert world.rules({**record, "rulebook_id": "other"}) == ["rulebook_id"]
    assert world.rules({**record, "digest": "0" * 64}) == ["rulebook_digest"]
    assert world.record(record).position == 1


def test_the_last_adopted_counts_for_its_years_and_the_last_before_a_day(world: World) -> None:
    def adopt(book_id: str, year: int) -> None:
        content = TEXT.replace('id = "kaihua-2024"', f'id = "{book_id}"', 1).replace("2024-01-01", f"{year}-01-01", 1).replace("2024-12-31", f"{year}-12-31", 1)
        world.record({"event": "RulebookAdopted", "occurred_on": "2024-01-05", "rulebook_id": book_id, "digest": parse(content).digest, "content": content})

    adopt("one-2024", 2024)
    adopt("two-2024", 2024)
    adopt("one-2026", 2026)
    books = in_force.adopted(world.ledger, world.ledger.head().position)
    assert [book.id for book in books] == ["one-2024", "two-2024", "one-2026"]
    assert in_force.for_year(books, 2024).id == "two-2024"
    assert in_force.for_year(books[:1], 2024).id == "one-2024"
    assert in_force.for_year([], 2024).id == "kaihua-2024"
    with pytest.raises(Refused, match="one-2026"):
        in_force.for_year(books, 2025)
    assert [in_force.at_day(books, date(year, 6, 1)).id for year in (2023, 2024, 2025, 2026, 2027)] == [
        "kaihua-2024", "two-2024", "two-2024", "one-2026", "one-2026",
    ]  # fmt: skip
    assert in_force.named(books, "one-2024").id == "one-2024"
    assert in_force.named([], "kaihua-2024").id == "kaihua-2024"
    with pytest.raises(Refused, match="two-2024"):
        in_force.named(books, "none")
