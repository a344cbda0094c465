"""The rules on a project's own events (spec 1, "refused when recording")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from lifecycle.deciding.claims import identity
from lifecycle.deciding.decision_context import ClaimHolder
from lifecycle.deciding.decision_state import MonthlyFigure, figure_of
from lifecycle.deciding.proposal import Proposal
from lifecycle.events import Event, FactCorrected, RecordedEvent, StreamKind
from lifecycle.events.project_events import (
    ConsultationHeld,
    InformationReported,
    InvestmentReported,
    PerformanceAssessed,
    ProjectFiled,
    ProjectTerminated,
    RecognitionDenied,
    ReviewHeld,
    ScheduleSet,
    StatisticsEntered,
    ViolationCleared,
    ViolationFound,
)
from lifecycle.events.sheet_events import ExposurePublished, TaskCleared
from lifecycle.rejections import EventName, Problem, msg

AFTER_TERMINATION: Final[tuple[type[Event], ...]] = (
    ViolationFound,
    ViolationCleared,
    RecognitionDenied,
    PerformanceAssessed,
    ReviewHeld,
    TaskCleared,
    ExposurePublished,
)
"""What may occur after the termination of a project. Corrections are decided elsewhere."""


def information_comes_first(proposal: Proposal[Event]) -> Problem | None:
    """A project exists once it is reported (考(二))."""
    if proposal.state.information is not None:
        return None
    project = proposal.stream.name
    new_code = proposal.context.moved_to(proposal.stream)
    if new_code is not None:
        template = msg("the project {project} was moved to {new_code}: give that code")
        values: dict[str, object] = {"project": project, "new_code": new_code}
        return Problem("no_information", template, values, "project")
    return Problem(
        "no_information",
        msg(
            "the project {project} has no InformationReported (项目信息) yet; "
            "that event comes first"
        ),
        {"project": project},
        "project",
    )


def code_is_free(proposal: Proposal[InformationReported]) -> Problem | None:
    """A project code belongs to the project that was reported under it."""
    information = proposal.state.information
    if information is None:
        return alike_problem(proposal, "code_taken", "project")
    return Problem(
        "code_taken",
        msg(
            "the code {project} belongs to “{name}”, reported by {unit} at {reported}; "
            "choose another code"
        ),
        {
            "project": proposal.stream.name,
            "name": information.name,
            "unit": information.reporting_unit,
            "reported": information.reported_at,
        },
        "project",
    )


def alike_problem(
    proposal: Proposal[Event],
    rule: str,
    kind: StreamKind,
) -> Problem | None:
    """Return a problem if another stream holds a name that differs in look only (spec 7)."""
    held = proposal.context.alike(kind, proposal.stream.name)
    if held is None:
        return None
    template = msg(
        "{name} cannot be told from {held}, which exists: write {held} if you mean it, "
        "or choose a name that differs in more than case, width, dashes or invisible characters"
    )
    return Problem(rule, template, {"name": proposal.stream.name, "held": held}, kind)


def identity_is_free(proposal: Proposal[InformationReported]) -> Problem | None:
    """Of two reports of one project the first that is recorded counts (考(二))."""
    event = proposal.event
    # The reason given stays in the record, where an auditor finds it.
    if event.distinct_because is not None:
        return None
    claimed_identity = identity(event)
    holder = proposal.context.holder("identity", claimed_identity, proposal.stream.id)
    return None if holder is None else _identity_claimed(event, holder)


def _identity_claimed(event: InformationReported, holder: ClaimHolder) -> Problem:
    first = holder.information
    values: dict[str, object] = {
        "code": holder.code,
        "name": first.name,
        "unit": first.reporting_unit,
        "reported": first.reported_at,
    }
    if event.reported_at < first.reported_at:
        # The ledger cannot know who called first: people decide, and record what they decided.
        template = msg(
            "this investor's project is already registered as {code} “{name}”, reported by "
            "{unit} at {reported}; the first record counts (考(二)). This report claims an "
            "earlier time, {claimed}: the leading group decides, and a correction of "
            "reporting_unit records the decision. If it is a different project, give the "
            "reason in distinct_because"
        )
        values["claimed"] = event.reported_at
    else:
        template = msg(
            "this investor's project is already registered as {code} “{name}”, reported by "
            "{unit} at {reported}; the first record counts (考(二)). If it is a different "
            "project, give the reason in distinct_because"
        )
    return Problem("identity_claimed", template, values, "name")


def occurs_once(proposal: Proposal[Event]) -> Problem | None:
    """Of some kinds of event a project has one; a second would be a correction."""
    kind = type(proposal.event)
    if kind not in proposal.state.kinds:
        return None
    return Problem(
        "second",
        msg("{project} already has an effective {event}; correct that event instead"),
        {"project": proposal.stream.name, "event": EventName(kind.__name__)},
    )


def consultation_is_open(proposal: Proposal[ConsultationHeld]) -> Problem | None:
    """Consultations end with the one that passes; rejected and deferred ones may be repeated."""
    if not proposal.state.consultation_passed:
        return None
    return Problem(
        "already_passed",
        msg(
            "{project} has already passed its consultation (决策咨询); no further "
            "consultation is recorded"
        ),
        {"project": proposal.stream.name},
    )


def new_schedule_gives_reason(proposal: Proposal[ScheduleSet]) -> Problem | None:
    """A schedule may be replaced, but not silently (考(八)2)."""
    if not proposal.state.has_schedule or proposal.event.reason:
        return None
    template = msg("a plan that replaces another must give a reason")
    return Problem("reason", template, {}, "reason")


def figure_is_new(proposal: Proposal[MonthlyFigure]) -> Problem | None:
    """A month has one figure of each kind, and a unit stands on each board once."""
    # Figures of a month add up, so that one recorded twice would count twice.
    kind, month = figure = figure_of(proposal.event)
    if figure not in proposal.state.figures:
        return None
    return Problem(
        "second_figure",
        msg("{stream} already has an entry {kind} for {month}; correct that event instead"),
        {"stream": proposal.stream.name, "kind": EventName(kind), "month": month},
        "month",
    )


def statistics_come_first(proposal: Proposal[InvestmentReported]) -> Problem | None:
    """Investment counts from the entry into statistics (考(五)1)."""
    if StatisticsEntered in proposal.state.kinds:
        return None
    return Problem(
        "no_statistics",
        msg(
            "{project} has no StatisticsEntered (统计入库) yet; investment is reported "
            "only after that"
        ),
        {"project": proposal.stream.name},
    )


def project_is_not_terminated(proposal: Proposal[Event]) -> Problem | None:
    """After the day of its termination little more occurs to a project."""
    terminated_on = proposal.state.terminated_on
    # What occurred by that day may be recorded at any time: late entry is normal (spec 4).
    if terminated_on is None or proposal.event.on <= terminated_on:
        return None
    return Problem(
        "terminated",
        msg("{project} was terminated on {day}; after that day only {allowed} can be recorded"),
        {
            "project": proposal.stream.name,
            "day": terminated_on,
            "allowed": _names([*AFTER_TERMINATION, FactCorrected]),
        },
        "occurred_on",
    )


def nothing_follows_termination(proposal: Proposal[ProjectTerminated]) -> Problem | None:
    """A project is not terminated before the day of a fact that only a live project has."""
    terminated_on = proposal.event.on
    # A fact recorded after the termination meets `project_is_not_terminated` itself.
    facts = proposal.context.effective_history(proposal.stream)
    facts = [fact for fact in facts if fact.version < proposal.version]
    later_facts = [fact for fact in facts if needs_live_project(fact.event)]
    later_facts = [fact for fact in later_facts if fact.event.on > terminated_on]
    if not later_facts:
        return None
    first = min(later_facts, key=_day_and_version)
    return Problem(
        "facts_after_termination",
        msg(
            "{project} cannot be terminated on {day}: {event} {ref} of {fact_day} is later; "
            "correct that event, or give the termination a later day"
        ),
        {
            "project": proposal.stream.name,
            "day": terminated_on,
            "event": EventName(type(first.event).__name__),
            "ref": first.ref,
            "fact_day": first.event.on,
        },
        "occurred_on",
    )


def needs_live_project(event: Event) -> bool:
    """Return whether an event may not occur after the termination of its project."""
    is_of_project = type(event).streams == ("project",)
    return is_of_project and not isinstance(event, (*AFTER_TERMINATION, ProjectTerminated))


def _day_and_version(fact: RecordedEvent) -> tuple[date, int]:
    return fact.event.on, fact.version


def _names(kinds: Sequence[type[Event]]) -> list[str]:
    return [kind.__name__ for kind in kinds]


def filing_code_is_free(proposal: Proposal[ProjectFiled]) -> Problem | None:
    """A national project code belongs to one project."""
    code = proposal.event.project_code
    holder = proposal.context.holder("filing", code, proposal.stream.id)
    if holder is None:
        return None
    return Problem(
        "filing_code_taken",
        msg("the project code {filing} belongs to {code} “{name}”"),
        {"filing": code, "code": holder.code, "name": holder.information.name},
        "project_code",
    )
