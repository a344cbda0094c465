"""The points that each kind of rule gives, and the scores they add up to, under any rulebook (spec 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .effective import Record
from .policies import BASES, Points, holds, made_of, period_of, total, value
from .projects import (
    ONE,
    ZERO,
    Data,
    Thing,
    World,
    exact,
    inside,
    investment,
    takes_project,
    takes_unit,
    world,
)
from .recognition import Unit, scale
from .scoring import ranked

ITEMWISE = ("per_item", "per_amount", "credit", "deduct", "escalating")
SEQUENCE = ("rank", "minmax", "relative")


def half_up(number: Fraction, places: int) -> Fraction:
    """四舍五入."""
    scaled = abs(number) * 10**places
    whole = int(scaled) + (1 if scaled - int(scaled) >= Fraction(1, 2) else 0)
    return Fraction(whole, 10**places) * (1 if number >= 0 else -1)


def rounded(rule: Data, number: Fraction) -> Fraction:
    """By the rule's own rounding."""
    return half_up(number, int(rule["places"])) if "places" in rule else number


def clamp(number: Fraction, limits: Data) -> Fraction:
    """Within floor and cap."""
    if "floor" in limits:
        number = max(number, exact(limits["floor"]))
    return min(number, exact(limits["cap"])) if "cap" in limits else number


# Points of things -----------------------------------------------------------------------------------------------------


def coefficient(world: World, rule: Data, thing: Thing) -> tuple[Fraction, str]:
    """A project's factor by the rule's table, and what it rests on."""
    if "coefficient" not in rule or thing.project is None:
        return ONE, "policy"
    table = next(one for one in world.book["coefficients"] if one["id"] == rule["coefficient"])
    found = [
        exact(row["factor"])
        for row in table["rows"]
        if any(takes_project(world, where, thing.project) for where in row["where"])
    ]
    if table["combine"] == "highest":
        return max(found, default=ONE), table["basis"]
    product = ONE
    for factor in found:
        product *= factor
    return product, table["basis"]


def base_points(rule: Data, thing: Thing) -> Fraction:
    """The points for one; by the band of a project's size where there are bands, outside them none."""
    if "points_by" in rule:
        return exact(rule["points_by"].get(thing.label, 0))
    if "bands" not in rule:
        return exact(rule["points"])
    assert thing.project is not None
    for band in rule["bands"]:
        if ("scale" in band and inside(band["scale"], scale(thing.project))) or (
            "investment" in band and inside(band["investment"], investment(thing.project))
        ):
            return exact(band["points"])
    return ZERO


def by_count(rule: Data, count: Fraction) -> Fraction:
    """Escalating: the points for a count."""
    return next(
        (exact(band["points"]) for band in rule["bands"] if inside(band["count"], count)), ZERO
    )


def thing_points(rule: Data, counted: Sequence[Thing], place: int) -> Fraction:
    """The points of the thing at a place, before any factor."""
    thing = counted[place]
    if rule["kind"] == "per_amount":
        return thing.amount / exact(rule["per"]) * exact(rule["points"])
    if rule["kind"] != "escalating":
        return base_points(rule, thing) * thing.amount
    if rule["applies_to"] == "all":
        return by_count(rule, total(counted)) * thing.amount
    begins = total(counted[:place])
    ends, points, at = begins + thing.amount, ZERO, begins
    while (
        at < ends
    ):  # place by place: the first occurrence reaches from 0 to 1, the second from 1 to 2
        number = at.__floor__() + 1
        step = min(ends, Fraction(number)) - at
        points += by_count(rule, Fraction(number)) * step
        at += step
    return points


def itemwise(world: World, rule: Data, unit: str) -> list[Points]:
    """Points of each thing, within the rule's limits."""
    if not takes_unit(rule.get("where", {}), world.units[unit]):
        return []
    counted = made_of(world, rule, unit, rule)
    result = []
    if "start" in rule:
        result.append(Points(unit, rule["module"], rule["id"], exact(rule["start"]), rule["basis"]))
    used: dict[str | None, Fraction] = {}
    now = exact(rule.get("start", 0))
    for place, thing in enumerate(counted):
        factor, basis = coefficient(world, rule, thing)
        points = rounded(rule, thing_points(rule, counted, place) * factor)
        if "limit" in rule:
            key = (
                period_of(thing.when, rule["limit_per"])
                if rule.get("limit_per", "year") != "year"
                else None
            )
            points = min(points, exact(rule["limit"]) - used.get(key, ZERO))
            used[key] = used.get(key, ZERO) + points
        if rule["kind"] == "deduct" and "floor" in rule:
            points = max(now + points, exact(rule["floor"])) - now
        now += points
        weaker = max(rule["basis"], basis, key=BASES.index)
        result.append(
            Points(
                unit,
                rule["module"],
                rule["id"],
                points,
                weaker,
                None if thing.project is None else thing.project.code,
            )
        )
    return result


# Points of a value ----------------------------------------------------------------------------------------------------


def valued(world: World, rule: Data, unit: str) -> Fraction:
    """Bracket, ratio, stepped, composite."""
    if rule["kind"] == "composite":
        return composite(world, rule, unit)
    number = value(world, rule, unit, rule)
    if rule["kind"] == "ratio":
        return clamp(number * exact(rule["weight"]), rule)
    if rule["kind"] == "bracket":
        bands = [band for band in rule["bands"] if inside(band["value"], number)]
        return (
            clamp(exact(bands[0]["points"]) + exact(bands[0].get("slope", 0)) * number, rule)
            if bands
            else ZERO
        )
    return stepped(rule, number * 100)


def stepped(rule: Data, percent: Fraction) -> Fraction:
    """Walk from 100 % to the completion; every stretch of the way counts by its segment."""
    low, high = sorted((percent, Fraction(100)))
    edges = {low, high}
    for segment in rule["segments"]:
        edges |= {
            Fraction(end.strip())
            for end in segment["percent"].strip()[1:-1].split(",")
            if end.strip()
        }
    marks = sorted(edge for edge in edges if low <= edge <= high)
    moved = ZERO
    for begins, ends in pairwise(marks):
        steps = [
            exact(segment["step"])
            for segment in rule["segments"]
            if inside(segment["percent"], (begins + ends) / 2)
        ]
        moved += (ends - begins) * (steps[0] if steps else ZERO)
    moved = moved if percent > 100 else -moved
    moved = max(moved, exact(rule["least"])) if "least" in rule else moved
    return exact(rule["base"]) + (min(moved, exact(rule["most"])) if "most" in rule else moved)


def composite(world: World, rule: Data, unit: str) -> Fraction:
    """Σ share × part ÷ out_of × weight."""
    found = ZERO
    for part in rule["parts"]:
        number = value(world, part, unit, {})
        marks = made_of(world, part, unit, {})
        found += exact(part["share"]) * (
            number / len(marks) if part["take"] == "mean" and marks else number
        )
    return clamp(found / exact(rule["out_of"]) * exact(rule["weight"]), rule)


def in_sequence(world: World, rule: Data, unit: str) -> Fraction:
    """Rank, min–max and relative: a unit's value among those of its sequence that the rule looks at."""
    own = world.units[unit]
    field = {
        name: value(world, rule, name, rule)
        for name, other in world.units.items()
        if other.sequence == own.sequence and takes_unit(rule.get("where", {}), other)
    }
    mine, least, greatest = field[unit], min(field.values()), max(field.values())
    if rule["kind"] == "relative":
        return (
            exact(rule["when_none"]) if greatest == 0 else mine / greatest * exact(rule["weight"])
        )
    if rule["kind"] == "minmax":
        mark = (
            exact(rule["when_equal"])
            if least == greatest
            else (mine - least) / (greatest - least) * exact(rule["span"]) + exact(rule["base"])
        )
        return mark / exact(rule["out_of"]) * exact(rule["weight"])
    placed = [
        number for number in field.values() if "above" not in rule or number > exact(rule["above"])
    ]
    if "above" in rule and mine <= exact(rule["above"]):
        return ZERO
    ahead = sum(
        number > mine if rule["first"] == "greatest" else number < mine for number in placed
    )
    shared = 1 if rule["ties"] == "share" else placed.count(mine)
    points = [
        next(
            (
                exact(band["points"])
                for band in rule["bands"]
                if inside(band["place"], Fraction(ahead + 1 + more))
            ),
            ZERO,
        )
        for more in range(shared)
    ]
    return sum(points, ZERO) / shared


# The whole ------------------------------------------------------------------------------------------------------------


def rule_points(world: World) -> list[Points]:
    """The points of every rule that scores by itself; of those that exclude each other per project the highest."""
    found: list[Points] = []
    for rule in world.book["rules"]:
        for unit in world.units.values():
            if rule["kind"] in ITEMWISE:
                found += itemwise(world, rule, unit.name)
            elif rule["kind"] not in ("exclusive", "coefficient", "gate", "outcome") and takes_unit(
                rule.get("where", {}), unit
            ):
                points = (
                    in_sequence(world, rule, unit.name)
                    if rule["kind"] in SEQUENCE
                    else valued(world, rule, unit.name)
                )
                found.append(
                    Points(
                        unit.name, rule["module"], rule["id"], rounded(rule, points), rule["basis"]
                    )
                )
    for rule in world.book["rules"]:
        if rule["kind"] == "exclusive" and rule["per"] == "project":
            for code in {one.project for one in found if one.project is not None}:
                sums = [
                    sum(
                        (one.points for one in found if (one.project, one.rule) == (code, name)),
                        ZERO,
                    )
                    for name in rule["rules"]
                ]
                best = rule["rules"][sums.index(max(sums))]
                for one in found:
                    if one.project == code and one.rule in rule["rules"] and one.rule != best:
                        one.points = ZERO
    return found


def upon(world: World, found: list[Points]) -> list[Points]:
    """What multiplies, excludes and stops: in this order, each upon what the ones before left."""
    given = {
        (unit, rule["id"]): sum_of(found, unit, rule["id"])
        for unit in world.units
        for rule in world.book["rules"]
    }
    stand = Standing(world, given, dict(given), [])
    for rule in of_kind(world, "coefficient"):
        stand.multiply(rule)
    for rule in of_kind(world, "exclusive"):
        stand.exclude(rule)
    for rule in of_kind(world, "gate"):
        for unit in world.units if rule["gates"] == "rule" else ():
            if not holds(world, rule["any_of"], unit):
                stand.take_back(unit, rule["rule"])
    return stand.more


def sum_of(found: Sequence[Points], unit: str, rule: str) -> Fraction:
    """What a rule gave a unit."""
    return sum((one.points for one in found if (one.unit, one.rule) == (unit, rule)), ZERO)


@dataclass
class Standing:
    """What each rule gave each unit, what of it stands, and the points that come on top."""

    world: World
    given: dict[tuple[str, str], Fraction]
    left: dict[tuple[str, str], Fraction]
    more: list[Points]

    def rule(self, name: str) -> Data:
        """A rule by its id."""
        return next(rule for rule in self.world.book["rules"] if rule["id"] == name)

    def multiply(self, rule: Data) -> None:
        """A unit's factor upon what the rules named gave it."""
        for unit in self.world.units.values():
            for name in rule["rules"]:
                points = self.given[unit.name, name] * (factor(rule, unit) - 1)
                self.left[unit.name, name] += points
                basis = max(rule["basis"], self.rule(name)["basis"], key=BASES.index)
                self.more.append(
                    Points(unit.name, self.rule(name)["module"], rule["id"], points, basis)
                )

    def exclude(self, rule: Data) -> None:
        """Per unit, all but the first highest are taken back."""
        for unit in self.world.units if rule["per"] == "unit" else ():
            sums = [self.left[unit, name] for name in rule["rules"]]
            for name in rule["rules"]:
                if name != rule["rules"][sums.index(max(sums))]:
                    self.take_back(unit, name)

    def take_back(self, unit: str, name: str) -> None:
        """What stands of a rule is taken back."""
        self.more.append(Points(unit, self.rule(name)["module"], "", -self.left[unit, name], None))
        self.left[unit, name] = ZERO


def of_kind(world: World, kind: str) -> list[Data]:
    """The rulebook's rules of a kind."""
    return [rule for rule in world.book["rules"] if rule["kind"] == kind]


def factor(rule: Data, unit: Unit) -> Fraction:
    """A unit's factor."""
    found = [
        exact(row["factor"])
        for row in rule["rows"]
        if any(takes_unit(where, unit) for where in row["where"])
    ]
    product = ONE
    for one in found:
        product *= one
    return max(found, default=ONE) if rule["combine"] == "highest" else product


def evaluate_book(
    book: Data, records: Sequence[Record], year: int, as_of: date, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Every unit's row, points as fractions."""
    asked = world(book, records, year, min(as_of, date(year, 12, 31)), known_at)
    found = rule_points(asked)
    found += upon(asked, found)
    return ranked(
        [
            row(asked, unit, [one for one in found if one.unit == unit.name])
            for unit in asked.units.values()
        ]
    )


def row(world: World, unit: Unit, mine: Sequence[Points]) -> dict[str, Any]:
    """One unit, not yet ranked."""
    book = world.book
    modules = {
        module["id"]: sum((one.points for one in mine if one.module == module["id"]), ZERO)
        for module in book["modules"]
    }
    gates = of_kind(world, "gate")
    for gate in gates:
        if gate["gates"] == "module" and not holds(world, gate["any_of"], unit.name):
            modules[gate["module"]] = ZERO
    shut = any(
        gate["gates"] == "total" and not holds(world, gate["any_of"], unit.name) for gate in gates
    )
    modules = {
        module["id"]: ZERO if shut else clamp(modules[module["id"]], module)
        for module in book["modules"]
    }
    groups: dict[str, dict[str, Any]] = {}
    alone = dict(modules)
    for group in book.get("groups", []):
        raw = sum((alone.pop(name) for name in group["modules"]), ZERO)
        groups[group["id"]] = {
            "raw": raw,
            "counted": clamp(raw, group),
            "cap": exact(group["cap"]) if "cap" in group else None,
        }
    sum_of_all = clamp(
        sum((each["counted"] for each in groups.values()), ZERO) + sum(alone.values(), ZERO),
        book.get("total", {}),
    )
    outcomes = [
        rule for rule in of_kind(world, "outcome") if holds(world, rule["any_of"], unit.name)
    ]
    basis = {
        name: sum((abs(one.points) for one in mine if one.basis == name), ZERO) for name in BASES
    }
    found = {
        "unit": unit.name,
        "sequence": unit.sequence,
        "rank": 0,
        "total": sum_of_all,
        "modules": modules,
        "groups": groups,
        "basis": basis,
    }
    return {**found, **in_words(book, sum_of_all, outcomes)}


def in_words(book: Data, number: Fraction, outcomes: Sequence[Data]) -> dict[str, Any]:
    """Grade and outcomes, where the rulebook has any."""
    words: dict[str, Any] = {}
    grades = book.get("grades")
    if grades is not None:
        place = next(place for place, grade in enumerate(grades) if inside(grade["total"], number))
        moved = place - sum(int(rule.get("steps", 0)) for rule in outcomes)
        words["grade"] = grades[max(0, min(moved, len(grades) - 1))]["chinese"]
    if any(rule["kind"] == "outcome" for rule in book["rules"]):
        words["outcomes"] = [
            {"rule": rule["id"], "outcome": rule["outcome"], "clause": rule["clause"]}
            for rule in outcomes
        ]
    return words
