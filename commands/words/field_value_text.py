"""The value of an event's field as a person reads it: amounts with their unit, times in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Final

from commands.words.event_words import chinese_field
from commands.words.screen_words import wan
from commands.words.typed_words import SHARES, is_sum_of_money
from commands.words.vocabulary_words import word
from lifecycle.events.field_types import SHANGHAI
from lifecycle.rounding import decimal_text

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.+", re.ASCII)
_NOTHING: Final = "—"


def field_value_text(name: str, value: object, event: str = "") -> str:
    """Show a stored value of an event's field; `event` is empty for a correction's fields."""
    if isinstance(value, Mapping) and name == "replacement":
        pairs = []
        for field, entry in value.items():
            pairs.append(f"{chinese_field(field)} {field_value_text(field, entry) or _NOTHING}")
        return "，".join(pairs)
    text = word(value)
    # What a reader may not see is no number any more.
    if is_sum_of_money(event, name) and _NUMBER.fullmatch(text):
        return wan(text)
    if name in SHARES and _NUMBER.fullmatch(text):
        return share_text(text)
    if _MOMENT.fullmatch(text):
        return _moment_text(text)
    return text


def share_text(ratio: str) -> str:
    """Show a share of the whole in per cent, exactly: `0.655` is 65.5%."""
    percent = Fraction(ratio) * 100
    return f"{decimal_text(percent, len(ratio))}%"


def change_text(name: str, before: object, after: object, event: str = "") -> str:
    """Show how a field changes: the old value and the new one."""
    old = field_value_text(name, before, event) or _NOTHING
    new = field_value_text(name, after, event) or _NOTHING
    return f"{old} → {new}"


def _moment_text(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        # An event that cannot be read is shown as it is stored.
        return text
    local = moment.astimezone(SHANGHAI) if moment.tzinfo is not None else moment
    # Seconds are shown where there are any: two moments must not look alike.
    has_seconds = local.second or local.microsecond
    return f"{local:%Y-%m-%d %H:%M:%S}" if has_seconds else f"{local:%Y-%m-%d %H:%M}"
