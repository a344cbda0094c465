"""[[vocabulary.…]]: what a rulebook may declare and name, and what is rejected (spec 6)."""

from __future__ import annotations

from typing import get_args

import pytest

from lifecycle.events import vocabulary
from lifecycle.rejections import Rejected
from lifecycle.rulebook import canonical, every_shipped, parse
from lifecycle.rulebook.declared_words import words_declared_in
from tests.lifecycle.deciding.test_declared_words import CAPITAL, MINING, REVIEW, ZONE
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, NODES, RULE, SIGNED

COUNT = RULE + SIGNED + 'kind = "per_item"\npoints = 1\n'
MINES = 'where = { sector = ["mining"] }\n'
FIGURE = RULE + 'measure = "project_figure"\nkind = "per_amount"\nper = 1\npoints = 1\n'
DAYS = RULE + 'measure = "days_between"\nkind = "deduct"\npoints = -1\nfrom_stage = "signing"\n'


def problems(text: str) -> list[tuple[str, str | None]]:
    """Return the rule and the place of each problem."""
    with pytest.raises(Rejected) as rejection:
        parse(HEAD + text)
    return [(problem.rule, problem.field) for problem in rejection.value.problems]


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        (
            COUNT + 'where = { sector = ["mining"] }\n',
            "vocabulary",
            "rules.0.per_item.where.sector.0",
        ),
        # A stage is no sector.
        (
            REVIEW + COUNT + 'where = { sector = ["energy_review"] }\n',
            "vocabulary",
            "rules.0.per_item.where.sector.0",
        ),
        (DAYS + 'to_stage = "energy_review"\n', "vocabulary", "rules.0.deduct.to_stage"),
        (FIGURE + 'figure = "capital"\n', "vocabulary", "rules.0.per_amount.figure"),
        (FIGURE + CAPITAL, "figure", "rules.0.per_amount"),
        (COUNT + 'figure = "capital"\n' + CAPITAL, "figure", "rules.0.per_item"),
        (
            COUNT + 'where = { figures = { capital = "[1,)" } }\n',
            "vocabulary",
            "rules.0.per_item.where.figures.capital.[key]",
        ),
        (
            COUNT + "where = { figures = {} }\n" + CAPITAL,
            "length",
            "rules.0.per_item.where.figures",
        ),
        (NODES + MINING + MINING, "word_twice", "vocabulary"),
        (NODES + MINING + REVIEW.replace("energy_review", "mining"), "word_twice", "vocabulary"),
        (NODES + MINING + MINING.replace('"mining"', '"ores"'), "word_twice", "vocabulary"),
        (NODES + MINING.replace('"mining"', '"service"'), "word_twice", "vocabulary"),
        (NODES + MINING.replace('"mining"', '"Mining"'), "form", "vocabulary.sectors.0.name"),
        (NODES + MINING.replace('"矿业"', '""'), "text_empty", "vocabulary.sectors.0.chinese"),
        (NODES + MINING.replace('"policy"', '"assumption"'), "note", "vocabulary.sectors.0"),
        (NODES + CAPITAL.replace('"last"', '"mean"'), "vocabulary", "vocabulary.figures.0.take"),
        (NODES + CAPITAL.replace('unit = "万元"\n', ""), "missing", "vocabulary.figures.0.unit"),
        (NODES + "[vocabulary]\nsectors = []\n", "length", "vocabulary.sectors"),
        (NODES + MINING.replace("sectors", "colours"), "unknown_field", "vocabulary"),
    ],
)
def test_what_is_not_declared_or_declared_wrongly_is_rejected_at_its_place(
    text: str,
    rule: str,
    place: str,
) -> None:
    assert problems(text) == [(rule, place)]


def test_a_rulebook_names_every_word_that_it_declares() -> None:
    filters = 'sector = ["mining", "other"], category = ["zone"], figures = { capital = "[1,)" }'
    stage = 'reached = { stage = "energy_review", period = "year" }'
    text = COUNT + f"where = {{ {filters}, {stage} }}\n" + MINING + REVIEW + ZONE + CAPITAL
    book = parse(HEAD + text).rulebook
    assert book.words("sectors")[-1] == "mining"
    assert book.words("stages")[-1] == "energy_review"
    assert book.figures_by_last_period == {"capital"}
    assert b'"figures":{"capital":"[1,)"}' in canonical(book)


def test_a_deadline_table_names_each_declared_sector_too() -> None:
    kaihua = next(book for book in every_shipped() if book.id == "kaihua-2024")
    with pytest.raises(Rejected) as rejection:
        parse(kaihua.content + "\n" + MINING)
    assert [problem.rule for problem in rejection.value.problems] == ["sectors"]
    completion = '{ sector = ["service"], by = "tax_of_a_year"'
    assert completion in kaihua.content
    named = completion.replace('["service"]', '["service", "mining"]')
    parse(kaihua.content.replace(completion, named) + "\n" + MINING)


def test_a_rulebook_without_words_has_the_content_that_it_had() -> None:
    without_words = [book for book in every_shipped() if "[[vocabulary." not in book.content]
    assert {"kaihua-2024", "city-2024", "unit-plan"} <= {book.id for book in without_words}
    for book in without_words:
        assert b'"vocabulary"' not in canonical(book.rulebook)
        assert words_declared_in(book.content) == ()
    assert words_declared_in("vocabulary = [") == ()
    assert words_declared_in("vocabulary = 3\n") == ()
    assert words_declared_in("[vocabulary]\nsectors = [1]\n") == ()


def test_the_words_built_in_are_those_of_the_vocabularies() -> None:
    assert set(vocabulary.BUILT_IN) == set(get_args(vocabulary.WordList))
    assert vocabulary.BUILT_IN["sectors"] == get_args(vocabulary.Sector)
