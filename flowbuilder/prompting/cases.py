"""A case: a question, what is expected of its answer, and how far an answer meets that."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from jsonschema import Draft202012Validator, SchemaError
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from flowbuilder.testcases.agreement import agreement, as_object
from nodes.json_rules import errors_of

MOST_CASES = 200
Measure = Literal["agreement", "exact", "contains"]


class Check(BaseModel):
    """A rule that an answer meets or not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["contains", "lacks", "equals", "schema"]
    value: str = Field(max_length=20_000)

    @field_validator("value")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("a check needs a value")
        return value

    @model_validator(mode="after")
    def _is_a_schema(self) -> Check:
        if self.kind != "schema":
            return self
        try:
            Draft202012Validator.check_schema(json.loads(self.value))
        except ValueError as error:
            raise ValueError(f"this is not JSON: {error}") from error
        except SchemaError as error:
            raise ValueError(f"this is not a JSON Schema: {error.message}") from error
        return self

    def holds(self, answer: str) -> bool:
        if self.kind == "contains":
            return self.value.casefold() in answer.casefold()
        if self.kind == "lacks":
            return self.value.casefold() not in answer.casefold()
        if self.kind == "equals":
            return same(answer, self.value)
        return fits(answer, json.loads(self.value))


class Case(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(min_length=1, max_length=20_000)
    expected: str = Field("", max_length=20_000)
    checks: tuple[Check, ...] = Field((), max_length=10)
    origin: str = Field("written", max_length=20)

    @property
    def expects(self) -> bool:
        return bool(self.expected.strip() or self.checks)


Cases = Annotated[tuple[Case, ...], Field(max_length=MOST_CASES)]


def score(answer: str, case: Case, measure: Measure = "agreement") -> float:
    """In 0..1: the mean of how far it says what is expected and of the checks that hold."""
    parts = [float(check.holds(answer)) for check in case.checks]
    if case.expected.strip():
        parts.append(_agrees(answer, case.expected, measure))
    return sum(parts) / len(parts)


def _agrees(answer: str, expected: str, measure: Measure) -> float:
    if measure == "exact":
        return float(same(answer, expected))
    if measure == "contains":
        return float(expected.strip().casefold() in answer.casefold())
    return agreement(expected, answer)


def same(answer: str, expected: str) -> bool:
    """Letter for letter, or as JSON."""
    if answer.strip() == expected.strip():
        return True
    wanted = as_object(expected)
    return wanted is not None and wanted == as_object(answer)


def fits(answer: str, schema: dict[str, Any]) -> bool:
    try:
        return not errors_of(json.loads(answer), schema)
    except ValueError:
        return False
