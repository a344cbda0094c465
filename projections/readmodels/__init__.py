"""The read tables: what any SQL client may read, filled from history in batches, never trusted over it (spec 4)."""

from __future__ import annotations

from projections.readmodels.projector import TableUpdate, catch_up, rebuild, tables_position
from projections.readmodels.score_reading import scores
from projections.readmodels.table_digests import digests

__all__ = ["TableUpdate", "catch_up", "digests", "rebuild", "scores", "tables_position"]
