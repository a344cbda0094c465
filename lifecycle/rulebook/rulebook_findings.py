"""Find what keeps a rulebook from being read, although every value has the right type (spec 6).

Only what version 0.1.0 rejected may be added here, and circles: a rulebook that was adopted is read
for ever. All else is for `rulebook_review`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.acting_order import circle_findings
from lifecycle.rulebook.assessed_module_checks import assessed_module_findings
from lifecycle.rulebook.band_checks import band_findings
from lifecycle.rulebook.check_rules import rule_findings
from lifecycle.rulebook.kinds import RuleBase, RuleOnResults
from lifecycle.rulebook.limit_checks import limit_findings
from lifecycle.rulebook.nearest_names import nearest
from lifecycle.rulebook.reward_checks import reward_findings
from lifecycle.rulebook.rulebook_model import Rulebook

_BOUNDS: Final = (("floor", "cap"), ("least", "most"), ("floor", "start"))
"""Fields of which the first may not exceed the second."""


def rulebook_findings(rulebook: Rulebook) -> list[Problem]:
    """Return every problem that rejects the rulebook, with the place it is at."""
    return [
        *_dates(rulebook),
        *_repeated_names(rulebook),
        *_unknown_names(rulebook),
        *_crossed_bounds(rulebook),
        *_unnamed_clauses(rulebook),
        *band_findings(rulebook),
        *rule_findings(rulebook),
        *circle_findings(rulebook.rules),
        *reward_findings(rulebook),
        *assessed_module_findings(rulebook),
        *limit_findings(rulebook),
    ]


def _dates(rulebook: Rulebook) -> Iterator[Problem]:
    if rulebook.effective_to < rulebook.effective_from:
        template = msg("effective_to is earlier than effective_from")
        yield Problem(
            "dates",
            template,
            {},
            "effective_to",
        )


# Names --------------------------------------------------------------------------------------------


def _repeated_names(rulebook: Rulebook) -> Iterator[Problem]:
    grouped = [module for group in rulebook.groups for module in group.modules]
    funded = [sector for row in rulebook.funds for sector in row.sector]
    names_by_place: dict[str, Sequence[str]] = {
        "modules": [module.id for module in rulebook.modules],
        "groups": [group.id for group in rulebook.groups],
        "rules": [rule.id for rule in rulebook.rules],
        "coefficients": [table.id for table in rulebook.coefficients],
        "eligibility": [row.id for row in rulebook.eligibility],
        "groups.modules": grouped,
        "incentives": [row.id for row in rulebook.incentives],
        "targets": [row.indicator for row in rulebook.targets],
        "funds.sector": funded,
    }
    for place, names in names_by_place.items():
        for name, times in Counter(names).items():
            # A name that stands three times is reported twice: each further place is to be changed.
            for _repetition in range(times - 1):
                yield Problem(
                    "named_twice",
                    msg("{name} appears twice"),
                    {"name": name},
                    place,
                )


def _unknown_names(rulebook: Rulebook) -> Iterator[Problem]:
    """Find names of modules, coefficients, rules and incentives that the rulebook doesn't have."""
    modules = {module.id for module in rulebook.modules}
    coefficients = {table.id for table in rulebook.coefficients}
    for rule in rulebook.rules:
        yield from _unknown(f"rules.{rule.id}.module", [rule.module], modules)
        if isinstance(rule, RuleBase) and rule.coefficient is not None:
            place = f"rules.{rule.id}.coefficient"
            yield from _unknown(place, [rule.coefficient], coefficients)
    # A rule on results may not name another of its kind: the order in which they act would be open.
    scoring_rules = {rule.id for rule in rulebook.rules if not isinstance(rule, RuleOnResults)}
    for rule in rulebook.rules:
        for field, names in rule.named_rules().items():
            yield from _unknown(f"rules.{rule.id}.{field}", names, scoring_rules)
        for field, names in rule.named_modules().items():
            yield from _unknown(f"rules.{rule.id}.{field}", names, modules)
        if isinstance(rule, RuleOnResults):
            yield from _unknown_results(rule, rulebook, scoring_rules)
    for group in rulebook.groups:
        yield from _unknown(f"groups.{group.id}.modules", group.modules, modules)
    incentives = {incentive.id for incentive in rulebook.incentives}
    for incentive in rulebook.incentives:
        place = f"incentives.{incentive.id}.instead_of"
        yield from _unknown(place, incentive.instead_of, incentives)


def _unknown_results(
    rule: RuleOnResults,
    rulebook: Rulebook,
    scoring_rules: Iterable[str],
) -> Iterator[Problem]:
    """Find names of results that conditions read and the rulebook doesn't have."""
    allowed = {
        "rule": scoring_rules,
        "modules": [module.id for module in rulebook.modules],
        "group": [group.id for group in rulebook.groups],
        "total": [],
    }
    for place, condition in rule.conditions_on_results():
        result = condition.result
        yield from _unknown(f"rules.{place}.{result.form}", result.names, allowed[result.form])


def _unknown(
    place: str,
    names: Iterable[str],
    allowed: Iterable[str],
) -> Iterator[Problem]:
    known = sorted(allowed)
    for name in names:
        if name not in known:
            yield Problem(
                "unknown_name",
                msg("unknown name {name}; most similar: {nearest}; allowed: {allowed}"),
                {"name": name, "nearest": nearest(name, known), "allowed": known},
                place,
            )


# Bounds and clauses -------------------------------------------------------------------------------


def _crossed_bounds(rulebook: Rulebook) -> Iterator[Problem]:
    bounded: dict[str, object] = {}
    bounded.update({f"modules.{module.id}": module for module in rulebook.modules})
    bounded.update({f"rules.{rule.id}": rule for rule in rulebook.rules})
    if rulebook.total is not None:
        bounded["total"] = rulebook.total
    for place, table in bounded.items():
        for low, high in _BOUNDS:
            least = getattr(table, low, None)
            most = getattr(table, high, None)
            if least is not None and most is not None and most < least:
                yield Problem(
                    "cap_below_floor",
                    msg("the cap is below the floor"),
                    {},
                    place,
                )


def _unnamed_clauses(rulebook: Rulebook) -> Iterator[Problem]:
    """Find listed clauses that nothing refers to: the text was not encoded whole."""
    references = list(_clause_references(rulebook.model_dump(mode="json", exclude_none=True)))
    for clause in rulebook.clauses or ():
        # One reference may name several clauses, such as 考(二),(十).
        if not any(clause in reference for reference in references):
            yield Problem(
                "clause_unnamed",
                msg("no rule refers to the clause {clause}"),
                {"clause": clause},
                "clauses",
            )


def _clause_references(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        if isinstance(data.get("clause"), str):
            yield data["clause"]
        for inner in data.values():
            yield from _clause_references(inner)
    elif isinstance(data, list):
        for inner in data:
            yield from _clause_references(inner)
