"""Rejections of names that the ledger does not know; they list what is near or what there is."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg


def unknown_project(ledger: Ledger, code: str) -> Rejected:
    """Return the rejection of a project's code, which names the codes nearest to it."""
    with ledger.rows_of_kind("project") as rows:
        # Voided projects are named as well: their history can still be shown.
        streams = {row[1] for row in rows}
    codes = sorted(stream.partition("/")[2] for stream in streams)
    return Rejected.by(
        "unknown_project",
        msg("there is no project {code} as of that day; most similar: {near}"),
        code=code,
        near=difflib.get_close_matches(
            code,
            codes,
            n=3,
            cutoff=0.5,
        ),
    )


def unknown_unit(unit: str, registered: Sequence[str]) -> Rejected:
    """Return the rejection of a unit's name, which lists the registered units."""
    return Rejected.by(
        "unknown_unit",
        msg("the unit {unit} is not registered; registered units: {allowed}"),
        unit=unit,
        allowed=registered,
    )
