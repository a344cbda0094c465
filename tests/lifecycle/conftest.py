"""A world for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.given import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty ledger."""
    empty_world = World(tmp_path)
    yield empty_world
    empty_world.ledger.close()
