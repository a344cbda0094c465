"""What a command loads before it answers: who records pays for no result, help for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands.cli.main import run

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from commands.cli.main import run
code = run(sys.argv[2:])
loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
sys.exit(f"loaded: {loaded}" if loaded else code)
"""
UNIT = [
    "record",
    "UnitRegistered",
    "--unit=马金镇",
    "--sequence=乡镇",
    "--category=township",
    "--occurred-on=2024-01-01",
]
PROJECT = [
    "record",
    "InformationReported",
    "--project=KH-1",
    "--reporting-unit=马金镇",
    "--reported-at=2024-01-02T09:00",
    "--name=甲项目",
    "--investor=乙公司",
    "--investor-code=91110000600037341L",
    "--sector=industrial",
    "--kind=new",
    "--planned-investment=10000",
    "--planned-fixed-assets=8000",
    "--outside-ratio=0.9",
]


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
    assert run(["--db", url, "init"]) == 0
    return url


@pytest.mark.parametrize("command", [("--help",), ("report", "--help"), ("audit", "--help")])
def test_help_loads_no_library_of_results(command: tuple[str, ...]) -> None:
    modules = ("sqlalchemy", "pydantic", "rich", "msgspec", "hashlib", "orjson", "lifecycle.events")
    answer = run_without(modules, *command)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_recording_loads_no_results_and_no_query_tables(store: str) -> None:
    modules = (
        "sqlalchemy",
        "rich",
        "msgspec",
        "rapidfuzz",
        "ssl",
        "projections.scoring",
        "lifecycle.rulebook.kinds",
        "lifecycle.rulebook.rulebook_model",
    )
    answer = run_without(modules, "--db", store, *UNIT)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_credit_code_is_checked_without_sockets(store: str) -> None:
    assert run(["--db", store, *UNIT]) == 0
    # `_ssl` and `selectors` are what TLS and sockets load when their own code runs.
    answer = run_without(("_ssl", "selectors"), "--db", store, *PROJECT)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_project_is_shown_without_what_decides(store: str) -> None:
    assert run(["--db", store, *UNIT]) == 0
    assert run(["--db", store, *PROJECT]) == 0
    modules = ("lifecycle.ledger.unit_of_work", "lifecycle.deciding.decide", "email.message")
    answer = run_without(modules, "--db", store, "project", "show", "KH-1")
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


def python(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout


def test_a_rulebook_builds_the_kinds_of_rule_that_it_has() -> None:
    built = python(
        "import sys\n"
        "from lifecycle.rulebook import shipped\n"
        "rules = shipped('kaihua-2024').rulebook.rules\n"
        "print('lifecycle.rulebook.kinds.rank_rule' in sys.modules)\n"
        "from lifecycle.rulebook.kinds import KINDS\n"
        "built = {kind for kind in KINDS if kind.__pydantic_complete__}\n"
        "print(built == {type(rule) for rule in rules}, len(built) < len(KINDS))"
    )
    assert built == "False\nTrue True\n"


def test_a_command_ends_without_a_search_for_garbage() -> None:
    ended = python(
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 0))\n"
        "sys.argv = ['lifecycle', '--version']\n"
        "from commands.cli.main import main\n"
        "main()"
    )
    assert ended.splitlines()[-1] == "True"
