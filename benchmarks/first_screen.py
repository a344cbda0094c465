"""What a first visit weighs, and when a browser has painted its first screen."""

from __future__ import annotations

import gzip
import http.client
import re
import shutil
from collections.abc import Iterator
from statistics import median
from typing import Final

from commands import fonts

CHROMIUM: Final = "chromium"
VISITS: Final = 5
_PAGES: Final = {"/": "the first page", "/charts": "the charts", "/?wall=1": "the wall"}
_SWITCHES: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
]
_PAINTED: Final = """() => new Promise((resolve) => {
    const painted = () => performance.getEntriesByName("first-contentful-paint")[0];
    const ask = () => painted() ? resolve(painted().startTime) : setTimeout(ask, 20);
    ask();
})"""

Line = tuple[str, float, str]


def first_visit_lines(port: int) -> Iterator[Line]:
    """The lines of the report: weights, and with Chromium the times of the first screen."""
    for path, name in _PAGES.items():
        limit = "below 600" if path == "/charts" else ""
        yield f"serve: a first visit of {name}, kB", first_visit(port, path) / 1000, limit
    packed_font = fonts.SANS_PACKED.stat().st_size / 1000
    yield "serve: the font, only without a Chinese one, kB", packed_font, "below 2,600"
    if shutil.which(CHROMIUM) is None:
        return
    times = _paint_times(port)
    for path, name in _PAGES.items():
        yield f"serve: {name} painted by Chromium with nothing kept, ms", times[path], "below 1,000"


def first_visit(port: int, path: str) -> int:
    """Return the bytes that a browser without anything kept is sent for a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    page = _sent(connection, path)
    addresses = re.findall(rb'(?:src|href)="(/static/[^"]+)"', gzip.decompress(page))
    files = [_sent(connection, address.decode()) for address in addresses]
    return sum(map(len, [page, *files]))


def _sent(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    assert answer.status == 200, (path, answer.status)
    return answer.read()


def _paint_times(port: int) -> dict[str, float]:
    """The median milliseconds until something of each page is painted."""
    # Of the development tools, which not every machine that measures has.
    from playwright.sync_api import sync_playwright

    times = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=_SWITCHES)
        for path in _PAGES:
            painted = []
            for _visit in range(VISITS):
                # A context of its own has nothing kept from visits before.
                context = browser.new_context(viewport={"width": 1366, "height": 768})
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{port}{path}")
                painted.append(page.evaluate(_PAINTED))
                context.close()
            times[path] = median(painted)
        browser.close()
    return times
