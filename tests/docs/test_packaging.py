"""The wheel holds the packages and nothing else, and its console script works."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = (
    "lifecycle/rulebooks/kaihua-2024.toml",
    "commands/words/locales/zh_CN/LC_MESSAGES/lifecycle.mo",
    "commands/web/templates/board.html",
    "commands/web/static/charts.js",
    "commands/web/static/vendor/echarts.LICENSE",
    "commands/fonts/NotoSansSC-Regular.otf",
    "commands/fonts/NotoSerifSC-Regular.otf",
    "commands/fonts/NotoSerifSC-Bold.otf",
    "commands/fonts/coverage.txt.bz2",
    "commands/fonts/OFL.txt",
    "commands/reports/templates/notice.typ",
    "commands/reports/templates/notice.docx",
    "commands/reports/templates/form.typ",
    "commands/reports/templates/form.docx",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    script = (
        "import os, sys; os.chdir(sys.argv[1]); "
        "from hatchling.build import build_wheel; print(build_wheel(sys.argv[2]))"
    )
    built = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / built.stdout.strip().splitlines()[-1]


def test_the_wheel_has_one_owner_for_each_name_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {
        "lifecycle",
        "projections",
        "commands",
    }
    for needed in NEEDED:
        assert needed in names
    assert not [name for name in names if name.endswith(".pyc") or "/.hypothesis" in name]


def test_the_console_script_of_the_wheel_works(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    entry = next(tmp_path.glob("*.dist-info")) / "entry_points.txt"
    assert "lifecycle = commands.cli.main:main" in entry.read_text()
    unpacked = str(tmp_path)
    script = (
        f"import sys; sys.path[0:0] = [{unpacked!r}]; "
        f"import commands; assert commands.__file__.startswith({unpacked!r}); "
        "sys.argv = ['lifecycle', 'rulebook', 'list']; "
        "from commands.cli.main import main; main()"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (process.returncode, "kaihua-2024" in process.stdout) == (0, True), process.stderr
