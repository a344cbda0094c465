"""The rules on corrections of record times: what results nowhere falls nor exceeds now (spec 4)."""

from __future__ import annotations

from lifecycle.deciding.proposal import Proposal
from lifecycle.events.county_events import RecordTimeCorrected
from lifecycle.rejections import Problem, msg


def positions_are_recorded(proposal: Proposal[RecordTimeCorrected]) -> Problem | None:
    """The positions are those of recorded events, first before last."""
    event = proposal.event
    last_position = proposal.context.last_position
    if event.last > last_position:
        return Problem(
            "record_time_positions",
            msg("there is no event at position {position}; the last is {allowed}"),
            {"position": event.last, "allowed": last_position},
            "last",
        )
    if event.first > event.last:
        return Problem(
            "record_time_positions",
            msg("{first} lies after the last position to correct; allowed: up to {allowed}"),
            {"first": event.first, "allowed": event.last},
            "first",
        )
    return None


def corrected_times_are_past(proposal: Proposal[RecordTimeCorrected]) -> Problem | None:
    """Nothing was recorded later than now, corrected or not."""
    event, context = proposal.event, proposal.context
    if event.recorded_at > context.now:
        return Problem(
            "record_time_future",
            msg("{moment} lies after the clock; the latest allowed is {allowed}"),
            {"moment": event.recorded_at, "allowed": context.now},
            "recorded_at",
        )
    if event.last == context.last_position:
        return None
    # Times never fall, so the last event tells whether any that is left exceeds now.
    latest = context.record_time(context.last_position)
    if latest <= context.now:
        return None
    return Problem(
        "record_time_future",
        msg(
            "the events after position {last} would still count as recorded after now, at "
            "{latest}; allowed: the last position stamped by the wrong clock, {allowed}"
        ),
        {"last": event.last, "latest": latest, "allowed": context.last_position},
        "last",
    )


def corrected_times_never_fall(proposal: Proposal[RecordTimeCorrected]) -> Problem | None:
    """The corrected time fits between the times before and after it."""
    event, context = proposal.event, proposal.context
    if event.first > 1:
        before = context.record_time(event.first - 1)
        if event.recorded_at < before:
            return Problem(
                "record_time_order",
                msg(
                    "{moment} is earlier than the time of the event before, at position "
                    "{position}; the earliest allowed is {allowed}"
                ),
                {"moment": event.recorded_at, "position": event.first - 1, "allowed": before},
                "recorded_at",
            )
    if event.last == context.last_position:
        return None
    after = context.record_time(event.last + 1)
    if event.recorded_at <= after:
        return None
    return Problem(
        "record_time_order",
        msg(
            "{moment} is later than the time of the event after, at position {position}; the "
            "latest allowed is {allowed}"
        ),
        {"moment": event.recorded_at, "position": event.last + 1, "allowed": after},
        "recorded_at",
    )
