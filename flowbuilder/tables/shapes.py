"""What one row of training data looks like, in TRL's formats.

https://huggingface.co/docs/trl/dataset_formats
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

LONGEST = 100_000
"""Characters of one text."""
Text = Annotated[str, StringConstraints(max_length=LONGEST, pattern=r"^[^\x00]*$")]
Asked = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$")]


class Shape(BaseModel):
    """``asked`` is what rows of the same prompt share; ``texts`` all that is written in the row."""

    model_config = ConfigDict(extra="forbid", strict=True)
    kind: ClassVar[str]

    def asked(self) -> str:
        raise NotImplementedError

    def texts(self) -> list[str]:
        raise NotImplementedError

    def opposite(self) -> dict[str, Any] | None:
        """The row that would contradict this one."""
        return None

    def with_prompt(self, prompt: str) -> dict[str, Any]:
        """The same row, asked in other words."""
        return {**self.model_dump(), "prompt": prompt}


class Completion(Shape):
    """A question with the answer to learn: for SFT."""

    kind = "completion"
    prompt: Asked
    completion: Text

    def asked(self) -> str:
        return self.prompt

    def texts(self) -> list[str]:
        return [self.prompt, self.completion]


class Preference(Shape):
    """A question with the better and the worse answer: for reward models, DPO, KTO and ORPO."""

    kind = "preference"
    prompt: Asked
    chosen: Text
    rejected: Text

    @model_validator(mode="after")
    def _differ(self) -> Preference:
        if self.chosen == self.rejected:
            raise ValueError("'chosen' and 'rejected' are the same")
        return self

    def asked(self) -> str:
        return self.prompt

    def texts(self) -> list[str]:
        return [self.prompt, self.chosen, self.rejected]

    def opposite(self) -> dict[str, Any]:
        return {"prompt": self.prompt, "chosen": self.rejected, "rejected": self.chosen}


class Label(Completion):
    """A question, an answer, and whether it is good: for KTO and classification."""

    kind = "label"
    label: bool

    def opposite(self) -> dict[str, Any]:
        return {**self.model_dump(), "label": not self.label}


class Turn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    role: Literal["system", "user", "assistant"]
    content: Text


class Messages(Shape):
    """A conversation that ends with the answer to learn: for SFT of chat models."""

    kind = "messages"
    messages: tuple[Turn, ...] = Field(strict=False, min_length=2, max_length=200)

    @model_validator(mode="after")
    def _ends_with_the_answer(self) -> Messages:
        if self.messages[-1].role != "assistant":
            raise ValueError("the last message must be the assistant's: it is what is learned")
        if not self.asked().strip():
            raise ValueError("nothing is asked: a message of the user's must come before the answer")
        return self

    def asked(self) -> str:
        """All that the user said, in order: conversations that ask the same belong together."""
        return "\n".join(turn.content for turn in self.messages if turn.role == "user")

    def texts(self) -> list[str]:
        return [turn.content for turn in self.messages]

    def with_prompt(self, prompt: str) -> dict[str, Any]:
        """The last question, in other words."""
        turns = [turn.model_dump() for turn in self.messages]
        next(turn for turn in reversed(turns) if turn["role"] == "user")["content"] = prompt
        return {"messages": turns}


class Prompt(Shape):
    """A question alone, perhaps with a right answer: to practise and to measure on."""

    kind = "prompts"
    prompt: Asked
    reference: Text = ""

    def asked(self) -> str:
        return self.prompt

    def texts(self) -> list[str]:
        return [self.prompt, self.reference] if self.reference else [self.prompt]


SHAPES: dict[str, type[Shape]] = {
    shape.kind: shape for shape in (Preference, Completion, Label, Messages, Prompt)
}


def columns_of(kind: str) -> list[str]:
    return list(SHAPES[kind].model_fields)


def shaped(kind: str, row: Any) -> Shape:
    """The row as its kind; ``ValueError`` names the column and says what is wrong with it."""
    shape = SHAPES[kind]
    if not isinstance(row, dict):
        raise ValueError(f"it is no object with {', '.join(columns_of(kind))}")
    try:
        return shape.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        said = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
        if first["type"] == "extra_forbidden":
            said = f"{kind} rows have no such column: they have {', '.join(columns_of(kind))}"
        raise ValueError(f"'{where}': {said}" if where else said) from error
