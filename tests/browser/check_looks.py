"""How pages look in Chromium: whole words, colours that say what they mean, zoom and paper."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import WIDTHS, Watched
from tests.browser.page_checks import PAGES, drawn, overflows_sideways, serious

# In the pixels of styles, of which an inch has 96, as browsers print.
A4_WITHIN_MARGINS: ViewportSize = {"width": 718, "height": 1047}

BROKEN_WORDS = """() => {
    const isBroken = (cell) => {
        const text = cell.textContent.trim();
        const isShown = !cell.closest("details:not([open])");
        if (!text || text.length > 6 || cell.querySelector("br") || !isShown) return false;
        const range = document.createRange();
        range.selectNodeContents(cell);
        const lines = [...range.getClientRects()].filter((box) => box.width > 1);
        const tops = lines.map((box) => box.top);
        return Math.max(...tops) - Math.min(...tops) > 10;
    };
    const cells = document.querySelectorAll("main td, tbody th, main dt, main dd, .keys span");
    return [...cells].filter(isBroken).map((cell) => cell.textContent.trim());
}"""
"""Words of at most six characters that go on in a second line."""

HUES = """() => [...document.querySelectorAll(".level")].map((badge) => {
    const style = getComputedStyle(badge);
    const filled = ["red", "orange"].some((level) => badge.classList.contains(level));
    const colour = filled ? style.backgroundColor : style.color;
    const [red, green, blue] = colour.match(/[0-9]+/g).map(Number);
    const span = Math.max(red, green, blue) - Math.min(red, green, blue);
    let hue = 60 * (green - blue) / span;
    if (Math.max(red, green, blue) === blue) hue = 240 + 60 * (red - green) / span;
    return [badge.textContent, Math.round(hue)];
})"""
"""The hue of each badge of a level, in degrees, by its name."""


def test_at_200_per_cent_and_on_paper_nothing_is_cut_at_the_side(
    chromium: Browser, address: str
) -> None:
    # A desk's screen at 200 % has half its width in the pixels of styles (WCAG 2.2, 1.4.10).
    context = chromium.new_context(
        viewport={"width": WIDTHS["desk"][0] // 2, "height": WIDTHS["desk"][1] // 2},
        device_scale_factor=2,
    )
    watched = Watched(context.new_page())
    for path in PAGES:
        watched.page.goto(address + path)
        assert not overflows_sideways(watched), path
    watched.page.set_viewport_size(A4_WITHIN_MARGINS)
    watched.page.emulate_media(media="print")
    for path in PAGES:
        watched.page.goto(address + path)
        assert not overflows_sideways(watched), path
        assert watched.page.locator("header nav, .files, .axes").first.is_hidden(), path
    context.close()


def _open_and_sort(page: Page) -> None:
    """Open a clause by key below a point of the unit in sight, and sort its table."""
    table = page.locator("table.lines:visible").filter(has_text="考(三)").first
    link = table.locator("a.clause").first
    link.focus()
    page.keyboard.press("Enter")
    assert "项目考核阶段认定" in table.locator("tr.quoted").inner_text()
    assert link.get_attribute("aria-expanded") == "true"
    table.locator("th .sort").first.click()
    assert table.locator("tr.quoted").count() == 0
    assert link.get_attribute("aria-expanded") == "false"


def test_a_clause_opens_below_its_point_and_closes_before_the_table_is_sorted(
    desk: Watched, address: str, one_file: str
) -> None:
    page = desk.page
    page.goto(f"{address}/unit?name=马金镇&year=2024")
    _open_and_sort(page)
    page.locator("a.clause").first.click()
    assert serious(desk) == []
    page.goto(one_file)
    page.locator("details.unit summary").filter(has_text="马金镇").click()
    _open_and_sort(page)
    assert desk.said == []


def test_on_a_phone_a_clause_stays_in_sight_while_its_table_is_moved(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/unit?name=马金镇&year=2024")
    link = page.locator("table.lines a.clause").first
    link.click()
    for scrolled in (0, 120, 240):
        page.evaluate(
            "(left) => { document.querySelector('tr.quoted').closest('.wide').scrollLeft = left; }",
            scrolled,
        )
        box = page.locator("tr.quoted dl").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/?year=2024",
        "/deadlines?as_of=2024-06-12",
        "/sheets?as_of=2024-06-12",
        "/projects?year=2024",
        "/resources",
        "/unit?name=驻杭州招商组&year=2024",
        "/project?code=KH-2024-016",
        "/audit?verify=1",
    ],
)
def test_no_short_word_is_broken_on_a_laptop(desk: Watched, address: str, path: str) -> None:
    desk.page.goto(address + path)
    assert desk.page.evaluate(BROKEN_WORDS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_badge_has_the_colour_of_its_name(
    desk: Watched, address: str, scheme: Literal["light", "dark"]
) -> None:
    desk.page.emulate_media(color_scheme=scheme)
    desk.page.goto(f"{address}/unit?name=马金镇&year=2024")
    hues = dict(desk.page.evaluate(HUES))
    desk.page.goto(f"{address}/deadlines?as_of=2024-06-12&sort=-due_on")
    hues |= dict(desk.page.evaluate(HUES))
    desk.page.goto(f"{address}/deadlines?as_of=2024-06-12")
    hues |= dict(desk.page.evaluate(HUES))
    assert set(hues) == {"红色", "橙色", "黄色", "蓝色"}
    assert abs(hues["红色"]) < 10
    assert 22 < hues["橙色"] < 40
    assert 30 < hues["黄色"] < 60
    assert 200 < hues["蓝色"] < 225


def test_the_worst_of_a_heat_map_is_red_and_the_best_is_blue(desk: Watched, address: str) -> None:
    drawn(desk, f"{address}/charts?year=2024")
    for name in ("modules", "overdue"):
        colours = desk.page.evaluate(
            """(name) => {
                const canvas = document.querySelector(`#${name} .canvas`);
                const [map] = echarts.getInstanceByDom(canvas).getOption().visualMap;
                return [map.min, map.max, map.inRange.color[0], map.inRange.color.at(-1)];
            }""",
            name,
        )
        least, most, worst, best = colours
        assert least < 0 < most
        assert int(worst[1:3], 16) > int(worst[5:7], 16)
        assert int(best[1:3], 16) < int(best[5:7], 16)
