"""What a store's database holds of this version: functions, known events, and their fields.

Only the owner puts them there, by `init` and `init --upgrade`. After an update of the program they
are an earlier version's until then: new events are rejected, and checks that were mended are not.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final, NamedTuple

from lifecycle.events import BY_NAME
from lifecycle.events.codec import UPCASTS, topic
from lifecycle.events.envelope import Event
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.field_shapes import field_shapes

_OPEN_TO_CLERKS: Final = frozenset({"MeetingHeld", "TargetSet", "FactCorrected"})
"""Events of the county that a clerk records; a correction is judged by what it corrects."""
# What triggers call is no way in, and stands with the tables.
_SELECT_FUNCTIONS: Final = """
    SELECT proname, prosrc FROM pg_catalog.pg_proc
    WHERE pronamespace = 'lifecycle'::pg_catalog.regnamespace AND proname <> 'ledger_refuse'
"""
_SELECT_TOPICS: Final = "SELECT topic, streams, reserved FROM lifecycle.ledger_topics"
_SELECT_FIELDS: Final = (
    "SELECT shape, field, is_required, json_type, pattern, least, most, words, entries"
    " FROM lifecycle.ledger_fields"
)
_FUNCTION: Final = re.compile(
    r"^CREATE OR REPLACE FUNCTION lifecycle\.(\w+)\(.*?^AS \$\$(.*?)\$\$;", re.DOTALL | re.MULTILINE
)


class KnownTopic(NamedTuple):
    """A row of `ledger_topics`: an event that the append function takes."""

    topic: str
    streams: list[str]
    is_reserved: bool
    """Whether only the manager records it."""


def function_source() -> str:
    """Return the statements that create the functions."""
    return files(__package__).joinpath("postgres_functions.sql").read_text(encoding="utf-8")


def known_topics() -> list[KnownTopic]:
    """Return the events that this version knows, in their present and their earlier forms."""
    kinds = {topic(kind): kind for kind in BY_NAME.values()}
    # Earlier forms of an event are read, not recorded; a copy of an old store brings them by rows.
    for earlier in UPCASTS:
        kinds[earlier] = BY_NAME[earlier.rpartition("/")[0]]
    topics: list[KnownTopic] = []
    for name, kind in kinds.items():
        streams = list(map(str, kind.streams))
        topics.append(KnownTopic(name, streams, _is_reserved(kind)))
    return topics


def _is_reserved(kind: type[Event]) -> bool:
    """Return whether only the manager records it: what the county as a whole decides (spec 4)."""
    return "county" in kind.streams and kind.__name__ not in _OPEN_TO_CLERKS


def has_present_definitions(cursor: Cursor) -> bool:
    """Return whether the database holds this version's functions, events and fields.

    They are compared themselves, not by a version that is noted beside them: an earlier program's
    `init --upgrade` would put its own in their place and leave the note.
    """
    cursor.execute(_SELECT_FUNCTIONS)
    stored_functions = sorted(cursor.fetchall())
    if stored_functions != sorted(_FUNCTION.findall(function_source())):
        return False
    cursor.execute(_SELECT_FIELDS)
    # No two have the same shape and field, so values that have no order are not compared.
    stored_fields = sorted(cursor.fetchall())
    if stored_fields != sorted(field_shapes()):
        return False
    cursor.execute(_SELECT_TOPICS)
    stored_topics = cursor.fetchall()
    # What an earlier version knew besides stays.
    return all(known in stored_topics for known in known_topics())
