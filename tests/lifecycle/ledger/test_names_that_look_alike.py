"""No two codes or unit names differ in look only, and no stored text holds what shows nothing."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events.folded_text import folded_name, without_ignorables
from tests.given import of


@pytest.mark.parametrize(
    "alike",
    [
        "kh-2024-017",
        "KH—2024—017",
        "ＫＨ－２０２４－０１７",
        "KH\u22122024\u2010017",
        "KH\u2011\u200b2024-0\u200d17\ufeff",
        "KH﹣2024︱017",
    ],
)
def test_codes_that_look_alike_fold_alike(alike: str) -> None:
    assert folded_name(alike) == folded_name("KH-2024-017")


@pytest.mark.parametrize("other", ["KH 2024-017", "KH-2024-17", "KH.2024-017", "KH2024017"])
def test_white_space_and_punctuation_count(other: str) -> None:
    assert folded_name(other) != folded_name("KH-2024-017")


def test_folding_folds_no_further() -> None:
    for code_point in range(sys.maxunicode + 1):
        folded = folded_name(chr(code_point))
        assert folded_name(folded) == folded
    folded_name.cache_clear()


def test_format_characters_that_show_nothing_are_dropped() -> None:
    assert without_ignorables("甲\u00ad\u200b\u2060\ufe0f\ufeff\u3164\U000e0001乙") == "甲乙"
    # A visible mark stays, whatever its category.
    assert all(without_ignorables(mark) == mark for mark in "\u0600\u093e\u3000")
    assert unicodedata.category("\u0600") == "Cf"


def test_a_record_is_the_same_with_and_without_them() -> None:
    plain = of("ReviewHeld", findings="正常", evidence=[{"name": "纪要", "sha256": "0" * 64}])
    marked = of(
        "ReviewHeld",
        findings="正\u200b常",
        evidence=[{"name": "纪\u2060要", "sha256": "0" * 64}],
    )
    marked["project"] = f"\ufeff{plain['project']}\u200b"
    assert read_record(marked).digest == read_record(plain).digest
