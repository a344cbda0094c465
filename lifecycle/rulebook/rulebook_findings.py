"""What is wrong with a rulebook although every value has the right type (spec 6, `rulebook check`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook import kinds as k
from lifecycle.rulebook.band_checks import band_findings
from lifecycle.rulebook.check_rules import rule_findings
from lifecycle.rulebook.nearest_names import nearest
from lifecycle.rulebook.rulebook_model import Rulebook


def rulebook_findings(rulebook: Rulebook) -> list[Problem]:
    """Every problem found, with the place it stands at."""
    return [
        *_dates(rulebook),
        *_names(rulebook),
        *_rewards(rulebook),
        *_limits(rulebook),
        *_clauses(rulebook),
        *band_findings(rulebook),
        *rule_findings(rulebook),
    ]


def _dates(rulebook: Rulebook) -> Iterator[Problem]:
    if rulebook.effective_to < rulebook.effective_from:
        yield Problem(
            "dates", msg("effective_to is earlier than effective_from"), {}, "effective_to"
        )


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _names(rulebook: Rulebook) -> Iterator[Problem]:
    modules = {module.id for module in rulebook.modules}
    coefficients = {table.id for table in rulebook.coefficients}
    for kind, names in (
        ("modules", [module.id for module in rulebook.modules]),
        ("rules", [rule.id for rule in rulebook.rules]),
        ("coefficients", [table.id for table in rulebook.coefficients]),
        ("eligibility", [row.id for row in rulebook.eligibility]),
        ("groups.modules", [module for group in rulebook.groups for module in group.modules]),
        ("incentives", [row.id for row in rulebook.incentives]),
        ("targets", [row.indicator for row in rulebook.targets]),
        ("funds.sector", [sector for row in rulebook.funds for sector in row.sector]),
    ):
        for name in _twice(names):
            yield Problem("named_twice", msg("{name} appears twice"), {"name": name}, kind)
    yield from _counted_twice(rulebook)
    for rule in rulebook.rules:
        if rule.module not in modules:
            yield unknown(f"rules.{rule.id}.module", rule.module, modules)
        if (
            isinstance(rule, k.RuleBase)
            and rule.coefficient is not None
            and rule.coefficient not in coefficients
        ):
            yield unknown(f"rules.{rule.id}.coefficient", rule.coefficient, coefficients)
    yield from _named_by_rules(rulebook)
    for group in rulebook.groups:
        for name in group.modules:
            if name not in modules:
                yield unknown(f"groups.{group.id}.modules", name, modules)


def _rewards(rulebook: Rulebook) -> Iterator[Problem]:
    incentives = {row.id for row in rulebook.incentives}
    for row in rulebook.incentives:
        for name in row.instead_of:
            if name not in incentives:
                yield unknown(f"incentives.{row.id}.instead_of", name, incentives)


def _named_by_rules(rulebook: Rulebook) -> Iterator[Problem]:
    """The rules that a rule looks upon are there, and not itself of the kinds that look upon others."""
    plain = {rule.id for rule in rulebook.rules if not isinstance(rule, k.RuleOnResults)}
    for rule in rulebook.rules:
        if isinstance(rule, (k.Exclusive, k.UnitCoefficient)):
            yield from (
                unknown(f"rules.{rule.id}.rules", name, plain)
                for name in rule.rules
                if name not in plain
            )
        elif isinstance(rule, k.Gate) and rule.rule is not None and rule.rule not in plain:
            yield unknown(f"rules.{rule.id}.rule", rule.rule, plain)


def _counted_twice(rulebook: Rulebook) -> Iterator[Problem]:
    """A clause may have several rules, of several measures; two of one measure and indicator in one module would score it twice."""
    first: dict[tuple[object, ...], str] = {}
    for rule in rulebook.rules:
        if not isinstance(rule, k.RuleBase):
            continue
        other = first.setdefault((rule.module, rule.clause, rule.measure, rule.indicator), rule.id)
        if other != rule.id:
            yield Problem(
                "clause_twice",
                msg("the rule {other} already counts the same measure under clause {clause}"),
                {"other": other, "clause": rule.clause},
                f"rules.{rule.id}.clause",
            )


def unknown(place: str, name: str, allowed: Iterable[str]) -> Problem:
    """A name that stands for nothing, with the nearest and all that there are."""
    known = sorted(allowed)
    template = msg("unknown name {name}; most similar: {nearest}; allowed: {allowed}")
    return Problem(
        "unknown_name",
        template,
        {"name": name, "nearest": nearest(name, known), "allowed": known},
        place,
    )


def _limits(rulebook: Rulebook) -> Iterator[Problem]:
    named: list[tuple[str, object]] = [
        (f"modules.{module.id}", module) for module in rulebook.modules
    ]
    named += [(f"rules.{rule.id}", rule) for rule in rulebook.rules]
    if rulebook.total is not None:
        named.append(("total", rulebook.total))
    for place, limits in named:
        for low, high in (("floor", "cap"), ("least", "most"), ("floor", "start")):
            least, most = getattr(limits, low, None), getattr(limits, high, None)
            if least is not None and most is not None and most < least:
                yield Problem("cap_below_floor", msg("the cap is below the floor"), {}, place)


def _clauses(rulebook: Rulebook) -> Iterator[Problem]:
    """Each clause of the listed set is named by a rule or a table."""
    named = [
        clause
        for part in _sourced(rulebook.model_dump(mode="json", exclude_none=True))
        for clause in part
    ]
    for clause in rulebook.clauses or ():
        if not any(clause in one for one in named):
            yield Problem(
                "clause_unnamed",
                msg("no rule refers to the clause {clause}"),
                {"clause": clause},
                "clauses",
            )


def _sourced(data: object) -> Iterator[list[str]]:
    if isinstance(data, dict):
        yield [data["clause"]] if isinstance(data.get("clause"), str) else []
        for inner in data.values():
            yield from _sourced(inner)
    elif isinstance(data, list):
        for inner in data:
            yield from _sourced(inner)
