"""Sums as people write them, worked out without running code: a small language over decimal numbers."""

from __future__ import annotations

import ast
import decimal
import math
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

LONGEST = 1000
MOST_PARTS = 300
NUMBERS = decimal.Context(
    prec=34,
    Emax=6144,
    Emin=-6143,
    traps=[decimal.DivisionByZero, decimal.Overflow, decimal.InvalidOperation],
)
"""IEEE 754-2008's decimal128: 0.1 + 0.2 is 0.3, and no sum grows without end."""
SHOWN = 15
"""Significant digits of what a function such as ``sqrt`` gives: a double knows no more."""

OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: NUMBERS.add,
    ast.Sub: NUMBERS.subtract,
    ast.Mult: NUMBERS.multiply,
    ast.Div: NUMBERS.divide,
    ast.FloorDiv: NUMBERS.divide_int,
    ast.Mod: NUMBERS.remainder,
    ast.Pow: NUMBERS.power,
}
CONSTANTS = {"pi": Decimal(repr(math.pi)), "e": Decimal(repr(math.e)), "tau": Decimal(repr(math.tau))}


class NotASum(ValueError):
    """The message says what stands in the way, for the person."""


def _by_double(function: Callable[..., float]) -> Callable[..., Decimal]:
    return lambda *numbers: Decimal(f"{function(*map(float, numbers)):.{SHOWN}g}")


def _rounded(number: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-int(places)), rounding=decimal.ROUND_HALF_UP, context=NUMBERS)


EXACT: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": lambda number: Decimal(math.ceil(number)),
    "floor": lambda number: Decimal(math.floor(number)),
    "max": max,
    "min": min,
    "round": _rounded,
    "sqrt": NUMBERS.sqrt,
    "sum": lambda *numbers: sum(numbers, Decimal(0)),
    "mean": lambda *numbers: NUMBERS.divide(sum(numbers, Decimal(0)), Decimal(len(numbers))),
}
BY_DOUBLE = ("acos", "asin", "atan", "cos", "degrees", "exp", "log", "log10", "log2", "radians", "sin", "tan")
FUNCTIONS = EXACT | {name: _by_double(getattr(math, name)) for name in BY_DOUBLE}


def worked_out(text: str) -> str:
    """The result as a plain number. Raises ``NotASum``."""
    if len(text) > LONGEST:
        raise NotASum(f"it has {len(text)} characters; {LONGEST} are read")
    spoken = (
        text.strip()
        .replace("×", "*")
        .replace("·", "*")
        .replace("÷", "/")
        .replace("−", "-")
        .replace("^", "**")
    )
    try:
        tree = ast.parse(spoken, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotASum("it is no sum, such as (3 + 4) * 2.5") from error
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS:
        raise NotASum("it has too many parts")
    try:
        return plain(_value(tree.body))
    except decimal.DivisionByZero as error:
        raise NotASum("it divides by zero") from error
    except decimal.Overflow as error:
        raise NotASum("the result is too large") from error
    except (decimal.InvalidOperation, OverflowError, ValueError, TypeError) as error:
        if isinstance(error, NotASum):
            raise
        raise NotASum(
            "it has no result among the numbers, or a function has the wrong number of values"
        ) from error


def _value(part: ast.expr) -> Decimal:
    match part:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float()):
            return NUMBERS.create_decimal(repr(part.value))
        case ast.Name(id=name) if name in CONSTANTS:
            return CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _value(inner)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATORS:
            return OPERATORS[type(sign)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=values, keywords=[]) if name in FUNCTIONS:
            found = FUNCTIONS[name](*map(_value, values))
            return NUMBERS.create_decimal(found)
    known = ", ".join(sorted([*FUNCTIONS, *CONSTANTS]))
    raise NotASum(f"'{ast.unparse(part)[:40]}' is not known; there are + - * / // % ^, brackets and {known}")


def plain(number: Decimal) -> str:
    """Without needless zeros, and without an exponent where it can be read so."""
    if number == 0:
        return "0"
    short = number.normalize(NUMBERS)
    return f"{short:f}" if abs(operator.index(short.adjusted())) <= 20 else f"{short:e}"
