"""The user's data folder, for what has no place of its own."""

from __future__ import annotations

from pathlib import Path


def data_folder() -> Path:
    """Return the user's folder for store, keys and evidence that have no path of their own."""
    # A command whose store, key and evidence are named does without the library.
    from platformdirs import user_data_path  # noqa: PLC0415

    # On Windows the library would put a folder of the same name into it.
    return user_data_path("lifecycle", appauthor=False)
