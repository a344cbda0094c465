"""At a Windows console: prompts, Chinese typing, code pages, Ctrl-C."""

from __future__ import annotations

import pytest

from tests.windows.conftest import PYTHON_ON_WINDOWS, Windows

PROGRAM = f"{PYTHON_ON_WINDOWS} -m commands"


@pytest.fixture(scope="module")
def office(windows: Windows) -> Windows:
    """A store with one unit."""
    answers = windows.series(
        (
            ("init",),
            (
                *("record", "单位登记", "--unit", "华埠镇", "--category", "township"),
                *("--sequence", "乡镇（办事处）", "--occurred-on", "2024-01-01"),
            ),
        )
    )
    assert [answer.code for answer in answers] == [0, 0], answers
    return windows


@pytest.mark.parametrize("code_page", [936, 65001])
def test_a_clerk_is_asked_in_chinese_and_types_chinese(office: Windows, code_page: int) -> None:
    before = office.events

    answer = office.console(
        f"cmd /c chcp {code_page} > nul & {PROGRAM} --db ledger.db record 活动组织",
        ("单位", "马金镇\r"),
        ("未登记", "华埠镇\r"),
        ("发生日期", "2024-02-31\r"),
        ("应为存在的日期", "2024-03-01\r"),
        ("活动名称", f"赴杭州“双招双引”恳谈会{code_page}\r"),
        ("带队", "是\r"),
        ("其他内容", "1\r"),
        ("依据文号", "开招办〔2024〕3号\r"),
        ("确认录入", "\r"),
    )

    assert answer.code == 0, answer.screen
    assert office.events == before + 1
    assert f'"activity":"赴杭州“双招双引”恳谈会{code_page}"' in office.last_event()
    assert "开招办〔2024〕3号" in office.last_event()


def test_serve_ends_with_ctrl_c(office: Windows) -> None:
    answer = office.console(
        f"{PROGRAM} --db ledger.db serve --port 0", ("http://127.0.0.1:", "\x03")
    )

    assert answer.code == 0, answer.screen
    assert "Traceback" not in answer.screen
