"""What rules count of a time limit: due days kept or missed, and the days late (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.exact_numbers import MICRO
from projections.scoring.counted_items import CountedItem, LimitFellDue
from projections.scoring.judgement import JudgedProject
from projections.scoring.limit_due_days import DueDay, due_days


def limit_items(project: JudgedProject, measure: str, limit_id: str) -> Iterator[CountedItem]:
    """The due days of a limit in what is assessed: kept, missed, or missed by so many days."""
    limit, fits = project.policy.limits_by_id[limit_id]
    # A project that the limit does not hold for has no due days, whatever the rule takes.
    if fits is not None and not fits(project):
        return
    counts_kept = measure == "limits_kept"
    for due_day in due_days(project, limit):
        was_kept = not due_day.days_late
        if was_kept is counts_kept and project.axes.covers(due_day.on):
            number = due_day.days_late if measure == "days_late" else 1
            yield _due_item(limit_id, due_day, number)


def _due_item(limit_id: str, due_day: DueDay, number: int) -> CountedItem:
    versions = {due_day.runs_from.version}
    met_on = None
    if due_day.met_by is not None:
        versions.add(due_day.met_by.version)
        met_on = due_day.met_by.on
    facts = LimitFellDue(limit_id, due_day.on, met_on, due_day.days_late)
    return CountedItem(limit_id, number * MICRO, tuple(sorted(versions)), facts, due_day.on)
