"""The points that each kind of rule gives (spec 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .assessed_periods import period_of
from .limit_days import LIMIT_MEASURES
from .policies import (
    scoring_entries,
    silence,
    sum_of_entries,
    value,
    value_of_periods,
)
from .projects import (
    ONE,
    ZERO,
    CountedEntry,
    Table,
    YearFacts,
    ends_of,
    exact,
    inside,
    investment,
    takes_project,
    takes_unit,
    total,
)
from .recognition import scale
from .units import Unit

BASES = ("policy", "interpretation", "assumption")


@dataclass
class Points:
    """Points of a unit by a rule. `basis` is None where they take back what others gave."""

    unit: str
    module: str
    rule: str
    points: Fraction
    basis: str | None
    project: str | None = None
    taken_by: str = ""


def sum_points(rows: Iterable[Points]) -> Fraction:
    """The points of rows together."""
    return total(row.points for row in rows)


def half_up(
    number: Fraction,
    places: int,
) -> Fraction:
    """四舍五入: half away from zero."""
    scaled = abs(number) * 10**places
    whole = int(scaled)
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    if number < 0:
        whole = -whole
    return Fraction(whole, 10**places)


def rounded(
    rule: Table,
    number: Fraction,
) -> Fraction:
    """A number by the rule's own rounding."""
    if "places" not in rule:
        return number
    return half_up(number, int(rule["places"]))


def clamp(
    number: Fraction,
    limits: Table,
) -> Fraction:
    """A number within floor and cap."""
    if "floor" in limits:
        number = max(number, exact(limits["floor"]))
    if "cap" in limits:
        number = min(number, exact(limits["cap"]))
    return number


def weaker(
    first: str,
    second: str,
) -> str:
    """The weaker of two bases."""
    return max(first, second, key=BASES.index)


def points_at(
    bands: Sequence[Table],
    name: str,
    number: Fraction,
) -> Fraction:
    """The points of the band that holds a number; outside the bands none."""
    for band in bands:
        if inside(band[name], number):
            return exact(band["points"])
    return ZERO


def combined(
    rows: Sequence[Table],
    combine: str,
    takes: Callable[[Table], bool],
) -> Fraction:
    """The highest factor of the rows that fit, or their product; else 1."""
    factors = [exact(row["factor"]) for row in rows if any(map(takes, row["where"]))]
    if combine == "highest":
        return max(factors, default=ONE)
    product = ONE
    for factor in factors:
        product *= factor
    return product


# Points of entries --------------------------------------------------------------------------------


def coefficient(
    year_facts: YearFacts,
    rule: Table,
    entry: CountedEntry,
) -> tuple[Fraction, str]:
    """A project's factor by the rule's table, and what it rests on."""
    project = entry.project
    if "coefficient" not in rule or project is None:
        return ONE, "policy"
    tables = {table["id"]: table for table in year_facts.book["coefficients"]}
    table = tables[rule["coefficient"]]

    def takes(where: Table) -> bool:
        return takes_project(year_facts, where, project)

    return combined(table["rows"], table["combine"], takes), table["basis"]


def points_of_one(
    rule: Table,
    entry: CountedEntry,
) -> Fraction:
    """The points for one; by the band of a project's size where there are bands."""
    if "points_by" in rule:
        return exact(rule["points_by"].get(entry.label, 0))
    if "bands" not in rule:
        return exact(rule["points"])
    assert entry.project is not None
    if "scale" in rule["bands"][0]:
        return points_at(rule["bands"], "scale", scale(entry.project))
    return points_at(rule["bands"], "investment", investment(entry.project))


def _per_item(
    rule: Table,
    entries: Sequence[CountedEntry],
    place: int,
) -> Fraction:
    return points_of_one(rule, entries[place]) * entries[place].amount


def _per_amount(
    rule: Table,
    entries: Sequence[CountedEntry],
    place: int,
) -> Fraction:
    steps = entries[place].amount / exact(rule["per"])
    if rule.get("whole_steps"):
        steps = Fraction(int(steps))  # toward 0
    return steps * exact(rule["points"])


def _escalating(
    rule: Table,
    entries: Sequence[CountedEntry],
    place: int,
) -> Fraction:
    amount = entries[place].amount
    if rule["applies_to"] == "all":
        return points_at(rule["bands"], "count", sum_of_entries(entries)) * amount
    at = sum_of_entries(entries[:place])
    ends = at + amount
    points = ZERO
    # Place by place: the first occurrence reaches from 0 to 1, the second from 1 to 2.
    while at < ends:
        number = Fraction(at.__floor__() + 1)
        step = min(ends, number) - at
        points += points_at(rule["bands"], "count", number) * step
        at += step
    return points


# The points of the entry at a place, before any factor.
ITEM_KINDS: Mapping[str, Callable[[Table, Sequence[CountedEntry], int], Fraction]] = {
    "per_item": _per_item,
    "per_amount": _per_amount,
    "credit": _per_item,
    "deduct": _per_item,
    "escalating": _escalating,
}


def item_points(
    year_facts: YearFacts,
    rule: Table,
    unit: str,
) -> list[Points]:
    """Points of each entry, within the rule's limits."""
    if not takes_unit(rule.get("where", {}), year_facts.units[unit]):
        return []
    unsaid = silence(year_facts, rule, unit, rule)
    if unsaid is not None:
        return points_for_silence(rule, unit, unsaid)
    entries = scoring_entries(year_facts, rule, unit, rule)
    if rule.get("whole_steps") and rule.get("each") != "project" and entries:
        entries = [CountedEntry(sum_of_entries(entries), "")]
    of_projects: dict[str, Fraction] = {}
    rows: list[Points] = []
    sum_so_far = exact(rule.get("start", 0))
    if "start" in rule:
        rows.append(Points(unit, rule["module"], rule["id"], sum_so_far, rule["basis"]))
    used: dict[str | None, Fraction] = {}
    for place, entry in enumerate(entries):
        factor, basis = coefficient(year_facts, rule, entry)
        points = ITEM_KINDS[rule["kind"]](rule, entries, place) * factor
        points = rounded(rule, points)
        if "at_most_per_project" in rule and entry.project is not None:
            points = points_left(rule, of_projects, entry.project.code, points)
        # Without a `time_limit` a measure of due days has its id in `limit`.
        names_time_limit = rule.get("measure") in LIMIT_MEASURES and "time_limit" not in rule
        if "limit" in rule and not names_time_limit:
            period = None
            if rule.get("limit_per", "year") != "year":
                period = period_of(entry.when, rule["limit_per"])
            points = min(points, exact(rule["limit"]) - used.get(period, ZERO))
            used[period] = used.get(period, ZERO) + points
        if rule["kind"] == "deduct" and "floor" in rule:
            points = max(sum_so_far + points, exact(rule["floor"])) - sum_so_far
        sum_so_far += points
        row = Points(
            unit,
            rule["module"],
            rule["id"],
            points,
            weaker(rule["basis"], basis),
            None if entry.project is None else entry.project.code,
        )
        rows.append(row)
    return rows


def points_left(
    rule: Table,
    of_projects: dict[str, Fraction],
    code: str,
    points: Fraction,
) -> Fraction:
    """As much of the points as a project may still have, or lose, by the rule."""
    most = exact(rule["at_most_per_project"])
    before = of_projects.get(code, ZERO)
    of_projects[code] = min(max(before + points, -most), most)
    return of_projects[code] - before


def points_for_silence(
    rule: Table,
    unit: str,
    unsaid: Any,
) -> list[Points]:
    """None, or exactly the points that stand where a target was never told."""
    if unsaid == "none":
        return []
    return [Points(unit, rule["module"], rule["id"], exact(unsaid), rule["basis"])]


# Points of a value --------------------------------------------------------------------------------


def _ratio(
    year_facts: YearFacts,
    rule: Table,
    unit: str,
) -> Fraction:
    completion = value(year_facts, rule, unit, rule)
    if "whole_steps" in rule:
        step = exact(rule["whole_steps"]) / 100
        completion = int(completion / step) * step
    return clamp(completion * exact(rule["weight"]), rule)


def _bracket(
    year_facts: YearFacts,
    rule: Table,
    unit: str,
) -> Fraction:
    return bracket_of(rule, value(year_facts, rule, unit, rule))


def bracket_of(rule: Table, number: Fraction) -> Fraction:
    """The points of the band that a number lies in."""
    for band in rule["bands"]:
        if inside(band["value"], number):
            points = exact(band["points"]) + exact(band.get("slope", 0)) * number
            return clamp(points, rule)
    return ZERO


def _stepped(
    year_facts: YearFacts,
    rule: Table,
    unit: str,
) -> Fraction:
    return stepped_of(rule, value(year_facts, rule, unit, rule))


def stepped_of(rule: Table, completion: Fraction) -> Fraction:
    """Move from 100 % to the completion; every stretch of the way counts by its segment."""
    percent = completion * 100
    if "whole_steps" in rule:
        step = exact(rule["whole_steps"])
        percent = 100 + int((percent - 100) / step) * step
    low, high = sorted((percent, Fraction(100)))
    edges = {low, high}
    for segment in rule["segments"]:
        edges |= {Fraction(end) for end in ends_of(segment["percent"]) if end}
    marks = sorted(edge for edge in edges if low <= edge <= high)
    moved = ZERO
    for begins, ends in pairwise(marks):
        moved += (ends - begins) * _step_at(rule, (begins + ends) / 2)
    if percent <= 100:
        moved = -moved
    if "least" in rule:
        moved = max(moved, exact(rule["least"]))
    if "most" in rule:
        moved = min(moved, exact(rule["most"]))
    return exact(rule["base"]) + moved


def _step_at(
    rule: Table,
    percent: Fraction,
) -> Fraction:
    for segment in rule["segments"]:
        if inside(segment["percent"], percent):
            return exact(segment["step"])
    return ZERO


def _composite(
    year_facts: YearFacts,
    rule: Table,
    unit: str,
) -> Fraction:
    """Σ share × part ÷ out_of × weight."""
    points = ZERO
    for part in rule["parts"]:
        unsaid = silence(year_facts, part, unit, {})
        if unsaid is not None:
            points += exact(part["share"]) * exact(unsaid)
            continue
        if "result" in part:
            points += exact(part["share"]) * value_of_periods(year_facts, part, unit)
            continue
        number = value(year_facts, part, unit, {})
        entries = scoring_entries(year_facts, part, unit, {})
        if part["take"] == "mean" and entries:
            number /= len(entries)
        points += exact(part["share"]) * number
    return clamp(points / exact(rule["out_of"]) * exact(rule["weight"]), rule)


VALUE_KINDS: Mapping[str, Callable[[YearFacts, Table, str], Fraction]] = {
    "bracket": _bracket,
    "ratio": _ratio,
    "stepped": _stepped,
    "composite": _composite,
}


# Points of a place among others -------------------------------------------------------------------


def _rank(
    rule: Table,
    number: Fraction,
    field: Sequence[Fraction],
) -> Fraction:
    """Points by place; those who tie share the place, or the mean of the places they take."""
    placed = list(field)
    if "above" in rule:
        if number <= exact(rule["above"]):
            return ZERO
        placed = [each for each in field if each > exact(rule["above"])]
    if rule["first"] == "greatest":
        ahead = sum(each > number for each in placed)
    else:
        ahead = sum(each < number for each in placed)
    places_taken = placed.count(number)
    if rule["ties"] == "share":
        places_taken = 1
    points = ZERO
    for place in range(ahead + 1, ahead + 1 + places_taken):
        points += points_at(rule["bands"], "place", Fraction(place))
    return points / places_taken


def _minmax(
    rule: Table,
    number: Fraction,
    field: Sequence[Fraction],
) -> Fraction:
    least = min(field)
    greatest = max(field)
    mark = exact(rule["when_equal"])
    if least != greatest:
        position = (number - least) / (greatest - least)
        mark = position * exact(rule["span"]) + exact(rule["base"])
    return mark / exact(rule["out_of"]) * exact(rule["weight"])


def _relative(
    rule: Table,
    number: Fraction,
    field: Sequence[Fraction],
) -> Fraction:
    greatest = max(field)
    if greatest == 0:
        return exact(rule["when_none"])
    return number / greatest * exact(rule["weight"])


SEQUENCE_KINDS: Mapping[str, Callable[[Table, Fraction, Sequence[Fraction]], Fraction]] = {
    "rank": _rank,
    "minmax": _minmax,
    "relative": _relative,
}


def sequence_points(
    year_facts: YearFacts,
    rule: Table,
    unit: Unit,
) -> Fraction:
    """A unit's points among the units of its sequence that the rule looks at."""
    field = [
        value(year_facts, rule, member.name, rule)
        for member in year_facts.units.values()
        if member.sequence == unit.sequence
        and takes_unit(rule.get("where", {}), member)
        and silence(year_facts, rule, member.name, rule) is None
    ]
    number = value(year_facts, rule, unit.name, rule)
    return SEQUENCE_KINDS[rule["kind"]](rule, number, field)


# The rules, and what changes their points ---------------------------------------------------------

CHANGING_KINDS = ("exclusive", "coefficient", "gate", "outcome")


def rule_points(year_facts: YearFacts) -> list[Points]:
    """The points of every rule that scores by itself."""
    rows: list[Points] = []
    for rule in year_facts.book["rules"]:
        if rule["kind"] in CHANGING_KINDS:
            continue
        for unit in year_facts.units.values():
            rows += points_of_rule(year_facts, rule, unit)
    for rule in rules_of_kind(year_facts, "exclusive"):
        if rule["per"] == "project":
            keep_highest_of_projects(rule, rows)
    return rows


def points_of_rule(
    year_facts: YearFacts,
    rule: Table,
    unit: Unit,
) -> list[Points]:
    """The points that one rule gives a unit."""
    if rule["kind"] in ITEM_KINDS:
        return item_points(year_facts, rule, unit.name)
    if not takes_unit(rule.get("where", {}), unit):
        return []
    for counted in rule.get("parts", [rule]):
        unsaid = silence(year_facts, counted, unit.name, {})
        # Of a composite's part a number is the part's value, and `none` is the whole rule's.
        if unsaid == "none" or (unsaid is not None and "parts" not in rule):
            return points_for_silence(rule, unit.name, unsaid)
    if rule["kind"] in OF_ONE_PROJECT and rule.get("each") == "project":
        return project_points(year_facts, rule, unit.name)
    if rule["kind"] in SEQUENCE_KINDS:
        points = sequence_points(year_facts, rule, unit)
    else:
        points = VALUE_KINDS[rule["kind"]](year_facts, rule, unit.name)
    points = rounded(rule, points)
    return [Points(unit.name, rule["module"], rule["id"], points, rule["basis"])]


OF_ONE_PROJECT: Mapping[str, Callable[[Table, Fraction], Fraction]] = {
    "bracket": bracket_of,
    "stepped": stepped_of,
}


def project_points(
    year_facts: YearFacts,
    rule: Table,
    unit: str,
) -> list[Points]:
    """The points of each project's own value."""
    rows: list[Points] = []
    for entry in scoring_entries(year_facts, rule, unit, rule):
        assert entry.project is not None
        factor, basis = coefficient(year_facts, rule, entry)
        points = rounded(rule, OF_ONE_PROJECT[rule["kind"]](rule, entry.amount) * factor)
        if "at_most_per_project" in rule:
            points = points_left(rule, {}, entry.project.code, points)
        basis = weaker(rule["basis"], basis)
        code = entry.project.code
        rows.append(Points(unit, rule["module"], rule["id"], points, basis, code))
    return rows


def keep_highest_of_projects(
    rule: Table,
    rows: Sequence[Points],
) -> None:
    """Of the rules that exclude each other, only a project's highest keeps its points."""
    for code in {row.project for row in rows if row.project is not None}:
        of_project = [row for row in rows if row.project == code]
        sums = dict.fromkeys(rule["rules"], ZERO)
        for row in of_project:
            if row.rule in sums:
                sums[row.rule] += row.points
        highest = first_highest(sums)
        for row in of_project:
            if row.rule in rule["rules"] and row.rule != highest:
                row.points = ZERO


def first_highest(sums: Mapping[str, Fraction]) -> str:
    """The name with the most points; of several, the one that the rulebook names first."""
    most = max(sums.values())
    return next(name for name, points in sums.items() if points == most)


def rules_of_kind(
    year_facts: YearFacts,
    kind: str,
) -> list[Table]:
    """The rulebook's rules of a kind."""
    return [rule for rule in year_facts.book["rules"] if rule["kind"] == kind]


def rule_by_id(
    year_facts: YearFacts,
    name: str,
) -> Table:
    """A rule by its id."""
    rules: list[Table] = [rule for rule in year_facts.book["rules"] if rule["id"] == name]
    return rules[0]
