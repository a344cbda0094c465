"""Evaluate the arithmetic of a case exactly: `min(1 * 4, 5 - 3)`, `round(7 / 12 * 10, 1)`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

OPERATORS: Final[dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def half_up(value: Fraction, places: Fraction) -> Fraction:
    """Round half away from zero with the decimal module, independently of the product."""
    # More digits than any value of a case has, so that only the last step rounds.
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    unit = Decimal(1).scaleb(-int(places))
    return Fraction(decimal.quantize(unit, ROUND_HALF_UP))


FUNCTIONS: Final[dict[str, Callable[..., Fraction]]] = {"min": min, "max": max, "round": half_up}


def evaluated_expression(text: str) -> Fraction:
    """Return the exact value of an expression of numbers, + - * / and the functions above."""
    # Numbers are read from the text: 0.1 is a tenth, not the nearest binary float.
    return _value(ast.parse(text, mode="eval").body, text)


def _value(node: ast.expr, text: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(text, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, text)
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, text), _value(node.right, text)
        return OPERATORS[type(node.op)](left, right)
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    return FUNCTIONS[node.func.id](*(_value(argument, text) for argument in node.args))
