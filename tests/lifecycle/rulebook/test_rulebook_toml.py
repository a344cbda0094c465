"""Rulebooks written as TOML keep their digest; a derived one keeps its source's comments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lifecycle.rulebook import every_shipped, parse, shipped, shipped_ids, shipped_with_digest
from lifecycle.rulebook.rulebook_library import read_toml
from lifecycle.rulebook.rulebook_toml import derive_toml, write_toml

DIGESTS = {
    "city-2024": "f49411b1467cebc017c2287464025fa922a2cbc2cb97a2c9808af317be4f2c3f",
    "deqing-stationed": "d61fa956a098669918828c50f4dbe50573c46f402079fd150ebe6af4ecd5f31a",
    "gaoan-2021": "75333a9b1e6adf52178f1cee47759a3e4f10c4179cbbea220d15d1a96ff9efa6",
    "hongya-2023": "582dfd4d1fe170163a4c5b1c93b63d9898b1a274116fce5a1436a6aec113bdf4",
    "kaihua-2024": "bf875488fd2a02528aee8e3e458975d2a6c666b7a0096bf15aea44ece2ab0224",
    "key-projects-2020": "611433940ed5f865d63eb93c62b95880cb844e8dd22e21ae6c1fae3d31027daf",
    "teams-quarterly": "22973baa535426cb5fa773d4064b78bbd5e49ed92fae1a841b8aa021406d3f75",
    "township-table": "5b22a2c3a6c6f51cba9c84e324c8a6a2c0964dc20f28c10125caa5b601ed7e0d",
    "unit-plan": "e4ca6c85f6625c49066b2a03e99ca85c61a857293dea092c56cb150c084ebbe7",
}
"""The digests of the rulebooks shipped with 0.1.0: publications name them, so they never change."""

TEXT = """\
# About the whole file.
id = "a"

[rounding]  # of points
shown = 2
factor = 0.50  # half
note = "why"

# The first rule.
[[rules]]
id = "r1"
points = 1.0
bands = [
    { value = "[1,2]", points = 3 },  # the lowest
    { value = "(2,)", points = 4 },
]

# The second rule.
[[rules]]
id = "r2"
points = 2
"""


def test_the_rulebooks_shipped_with_0_1_0_stay_readable_by_their_digests() -> None:
    books = {book.digest: book.id for book in every_shipped()}
    assert {books[digest]: digest for digest in DIGESTS.values()} == DIGESTS


@pytest.mark.parametrize("rulebook_id", sorted(DIGESTS))
def test_a_digest_or_its_start_leads_to_the_rulebook(rulebook_id: str) -> None:
    for digest_start in (DIGESTS[rulebook_id], DIGESTS[rulebook_id][:12]):
        book = shipped_with_digest(digest_start)
        assert book is not None
        assert (book.id, book.digest) == (rulebook_id, DIGESTS[rulebook_id])
    assert shipped_with_digest("0" * 64) is None


@pytest.mark.parametrize("rulebook_id", shipped_ids())
def test_a_rulebook_written_from_its_data_reads_the_same(rulebook_id: str) -> None:
    book = shipped(rulebook_id)
    text = write_toml(book.data())
    assert read_toml(text) == book.data()
    assert parse(text).digest == book.digest


@pytest.mark.parametrize("rulebook_id", shipped_ids())
def test_a_rulebook_derived_without_a_change_is_its_source(rulebook_id: str) -> None:
    book = shipped(rulebook_id)
    assert derive_toml(book.content, book.data()) == book.content


def derived(**changes: Any) -> str:
    """Return the text above with fields of its first rule changed; None removes a field."""
    data = read_toml(TEXT)
    rule = data["rules"][0]
    for name, value in changes.items():
        if value is None:
            del rule[name]
        else:
            rule[name] = value
    text = derive_toml(TEXT, data)
    assert read_toml(text) == data
    return text


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"points": Decimal("0.125")}, "points = 1.0\n", "points = 0.125\n"),
        ({"points": 7}, "points = 1.0\n", "points = 7\n"),
        ({"points": None}, "points = 1.0\n", ""),
        (
            {"bands": [{"value": "[0,2]", "points": 3}, {"value": "(2,)", "points": 4}]},
            '"[1,2]", points = 3 },  # the lowest',
            '"[0,2]", points = 3 },  # the lowest',
        ),
    ],
)
def test_a_derived_text_changes_only_what_differs(
    changes: dict[str, Any], before: str, after: str
) -> None:
    assert before in TEXT
    assert derived(**changes) == TEXT.replace(before, after, 1)


def test_an_equal_number_keeps_its_notation() -> None:
    assert "factor = 0.50  # half" in derived(points=9)
    assert derived(points=Decimal(1)) == TEXT


def test_a_new_field_and_a_longer_list_are_written_in_place() -> None:
    text = derived(document="号1", bands=[{"value": "(,2]", "points": Decimal("0.5")}])
    assert 'bands = [{value = "(,2]", points = 0.5}]' in text
    assert text.index('document = "号1"') < text.index("# The second rule.")


@pytest.mark.parametrize("value", ['say "no"', "two\nlines", "tab\tand \\", "\x01", "招商"])
def test_text_is_escaped(value: str) -> None:
    assert read_toml(write_toml({"title": value})) == {"title": value}
