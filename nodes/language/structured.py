import json
from typing import Any

from jsonschema import Draft202012Validator, SchemaError
from pydantic import Field, field_validator

from nodes.base import Context, Node, NodeError, Sampling
from nodes.language.fields import schema_of
from nodes.language.repair import errors_of, repair
from nodes.types import JsonSchema, ModelRef, Record


class StructuredRecord(Node):
    """Answers a prompt with a JSON record that always satisfies its schema: constrained, validated, repaired."""

    title = "Structured record"
    icon = "braces"
    tags = ("json", "schema", "structured output", "record", "mock")
    attempts = 4
    timeout = 900

    model: ModelRef = "starter"
    """A model of this workspace; 'starter' came with Flowbuilder."""
    json_schema: JsonSchema = ""
    """The record's JSON Schema. Empty reads the fields out of the prompt: lines such as '- weight_kg: number'."""
    temperature: float = Field(0.7, ge=0, le=2)
    """0 always takes the likeliest value; higher varies more."""
    max_new_tokens: int = Field(512, ge=16, le=8192)
    """The record's length limit, in tokens."""
    seed: int | None = None
    """The same seed gives the same record."""

    @field_validator("json_schema")
    @classmethod
    def _is_a_schema(cls, value: str) -> str:
        if not value.strip():
            return value
        try:
            schema = json.loads(value)
            if not isinstance(schema, dict) or schema.get("type") not in {"object", None}:
                raise ValueError('a record\'s schema has "type": "object" at its top')
            Draft202012Validator.check_schema(schema)
        except json.JSONDecodeError as error:
            raise ValueError(f"this is not JSON: {error.msg} in line {error.lineno}") from error
        except SchemaError as error:
            raise ValueError(f"this is not a JSON Schema: {error.message}") from error
        return value

    async def run(self, ctx: Context, prompt: str) -> Record:
        schema: dict[str, Any] | None = (
            json.loads(self.json_schema) if self.json_schema.strip() else schema_of(prompt)
        )
        if schema is None:
            raise NodeError(
                "No schema: set 'json_schema', or let the prompt list the record's fields, one a line: '- weight_kg: number'."
            )
        sampling = Sampling(max_new_tokens=self.max_new_tokens, temperature=self.temperature, seed=self.seed)
        text = "".join(
            [
                piece
                async for piece in ctx.models.generate(self.model, prompt, sampling=sampling, schema=schema)
            ]
        )
        record, mended = repair(_parsed(text), schema)
        if left := errors_of(record, schema):
            raise NodeError(f"The record could not be made to fit its schema: {left[0]}.")
        if mended:
            ctx.report("metric", {"repaired": mended})
        return Record(data=record)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        # Cut off at its length limit: what it lacks is repaired field by field.
        return {}
