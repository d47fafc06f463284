import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from jsonschema import Draft202012Validator, SchemaError
from pydantic import Field, field_validator

from nodes.base import Context, Node, NodeError, Waiting
from nodes.types import JsonSchema, LongText, Record

MOST_SHOWN = 50_000
"""Characters of what is to be approved that a person is shown."""


@dataclass(frozen=True)
class Decision:
    approved: Record | None
    """What the person filled in."""
    refused: Record | None
    content: str | None
    """What was asked about, where it was approved."""
    decision: str
    """In words: who, when, and what they said of it."""


class Approval(Node):
    """Asks a person whether it may go on. The run is parked until somebody decides, and holds no worker."""

    title = "Human approval"
    icon = "user-check"
    tags = ("human in the loop", "review", "confirm", "decide", "manual", "sign off", "form")

    question: LongText = Field("May this go on?", min_length=1, max_length=2000)
    """What the person is asked."""
    form: JsonSchema = ""
    """What they fill in with their decision: the JSON Schema of an object with plain properties. Empty asks for nothing."""
    hours: float | None = Field(None, gt=0, le=8784)
    """They have so long; empty waits for ever."""
    after_that: Literal["refused", "approved", "fail"] = "refused"
    """What becomes of it when the time is up."""

    @field_validator("form")
    @classmethod
    def _is_a_form(cls, text: str) -> str:
        if not text.strip():
            return text
        try:
            schema = json.loads(text)
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            raise ValueError(f"this is not a JSON Schema: {error.message}") from error
        except ValueError as error:
            raise ValueError(f"this is not JSON: {error}") from error
        if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
            raise ValueError(
                'a form is the JSON Schema of an object: {"type": "object", "properties": {...}}'
            )
        return text

    async def run(self, ctx: Context, content: object) -> Decision:
        said = ctx.answer
        if not isinstance(said, dict):
            raise Waiting(f"approval:{ctx.run_id}:{ctx.node_id}", self._about(str(content)))
        outcome = said.get("outcome")
        if outcome == "fail":
            raise NodeError(f"Nobody decided within {self.hours:g} hours: {self.question}")
        told = _told(said)
        ctx.report("decision", {name: said.get(name) for name in ("outcome", "by", "at", "comment")})
        filled = Record(data=said.get("values") or {})
        if outcome == "approved":
            return Decision(filled, None, str(content), told)
        return Decision(None, filled, None, told)

    def _about(self, content: str) -> dict[str, Any]:
        about = {
            "kind": "approval",
            "question": self.question,
            "details": content[:MOST_SHOWN],
            "form": json.loads(self.form) if self.form.strip() else None,
        }
        if self.hours is not None:
            until = datetime.now(UTC) + timedelta(hours=self.hours)
            about |= {
                "until": until.isoformat(),
                "then": {"outcome": self.after_that, "at": until.isoformat()},
            }
        return about


def _told(said: dict[str, Any]) -> str:
    who = f"by {said['by']}" if said.get("by") else "because the time was up"
    comment = f": {said['comment']}" if said.get("comment") else ""
    return f"{said.get('outcome')} {who}, {said.get('at', '')}{comment}"
