"""A stock `eventsourcing` application follows our store."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from eventsourcing.projection import ProjectionRunner

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import StoreError
from tests.given import REPORTED, of, reported
from tests.interop.followers import (
    Consultations,
    EventCounts,
    LedgerApplication,
    LedgerEvent,
    environment,
    view_class,
)
from tests.ledgers import CLERK, fill

HELD = of("ConsultationHeld", "2024-02-01", outcome="passed")


@pytest.fixture
def ledger(store_url: str) -> Any:
    """A store with a few events."""
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, [*REPORTED, HELD, reported("Q")], keep=False)
        yield ledger


def test_a_notification_log_gives_every_event_at_its_position(
    ledger: Ledger, store_url: str
) -> None:
    application = LedgerApplication(environment(store_url, "log"))
    last = ledger.head().position
    section = application.notification_log["1,10"]
    assert [notification.id for notification in section.items] == list(range(1, last + 1))
    positions = [
        notification.id for notification in application.notification_log.select(start=3, limit=2)
    ]
    assert positions == [3, 4]
    assert application.recorder.max_notification_id() == last
    application.close()


def test_a_repository_folds_a_stream_by_the_user_s_own_function(
    ledger: Ledger, store_url: str
) -> None:
    def kinds(_initial: object, events: Any) -> Any:
        return [type(event.recorded.event).__name__ for event in events]

    application = LedgerApplication(environment(store_url, "fold"))
    names: Any = application.repository.get("project/P", projector_func=kinds)
    assert names == ["InformationReported", "ConsultationHeld"]
    assert names == [
        type(recorded.event).__name__ for recorded in ledger.history(read_record(HELD).stream)
    ]
    application.close()


def test_a_projection_catches_up_follows_and_resumes(ledger: Ledger, store_url: str) -> None:
    def runner() -> Any:
        return ProjectionRunner(
            application_class=LedgerApplication,
            projection_class=EventCounts,
            view_class=view_class(store_url),
            env=environment(store_url, EventCounts.name),
        )

    with runner() as following:
        following.wait(ledger.head().position, timeout=20)
        assert following.view.counts() == counted(ledger, store_url)
        entry = ledger.record(read_record(reported("R")), CLERK)
        following.wait(entry.position, timeout=20)
        assert following.view.counts() == counted(ledger, store_url)
    ledger.record(read_record(reported("S")), CLERK)
    with runner() as resumed:
        resumed.wait(ledger.head().position, timeout=20)
        assert resumed.view.counts() == counted(ledger, store_url)
        assert resumed.view.max_tracking_id("ledger") == ledger.head().position
    assert verify(ledger).differences == []


def test_a_projection_of_one_topic_sees_that_topic_alone(ledger: Ledger, store_url: str) -> None:
    entry = ledger.record(read_record({**HELD, "project": "Q"}), CLERK)
    with ProjectionRunner[Any, Any](
        application_class=LedgerApplication,
        projection_class=Consultations,
        view_class=view_class(store_url),
        env=environment(store_url, Consultations.name),
    ) as following:
        following.wait(entry.position, timeout=20)
        assert following.view.counts() == {"ConsultationHeld": 2}


def counted(ledger: Ledger, url: str) -> dict[str, int]:
    """Return how often each kind was recorded, from the application's own log."""
    application = LedgerApplication(environment(url, "counted"))
    events: list[LedgerEvent] = [
        application.mapper.to_domain_event(notification)  # type: ignore[misc]
        for notification in application.notification_log.select(start=1, limit=10)
    ]
    application.close()
    assert len(events) == ledger.head().position
    return dict(Counter(type(event.recorded.event).__name__ for event in events))


def test_a_recorder_of_ours_takes_no_event_past_the_ledger(ledger: Ledger) -> None:
    recorder: Any = ledger.recorder
    before = ledger.head()
    with pytest.raises(StoreError, match="through the ledger"):
        recorder.insert_events([])
    assert ledger.head() == before
