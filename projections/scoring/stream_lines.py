"""Lines that each stream yields by itself: of a project's events, or of a unit's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from lifecycle.exact_numbers import ZERO
from lifecycle.rulebook.kinds import ItemRule, RuleBase
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive
from projections.facts.unit_facts import UnitFacts
from projections.scoring.item_lines import item_lines
from projections.scoring.item_sources import (
    ProjectItemSource,
    UnitItemSource,
    rule_source,
    unit_source,
)
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.prepared_policy import Policy
from projections.scoring.project_filters import project_test
from projections.scoring.score_line import ItemInputs, ScoreLine


class ProjectRule(NamedTuple):
    """A rule of projects that one stream can yield, with its items' source."""

    rule: ItemRule
    source: ProjectItemSource


class UnitRule(NamedTuple):
    """A rule of units that one stream can yield, with its items' source."""

    rule: ItemRule
    source: UnitItemSource


@lru_cache(maxsize=64)
def _project_rules(policy: Policy) -> Sequence[ProjectRule]:
    project_rules = []
    for rule in _stream_rules(policy):
        if rule.counts_projects:
            project_rules.append(ProjectRule(rule, rule_source(rule)))
    return project_rules


@lru_cache(maxsize=64)
def _unit_rules(policy: Policy) -> Sequence[UnitRule]:
    unit_rules = []
    for rule in _stream_rules(policy):
        if not rule.counts_projects:
            unit_rules.append(UnitRule(rule, unit_source(rule)))
    return unit_rules


def _stream_rules(policy: Policy) -> list[ItemRule]:
    stream_rules: list[ItemRule] = []
    for rule in policy.rules:
        if isinstance(rule, ItemRule) and rule.reads_one_stream:
            stream_rules.append(rule)
    return stream_rules


@lru_cache(maxsize=64)
def _exclusive_per_project(policy: Policy) -> Sequence[Exclusive]:
    exclusive_rules = []
    for rule in policy.rules:
        if isinstance(rule, Exclusive) and rule.per == "project":
            exclusive_rules.append(rule)
    return exclusive_rules


def project_lines(project: JudgedProject) -> Iterator[ScoreLine]:
    """What a project's own stream earns its credit unit, or costs it."""
    # Without an exclusive rule, as in most policies, lines pass one by one and no list is made.
    lines = _lines_of_rules(project)
    for rule in _exclusive_per_project(project.policy):
        lines = _only_highest(list(lines), rule)
    return lines


def _lines_of_rules(project: JudgedProject) -> Iterator[ScoreLine]:
    for rule, source in _project_rules(project.policy):
        unit = source.credit_unit(project)
        # What a dissolved unit without a successor would earn is nobody's (spec 7).
        if unit is None:
            continue
        items = source.items(project)
        if items:
            yield from item_lines(
                rule,
                unit,
                items,
            )


def _only_highest(
    lines: Sequence[ScoreLine],
    rule: Exclusive,
) -> Iterator[ScoreLine]:
    """The lines, with 0 points for rules other than the project's highest.

    Such a line names the rule that counts in its place.
    """
    points_by_rule = dict.fromkeys(rule.rules, ZERO)
    for line in lines:
        if line.rule in points_by_rule:
            points_by_rule[line.rule] += line.points
    # Where no rule gives anything, none stands in another's way.
    if not any(points_by_rule.values()):
        yield from lines
        return
    highest = rule.highest_of(points_by_rule)
    for line in lines:
        if line.rule == highest or line.rule not in points_by_rule:
            yield line
        else:
            assert isinstance(line.inputs, ItemInputs)
            inputs = line.inputs._replace(left_for=highest)
            yield line._replace(points=ZERO, inputs=inputs)


def unit_lines(
    unit: UnitFacts,
    policy: Policy,
    axes: ScoringAxes,
) -> Iterator[ScoreLine]:
    """What a unit earns or loses by its own facts."""
    for rule, source in _unit_rules(policy):
        items = source.items(unit, axes)
        if items:
            yield from item_lines(
                rule,
                unit.name,
                items,
            )


def counts_project(
    rule: RuleBase,
    project: JudgedProject,
) -> bool:
    """Whether a rule counts what such a project does, whatever it needs of it."""
    if not rule.counts_projects:
        return False
    fits = project_test(rule.where)
    return fits is None or fits(project)
