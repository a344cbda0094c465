"""Find what keeps modules that are assessed by period from being read (spec 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.assessed_modules import assessed_by_period, period_parts
from lifecycle.rulebook.kinds import Rule, RuleOnResults
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.nearest_names import nearest
from lifecycle.rulebook.result_conditions import MODULE_LEVEL, RULE_LEVEL, ResultObject
from lifecycle.rulebook.rulebook_model import Rulebook


def assessed_module_findings(rulebook: Rulebook) -> Iterator[Problem]:
    """Every problem of modules assessed by period, and of the parts that take their results."""
    by_period = assessed_by_period(rulebook)
    if by_period and rulebook.assessed is not None:
        yield Problem(
            "assessed_twice",
            msg("give either the table assessed, for all rules, or assessed in modules, not both"),
            {},
            "assessed",
        )
    yield from _part_findings(rulebook)
    if by_period:
        for rule in rulebook.rules:
            yield from _reading_findings(rule, rulebook)


def untaken_modules(rulebook: Rulebook) -> Iterator[Problem]:
    """Modules assessed by period whose points count for nothing: no part takes them, or a group.

    For `rulebook check` and `adopt` alone: such a rulebook can be read.
    """
    taken_modules = {part.result.module for _rule, _place, part in period_parts(rulebook)}
    by_period = assessed_by_period(rulebook)
    for module in by_period:
        if module not in taken_modules:
            template = msg(
                "the module is assessed by period and adds nothing itself: take its results "
                "in a part of a composite"
            )
            yield Problem("assessed_untaken", template, {}, f"modules.{module}")
    for group in rulebook.groups:
        for module in group.modules:
            if module in by_period:
                yield Problem(
                    "assessed_untaken",
                    msg("the module {module} is assessed by period and adds nothing to a group"),
                    {"module": module},
                    f"groups.{group.id}.modules",
                )


# Parts --------------------------------------------------------------------------------------------


def _part_findings(rulebook: Rulebook) -> Iterator[Problem]:
    by_period = assessed_by_period(rulebook)
    for rule, part_place, part in period_parts(rulebook):
        place = f"rules.{part_place}"
        module = part.result.module
        length = by_period.get(module)
        if length is None:
            yield _not_by_period(module, f"{place}.result.module", rulebook)
        elif length != part.each:
            yield Problem(
                "assessed_length",
                msg("the module {module} is assessed by {assessed}: each must be the same"),
                {"module": module, "assessed": length},
                f"{place}.each",
            )
        if rule.module in by_period:
            yield _reads_others(rule.module, f"{place}.result")


def _not_by_period(module: str, place: str, rulebook: Rulebook) -> Problem:
    """The module that a part names is unknown, or is one of the year."""
    if module in [table.id for table in rulebook.modules]:
        return Problem(
            "assessed_length",
            msg("the module {module} is of the whole year: give assessed in its table first"),
            {"module": module},
            place,
        )
    allowed = sorted(assessed_by_period(rulebook))
    return Problem(
        "unknown_name",
        msg("unknown name {name}; most similar: {nearest}; allowed: {allowed}"),
        {"name": module, "nearest": nearest(module, allowed), "allowed": allowed},
        place,
    )


# Rules that act on results, or read them ----------------------------------------------------------


def _reading_findings(rule: Rule, rulebook: Rulebook) -> Iterator[Problem]:
    """A rule of a module assessed by period looks beyond it, or one elsewhere looks into it."""
    by_period = assessed_by_period(rulebook)
    modules_of_rules = {other.id: other.module for other in rulebook.rules}
    is_by_period = rule.module in by_period
    if is_by_period and isinstance(rule, Outcome):
        yield Problem(
            "assessed_module",
            msg("an outcome is of the year: give it another module than {module}"),
            {"module": rule.module},
            f"rules.{rule.id}.module",
        )
        return
    for place, result in _results_named(rule):
        if result.level == RULE_LEVEL and result.name not in modules_of_rules:
            # That the name is unknown is said elsewhere.
            continue
        module = _module_of(result, modules_of_rules)
        # Groups and the total are of the year, whatever modules they contain.
        if is_by_period and module != rule.module:
            yield _reads_others(rule.module, place)
        elif not is_by_period and module in by_period:
            yield Problem(
                "assessed_module",
                msg(
                    "the module {module} is assessed by period: only a part of a composite takes "
                    "its results"
                ),
                {"module": module},
                place,
            )


def _module_of(result: ResultObject, modules_of_rules: dict[str, str]) -> str | None:
    if result.level == RULE_LEVEL:
        return modules_of_rules[result.name]
    return result.name if result.level == MODULE_LEVEL else None


def _results_named(rule: Rule) -> Iterator[tuple[str, ResultObject]]:
    """What a rule acts on or reads, each once, with the place that names it."""
    if not isinstance(rule, RuleOnResults):
        return
    yield from _at(f"rules.{rule.id}", rule.acts_on())
    for place, condition in rule.conditions_on_results():
        yield from _at(f"rules.{place}.result", condition.result.objects)


def _at(place: str, results: Iterable[ResultObject]) -> Iterator[tuple[str, ResultObject]]:
    for result in results:
        yield place, result


def _reads_others(module: str, place: str) -> Problem:
    return Problem(
        "assessed_module",
        msg(
            "the module {module} is assessed by period: its rules act on it alone and read no "
            "other results"
        ),
        {"module": module},
        place,
    )
