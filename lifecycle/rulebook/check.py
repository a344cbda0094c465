"""What is wrong with a rulebook although every value has the right type (spec 6, `rulebook check`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lifecycle.refusals import Problem, msg
from lifecycle.rulebook.intervals import Interval, seams
from lifecycle.rulebook.model import Deduct, Escalating, PerItem, Rulebook
from lifecycle.vocabulary import STAGES


def findings(rulebook: Rulebook) -> list[Problem]:
    """Every problem found, with the place it stands at."""
    return [*_dates(rulebook), *_names(rulebook), *_rewards(rulebook), *_limits(rulebook), *_bands(rulebook), *_values(rulebook)]


def _dates(rulebook: Rulebook) -> Iterator[Problem]:
    if rulebook.effective_to < rulebook.effective_from:
        yield Problem("dates", msg("effective_to lies before effective_from"), {}, "effective_to")


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
            yield Problem("named_twice", msg("{name} is named twice"), {"name": name}, kind)
    yield from _counted_twice(rulebook)
    for rule in rulebook.rules:
        if rule.module not in modules:
            yield _unknown(f"rules.{rule.id}.module", rule.module, modules)
        if rule.coefficient is not None and rule.coefficient not in coefficients:
            yield _unknown(f"rules.{rule.id}.coefficient", rule.coefficient, coefficients)
    for group in rulebook.groups:
        for name in group.modules:
            if name not in modules:
                yield _unknown(f"groups.{group.id}.modules", name, modules)


def _rewards(rulebook: Rulebook) -> Iterator[Problem]:
    incentives = {row.id for row in rulebook.incentives}
    for row in rulebook.incentives:
        for name in row.instead_of:
            if name not in incentives:
                yield _unknown(f"incentives.{row.id}.instead_of", name, incentives)


def _counted_twice(rulebook: Rulebook) -> Iterator[Problem]:
    """A clause may have several rules, of several measures; two of one measure in one module would score it twice."""
    first: dict[tuple[str, str, str], str] = {}
    for rule in rulebook.rules:
        other = first.setdefault((rule.module, rule.clause, rule.measure), rule.id)
        if other != rule.id:
            yield Problem(
                "clause_twice", msg("the rule {other} counts the same measure under clause {clause} already"),
                {"other": other, "clause": rule.clause}, f"rules.{rule.id}.clause",
            )  # fmt: skip


def _unknown(place: str, name: str, allowed: Iterable[str]) -> Problem:
    return Problem("unknown_name", msg("there is no {name}; there are {allowed}"), {"name": name, "allowed": sorted(allowed)}, place)


def _limits(rulebook: Rulebook) -> Iterator[Problem]:
    for module in rulebook.modules:
        if module.cap is not None and module.floor is not None and module.cap < module.floor:
            yield Problem("cap_below_floor", msg("the cap lies below the floor"), {}, f"modules.{module.id}")
    for rule in rulebook.rules:
        if isinstance(rule, PerItem) and rule.limit is not None and rule.limit <= 0:
            yield Problem("unreachable", msg("no history can reach any points: the limit is not above zero"), {}, f"rules.{rule.id}.limit")


def _bands(rulebook: Rulebook) -> Iterator[Problem]:
    tables: list[tuple[str, list[Interval]]] = [
        ("assessment_period.bands", [band.scale for band in rulebook.assessment_period.bands])
    ]
    for rule in rulebook.rules:
        if isinstance(rule, Deduct) and rule.bands:
            tables.append((f"rules.{rule.id}.bands", [band.scale for band in rule.bands]))
        if isinstance(rule, Escalating):
            counts = [band.count for band in rule.bands]
            tables.append((f"rules.{rule.id}.bands", [*counts]))
            yield from _counted(f"rules.{rule.id}.bands", counts)
    for table in rulebook.coefficients:
        scales = [where.scale for row in table.rows for where in row.where if where.scale is not None]
        if len(scales) == sum(len(row.where) for row in table.rows):
            tables.append((f"coefficients.{table.id}.rows", scales))
    for place, bands in tables:
        yield from _joined(place, bands, whole=not place.startswith("rules.") or bands[0].text[1] == ",")


def _joined(place: str, bands: list[Interval], *, whole: bool) -> Iterator[Problem]:
    counting = any(band.low is not None and band.low.denominator == 1 for band in bands) and not whole
    for how, one, other in seams(bands):
        if how == "gap" and counting and _whole_step(bands, one, other):
            continue
        yield Problem(f"bands_{how}", _SEAM[how], {"one": one, "other": other}, place)
    if whole and (all(band.low is not None for band in bands) or all(band.high is not None for band in bands)):
        yield Problem("bands_open", msg("the bands do not reach to both ends: some projects would find none"), {}, place)


_SEAM = {
    "gap": msg("there is a gap between the bands {one} and {other}"),
    "overlap": msg("the bands {one} and {other} overlap"),
}


def _whole_step(bands: list[Interval], one: str, other: str) -> bool:
    """Counts are whole: [1,2] and [3,) leave nothing out between them."""
    high = next(band.high for band in bands if band.text == one)
    low = next(band.low for band in bands if band.text == other)
    return high is not None and low is not None and low - high == 1


def _counted(place: str, bands: list[Interval]) -> Iterator[Problem]:
    if not any(1 in band for band in bands):
        yield Problem("bands_open", msg("no band holds the first occurrence"), {}, place)


def _values(rulebook: Rulebook) -> Iterator[Problem]:
    for rule in rulebook.rules:
        if isinstance(rule, PerItem) and rule.points_by is not None:
            for label in rule.points_by:
                if label not in STAGES:
                    yield _unknown(f"rules.{rule.id}.points_by", label, STAGES)
