"""The rules on what changes about a project and on how it goes on (spec 7)."""

from __future__ import annotations

from lifecycle.deciding.claims import identity_under
from lifecycle.deciding.decision_state import (
    PauseChange,
    PauseEvent,
    figure_of,
    parcel_of,
    pause_change,
)
from lifecycle.deciding.proposal import Proposal
from lifecycle.events.project_course_events import (
    InvestorChanged,
    MilestoneReached,
    ProjectFigureReported,
)
from lifecycle.events.project_events import AgreementAmended, LandAcquired, ProjectFiled
from lifecycle.rejections import EventName, Problem, msg


def changed_identity_is_free(proposal: Proposal[InvestorChanged]) -> Problem | None:
    """A project does not become another's by a change of its investor (考(二), spec 7)."""
    event = proposal.event
    information = proposal.state.information
    # The reason given excuses the identity that this event claims, and stays in the record.
    if event.distinct_because is not None or information is None:
        return None
    claimed_identity = identity_under(event, information.name)
    holder = proposal.context.holder("identity", claimed_identity, proposal.stream.id)
    if holder is None:
        return None
    return Problem(
        "identity_claimed",
        msg(
            "under this investor the project would be {code} “{name}”, reported by {unit} at "
            "{reported}; the first record counts (考(二)). If it is a different project, give the "
            "reason in distinct_because"
        ),
        {
            "code": holder.code,
            "name": holder.information.name,
            "unit": holder.information.reporting_unit,
            "reported": holder.information.reported_at,
        },
        "investor",
    )


def signing_comes_first(proposal: Proposal[AgreementAmended]) -> Problem | None:
    """An amendment changes a contract that is signed, by record and by day (spec 7)."""
    signed_on = proposal.state.signed_on
    if signed_on is None:
        return Problem(
            "no_signing",
            msg(
                "{project} has no AgreementSigned (正式签约) yet; an agreement is amended "
                "only after it is signed"
            ),
            {"project": proposal.stream.name},
        )
    if proposal.event.on >= signed_on:
        return None
    return Problem(
        "before_signing",
        msg(
            "{project} was signed on {signed_on}; an amendment is of that day or later, "
            "not of {day}. If the contract was recorded wrongly, correct AgreementSigned"
        ),
        {"project": proposal.stream.name, "signed_on": signed_on, "day": proposal.event.on},
        "occurred_on",
    )


def parcel_is_new(proposal: Proposal[LandAcquired]) -> Problem | None:
    """A project acquires each parcel once; the one without a name is a parcel too (spec 7)."""
    # Spec 7: what only folds to a name that is held is rejected naming the one that is held.
    held_parcel = proposal.state.parcels.get(parcel_of(proposal.event))
    if held_parcel is None:
        return None
    template = msg(
        "{project} already has an effective {event} of the parcel “{parcel}”; name another "
        "parcel, or correct that event instead"
    )
    if not held_parcel:
        template = msg(
            "{project} already has an effective {event} without a name of its parcel: if this is "
            "another parcel, give it a name in parcel; if it is the same, correct that event"
        )
    return Problem(
        "second",
        template,
        {
            "project": proposal.stream.name,
            "event": EventName(LandAcquired.__name__),
            "parcel": held_parcel,
        },
        "parcel",
    )


def filing_is_new(proposal: Proposal[ProjectFiled]) -> Problem | None:
    """A project is filed once under each national project code (spec 7)."""
    code = proposal.event.project_code
    if code not in proposal.state.filing_codes:
        return None
    return Problem(
        "second",
        msg("{project} is already filed under {filing}; another filing has another code"),
        {"project": proposal.stream.name, "filing": code},
        "project_code",
    )


def milestone_is_new(proposal: Proposal[MilestoneReached]) -> Problem | None:
    """A project reaches each milestone of construction once (spec 7)."""
    milestone = proposal.event.milestone
    if milestone not in proposal.state.milestones:
        return None
    return Problem(
        "second",
        msg(
            "{project} already has an effective {event} of {milestone}; correct that event instead"
        ),
        {
            "project": proposal.stream.name,
            "event": EventName(MilestoneReached.__name__),
            "milestone": milestone,
        },
        "milestone",
    )


def project_figure_is_new(proposal: Proposal[ProjectFigureReported]) -> Problem | None:
    """A figure of a period is reported once: two would add up, or hide one another."""
    event = proposal.event
    if figure_of(event) not in proposal.state.figures:
        return None
    return Problem(
        "second_figure",
        msg(
            "the {figure} of {project} for {period} is recorded already; correct that event instead"
        ),
        {"figure": event.figure, "project": proposal.stream.name, "period": event.period},
        "period",
    )


def pauses_alternate(proposal: Proposal[PauseEvent]) -> Problem | None:
    """By their days pauses and resumptions take turns, beginning with a pause (spec 7)."""
    change = pause_change(proposal.event, proposal.version)
    before: PauseChange | None = None
    after: PauseChange | None = None
    for other in proposal.state.pauses:
        if other < change:
            before = other
        elif after is None:
            after = other
    was_paused = before is not None and before.pauses
    if change.pauses and before is not None and was_paused:
        template = msg(
            "{project} has been paused since {since}; it is paused again only after it is resumed"
        )
        return _pause_problem(proposal, template, since=before.on)
    if not change.pauses and not was_paused:
        template = msg("{project} is not paused on {day}; only a paused project is resumed")
        return _pause_problem(proposal, template, day=change.on)
    if after is None or after.pauses != change.pauses:
        return None
    template = msg(
        "pauses (暂缓) and resumptions (重启) of {project} take turns: between {day} and the next "
        "of its kind, of {next}, the other is missing"
    )
    return _pause_problem(proposal, template, day=change.on, next=after.on)


def _pause_problem(
    proposal: Proposal[PauseEvent],
    template: str,
    **values: object,
) -> Problem:
    return Problem(
        "pause_order", template, {"project": proposal.stream.name, **values}, "occurred_on"
    )
