from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from commands.demo.county_records import records
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import process
from tests.ledgers import fill

_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desk": (1366, 768), "phone": (390, 844)}
# Colours do not depend on the width, so each scheme is looked at on one of the two.
SCHEMES: dict[str, Literal["light", "dark"]] = {"desk": "light", "phone": "dark"}


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('browser') / 'l.db'}"
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, records())
    return url


@pytest.fixture(scope="session")
def address(store: str) -> Iterator[str]:
    """The pages, served by a process of their own."""
    environment = {
        **os.environ,
        "LIFECYCLE_DB": store,
        "LIFECYCLE_ACCOUNTS": "/nonexistent/accounts.json",
        "LIFECYCLE_LANG": "en",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "commands", "serve", "--port", "0", "--calendars"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        address_match = re.search(r"http://\S+:\d+", server.stdout.readline())
        assert address_match is not None
        yield address_match[0]
        server.terminate()


@pytest.fixture(scope="session")
def one_file(store: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The county in one file."""
    path: Path = tmp_path_factory.mktemp("file") / "county.html"
    assert process("--db", store, "report", "html", path, "--year", 2024).code == 0
    return path.as_uri()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_ARGUMENTS
        )
        yield browser
        browser.close()


class Watched:
    """A page, its console messages and its requests."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on(
            "console",
            lambda message: (
                self.said.append(f"{message.type}: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def elsewhere(self, origin: str) -> list[str]:
        """Return the requests to other origins."""
        return [url for url in self.asked if not url.startswith((origin, "data:", "blob:"))]


@pytest.fixture(params=list(WIDTHS))
def watched(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Watched]:
    """A page at the width of a desktop in light colours, and of a phone in dark ones."""
    width, height = WIDTHS[request.param]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=SCHEMES[request.param],
    )
    yield Watched(context.new_page())
    context.close()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Watched]:
    """A page at the width of a desktop."""
    context = chromium.new_context(
        viewport={"width": WIDTHS["desk"][0], "height": WIDTHS["desk"][1]}
    )
    yield Watched(context.new_page())
    context.close()
