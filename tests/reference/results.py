"""What rules do to each other's points, and the scores that they add up to (spec 6).

Each stage of a unit's points is a function of the stages before it: a condition that reads a result
asks for that result's last stage, whatever the order of the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from .assessed_periods import MONTHS_IN_PERIOD, period_of
from .effective import Record, last_of_month
from .kinds import (
    BASES,
    CHANGING_KINDS,
    Points,
    clamp,
    first_highest,
    rule_by_id,
    rule_points,
    rules_of_kind,
    weaker,
)
from .policies import bounded, holds
from .projects import (
    ZERO,
    Table,
    YearFacts,
    exact,
    inside,
    takes_unit,
    total,
    year_facts_of,
)
from .scoring import ranked
from .units import Unit

T = TypeVar("T")
Stage = tuple[Any, ...]


class Results:
    """The results of every unit, each worked out when it is asked for, and once."""

    def __init__(self, year_facts: YearFacts, rows: Sequence[Points]) -> None:
        self.year_facts = year_facts
        self.book = year_facts.book
        self.given: dict[tuple[str, str], Fraction] = {}
        for row in rows:
            self.given[row.unit, row.rule] = self.given.get((row.unit, row.rule), ZERO) + row.points
        self._known: dict[Stage, Any] = {}

    def _once(self, stage: Stage, work_out: Callable[[], T]) -> T:
        if stage not in self._known:
            self._known[stage] = work_out()
        known: T = self._known[stage]
        return known

    def gates(self, what: str, name: str | None = None) -> list[Table]:
        """The gates of a rule, a module or the total, in the rulebook's order."""
        gates = [gate for gate in rules_of_kind(self.year_facts, "gate") if gate["gates"] == what]
        if name is None:
            return gates
        field = "rule" if what == "rule" else "module"
        return [gate for gate in gates if gate[field] == name]

    def exclusives(self) -> list[Table]:
        """What excludes rules for a whole unit."""
        return [
            rule for rule in rules_of_kind(self.year_facts, "exclusive") if rule["per"] == "unit"
        ]

    # Points of a rule -------------------------------------------------------------------------

    def added_by(self, factor: Table, unit: str, name: str) -> Fraction:
        """What a factor adds to what a rule gave."""
        return self.given.get((unit, name), ZERO) * (self.factor(factor, unit) - 1)

    def factor(self, rule: Table, unit: str) -> Fraction:
        """A unit's factor: of the rows that take it, the highest or the product; else otherwise."""
        factors = []
        for row in rule["rows"]:
            if "any_of" in row:
                takes = self.holds_one(rule, row["any_of"], unit)
            else:
                takes = any(
                    takes_unit(where, self.year_facts.units[unit]) for where in row["where"]
                )
            if takes:
                factors.append(exact(row["factor"]))
        if not factors:
            return exact(rule.get("otherwise", 1))
        if rule.get("combine") != "product":
            return max(factors)
        product = Fraction(1)
        for factor in factors:
            product *= factor
        return product

    def factors_on(self, field: str) -> list[Table]:
        """The factors on rules, on modules, or on the total."""
        factors = rules_of_kind(self.year_facts, "coefficient")
        return [factor for factor in factors if field in factor]

    def multiplied(self, unit: str, name: str) -> Fraction:
        """A rule's points with all factors."""
        added = [
            self.added_by(factor, unit, name)
            for factor in self.factors_on("rules")
            if name in factor["rules"]
        ]
        return self.given.get((unit, name), ZERO) + total(added)

    def after_exclusives(self, unit: str, name: str, count: int) -> Fraction:
        """A rule's points after the first so many exclusives."""
        if count == 0:
            return self.multiplied(unit, name)
        before = self.after_exclusives(unit, name, count - 1)
        rules = self.exclusives()[count - 1]["rules"]
        if name not in rules:
            return before
        left = {rule: self.after_exclusives(unit, rule, count - 1) for rule in rules}
        return before if first_highest(left) == name else ZERO

    def after_gates(self, unit: str, name: str, count: int) -> Fraction:
        """A rule's points after the first so many of its gates."""
        stage = ("rule", unit, name, count)
        return self._once(stage, partial(self._after_gates, unit, name, count))

    def _after_gates(self, unit: str, name: str, count: int) -> Fraction:
        if count == 0:
            return self.after_exclusives(unit, name, len(self.exclusives()))
        gate = self.gates("rule", name)[count - 1]
        return ZERO if self.closed(gate, unit) else self.after_gates(unit, name, count - 1)

    def rule(self, unit: str, name: str) -> Fraction:
        """What a unit has from a rule in the end."""
        return self.after_gates(unit, name, len(self.gates("rule", name)))

    # Points of modules, groups and the total --------------------------------------------------

    def gated_module(self, unit: str, name: str, count: int) -> Fraction:
        """A module's points after the first so many of its gates, before its floor and cap."""
        stage = ("module", unit, name, count)
        return self._once(stage, partial(self._gated_module, unit, name, count))

    def _gated_module(self, unit: str, name: str, count: int) -> Fraction:
        if count:
            gate = self.gates("module", name)[count - 1]
            return ZERO if self.closed(gate, unit) else self.gated_module(unit, name, count - 1)
        scoring = [rule for rule in self.book["rules"] if rule["kind"] not in CHANGING_KINDS]
        return total(self.rule(unit, rule["id"]) for rule in scoring if rule["module"] == name)

    def module(self, unit: str, name: str) -> Fraction:
        """A module's points within its floor and cap, then times its factors."""
        limited = self.limited(unit, name)
        added = [self.added_to(factor, unit, name) for factor in self.factors_of_module(name)]
        return limited + total(added)

    def limited(self, unit: str, name: str) -> Fraction:
        """A module's points within its floor and cap."""
        limits = next(module for module in self.book["modules"] if module["id"] == name)
        return clamp(self.gated_module(unit, name, len(self.gates("module", name))), limits)

    def factors_of_module(self, name: str) -> list[Table]:
        """The factors on a module."""
        return [factor for factor in self.factors_on("modules") if name in factor["modules"]]

    def added_to(self, factor: Table, unit: str, name: str) -> Fraction:
        """What a factor adds to a module within its limits."""
        return self.limited(unit, name) * (self.factor(factor, unit) - 1)

    def closed_total(self, unit: str) -> Table | None:
        """The gate that closes a unit's total; of several the last."""
        closed = [gate for gate in self.gates("total") if self.closed(gate, unit)]
        return closed[-1] if closed else None

    def modules(self, unit: str, *, provisional: bool) -> dict[str, Fraction]:
        """What counts of each module; provisionally without the gates of the total."""
        if not provisional and self.closed_total(unit) is not None:
            return {module["id"]: ZERO for module in self.book["modules"]}
        return {module["id"]: self.module(unit, module["id"]) for module in self.book["modules"]}

    def raw_group(self, unit: str, group: Table, *, provisional: bool) -> Fraction:
        """A group's modules together."""
        modules = self.modules(unit, provisional=provisional)
        return total(modules[name] for name in group["modules"])

    def unclamped(self, unit: str, *, provisional: bool) -> Fraction:
        """The groups and the modules in no group, with the total's factors."""
        together = self.together(unit, provisional=provisional)
        factors = [self.factor(factor, unit) for factor in self.factors_on("total")]
        return together + total(together * (factor - 1) for factor in factors)

    def together(self, unit: str, *, provisional: bool) -> Fraction:
        """The groups within their caps, and the modules in no group."""
        groups = self.book.get("groups", [])
        grouped = {name for group in groups for name in group["modules"]}
        modules = self.modules(unit, provisional=provisional)
        points = [
            clamp(self.raw_group(unit, each, provisional=provisional), each) for each in groups
        ]
        points += [value for name, value in modules.items() if name not in grouped]
        return total(points)

    def total(self, unit: str, *, provisional: bool) -> Fraction:
        """The total within its floor and cap."""
        return clamp(self.unclamped(unit, provisional=provisional), self.book.get("total", {}))

    # Conditions -------------------------------------------------------------------------------

    def closed(self, gate: Table, unit: str) -> bool:
        """Whether a gate is closed for a unit."""

        return not self._once(("closed", gate["id"], unit), partial(self.holds, gate, unit))

    def holds(self, rule: Table, unit: str) -> bool:
        """Whether all conditions of one of a rule's alternatives hold."""
        return self.holds_one(rule, rule["any_of"], unit)

    def holds_one(self, rule: Table, any_of: Sequence[Table], unit: str) -> bool:
        """Whether one alternative holds, as the rule may read results."""

        def on_result(condition: Table) -> bool:
            return self._holds_of_result(rule, condition, unit)

        return holds(self.year_facts, any_of, unit, on_result)

    def _holds_of_result(self, rule: Table, condition: Table, unit: str) -> bool:
        units = self.year_facts.units
        if not takes_unit(condition.get("where", {}), units[unit]):
            return False
        result = condition["result"]
        if "each_below" in condition:
            low = [
                name
                for name in result["modules"]
                if self._number(rule, {"modules": [name]}, unit) < exact(condition["each_below"])
            ]
            return bounded(condition, Fraction(len(low)))
        if "place" not in condition:
            return bounded(condition, self._number(rule, result, unit))
        members = [name for name in units if units[name].sequence == units[unit].sequence]
        if len(members) < int(condition.get("of_at_least", 1)):
            return False
        numbers = {name: self._number(rule, result, name) for name in members}
        descending = sorted(numbers.values(), reverse=condition["place"] == "top")
        return bounded(condition, Fraction(descending.index(numbers[unit]) + 1))

    def _number(self, rule: Table, result: Table, unit: str) -> Fraction:
        """A result as a rule may read it: what it stops itself, as it was before."""
        provisional = rule["kind"] != "outcome"
        if "rule" in result:
            own = self._turn(rule, "rule", result["rule"])
            if own is None:
                return self.rule(unit, result["rule"])
            return self.after_gates(unit, result["rule"], own)
        if "modules" in result:
            return total(self._module_read(rule, name, unit) for name in result["modules"])
        if "group" in result:
            groups = {group["id"]: group for group in self.book["groups"]}
            group = groups[result["group"]]
            return clamp(self.raw_group(unit, group, provisional=provisional), group)
        return self.total(unit, provisional=provisional)

    def _module_read(self, rule: Table, name: str, unit: str) -> Fraction:
        if rule["kind"] == "outcome":
            return self.modules(unit, provisional=False)[name]
        own = self._turn(rule, "module", name)
        return self.module(unit, name) if own is None else self.gated_module(unit, name, own)

    def _turn(self, rule: Table, what: str, name: str) -> int | None:
        """How many gates of an object come before a gate of the same object."""
        gates = [gate["id"] for gate in self.gates(what, name)]
        return gates.index(rule["id"]) if rule["id"] in gates else None

    # What changes add -------------------------------------------------------------------------

    def change_rows(self) -> list[Points]:
        """What factors add and what exclusives and gates take, so that rows sum to the modules."""
        rows: list[Points] = []
        for unit in self.year_facts.units:
            rows += self._factor_rows(unit)
            for count, rule in enumerate(self.exclusives(), start=1):
                for name in rule["rules"]:
                    left = self.after_exclusives(unit, name, count)
                    taken = left - self.after_exclusives(unit, name, count - 1)
                    rows.append(self._taking(unit, name, taken, rule))
            for gate in self.gates("rule"):
                turn = self._turn(gate, "rule", gate["rule"])
                assert turn is not None
                taken = ZERO
                if self.closed(gate, unit):
                    taken = -self.after_gates(unit, gate["rule"], turn)
                rows.append(self._taking(unit, gate["rule"], taken, gate))
        return rows

    def _factor_rows(self, unit: str) -> list[Points]:
        rows: list[Points] = []
        for factor in self.factors_on("modules"):
            for module in self.book["modules"]:
                if module["id"] in factor["modules"]:
                    points = self.added_to(factor, unit, module["id"])
                    basis = weaker(factor["basis"], module["basis"])
                    rows.append(Points(unit, module["id"], factor["id"], points, basis))
        for factor in self.factors_on("rules"):
            for name in factor["rules"]:
                multiplied = rule_by_id(self.year_facts, name)
                basis = weaker(factor["basis"], multiplied["basis"])
                points = self.added_by(factor, unit, name)
                rows.append(Points(unit, multiplied["module"], factor["id"], points, basis))
        return rows

    def _taking(self, unit: str, name: str, taken: Fraction, by: Table) -> Points:
        module = rule_by_id(self.year_facts, name)["module"]
        return Points(unit, module, "", taken, None, taken_by=by["basis"])


# The whole ----------------------------------------------------------------------------------------


def evaluate_book(
    book: Table,
    records: Sequence[Record],
    year: int,
    as_of: date,
    known_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """Every unit's row, points as fractions."""
    day = min(as_of, date(year, 12, 31))
    periods: dict[tuple[str, str], dict[str, Fraction]] = {}
    for module in book["modules"]:
        if "assessed" in module:
            periods |= points_by_period(book, module, records, year, day, known_at)
    of_year = without_modules_by_period(book)
    year_facts = replace(year_facts_of(of_year, records, year, day, known_at), periods=periods)
    rows = rule_points(year_facts)
    results = Results(year_facts, rows)
    rows += results.change_rows()
    scores: list[dict[str, Any]] = []
    for unit in year_facts.units.values():
        of_unit = [row for row in rows if row.unit == unit.name]
        scores.append(unit_result(results, unit, of_unit))
    return ranked_but_for(scores, unranked_units(results))


def points_by_period(
    book: Table,
    module: Table,
    records: Sequence[Record],
    year: int,
    day: date,
    known_at: datetime | None,
) -> dict[tuple[str, str], dict[str, Fraction]]:
    """What a module assessed by period gave each unit, as of the last day of each period over."""
    length = module["assessed"]
    alone = {
        name: table
        for name, table in book.items()
        if name not in ("groups", "total", "grades", "rewards")
    }
    alone["modules"] = [{name: module[name] for name in module if name != "assessed"}]
    alone["rules"] = [rule for rule in book["rules"] if rule["module"] == module["id"]]
    alone["assessed"] = {"period": length, "of_module": True}
    points: dict[tuple[str, str], dict[str, Fraction]] = {}
    for month in range(1, 13):
        last = last_of_month(date(year, month, 1))
        if month % MONTHS_IN_PERIOD[length] == 0 and last <= day:
            rows = evaluate_book(alone, records, year, last, known_at)
            period = str(period_of(last.isoformat(), length))
            points[module["id"], period] = {
                row["unit"]: row["modules"][module["id"]] for row in rows
            }
    return points


def without_modules_by_period(book: Table) -> Table:
    """The rulebook without the rules and limits of modules assessed by period: these give 0."""
    by_period = [module["id"] for module in book["modules"] if "assessed" in module]
    modules = []
    for module in book["modules"]:
        left_out = ("floor", "cap") if module["id"] in by_period else ()
        modules.append({name: module[name] for name in module if name not in left_out})
    rules = [rule for rule in book["rules"] if rule["module"] not in by_period]
    return {**book, "modules": modules, "rules": rules}


def unranked_units(results: Results) -> set[str]:
    """The units that an outcome takes out of the ranking."""
    outcomes = rules_of_kind(results.year_facts, "outcome")
    rules = [rule for rule in outcomes if rule.get("unranked")]
    return {
        unit for unit in results.year_facts.units for rule in rules if results.holds(rule, unit)
    }


def ranked_but_for(rows: Sequence[dict[str, Any]], unranked: set[str]) -> list[dict[str, Any]]:
    """Rows by sequence: the ranked ones, as if the others were not there, then the others."""
    in_ranking = ranked([row for row in rows if row["unit"] not in unranked])
    without_rank = [{**row, "rank": None} for row in rows if row["unit"] in unranked]
    without_rank.sort(key=lambda row: -row["total"])
    sequences = dict.fromkeys(row["sequence"] for row in rows)
    return [
        row
        for sequence in sequences
        for row in [*in_ranking, *without_rank]
        if row["sequence"] == sequence
    ]


def unit_result(
    results: Results,
    unit: Unit,
    rows: Sequence[Points],
) -> dict[str, Any]:
    """One unit, not yet ranked."""
    groups: dict[str, dict[str, Any]] = {}
    for group in results.book.get("groups", []):
        raw = results.raw_group(unit.name, group, provisional=False)
        groups[group["id"]] = {
            "raw": raw,
            "counted": clamp(raw, group),
            "cap": exact(group["cap"]) if "cap" in group else None,
        }
    basis = dict.fromkeys(BASES, ZERO)
    for row in rows:
        if row.basis is not None:
            basis[row.basis] += abs(row.points)
    sum_of_all = results.total(unit.name, provisional=False)
    result = {
        "unit": unit.name,
        "name": unit.shown_name,
        "sequence": unit.sequence,
        "rank": 0,
        "total": sum_of_all,
        "modules": results.modules(unit.name, provisional=False),
        "groups": groups,
        "basis": basis,
        "rests_on": rests_on(results, unit.name, rows),
    }
    if results.factors_on("total"):
        result["total_factors"] = total_factors(results, unit.name)
    return result | grade_and_outcomes(results, unit, sum_of_all)


def total_factors(results: Results, unit: str) -> list[dict[str, Any]]:
    """What multiplies the total of a unit; factors of 1 are left out."""
    together = results.together(unit, provisional=False)
    rows: list[dict[str, Any]] = []
    for rule in results.factors_on("total"):
        factor = results.factor(rule, unit)
        if factor != 1:
            row = {"rule": rule["id"], "sum_of_groups": together, "factor": factor}
            rows.append(row | {"added": together * (factor - 1)})
    return rows


def rests_on(
    results: Results,
    unit: str,
    rows: Sequence[Points],
) -> dict[str, Fraction]:
    """Signed points by basis, summing to the total: limits and gates rest on their own tables."""
    book = results.book
    signed = dict.fromkeys(BASES, ZERO)
    for row in rows:
        signed[row.basis or row.taken_by] += row.points
    closed_total = results.closed_total(unit)
    for module in book["modules"]:
        name = module["id"]
        for count, gate in enumerate(results.gates("module", name)):
            if results.closed(gate, unit):
                signed[gate["basis"]] -= results.gated_module(unit, name, count)
        gated = results.gated_module(unit, name, len(results.gates("module", name)))
        signed[module["basis"]] += clamp(gated, module) - gated
        if closed_total is not None:
            signed[closed_total["basis"]] -= results.module(unit, name)
    for group in book.get("groups", []):
        raw = results.raw_group(unit, group, provisional=False)
        signed[group["basis"]] += clamp(raw, group) - raw
    for factor in results.factors_on("total"):
        together = results.together(unit, provisional=False)
        signed[factor["basis"]] += together * (results.factor(factor, unit) - 1)
    if "total" in book:
        unclamped = results.unclamped(unit, provisional=False)
        signed[book["total"]["basis"]] += clamp(unclamped, book["total"]) - unclamped
    return signed


def grade_and_outcomes(
    results: Results,
    unit: Unit,
    sum_of_all: Fraction,
) -> dict[str, Any]:
    """Grade and outcomes, where the rulebook has any."""
    rules = rules_of_kind(results.year_facts, "outcome")
    outcomes = [rule for rule in rules if results.holds(rule, unit.name)]
    words: dict[str, Any] = {}
    grades = results.book.get("grades")
    if grades is not None:
        fitting = [grade for grade in grades if inside(grade["total"], sum_of_all)]
        steps = sum(int(rule.get("steps", 0)) for rule in outcomes)
        place = grades.index(fitting[0]) - steps
        place = max(0, min(place, len(grades) - 1))
        words["grade"] = grades[place]["chinese"]
    if rules:
        words["outcomes"] = [
            {"rule": rule["id"], "outcome": rule["outcome"], "clause": rule["clause"]}
            for rule in outcomes
        ]
    return words
