"""The `eventsourcing` library's own recorder cases pass on our recorders as configured."""

from __future__ import annotations

import tempfile
import threading
import uuid
from functools import partial
from pathlib import Path
from typing import Any
from unittest import SkipTest

from eventsourcing.tests.persistence import ApplicationRecorderTestCase

from lifecycle.ledger.recorders import open_recorder
from tests.library_events import insert_events
from tests.postgres import running_server


def fillable_recorder(url: str) -> Any:
    """Return a recorder with `insert_events`, which the cases need and ours rejects."""
    recorder: Any = open_recorder(url, create=True)
    recorder.insert_events = partial(insert_events, recorder)
    return recorder


class _TextIds:
    """Identities are text, positions start at 1."""

    INITIAL_VERSION = 1

    def new_originator_id(self) -> str:
        return f"project/{uuid.uuid4()}"

    @staticmethod
    def join_readers() -> None:
        """Join the reading threads, which may outlive a case, before their recorder closes."""
        for thread in threading.enumerate():
            if "read_continuously" in thread.name:
                thread.join()


class TestSqliteRecorder(_TextIds, ApplicationRecorderTestCase[Any]):
    """Against a file."""

    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.recorder: Any = None

    def create_recorder(self) -> Any:
        if self.recorder is not None:
            self.recorder.close()
        url = f"sqlite:///{Path(self.folder.name) / 'l.db'}"
        self.recorder = fillable_recorder(url)
        return self.recorder

    def tearDown(self) -> None:
        self.join_readers()
        if self.recorder is not None:
            self.recorder.close()
        self.folder.cleanup()

    def test_performance(self) -> None:
        raise SkipTest("a stopwatch is no test")

    def test_concurrent_throughput(self) -> None:
        raise SkipTest("a stopwatch is no test")


class TestPostgresRecorder(_TextIds, ApplicationRecorderTestCase[Any]):
    """Against a server."""

    def setUp(self) -> None:
        self.name = f"t{uuid.uuid4().hex}"
        self.url = running_server().create(self.name)
        self.recorder: Any = None

    def create_recorder(self) -> Any:
        if self.recorder is not None:
            self.recorder.close()
        self.recorder = fillable_recorder(self.url)
        return self.recorder

    def tearDown(self) -> None:
        self.join_readers()
        if self.recorder is not None:
            self.recorder.close()
        running_server().drop(self.name)

    def close_db_connection(self, *_: Any) -> None:
        """Do nothing: the pool returns its connections by itself."""

    def test_performance(self) -> None:
        raise SkipTest("a stopwatch is no test")

    def test_concurrent_throughput(self) -> None:
        raise SkipTest("a stopwatch is no test")


del ApplicationRecorderTestCase  # otherwise pytest would collect the base classes
