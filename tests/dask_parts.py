"""Work for a test's dask workers, which import it by its name."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from distributed import get_worker

from lifecycle.rejections import StoreError, msg

UNREACHABLE = msg("{place} cannot be reached from here")


class Try(NamedTuple):
    """A part that fails so many times; each try leaves the worker's name in a file."""

    name: str
    failures: int


def tried(folder: Path, part: Try) -> str:
    """Fail, or return the part's name."""
    with (folder / part.name).open("a", encoding="utf-8") as file:
        file.write(f"{get_worker().address}\n")
    workers = (folder / part.name).read_text(encoding="utf-8").split()
    if len(workers) <= part.failures:
        raise StoreError(UNREACHABLE, place=part.name)
    return part.name
