"""Rewards text that is JSON and satisfies a schema."""

from __future__ import annotations

import json
from typing import Any, Literal

from jsonschema import Draft202012Validator, SchemaError
from pydantic import field_validator

from nodes.json_rules import errors_of
from nodes.reward.rewards.setting import Measured, RewardSetting
from nodes.types import JsonSchema


def valid_json(text: str, *, prompt: str = "", reference: str = "", json_schema: str = "") -> Measured:
    """1 for valid, 0 for no JSON; JSON that breaks ``n`` of the schema's rules gets ``1 / (2 + n)``.

    The middle values give reinforcement learning a slope to climb.
    """
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        return 0.0, f"not JSON: {error}"
    errors = errors_of(value, json.loads(json_schema)) if json_schema.strip() else []
    if errors:
        return 1 / (2 + len(errors)), errors[0]
    return 1.0, "valid"


class ValidJson(RewardSetting):
    """Is it JSON, and does it satisfy the schema?"""

    kind: Literal["valid_json"] = "valid_json"
    json_schema: JsonSchema = ""
    """The JSON Schema to satisfy; empty takes any JSON."""

    @field_validator("json_schema")
    @classmethod
    def _is_a_schema(cls, value: str) -> str:
        if value.strip():
            try:
                Draft202012Validator.check_schema(json.loads(value))
            except json.JSONDecodeError as error:
                raise ValueError(f"this is not JSON: {error.msg} in line {error.lineno}") from error
            except SchemaError as error:
                raise ValueError(f"this is not a JSON Schema: {error.message}") from error
        return value

    def measure(self, text: str, *, prompt: str = "", reference: str = "") -> Measured:
        return valid_json(text, json_schema=self.json_schema)
