"""Rulebooks are read exactly; every error is reported before any use (spec 6)."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st
from pydantic_core import PydanticCustomError

from lifecycle.calendar import add_months, period_ends
from lifecycle.events.field_types import iso_date
from lifecycle.rejections import Rejected
from lifecycle.rulebook import parse, shipped, shipped_ids
from lifecycle.rulebook.intervals import interval, seams
from lifecycle.rulebook.reach import reach
from projections.facts.county_facts import county_facts
from projections.scoring import rulebook_in_force as in_force
from tests.given import World

BOOK = shipped("kaihua-2024")


def findings(content: str) -> list[tuple[str, str | None]]:
    """The rule and the place of every problem."""
    with pytest.raises(Rejected) as rejection:
        parse(content)
    return [(problem.rule, problem.field) for problem in rejection.value.problems]


def changed(old: str, new: str) -> str:
    """The shipped text after a change."""
    assert BOOK.content.count(old) >= 1
    return BOOK.content.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("effective_to = 2024-12-31", "effective_to = 2023-12-31", ("dates", "effective_to")),
        (
            'id = "activity"\nchinese = "活动组织"',
            'id = "routine"\nchinese = "活动组织"',
            ("named_twice", "modules"),
        ),
        # The points of the first would be lost: a total adds groups by their names.
        ('id = "effort"', 'id = "delivery"', ("named_twice", "groups")),
        (
            'modules = ["progress", "performance"]',
            'modules = ["progress", "progress"]',
            ("named_twice", "groups.modules"),
        ),
        (
            'modules = ["progress", "performance"]',
            'modules = ["progress", "speed"]',
            ("unknown_name", "groups.delivery.modules"),
        ),
        (
            'sector = ["real_estate"]\nsource',
            'sector = ["service"]\nsource',
            ("named_twice", "funds.sector"),
        ),
        ('id = "agriculture"', 'id = "service"', ("named_twice", "eligibility")),
        ('id = "award"', 'id = "secondment"', ("named_twice", "rules")),
        (
            'coefficient = "size"',
            'coefficient = "weight"',
            ("unknown_name", "rules.progress.coefficient"),
        ),
        (
            'chinese = "获评能手"\nmodule = "bonus"',
            'chinese = "获评能手"\nmodule = "prizes"',
            ("unknown_name", "rules.award.module"),
        ),
        (
            "points_by = { consultation = 2,",
            "points_by = { lunch = 2,",
            ("unknown_name", "rules.progress.points_by"),
        ),
        ("floor = 0\ncap = 5", "floor = 6\ncap = 5", ("cap_below_floor", "modules.routine")),
        ("limit = 15", "limit = 0", ("unreachable", "rules.secondment.limit")),
        (
            '{ scale = "(,10000)", months',
            '{ scale = "(,9999)", months',
            ("bands_gap", "assessment_period.bands"),
        ),
        (
            '{ scale = "(,10000)", months',
            '{ scale = "(,10000]", months',
            ("bands_overlap", "assessment_period.bands"),
        ),
        (
            '{ scale = "(,10000)", months',
            '{ scale = "[0,10000)", months',
            ("bands_open", "assessment_period.bands"),
        ),
        (
            '{ scale = "(50000,)", months',
            '{ scale = "(50000,60000]", months',
            ("bands_open", "assessment_period.bands"),
        ),
        (
            '[{ scale = "(50000,)" }]',
            '[{ scale = "[50000,)" }]',
            ("bands_overlap", "coefficients.size.rows"),
        ),
        (
            '{ scale = "[10000,)", points',
            '{ scale = "(10000,)", points',
            ("bands_gap", "rules.unfulfilled.bands"),
        ),
        (
            '{ scale = "[10000,)", points',
            '{ scale = "[10000,90000]", points',
            ("bands_open", "rules.unfulfilled.bands"),
        ),
        ('{ count = "[3,)"', '{ count = "[4,)"', ("bands_gap", "rules.black_list.bands")),
        ('{ count = "[3,)"', '{ count = "[2,)"', ("bands_overlap", "rules.black_list.bands")),
        ('{ count = "[1,2]"', '{ count = "[2,2]"', ("bands_open", "rules.black_list.bands")),
    ],
)
def test_an_unsound_rulebook_is_reported_with_its_place(
    old: str, new: str, finding: tuple[str, str]
) -> None:
    assert finding in findings(changed(old, new))


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("points = 10\n", "points = inf\n", "exact"),
        ("points = 10\n", "points = nan\n", "exact"),
        ("points = 10\n", 'points = "10"\n', "exact"),
        ("points = 10\n", "points = true\n", "exact"),
        ("points = 10\n", "points = 10\npoints_by = { land = 1 }\n", "points"),
        ("points = -5\n", "", "points"),
        ("points = -1\n", 'points = -1\nbands = [{ scale = "(,1)", points = -1 }]\n', "points"),
        ('note = "10 for each award; the text could be read as 10 for the unit."\n', "", "note"),
        ('clause = "考(八)3"', 'clause = ""', "text_empty"),
        ('measure = "awards_won"', 'measure = "medals_won"', "measure"),
        ('{ measure = "scale", at_least = 10000 }', '{ measure = "scale" }', "needs"),
        (
            '{ measure = "meets_city_standard" }',
            '{ measure = "meets_city_standard", at_least = 1 }',
            "needs",
        ),
        ('{ scale = "(,10000)", months', '{ scale = "up to 10000", months', "interval"),
        ('{ scale = "(,10000)", months', '{ scale = "(10000,10000)", months', "interval"),
        ('{ scale = "(,10000)", months', '{ scale = "(1.2.3,10000)", months', "interval"),
        ("per = 15\n", "per = 0\n", "range"),
        ('issuer = "', 'colour = "red"\nissuer = "', "unknown_field"),
        ('where = { sector = ["service"] }', 'where = { color = "red" }', "unknown_field"),
        ('id = "kaihua-2024"', 'id = "Kaihua 2024"', "form"),
        ('kind = "escalating"', 'kind = "guessing"', "vocabulary"),
    ],
)
def test_a_value_of_the_wrong_type_is_rejected(old: str, new: str, rule: str) -> None:
    assert rule in [finding for finding, _place in findings(changed(old, new))]


def test_invalid_toml_is_rejected() -> None:
    assert findings("id = ") == [("toml", None)]


def test_every_problem_is_reported() -> None:
    content = changed("limit = 15", "limit = 0").replace(
        'coefficient = "size"', 'coefficient = "weight"'
    )
    assert findings(content) == [
        ("unknown_name", "rules.progress.coefficient"),
        ("unreachable", "rules.secondment.limit"),
    ]


def test_the_digest_is_of_the_content_not_of_its_comments() -> None:
    assert parse("# another remark\n" + BOOK.content).digest == BOOK.digest
    assert parse(changed("points = 10\n", "points = 10.0\n")).digest == BOOK.digest
    assert parse(changed("points = 10\n", "points = 10.000001\n")).digest != BOOK.digest


def test_the_shipped_ones_are_found_by_name() -> None:
    assert "kaihua-2024" in shipped_ids()
    assert {shipped(name).id for name in shipped_ids()} == set(shipped_ids())
    with pytest.raises(Rejected) as rejection:
        shipped("atlantis-2024")
    assert rejection.value.problems[0].values["allowed"] == shipped_ids()


def test_decimals_are_exact() -> None:
    book = BOOK.rulebook
    shares = [
        need.at_least
        for row in book.eligibility
        for need in row.needs
        if need.measure == "outside_ratio"
    ]
    assert shares == [Fraction(3, 10)]
    factors = [
        row.factor for table in book.coefficients if table.id == "project" for row in table.rows
    ]
    assert factors == [Fraction(11, 10), Fraction(12, 10), Fraction(13, 10)]


def test_what_each_module_can_reach() -> None:
    zero = Fraction(0)
    assert reach(BOOK.rulebook) == {
        "information": (zero, Fraction(10)),
        "activity": (zero, Fraction(5)),
        "routine": (zero, Fraction(5)),
        "progress": (zero, None),
        "performance": (zero, None),
        "bonus": (zero, None),
        "deduction": (None, zero),
    }
    free = reach(parse(changed("floor = 0\ncap = 5", "")).rulebook)
    assert free["routine"] == (None, None)
    floored = parse(
        changed(
            'id = "deduction"\nchinese = "扣分"', 'id = "deduction"\nfloor = -30\nchinese = "扣分"'
        )
    )
    assert reach(floored.rulebook)["deduction"] == (Fraction(-30), zero)
    unlisted = re.sub(r"clauses = \[.*?\]\n", "", BOOK.content, flags=re.DOTALL)
    only = "\n\n".join(
        part
        for part in unlisted.split("\n\n")
        if 'module = "bonus"' not in part or 'id = "secondment"' in part
    )
    assert reach(parse(only).rulebook)["bonus"] == (zero, Fraction(15))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("[10000,50000]", ["10000", "50000"], ["9999.999999", "50000.000001"]),
        ("(10000,50000)", ["10000.000001", "49999.999999"], ["10000", "50000"]),
        ("(,10000)", ["-1", "9999.999999"], ["10000"]),
        ("( 50000 , )", ["50000.000001"], ["50000"]),
        ("[3,3]", ["3"], ["2.999999", "3.000001"]),
    ],
)
def test_a_band_follows_its_brackets(text: str, inside: list[str], outside: list[str]) -> None:
    band = interval(text)
    assert [Fraction(value) in band for value in inside] == [True] * len(inside)
    assert [Fraction(value) in band for value in outside] == [False] * len(outside)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=6, unique=True), st.data())
def test_adjacent_bands_contain_every_number_once(cuts: list[int], data: st.DataObject) -> None:
    edges: list[int | str] = ["", *sorted(cuts), ""]
    closed = [data.draw(st.booleans()) for _ in edges]
    pairs = zip(edges, edges[1:], closed, closed[1:], strict=False)
    bands = [
        interval(f"{'[' if low_in else '('}{low},{high}{')' if high_in else ']'}")
        for low, high, low_in, high_in in pairs
    ]
    assert seams(data.draw(st.permutations(bands))) == []
    values = [Fraction(cut) + shift for cut in cuts for shift in (0, Fraction(1, 2))]
    for value in [*values, Fraction(-100), Fraction(100)]:
        assert sum(value in band for band in bands) == 1


def test_an_empty_interval_is_rejected() -> None:
    for text in ("", "[,", "[2,1]", "(1,1]", "[.,1]"):
        with pytest.raises(PydanticCustomError):
            interval(text)


# Adopting -----------------------------------------------------------------------------------------


def test_only_a_sound_rulebook_is_adopted_under_its_own_id_and_digest(world: World) -> None:
    adopted = {
        "event": "RulebookAdopted",
        "occurred_on": "2024-01-01",
        "rulebook_id": "kaihua-2024",
        "digest": BOOK.digest,
        "content": BOOK.content,
    }
    ((rule, field, text),) = world.rejections({**adopted, "digest": "0" * 64})
    assert (rule, field) == ("rulebook_digest", "digest")
    assert BOOK.digest in text
    assert world.rules({**adopted, "rulebook_id": "kaihua-2025"}) == ["rulebook_id"]
    ((rule, field, text),) = world.rejections(
        {**adopted, "content": changed("limit = 15", "limit = 0")}
    )
    assert (rule, field) == ("rulebook_unsound", "content")
    assert "rules.secondment.limit" in text
    assert world.rules({**adopted, "content": "id ="}) == ["rulebook_unsound"]
    assert world.record(adopted).ref == "county#1"


def test_the_last_adopted_counts_for_its_years_and_the_last_before_a_day(world: World) -> None:
    def adopt(book_id: str, year: int) -> None:
        content = (
            BOOK.content.replace('id = "kaihua-2024"', f'id = "{book_id}"', 1)
            .replace("2024-01-01", f"{year}-01-01", 1)
            .replace("2024-12-31", f"{year}-12-31", 1)
        )
        world.record(
            {
                "event": "RulebookAdopted",
                "occurred_on": "2024-01-05",
                "rulebook_id": book_id,
                "digest": parse(content).digest,
                "content": content,
            }
        )

    adopt("one-2024", 2024)
    adopt("two-2024", 2024)
    adopt("one-2026", 2026)
    books = in_force.adopted(county_facts(world.ledger, world.ledger.head().position))
    assert [book.id for book in books] == ["one-2024", "two-2024", "one-2026"]
    assert in_force.for_year(books, 2024).id == "two-2024"
    assert in_force.for_year(books[:1], 2024).id == "one-2024"
    assert in_force.for_year([], 2024).id == "kaihua-2024"
    with pytest.raises(Rejected, match="one-2026"):
        in_force.for_year(books, 2025)
    assert [
        in_force.at_day(books, date(year, 6, 1)).id for year in (2023, 2024, 2025, 2026, 2027)
    ] == [
        "kaihua-2024",
        "two-2024",
        "two-2024",
        "one-2026",
        "one-2026",
    ]
    assert in_force.named(books, "one-2024").id == "one-2024"
    assert in_force.named([], "kaihua-2024").id == "kaihua-2024"
    with pytest.raises(Rejected, match="two-2024"):
        in_force.named(books, "none")


# The calendar -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2023-03-15", 12, "2024-03-15"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-03-31", 36, "2027-03-31"),
        ("2023-12-31", 12, "2024-12-31"),
        ("2024-12-01", 1, "2025-01-01"),
    ],
)
def test_a_period_ends_on_the_corresponding_day_or_the_months_last(
    start: str, months: int, end: str
) -> None:
    assert add_months(iso_date(start), months) == iso_date(end)


def test_quarters_end_with_their_months() -> None:
    assert [day.isoformat() for day in period_ends(2024, "quarter")] == [
        "2024-03-31",
        "2024-06-30",
        "2024-09-30",
        "2024-12-31",
    ]
