"""Optional dependencies: which extra of the package brings a module that is not installed."""

from __future__ import annotations

from typing import Final

EXTRA_OF: Final = {
    "psycopg": "postgres",
    "psycopg_pool": "postgres",
    "argon2": "web",
    "cachetools": "web",
    "icalendar": "web",
    "itsdangerous": "web",
    "jinja2": "web",
    "markupsafe": "web",
    "python_multipart": "web",
    "starlette": "web",
    "uvicorn": "web",
    "docx": "reports",
    "docxtpl": "reports",
    "pypdf": "reports",
    "segno": "reports",
    "typst": "reports",
    "apprise": "notices",
    "requests": "notices",
    "pyarrow": "analysis",
    "fsspec": "region",
    "dask": "dask",
    "distributed": "dask",
}
"""Top-level module → the extra in pyproject.toml that installs it; a test compares both."""
FOR_FEW: Final = frozenset({"analysis", "dask", "region"})
"""The extras that `all` leaves out: an installation without them lacks nothing."""


def missing_extra(error: Exception) -> str | None:
    """Return the extra that brings the module whose import failed; None for any other error."""
    if not isinstance(error, ModuleNotFoundError):
        return None
    top_level = (error.name or "").partition(".")[0]
    return EXTRA_OF.get(top_level)
