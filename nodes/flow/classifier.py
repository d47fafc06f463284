import json
import math
from typing import Any, Literal

from pydantic import Field, field_validator

from nodes.base import Context, Node, NodeError, Sampling
from nodes.types import Label, ModelRef, Value

OTHER = "other"
WARMTH = 0.05
"""Temperature at which likenesses become shares: texts of one topic and of another differ by about two of it."""


class Choice(Value):
    """A label, and what belongs under it."""

    name: str = Field(pattern=r"^[A-Za-z]\w{0,39}$")
    """The name of its output."""
    description: str = Field("", max_length=1000)
    """What belongs under it, in a sentence."""
    examples: tuple[str, ...] = Field((), max_length=50)
    """Texts that do."""

    @property
    def told(self) -> list[str]:
        """Every text that stands for it."""
        return [self.description or self.name.replace("_", " "), *self.examples]


class Classifier(Node):
    """Sends a text to the label that fits it best, by likeness to descriptions and examples or by a model's choice."""

    title = "Classifier"
    icon = "signpost"
    tags = ("intent", "topic", "router", "categories", "semantic", "embedding", "branch")
    attempts = 3
    timeout = 900

    by: Literal["likeness", "model"] = "likeness"
    """'likeness' compares meanings with the embedder that is shipped (English); 'model' lets a model of yours choose, and it can say nothing but a label."""
    labels: tuple[Choice, ...] = Field(
        (
            Choice(name="question", description="somebody asks for information"),
            Choice(name="complaint", description="somebody is unhappy with something"),
        ),
        min_length=2,
        max_length=50,
    )
    """Each is an output."""
    least: float = Field(0.2, ge=0, le=1)
    """For 'likeness': a text that is less alike than this to every label goes to 'other'."""
    model: ModelRef = "starter"
    """For 'model'."""

    @field_validator("labels")
    @classmethod
    def _have_names_of_their_own(cls, labels: tuple[Choice, ...]) -> tuple[Choice, ...]:
        names = [label.name for label in labels]
        for name in names:
            if name in {OTHER, "label"}:
                raise ValueError(f"'{name}' is an output of its own; choose another name")
            if names.count(name) > 1:
                raise ValueError(f"two labels are called '{name}'")
        return labels

    def outputs(self) -> dict[str, Any]:
        return {**{label.name: str for label in self.labels}, OTHER: str, "label": Label}

    async def run(self, ctx: Context, text: str) -> dict[str, Any]:
        taken, label = await (self._alike(ctx, text) if self.by == "likeness" else self._chosen(ctx, text))
        ctx.report("metric", {"label": taken, "probability": round(label.probability, 3)})
        return {taken: text, "label": label}

    async def _alike(self, ctx: Context, text: str) -> tuple[str, Label]:
        """The label whose nearest text is nearest (Cover and Hart 1967, one neighbour, by the cosine)."""
        if ctx.embedding is None:
            raise NodeError("This installation has no embedder; set 'by' to 'model'.")
        told = [(label.name, said) for label in self.labels for said in label.told]
        asked, *known = await ctx.embedding.vectors([text, *(said for _, said in told)])
        alike = {label.name: -1.0 for label in self.labels}
        for (name, _), vector in zip(told, known, strict=True):
            alike[name] = max(alike[name], sum(a * b for a, b in zip(asked, vector, strict=True)))
        best = max(alike, key=lambda name: alike[name])
        shares = {name: math.exp((likeness - alike[best]) / WARMTH) for name, likeness in alike.items()}
        total = sum(shares.values())
        shares = {name: share / total for name, share in shares.items()}
        ctx.report("metric", {"likeness": {name: round(likeness, 3) for name, likeness in alike.items()}})
        said = best if alike[best] >= self.least else OTHER
        return said, Label(label=said, probability=shares[best], probabilities=shares)

    async def _chosen(self, ctx: Context, text: str) -> tuple[str, Label]:
        names = [*(label.name for label in self.labels), OTHER]
        schema = {
            "type": "object",
            "properties": {"label": {"enum": names}},
            "required": ["label"],
            "additionalProperties": False,
        }
        stream = ctx.models.generate(
            self.model, self._prompt(text), sampling=Sampling(max_new_tokens=64, temperature=0), schema=schema
        )
        written = "".join([piece async for piece in stream])
        said = _label_in(written, names)
        if said is None:
            message = f"The model '{self.model}' named none of the labels {', '.join(names)}: it wrote '{written[:80]}'."
            raise NodeError(message)
        return said, Label(label=said, probability=1.0, probabilities={said: 1.0})

    def _prompt(self, text: str) -> str:
        lines = [f"- {label.name}: {label.description or label.name}" for label in self.labels]
        shots = [
            f"Text: {example}\n{json.dumps({'label': label.name})}"
            for label in self.labels
            for example in label.examples[:3]
        ]
        listed = "\n".join([*lines, f"- {OTHER}: none of these"])
        asked = f"Which label fits the text? Answer with JSON.\n\nLabels:\n{listed}"
        return "\n\n".join([asked, *shots, f"Text: {text}"])


def _label_in(written: str, names: list[str]) -> str | None:
    try:
        said = json.loads(written)["label"]
    except (ValueError, KeyError, TypeError):
        return None
    return said if said in names else None
