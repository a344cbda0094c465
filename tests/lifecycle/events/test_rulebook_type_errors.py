"""A value of a wrong type in a rulebook is rejected in words that the catalogue translates."""

from __future__ import annotations

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import parse
from tests.lifecycle.rulebook.test_rulebook_review import HEAD

LIMIT = """
[[limits]]
id = "visit"
chinese = "走访"
from = "signing"
every = true
by = ["FollowedUp"]
months = 1
levels = { orange = 3, yellow = 7, blue = 15 }
clause = "一"
basis = "policy"
"""
CASE = "[[case]]\nas_of = 2024-06-30\nfacts = []\npoints = {}\n"


def text_of(text: str) -> str:
    with pytest.raises(Rejected) as rejected:
        parse(text)
    return str(rejected.value)


@pytest.mark.parametrize(
    ("text", "wrong", "message"),
    [
        (LIMIT, ("months = 1", 'months = "一"'), "must be a whole number, without quotes"),
        (LIMIT, ("months = 1", "months = 1.5"), "must be a whole number, without quotes"),
        (LIMIT, ("every = true", 'every = "true"'), "must be one of ['true']"),
        (LIMIT, ("FollowedUp", "跟进"), "most similar: []"),
        (CASE, ("2024-06-30", '"2024-02-30"'), "must be a date such as 2024-03-31"),
        (CASE, ("2024-06-30", '"六月"'), "must be a date such as 2024-03-31"),
    ],
)
def test_a_wrong_type_says_what_is_allowed(
    text: str,
    wrong: tuple[str, str],
    message: str,
) -> None:
    assert message in text_of(HEAD + text.replace(*wrong))
