"""Result folders that change from one complete state to the next."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from lifecycle.atomic_file import replace_path
from lifecycle.file_names import check_file_name


def build_folder_atomically(folder: Path, build: Callable[[Path], bool]) -> None:
    """Let `build` fill a new folder with files, each on disk, then put it in place of `folder`.

    Where `build` returns False, or raises, the old folder stays as it is. After a loss of power the
    next call finds the old folder or the new one. Two processes must not do this to one folder at
    once: the one that comes second lets the first fail. Raises `OSError`, naming `folder`.
    """
    check_file_name(folder)
    # Through a link the folder itself is replaced, and the link stays.
    place = folder.resolve()
    draft = _sibling(place, "next")
    try:
        _finish_interrupted_swap(place)
        _remove(draft)
        draft.mkdir(parents=True)
        if build(draft):
            _swap(draft, place)
    except OSError as error:
        error.filename = str(folder)  # the name that the caller knows
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _sibling(place: Path, purpose: str) -> Path:
    # Beside the folder: a rename is atomic within one file system only.
    return place.with_name(f".{place.name}.{purpose}")


def _finish_interrupted_swap(place: Path) -> None:
    """Put the old folder back where a swap ended half-way, or remove what it left behind."""
    previous = _sibling(place, "previous")
    if previous.exists() and not place.exists():
        replace_path(previous, place)
    _remove(previous)


def _swap(draft: Path, place: Path) -> None:
    previous = _sibling(place, "previous")
    if place.exists():
        # A folder that is closed to others stays so.
        shutil.copymode(place, draft)
        replace_path(place, previous)
    try:
        replace_path(draft, place)
    except OSError:
        if previous.exists():
            replace_path(previous, place)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
