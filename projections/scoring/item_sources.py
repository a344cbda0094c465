"""Where a rule's items come from: its measure, the projects or units it takes, whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds import ItemRule, Rule, RuleBase
from lifecycle.rulebook.kinds.deduct_rule import Deduct
from lifecycle.rulebook.kinds.item_points import NO_SIZE, ProjectSize
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.parts import Filter
from projections.facts.unit_facts import UnitFacts
from projections.scoring.counted_items import CreditedItem, event_names
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.measure_values import ProjectMeasure, project_measure
from projections.scoring.project_filters import ProjectTest, project_test, unit_matches
from projections.scoring.project_values import project_items
from projections.scoring.unit_measures import UnitMeasure, unit_measure


class ProjectItemSource(NamedTuple):
    """Items that projects yield.

    `coefficient` names the table of factors on them; `banded`, that their points depend on the
    project's size; `by_project` is what is counted, where each project has a value of its own.
    """

    measure: ProjectMeasure
    fits: ProjectTest | None
    coefficient: str | None = None
    to_reporter: bool = False
    banded: bool = False
    by_project: Counted | None = None

    def credit_unit(self, project: JudgedProject) -> str | None:
        """The unit that a project's items belong to; None where they are nobody's."""
        # 考(二): information is credited to who reported it first, whatever became of the project.
        return project.reporter if self.to_reporter else project.unit

    def items(self, project: JudgedProject) -> list[CreditedItem]:
        """A project's items; none of a project that the filter or the needs leave out."""
        if self.fits is not None and not self.fits(project):
            return []
        items = list(self.measure(project))
        if self.by_project is not None:
            items = project_items(self.by_project, items)
        # Most projects have no item of most rules: their factor is not computed.
        if not items:
            return []
        factor = None
        if self.coefficient is not None:
            factor = project.policy.factor(self.coefficient, project)
        size = NO_SIZE
        if self.banded:
            size = ProjectSize(project.scale, project.investment)
        code = project.facts.code
        return [
            CreditedItem(
                item,
                code,
                event_names(code, item),
                factor,
                size,
            )
            for item in items
        ]


class UnitItemSource(NamedTuple):
    """Items that units yield by their own facts."""

    measure: UnitMeasure
    where: Filter | None

    def items(
        self,
        unit: UnitFacts,
        axes: ScoringAxes,
    ) -> list[CreditedItem]:
        """A unit's items; none of a unit that the filter leaves out."""
        if not unit_matches(self.where, unit):
            return []
        return [
            CreditedItem(item, None, tuple([unit.ref(number) for number in item.versions]))
            for item in self.measure(unit, axes)
        ]


def rule_source(rule: RuleBase) -> ProjectItemSource:
    """Where the items of a rule of projects come from."""
    banded = isinstance(rule, (PerItem, Deduct)) and rule.bands is not None
    return ProjectItemSource(
        measure=project_measure(rule),
        fits=project_test(rule.where, rule.needs),
        coefficient=rule.coefficient,
        to_reporter=rule.credits_reporter,
        banded=banded,
        by_project=_by_project(rule),
    )


def selection_source(selection: MeasureSelection) -> ProjectItemSource:
    """Where the items come from that something is compared with, or that a condition looks at."""
    return ProjectItemSource(
        measure=project_measure(selection),
        fits=project_test(selection.where, selection.needs),
        by_project=_by_project(selection),
    )


def _by_project(selection: MeasureSelection) -> Counted | None:
    if isinstance(selection, Counted) and selection.each == "project":
        return selection
    return None


def unit_source(selection: MeasureSelection) -> UnitItemSource:
    """Where the items of a measure of units come from."""
    return UnitItemSource(unit_measure(selection), selection.where)


class GatheredSource(NamedTuple):
    """A place of the rulebook that needs items, and where they come from.

    The place is the rule's, then `/0` for what it counts, `/1` and on for what that is held
    against.
    """

    place: str
    source: ProjectItemSource | UnitItemSource


def gathered_sources(
    rules: Iterable[Rule],
    *,
    of_last_year: bool = False,
) -> Iterator[GatheredSource]:
    """Everything to gather for the rules that no stream alone can yield.

    With `of_last_year` only what is compared with last year's.
    """
    for rule in rules:
        if isinstance(rule, ItemRule) and rule.reads_one_stream:
            continue
        for place, counted in rule.counted():
            if of_last_year and not counted.compares_years:
                continue
            for number, selection in enumerate(counted.parts):
                source: ProjectItemSource | UnitItemSource
                if not selection.counts_projects:
                    source = unit_source(selection)
                elif number == 0 and isinstance(rule, RuleBase):
                    # Only what the rule itself counts takes its coefficient and its bands of size.
                    source = rule_source(rule)
                else:
                    source = selection_source(selection)
                yield GatheredSource(f"{place}/{number}", source)
