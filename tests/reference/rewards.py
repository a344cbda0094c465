"""Rewards and their stages under any rulebook, from the spec alone (spec 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from .effective import Record
from .kinds import half_up
from .projects import (
    UNIT_FILTERS,
    Table,
    YearFacts,
    credited,
    exact,
    meets,
    of_project,
    reached,
    takes_project,
    takes_unit,
    total,
    year_facts_of,
)
from .recognition import Project, months_after


def reward_rows(
    book: Table,
    records: Sequence[Record],
    year: int,
    day: date,
) -> list[dict[str, Any]]:
    """The rows of `incentives` that rewards add, by project in order of first record.

    Who earns how much is judged within the year; what fell due, as of the day.
    """
    year_end = min(day, date(year, 12, 31))
    # Rewards are of the year, also where a quarter is assessed.
    in_year = replace(year_facts_of(book, records, year, year_end, None), first=date(year, 1, 1))
    by_day = year_facts_of(book, records, day.year, day, None)
    rows: list[dict[str, Any]] = []
    for code, project in in_year.facts.projects.items():
        later = by_day.facts.projects[code]
        earned = [
            reward
            for reward in book.get("rewards", [])
            if first_due_year(by_day, reward, later) == year
            and fits(in_year, reward, project)
            and whole_amount(in_year, reward, project)
        ]
        replaced = {name for reward in earned for name in reward.get("instead_of", [])}
        for reward in earned:
            if reward["id"] not in replaced:
                rows += stage_rows(in_year, by_day, reward, project)
    return rows


def first_due_year(by_day: YearFacts, reward: Table, project: Project) -> int | None:
    """The year in which the first stage falls due; None while its node is not reached."""
    due_on = due_day(by_day, reward["stages"][0], project)
    return None if due_on is None else due_on.year


def due_day(by_day: YearFacts, stage: Table, project: Project) -> date | None:
    """The day a stage falls due."""
    event = reached(by_day, project, stage["at"])
    if event is None:
        return None
    return months_after(event.occurred_on, int(stage.get("months", 0)))


def fits(in_year: YearFacts, reward: Table, project: Project) -> bool:
    """Whether a project is all that the reward asks for."""
    where = reward.get("where", {})
    if not takes_project(in_year, where, project):
        return False
    if not meets(in_year, reward.get("needs", []), project):
        return False
    holder = credited(in_year, project, {})
    if holder is None:
        return not set(where) & set(UNIT_FILTERS)
    return takes_unit(where, in_year.units[holder])


def whole_amount(in_year: YearFacts, reward: Table, project: Project) -> Fraction:
    """The reward before it is divided into stages."""
    if "measure" not in reward:
        return exact(reward["amount"])
    # The stages of a reward are not the nodes that a measure counts.
    counted = {"measure": reward["measure"]}
    measured = total(entry.amount for entry in of_project(in_year, counted, project))
    amount = measured * exact(reward["amount"]) / exact(reward["per"])
    bound = exact(reward["at_most"]) if "at_most" in reward else amount
    return min(amount, bound)


def stage_rows(
    in_year: YearFacts,
    by_day: YearFacts,
    reward: Table,
    project: Project,
) -> list[dict[str, Any]]:
    """A row for each stage of a reward that a project has earned."""
    later = by_day.facts.projects[project.code]
    terminations = [event.occurred_on for event in later.all("ProjectTerminated")]
    rows: list[dict[str, Any]] = []
    for number, stage in enumerate(reward["stages"], start=1):
        due_on = due_day(by_day, stage, later)
        if terminations and (due_on is None or due_on > terminations[-1]):
            status = "lapsed"
        elif due_on is None:
            status = "awaiting"
        else:
            status = "upcoming" if due_on > by_day.facts.day else "due"
        row = row_of(in_year, reward, project)
        row |= {"stage": number, "status": status}
        share_of_amount = whole_amount(in_year, reward, project) * exact(stage["share"])
        # 万元 to six places: a cent.
        row["amount"] = half_up(share_of_amount, 6)
        row["due_on"] = None if due_on is None else f"{due_on}"
        rows.append(row)
    return rows


def row_of(in_year: YearFacts, reward: Table, project: Project) -> dict[str, Any]:
    """Whose reward it is; an investor is no unit."""
    fields = project.information.fields
    if reward["to"] == "investor":
        unit, name = None, fields["investor"]
    else:
        unit = credited(in_year, project, {"to": reward["to"]})
        name = project.all_units.shown(unit)
    return {
        "project": project.code,
        "unit": unit,
        "name": name,
        "lead_person": fields.get("lead_person"),
        "incentive": reward["id"],
        "clause": reward["clause"],
    }
