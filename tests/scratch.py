"""Where what the tests write lies: in memory, on a machine that has room there."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")
_ROOM: Final = 4 * 2**30
"""Octets that must be free; a run takes a tenth of them."""


def write_to_memory() -> None:
    """Make temporary folders lie in memory, unless the user chose another place.

    A store waits for the disk at each commit, and the tests commit many thousand times.
    """
    if "TMPDIR" not in os.environ and _has_room():
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # the module looks up the variable once


def _has_room() -> bool:
    # Tests also run programs that they wrote, which containers often forbid there.
    return (
        sys.platform == "linux"
        and os.access(_MEMORY, os.W_OK)
        and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
        and shutil.disk_usage(_MEMORY).free > _ROOM
    )
