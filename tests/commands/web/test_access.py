"""Who may read what: logins, wrong and stolen cookies, a unit's own pages, response headers."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from commands.web.accounts import Accounts
from commands.web.login_limits import TRIES, WAIT
from commands.web.login_sessions import COOKIE, HOURS
from commands.web.security_headers import CONTENT_POLICY
from lifecycle.ledger.store import Ledger
from lifecycle.private_files import others_may_read
from lifecycle.rejections import Rejected, StoreError
from projections.scoring.units_of_view import registered_units
from tests.commands.web.conftest import PASSWORD, Served


def test_without_a_session_every_page_asks_to_log_in(served: Served) -> None:
    browser = served.browser()
    for path in ("/", "/charts", "/projects?text=x", "/resources", "/audit", "/unit?name=华埠镇"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"].startswith("/login?to=%2F")) == (
            303,
            True,
        )
    assert browser.get("/login").status_code == 200
    assert browser.get("/static/pages.css").status_code == 200
    assert browser.get("/fonts/sans.woff2").content[:4] == b"wOF2"


def test_a_session_lasts_until_its_end(served: Served) -> None:
    browser = served.log_in("leader")
    cookie = browser.answer.headers["set-cookie"]  # type: ignore[attr-defined]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert browser.get("/").status_code == 200
    served.now += HOURS * 3600 + 1
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [("leader", "wrong"), ("nobody", PASSWORD), ("", ""), ("leader' --", PASSWORD), ("leader", "")],
)
def test_a_wrong_name_or_password_opens_nothing(served: Served, name: str, password: str) -> None:
    browser = served.log_in(name, password)
    assert browser.answer.status_code == 401  # type: ignore[attr-defined]
    assert browser.get("/").status_code == 303


def test_wrong_passwords_have_to_wait(served: Served) -> None:
    for _ in range(TRIES):
        served.log_in("leader", "wrong password")
    assert served.log_in("leader").answer.status_code == 429  # type: ignore[attr-defined]
    assert served.log_in("leader", address="192.0.2.8").answer.status_code == 303  # type: ignore[attr-defined]
    served.now += WAIT + 1
    assert served.log_in("leader").answer.status_code == 303  # type: ignore[attr-defined]


def with_cookie(served: Served, cookie: str, address: str = "192.0.2.7") -> int:
    browser = served.browser(address)
    browser.cookies.set(COOKIE, cookie)
    return browser.get("/").status_code


def test_cookies_made_up_changed_or_signed_by_another_open_nothing(
    served: Served, county_ledger: Ledger, accounts: Accounts
) -> None:
    good = served.log_in("leader").cookies[COOKIE]
    assert with_cookie(served, good) == 200
    token, _dot, rest = good.partition(".")
    another = Served(county_ledger, accounts)
    for wrong in (
        "",
        "leader",
        token,
        f"{token}x.{rest}",
        good[:-2] + "xx",
        another.sessions.log_in("leader", PASSWORD, "192.0.2.7") or "",
    ):
        assert with_cookie(served, wrong) == 303, wrong


def test_a_stolen_cookie_opens_nothing_elsewhere_nor_after_logging_out(served: Served) -> None:
    browser = served.log_in("auditor")
    stolen = browser.cookies[COOKIE]
    assert with_cookie(served, stolen, "198.51.100.9") == 303
    assert (
        browser.post(
            "/logout", headers={"origin": "http://elsewhere.example"}, content=b""
        ).status_code
        == 403
    )
    assert browser.post("/logout", content=b"").status_code == 303
    assert with_cookie(served, stolen) == 303


def test_an_account_removed_or_changed_ends_its_sessions(
    served: Served, tmp_path: object, county_ledger: Ledger, accounts: Accounts
) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    path = tmp_path / "accounts.json"
    path.write_bytes(accounts.path.read_bytes())
    own = Served(county_ledger, Accounts(path))
    leader, town = own.log_in("leader"), own.log_in("town")
    by_another_process = Accounts(path)
    by_another_process.remove("leader")
    by_another_process.add("town", "unit", "马金镇", PASSWORD)
    assert (leader.get("/").status_code, town.get("/").status_code) == (303, 303)


def test_a_unit_reads_its_own_and_of_others_the_totals_alone(
    served: Served, county_ledger: Ledger
) -> None:
    browser = served.log_in("town")
    page = browser.get("/").text
    assert "95.23" in page  # another unit's total
    modules = browser.get("/charts").text
    heat = modules[modules.index('id="modules"') : modules.index('id="overdue"')]
    assert heat.count('<th scope="row">') == 1  # none of the others' modules
    units = [
        unit.name
        for unit in registered_units(county_ledger, county_ledger.head().position)
        if unit.name != "华埠镇"
    ]
    foreign = [f"/unit?name={name}" for name in units[:10]] + [
        f"/project?code={code}" for code in others(browser, served)[:10]
    ]
    assert len(foreign) == 20
    assert [browser.get(address).status_code for address in foreign] == [403] * 20
    assert browser.get("/project?code=KH-0000-000").status_code == 403  # nor whether there is one
    assert browser.get("/unit?name=华埠镇").status_code == 200


def others(browser: TestClient, served: Served) -> list[str]:
    """Projects that the auditor finds and the unit does not."""
    import re

    def codes(of: TestClient) -> list[str]:
        found: list[str] = []
        for page in range(1, 6):
            found += re.findall(r"code=(KH-\d{4}-\d+)", of.get(f"/projects?page={page}").text)
        return list(dict.fromkeys(found))

    own = codes(browser)
    assert own
    assert all(browser.get(f"/project?code={code}").status_code == 200 for code in own[:3])
    return [code for code in codes(served.log_in("auditor")) if code not in own]


def test_charts_of_a_unit_hold_its_own_rows(served: Served) -> None:
    page = served.log_in("town").get("/charts").text
    heat = page[page.index('id="modules"') : page.index('id="ranks-1"')]
    assert ("华埠镇" in heat, "马金镇" in heat) == (True, False)


def test_names_are_for_auditors_and_the_unit_itself(served: Served) -> None:
    import re

    auditor, leader = served.log_in("auditor"), served.log_in("leader")
    address = "/project?code=KH-2024-016"
    full, short = auditor.get(address).text, leader.get(address).text
    person = re.search(r"首要引荐人</dt><dd>([^<]+)", full) or re.search(r"审核人 ([^；<]+)", full)
    assert person is not None
    assert person[1] not in short
    assert "〔从略〕" in short
    assert "〔从略〕" not in full


def test_the_log_names_nobody(served: Served) -> None:
    browser = served.log_in("town")
    browser.get("/unit?name=华埠镇")
    browser.get("/nowhere/华埠镇")
    told = "\n".join(served.log)
    assert "GET /unit 200" in told
    assert not any(word in told for word in ("town", "华埠镇", "192.0.2.7", "name="))


def test_what_the_browser_is_told(served: Served, reading: TestClient) -> None:
    for answer in (
        reading.get("/"),
        reading.get("/nope"),
        served.browser().get("/"),
        served.browser().get("/login"),
    ):
        assert answer.headers["content-security-policy"] == CONTENT_POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in CONTENT_POLICY
    page = reading.get("/charts").text
    assert not any(
        word in page
        for word in ("<script>", "<style", " style=", " onclick=", "http://", "https://")
    )


def test_only_this_machines_own_names_are_served_without_accounts(reading: TestClient) -> None:
    assert reading.get("/", headers={"host": "evil.example"}).status_code == 421
    assert reading.get("/", headers={"host": "127.0.0.1:8024"}).status_code == 200


def test_nothing_can_be_recorded(reading: TestClient, served: Served) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("/", "/unit?name=华埠镇", "/project?code=KH-2024-016"):
            assert reading.request(method, path, content=b"").status_code in (405, 413)
    assert served.browser().post("/login", content=b"x" * 20_000).status_code == 413
    assert reading.get("/login").status_code == 404


def test_after_logging_in_only_this_site_is_gone_to(served: Served) -> None:
    for to, gone in (
        ("/charts?year=2024", "/charts?year=2024"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ):
        browser = served.browser()
        answer = browser.post(
            "/login", params={"to": to}, data={"name": "leader", "password": PASSWORD}
        )
        assert answer.headers["location"] == gone


def test_the_file_of_accounts_is_its_owners_alone_and_holds_no_password(accounts: Accounts) -> None:
    assert not others_may_read(accounts.path)
    text = accounts.path.read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert [
        account["password"].startswith("$argon2id$") for account in json.loads(text)["accounts"]
    ] == [True] * 3


def test_accounts_refuse_what_makes_no_sense(tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    accounts = Accounts(tmp_path / "a.json")
    for arguments in (
        ("a", "unit", None, PASSWORD),
        ("a", "leader", "华埠镇", PASSWORD),
        ("a", "leader", None, "short"),
    ):
        with pytest.raises(Rejected):
            accounts.add(*arguments)
    with pytest.raises(Rejected):
        accounts.remove("a")
    (tmp_path / "b.json").write_text("[]")
    with pytest.raises(StoreError):
        Accounts(tmp_path / "b.json")
