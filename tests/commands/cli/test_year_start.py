"""The start of a year: what leads to its rulebook, and what works without one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from lifecycle.ledger import machine_clock
from lifecycle.rulebook.rulebook_library import parse, shipped
from tests.commands.conftest import Cli

NEW = ("rulebook", "new", "kaihua-2026", "--from", "kaihua-2024", "--year", "2026")


def test_the_rejection_leads_to_a_rulebook_that_works(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rejection = cli("score", "--year", "2026")
    assert (rejection.code, "[no_rulebook]" in rejection.err) == (1, True)
    assert "lifecycle rulebook new ID --from kaihua-2024 --year 2026" in rejection.err
    assert cli(*NEW).code == 0
    assert cli("rulebook", "check", "kaihua-2026.toml").code == 0
    first = cli("rulebook", "adopt", "kaihua-2026.toml", "--occurred-on", "2026-01-05")
    assert (first.code, "changes nothing" in first.out) == (0, False)
    assert cli("score", "--year", "2026").code == 0
    # Adopted once more on another day it says that nothing becomes different.
    again = cli("rulebook", "adopt", "kaihua-2026.toml", "--occurred-on", "2026-01-06")
    assert "kaihua-2026 was adopted with just this text" in again.out


def test_title_time_in_force_and_years_of_reference_are_moved(
    bare: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bare(*NEW).code == 0
    draft = parse((tmp_path / "kaihua-2026.toml").read_text(encoding="utf-8"))
    assert draft.rulebook.title == "开化县2026年度招商引资工作考核办法"
    assert (draft.rulebook.effective_from.year, draft.rulebook.effective_to.year) == (2026, 2026)
    assert "information_years = [2021, 2023]" in shipped("kaihua-2024").content
    assert "information_years = [2023, 2025]" in draft.content
    assert "information_years = [2021, 2023]" not in draft.content


def test_the_rulebook_that_comes_with_the_program_is_not_called_adopted(cli: Cli) -> None:
    first = cli("rulebook", "adopt", "kaihua-2024", "--occurred-on", "2026-01-05")
    assert "serves 2024-01-01 to 2024-12-31 without an adoption" in first.out
    again = cli("rulebook", "adopt", "kaihua-2024", "--occurred-on", "2026-01-06")
    assert "kaihua-2024 was adopted with just this text" in again.out


def test_an_adoption_for_another_year_says_so(cli: Cli) -> None:
    answer = cli("rulebook", "adopt", "gaoan-2021")
    assert (answer.code, "is in force from 2021-01-01 to 2021-12-31 and not in" in answer.err) == (
        0,
        True,
    )


def test_views_of_what_is_recorded_need_no_rulebook(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    day = ("--as-of", "2026-02-01")
    for command in (
        ("report", "ledger", "ledger.xlsx", *day),
        ("deadlines", *day),
        ("today", *day),
        ("sheets", "due", *day),
        ("sheets", "list", *day),
        ("project", "list", *day),
        ("project", "show", "P", *day),
        ("project", "history", "P", *day),
    ):
        answer = cli(*command)
        assert answer.code == 0, (command, answer.err)
    # Where a year is scored, a rulebook that is named or in force is still needed.
    assert cli("report", "year", "2026").code == 1


def test_init_leads_to_the_rulebook_of_the_year(bare: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.fromisoformat("2027-01-04T09:00:00+08:00")
    monkeypatch.setattr(machine_clock, "machine_time", lambda: moment)
    answer = bare("init")
    assert "rulebook new ID --from kaihua-2024 --year 2027" in answer.out
