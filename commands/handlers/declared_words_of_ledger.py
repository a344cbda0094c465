"""The words that a ledger's adopted rulebooks declare, read for whoever types or reads them."""

from __future__ import annotations

from lifecycle.deciding.corrections import corrected_history
from lifecycle.events import COUNTY, RecordedEvent
from lifecycle.events.codec import recorded_or_unreadable, topic
from lifecycle.events.correction_event import FactCorrected
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.declared_words import DeclaredWord, words_declared_in

_READ_TOPICS = frozenset({topic(RulebookAdopted), topic(FactCorrected)})


def declared_words_of(ledger: Ledger) -> tuple[DeclaredWord, ...]:
    """Return the words of the effective adoptions, in their order."""
    history: list[RecordedEvent] = []
    with ledger.rows_of_streams([COUNTY.id]) as rows:
        # The county's stream holds every publication with all its figures: they stay unread.
        for position, stream_id, version, stored_topic, state in rows:
            if stored_topic in _READ_TOPICS:
                row = position, stream_id, version, stored_topic, state
                history.append(recorded_or_unreadable(*row))
    words: list[DeclaredWord] = []
    for recorded in corrected_history(history).facts:
        if isinstance(recorded.event, RulebookAdopted):
            words.extend(words_declared_in(recorded.event.content))
    # A rulebook adopted again, or another year's, declares the same words again.
    return tuple(dict.fromkeys(words))
