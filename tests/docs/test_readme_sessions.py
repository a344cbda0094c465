"""The sessions that the READMEs print are what the program prints.

`…` on a line of its own stands for any lines, inside a line for any text. Blank lines and trailing
spaces are not compared.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.cli.main import run
from commands.demo.county_records import records
from commands.words.reader_language import choose_language

ROOT = Path(__file__).parents[2]
LANGUAGES = {"README.md": "en", "README.zh-CN.md": "zh_CN"}
PROMPT = "$ "


@dataclass(frozen=True)
class Step:
    """A command as typed, and the lines printed after it."""

    command: str
    printed: tuple[str, ...]


def steps(page: str) -> Iterator[Step]:
    """Every command of the page's sessions, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in re.findall(r"```text\n(.*?)```", text, re.DOTALL):
        if not block.startswith(PROMPT):
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *printed = part.splitlines()
            yield Step(command, tuple(line.rstrip() for line in printed if line.strip()))


def pattern(printed: tuple[str, ...]) -> re.Pattern[str]:
    parts = []
    for line in printed:
        if line == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(re.escape(line).replace("…", ".*") + r"\n")
    return re.compile("".join(parts))


def answer(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """What a command prints, results and messages together."""
    words = shlex.split(command)
    if words[0] == "export":
        name, _equals, value = words[1].partition("=")
        monkeypatch.setenv(name, value)
        return ""
    assert words[0] == "lifecycle"
    run(words[1:])
    captured = capsys.readouterr()
    lines = (captured.out + captured.err).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines if line.strip())


@pytest.mark.parametrize("page", LANGUAGES)
def test_a_documented_session_is_what_the_program_prints(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIFECYCLE_LANG", LANGUAGES[page])
    monkeypatch.setenv("LANGUAGE", LANGUAGES[page])
    choose_language()
    for step in steps(page):
        printed = answer(step.command, monkeypatch, capsys)
        assert pattern(step.printed).fullmatch(printed), f"$ {step.command}\n{printed}"
    monkeypatch.undo()
    choose_language()


def test_the_sample_county_is_as_large_as_the_readme_says() -> None:
    county = list(records())
    units = Counter(record["category"] for record in county if record["event"] == "UnitRegistered")
    projects = [record for record in county if record["event"] == "InformationReported"]
    years = sorted({str(record["reported_at"])[:4] for record in projects})
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert (
        f"{units['township']} townships, {units['department']} departments, "
        f"{units['outpost_group']} outpost groups, {len(projects)} projects "
        f"from {years[0]} to {years[-1]}"
    ) in text
