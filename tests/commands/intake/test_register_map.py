"""A map is checked whole, and each fault is named by its place in the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from commands.intake.register_map import read_register_map
from commands.words.problem_text import problem_text
from lifecycle.rejections import Problem, Rejected, StoreError

HEAD = 'format = "lifecycle-map/1"\n'
CODE = '[project]\ncode = { column = "编号" }\n'
SIGNING = '[[event]]\nevent = "AgreementSigned"\noccurred_on = { column = "签约" }\n'
REPORT = '[[event]]\nevent = "InformationReported"\nname = { column = "名" }\n'
LISTING = '[[event]]\nevent = "ResourceListed"\nname = { column = "名" }\n'
MONTHS = '[[months]]\nevent = "InvestmentReported"\nfield = "fixed_assets"\n'


def faults(folder: Path, text: str) -> list[tuple[str, object, str]]:
    """Return rule, place and sentence of everything wrong in a map."""
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Rejected) as rejected:
        read_register_map(path)
    problems = []
    for problem in rejected.value.problems:
        values: dict[str, Any] = problem.values
        place = values["place"]
        # A value that is typed wrongly stands beside its place.
        if isinstance(place, Problem):
            place = place.values["place"]
        problems.append((problem.rule, place, problem_text(problem)))
    return problems


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("format = 'lifecycle-map/2'\n" + CODE + SIGNING, "vocabulary", "format"),
        (HEAD + "colour = 1\n" + CODE + SIGNING, "unknown_field", "colour"),
        (HEAD + "unit = '元'\n" + CODE + SIGNING, "vocabulary", "unit"),
        (HEAD + "headings = [1, 3]\n" + CODE + SIGNING, "heading_rows", "map"),
        (HEAD + SIGNING, "source", "map"),
        (HEAD + CODE, "map_empty", "map"),
        (HEAD + CODE + CODE.replace("project", "resource") + SIGNING, "source", "map"),
        (HEAD + CODE.replace("project", "resource") + SIGNING, "event_elsewhere", "map"),
        (
            HEAD + CODE + SIGNING.replace("AgreementSigned", "ResourceListed"),
            "event_elsewhere",
            "map",
        ),
        (
            HEAD + CODE.replace("project", "resource") + MONTHS + "column = 'a'\n",
            "event_elsewhere",
            "map",
        ),
        (
            HEAD + "[resource]\ncode = { make = 'ZY-{n}' }\n"
            "[[event]]\nevent = 'ResourceListed'\nname = { column = '名' }\n",
            "identity_missing",
            "map",
        ),
        (HEAD + "[project]\ncode = { }\n" + SIGNING, "source", "project.code"),
        (HEAD + CODE + SIGNING + "area_mu = { column = 'x' }\n", "unknown_field", "event 1"),
        (HEAD + CODE + SIGNING + "note = { colum = 'x' }\n", "unknown_field", "event 1.note.colum"),
        (
            HEAD + CODE + SIGNING + "note = { column = 'x', value = 'y' }\n",
            "source",
            "event 1.note",
        ),
        (
            HEAD + CODE + SIGNING + "note = { value = 'y', unit = '亿元' }\n",
            "source",
            "event 1.note",
        ),
        (HEAD + CODE + "[[event]]\nevent = 'ActivityHeld'\n", "vocabulary", "event 1.event"),
        (HEAD + CODE + "[[event]]\nevent = 'StatisticsEntered'\n", "day_missing", "event 1"),
        (HEAD + CODE + MONTHS + "year = 2024\n", "source", "months 1"),
        (HEAD + CODE + MONTHS + "columns = { 'a' = 1 }\n", "source", "months 1"),
        (
            HEAD + CODE + MONTHS + "year = 2024\ncolumns = { 'a' = 13 }\n",
            "range",
            "months 1.columns.a",
        ),
        (
            HEAD + CODE + MONTHS + "year = 2024\ncolumns = { 'a' = 1, 'b' = 1 }\n",
            "source",
            "months 1",
        ),
        (
            HEAD + CODE + MONTHS.replace("fixed_assets", "amount") + "column = 'a'\n",
            "months_field",
            "months 1",
        ),
        (HEAD + "[project]\ncode = { make = 'KH-{n}' }\n" + REPORT, "identity_missing", "map"),
        (HEAD + "[project]\ncode = { make = 'KH' }\n" + REPORT, "pattern", "project.code"),
        (HEAD + "[project]\ncode = { make = '{n}{x}' }\n" + REPORT, "pattern", "project.code"),
        (
            HEAD + "[project]\ncode = { make = '{year}{n}' }\n" + REPORT,
            "pattern",
            "project.code",
        ),
    ],
)
def test_each_fault_is_named_by_its_place(text: str, rule: str, place: str, tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, text)
    assert fault[:2] == (rule, place)
    # The sentence is whole: no place of its template stays open.
    assert re.match(rf'map\.toml, {re.escape(place)}( "[^"]*")?: ', fault[2])
    assert "{" not in fault[2].replace("{n}", "").replace("{n:03}", "").replace("{year}", "")


def test_several_faults_are_said_together(tmp_path: Path) -> None:
    text = HEAD + "colour = 1\n[project]\ncode = {}\n" + SIGNING + "note = {}\n"
    assert {fault[1] for fault in faults(tmp_path, text)} == {
        "colour",
        "project.code",
        "event 1.note",
    }


@pytest.mark.parametrize("content", [b"format = ", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_a_file_that_is_no_toml_is_said(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"map\.toml cannot be read as a map"):
        read_register_map(path)


def test_constants_stay_exact(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    more = "note = { value = 0.1 }\nsource_ref = { value = 2024-01-05 }\n"
    path.write_text(HEAD + CODE + SIGNING + more, encoding="utf-8-sig")
    fields = read_register_map(path).event[0].fields
    assert (fields["note"].value, fields["source_ref"].value) == ("0.1", "2024-01-05")
