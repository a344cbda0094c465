"""Names are near as people change them, and near names share a signature."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from lifecycle.deciding.claims import normalised_name
from lifecycle.deciding.near_names import are_near, name_core, name_signatures

NEAR = [
    ("年产5万吨有机硅项目", "年产10万吨有机硅项目"),  # numbers
    ("年产五万吨有机硅", "年产5万吨有机硅"),
    ("有机硅新材料", "有机硅新材料项目"),  # fillers
    ("鋰電池材料", "锂电池材料"),  # traditional forms
    ("開化根宮酒店", "开化根宫酒店"),
    ("根宫大酒店", "根宮酒店"),  # one character, and a form
    ("茶叶深加工", "茶叶精加工"),
    ("硅料二期", "硅料"),
    ("智慧物流园（一期）", "智慧物流园"),
]
OTHER = [("茶叶加工", "竹制品加工"), ("甲项目", "乙项目"), ("光伏组件", "光伏支架")]


@pytest.mark.parametrize(("first", "second"), NEAR)
def test_what_people_do_to_a_name_leaves_it_near(first: str, second: str) -> None:
    names = normalised_name(first), normalised_name(second)
    assert are_near(*names)
    assert name_signatures(names[0]) & name_signatures(names[1])


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_other_names_are_not_near(first: str, second: str) -> None:
    assert not are_near(normalised_name(first), normalised_name(second))


CHARACTERS = st.sampled_from("硅料锂電电池新材竹茶酒店5十年产项目")
NAMES = st.text(CHARACTERS, min_size=1, max_size=40)


@given(NAMES, CHARACTERS, st.integers(0, 40), st.sampled_from(("put", "leave", "exchange")))
def test_names_with_one_other_character_share_a_signature(
    core: str, character: str, place: int, change: str
) -> None:
    place %= len(core)
    rest = core[place:] if change == "put" else core[place + 1 :]
    put = "" if change == "leave" else character
    other = core[:place] + put + rest
    if other and are_near(core, other):
        assert name_signatures(core) & name_signatures(other)


@given(st.text(max_size=60))
def test_a_name_has_few_signatures_however_long_it_is(text: str) -> None:
    name = normalised_name(text)
    assert 1 <= len(name_signatures(name)) <= 31
    assert len(name_core(name)) <= 30
