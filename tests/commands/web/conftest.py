from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from commands.web.accounts import Accounts
from commands.web.application import application
from commands.web.login_sessions import LoginSessions
from lifecycle.ledger.store import Ledger
from tests.ledgers import fill

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def county_ledger(county_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The demo county's ledger; for reading only."""
    path = shutil.copy(county_store, tmp_path_factory.mktemp("web"))
    with Ledger.open(f"sqlite:///{path}") as ledger:
        yield ledger


@pytest.fixture(scope="session")
def reading(county_ledger: Ledger) -> TestClient:
    """Whoever sits at the machine."""
    return TestClient(
        application(county_ledger, None, lambda _line: None), base_url="http://localhost"
    )


# A hash is verified at the cost at which it was made; the default is made to be slow.
QUICK_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """A leader, an auditor and a unit's account."""
    known = Accounts(tmp_path_factory.mktemp("accounts") / "accounts.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("commands.web.accounts._HASHER", QUICK_HASHER)
        known.add("leader", "leader", None, PASSWORD)
        known.add("auditor", "auditor", None, PASSWORD)
        known.add("town", "unit", "华埠镇", PASSWORD)
    return known


class Served:
    """The pages behind accounts, and what their log said."""

    def __init__(self, ledger: Ledger, accounts: Accounts) -> None:
        self.log: list[str] = []
        self.now = 0.0
        self.sessions = LoginSessions(accounts, clock=lambda: self.now)
        self.app = application(
            ledger,
            self.sessions,
            lambda entry: self.log.append(entry.text),
        )

    def browser(self, address: str = "192.0.2.7") -> TestClient:
        """Another browser, at an address."""
        return TestClient(
            self.app,
            base_url="http://county.example",
            client=(address, 50000),
            follow_redirects=False,
        )

    def log_in(self, name: str, password: str = PASSWORD, address: str = "192.0.2.7") -> TestClient:
        """A browser after the form was sent."""
        browser = self.browser(address)
        browser.answer = browser.post("/login", data={"name": name, "password": password})  # type: ignore[attr-defined]
        return browser


@pytest.fixture
def served(county_ledger: Ledger, accounts: Accounts) -> Served:
    return Served(county_ledger, accounts)


Small = Callable[..., TestClient]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    """The pages of a small ledger of these records."""
    url = f"sqlite:///{tmp_path / 's.db'}"
    with Ledger.open(url, create=True) as ledger:

        def made(*told: dict[str, Any]) -> TestClient:
            fill(ledger, told, keep=False)
            return TestClient(
                application(ledger, None, lambda _line: None, hold=0),
                base_url="http://localhost",
            )

        yield made
