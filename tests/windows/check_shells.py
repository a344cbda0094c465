"""Called from cmd, from PowerShell, by a double click: what is printed suits the shell at hand.

Wine has no PowerShell, and its own stub cannot be replaced. A copy of Python by that name stands in
for the parent process; how PowerShell reads the lines is not shown here.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle import __version__
from tests.windows.conftest import (
    FOLDER,
    PYTHON_ON_WINDOWS,
    ROOT,
    SECONDS,
    Windows,
    drive_c,
    text_of,
)
from tools.offline_kit import PARTS, WINDOWS_SCRIPTS, write_windows_script

# Runs a command with what was typed, as Windows takes it: Wine would quote quotes again.
RUN = """
import subprocess, sys
answer = subprocess.run(sys.argv[1], input=sys.argv[2].encode(), capture_output=True)
sys.stdout.buffer.write(answer.stdout + answer.stderr)
"""
# What a browser is called with is written down.
BROWSER = "import sys; open('opened.txt', 'w').write(sys.argv[1])"
POWERSHELL = FOLDER / "python" / "powershell.exe"
TEMPLATE = 'template "a 1.xlsx"'
IN_DOUBLE_QUOTES = 'lifecycle import "a 1.xlsx"'
IN_SINGLE_QUOTES = "lifecycle import 'a 1.xlsx'"


@pytest.fixture(scope="module")
def kit(windows: Windows) -> Iterator[Windows]:
    """The kit's scripts beside Python, as they lie after unpacking, and an empty store."""
    folder = windows.home / "解压 一"
    folder.mkdir()
    (folder / "python").symlink_to(FOLDER / "python", target_is_directory=True)
    for source, target in WINDOWS_SCRIPTS.items():
        write_windows_script(PARTS / source, folder / target)
    shutil.copy(FOLDER / "python" / "python.exe", POWERSHELL)
    kit = Windows(folder, folder / "ledger.db")
    assert kit.lifecycle("init").code == 0
    yield kit
    POWERSHELL.unlink()


def shown(kit: Windows, command: str, typed: str = "", *, program: Path | None = None) -> str:
    """What a command shows that a program, or Python, has started; typed lines go to it."""
    (kit.home / "a 1.xlsx").unlink(missing_ok=True)
    process = kit.start_program(
        *(program or FOLDER / "python" / "python.exe", "-c", RUN, command, typed),
        LIFECYCLE_LANG="en",
        LIFECYCLE_DB=kit.url,
    )
    out, err = process.communicate(b"", timeout=SECONDS)
    return text_of(out) + text_of(err)


def test_cmd_is_answered_with_double_quotes(kit: Windows) -> None:
    assert IN_DOUBLE_QUOTES in shown(kit, f"cmd /c lifecycle.cmd {TEMPLATE}")


def test_powershell_is_answered_with_single_quotes(kit: Windows) -> None:
    command = f"{PYTHON_ON_WINDOWS} -m commands {TEMPLATE}"

    assert IN_SINGLE_QUOTES in shown(kit, command, program=POWERSHELL)


def test_powershell_that_runs_the_kits_script_is_answered_with_single_quotes(kit: Windows) -> None:
    command = f"cmd /c lifecycle.cmd {TEMPLATE}"

    assert IN_SINGLE_QUOTES in shown(kit, command, program=POWERSHELL)


def test_a_prompt_inside_powershell_is_answered_with_double_quotes(kit: Windows) -> None:
    typed = f"lifecycle.cmd {TEMPLATE}\r\nexit\r\n"

    assert IN_DOUBLE_QUOTES in shown(kit, "cmd", typed, program=POWERSHELL)


def test_a_printed_line_works_in_cmd(kit: Windows) -> None:
    """Windows knows no Python here: the line names the kit's, whose folder has a blank."""
    verifier = ROOT / "projections" / "audit" / "verifier" / "verify_bundle.py"
    shutil.copy(verifier, kit.home)

    printed = shown(kit, 'cmd /c lifecycle.cmd audit bundle "全部 1.zip"')
    line = printed.partition("to verify it: ")[2].strip()

    assert re.fullmatch(r'"C:\\.* .*\\python.exe" verify_bundle.py "全部 1.zip"', line), printed
    assert "ok: 0 events" in shown(kit, f'cmd /s /c "{line}"')


def test_powershell_is_told_to_call_a_python_whose_folder_has_a_blank(kit: Windows) -> None:
    command = 'cmd /c lifecycle.cmd audit bundle "全部 2.zip"'

    printed = shown(kit, command, program=POWERSHELL)

    line = printed.partition("to verify it: ")[2].strip()
    assert re.fullmatch(r"& 'C:\\.* .*\\python.exe' verify_bundle.py '全部 2.zip'", line), printed


def test_the_line_for_the_task_scheduler_backs_up(kit: Windows) -> None:
    """Wine's scheduler runs nothing; what it would run is given to cmd."""
    pages = [ROOT / "docs" / name for name in ("keeping.md", "keeping.zh-CN.md")]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    task, chinese_task = re.findall(r'schtasks /Create .* /TR "(.+)"$', text, re.MULTILINE)
    assert task == chinese_task
    folder = kit.home / "备 份"
    folder.mkdir()
    for documented, name in (
        ('\\"', '"'),
        ("D:\\lifecycle\\lifecycle.cmd", "lifecycle.cmd"),
        ("E:\\backup", folder.name),
    ):
        assert documented in task
        task = task.replace(documented, name)

    answer = shown(kit, f'cmd /s /c "{task}"')

    assert "verified" in answer
    (backup,) = folder.iterdir()
    assert backup.suffix == ".zip"


def test_the_board_opens_in_the_browser(kit: Windows) -> None:
    (kit.home / "browser.py").write_text(BROWSER, encoding="utf-8")
    board = kit.start_program(
        *("cmd", "/c", "看板.cmd"),
        BROWSER=f"{PYTHON_ON_WINDOWS} browser.py %s".replace("\\", "/"),
        LIFECYCLE_DB=kit.url,
    )
    try:
        address = content_once_written(kit.home / "opened.txt")
        with urllib.request.urlopen(address, timeout=60) as answer:
            page = answer.read().decode()
    finally:
        # The server outlives its console under Wine.
        os.killpg(board.pid, signal.SIGKILL)
        board.communicate(b"\r\n", timeout=SECONDS)

    assert address == "http://127.0.0.1:8024/"
    assert "<html" in page


def content_once_written(file: Path) -> str:
    """Wait until a program has written a file; return its content."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        content = file.read_text(encoding="utf-8") if file.exists() else ""
        if content:
            return content
        time.sleep(0.1)
    pytest.fail(f"{file.name} was not written")


# The start menu ---------------------------------------------------------------------------------


@pytest.fixture
def start_menu(kit: Windows) -> Iterator[Path]:
    """What the kit's script has put into the start menu."""
    # `pause` after a failure waits for a key.
    assert shown(kit, "cmd /c 添加到开始菜单.cmd", "\r\n") == ""
    (menu,) = (drive_c() / "users").glob("*/AppData/Roaming/Microsoft/Windows/**/招商引资台账")
    yield menu
    shutil.rmtree(menu)


def test_the_start_menu_has_the_board_and_a_prompt_that_knows_lifecycle(
    kit: Windows, start_menu: Path
) -> None:
    board = (start_menu / "看板.lnk").read_bytes()
    prompt = (start_menu / "命令行.lnk").read_bytes()

    # Texts of two bytes a character begin at odd places too.
    assert "看板.cmd".encode("utf-16-le") in board
    (arguments,) = re.findall(r'/k "set .*?""', prompt[1:].decode("utf-16-le", errors="replace"))
    answer = shown(kit, f"cmd {arguments}", "lifecycle --version\r\nexit\r\n")
    assert f"lifecycle, version {__version__}" in answer
