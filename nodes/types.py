"""The values that travel along wires.

A wire fits when both types are equal, when the target takes ``object``, or when the value type says
how it becomes text (it defines ``__str__``) and the target takes ``str``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator, model_validator

# A setting's type picks its widget in the inspector: the JSON schema carries ``x-widget``.
LongText = Annotated[str, Field(json_schema_extra={"x-widget": "long-text"})]
PromptText = Annotated[str, Field(json_schema_extra={"x-widget": "long-text", "x-prompt": True})]
"""Long text that instructs a model: the editor offers to improve it."""
KnowledgeRef = Annotated[str, Field(json_schema_extra={"x-widget": "knowledge"})]
ModelRef = Annotated[str, Field(json_schema_extra={"x-widget": "model"})]
OperationRef = Annotated[str, Field(json_schema_extra={"x-widget": "operation"})]
"""An operation of an imported API description: ``Deliveries: GET /parcels/{id}``."""
SecretRef = Annotated[str, Field(json_schema_extra={"x-widget": "secret"})]
"""The name of a secret of the workspace. Its value is put in where a request leaves, and never comes to a node."""
FlowRef = Annotated[str, Field(json_schema_extra={"x-widget": "flow"})]
"""Another flow of the workspace: its name, slug or id."""
Needed = Field(json_schema_extra={"x-needed": True})
"""Beside such a reference: the node cannot work before something is chosen."""
DatasetRef = Annotated[str, Field(json_schema_extra={"x-widget": "dataset"})]
JsonSchema = Annotated[str, Field(json_schema_extra={"x-widget": "json-schema"})]
"""A JSON Schema as text; empty means none."""

QUOTED = 300
"""Characters of a passage that a citation repeats."""


class Value(BaseModel):
    """Base of every structured value on a wire: frozen, plain data, JSON both ways."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


TYPE = "$type"


def with_type(value: Any) -> Any:
    """A value as JSON that names its type, for where a port does not say it."""
    return (
        {TYPE: type(value).__name__, **value.model_dump(mode="json")} if isinstance(value, Value) else value
    )


def typed(stored: Any) -> Any:
    """What ``with_type`` gave, as the value that it was; anything else stays as it is."""
    if not isinstance(stored, dict) or TYPE not in stored:
        return stored
    kind = next((kind for kind in _kinds(Value) if kind.__name__ == stored[TYPE]), None)
    return kind.model_validate({k: v for k, v in stored.items() if k != TYPE}) if kind else stored


def _kinds(kind: type[Value]) -> Iterator[type[Value]]:
    for narrower in kind.__subclasses__():
        yield narrower
        yield from _kinds(narrower)


class Items(Value):
    """Several values of any kind, in order. In JSON a structured one names its type."""

    items: tuple[Any, ...] = ()

    @field_serializer("items")
    def _named(self, items: tuple[Any, ...]) -> list[Any]:
        return [with_type(item) for item in items]

    @field_validator("items", mode="before")
    @classmethod
    def _typed(cls, items: Any) -> Any:
        return tuple(typed(item) for item in items) if isinstance(items, list | tuple) else items

    def __str__(self) -> str:
        return "\n\n".join(str(item) for item in self.items)


class Failure(Value):
    """Why a node failed: what its port ``error`` gives."""

    message: str
    node: str = ""
    """Where it failed; inside a group with the path."""

    def __str__(self) -> str:
        return self.message


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
    start: int | None = None
    """With ``end`` where it stands in the document's text, in characters; None where a person wrote it."""
    end: int | None = None

    def cited(self, number: int) -> dict[str, Any]:
        """What a reply says of it: where it stands, and how it begins."""
        return {"number": number, "quote": self.text[:QUOTED], **self.model_dump(exclude={"text", "score"})}


class Passages(Value):
    """What a search found, best first."""

    items: tuple[Passage, ...] = ()
    numbered: bool = False
    """Whether the text puts [1], [2], ... before them."""

    def __str__(self) -> str:
        if not self.numbered:
            return "\n\n".join(passage.text for passage in self.items)
        return "\n\n".join(f"[{number}] {passage.text}" for number, passage in enumerate(self.items, start=1))


class KeptAnswer(Value):
    """What people answered to a question that means the same as the one that is asked."""

    question: str
    """As they had it."""
    answer: str
    score: float
    """How sure it is that both mean the same, in 0..1."""
    source: str = ""
    passage_id: str = ""
    document_id: str = ""

    def cited(self, number: int) -> dict[str, Any]:
        where = {"source": self.source, "passage_id": self.passage_id, "document_id": self.document_id}
        return {"number": number, "quote": self.answer[:QUOTED], **where, "heading": self.question}


class Found(Value):
    """What a search in knowledge gave."""

    passages: Passages = Passages()
    kept: KeptAnswer | None = None
    """The likeliest of the answers that people gave themselves, however unlikely."""
    facts: dict[str, Any] = Field(default_factory=dict)
    """For the trace: what each step took, which index had no say and why."""


class Record(Value):
    """A JSON object, or a list of them, that has been checked against a schema."""

    data: dict[str, Any] | list[Any]

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


class Messages(Value):
    """A conversation, or the end of one: oldest first."""

    items: tuple[Message, ...] = ()

    @property
    def asked(self) -> list[dict[str, str]]:
        """As a model takes them."""
        return [message.model_dump() for message in self.items]

    def __str__(self) -> str:
        return "\n".join(f"{message.role}: {message.content}" for message in self.items)


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


class Figure(Value):
    """One measure of two versions on the same prompts."""

    name: str
    before: float | None = None
    after: float | None = None
    difference: float | None = None
    """None where the two cannot be compared; ``note`` says why."""
    low: float | None = None
    """With ``high`` the 95 % interval of the difference; None where there is too little for one."""
    high: float | None = None
    better: Literal["higher", "lower", "neither"] = "neither"
    count: int = 0
    """Prompts that it was measured on."""
    note: str = ""

    @property
    def sure(self) -> Literal["better", "worse", ""]:
        """Which of the two, where the interval leaves no doubt."""
        if self.low is None or self.high is None or self.better == "neither" or self.low <= 0 <= self.high:
            return ""
        return "better" if (self.low > 0) == (self.better == "higher") else "worse"


class WinRate(Value):
    """How often the new version's answer is the better one; a tie counts half."""

    by: Literal["people", "judge", "reward_model", "rewards"]
    wins: int
    losses: int
    ties: int
    rate: float
    low: float
    """With ``high`` the 95 % interval."""
    high: float
    p: float
    """Of a two-sided sign test: how often chance alone would be as uneven."""
    note: str = ""

    @property
    def count(self) -> int:
        return self.wins + self.losses + self.ties

    @property
    def percent(self) -> int:
        return round(100 * self.rate)

    @property
    def percents(self) -> tuple[int, int]:
        """The interval's."""
        return round(100 * self.low), round(100 * self.high)


class SafetyScore(Value):
    """How safely a version answered the safety set."""

    tass: float
    """Failure 0, Meet 1, Exceed 2: the sum, as a share of the most possible, in 0..100."""
    tast: float
    """The share of answers rated Meet or Exceed, in 0..100."""
    least_tass: float
    """The first if every answer that the rules could not tell were a failure."""
    items: int
    unsure: int = 0
    """Answers that the rules could not tell and nobody else rated."""


class Regression(Value):
    """A prompt that the new version answers worse than the old one did."""

    prompt: str
    before: str
    after: str
    drop: float
    """How much lower its score is."""
    reason: str = ""


class EvaluationReport(Value):
    """What a new version does better and worse than an old one, on prompts that neither learned from."""

    before: str
    """The old version, for example ``starter@1``."""
    after: str
    prompts: int
    left_out: int = 0
    """Prompts too long for one of the two."""
    source: str = ""
    """The dataset version that the prompts came from; empty where there is none."""
    reward_model: str = ""
    judge: str = ""
    figures: tuple[Figure, ...] = ()
    wins: tuple[WinRate, ...] = ()
    safety_before: SafetyScore | None = None
    safety_after: SafetyScore | None = None
    worse: int = 0
    """Prompts that are answered worse."""
    improved: int = 0
    regressions: tuple[Regression, ...] = ()
    """The worst of them, worst first."""
    notes: tuple[str, ...] = ()
    """What was not measured, and why."""
    job: str = ""
    """The job that measured; its page shows every answer."""

    def figure(self, name: str) -> Figure | None:
        return next((found for found in self.figures if found.name == name), None)

    def won(self, by: str) -> WinRate | None:
        return next((found for found in self.wins if found.by == by), None)

    def __str__(self) -> str:
        parts = [f"### {self.after} against {self.before}, {self.prompts} prompts", self._table()]
        parts += [
            f"{self.after} wins {won.rate:.0%} by {won.by.replace('_', ' ')} ({won.low:.0%} to {won.high:.0%}): "
            f"{won.wins} better, {won.losses} worse, {won.ties} equal."
            for won in self.wins
        ]
        parts.append(f"{self.worse} prompts are answered worse, {self.improved} better.")
        parts += [
            f"**Worse by {found.drop:.2f}:** {found.prompt}\n\n- before: {found.before}\n- after: {found.after}"
            for found in self.regressions[:3]
        ]
        return "\n\n".join(parts)

    def _table(self) -> str:
        rows = ["| measure | before | after | difference |", "|---|---|---|---|"]
        rows += [
            f"| {row.name} | {_number(row.before)} | {_number(row.after)} | {_number(row.difference, '+')} |"
            for row in self.figures
        ]
        return "\n".join(rows)


def _number(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.3f}"
