"""From unpacking a kit to the ranking, without network; an update keeps what is the office's."""

from __future__ import annotations

import hashlib
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
from tools.windows_python import ROOT, create_prefix, wine_environment

DIST = ROOT / "dist"
WINDOWS_KIT = DIST / f"lifecycle-{__version__}-windows-x64.zip"
LINUX_KIT = DIST / f"lifecycle-{__version__}-linux-x86_64.tar.gz"
SECONDS = 600
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

    init = windows(prefix, "cmd", "/c", f"{first}\\lifecycle.cmd", "init")
    assert init.code == 0, init.err
    signed = windows(prefix, "cmd", "/c", f"{first}\\lifecycle.cmd", "audit", "checkpoint")
    assert signed.code == 0, signed.err

    second = unpack_for_windows(prefix, "解压 二")
    shutil.rmtree(prefix / "drive_c" / "解压 一")
    status = windows(prefix, "cmd", "/c", f"{second}\\lifecycle.cmd", "status")
    again = windows(prefix, "cmd", "/c", f"{second}\\lifecycle.cmd", "audit", "checkpoint")

    assert status.code == again.code == 0, status.err + again.err
    origin = signed.out.splitlines()[0]
    assert again.out.splitlines()[0] == origin


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
    origin = run(str(program), "audit", "checkpoint").splitlines()[0]

    run("sh", str(kit / "install.sh"))

    assert run(str(program), "audit", "checkpoint").splitlines()[0] == origin
