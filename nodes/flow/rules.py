"""Rules about a value: what a condition compares, and how."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal

import jmespath
import regex
from jmespath.exceptions import JMESPathError
from pydantic import Field, field_validator, model_validator
from pydantic_core import to_jsonable_python

from nodes.base import NodeError
from nodes.types import Value

SECONDS = 0.25
"""A pattern that takes longer on a text is given up."""

Test = Literal[
    "equals", "differs", "contains", "lacks", "starts with", "ends with", "one of", "matches",
    "more than", "at least", "less than", "at most", "empty", "not empty", "true", "false",
]  # fmt: skip
NUMERIC: Mapping[str, Callable[[float, float], bool]] = {
    "more than": lambda left, right: left > right,
    "at least": lambda left, right: left >= right,
    "less than": lambda left, right: left < right,
    "at most": lambda left, right: left <= right,
}
ALONE = {"empty", "not empty", "true", "false"}
"""Tests that compare with nothing."""


class Rule(Value):
    """One comparison."""

    path: str = Field("", max_length=500)
    """Where in the value to look, as JMESPath: ``customer.age``, ``items[0].price``. Empty takes the whole value. Text that is JSON is read."""
    test: Test = "contains"
    """How it is compared."""
    value: str = Field("", max_length=10_000)
    """What it is compared with. For 'one of' separate with commas; for 'matches' a regular expression."""
    ignore_case: bool = True
    """Capital and small letters count as the same."""

    @field_validator("path")
    @classmethod
    def _is_a_path(cls, path: str) -> str:
        try:
            _path(path or "@")
        except JMESPathError as error:
            raise ValueError(f"this is no JMESPath: {error}. Write it like customer.age") from error
        return path

    @model_validator(mode="after")
    def _can_be_compared(self) -> Rule:
        if self.test in NUMERIC and number_of(self.value) is None:
            raise ValueError(f"'{self.test}' compares numbers, and '{self.value}' is none")
        if self.test == "matches":
            try:
                regex.compile(self.value)
            except regex.error as error:
                raise ValueError(f"'{self.value}' is not a regular expression: {error}") from error
        return self

    def holds(self, value: Any) -> bool:
        """Whether the value passes. A number that is compared with what is none does not."""
        found = self.looked_up(value)
        if self.test in ALONE:
            return _alone(self.test, found)
        if self.test in NUMERIC:
            left, right = number_of(found), number_of(self.value)
            return left is not None and right is not None and NUMERIC[self.test](left, right)
        if self.test == "matches":
            return self._matches(text_of(found))
        return self._compares(found)

    def looked_up(self, value: Any) -> Any:
        if not self.path:
            return value
        return _path(self.path).search(plain(value))

    def _matches(self, text: str) -> bool:
        flags = regex.IGNORECASE if self.ignore_case else regex.NOFLAG
        try:
            return regex.search(self.value, text, flags=flags, timeout=SECONDS) is not None
        except TimeoutError as error:
            message = f"The pattern '{self.value}' takes longer than {SECONDS} s on this text; simplify it."
            raise NodeError(message) from error

    def _compares(self, found: Any) -> bool:
        wanted = self._folded(self.value)
        if self.test in {"contains", "lacks"}:
            parts = plain(found)
            inside = (
                wanted in [self._folded(text_of(part)) for part in parts]
                if isinstance(parts, list | dict)
                else wanted in self._folded(text_of(found))
            )
            return inside is (self.test == "contains")
        text = self._folded(text_of(found))
        if self.test == "starts with":
            return text.startswith(wanted)
        if self.test == "ends with":
            return text.endswith(wanted)
        if self.test == "one of":
            return text.strip() in {part.strip() for part in wanted.split(",")}
        return self._same(found, text, wanted) is (self.test == "equals")

    def _same(self, found: Any, text: str, wanted: str) -> bool:
        left, right = number_of(found), number_of(self.value)
        return left == right if left is not None and right is not None else text.strip() == wanted.strip()

    def _folded(self, text: str) -> str:
        return text.casefold() if self.ignore_case else text


def plain(value: Any) -> Any:
    """The value as JSON; text that is a JSON object or list is read."""
    if isinstance(value, str):
        if value.lstrip()[:1] not in {"{", "["}:
            return value
        try:
            return json.loads(value)
        except ValueError:
            return value
    found = to_jsonable_python(value)
    # A record is what it holds: nobody writes 'data.' before each path.
    return found["data"] if isinstance(found, dict) and found.keys() == {"data"} else found


def text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def number_of(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if found == found else None  # not NaN, which is equal to nothing


def _alone(test: str, found: Any) -> bool:
    if test in {"empty", "not empty"}:
        text = text_of(plain(found)).strip()
        return (text in {"", "[]", "{}"}) is (test == "empty")
    said = text_of(found).strip().casefold()
    return said in ({"true", "yes", "1", "on"} if test == "true" else {"false", "no", "0", "off"})


@lru_cache(maxsize=256)
def _path(path: str) -> Any:
    return jmespath.compile(path)
