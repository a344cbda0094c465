"""The insider matrix: every deed, every cover, as three auditors see it; the table in docs/audit.md is this run's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.insider import BEGIN, CASES, END, EYES, PAGE, TOUCHED, Case, Scene, expected, table


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.deed}-{case.cover}-{case.when}")
def test_what_an_insider_does_is_noticed_by_whom(case: Case, store_url: str, tmp_path: Path) -> None:
    scene = Scene(store_url, tmp_path)
    assert {eye: scene.seen_by(eye, case)[0] for eye in EYES} == dict.fromkeys(EYES, False)
    scene.suffers(case)
    assert {eye: scene.seen_by(eye, case)[0] for eye in EYES} == {eye: expected(case, eye) for eye in EYES}


@pytest.mark.parametrize("deed", ["edit", "delete", "reorder", "truncate", "insert"])
@pytest.mark.parametrize("cover", ["nothing", "tree, signed again with the stolen key"])
def test_the_first_event_that_differs_is_named(deed: str, cover: str, store_url: str, tmp_path: Path) -> None:
    case = Case(deed, cover, "before")
    scene = Scene(store_url, tmp_path)
    scene.suffers(case)
    first = TOUCHED["before"] + (deed == "truncate")
    assert scene.seen_by("witness", case) == (True, first)
    assert scene.seen_by("receipts", case) == (True, first)


def test_the_page_for_auditors_shows_this_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    told = page.partition(BEGIN)[2].partition(END)[0]
    assert told == table({(case, eye): expected(case, eye) for case in CASES for eye in EYES})
