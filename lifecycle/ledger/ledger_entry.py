"""What recording gives back: the event's name, its position and its leaf."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifecycle.rejections import Problem


class LedgerEntry(NamedTuple):
    """The result of recording: the event's name `stream#version`, its position and leaf hash.

    `already` says that the same content was recorded under the same key before, so that nothing was
    added; `ref` then names the stream alone.
    """

    ref: str
    position: int
    leaf: str = ""
    already: bool = False
    warnings: Sequence[Problem] = ()
