"""`lifecycle` under the Windows Python that `tools.windows_python` has set up in build/windows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from lifecycle.ledger.recorders.stored_rows import stored_bytes
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Answer
from tools.windows_python import wine_environment

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "windows"
SECONDS = 300
HELPERS = Path(__file__).parent


@dataclass(frozen=True)
class ConsoleAnswer:
    """The exit code of a program in a console, and everything that the console showed."""

    code: int
    screen: str


@dataclass(frozen=True)
class Windows:
    """A Windows user's folder with a space and Chinese characters in its name, and the programs."""

    home: Path
    store: Path

    def python(self, *arguments: object, **environment: str) -> Answer:
        """Run the Windows Python in the folder. All three streams are pipes: Wine needs that."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(b"", timeout=SECONDS)
        return Answer(process.returncode, text_of(out), text_of(err))

    def start(self, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
        """Start the Windows Python in the folder and return the process."""
        return self.start_program(FOLDER / "python" / "python.exe", *arguments, **environment)

    def start_program(
        self, program: object, *arguments: object, **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a Windows program in the folder and return the process."""
        return subprocess.Popen(
            ["wine", *map(str, (program, *arguments))],
            cwd=self.home,
            env={**plain_environment(), "LIFECYCLE_LANG": "zh_CN", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # what it starts in turn can be ended with it
        )

    def with_new_store(self) -> Windows:
        """The same folder with another store, still to be created."""
        return Windows(self.home, self.home / f"{uuid.uuid4().hex[:8]}.db")

    def series(self, commands: Iterable[Sequence[str]], **environment: str) -> list[Answer]:
        """Run many commands on the store of the folder, in one process."""
        requests = [["--db", self.url, *command] for command in commands]
        return self.requests(requests, **environment)

    def requests(self, requests: Iterable[Sequence[str]], **environment: str) -> list[Answer]:
        """Run many commands, which name their stores themselves, in one process."""
        process = self.start(HELPERS / "command_series.py", **environment)
        out, err = process.communicate(json.dumps(list(requests)).encode(), timeout=SECONDS)
        assert process.returncode == 0, text_of(err)
        return [Answer(*answer) for answer in json.loads(out)]

    def console(self, command: str, *answers: tuple[str, str], **environment: str) -> ConsoleAnswer:
        """Run a command in a console, and type each answer once its question is shown."""
        process = self.start(HELPERS / "console_session.py", **environment)
        request = {"command": command, "answers": answers}
        out, err = process.communicate(json.dumps(request).encode(), timeout=SECONDS)
        assert process.returncode == 0, text_of(err)
        return ConsoleAnswer(**json.loads(out))

    def lifecycle(self, *arguments: object, **environment: str) -> Answer:
        """Run one command on the store of the folder."""
        return self.python("-m", "commands", "--db", self.url, *arguments, **environment)

    @property
    def events(self) -> int:
        """How many events the store holds."""
        with Ledger.open(self.url_here) as ledger:
            return ledger.head().position

    def last_event(self) -> str:
        """The last event as it is stored."""
        with Ledger.open(self.url_here) as ledger, ledger.recorder.cursor(write=False) as cursor:
            *_, row = ledger.recorder.between(cursor, 1, ledger.head().position)
            return stored_bytes(row).decode()

    @property
    def url(self) -> str:
        """The store's URL as a Windows user types it."""
        return f"sqlite:///{on_drive_c(self.store)}".replace("\\", "/")

    @property
    def url_here(self) -> str:
        """The same file for the program on this machine."""
        return f"sqlite:///{self.store}"


def on_drive_c(path: Path) -> str:
    """How Windows names a file below its drive C."""
    return "C:\\" + str(path.relative_to(drive_c())).replace("/", "\\")


def on_drive_z(path: Path) -> str:
    """How a Windows program under Wine names a file of this machine."""
    return "Z:" + str(path).replace("/", "\\")


PYTHON_ON_WINDOWS = on_drive_z(FOLDER / "python" / "python.exe")


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
    yield Windows(home, home / "ledger.db")
    shutil.rmtree(home)
