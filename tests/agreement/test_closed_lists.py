"""Lists that must agree do: what the product knows, the verifier and the reference know too."""

from __future__ import annotations

import pytest

from tests.agreement.closed_lists import complaints, product_lists


def test_the_verifier_and_the_reference_know_every_word_of_the_product() -> None:
    missing = complaints(product_lists())
    # The sentences name all that is to be added; a comparison of lists would show only the first.
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("title", "word", "expected"),
    [
        (
            "measure",
            "meetings_held",
            [
                "the standalone verifier does not know the measure meetings_held",
                "the reference does not know the measure meetings_held",
                "the generator of rulebooks does not know the measure meetings_held",
            ],
        ),
        (
            "kind of rule",
            "lottery",
            [
                "the standalone verifier does not know the kind of rule lottery",
                "the reference does not know the kind of rule lottery",
                "the generator of rulebooks does not know the kind of rule lottery",
            ],
        ),
        (
            "event",
            "PrizeDrawn",
            ["the standalone verifier does not know the event PrizeDrawn"],
        ),
        (
            "shape of an event",
            "AwardWon/2",
            ["the standalone verifier does not know the shape of an event AwardWon/2"],
        ),
        (
            "field of an event",
            "AwardWon.prize",
            ["the reference does not know the field of an event AwardWon.prize"],
        ),
        (
            "field of rank",
            "lots",
            ["the standalone verifier does not know the field of rank lots"],
        ),
        (
            "choice",
            "rank.ties=lots",
            ["the standalone verifier does not know the choice rank.ties=lots"],
        ),
        (
            "filter field",
            "colour",
            [
                "the standalone verifier does not know the filter field colour",
                "the reference does not know the filter field colour",
                "the generator of rulebooks does not know the filter field colour",
            ],
        ),
        (
            "sector",
            "space",
            ["the reference does not know the sector space"],
        ),
    ],
)
def test_a_word_added_to_the_product_alone_is_reported_by_name(
    title: str,
    word: str,
    expected: list[str],
) -> None:
    lists = product_lists()
    complaints_before = complaints(lists)
    lists[title] |= {word}

    # A word that is being added and not yet known everywhere fails the first test alone.
    assert [line for line in complaints(lists) if line not in complaints_before] == expected


def test_a_word_removed_from_the_product_alone_is_reported() -> None:
    lists = product_lists()
    complaints_before = complaints(lists)
    lists["exclusion"] -= {"denied"}

    assert [line for line in complaints(lists) if line not in complaints_before] == [
        "the standalone verifier knows the exclusion denied, which there is not",
        "the reference knows the exclusion denied, which there is not",
        "the generator of rulebooks knows the exclusion denied, which there is not",
    ]
