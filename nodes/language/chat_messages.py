from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from nodes.base import Node
from nodes.text.prompt import NAME
from nodes.types import LongText, Message, Messages

HISTORY = "history"
MOST_ROWS = 50


class Row(BaseModel):
    """One message."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    role: Literal["system", "user", "assistant"] = "user"
    """Who says it: 'system' instructs, 'assistant' shows how an answer looks."""
    template: LongText = ""
    """Each name in double braces becomes an input."""


class ChatMessages(Node):
    """Builds a conversation for a model: instructions, examples, what was said before, the question."""

    title = "Chat messages"
    icon = "messages-square"
    tags = ("system", "user", "assistant", "conversation", "template", "history", "prompt")
    pure = True

    rows: tuple[Row, ...] = Field(
        (Row(role="system", template="You answer in one sentence."), Row(template="{{ question }}")),
        min_length=1,
        max_length=MOST_ROWS,
    )
    """The messages, in order. A message that comes out empty is left out."""
    most_history: int = Field(20, ge=0, le=1000)
    """So many of the last messages at 'history' are taken in, behind the instructions."""

    @field_validator("rows")
    @classmethod
    def _history_is_a_port(cls, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        if any(HISTORY in NAME.findall(row.template) for row in rows):
            raise ValueError(
                "'history' is the port for earlier messages; call the value in your template otherwise"
            )
        return rows

    def inputs(self) -> dict[str, Any]:
        names = [name for row in self.rows for name in NAME.findall(row.template)]
        return {HISTORY: Messages | None, **dict.fromkeys(names, object)}

    async def run(self, history: Messages | None = None, **values: object) -> Messages:
        said = [
            # One pass over each template: a value that holds braces is text, never a second template.
            Message(role=row.role, content=NAME.sub(lambda found: str(values[found[1]]), row.template))
            for row in self.rows
        ]
        said = [message for message in said if message.content.strip()]
        first = next((at for at, message in enumerate(said) if message.role != "system"), len(said))
        earlier = history.items[-self.most_history :] if history and self.most_history else ()
        return Messages(items=(*said[:first], *earlier, *said[first:]))
