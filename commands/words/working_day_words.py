"""What a day of the working calendar is."""

from __future__ import annotations

from typing import Final

from commands.words.terms import Label

DAY_KINDS: Final = {
    "off": Label("day off", "放假"),
    "worked": Label("worked", "上班"),
}
