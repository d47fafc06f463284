"""A record that satisfies its schema, whichever model writes it: checked, and mended field by field."""

import json
from typing import Any
from zlib import crc32

from jsonschema import Draft202012Validator, SchemaError
from pydantic import Field, field_validator

from nodes.base import Context, Node, NodeError, PromptTooLong
from nodes.language.fields import schema_of, shortened
from nodes.language.repair import repaired
from nodes.mock.records import Unsatisfiable
from nodes.tools.responses import operation_of, schema_for
from nodes.types import JsonSchema, OperationRef, Record

NO_SCHEMA = (
    "No schema: set 'json_schema' or 'operation', or let the prompt list the record's fields, one a line: "
    "'- weight_kg: number'."
)


class Recorded(Node):
    json_schema: JsonSchema = ""
    """The record's JSON Schema. Empty takes the operation's, or reads the fields out of the prompt: lines such as '- weight_kg: number'."""
    operation: OperationRef = ""
    """An operation of an imported API, whose answer the record is; used where no JSON Schema is set."""
    temperature: float = Field(0.7, ge=0, le=2)
    """0 always takes the likeliest value; higher varies more."""
    max_new_tokens: int = Field(512, ge=16, le=8192)
    """The record's length limit, in tokens. What a record that is cut off lacks is filled in."""
    seed: int | None = None
    """The same seed gives the same record."""

    @field_validator("json_schema")
    @classmethod
    def _is_a_schema(cls, value: str) -> str:
        if not value.strip():
            return value
        try:
            schema = json.loads(value)
            if not isinstance(schema, dict) or schema.get("type") not in ("object", None):
                raise ValueError('a record\'s schema has "type": "object" at its top')
            Draft202012Validator.check_schema(schema)
        except json.JSONDecodeError as error:
            raise ValueError(f"this is not JSON: {error.msg} in line {error.lineno}") from error
        except SchemaError as error:
            raise ValueError(f"this is not a JSON Schema: {error.message}") from error
        return value

    async def record(self, ctx: Context, prompt: str) -> Record:
        schema = await self._schema(ctx, prompt)
        try:
            text = await self._written(ctx, prompt, schema)
        except PromptTooLong:
            shorter = shortened(prompt)
            if shorter is None:
                raise
            text = await self._written(ctx, shorter, schema)
            ctx.report("metric", {"shortened": "to the fields of the record"})
        seed = crc32(text.encode()) if self.seed is None else self.seed
        try:
            made = repaired(text, schema, seed=seed)
        except Unsatisfiable as error:
            raise NodeError(f"No record satisfies the schema. {error}.") from error
        if made.mended:
            reasons = {mended.field: mended.reason for mended in made.mended}
            ctx.report("metric", {"repaired": list(reasons), "reasons": reasons, "cut_off": made.cut_off})
        return Record(data=made.record)

    async def _written(self, ctx: Context, prompt: str, schema: dict[str, Any]) -> str:
        """What a model says to the prompt, as far as it can under the schema."""
        raise NotImplementedError

    async def _schema(self, ctx: Context, prompt: str) -> dict[str, Any]:
        if self.json_schema.strip():
            found: dict[str, Any] = json.loads(self.json_schema)
            return found
        if self.operation:
            return schema_for(await operation_of(ctx, self.operation), "")
        schema = schema_of(prompt)
        if schema is None:
            raise NodeError(NO_SCHEMA)
        return schema
