"""Tab completion: units, project codes, choices and Chinese event names, in four shells."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from commands.cli.main import run
from commands.cli.shared.powershell_completion import typed_words
from tests.commands.cli.test_declared_words import BOOK
from tests.commands.conftest import Cli, process

REPORT = ("record", "项目信息")

Complete = Callable[..., list[str]]


def asked_by_bash(cli: Cli, *words: str) -> dict[str, str]:
    """The variables by which bash asks about the last of the words."""
    line = " ".join(("lifecycle", "--db", cli.url.replace("\\", "/"), *words))
    return {
        "_LIFECYCLE_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) + 2),
    }


def offered(out: str) -> list[str]:
    return [row.partition(",")[2] for row in out.splitlines() if row]


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Complete:
    """What bash is offered for the last of the words."""

    def completed(cli: Cli, *words: str) -> list[str]:
        for name, value in asked_by_bash(cli, *words).items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        with pytest.raises(SystemExit):
            run([])
        answer = capsys.readouterr()
        assert answer.err == ""
        return offered(answer.out)

    return completed


def test_a_process_of_its_own_answers_bash(cli: Cli) -> None:
    answer = process(**asked_by_bash(cli, "deadlines", "--unit", "马"))
    assert answer.err == ""
    assert "马金镇" in offered(answer.out)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("rec",), "record"),
        (("record", "正"), "正式签约"),
        (("record", "项"), "项目"),
        (("record", "AgreementS"), "AgreementSigned"),
        ((*REPORT, "--reporting-unit", "华"), "华埠镇"),
        ((*REPORT, "--sector", "工"), "工业"),
        ((*REPORT, "--sector", "indu"), "industrial"),
        (("record", "投资出数", "--project", "P"), "P"),
        (("deadlines", "--unit", "马"), "马金镇"),
        (("project", "show", "项目"), "P"),
        (("correct", "华"), "华埠镇"),
        (("log", "--event", "投资"), "投资出数"),
    ],
)
def test_what_is_begun_is_completed(
    cli: Cli, complete: Complete, words: tuple[str, ...], expected: str
) -> None:
    assert expected in complete(cli, *words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((*REPORT, "--sector", "矿"), "矿业"),
        ((*REPORT, "--sector", "min"), "mining"),
        (("record", "建设节点", "--milestone", "节能"), "节能审查"),
        (("record", "项目指标", "--figure", "注册"), "注册资本"),
        ((*REPORT, "--sector", "工"), "工业"),
    ],
)
def test_words_that_the_rulebook_declares_are_completed(
    cli: Cli, complete: Complete, tmp_path: Path, words: tuple[str, ...], expected: str
) -> None:
    book = tmp_path / "book.toml"
    book.write_text(BOOK, encoding="utf-8")
    assert cli("rulebook", "adopt", book, "--doubts-read").code == 0
    assert expected in complete(cli, *words)


def test_without_a_store_nothing_is_offered_and_nothing_made(
    bare: Cli, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert complete(bare, "deadlines", "--unit", "华") == []
    monkeypatch.delenv("_LIFECYCLE_COMPLETE")
    assert bare("status").code == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r"lifecycle --db D:\台账\ledger.db log", ["--db", r"D:\台账\ledger.db", "log"]),
        (r"lifecycle --db 'D:\招商 办\l.db' log", ["--db", r"D:\招商 办\l.db", "log"]),
        (r'lifecycle --db "D:\招商 办\l.db" log', ["--db", r"D:\招商 办\l.db", "log"]),
        (r"lifecycle --db D:\招商` 办\l.db log", ["--db", r"D:\招商 办\l.db", "log"]),
        (r"lifecycle log --event '投资 出", ["log", "--event", "投资 出"]),
        ("lifecycle log #1", ["log", "#1"]),
    ],
)
def test_powershells_words_have_their_backslashes(line: str, words: list[str]) -> None:
    assert typed_words(line)[1:] == words


def test_powershell_gets_a_value_and_its_help(cli: Cli) -> None:
    answer = process(
        _LIFECYCLE_COMPLETE="powershell_complete",
        COMP_LINE=f"lifecycle --db {cli.url} project show 'P'",
        COMP_WORD="'P'",
    )
    assert answer.out == "P\t项目P\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_its_script(bare: Cli, shell: str) -> None:
    answer = bare("completion", shell)
    assert answer.code == 0
    assert "_LIFECYCLE_COMPLETE" in answer.out
    assert "%(" not in answer.out


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_takes_the_script(bare: Cli) -> None:
    script = bare("completion", "bash").out
    finished = subprocess.run(
        ["bash", "-c", f"{script}\ncomplete -p lifecycle"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_lifecycle_completion lifecycle" in finished.stdout
