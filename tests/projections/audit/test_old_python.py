"""The standalone verifier runs alone, on the oldest Python it promises and on a new one."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from projections.audit.verifier import verifier_source
from tests.projections.audit.bundle_parts import CONSISTENT, SealedLedger

OLD_FILES = Path(__file__).parents[2] / "compatibility/v0_1_0"
OLDEST = "3.9"


@cache
def find_python(version: str) -> str | None:
    """A Python of a version: on the search path, or among those that pyenv installed."""
    if sys.platform == "win32":  # under Wine this machine's would be tried
        return None
    candidates = [shutil.which(f"python{version}")]
    pyenv_root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    installed = sorted(pyenv_root.glob(f"versions/{version}.*/bin/python"))
    candidates += [str(path) for path in installed]
    for candidate in candidates:
        if candidate is not None and _prints_version(candidate, version):
            return candidate
    return None


def _prints_version(
    program: str,
    version: str,
) -> bool:
    # A shim of pyenv stands on the path even where the version is not active, and then fails.
    run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return run.returncode == 0 and run.stdout.startswith(f"Python {version}.")


@pytest.mark.parametrize(
    ("file", "verdict"),
    [
        ("bundle.zip", CONSISTENT),
        ("certificate.json", "CONSISTENT: the lines of a certificate/1 are not shown"),
    ],
)
@pytest.mark.parametrize("version", [OLDEST, "3.13"])
def test_it_verifies_old_files_alone_with_nothing_of_ours(
    tmp_path: Path,
    version: str,
    file: str,
    verdict: str,
) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"there is no Python {version}")
    program = tmp_path / "verify_bundle.py"
    program.write_bytes(verifier_source())

    # -I leaves out the working directory, the user's packages and every PYTHON… variable.
    run = subprocess.run(
        [python, "-I", str(program), str(OLD_FILES / file)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert run.stdout.splitlines()[-1].startswith(verdict), run.stdout + run.stderr
    assert run.returncode == 1


def test_it_composes_the_lines_of_a_certificate_on_the_oldest(
    sealed: SealedLedger, tmp_path: Path
) -> None:
    python = find_python(OLDEST)
    if python is None:
        pytest.skip(f"there is no Python {OLDEST}")
    program = tmp_path / "verify_bundle.py"
    program.write_bytes(verifier_source())
    path = tmp_path / "c.json"
    path.write_text(json.dumps(sealed.certificate), encoding="utf-8")
    command = [python, "-I", str(program), str(path), "--key", sealed.certificate["key"]]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_its_syntax_and_its_imports_are_those_of_the_oldest_python() -> None:
    tree = ast.parse(verifier_source().decode(), feature_version=(3, 9))
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module))

    top_level = {name.partition(".")[0] for name in imported}
    assert top_level <= {*sys.stdlib_module_names, "__future__"}
