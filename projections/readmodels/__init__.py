"""The read tables: what any SQL client may read, filled from history in batches, never trusted over it (spec 4)."""

from __future__ import annotations

from projections.readmodels.projector import Progress, catch_up, position_of, rebuild
from projections.readmodels.score_reading import scores
from projections.readmodels.table_digests import digests

__all__ = ["Progress", "catch_up", "digests", "position_of", "rebuild", "scores"]
