"""Bytes written before the stamp is known are those that are written with it."""

from __future__ import annotations

from datetime import datetime

import orjson
import pytest
from hypothesis import given, strategies as st

from commands.demo.county_records import records as county
from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stamp
from lifecycle.events.codec import STAMP_FIELDS, stamp_fields, state_of
from lifecycle.events.field_types import SHANGHAI
from lifecycle.events.stamped_state import stamp_values, stamped_state, state_parts

MOMENT = datetime(2024, 12, 31, 9, 30, 0, 250_000, tzinfo=SHANGHAI)
IMPORTED = Stamp(MOMENT, "余“敏”", imported_by="导入员\\")
NAMES = st.text(max_size=12).filter(lambda name: name not in STAMP_FIELDS)
TEXTS = st.text(max_size=8) | st.just("\0")
VALUES = st.recursive(TEXTS | st.booleans() | st.integers(0, 9), st.lists, max_leaves=4)


def test_the_county_s_events_are_stored_alike() -> None:
    stamp = stamp_fields(IMPORTED)
    values = stamp_values(stamp)
    assert values is not None
    for record in county():
        fields = read_record(record).fields
        parts = state_parts(fields)
        assert parts is not None
        assert stamped_state(parts, values) == state_of(fields, stamp)


@given(fields=st.dictionaries(NAMES, VALUES, max_size=6), author=TEXTS)
def test_whatever_the_fields_say_they_are_stored_alike_or_not_cut(
    fields: dict[str, object], author: str
) -> None:
    stamp = stamp_fields(Stamp(MOMENT, author, imported_by="导入员"))
    parts, values = state_parts(fields), stamp_values(stamp)
    assert values is not None
    if b'"\\u0000"' in orjson.dumps(fields):
        assert parts is None
    else:
        assert parts is not None
        assert stamped_state(parts, values) == state_of(fields, stamp)


@pytest.mark.parametrize(
    "stamp",
    [
        Stamp(MOMENT, "余敏"),
        Stamp(MOMENT, "余敏", on_behalf_of="汪建", imported_by="导入员"),
        Stamp(MOMENT, "余敏", imported_by="导入员", migrated_at=MOMENT),
    ],
)
def test_a_stamp_with_other_fields_is_written_with_the_event(stamp: Stamp) -> None:
    assert stamp_values(stamp_fields(stamp)) is None
