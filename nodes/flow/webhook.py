import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jsonschema import Draft202012Validator, SchemaError
from pydantic import Field, field_validator

from nodes.base import Context, Node
from nodes.flow.entering import given_by, is_tried
from nodes.types import JsonSchema, LongText, Record


@dataclass(frozen=True)
class Call:
    body: Record | None
    headers: Record | None
    query: Record | None


class Webhook(Node):
    """Where a run begins that another program starts: it sends JSON to this flow's own secret address."""

    title = "Webhook"
    icon = "webhook"
    tags = ("input", "start", "trigger", "http", "post", "json", "event", "begin")

    answers: Literal["at once", "with the reply"] = "at once"
    """'at once' accepts the call (202) and runs behind it; 'with the reply' keeps the caller waiting for the flow's reply."""
    patience: int = Field(60, ge=1, le=300)
    """Seconds that a caller who waits is kept; then it is told that the run goes on (202)."""
    json_schema: JsonSchema = ""
    """What a body must satisfy; others are refused (422). Empty takes every JSON object or list."""
    most_kilobytes: int = Field(256, ge=1, le=4096)
    """Larger bodies are refused (413)."""
    example: LongText = '{\n  "text": "Hello"\n}'
    """The body that a run of the draft is given."""

    @field_validator("json_schema")
    @classmethod
    def _is_a_schema(cls, text: str) -> str:
        if text.strip():
            try:
                Draft202012Validator.check_schema(json.loads(text))
            except SchemaError as error:
                raise ValueError(f"this is not a JSON Schema: {error.message}") from error
            except ValueError as error:
                raise ValueError(f"this is not JSON: {error}") from error
        return text

    @field_validator("example")
    @classmethod
    def _is_json(cls, text: str) -> str:
        try:
            found = json.loads(text)
        except ValueError as error:
            raise ValueError(f"this is not JSON: {error}") from error
        if not isinstance(found, dict | list):
            raise ValueError("a JSON object or list is needed")
        return text

    async def run(self, ctx: Context) -> Call:
        if is_tried(ctx):
            return Call(Record(data=json.loads(self.example)), Record(data={}), Record(data={}))
        given = given_by(ctx, "webhook")
        if given is None:
            return Call(None, None, None)
        return Call(*(_record(given, name) for name in ("body", "headers", "query")))


def _record(given: Mapping[str, Any], name: str) -> Record:
    found = given.get(name)
    return Record(data=found if isinstance(found, dict | list) else {})
