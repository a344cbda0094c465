"""Fields given twice in JSON: counting colons never takes one for read whole."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given, strategies as st

from commands.intake.repeated_fields import is_read_whole, repeated_field

_TEXT = st.text(alphabet='a:" ,{}\\镇\n', max_size=4)


@st.composite
def objects(draw: st.DrawFn, depth: int = 2) -> str:
    """Draw an object as JSON text, in which a name may stand twice."""
    fields = []
    for name in draw(st.lists(_TEXT, max_size=4)):
        value = draw(objects(depth - 1)) if depth and draw(st.booleans()) else _quoted(draw(_TEXT))
        space = draw(st.sampled_from(["", " "]))
        fields.append(f"{_quoted(name)}{space}:{space}{value}")
    return "{" + ",".join(fields) + "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@given(objects())
def test_an_object_with_a_field_twice_is_never_taken_for_read_whole(text: str) -> None:
    if repeated_field(text) is not None:
        assert not is_read_whole(text.encode(), orjson.loads(text))


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ('{"event": "UnitRegistered", "unit": "马金镇", "more": [{"at": 1}, null]}', True),
        ('{"recorded_at": "2024-06-30T09:00:00+08:00"}', True),
        ('{"a": 1, "a": 2}', False),
        ('{"a": ":", "a": 1}', False),
        (r'{"a": 1, "a": "\u003a"}', False),
        (r'{"note": "\n"}', False),
    ],
)
def test_common_records_are_read_whole(text: str, is_whole: bool) -> None:
    assert is_read_whole(text.encode(), orjson.loads(text)) is is_whole


@pytest.mark.parametrize("depth", [200, 300, 900])
def test_a_field_twice_is_noticed_however_deep_it_lies(depth: int) -> None:
    text = '{"a": ' * depth + '{"b": 1, "b": 2}' + "}" * depth
    assert not is_read_whole(text.encode(), orjson.loads(text))
    assert repeated_field(text) == "b"
