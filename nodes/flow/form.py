from typing import Any

from pydantic import Field, field_validator

from nodes.base import Context, Node, NodeError
from nodes.flow.entering import by_trigger
from nodes.flow.fields import FormField, TextField, check


class Form(Node):
    """Where a run begins that people start by filling in a form: one output for each field."""

    title = "Form"
    icon = "clipboard-list"
    tags = ("input", "start", "fields", "questionnaire", "upload", "begin")

    intro: str = Field("", max_length=500)
    """Stands above the form."""
    button: str = Field("Run", max_length=40)
    """What the form's button says."""
    fields: tuple[FormField, ...] = Field((TextField(name="subject"),), min_length=1, max_length=50)
    """What is asked for. Each is an output, and an input of the run over HTTP."""

    @field_validator("fields")
    @classmethod
    def _differ(cls, fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
        names = [field.name for field in fields]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise ValueError(f"two fields are called '{twice}'")
        return fields

    def outputs(self) -> dict[str, Any]:
        return {field.name: field.port for field in self.fields}

    async def run(self, ctx: Context) -> dict[str, Any]:
        if by_trigger(ctx):
            return {}
        values, wrong = check(self.fields, ctx.inputs)
        if wrong:
            raise NodeError(" ".join(wrong.values()))
        return values
