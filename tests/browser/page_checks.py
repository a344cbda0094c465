"""What is looked at on every page in Chromium, and the addresses of all pages."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Watched

PAGES = (
    "/",
    "/?wall=1",
    "/?wall=1&as_of=2024-01-20",
    "/charts",
    "/deadlines",
    "/deadlines?level=red&kind=not_stalled&sort=unit",
    "/sheets",
    "/calendar",
    "/projects",
    "/projects?target=funds_in_place",
    "/resources",
    "/resource?code=ZY-2024-002",
    "/audit?verify=1",
    "/unit?name=华埠镇",
    "/project?code=KH-2023-006",
    "/nowhere",
)


def serious(watched: Watched) -> list[str]:
    """Return the violations that axe rates serious or worse."""
    violations = Axe().run(watched.page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in violations
        if each["impact"] in ("serious", "critical")
    ]


def drawn(watched: Watched, url: str) -> None:
    watched.page.goto(url)
    watched.page.wait_for_selector("html[data-drawn]")


def overflows_sideways(watched: Watched) -> bool:
    overflows: bool = watched.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return overflows
