"""From unpacking a kit to the ranking, without network; an update keeps what is the office's."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle import __version__
from tests.commands.conftest import Answer
from tools.offline_kit import GLIBCS, PYTHONS
from tools.windows_python import ROOT, create_prefix, wine_environment

DIST = ROOT / "dist"
WINDOWS_KIT = DIST / f"lifecycle-{__version__}-windows-x64.zip"
LINUX_KITS = {
    architecture: DIST / f"lifecycle-{__version__}-linux-{architecture}.tar.gz"
    for architecture in ("x86_64", "aarch64")
}
LINUX_KIT = LINUX_KITS["x86_64"]
SECONDS = 600
REGISTRATION = (
    *("record", "单位登记", "--unit", "华埠镇", "--category", "township"),
    *("--sequence", "乡镇（办事处）", "--occurred-on", "2024-01-01"),
)
# A namespace of its own has no network, not even the loopback interface.
WITHOUT_NETWORK = ("unshare", "--net", "--map-root-user")


@pytest.fixture(scope="module")
def prefix() -> Iterator[Path]:
    """A new Windows account's drive C."""
    folder = ROOT / "build" / "kit-check"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield create_prefix(folder)
    shutil.rmtree(folder)


def windows(prefix: Path, *command: str, typed: bytes = b"\r\n") -> Answer:
    """Run a command on Windows without network."""
    finished = subprocess.run(
        [*WITHOUT_NETWORK, "wine", *command],
        input=typed,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        env={**os.environ, **wine_environment(prefix), "LIFECYCLE_LANG": "zh_CN"},
    )
    out = finished.stdout.decode("utf-8", errors="replace").replace("\r\n", "\n")
    err = finished.stderr.decode("utf-8", errors="replace")
    return Answer(finished.returncode, out, err)


def unpack_for_windows(prefix: Path, name: str) -> str:
    """Unpack the kit on drive C and return its folder as Windows names it."""
    target = prefix / "drive_c" / name
    with zipfile.ZipFile(WINDOWS_KIT) as archive:
        archive.extractall(target)
    return f"C:\\{name}\\{WINDOWS_KIT.stem}"


def kept_files(folder: Path) -> dict[str, str]:
    """Digests of what is the office's: keys, accounts, notes; not the store's log."""
    digests = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.endswith(("-wal", "-shm")):
            digests[str(file.relative_to(folder))] = hashlib.sha256(file.read_bytes()).hexdigest()
    assert any(name.endswith(".pem") for name in digests)
    return digests


def test_checksums_are_those_of_the_kits() -> None:
    for line in (DIST / "SHA256SUMS").read_text("ascii").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((DIST / name).read_bytes()).hexdigest() == digest, name


def test_windows_shows_the_ranking_and_an_update_keeps_what_is_the_offices(prefix: Path) -> None:
    first = unpack_for_windows(prefix, "解压 一")

    demo = windows(prefix, "cmd", "/c", f"{first}\\示例县.cmd")

    assert "华埠镇" in demo.out, demo.out + demo.err
    assert "2024 年度排名" in demo.out
    assert f"{first}\\lifecycle-demo" in demo.out or "lifecycle-demo" in demo.out

    def run(kit: str, *command: str) -> str:
        answer = windows(prefix, "cmd", "/c", f"{kit}\\lifecycle.cmd", *command)
        assert answer.code == 0, answer.err
        return answer.out

    run(first, "init")
    run(first, *REGISTRATION)
    origin = run(first, "audit", "checkpoint").splitlines()[0]
    status = json.loads(run(first, "status", "--format", "json"))
    (folder,) = (prefix / "drive_c" / "users").glob("*/AppData/Local/lifecycle")
    before = kept_files(folder)
    second = unpack_for_windows(prefix, "解压 二")
    shutil.rmtree(prefix / "drive_c" / "解压 一")

    assert json.loads(run(second, "status", "--format", "json")) == status
    assert status["events"] == 1
    assert kept_files(folder) == before
    assert run(second, "audit", "checkpoint").splitlines()[0] == origin


def test_linux_shows_the_ranking_and_an_update_keeps_what_is_the_offices(tmp_path: Path) -> None:
    with tarfile.open(LINUX_KIT) as archive:
        archive.extractall(tmp_path, filter="data")
    kit = tmp_path / LINUX_KIT.name.removesuffix(".tar.gz")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "家 目录"),
        "PYTHON": sys.executable,
        "LIFECYCLE_LANG": "zh_CN",
        "LANG": "C.UTF-8",
    }
    program = tmp_path / "家 目录" / ".local" / "bin" / "lifecycle"

    def run(*command: str) -> str:
        finished = subprocess.run(
            [*WITHOUT_NETWORK, *command],
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env=environment,
            cwd=tmp_path,
        )
        assert finished.returncode == 0, (finished.stdout + finished.stderr).decode()
        return finished.stdout.decode()

    run("sh", str(kit / "install.sh"))
    assert "2024 年度排名" in run(str(program), "demo")
    run(str(program), "init")
    run(str(program), *REGISTRATION)
    origin = run(str(program), "audit", "checkpoint").splitlines()[0]
    status = json.loads(run(str(program), "status", "--format", "json"))
    folder = tmp_path / "家 目录" / ".local" / "share" / "lifecycle"
    before = kept_files(folder)

    run("sh", str(kit / "install.sh"))

    assert json.loads(run(str(program), "status", "--format", "json")) == status
    assert status["events"] == 1
    assert kept_files(folder) == before
    assert run(str(program), "audit", "checkpoint").splitlines()[0] == origin


@pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])
def test_a_linux_kit_has_the_wheels_of_every_python(architecture: str, tmp_path: Path) -> None:
    """No machine of the other architecture is needed: pip decides by the wheels' tags."""
    with tarfile.open(LINUX_KITS[architecture]) as archive:
        archive.extractall(tmp_path, filter="data")
    (kit,) = tmp_path.iterdir()
    for version in PYTHONS:
        platforms = [f"--platform=manylinux_{glibc}_{architecture}" for glibc in GLIBCS]
        resolved = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--no-deps"),
                *("--find-links", kit / "wheels", "--only-binary=:all:", "--require-hashes"),
                *(*platforms, f"--platform=manylinux2014_{architecture}", "--implementation=cp"),
                *("--python-version", version, "--target", tmp_path / version),
                *("-r", kit / "requirements.txt"),
            ],
            capture_output=True,
            check=False,
            text=True,
        )
        assert resolved.returncode == 0, (version, resolved.stderr)
