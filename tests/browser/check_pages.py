"""The pages in Chromium: wide and narrow screens, keyboard, print, and axe-core's checks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Watched
from tests.browser.page_checks import PAGES, drawn, overflows_sideways, serious

LAYERS_FIT = """() => [...document.querySelectorAll("figure .canvas")].every((chart) => {
    const layers = [...chart.querySelectorAll("canvas")];
    const [first, ...others] = layers.map((layer) => layer.getBoundingClientRect());
    const fits = (other) =>
        other.top === first.top && other.width === first.width && other.height === first.height;
    return first.right <= innerWidth && others.every(fits);
})"""
"""In print a chart's layers cover one another exactly and fit the page."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_logs_nothing_loads_nothing_foreign_and_is_accessible(
    watched: Watched, address: str, path: str
) -> None:
    watched.page.goto(address + path)
    if path == "/charts":
        watched.page.wait_for_selector("html[data-drawn]")
    assert [line for line in watched.said if path != "/nowhere" or "404" not in line] == []
    assert watched.elsewhere(address) == []
    assert not overflows_sideways(watched)
    assert serious(watched) == []


def test_the_file_logs_nothing_needs_no_network_and_is_accessible(
    watched: Watched, one_file: str
) -> None:
    watched.page.context.set_offline(True)
    drawn(watched, one_file)
    assert watched.said == []
    assert watched.elsewhere(one_file) == []
    assert not overflows_sideways(watched)
    assert serious(watched) == []


def test_every_chart_is_drawn(desk: Watched, address: str, one_file: str) -> None:
    for url in (f"{address}/charts", one_file):
        drawn(desk, url)
        sizes = desk.page.evaluate(
            """() => [...document.querySelectorAll("figure[data-chart] .canvas")].map((each) => {
                const canvas = each.querySelector("canvas");
                const context = canvas.getContext("2d");
                const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
                const isOpaque = (value, index) => index % 4 === 3 && value > 0;
                return pixels.filter(isOpaque).length;
            })"""
        )
        assert len(sizes) == 10
        assert min(sizes) > 3_000


def test_links_lead_from_the_ranking_to_a_project_and_its_points(
    desk: Watched, address: str
) -> None:
    page = desk.page
    page.goto(f"{address}/?year=2024")
    page.locator(".ranking").get_by_role("link", name="马金镇").click()
    assert page.get_by_role("heading", level=1).inner_text() == "马金镇"
    page.locator("table.lines a").first.click()
    assert "/project?" in page.url
    assert "year=2024" in page.url
    assert page.locator("table.history tbody tr").count() > 3


def test_in_the_file_a_unit_opens_its_points(desk: Watched, one_file: str) -> None:
    drawn(desk, one_file)
    line = desk.page.locator("details.unit", has_text="马金镇").locator("table.lines td").first
    assert not line.is_visible()
    desk.page.locator(".ranking").get_by_role("link", name="马金镇").click()
    assert line.is_visible()
    assert desk.said == []


def test_the_pickers_write_their_values_into_the_url(desk: Watched, address: str) -> None:
    page = desk.page
    page.goto(address)
    page.get_by_label("截至", exact=True).fill("2024-06-30")
    page.get_by_label("规则").select_option("kaihua-2024")
    page.get_by_role("button", name="查看").click()
    assert "as_of=2024-06-30" in page.url
    assert "rulebook=kaihua-2024" in page.url
    assert "截至 2024年6月30日" in page.locator("main").inner_text()
    page.get_by_role("link", name="期限", exact=True).click()
    assert "as_of=2024-06-30" in page.url


def test_searching_narrows_the_list_as_one_types(desk: Watched, address: str) -> None:
    page = desk.page
    page.goto(f"{address}/projects")
    page.get_by_role("searchbox").press_sequentially("KH-2024-01")
    page.get_by_text("共 10 个项目").wait_for()
    assert "text=KH-2024-01" in page.url
    assert desk.said == []


def test_a_table_is_sorted_and_filtered_by_keyboard(desk: Watched, address: str) -> None:
    page = desk.page
    page.goto(f"{address}/unit?name=马金镇&year=2024")
    table = page.get_by_role("region", name="项目表")
    heading = table.get_by_role("columnheader", name="规模（万元）")
    heading.get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    texts = table.locator("tbody tr td:nth-child(6)").all_inner_texts()
    amounts = [float(text.replace(",", "")) for text in texts if text]
    assert amounts == sorted(amounts, reverse=True)
    page.goto(f"{address}/sheets?year=2024")
    rows = page.get_by_role("region", name="未销号任务单").locator("tbody tr:visible")
    every = rows.count()
    page.get_by_label("筛选").last.fill("chx")
    page.get_by_text(f"2 / {every} 行").wait_for()
    assert all("长虹乡" in text for text in rows.all_inner_texts())
    assert serious(desk) == []
    assert desk.said == []


def test_choosing_a_level_shows_its_deadlines_alone(desk: Watched, address: str) -> None:
    page = desk.page
    page.goto(f"{address}/deadlines?year=2024")
    assert page.evaluate("document.documentElement.scrollHeight") < 3_000
    page.get_by_label("级别").select_option("orange")
    page.get_by_text("共 41 项").wait_for()
    assert "level=orange" in page.url
    assert page.locator(".level.red").count() == 0
    assert desk.said == []


def test_by_keyboard_alone(desk: Watched, address: str) -> None:
    page = desk.page
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    drawn(desk, f"{address}/charts")
    page.locator("#modules summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#modules table").is_visible()


_FONT_BYTES = 2_700_000


def _has_chinese_font() -> bool:
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "file"], capture_output=True, check=True)
    return bool(listed.stdout.strip())


def test_a_first_visit_of_the_charts_sends_less_than_600_kb_and_a_font_only_where_there_is_none(
    desk: Watched, address: str
) -> None:
    fonts = 0 if _has_chinese_font() else 1
    network = desk.page.context.new_cdp_session(desk.page)
    network.send("Network.enable")
    lengths: list[float] = []
    network.on("Network.loadingFinished", lambda event: lengths.append(event["encodedDataLength"]))
    drawn(desk, f"{address}/charts")
    assert len(lengths) >= 6
    assert 300_000 < sum(lengths) < 600_000 + fonts * _FONT_BYTES
    assert len([url for url in desk.asked if "/fonts/" in url]) == fonts
    lengths.clear()
    drawn(desk, f"{address}/charts?year=2024")
    assert sum(lengths) < 60_000  # scripts and styles were kept


def test_on_the_wall_nothing_scrolls_and_figures_are_renewed_or_dated(
    desk: Watched, address: str
) -> None:
    page = desk.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.clock.install()
    page.goto(f"{address}/?wall=30")
    assert not page.locator("header nav").is_visible()
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().bottom") < 1080
    assert page.locator("#wall-status").inner_text().startswith("更新于 ")
    page.evaluate("document.querySelector('h1').textContent = 'before'")
    with page.expect_response("**/?wall=30"):
        page.clock.run_for(30_000)
    page.get_by_role("heading", name="招商引资工作看板").wait_for()
    page.context.set_offline(True)
    page.clock.run_for(30_000)
    page.get_by_text("▲ 未能更新，所示为").wait_for()
    assert page.get_by_role("heading", name="招商引资工作看板").is_visible()


def test_on_a_phone_the_axes_are_folded_until_asked_for(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/?year=2024")
    assert not page.get_by_label("数据时点").is_visible()
    page.locator("#axes-open").focus()
    page.keyboard.press("Space")
    page.get_by_label("截至", exact=True).fill("2024-06-30")
    page.get_by_role("button", name="查看").click()
    assert "as_of=2024-06-30" in page.url
    assert "2024年6月30日" in page.locator(".fold").inner_text()
    context.close()


def test_charts_are_dark_on_a_dark_screen_and_light_on_paper(desk: Watched, address: str) -> None:
    drawn(desk, f"{address}/charts")
    canvas = desk.page.locator("#pace canvas").first
    pixels = "(canvas) => canvas.toDataURL()"
    light = canvas.evaluate(pixels)
    desk.page.emulate_media(color_scheme="dark")
    assert canvas.evaluate(pixels) != light
    desk.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert canvas.evaluate(pixels) == light


def test_a_chart_is_saved_as_a_picture(desk: Watched, address: str, one_file: str) -> None:
    for url in (f"{address}/charts", one_file):
        drawn(desk, url)
        with desk.page.expect_download() as saved:
            desk.page.locator("#pace").get_by_role("button", name="保存为图片").click()
        assert saved.value.suggested_filename == "资金到位与时序进度.png"
        picture = saved.value.path().read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) > 10_000
    assert desk.said == []


def test_choosing_a_unit_draws_its_funnel(desk: Watched, address: str) -> None:
    drawn(desk, f"{address}/charts")
    before = desk.page.locator("#funnel canvas").screenshot()
    desk.page.locator("#funnel select").select_option("马金镇")
    assert desk.page.locator("#funnel canvas").screenshot() != before


def test_on_paper_the_ranking_and_the_charts_remain(
    desk: Watched, address: str, one_file: str, tmp_path: Path
) -> None:
    for url in (f"{address}/charts", one_file):
        drawn(desk, url)
        desk.page.emulate_media(media="print")
        assert not desk.page.locator("header nav").is_visible()
        assert desk.page.evaluate(LAYERS_FIT)
        desk.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
        assert (tmp_path / "page.pdf").stat().st_size > 50_000
        desk.page.emulate_media(media="screen")
