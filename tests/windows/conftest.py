"""`lifecycle` under the Windows Python that `tools.windows_python` has set up in build/windows."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.conftest import Answer
from tools.windows_python import wine_environment

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "windows"
SECONDS = 300


@dataclass(frozen=True)
class Windows:
    """A Windows user's folder with a space and Chinese characters in its name, and the programs."""

    home: Path

    @property
    def home_on_windows(self) -> str:
        """The folder as Windows names it."""
        return "C:\\" + str(self.home.relative_to(drive_c())).replace("/", "\\")

    def python(self, *arguments: object, language: str = "zh_CN") -> Answer:
        """Run the Windows Python in the folder. All three streams are pipes: Wine needs that."""
        process = self.start(*arguments, language=language)
        out, err = process.communicate(b"", timeout=SECONDS)
        return Answer(process.returncode, text_of(out), text_of(err))

    def start(self, *arguments: object, language: str = "zh_CN") -> subprocess.Popen[bytes]:
        """Start the Windows Python in the folder and return the process."""
        return subprocess.Popen(
            ["wine", str(FOLDER / "python" / "python.exe"), *map(str, arguments)],
            cwd=self.home,
            env={**plain_environment(), "LIFECYCLE_LANG": language},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def lifecycle(self, *arguments: object, language: str = "zh_CN") -> Answer:
        """Run one command on the store of the folder."""
        return self.python("-m", "commands", "--db", self.url, *arguments, language=language)

    @property
    def url(self) -> str:
        """The store's URL as a Windows user types it."""
        return f"sqlite:///{self.home_on_windows}\\ledger.db".replace("\\", "/")

    @property
    def url_here(self) -> str:
        """The same file for the program on this machine."""
        return f"sqlite:///{self.home / 'ledger.db'}"


def drive_c() -> Path:
    """Where Wine keeps drive C."""
    return FOLDER / "prefix" / "drive_c"


def plain_environment() -> dict[str, str]:
    """Return the environment without settings of this machine's Python or of ours."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "LIFECYCLE", "XDG"))
    }
    return {**inherited, **wine_environment(FOLDER / "prefix")}


def text_of(stream: bytes) -> str:
    """Decode what a Windows program wrote to a pipe."""
    return stream.decode("utf-8", errors="replace").replace("\r\n", "\n")


@pytest.fixture(scope="session")
def windows() -> Iterator[Windows]:
    """A new folder of a user on drive C."""
    if not (FOLDER / "python" / "python.exe").exists():
        pytest.fail("no Windows Python: run `make test-windows`")
    home = drive_c() / "users" / f"招商 办 {uuid.uuid4().hex[:8]}"
    home.mkdir(parents=True)
    yield Windows(home)
    shutil.rmtree(home)
