"""Every term has words in both languages; a third language is one catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from commands.intake.typed_fields import fields_of_kind
from commands.words import reader_language, sheet_words, table_headings
from commands.words.event_words import EVENTS, FIELDS, field_place
from commands.words.kinds import rule_kind_terms
from commands.words.reader_language import choose_language, in_chinese
from commands.words.rule_terms import FILTERS, MEASURES
from commands.words.terms import Label, PolicyTerm
from commands.words.vocabulary_words import VOCABULARY, word
from lifecycle.deciding import task_ladder
from lifecycle.events import BY_NAME, vocabulary
from lifecycle.rulebook.kinds import KINDS
from lifecycle.rulebook.measures import MEASURES as KNOWN_MEASURES
from lifecycle.rulebook.parts import Filter
from projections.views import deadline_view

HAN = re.compile(r"[\u4e00-\u9fff]")
TABLES: dict[str, Mapping[str, Label]] = {
    "events": EVENTS,
    "fields": FIELDS,
    "vocabulary": VOCABULARY,
    "measures": MEASURES,
    "kinds of rule": rule_kind_terms(),
    "filters": FILTERS,
    "actions": sheet_words.ACTIONS,
    "states": sheet_words.STATUS,
    "levels": sheet_words.LEVELS,
    "deadlines": sheet_words.DEADLINE_KINDS,
    "file_headings": table_headings.FILE_HEADINGS,
    "headings": {
        name: value
        for name, value in vars(table_headings).items()
        if name.isupper() and not isinstance(value, dict)
    },
}


def speak(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    monkeypatch.setenv("LANGUAGE", language)
    choose_language()


def vocabularies() -> set[str]:
    """Every word of every closed vocabulary that is stored in English."""
    # The names of the lists are fields of a rulebook, and no stored words.
    listed = [value for name, value in vars(vocabulary).items() if name != "WordList"]
    literals = [value for value in listed if get_origin(value) is Literal]
    return {stored for literal in literals for stored in get_args(literal) if stored.isascii()}


def kinds_of_rule() -> set[str]:
    return {get_args(shape.model_fields["kind"].annotation)[0] for shape in KINDS}


@pytest.mark.parametrize(
    ("worded", "known"),
    [
        (EVENTS, set(BY_NAME)),
        (FIELDS, {name for kind in BY_NAME.values() for name in kind.model_fields}),
        (VOCABULARY, vocabularies()),
        (MEASURES, set(KNOWN_MEASURES)),
        (rule_kind_terms(), kinds_of_rule()),
        (FILTERS, set(Filter.model_fields)),
        (sheet_words.ACTIONS, set(task_ladder.ACTIONS)),
        (sheet_words.DEADLINE_KINDS, set(deadline_view.DEADLINE_KINDS)),
        (sheet_words.LEVELS, set(deadline_view.URGENCY_LEVELS)),
    ],
    ids=["events", "fields", "vocabulary", "measures", "kinds", "filters", "acts", "due", "levels"],
)
def test_everything_known_has_words(worded: Mapping[str, Label], known: set[str]) -> None:
    assert known - set(worded) == set()


@pytest.mark.parametrize("table", TABLES)
def test_every_label_has_both_languages(table: str) -> None:
    for name, label in TABLES[table].items():
        assert label.english, name
        assert HAN.search(label.chinese), name


@pytest.mark.parametrize("table", ["events", "fields", "vocabulary", "measures", "kinds of rule"])
def test_no_two_terms_of_a_table_are_alike(table: str) -> None:
    labels = TABLES[table].items()
    # A standard plant of the resource list is what a project's `standard_factory` stands on.
    terms = [label.chinese for name, label in labels if name != "standard_plant"]
    assert len(set(terms)) == len(terms)


def test_a_field_reads_its_own_word_of_a_term_that_two_vocabularies_share() -> None:
    for kind in BY_NAME.values():
        for field in fields_of_kind(kind):
            if field.shape == "choice":
                assert [field.read(field.write(value)) for value in field.choices] == [
                    *field.choices
                ]


def test_a_chinese_reader_sees_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "zh_CN")
    assert str(PolicyTerm("Rank", "名次")) == "名次"
    assert str(Label("Reason", "理由")) == "理由"
    assert field_place("milestones.0.due_on") == "节点计划（milestones.0.due_on）"


def test_an_english_reader_sees_a_term_of_the_policy_in_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    speak(monkeypatch, "en")
    assert str(PolicyTerm("Rank", "名次")) == "Rank 名次"
    assert PolicyTerm("Rank", "名次").heading() == "Rank\n名次"
    assert str(Label("Reason", "理由")) == "Reason"
    assert (
        field_place("replacement.area_mu") == "Land area (mu) 土地面积（亩） (replacement.area_mu)"
    )
    assert word("signing") == "正式签约"


def test_official_documents_are_chinese_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "en")
    with in_chinese():
        assert str(PolicyTerm("Rank", "名次")) == "名次"


def test_a_third_language_is_one_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalog(locale="de", domain=reader_language.DOMAIN)
    catalogue.add("Rank", "Rang")
    catalogue.add("Reason", "Grund")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / f"{reader_language.DOMAIN}.mo").write_bytes(compiled.getvalue())
    monkeypatch.setattr(reader_language, "LOCALES", tmp_path)
    speak(monkeypatch, "de")
    assert str(table_headings.RANK) == "Rang 名次"
    assert str(table_headings.WHY_PROPOSED) == "Grund"
    monkeypatch.undo()
    choose_language()
