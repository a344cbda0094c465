"""A region's pages: over its members as their ledgers verify, with nobody's personal data."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urljoin

import pytest
from starlette.testclient import TestClient

from commands.handlers.region_file import read_region_file
from commands.handlers.region_look import NOBODY_LEFT_OUT, LeftOut
from commands.handlers.watched_members import WatchedMembers
from commands.web.accounts import Accounts
from commands.web.login_sessions import LoginSessions
from commands.web.region_application import region_application
from lifecycle.ledger.checkpoints import sign_checkpoint
from lifecycle.ledger.store import Ledger
from tests.commands.region_cli import AXES as OPTIONS, RegionCli
from tests.commands.web.conftest import PASSWORD
from tests.given import of
from tests.ledgers import fill
from tests.outside_changes import change_outside
from tests.regions import (
    CHANGSHAN,
    JIANGSHAN,
    KAIHUA,
    MEMBERS,
    Region,
    project,
    signed,
)

AXES: Final = "year=2024&as_of=2024-12-31"
EDIT: Final = (
    "UPDATE ledger_events SET state = CAST(replace(CAST(state AS TEXT), '3000', '9000') AS BLOB)"
)
PAGES: Final = ("/", "/charts", "/projects", "/members", "/conflicts", "/publications", "/audit")


@pytest.fixture
def cli(region: Region, capsys: pytest.CaptureFixture[str]) -> RegionCli:
    """The region's commands; its rulebook is adopted."""
    cli = RegionCli(region, capsys)
    cli.adopt()
    return cli


Serve = Callable[..., "Pages"]


class Pages:
    """A browser at a region's pages."""

    def __init__(self, browser: TestClient) -> None:
        self.browser = browser

    def source(self, address: str) -> str:
        """A page of the year."""
        sign = "&" if "?" in address else "?"
        answer = self.browser.get(f"{address}{sign}{AXES}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def text(self, address: str) -> str:
        """What a page says, without its marks."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.source(address)).split())

    def table(self, address: str, name: str) -> list[dict[str, str]]:
        """A table of a page, as its CSV file has it."""
        sign = "&" if "?" in address else "?"
        answer = self.browser.get(f"{address}{sign}{AXES}&table={name}&format=csv")
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    def verdicts(self) -> dict[str, str]:
        """The verdict on each member's ledger."""
        rows = self.table("/members", "成员账本")
        return {row["成员"]: row["核验结论"].split()[-1] for row in rows}

    def totals(self) -> dict[str, str]:
        """The total of each member in the ranking."""
        return {row["单位"]: row["总分"] for row in self.table("/", "县区排名")}


@pytest.fixture
def serve(region: Region, cli: RegionCli) -> Iterator[Serve]:
    """Serve the region as its file is now; every page looks at the members again."""
    with ExitStack() as resources:

        def served(
            sessions: LoginSessions | None = None, left_out: LeftOut = NOBODY_LEFT_OUT
        ) -> Pages:
            ledger = resources.enter_context(Ledger.open(region.url))
            members = read_region_file(region.written())
            watched = resources.enter_context(WatchedMembers(members, ledger.clock, hold=0))
            application = region_application(
                ledger, watched, sessions, lambda _entry: None, left_out=left_out, hold=0
            )
            return Pages(TestClient(application, base_url="http://localhost"))

        yield served


# Results ------------------------------------------------------------------------------------------


def test_pages_show_what_the_commands_give(serve: Serve, cli: RegionCli) -> None:
    pages = serve()
    scores = cli.on("score", *OPTIONS, "--format", "json").json
    assert pages.totals() == {row["unit"]: f"{row['total']}.00" for row in scores["units"]}
    board = pages.table("/", "本月红黑榜")
    assert [(row["榜单"], row["单位"]) for row in board] == [("红榜", KAIHUA), ("黑榜", JIANGSHAN)]
    assert "已计入3个成员，共3个：正式结果" in pages.text("/")
    assert len(pages.table("/projects", "项目表")) == 4


def test_a_point_leads_to_the_event_in_the_members_ledger(serve: Serve) -> None:
    pages = serve()
    lines = pages.table(f"/unit?name={JIANGSHAN}", "项目签约得分明细")
    assert {row["项目"] for row in lines} == {f"{JIANGSHAN}/C", ""}
    link = re.search(
        r'href="(/project\?code=[^"#]*)#(event-2)"', pages.source(f"/unit?name={JIANGSHAN}")
    )
    assert link is not None
    assert f'id="{link[2]}"' in pages.browser.get(html.unescape(link[1])).text
    history = pages.table(f"/project?code={JIANGSHAN}/C", "全部事件及更正")
    assert [row["事件"] for row in history] == ["项目信息", "正式签约", "流转"]
    assert JIANGSHAN in pages.text(f"/project?code={JIANGSHAN}/C")


def test_a_project_whose_code_has_a_slash_has_a_page(serve: Serve, cli: RegionCli) -> None:
    cli.region.members[JIANGSHAN].add(project("2024/7", name="带斜线的编号"))
    pages = serve()
    history = pages.table(f"/project?code={JIANGSHAN}/2024/7", "全部事件及更正")
    assert [row["事件"] for row in history] == ["项目信息"]


def test_every_link_leads_to_a_page(serve: Serve) -> None:
    browser = serve().browser
    waiting, visited = [f"{page}?{AXES}" for page in PAGES], set()
    while waiting:
        address = waiting.pop()
        # A form of the same table is another test's matter.
        if address in visited or "format=" in address:
            continue
        visited.add(address)
        answer = browser.get(address)
        assert answer.status_code == 200, address
        for link in re.findall(r'href="([^"]*)"', answer.text):
            target = urljoin(address, html.unescape(link).partition("#")[0])
            if not target.startswith(("/static", "/fonts")):
                waiting.append(target)
    assert any("/unit" in address for address in visited)
    assert any("/project?" in address for address in visited)


def test_results_of_the_past_count_what_was_known_then(serve: Serve, region: Region) -> None:
    pages = serve()
    # When the region adopted its rulebook, which is after all that its members recorded.
    with Ledger.open(region.url) as ledger:
        known_at = ledger.head().recorded_at
    region.members[KAIHUA].add(project("D"), signed("D", "4000"))
    assert pages.totals()[KAIHUA] == "14.00"
    past = f"/?{urlencode({'known_at': known_at})}"
    assert pages.table(past, "县区排名")[0]["总分"] == "8.00"


# Members ------------------------------------------------------------------------------------------


def test_every_member_that_does_not_count_is_named(serve: Serve, region: Region) -> None:
    change_outside(
        region.members[KAIHUA].url,
        EDIT,
    )
    change_outside(
        region.members[JIANGSHAN].url,
        "UPDATE ledger_head SET schema_version = 99",
        "INSERT INTO ledger_upgrades VALUES (99, 0, '9.0.0')",
    )
    pages = serve()
    assert pages.verdicts() == {KAIHUA: "核验不符", CHANGSHAN: "核验通过", JIANGSHAN: "版本过新"}
    assert pages.totals() == {CHANGSHAN: "4.00"}
    first = pages.text("/")
    assert "已计入1个成员，共3个：非正式结果" in first
    assert f"{KAIHUA}：核验不符" in first
    absent = pages.text(f"/unit?name={KAIHUA}")
    assert "该成员未计入，没有得分和名次" in absent
    named = LeftOut((KAIHUA, JIANGSHAN), "账本待查")
    assert "已计入1个成员，共3个：正式结果" in serve(left_out=named).text("/")
    assert f"{KAIHUA}：按决定不计入：账本待查" in serve(left_out=named).text("/")


def test_pages_follow_the_members_ledgers(serve: Serve, region: Region) -> None:
    pages = serve()
    assert pages.totals()[KAIHUA] == "8.00"
    member = region.members[KAIHUA]
    with Ledger.open(member.url) as ledger:
        fill(ledger, [project("D"), signed("D", "4000")], keep=False)
    # Nothing behind the last signed checkpoint counts.
    assert pages.totals()[KAIHUA] == "8.00"
    assert "之后的记录不予计入：2 条" in pages.table("/members", "成员账本")[0]["原因"]
    with Ledger.open(member.url) as ledger:
        sign_checkpoint(ledger, member.key)
    assert pages.totals()[KAIHUA] == "14.00"


def test_an_edit_beneath_the_pages_is_noticed(serve: Serve, region: Region) -> None:
    pages = serve()
    assert pages.verdicts()[KAIHUA] == "核验通过"
    # The ledger grows by nothing: only the file changes.
    change_outside(
        region.members[KAIHUA].url,
        EDIT,
    )
    assert pages.verdicts()[KAIHUA] == "核验不符"
    assert KAIHUA not in pages.totals()


def test_another_bundle_behind_a_url_is_noticed_when_everything_is_verified(
    serve: Serve, region: Region
) -> None:
    fsspec = pytest.importorskip("fsspec")
    url = "memory://served/changshan.zip"
    with fsspec.open(url, "wb") as file:
        file.write((region.folder / "changshan.zip").read_bytes())
    region.members[CHANGSHAN].bundle = url
    pages = serve()
    assert pages.verdicts()[CHANGSHAN] == "核验通过"
    with fsspec.open(url, "wb") as file:
        file.write(b"no archive")
    pages.text("/members/verify")
    assert pages.verdicts()[CHANGSHAN] == "不可用"


def test_a_ledger_that_goes_and_comes_back_is_noticed(serve: Serve, region: Region) -> None:
    pages = serve()
    bundle = region.folder / "changshan.zip"
    content = bundle.read_bytes()
    bundle.unlink()
    assert pages.verdicts()[CHANGSHAN] == "缺失"
    bundle.write_bytes(b"no archive")
    assert pages.verdicts()[CHANGSHAN] == "不可用"
    bundle.write_bytes(content)
    assert pages.verdicts()[CHANGSHAN] == "核验通过"
    assert pages.totals()[CHANGSHAN] == "4.00"


def test_ledgers_on_a_server_are_followed_as_well(
    tmp_path: Path, postgres_url: str, serve: Serve, region: Region
) -> None:
    member = region.add(CHANGSHAN, [project("P"), signed("P", "2000")], postgres_url)
    pages = serve()
    assert pages.totals()[CHANGSHAN] == "4.00"
    member.add(project("Q"), signed("Q", "2000"))
    assert pages.totals()[CHANGSHAN] == "8.00"
    # An edit that moves nothing cannot be seen from outside: everything is verified on request.
    change_outside(
        postgres_url,
        "UPDATE lifecycle.ledger_events SET state ="
        " convert_to(replace(convert_from(state, 'UTF8'), '2000', '9000'), 'UTF8')",
    )
    assert pages.verdicts()[CHANGSHAN] == "核验通过"
    assert "已计入2个成员，共3个：非正式结果" in pages.text("/members/verify")
    assert pages.verdicts()[CHANGSHAN] == "核验不符"


# Conflicts and publications -----------------------------------------------------------------------


def test_projects_that_two_members_report_are_named_wherever_they_count(
    serve: Serve, region: Region
) -> None:
    same = {"name": "同一项目", "investor": "甲公司"}
    region.members[KAIHUA].add(project("X", **same))
    region.members[JIANGSHAN].add(project("Y", **same))
    pages = serve()
    rows = pages.table("/conflicts", "重复填报")
    assert [row["项目编号"] for row in rows] == [f"{KAIHUA}/X", f"{JIANGSHAN}/Y"]
    assert {row["组别"] for row in rows} == {"1"}
    assert "1 组" in pages.text("/")
    for page in (f"/unit?name={KAIHUA}", f"/project?code={JIANGSHAN}/Y"):
        assert pages.table(page, "重复填报") == rows
    region.members[JIANGSHAN].add(of("RecognitionDenied", "2024-06-01", "Y", reason="重复"))
    assert "没有由两个以上成员填报的项目" in pages.text("/conflicts")


def test_publications_name_their_members_and_are_recomputed(
    serve: Serve, cli: RegionCli, region: Region
) -> None:
    region.members.pop(JIANGSHAN)
    without = ("--without", JIANGSHAN, "--reason", "账本尚未上线")
    assert cli.publish("scores", *OPTIONS, *without).code == 0
    pages = serve()
    (row,) = pages.table("/publications", "已公布的结果")
    assert (row["计入成员"], row["性质"].split("；")[0]) == ("2／3", "正式公布")
    assert row["未计入成员"] == f"{JIANGSHAN}：按决定不计入：账本尚未上线"
    assert pages.table("/audit?verify=1", "已公布的结果")[0]["重算"] == "逐项一致"


# Readers ------------------------------------------------------------------------------------------


def test_nobody_sees_names_of_persons(serve: Serve, region: Region) -> None:
    region.members[KAIHUA].add(project("P", lead_person="王小明"))
    pages = serve()
    page = pages.text(f"/project?code={KAIHUA}/P")
    assert "王小明" not in page
    assert "录入人" not in page
    assert "录入人" not in pages.text(f"/unit?name={KAIHUA}")


def test_a_members_account_sees_its_own_projects_alone(
    serve: Serve, region: Region, tmp_path: Path
) -> None:
    same = {"name": "同一项目", "investor": "甲公司"}
    region.members[KAIHUA].add(project("X", **same))
    region.members[JIANGSHAN].add(project("Y", **same))
    accounts = Accounts(tmp_path / "accounts.json")
    accounts.add("kaihua", "unit", KAIHUA, PASSWORD)
    pages = serve(LoginSessions(accounts))
    pages.browser.post("/login", data={"name": "kaihua", "password": PASSWORD})
    assert set(pages.totals()) == set(MEMBERS)
    assert {row["引进单位"] for row in pages.table("/projects", "项目表")} == {KAIHUA}
    own, other = pages.table("/conflicts", "重复填报")
    assert (own["项目编号"], other["成员"], other["项目编号"]) == (f"{KAIHUA}/X", JIANGSHAN, "")
    for closed in (f"/unit?name={JIANGSHAN}", f"/project?code={JIANGSHAN}/Y"):
        assert pages.browser.get(f"{closed}&{AXES}").status_code == 403


def test_why_another_member_does_not_count_is_for_the_region_to_know(
    serve: Serve, region: Region, tmp_path: Path
) -> None:
    (tmp_path / "changshan.zip").unlink()
    accounts = Accounts(tmp_path / "accounts.json")
    for name, role, unit in (
        ("leader", "leader", None),
        ("changshan", "unit", CHANGSHAN),
        ("kaihua", "unit", KAIHUA),
    ):
        accounts.add(name, role, unit, PASSWORD)
    reasons = {}
    for name in ("leader", "changshan", "kaihua"):
        pages = serve(LoginSessions(accounts))
        pages.browser.post("/login", data={"name": name, "password": PASSWORD})
        assert pages.verdicts()[CHANGSHAN] == "缺失"
        rows = pages.table("/members", "成员账本")
        (reasons[name],) = [row["原因"] for row in rows if row["成员"] == CHANGSHAN]
    assert "changshan.zip" in reasons["leader"]
    assert reasons["changshan"] == reasons["leader"]
    assert reasons["kaihua"] == ""


def test_what_a_person_decided_about_a_member_is_told_to_all(
    serve: Serve, region: Region, tmp_path: Path
) -> None:
    accounts = Accounts(tmp_path / "accounts.json")
    accounts.add("kaihua", "unit", KAIHUA, PASSWORD)
    pages = serve(LoginSessions(accounts), LeftOut((JIANGSHAN,), "账本尚未上线"))
    pages.browser.post("/login", data={"name": "kaihua", "password": PASSWORD})
    rows = {row["成员"]: row["原因"] for row in pages.table("/members", "成员账本")}
    assert "账本尚未上线" in rows[JIANGSHAN]


def test_what_is_no_member_and_no_project_is_not_found(serve: Serve) -> None:
    browser = serve().browser
    assert browser.get(f"/unit?name=无&{AXES}").status_code == 404
    assert browser.get(f"/project?code={KAIHUA}/无&{AXES}").status_code == 404
