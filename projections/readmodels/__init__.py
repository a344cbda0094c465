"""The read tables: what any SQL client may read, filled from history in batches, never trusted over it (spec 4)."""

from __future__ import annotations

from projections.readmodels.digests import digests
from projections.readmodels.projector import Progress, catch_up, position_of, rebuild
from projections.readmodels.reading import scores

__all__ = ["Progress", "catch_up", "digests", "position_of", "rebuild", "scores"]
