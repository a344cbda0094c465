"""Parts on dask: one that fails is tried elsewhere twice, then its own error is raised."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.handlers.dask_engine import DaskEngine, dask_engine
from lifecycle.rejections import Problem, StoreError
from tests.dask_cluster import dask_cluster

distributed = pytest.importorskip("distributed")
# dask's own threads and sockets are closed when it likes.
pytestmark = pytest.mark.filterwarnings("ignore")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DaskEngine]:
    """Two workers, which know the tests' modules."""
    if sys.platform == "win32":
        pytest.skip("a cluster's processes take minutes to start under Wine")
    problems: list[Problem] = []
    with dask_cluster(tmp_path) as cluster:
        for _ in range(2):
            cluster.start_worker(PYTHONPATH=str(ROOT))
        cluster.wait_for_workers(2)
        with dask_engine(cluster.address, 2, problems.append) as engine:
            yield engine
    assert not problems


def test_a_part_that_fails_is_tried_elsewhere_twice(engine: DaskEngine, tmp_path: Path) -> None:
    from tests.dask_parts import UNREACHABLE, Try, tried

    parts = [Try("sound", 0), Try("once", 1), Try("twice", 2), Try("last", 0)]
    assert list(engine.outcomes(tried, tmp_path, parts)) == [part.name for part in parts]
    once = (tmp_path / "once").read_text(encoding="utf-8").split()
    assert len(once) == len(set(once)) == 2
    twice = (tmp_path / "twice").read_text(encoding="utf-8").split()
    assert (len(twice), len(set(twice))) == (3, 2)

    outcomes = engine.outcomes(tried, tmp_path, [Try("first", 0), Try("always", 9)])
    assert next(outcomes) == "first"
    with pytest.raises(StoreError) as raised:
        next(outcomes)
    assert (raised.value.template, raised.value.values) == (UNREACHABLE, {"place": "always"})
    assert len((tmp_path / "always").read_text(encoding="utf-8").split()) == 3
