"""The values that travel along wires.

A wire fits when both types are equal, when the target takes ``object``, or when the value type says
how it becomes text (it defines ``__str__``) and the target takes ``str``.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

# A setting's type picks its widget in the inspector: the JSON schema carries ``x-widget``.
LongText = Annotated[str, Field(json_schema_extra={"x-widget": "long-text"})]
KnowledgeRef = Annotated[str, Field(json_schema_extra={"x-widget": "knowledge"})]
ModelRef = Annotated[str, Field(json_schema_extra={"x-widget": "model"})]
DatasetRef = Annotated[str, Field(json_schema_extra={"x-widget": "dataset"})]
JsonSchema = Annotated[str, Field(json_schema_extra={"x-widget": "json-schema"})]
"""A JSON Schema as text; empty means none."""


class Value(BaseModel):
    """Base of every structured value on a wire: frozen, plain data, JSON both ways."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Passage(Value):
    """One piece of a document that a search found."""

    text: str
    source: str
    """Name of the document it stands in."""
    score: float
    """Fused score; higher is better, comparable within one search only."""
    passage_id: str = ""
    document_id: str = ""
    heading: str = ""


class Passages(Value):
    """What a search found, best first."""

    items: tuple[Passage, ...] = ()

    def __str__(self) -> str:
        return "\n\n".join(passage.text for passage in self.items)


class Record(Value):
    """A JSON object that has been checked against a schema."""

    data: dict[str, Any]

    def __str__(self) -> str:
        return json.dumps(self.data, ensure_ascii=False)


class Candidates(Value):
    """Several answers to one prompt."""

    prompt: str
    answers: tuple[str, ...]


class ScorePart(Value):
    """One reward's share of a score."""

    name: str
    value: float
    """In 0..1."""
    weight: float
    reason: str = ""


class Score(Value):
    """A weighted mean of rewards, with its parts."""

    value: float
    parts: tuple[ScorePart, ...] = ()

    def __str__(self) -> str:
        return f"{self.value:.3f}"


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


class Message(Value):
    role: Literal["system", "user", "assistant"]
    content: str


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


class Label(Value):
    """What a classifier says of a text."""

    label: str
    """The likeliest."""
    probability: float
    probabilities: dict[str, float]
    """Of every label."""

    def __str__(self) -> str:
        return self.label


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


class ModelVersion(Value):
    """A model version in the hub: usable wherever a model is chosen."""

    ref: str
    """What a model setting holds, for example ``starter@2``."""
    kind: Literal["causal", "seq2seq", "reward", "classifier"] = "causal"
    metrics: dict[str, float] = Field(default_factory=dict)

    def __str__(self) -> str:
        return self.ref
