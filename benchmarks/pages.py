"""A page against raw SQL and an empty template; many readers while a clerk records."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from benchmarks import measure
from benchmarks.first_screen import first_visit_lines
from benchmarks.history import records
from commands.demo.county_records import records as county
from commands.web.county_views import HOLD
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from projections import readmodels
from tests.ledgers import fill

READERS: Final = 200
REQUESTS: Final = int(os.environ.get("BENCH_REQUESTS", "10"))
"""Of each reader."""
ROUNDS: Final = 200
FRESH: Final = 4
LARGE: Final = 200_000
UNITS: Final = ("华埠镇", "马金镇", "池淮镇", "县经信局")
PAGES: Final = (
    "/",
    "/deadlines",
    "/sheets",
    "/projects",
    "/charts",
    *[f"/unit?name={quote(name)}" for name in UNITS],
    "/project?code=KH-2024-016",
    "/project?code=KH-2023-006",
)
"""What the readers go through, each beginning at another one."""


@contextmanager
def served(*arguments: str, url: str) -> Iterator[int]:
    """Run a server in a process of its own and yield its port."""
    environment = {
        **os.environ,
        "LIFECYCLE_DB": url,
        "LIFECYCLE_ACCOUNTS": "/nonexistent/accounts.json",
        "LIFECYCLE_LANG": "en",
    }
    with subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        port_match = re.search(r":(\d+)", server.stdout.readline())
        assert port_match is not None
        try:
            yield int(port_match[1])
        finally:
            server.terminate()


def raw(url: str) -> None:
    """Serve the limit: the same rows by raw SQL and an empty template."""
    import socket

    import uvicorn
    from jinja2 import Environment
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    template = Environment(autoescape=True).from_string("<!doctype html><title></title>")
    path = url.removeprefix("sqlite:///")

    def page(_request: Request) -> HTMLResponse:
        connection = sqlite3.connect(path)
        rows = connection.execute(
            "SELECT unit, sequence, rank, total_exact FROM scores WHERE year = 2024 ORDER BY place"
        ).fetchall()
        parts = connection.execute(
            "SELECT unit, part, name, points_exact, raw_exact FROM score_parts WHERE year = 2024"
        ).fetchall()
        connection.close()
        return HTMLResponse(template.render(rows=rows, parts=parts))

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
    uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=[Route("/", page)]),
            access_log=False,
            log_level="warning",
            lifespan="off",
        )
    ).run(sockets=[listening])


def fetched(connection: http.client.HTTPConnection, path: str = "/") -> float:
    """Return the seconds that one page takes."""
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - begun
    assert answer.status == 200, (path, answer.status)
    return taken


def first_page(url: str) -> dict[str, float]:
    """Return the first page's median time over the limit's, cached and right after an event."""
    times: dict[str, list[float]] = {"page": [], "limit": [], "fresh": []}
    with (
        served("commands", "serve", "--port", "0", url=url) as port,
        served("benchmarks.pages", "raw", url, url=url) as limit,
    ):
        page, bare = (
            http.client.HTTPConnection("127.0.0.1", port),
            http.client.HTTPConnection("127.0.0.1", limit),
        )
        fetched(page)
        for _round in range(ROUNDS):
            times["page"].append(fetched(page))
            times["limit"].append(fetched(bare))
        with Ledger.open(url) as ledger:
            for number in range(FRESH):
                ledger.record(read_record(_event(number)), Author("bench"))
                time.sleep(HOLD)
                times["fresh"].append(fetched(page))
    yardstick = median(times["limit"])
    return {name: median(taken) / yardstick for name, taken in times.items()}


class AfterEvent(NamedTuple):
    """The first page's median time over that of the cached page, in two moments after an event."""

    once_seen: float
    """Asked for once the pages' position is no longer held: the server has made it ready."""
    at_once: float
    """Asked for before the server has looked: the reader waits for what the event changes."""


def after_an_event(url: str, project: str) -> AfterEvent:
    """Return what a reader waits for the first page after an event."""
    cached: list[float] = []
    once_seen: list[float] = []
    at_once: list[float] = []
    with (
        served("commands", "serve", "--port", "0", url=url) as port,
        Ledger.open(url) as ledger,
    ):
        page = http.client.HTTPConnection("127.0.0.1", port)
        fetched(page)
        for number in range(FRESH):
            cached.extend(fetched(page) for _again in range(ROUNDS // FRESH))
            ledger.record(read_record(_event(2 * number, project)), Author("bench"))
            time.sleep(HOLD)
            once_seen.append(fetched(page))
            time.sleep(HOLD + 1)
            ledger.record(read_record(_event(2 * number + 1, project)), Author("bench"))
            at_once.append(fetched(page))
    yardstick = median(cached)
    return AfterEvent(median(once_seen) / yardstick, median(at_once) / yardstick)


def _event(number: int, project: str = "KH-2024-016") -> dict[str, Any]:
    return {
        "event": "ReviewHeld",
        "project": project,
        "occurred_on": "2025-07-01",
        "findings": f"正常 {os.getpid()} {number}",
    }


# Many readers -------------------------------------------------------------------------------------


def clerk(url: str) -> None:
    """Record five events a second, far more than a county's office enters, until stopped."""
    with Ledger.open(url) as ledger:
        for number in range(100_000):
            ledger.record(read_record(_event(number)), Author("bench"))
            time.sleep(0.2)


async def _reader(port: int, start: int, taken: list[float], wrong: list[str]) -> None:
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    for number in range(REQUESTS):
        path = PAGES[(start + number) % len(PAGES)]
        begun = time.perf_counter()
        writing.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = (await reading.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        await reading.readexactly(int(length[1]) if length else 0)
        taken.append(time.perf_counter() - begun)
        if not head.startswith("HTTP/1.1 200"):
            wrong.append(f"{path} {head[:12]}")
    writing.close()


async def _readers(port: int) -> tuple[list[float], list[str]]:
    taken: list[float] = []
    wrong: list[str] = []
    await asyncio.gather(*[_reader(port, start, taken, wrong) for start in range(READERS)])
    return taken, wrong


def many_readers(url: str) -> dict[str, Any]:
    """Let 200 readers go through the pages at once while a process records."""
    with served("commands", "serve", "--port", "0", url=url) as port, Ledger.open(url) as ledger:
        before = ledger.head().position
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.pages", "clerk", url]
        ) as recording:
            taken, wrong = asyncio.run(_readers(port))
            recording.terminate()
        after = ledger.head().position
    cut = quantiles(taken, n=100)
    return {
        "pages": len(taken),
        "errors": len(wrong),
        "recorded": after - before,
        "median": median(taken),
        "p99": cut[98],
        "ratio": cut[98] / median(taken),
    }


def large_county() -> Iterator[tuple[str, float, str]]:
    """The lines of a county that is far larger than any."""
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'large.db'}"
        measure.fill(url, records(LARGE))
        after = after_an_event(url, "KH-000016")
        yield (
            f"serve: first page right after an event ÷ the cached page, {LARGE:,} events",
            after.once_seen,
            "at most 10",
        )
        yield "serve: the same, before the server has seen the event", after.at_once, "at most 10"


def pages() -> Iterator[tuple[str, float, str]]:
    """The lines of the report."""
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'county.db'}"
        with Ledger.open(url, create=True) as ledger:
            fill(ledger, county())
            # The raw side reads the query tables, which no page needs.
            readmodels.rebuild(ledger, url)
        ratios = first_page(url)
        yield (
            "serve: first page ÷ the same rows by raw SQL and an empty template",
            ratios["page"],
            "at most 3",
        )
        yield "serve: the same, right after an event was recorded", ratios["fresh"], ""
        with served("commands", "serve", "--port", "0", url=url) as port:
            yield from first_visit_lines(port)
        many = many_readers(url)
        yield (
            (
                f"serve: {READERS} readers, {many['pages']} pages,"
                f" {many['recorded']} events recorded meanwhile: errors"
            ),
            many["errors"],
            "none",
        )
        yield (
            f"serve: the same, p99 ÷ median (median {many['median']:.3f} s)",
            many["ratio"],
            "at most 8",
        )
    yield from large_county()


if __name__ == "__main__":
    {"raw": raw, "clerk": clerk}[sys.argv[1]](sys.argv[2])
