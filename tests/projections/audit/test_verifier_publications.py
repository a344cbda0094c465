"""What the standalone verifier says of a publication: its rulebook, and whether it is official."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import DEFAULT, LoadedRulebook, canonical, shipped
from lifecycle.rulebook.rulebook_library import parse
from projections.audit.evaluators import EVALUATOR
from projections.audit.verifier import verify_bundle as verifier
from projections.scoring import rulebook_in_force
from tests.projections.audit.bundle_parts import (
    BOOK,
    OTHER_DIGEST,
    SIZE,
    BundleParts,
    Change,
    EventLine,
    SealedLedger,
    Verify,
    changed_parts,
)

SCORES = "publication county#2 (ScoresPublished 2024, as of 2024-12-31)"
AGAIN = "publication county#4 (ScoresPublished 2024, as of 2024-12-31)"
IN_FORCE = f"rulebook kaihua-2024 {BOOK.digest}, not adopted, in force"
DAY = date(2024, 12, 31)


def change_scores(**fields: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        data.update(fields)
        # Rows of the first version name a unit by its identity alone.
        if re.fullmatch(verifier.FIRST_EVALUATORS, data["evaluator"]):
            for row in data["result"]["units"]:
                row.pop("name", None)

    return lambda parts: parts.change_last("ScoresPublished", change)


def publish_again(parts: BundleParts, **fields: Any) -> None:
    """Add the scores once more, as known at what is then the ledger's end."""
    scores = next(line for line in parts.events if line.topic.startswith("ScoresPublished"))
    again = EventLine("county", 4, scores.topic, scores.state)
    again.replace_data({**scores.data, "position": len(parts.events), **fields})
    parts.events.append(again)
    parts.seal()


def adopt(parts: BundleParts, digest: str = BOOK.digest) -> None:
    """Let the county's first event adopt a rulebook."""
    first = next(line for line in parts.events if line.stream == "county")
    first.topic = "RulebookAdopted/1"
    first.replace_data({**first.data, "rulebook_id": "x", "digest": digest, "content": "x"})
    parts.seal()


def lines_about(title: str, lines: Sequence[str]) -> list[str]:
    return [line for line in lines if f"{title} is " in line]


def test_one_in_force_at_the_ledger_s_end_is_official(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    bundle = changed_parts(sealed, lambda _: None).write(tmp_path / "b.zip")
    known = f"known at position {SIZE - 2} of {SIZE - 2}"
    assert lines_about(SCORES, verify(bundle)) == [f"ok: {SCORES} is official: {IN_FORCE}; {known}"]


def test_a_county_need_have_recorded_nothing_else(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    def forget(parts: BundleParts) -> None:
        first = next(line for line in parts.events if line.stream == "county")
        first.topic = "MeetingHeld/1"
        parts.seal()

    lines = verify(changed_parts(sealed, forget).write(tmp_path / "b.zip"))
    assert len(lines_about(SCORES, lines)) == 1


def test_a_later_one_of_the_same_supersedes_it(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    bundle = changed_parts(sealed, publish_again).write(tmp_path / "b.zip")
    (line,) = lines_about(AGAIN, verify(bundle))
    assert line.endswith(f"known at position {SIZE} of {SIZE}; it supersedes county#2")


def test_one_of_another_day_supersedes_nothing(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    def publish_for_another_day(parts: BundleParts) -> None:
        scores = next(line for line in parts.events if line.topic.startswith("ScoresPublished"))
        result = {**scores.data["result"], "as_of": "2024-12-30"}
        publish_again(parts, as_of="2024-12-30", result=result)

    bundle = changed_parts(sealed, publish_for_another_day).write(tmp_path / "b.zip")
    title = AGAIN.replace("12-31", "12-30")
    (line,) = lines_about(title, verify(bundle))
    assert line.endswith(f"known at position {SIZE} of {SIZE}")


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"unofficial": "核对"}, f"known at position {SIZE - 2} of {SIZE - 2}; reason given: 核对"),
        (
            {"unofficial": "核对", "position": SIZE - 3},
            f"known at position {SIZE - 3} of {SIZE - 2}; reason given: 核对",
        ),
        (
            {"evaluator": "lifecycle 0.1.9", "position": SIZE - 3},
            f"known at position {SIZE - 3} of {SIZE - 2}",
        ),
    ],
)
def test_one_that_is_not_official_is_named_with_its_reason(
    sealed: SealedLedger, tmp_path: Path, verify: Verify, fields: dict[str, Any], what: str
) -> None:
    bundle = changed_parts(sealed, change_scores(**fields)).write(tmp_path / "b.zip")
    assert lines_about(SCORES, verify(bundle)) == [
        f"note: {SCORES} is NOT OFFICIAL and supersedes nothing: {IN_FORCE}; {what}"
    ]


def test_one_that_is_not_official_supersedes_nothing_and_is_superseded_by_nothing(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    def publish_twice(parts: BundleParts) -> None:
        publish_again(parts, unofficial="试算")

    lines = verify(changed_parts(sealed, publish_twice).write(tmp_path / "b.zip"))
    assert not any("supersedes county#2" in line for line in lines)


def test_one_that_bears_no_mark_though_it_is_not_official_is_rejected(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    change = change_scores(position=SIZE - 3)
    last_line = verify(changed_parts(sealed, change).write(tmp_path / "b.zip"))[-1]
    assert last_line == (
        f"DIFFERS: {SCORES} is not official and bears no mark of it: {IN_FORCE}; "
        f"known at position {SIZE - 3} of {SIZE - 2}"
    )


def test_a_rulebook_that_another_took_the_place_of_is_not_in_force(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    rival = rival_text()

    def adopt_rival(parts: BundleParts) -> None:
        parts.files[f"rulebooks/{rival.digest}.json"] = rival.text
        parts.change_last("ScoresPublished", lambda data: data.update(unofficial="核对"))
        parts.change_last("BoardPublished", lambda data: data.update(unofficial="核对"))
        adopt(parts, rival.digest)

    lines = verify(changed_parts(sealed, adopt_rival).write(tmp_path / "b.zip"))
    (line,) = lines_about(SCORES, lines)
    assert f"rulebook kaihua-2024 {BOOK.digest}, not adopted, not in force" in line


def test_an_adopted_rulebook_is_said_to_be_adopted(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    (line,) = lines_about(SCORES, verify(changed_parts(sealed, adopt).write(tmp_path / "b.zip")))
    assert f"{BOOK.digest}, adopted, in force" in line


def test_an_adopted_rulebook_that_the_bundle_lacks_is_named(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    bundle = changed_parts(sealed, lambda parts: adopt(parts, OTHER_DIGEST))
    last_line = verify(bundle.write(tmp_path / "b.zip"))[-1]
    assert last_line == f"DIFFERS: the adopted rulebook {OTHER_DIGEST[:12]} is missing"


def test_a_calendar_must_match_its_digest(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    def change_calendars(parts: BundleParts) -> None:
        (name,) = [name for name in parts.files if name.startswith("calendars/")]
        parts.files[name] += b" "

    last_line = verify(changed_parts(sealed, change_calendars).write(tmp_path / "b.zip"))[-1]
    assert last_line.endswith("does not match its digest")
    assert "the calendar " in last_line


def test_a_calendar_that_a_publication_names_is_taken_by_its_digest(
    sealed: SealedLedger, tmp_path: Path, verify: Verify
) -> None:
    def change_present_calendar(parts: BundleParts) -> None:
        parts.files["calendar.txt"] = b"other rules"

    bundle = changed_parts(sealed, change_present_calendar).write(tmp_path / "b.zip")
    assert lines_about(SCORES, verify(bundle))


def test_the_verifier_knows_the_stand_in_and_this_version() -> None:
    assert shipped(DEFAULT).digest == verifier.STAND_IN
    assert shipped(DEFAULT).rulebook.effective_from.year == verifier.STAND_IN_YEAR
    assert shipped(DEFAULT).rulebook.effective_to.year == verifier.STAND_IN_YEAR
    assert re.fullmatch(verifier.KNOWN_EVALUATORS, EVALUATOR)
    assert not re.fullmatch(verifier.FIRST_EVALUATORS, EVALUATOR)


# Which rulebook is in force -----------------------------------------------------------------------


class RivalText:
    """The canonical text of a changed rulebook, and its digest."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.digest = verifier.sha256(text).hex()


def rival_text() -> RivalText:
    """The same rulebook of another county."""
    data = _canonical_data(BOOK) | {"issuer": "另一县"}
    return RivalText(json.dumps(data, ensure_ascii=False).encode())


def _canonical_data(book: LoadedRulebook) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(canonical(book.rulebook))
    return data


SPANS = [
    ("2024-01-01", "2024-12-31"),
    ("2024-01-01", "2024-06-30"),
    ("2024-07-01", "2024-12-31"),
    ("2024-07-01", "2025-12-31"),
    ("2023-01-01", "2024-03-31"),
    ("2025-01-01", "2025-12-31"),
    ("2024-01-02", "2024-12-31"),
]
CHANGES = [None, "whole_year", "in_force_at_day"]


def _dated_book(begins: str, ends: str, change: str | None) -> LoadedRulebook:
    name = "none" if change is None else change.replace("_", "-")
    text = shipped("kaihua-2024").content
    text = text.replace("effective_from = 2024-01-01", f"effective_from = {begins}", 1)
    text = text.replace("effective_to = 2024-12-31", f"effective_to = {ends}", 1)
    text = text.replace('id = "kaihua-2024"', f'id = "{begins}-to-{ends}-{name}"', 1)
    if change is not None:
        text += f'\n[change]\nwithin_year = "{change}"\nclause = "附则二"\nbasis = "policy"\n'
    return parse(text)


@pytest.fixture(scope="module")
def dated_books() -> list[LoadedRulebook]:
    return [_dated_book(*span, change) for span in SPANS for change in CHANGES]


def test_the_verifier_takes_the_rulebook_that_score_takes(
    dated_books: list[LoadedRulebook],
) -> None:
    known = {
        book.digest: verifier.CheckedRulebook(_canonical_data(book))
        for book in [*dated_books, shipped(DEFAULT)]
    }
    days = [date(2024, 2, 1), date(2024, 7, 1), DAY]
    pairs = itertools.product(dated_books, dated_books)
    combinations = [[], *([book] for book in dated_books), *(list(pair) for pair in pairs)]
    outcomes = set()
    for books, year, day in itertools.product(combinations, (2023, 2024, 2025), days):
        expected = rulebook_in_force.if_any(books, year, day)
        digest = None if expected is None else expected.digest
        adopted = [book.digest for book in books]
        assert verifier.rulebook_in_force(adopted, known, year, day) == digest
        outcomes.add(digest)
    assert len(outcomes) == len(dated_books) + 2


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2024, 6, 30), 1), (date(2024, 7, 1), 2)],
)
def test_a_rulebook_that_was_replaced_stays_so_when_a_third_takes_over_within_the_year(
    dated_books: list[LoadedRulebook], day: date, number: int
) -> None:
    whole_year = SPANS.index(("2024-01-01", "2024-12-31")) * len(CHANGES)
    second_half = SPANS.index(("2024-07-01", "2024-12-31")) * len(CHANGES)
    in_force_at_day = CHANGES.index("in_force_at_day")
    books = [
        dated_books[whole_year],
        dated_books[whole_year + 1],
        dated_books[second_half + in_force_at_day],
    ]
    known = {book.digest: verifier.CheckedRulebook(_canonical_data(book)) for book in books}
    adopted = [book.digest for book in books]

    assert verifier.rulebook_in_force(adopted, known, 2024, day) == adopted[number]
    in_force = rulebook_in_force.if_any(books, 2024, day)
    assert in_force is not None
    assert in_force.digest == adopted[number]


def adoption(version: int, book: LoadedRulebook, on: str) -> verifier.StoredEvent:
    fields = {"digest": book.digest, "occurred_on": on, "rulebook_id": book.id}
    state = json.dumps(fields).encode()
    return verifier.StoredEvent(version, "county", version, "RulebookAdopted/1", state)


def test_of_two_adoptions_the_one_recorded_last_counts_whatever_its_day(
    dated_books: list[LoadedRulebook],
) -> None:
    first, second = dated_books[0], dated_books[1]
    county = [adoption(1, first, "2024-02-01"), adoption(2, second, "2024-01-01")]
    assert verifier.adopted_digests(county, 2) == [first.digest, second.digest]
    assert verifier.adopted_digests(county, 1) == [first.digest]


@pytest.mark.parametrize(("day", "is_official"), [("2024-06-30", True), ("2024-07-01", False)])
def test_where_the_rulebook_changes_within_the_year_the_day_decides(
    dated_books: list[LoadedRulebook],
    capsys: pytest.CaptureFixture[str],
    day: str,
    is_official: bool,
) -> None:
    first = dated_books[SPANS.index(("2024-01-01", "2024-06-30")) * len(CHANGES)]
    later = SPANS.index(("2024-07-01", "2024-12-31")) * len(CHANGES)
    second = dated_books[later + CHANGES.index("in_force_at_day")]
    county = [adoption(1, first, "2024-01-01"), adoption(2, second, "2024-07-01")]
    known = {
        book.digest: verifier.CheckedRulebook(_canonical_data(book)) for book in (first, second)
    }
    fields = {
        "year": 2024,
        "as_of": day,
        "position": 2,
        "tree_size": 2,
        "rulebook_digest": first.digest,
        "evaluator": "lifecycle 0.1.0",
    }
    state = json.dumps(fields).encode()
    event = verifier.StoredEvent(3, "county", 3, "ScoresPublished/1", state)
    verifier.report_standing(event, county, known, {})
    printed = capsys.readouterr().out
    assert ("is official" in printed) == is_official
    assert ("is NOT OFFICIAL" in printed) != is_official
