"""A line's formula with the numbers put in, for every kind of rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from projections.scoring.rounding import decimal_text
from projections.scoring.score_line import ScoreLine

_PLACES: Final = 6
_NAMED: Final = 3
"""Neighbours told by name; the rest are counted, JSON has them all."""
Inputs = Mapping[str, Any]


def formula(line: ScoreLine) -> str:
    """The numbers put in; what a line of this shape shows is told by what it was worked out from."""
    inputs = {name: _shown(value) for name, value in line.inputs.items()}
    for name, tell in _BY_INPUT.items():
        if name in inputs:
            return tell(inputs) + _neighbours(inputs)
    return _counted(inputs)


def _shown(value: Any) -> Any:
    if isinstance(value, Fraction):
        return decimal_text(value, _PLACES)
    if isinstance(value, list):
        return [
            {name: _shown(inner) for name, inner in one.items()} if isinstance(one, dict) else one
            for one in value
        ]
    return value


def _counted(inputs: Inputs) -> str:
    """Points for each thing counted, for so many of it, or for an amount."""
    text = str(inputs["points"])
    if "amount" in inputs:
        text = (
            inputs["amount"]
            if inputs["points"] == inputs["per"]
            else f"{inputs['amount']} × {inputs['points']}/{inputs['per']}"
        )
    if "value" in inputs:
        text = f"{text} × {inputs['value']}"
    if "due" in inputs and "actual" in inputs:
        text += say(
            msg(" (due {due}, actual {actual})"), due=inputs["due"], actual=inputs["actual"]
        )
    if "shared_by" in inputs:
        text += say(msg(" (shared by {count})"), count=inputs["shared_by"])
    if "count" in inputs:
        text = f"{text}（共 {inputs['count']} 次）"
    return f"{text} × {inputs['coefficient']}" if inputs.get("coefficient", "1") != "1" else text


def _value(inputs: Inputs) -> str:
    """A unit's value: what was counted, over its target where there is one; its name, where it is an indicator's."""
    if "target" not in inputs:
        return str(inputs["actual"])
    return (
        f"{inputs['actual']} ÷ {inputs['target']}"
        if inputs["target"] != "0"
        else str(inputs["ratio"])
    )


def _limit(inputs: Inputs) -> str:
    return f"{inputs['sum']} → {inputs.get('cap', inputs.get('floor'))}"


def _ends(inputs: Inputs) -> str:
    return "".join(
        f"，{title} {inputs[name]}"
        for name, title in (("floor", "保底"), ("cap", "封顶"))
        if name in inputs
    )


def _bracket(inputs: Inputs) -> str:
    if inputs["band"] is None:
        return say(msg("{value} lies in no band"), value=_value(inputs))
    slope = (
        f" + {inputs['slope']} × {inputs.get('ratio', inputs['actual'])}"
        if "slope" in inputs
        else ""
    )
    return f"{_value(inputs)} ∈ {inputs['band']} → {inputs['points']}{slope}"


def _stepped(inputs: Inputs) -> str:
    sign, moved = (
        ("−", inputs["moved"][1:]) if inputs["moved"].startswith("-") else ("+", inputs["moved"])
    )
    return f"{_value(inputs)} = {inputs['percent']} %: {inputs['base']} {sign} {moved}"


def _composite(inputs: Inputs) -> str:
    parts = " + ".join(f"{part['value']} × {part['share']}" for part in inputs["parts"])
    return f"({parts}) ÷ {inputs['out_of']} × {inputs['weight']}{_ends(inputs)}"


def _rank(inputs: Inputs) -> str:
    if inputs["place"] is None:
        return say(msg("{value}: without a place"), value=_value(inputs))
    return say(
        msg("{value}: place {place} of {of}"),
        value=_value(inputs),
        place=inputs["place"],
        of=inputs["of"],
    )


def _minmax(inputs: Inputs) -> str:
    x, least, greatest = inputs.get("ratio", inputs["actual"]), inputs["least"], inputs["greatest"]
    if least == greatest:
        return (
            say(msg("all are alike: {mark}"), mark=inputs["mark"])
            + f" ÷ {inputs['out_of']} × {inputs['weight']}"
        )
    return f"(({x} − {least}) ÷ ({greatest} − {least}) × {inputs['span']} + {inputs['base']}) ÷ {inputs['out_of']} × {inputs['weight']}"


def _relative(inputs: Inputs) -> str:
    return f"{_value(inputs)} ÷ {inputs['greatest']} × {inputs['weight']}"


def _shut(inputs: Inputs) -> str:
    looked = "；".join(
        f"{word(one['what'])} {one['value']}{' ✓' if one['holds'] else ' ✗'}"
        for one in inputs["conditions"]
    )
    return say(msg("does not count: {conditions}"), conditions=looked)


def _neighbours(inputs: Inputs) -> str:
    units = inputs.get("neighbours") or []
    if not units:
        return ""
    named = "、".join(units[:_NAMED]) + (f" 等 {len(units)} 家" if len(units) > _NAMED else "")
    return say(msg("; depends on {units}"), units=named)


_BY_INPUT: Final[dict[str, Callable[[Inputs], str]]] = {
    "sum": _limit,
    "shut": _shut,
    "left_for": lambda inputs: say(msg("only {rule} counts"), rule=inputs["left_for"]),
    "left_out": lambda inputs: say(msg("only {rule} counts"), rule=inputs["kept"]),
    "sum_of_rule": lambda inputs: f"{inputs['sum_of_rule']} × ({inputs['factor']} − 1)",
    "start": lambda inputs: say(msg("full start {points}"), points=inputs["start"]),
    "band": _bracket,
    "percent": _stepped,
    "parts": _composite,
    "place": _rank,
    "least": _minmax,
    "greatest": _relative,
    "weight": lambda inputs: f"{_value(inputs)} × {inputs['weight']}{_ends(inputs)}",
}
"""The input that gives a line's shape away, and how that shape is told."""
