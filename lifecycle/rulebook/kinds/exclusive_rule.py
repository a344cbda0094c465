"""`exclusive`: of several rules only the highest counts."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.kinds.rule_base import ItemRule, NamedRule, RuleOnResults
from lifecycle.rulebook.result_conditions import RULE_LEVEL, ResultObject

ORDER: Final = 130


class OnlyHighestCounts(NamedTuple):
    """The rule that counts, and the one that does not because of it."""

    kept: str
    left_out: str


class Exclusive(RuleOnResults):
    """Of several rules only the highest counts, per project or per unit."""

    kind: Literal["exclusive"]
    rules: Annotated[tuple[str, ...], Field(min_length=2)]
    per: Literal["project", "unit"]

    def highest_of(self, points_by_rule: Mapping[str, Fraction]) -> str:
        """The rule with the most points; of equals the first that the rulebook names."""
        # `max` takes the first of equals.
        return max(self.rules, key=points_by_rule.__getitem__)

    def acts_on(self) -> list[ResultObject]:
        """The rules named."""
        return [ResultObject(RULE_LEVEL, name) for name in self.rules]

    def named_rules(self) -> dict[str, tuple[str, ...]]:
        """The rules of which only the highest counts."""
        return {"rules": self.rules}

    def own_findings(self, rules: Mapping[str, NamedRule]) -> Iterator[Problem]:
        """Per project, rules that make no lines of single projects."""
        if self.per != "project":
            return
        # Lines are compared project by project, so that each must belong to one.
        for name in self.rules:
            rule = rules.get(name)
            if rule is not None and not _makes_project_lines(rule):
                yield Problem(
                    "exclusive",
                    msg(
                        "{rule} has no lines for single projects; set per to unit or name "
                        "another rule"
                    ),
                    {"rule": name},
                    f"rules.{self.id}.rules",
                )


def _makes_project_lines(rule: NamedRule) -> bool:
    return isinstance(rule, ItemRule) and rule.reads_one_stream and rule.counts_projects
