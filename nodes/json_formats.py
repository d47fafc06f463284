"""The formats of JSON Schema 2020-12 (Validation, section 7.3) and OpenAPI's, as checks of a value."""

from __future__ import annotations

import base64
import ipaddress
import math
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import regex
from jsonschema import FormatChecker

from nodes.json_patterns import compiled

HOUR = r"(?:[01]\d|2[0-3]):[0-5]\d"
FULL_TIME = rf"{HOUR}:[0-5]\d(?:\.\d+)?(?:Z|z|[+-]{HOUR})"
"""RFC 3339, section 5.6, without leap seconds: too few readers know them."""
DATE = r"(\d{4}-\d{2}-\d{2})"
CLOCK = r"T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)"
DURATION = rf"P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:{CLOCK})?|{CLOCK})"
"""RFC 3339, appendix A."""
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOSTNAME = rf"(?=.{{1,253}}\Z){LABEL}(?:\.{LABEL})*"
WIDE_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
WIDE_HOSTNAME = rf"(?=.{{1,253}}\Z){WIDE_LABEL}(?:\.{WIDE_LABEL})*"
ESCAPED = r"%[0-9A-Fa-f]{2}"
SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
POINTER = r"(?:/(?:[^~/]|~[01])*)*"


def _address(wide: str, *, scheme: str) -> str:
    """RFC 3986, appendix A; ``wide`` are the characters that RFC 3987 adds."""
    plain = rf"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@{wide}]|{ESCAPED})"
    authority = rf"(?://(?:{plain}*+|(?:{plain}*@)?\[[0-9A-Fa-f:.]+\](?::\d*)?)(?=[/?#]|\Z))?"
    return rf"{scheme}{authority}(?:/|{plain})*(?:\?(?:[/?]|{plain})*)?(?:#(?:[/?]|{plain})*)?"


WIDE = r"\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000efffd"
SHAPES = {
    "time": FULL_TIME,
    "duration": DURATION,
    "email": rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{HOSTNAME}",
    "idn-email": rf"[^@\s]+@{WIDE_HOSTNAME}",
    "hostname": HOSTNAME,
    "idn-hostname": WIDE_HOSTNAME,
    "uri": _address("", scheme=SCHEME),
    "uri-reference": _address("", scheme=f"(?:{SCHEME})?"),
    "iri": _address(WIDE, scheme=SCHEME),
    "iri-reference": _address(WIDE, scheme=f"(?:{SCHEME})?"),
    "uri-template": r"(?:[^\s{}<>\"\\^`|]|\{[+#./;?&=,!@|]?[\w.%]+(?::\d{1,4}|\*)?(?:,[\w.%]+(?::\d{1,4}|\*)?)*\})*",
    "uuid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "json-pointer": POINTER,
    "relative-json-pointer": rf"(?:0|[1-9]\d*)(?:#|{POINTER})",
}
_SHAPES = {
    name: regex.compile(shape, regex.ASCII if "idn" not in name else 0) for name, shape in SHAPES.items()
}
_DATE_TIME = regex.compile(rf"{DATE}[Tt]{FULL_TIME}", regex.ASCII)
_DATE = regex.compile(DATE, regex.ASCII)


def _is_day(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if not found:
        return False
    date.fromisoformat(text)
    return True


def _is_moment(text: str) -> bool:
    found = _DATE_TIME.fullmatch(text)
    return bool(found) and _is_day(found[1])


def _has_shape(shape: regex.Pattern[str], text: str) -> bool:
    return shape.fullmatch(text) is not None


def _is_base64(text: str) -> bool:
    return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text


CODED: dict[str, Callable[[str], Any]] = {
    "date": _is_day,
    "date-time": _is_moment,
    "ipv4": lambda text: ipaddress.IPv4Address(text),
    "ipv6": lambda text: ipaddress.IPv6Address(text) and "%" not in text,
    "byte": _is_base64,
    "base64": _is_base64,
    "regex": compiled,
}
NUMBERS: dict[str, Callable[[float], bool]] = {
    "int32": lambda number: number == int(number) and -(2**31) <= number < 2**31,
    "int64": lambda number: number == int(number) and -(2**63) <= number < 2**63,
    "float": lambda number: abs(number) <= 3.4028234663852886e38,
    "double": math.isfinite,
}
FREE = ("binary", "password")
"""Formats that only say how a text is shown or sent."""


def _checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, shape in _SHAPES.items():
        checker.checks(name)(_of_text(partial(_has_shape, shape)))
    for name, check in CODED.items():
        checker.checks(name, raises=(ValueError, regex.error))(_of_text(check))
    for name, fits in NUMBERS.items():
        checker.checks(name, raises=OverflowError)(_of_number(fits))
    return checker


def _of_text(check: Callable[[str], Any]) -> Callable[[object], bool]:
    """A format says nothing of other types."""
    return lambda value: not isinstance(value, str) or bool(check(value))


def _of_number(check: Callable[[float], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, bool) or not isinstance(value, int | float) or check(value)


CHECKER = _checker()
