"""A missing extra names the command that installs it; everything else works without it."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from commands.cli.shared import machine_checks
from commands.cli.shared.extras import EXTRA_OF, FOR_FEW
from tests.regions import KAIHUA, Region

ROOT = Path(__file__).parents[3]
WITHOUT_EXTRAS = """
import sys
for module in {modules}:
    sys.modules[module] = None
from commands.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def lifecycle_without_extras(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = WITHOUT_EXTRAS.format(modules=list(EXTRA_OF))
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        encoding="utf-8",
        # `run` leaves the streams as they are, which `main` prepares.
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
        cwd=ROOT,
    )


def test_the_table_of_modules_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    distributions = packages_distributions()
    for module, extra in EXTRA_OF.items():
        if extra in FOR_FEW and module not in distributions:
            continue
        requirements = " ".join(extras[extra]).lower().replace("_", "-")
        (distribution,) = set(distributions[module])
        assert distribution.lower().replace("_", "-") in requirements, (module, extra)
    in_all = set(extras["all"][0].partition("[")[2].rstrip("]").split(","))
    assert in_all == set(EXTRA_OF.values()) - FOR_FEW


def imported_modules(path: Path) -> Iterator[str]:
    """The top-level modules that a file imports by statement, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def requirement_name(requirement: str) -> str:
    """The name of a distribution as metadata and pyproject.toml may spell it."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")


def always_installed() -> set[str]:
    """What every installation has: the dependencies, and what these need themselves."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {requirement_name(dependency) for dependency in project["dependencies"]}
    for name in tuple(names):
        needed = [text for text in requires(name) or () if ";" not in text]
        names.update(map(requirement_name, needed))
    return names


def test_each_module_that_is_imported_is_in_the_table_or_always_installed() -> None:
    always = always_installed()
    distributions = packages_distributions()
    packages = ("lifecycle", "projections", "commands")
    known = {*sys.stdlib_module_names, *packages, *EXTRA_OF}
    for package in packages:
        for path in (ROOT / package).rglob("*.py"):
            for module in set(imported_modules(path)) - known:
                (distribution,) = set(distributions[module])
                assert requirement_name(distribution) in always, (path, module)


@pytest.mark.parametrize(
    ("extra", "command"),
    [
        ("web", ("serve",)),
        ("reports", ("report", "ledger", "ledger.xlsx")),
        ("reports", ("audit", "document", "report.docx")),
        ("analysis", ("export", "--format", "parquet", "out")),
        ("postgres", ("--db", "postgresql+psycopg://nobody@localhost/none", "status")),
    ],
)
def test_a_missing_extra_is_named(extra: str, command: tuple[str, ...]) -> None:
    answer = lifecycle_without_extras(*command)

    assert answer.returncode == 3
    assert f'pip install "lifecycle[{extra}]"' in answer.stderr


def test_the_extra_for_bundles_elsewhere_is_named(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.add(KAIHUA, []).bundle = "s3://bundles/kaihua.zip"
    answer = lifecycle_without_extras(
        "--db", region.url, "region", "verify", "--region", str(region.written())
    )
    assert answer.returncode == 3
    assert 'pip install "lifecycle[region]"' in answer.stderr


def test_what_few_need_has_its_help() -> None:
    answer = lifecycle_without_extras("export", "--help")
    assert (answer.returncode, "--format" in answer.stdout) == (0, True)


def test_what_few_need_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "find_spec", {}.get)
    checks = machine_checks.machine_checks(f"sqlite:///{tmp_path / 'ledger.db'}")
    (extras,) = [check for check in checks if check.check == "extras"]
    assert (extras.state, "web" in extras.advice) == ("warn", True)
    assert not any(extra in extras.finding + extras.advice for extra in FOR_FEW)


def test_a_ledger_needs_no_extra(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'ledger.db'}"
    commands = (
        ("init",),
        ("template", str(tmp_path / "ledger.xlsx")),
        ("score", "--year", "2024"),
        ("status",),
    )
    for command in commands:
        answer = lifecycle_without_extras("--db", store, *command)
        assert answer.returncode == 0, answer.stderr
    verified = lifecycle_without_extras("--db", store, "audit", "verify", "--format", "json")
    # An empty ledger has nothing that anybody could vouch for.
    assert json.loads(verified.stdout)["verdict"] == "CONSISTENT"
