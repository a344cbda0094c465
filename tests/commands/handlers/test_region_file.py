"""The region file: everything wrong with it is named, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.handlers.region_file import read_region_file
from commands.words.problem_text import problem_text
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.rejections import Rejected, StoreError
from tests.edited_files import save_with_notepad

DOCS = Path(__file__).parents[3] / "docs"
HEAD = 'format = "lifecycle-region/1"\n'


@pytest.fixture
def keys(tmp_path: Path) -> list[str]:
    """Two public keys."""
    names = ("lifecycle/1", "lifecycle/2")
    return [str(SigningKey.create(name, tmp_path / f"{name[-1]}.pem").verifier) for name in names]


def table(unit: str, key: str, place: str = 'store = "a.db"', further: str = "") -> str:
    return (
        f'[[members]]\nunit = "{unit}"\n{place}\nwitness = "{unit}.jsonl"\n'
        f'key = "{key}"\n{further}\n'
    )


def written(folder: Path, content: str) -> Path:
    path = folder / "region.toml"
    path.write_text(content, encoding="utf-8", newline="\n")
    return path


def problems(folder: Path, content: str) -> list[tuple[str, str | None]]:
    with pytest.raises(Rejected) as rejection:
        read_region_file(written(folder, content))
    return [(problem.rule, problem.field) for problem in rejection.value.problems]


def test_paths_count_from_the_file_and_urls_stay(tmp_path: Path, keys: list[str]) -> None:
    url = "postgresql+psycopg://city@host/kaihua"
    content = (
        f"{HEAD}max_age_days = 40\n"
        + table("甲", keys[0], 'store = "sqlite:///data/a.db"', "max_age_days = 7")
        + table("乙", keys[1], f'store = "{url}"')
    )
    first, second = read_region_file(written(tmp_path, content))
    assert first.store == f"sqlite:///{tmp_path / 'data' / 'a.db'}"
    assert first.witness == tmp_path / "甲.jsonl"
    assert (first.max_age_days, second.max_age_days) == (7, 40)
    assert (second.store, second.bundle) == (url, None)
    assert [str(member.key) for member in (first, second)] == keys


def test_a_file_saved_by_notepad_is_read(tmp_path: Path, keys: list[str]) -> None:
    path = written(tmp_path, HEAD + table("甲", keys[0], 'bundle = "a.zip"'))
    path.write_bytes(save_with_notepad(path.read_bytes()))
    (member,) = read_region_file(path)
    assert member.bundle == str(tmp_path / "a.zip")


def test_every_problem_is_named_with_its_place(tmp_path: Path, keys: list[str]) -> None:
    content = (
        'format = "lifecycle-region/2"\nmax_age = 3\nmax_age_days = 0\n'
        + table("甲", "no key", 'store = "a.db"\nbundle = "a.zip"')
        + table("", keys[0], "store = 1", 'note = ""\nmax_age_days = true')
    )
    assert problems(tmp_path, content) == [
        ("unknown_field", "max_age"),
        ("format", "format"),
        ("max_age_days", "max_age_days"),
        ("ledger", "members.0"),
        ("key", "members.0.key"),
        ("unknown_field", "members.1.note"),
        ("missing", "members.1.unit"),
        ("missing", "members.1.store"),
        ("max_age_days", "members.1.max_age_days"),
    ]


@pytest.mark.parametrize("days", ["36501", "99999999999999999999", "-1", "4.5"])
def test_days_that_no_calendar_has_are_rejected(tmp_path: Path, keys: list[str], days: str) -> None:
    content = HEAD + f"max_age_days = {days}\n" + table("甲", keys[0])
    assert problems(tmp_path, content) == [("max_age_days", "max_age_days")]


@pytest.mark.parametrize("tables", ["", "members = []\n", "members = 1\n"])
def test_a_region_has_members(tmp_path: Path, tables: str) -> None:
    assert problems(tmp_path, HEAD + tables) == [("members", "members")]


def test_no_two_members_share_unit_witness_or_key(tmp_path: Path, keys: list[str]) -> None:
    content = HEAD + table("甲", keys[0]) + table("甲", keys[0], 'store = "b.db"')
    assert problems(tmp_path, content) == [("repeated", "members")] * 3


@pytest.mark.parametrize("content", [b"format = ", b"\xff\xfe"])
def test_what_is_no_toml_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "region.toml"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not valid TOML"):
        read_region_file(path)


def test_a_path_as_windows_shows_it_is_told_how_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "region.toml"
    path.write_text(r'store = "D:\kaihua\ux.db"', encoding="utf-8")
    with pytest.raises(StoreError, match="between single quotes"):
        read_region_file(path)


@pytest.mark.parametrize("page", ["region.md", "region.zh-CN.md"])
def test_the_file_in_the_documentation_is_read(tmp_path: Path, page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    content = text.partition("```toml\n")[2].partition("```")[0]
    first, second = read_region_file(written(tmp_path, content))
    assert (first.unit, second.unit) == ("开化县", "常山县")
    assert (first.bundle, second.store) == (None, None)
    assert first.max_age_days == 40


def test_what_is_missing_comes_with_an_example(tmp_path: Path) -> None:
    """A reader puts each example into the file, and the file is read."""
    content = HEAD + "max_age_days = 0\n[[members]]\n"
    with pytest.raises(Rejected) as rejection:
        read_region_file(written(tmp_path, content))
    lines = []
    for problem in rejection.value.problems:
        example = problem_text(problem).partition("such as ")[2]
        lines.append(example.partition(" [")[0])
    (days,) = [line for line in lines if line.startswith("max_age_days")]
    rest = [line for line in lines if line != days]
    mended = f"{HEAD}{days}\n[[members]]\n" + "\n".join(rest)
    (member,) = read_region_file(written(tmp_path, mended))
    assert (member.unit, member.max_age_days) == ("开化县", 40)
