"""Fixtures: no setting of the machine reaches a test, and every database is new."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from commands.demo.county_records import records
from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.store import Ledger
from tests.county import CountyCli, copy_county
from tests.ledgers import fill
from tests.postgres import SERVER_FOLDER, Server, running_server
from tests.regions import Region, region_of_three, write_region_ledger, write_three_members
from tests.scratch import write_to_memory
from tests.store_copies import CopyOf, StoreTemplates, Write, copied_store, new_database

_QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile(
    "default", deadline=None, derandomize=True, database=None, suppress_health_check=_QUIET
)
settings.register_profile("whole", settings.get_profile("default"))
settings.register_profile(
    "soak", deadline=None, max_examples=5_000, database=None, suppress_health_check=_QUIET
)
# Under Wine a failing example takes minutes to shrink; on Linux the same one is shrunk in seconds.
settings.register_profile(
    "wine", settings.get_profile("default"), phases=(Phase.explicit, Phase.generate)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

_server: Server | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for the whole run, in the process that starts the workers."""
    global _server  # noqa: PLW0603 -- the run's one server
    write_to_memory()
    if (
        not hasattr(config, "workerinput")
        and not config.option.collectonly
        and SERVER_FOLDER not in os.environ
        and sys.platform != "win32"
    ):
        _server = Server()
        _server.start()
        os.environ[SERVER_FOLDER] = str(_server.folder)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Search for garbage seldom, and not at all in what was collected.

    A search of it all took a third of a second, forty times in each worker.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(5_000, 20, 20)
        gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server at the end of the run."""
    if _server is not None and not hasattr(config, "workerinput"):
        _server.stop()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "LIFECYCLE_DB",
        "LIFECYCLE_CONFIG",
        "LIFECYCLE_LANG",
        "LIFECYCLE_DEBUG",
        "LIFECYCLE_EVIDENCE",
        "LANGUAGE",
        "LC_ALL",
        "LC_MESSAGES",
        "COLUMNS",
        "NO_COLOR",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    # Linux and Windows look for what is an account's own in places of different names.
    for name in ("XDG_DATA_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def server() -> Server:
    """The run's PostgreSQL, for a test."""
    return running_server()


@pytest.fixture
def postgres_url(server: Server) -> Iterator[str]:
    """The URL of an empty database on it."""
    name = new_database()
    yield server.create(name)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_kind(request: pytest.FixtureRequest) -> str:
    """Either database."""
    kind: str = request.param
    return kind


@pytest.fixture
def store_url(request: pytest.FixtureRequest, store_kind: str, tmp_path: Path) -> str:
    """The URL of a new store, on either database."""
    if store_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def store_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreTemplates]:
    """What `copy_of` copies."""
    templates = StoreTemplates(tmp_path_factory.mktemp("templates"))
    yield templates
    templates.drop()


@pytest.fixture
def copy_of(store_templates: StoreTemplates, store_kind: str, tmp_path: Path) -> Iterator[CopyOf]:
    """Returns the URL of a copy of the store that a function writes, on either database.

    The function is called with the URL of a new store, once in a run.
    """
    with ExitStack() as copies:

        def copied(write: Write) -> str:
            template = store_templates.url(write, store_kind)
            return copies.enter_context(copied_store(template, tmp_path))

        yield copied


@pytest.fixture(scope="session")
def three_members(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A region of three members, for copying by `region_of_three` only."""
    return write_three_members(tmp_path_factory.mktemp("region"))


@pytest.fixture
def region(three_members: Region, tmp_path: Path) -> Region:
    """A copy of the three members and of their region's ledger, in files."""
    return region_of_three(three_members, tmp_path)


@pytest.fixture
def region_on_either(three_members: Region, tmp_path: Path, copy_of: CopyOf) -> Region:
    """The same; the region's own ledger lies on either database."""
    return region_of_three(three_members, tmp_path, copy_of(write_region_ledger))


@pytest.fixture(scope="session")
def county_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county's store, for reading and copying only."""
    path = tmp_path_factory.mktemp("county") / "l.db"
    with Ledger.open(f"sqlite:///{path}", create=True) as ledger:
        fill(ledger, records())
    return path


@pytest.fixture(scope="session")
def county_folder(county_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county's store and its key."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copy(county_store, folder / "l.db")
    with Ledger.open(f"sqlite:///{folder / 'l.db'}") as ledger:
        create_signer(ledger, folder / "key.pem")
    return folder


@pytest.fixture
def county(
    county_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CountyCli:
    """`lifecycle` on a copy of it."""
    copy_county(county_folder, tmp_path / "county")
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "county" / "key.pem"))
    return CountyCli(tmp_path / "county", capsys)
