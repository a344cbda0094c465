"""Findings of `rulebook check`, and which rulebook applies once another replaces it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import parse, shipped, shipped_ids
from lifecycle.rulebook.reach import reach
from projections.facts.county_facts import county_facts
from projections.scoring import rulebook_in_force as in_force
from tests.given import World
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, PER_ITEM

TEXTS = {name: shipped(name).content for name in shipped_ids()}


def problems(name: str, old: str, new: str) -> list[tuple[str, str | None, str]]:
    """The findings on a shipped rulebook after a change: (rule, place, sentence)."""
    assert TEXTS[name].count(old) >= 1
    with pytest.raises(Rejected) as rejection:
        parse(TEXTS[name].replace(old, new, 1))
    return [
        (problem.rule, problem.field, problem.template.format(**problem.values))
        for problem in rejection.value.problems
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "place"),
    [
        (
            "key-projects-2020",
            'when_zero = 0\nwhen_missing = "none"\nbase',
            'when_missing = "none"\nbase',
            "zero_target",
            "rules.plan.target",
        ),
        (
            "key-projects-2020",
            '{ percent = "(130,)"',
            '{ percent = "(131,)"',
            "bands_gap",
            "rules.plan.segments",
        ),
        (
            "key-projects-2020",
            "most = 10\nleast = -10",
            "most = -11\nleast = -10",
            "cap_below_floor",
            "rules.plan",
        ),
        (
            "key-projects-2020",
            '{ place = "[4,6]"',
            '{ place = "[3,6]"',
            "bands_overlap",
            "rules.places.bands",
        ),
        (
            "key-projects-2020",
            '{ place = "[4,6]"',
            '{ place = "[5,6]"',
            "bands_gap",
            "rules.places.bands",
        ),
        (
            "key-projects-2020",
            'rule = "starts"',
            'rule = "start"',
            "unknown_name",
            "rules.start_rate.rule",
        ),
        (
            "key-projects-2020",
            "when_zero = 0, at_least = 0.8",
            "at_least = 0.8",
            "zero_target",
            "rules.start_rate.any_of.0.1.target",
        ),
        (
            "deqing-stationed",
            '{ value = "[10,15)"',
            '{ value = "[11,15)"',
            "bands_gap",
            "rules.stationed.bands",
        ),
        (
            "deqing-stationed",
            "weight = 20\n",
            "weight = 0\n",
            "unreachable",
            "rules.leaders_receptions",
        ),
        (
            "deqing-stationed",
            'to = "equally"',
            'to = "first_reporter"',
            "credit",
            "rules.foreign_signings.to",
        ),
        (
            "teams-quarterly",
            'rules = ["project_1000m", "project_5000m"]',
            'rules = ["project_1000m", "visits"]',
            "exclusive",
            "rules.one_size.rules",
        ),
        (
            "township-table",
            'each = "month"\nshort_of = { fixed = 1 }',
            'each = "month"',
            "periods",
            "rules.returns.each",
        ),
        (
            "hongya-2023",
            'measure = "projects_signed"\nbands',
            'measure = "indicator"\nindicator = "x"\nbands',
            "bands_of_units",
            "rules.size.bands",
        ),
        (
            "kaihua-2024",
            'every = "quarter"',
            'every = "month"',
            "boards_quarter",
            "schedule_checks.every",
        ),
        ("kaihua-2024", 'combine = "highest"\n', "", "no_combination", "coefficients.size"),
        ("kaihua-2024", "clauses = [", 'clauses = ["考(十一)",', "clause_unnamed", "clauses"),
        (
            "kaihua-2024",
            "information_years = [2021, 2023]",
            "information_years = [2023, 2021]",
            "unreachable",
            "rules.unfulfilled.where",
        ),
    ],
)
def test_an_unsound_rulebook_is_reported(
    name: str, old: str, new: str, rule: str, place: str | None
) -> None:
    findings = problems(name, old, new)
    assert (rule, place) in [(finding, where) for finding, where, _text in findings]


@pytest.mark.parametrize(
    ("name", "old", "new", "nearest"),
    [
        ("kaihua-2024", 'measure = "awards_won"', 'measure = "award_won"', "awards_won"),
        ("kaihua-2024", 'measure = "checks_missed"', 'measure = "missed_checks"', "checks_missed"),
        ("kaihua-2024", "where = { kind = [", "where = { kinds = [", "kind"),
        ("kaihua-2024", 'coefficient = "size"', 'coefficient = "sizes"', "size"),
        ("deqing-stationed", "when_none = 0", "when_zero_all = 0", "when_none"),
    ],
)
def test_an_unknown_name_is_rejected_with_the_nearest_names(
    name: str, old: str, new: str, nearest: str
) -> None:
    with pytest.raises(Rejected) as rejection:
        parse(TEXTS[name].replace(old, new, 1))
    assert any(nearest in problem.values.get("nearest", []) for problem in rejection.value.problems)  # type: ignore[operator]


def test_the_range_of_points_of_each_module() -> None:
    zero = Fraction(0)
    assert reach(shipped("key-projects-2020").rulebook) == {
        "plan": (zero, Fraction(35)),
        "places": (zero, Fraction(7)),
        "starts": (zero, Fraction(20)),
        "delays": (None, zero),
    }
    city = reach(shipped("city-2024").rulebook)
    assert city["size_classes"] == (zero, Fraction(1, 2))
    assert city["signing"] == (zero, Fraction(1, 2))
    assert reach(shipped("gaoan-2021").rulebook)["foreign"] == (Fraction(18), Fraction(30))
    assert reach(shipped("deqing-stationed").rulebook)["stationed"] == (zero, Fraction(10))


# In force by date ---------------------------------------------------------------------------------


def adopt(world: World, book_id: str, begins: str, ends: str, change: str | None = None) -> None:
    """Adopt kaihua-2024 under another name and for another time."""
    text = (
        TEXTS["kaihua-2024"]
        .replace('id = "kaihua-2024"', f'id = "{book_id}"', 1)
        .replace("2024-01-01", begins, 1)
        .replace("2024-12-31", ends, 1)
    )
    if change is not None:
        text += f'\n[change]\nwithin_year = "{change}"\nclause = "附则二"\nbasis = "policy"\n'
    world.record(
        {
            "event": "RulebookAdopted",
            "occurred_on": "2024-01-05",
            "rulebook_id": book_id,
            "digest": parse(text).digest,
            "content": text,
        }
    )


def test_a_change_within_the_year_is_rejected_unless_the_rulebook_says_how(world: World) -> None:
    adopt(world, "first-2024", "2024-01-01", "2024-06-30")
    adopt(world, "second-2024", "2024-07-01", "2025-12-31")
    books = in_force.adopted(county_facts(world.ledger, world.ledger.head().position))
    with pytest.raises(Rejected) as rejection:
        in_force.for_year(books, 2024)
    assert (rejection.value.problems[0].rule, rejection.value.problems[0].values["new"]) == (
        "changed_within_year",
        "second-2024",
    )
    assert in_force.if_any(books, 2024, date(2024, 12, 31)) is None
    assert in_force.for_year(books, 2025).id == "second-2024"
    assert in_force.for_year(books[:1], 2024).id == "first-2024"


@pytest.mark.parametrize(
    ("change", "in_march", "in_august"),
    [
        ("whole_year", "second-2024", "second-2024"),
        ("in_force_at_day", "first-2024", "second-2024"),
    ],
)
def test_the_new_rulebook_says_what_applies_to_the_year(
    world: World, change: str, in_march: str, in_august: str
) -> None:
    adopt(world, "first-2024", "2024-01-01", "2024-06-30")
    adopt(world, "second-2024", "2024-07-01", "2024-12-31", change)
    books = in_force.adopted(county_facts(world.ledger, world.ledger.head().position))
    assert [in_force.for_year(books, 2024, date(2024, month, 15)).id for month in (3, 8)] == [
        in_march,
        in_august,
    ]


def test_a_later_adoption_for_the_same_time_replaces_the_earlier(world: World) -> None:
    adopt(world, "first-2024", "2024-01-01", "2024-12-31")
    adopt(world, "second-2024", "2024-01-01", "2025-12-31")
    books = in_force.adopted(county_facts(world.ledger, world.ledger.head().position))
    assert in_force.for_year(books, 2024).id == "second-2024"


FACTOR = '[[rules]]\nid = "k"\nchinese = "系数"\nmodule = "m"\nclause = "二"\nbasis = "policy"\n'
ROW = '{ any_of = [{ all = [{ result = { rule = "r.1" }, at_least = 1 }] }], factor = 3 }'
TWO_ROWS = f"rows = [{ROW}, {ROW}]\n"


@pytest.mark.parametrize(
    ("fields", "most"),
    [
        (f"rows = [{ROW}]\n", 30),
        (f"rows = [{ROW}]\notherwise = 4\n", 40),
        (f'{TWO_ROWS}combine = "highest"\n', 30),
        (f'{TWO_ROWS}combine = "product"\n', 90),
    ],
)
def test_a_module_s_factor_widens_what_it_can_reach(fields: str, most: int) -> None:
    capped = HEAD + "cap = 10\n" + PER_ITEM
    text = capped + FACTOR + 'kind = "coefficient"\nmodules = ["m"]\n' + fields
    assert reach(parse(text).rulebook)["m"] == (Fraction(0), Fraction(most))


@pytest.mark.parametrize(
    ("fields", "rule", "place"),
    [
        (
            'rules = ["r.1"]\nmodules = ["m"]\n' + f"rows = [{ROW}]\n",
            "points",
            "rules.1.coefficient",
        ),
        ("total = false\n" + f"rows = [{ROW}]\n", "total", "rules.1.coefficient"),
        ('modules = ["n"]\n' + f"rows = [{ROW}]\n", "unknown_name", "rules.k.modules"),
        ('modules = ["m"]\n' + TWO_ROWS, "no_combination", "rules.k"),
        ('modules = ["m"]\nrows = [{ factor = 2 }]\n', "points", "rules.1.coefficient.rows.0"),
        (
            'modules = ["m"]\n' + f"rows = [{ROW}]\n".replace('"r.1"', '"r.9"'),
            "unknown_name",
            "rules.k.rows.0.any_of.0.0.rule",
        ),
    ],
)
def test_a_factor_that_is_not_sound_is_rejected(fields: str, rule: str, place: str) -> None:
    with pytest.raises(Rejected) as rejected:
        parse(HEAD + PER_ITEM + FACTOR + 'kind = "coefficient"\n' + fields)
    assert (rejected.value.problems[0].rule, rejected.value.problems[0].field) == (rule, place)
