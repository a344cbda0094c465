"""Drawn rulebooks in which modules are assessed by half-year, quarter or month (spec 6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from .draw_policies import CHECK_PERIODS, KINDS, NOTE, Data, Draw, ends, of_projects, rulebooks

NAMES = {
    "half_year": ("H1", "H2"),
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "month": ("01", "03", "05", "06", "11"),
}

# Below nothing a cap takes points from each period, and still none from the year.
CAPS = (Decimal("7.5"), Decimal(-1))


@st.composite
def rulebooks_by_period(draw: st.DrawFn) -> Data:
    """A valid rulebook with one or two modules assessed by period, and parts that take them."""
    drawn = Draw(draw)
    book: Data = draw(rulebooks(kinds=("per_item", "composite", "rank", "deduct")))
    book.pop("assessed", None)
    parts = []
    for number in range(draw(st.integers(1, 2))):
        length = drawn.pick((*CHECK_PERIODS, "quarter"))
        module = f"q{number}"
        names = {"id": module, "chinese": f"逐期{number}", "clause": "一", "basis": "policy"}
        limits = drawn.maybe(floor=Decimal(-2), cap=lambda: drawn.pick(CAPS))
        book["modules"].append({**names, "assessed": length, **limits})
        rules = [_rule(drawn, module, place) for place in range(draw(st.integers(1, 3)))]
        book["rules"] += [*rules, *_changing(drawn, module, [rule["id"] for rule in rules])]
        parts += [_part(drawn, module, length) for _ in range(draw(st.integers(1, 2)))]
    composite = {"parts": parts, "weight": Decimal(20), "out_of": Decimal(30), **ends(drawn)}
    if draw(st.booleans()):
        parts.append({**drawn.counted(), "share": Decimal("0.5"), "take": "sum"})
    book["rules"].append(_named("z", "m1", "composite", composite))
    return book


def _part(drawn: Draw, module: str, length: str) -> Data:
    """A part that takes a module's periods."""
    take = drawn.pick(("sum", "mean", "best"))
    part: Data = {"result": {"module": module}, "each": length, "take": take}
    taken = NAMES[length]
    if drawn.draw(st.booleans()):
        taken = tuple(drawn.some(taken))
        part["only"] = list(taken)
    if take == "best":
        part["best"] = drawn.draw(st.integers(1, len(taken)))
    if take != "sum":
        part |= drawn.maybe(when_missing=lambda: drawn.pick(("none", Decimal(2), "1/3")))
    return {**part, "share": drawn.pick((Decimal("0.7"), "1/3"))}


def _rule(drawn: Draw, module: str, number: int) -> Data:
    kind = drawn.pick((*KINDS, "rank", "rank", "of_projects"))
    rule = of_projects(drawn) if kind == "of_projects" else KINDS[kind](drawn)
    # Every drawn rulebook has the table of coefficients, and no module of the year is read.
    return _named(f"{module}r{number}", module, rule.get("kind", kind), rule)


def _changing(drawn: Draw, module: str, rules: list[str]) -> list[Data]:
    """Perhaps a gate of the module, and a factor, which read the module's own results alone."""
    readable: list[Data] = [{"rule": rules[0]}]
    changing: list[Data] = []
    if drawn.draw(st.booleans()):
        any_of = drawn.any_of([*readable, {"modules": [module]}])
        gate = {"gates": "module", "any_of": any_of}
        changing.append(_named(f"{module}g", module, "gate", gate))
    if drawn.draw(st.booleans()):
        row = {"any_of": drawn.any_of(readable), "factor": Decimal("1.5")}
        factor = {"modules": [module], "rows": [row], **drawn.maybe(otherwise=Decimal("0.8"))}
        changing.append(_named(f"{module}f", module, "coefficient", factor))
    if len(rules) > 1 and drawn.draw(st.booleans()):
        exclusive = {"rules": rules[:2], "per": "unit"}
        changing.append(_named(f"{module}x", module, "exclusive", exclusive))
    return changing


def _named(name: str, module: str, kind: str, rule: Data) -> Data:
    names: dict[str, Any] = {"id": name, "chinese": f"规则{name}", "module": module}
    return {**names, **rule, "kind": kind, "clause": name, **NOTE}
