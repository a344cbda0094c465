"""What a command loads before it answers: who records pays for no result, help for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from commands.cli.main import run
code = run(sys.argv[2:])
loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
sys.exit(f"loaded: {loaded}" if loaded else code)
"""


def run_without(modules: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess[str]:
    # A measured process loads what the measuring needs.
    # `run` leaves the streams as they are, which `main` prepares.
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    for name in os.environ:
        if name.startswith("COV"):
            del environment[name]
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, ",".join(modules), *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env=environment,
    )


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    assert run_without((), "--db", url, "init").returncode == 0
    return url


@pytest.mark.parametrize("command", [("--help",), ("report", "--help"), ("audit", "--help")])
def test_help_loads_no_library_of_results(command: tuple[str, ...]) -> None:
    answer = run_without(("sqlalchemy", "pydantic", "rich", "msgspec", "hashlib"), *command)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_recording_loads_no_results_and_no_query_tables(store: str) -> None:
    modules = (
        "sqlalchemy",
        "rich",
        "rapidfuzz",
        "ssl",
        "projections.scoring",
        "lifecycle.rulebook.kinds",
    )
    unit = (
        "--unit",
        "马金镇",
        "--sequence",
        "乡镇",
        "--category",
        "township",
        "--occurred-on",
        "2024-01-01",
    )
    answer = run_without(modules, "--db", store, "record", "UnitRegistered", *unit)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "modules"),
    [
        (
            ("project", "list"),
            ("sqlalchemy", "rapidfuzz", "ssl", "projections.scoring.year_scoring"),
        ),
        (("deadlines",), ("sqlalchemy", "projections.scoring.year_scoring")),
        (("score", "--year", "2024"), ("sqlalchemy", "projections.views.board_view")),
    ],
)
def test_a_result_loads_only_what_computes_it(
    store: str, command: tuple[str, ...], modules: tuple[str, ...]
) -> None:
    answer = run_without(modules, "--db", store, *command)
    assert (answer.returncode, answer.stderr) == (0, "")
