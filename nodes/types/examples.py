"""What a model is trained and measured on."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from nodes.types.messages import Message
from nodes.types.value import Value


class PreferencePair(Value):
    """One prompt with the answer that people chose and the one they rejected."""

    prompt: str
    chosen: str
    rejected: str


class Preferences(Value):
    """Preference data for a reward model or DPO."""

    pairs: tuple[PreferencePair, ...] = ()
    source: str = ""
    """The dataset version that they came from, for example ``support@3``; empty where there is none."""


class Demonstration(Value):
    """A conversation that ends with the answer people want.

    Written ``{"messages": [...]}``, or ``{"prompt", "completion"}`` for a question and its answer.
    """

    messages: tuple[Message, ...] = Field(min_length=2)

    @model_validator(mode="before")
    @classmethod
    def _question_and_answer(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not {"prompt", "completion"} & data.keys():
            return data
        if missing := {"prompt", "completion"} - data.keys():
            raise ValueError(f"'{missing.pop()}' is missing")
        others = {name: value for name, value in data.items() if name not in {"prompt", "completion"}}
        asked = {"role": "user", "content": data["prompt"]}
        return {**others, "messages": [asked, {"role": "assistant", "content": data["completion"]}]}

    @model_validator(mode="after")
    def _ends_with_the_answer(self) -> Demonstration:
        if self.messages[-1].role != "assistant":
            raise ValueError("the last message must be the assistant's: it is what is learned")
        return self

    @property
    def asked(self) -> list[dict[str, str]]:
        """All messages but the answer."""
        return [message.model_dump() for message in self.messages[:-1]]

    @property
    def answer(self) -> str:
        return self.messages[-1].content


class Demonstrations(Value):
    """Answers to learn from, for supervised fine-tuning."""

    examples: tuple[Demonstration, ...] = ()
    source: str = ""
    """The dataset version that they came from; empty where there is none."""


class LabelledText(Value):
    """A text and what it is: for a classifier."""

    text: str = Field(min_length=1)
    label: str = Field(min_length=1, max_length=100)


class LabelledTexts(Value):
    """Texts with their labels, to learn to classify from."""

    labelled: tuple[LabelledText, ...] = ()
    source: str = ""
    """The dataset version that they came from; empty where there is none."""


class PromptLine(Value):
    """One prompt to practise, compare or measure on."""

    prompt: str
    reference: str = ""
    """A right answer, for rewards and measures that compare with one."""


class Prompts(Value):
    """Prompts, to practise or to measure on."""

    lines: tuple[PromptLine, ...] = ()
    source: str = ""
    """The dataset version that they came from; empty where there is none."""
