"""The first page on a screen on the wall: large letters, no menus, renewed every so often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_WALL_PATH: Final = "/"
_DEFAULT_SECONDS: Final = 60
_LEAST_SECONDS: Final = 10
_MOST_SECONDS: Final = 3600
_SECONDS_DIGITS: Final = 4


def wall_seconds(path: str, query: Mapping[str, str]) -> int | None:
    """After how many seconds a page is renewed; None where it is not for a wall.

    `wall=1` asks for a minute, a greater number for so many seconds, within 10 and 3,600.
    """
    if path != _WALL_PATH:
        return None
    typed = query.get("wall") or ""
    # Cut before it is parsed: a long number would take minutes.
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _SECONDS_DIGITS
    if not is_number or int(typed) == 0:
        return None
    if int(typed) == 1:
        return _DEFAULT_SECONDS
    return min(max(int(typed), _LEAST_SECONDS), _MOST_SECONDS)
