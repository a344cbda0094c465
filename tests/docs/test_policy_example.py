"""The worked example, from a policy's text to a published board, is what the program does.

Both pages use the rulebook and the records that the Chinese page prints.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from commands.words.reader_language import choose_language
from tests.docs.test_readme_sessions import ROOT, answer, pattern, steps

CHINESE = "docs/policy-example.zh-CN.md"
LANGUAGES = {CHINESE: "zh_CN", "docs/policy-example.md": "en"}
TABLES_OF_THE_ISSUE = (
    "credit",
    "coefficients",
    "eligibility",
    "groups",
    "total",
    "funds",
    "targets",
    "boards",
)


def blocks(language: str) -> list[str]:
    """The texts of a kind that the Chinese page prints, in its order."""
    text = (ROOT / CHINESE).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def write_files(folder: Path) -> None:
    """Write the page's parts of the rulebook and its records to the files that it names."""
    (folder / "qinghe-2025.toml").write_text("\n".join(blocks("toml")), encoding="utf-8")
    (folder / "qinghe-2025.jsonl").write_text("".join(blocks("jsonl")), encoding="utf-8")


def edit(command: str) -> None:
    """Do what `sed EXPRESSION FILE > COPY` does."""
    program, expression, file, arrow, copy = shlex.split(command)
    assert (program, arrow) == ("sed", ">")
    edited = subprocess.run(["sed", expression, file], capture_output=True, check=True)
    assert edited.stdout != Path(file).read_bytes(), command
    Path(copy).write_bytes(edited.stdout)


@pytest.mark.parametrize("page", LANGUAGES)
def test_the_page_is_what_the_program_prints(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIFECYCLE_LANG", LANGUAGES[page])
    monkeypatch.setenv("LANGUAGE", LANGUAGES[page])
    choose_language()
    for step in steps(page):
        if step.command.startswith("sed "):
            edit(step.command)
            continue
        printed = answer(step.command, monkeypatch, capsys)
        assert pattern(step.printed).fullmatch(printed), f"$ {step.command}\n{printed}"
    monkeypatch.undo()
    choose_language()


def test_the_pages_run_the_same_commands() -> None:
    chinese, english = ([step.command for step in steps(page)] for page in LANGUAGES)
    # The English page names the event in English.
    assert [command.replace("投资出数", "InvestmentReported") for command in chinese] == english


def test_the_example_has_every_table_that_scoring_reads() -> None:
    book = tomllib.loads("\n".join(blocks("toml")))
    assert [table for table in TABLES_OF_THE_ISSUE if table not in book] == []
    assert any("assessed" in module for module in book["modules"])
