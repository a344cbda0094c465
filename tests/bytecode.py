"""Bytecode that the run's processes share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "build" / "bytecode"


def store_bytecode() -> None:
    """Let the run's processes share bytecode, in a folder of its own where Python writes none."""
    if not sys.dont_write_bytecode:
        return
    # Without it each of the hundreds of processes compiles the program and its libraries again.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(_FOLDER)
