import re
from typing import Any, Literal

from pydantic import Field, field_validator

from nodes.base import Context, NodeError
from nodes.training.job import TrainingNode, trained
from nodes.types import Demonstrations, LongText, ModelVersion

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class Pretrain(TrainingNode):
    """Trains a new small language model from nothing: its vocabulary and its weights, from your own texts."""

    title = "Pre-train"
    icon = "sprout"
    tags = ("pretrain", "from scratch", "gpt", "language model", "corpus", "tokenizer", "train", "job")

    name: str = "own"
    """What the new model is called; a second training of the same name gives its next version."""
    texts: LongText = ""
    """What it reads beside what is wired in; a line of three dashes stands between two documents."""
    size: Literal["tiny", "small", "medium", "large", "custom"] = "small"
    """Tiny learns in minutes, small in about an hour of a processor, medium and large want a GPU; custom is set below."""
    architecture: Literal["lfm2", "gpt2"] = "lfm2"
    """LFM2 mixes attention with short convolutions and learns to copy soon; GPT-2 is the plain kind."""
    steps: int = Field(2000, ge=1, le=1_000_000)
    """Training steps."""
    batch_tokens: int = Field(3072, ge=64, le=1_048_576)
    """Tokens a step."""
    learning_rate: float = Field(2e-3, gt=0, le=0.1)
    """How far a step moves the weights, at most."""
    warmup_steps: int = Field(150, ge=0, le=100_000)
    """Steps in which the rate rises from nothing."""
    vocab_size: int = Field(1536, ge=300, le=65_536)
    """How many different tokens it knows; more make texts shorter and the model larger."""
    max_length: int = Field(768, ge=16, le=8192)
    """Tokens that it can read at once."""
    held_out: float = Field(0.05, ge=0, le=0.5)
    """The share of the texts kept aside to measure the perplexity."""
    copying: bool = False
    """Practises copying on the side, which a small model needs that shall repeat names from its prompt."""
    layers: int = Field(7, ge=2, le=64)
    """Custom size: layers."""
    hidden_size: int = Field(192, ge=16, le=4096)
    """Custom size: width; a multiple of the heads."""
    intermediate_size: int = Field(384, ge=16, le=16_384)
    """Custom size: width of the feed-forward layers."""
    heads: int = Field(4, ge=1, le=64)
    """Custom size: attention heads."""
    seed: int = 1
    """The same seed gives the same weights to begin with."""

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError("use small letters, digits, '.', '_' and '-'")
        if name == "starter":
            raise ValueError("'starter' is the model that came with Flowbuilder; choose another name")
        return name

    @field_validator("heads")
    @classmethod
    def _divides_the_width(cls, heads: int, info: Any) -> int:
        width = info.data.get("hidden_size", heads)
        if width % heads:
            raise ValueError(f"{heads} heads cannot share a width of {width}; choose a divisor")
        return heads

    async def run(
        self, ctx: Context, corpus: str | None = None, demonstrations: Demonstrations | None = None
    ) -> ModelVersion:
        wired = [corpus] if corpus and corpus.strip() else []
        texts = [*wired, *documents_of(self.texts)]
        examples = demonstrations.examples if demonstrations else ()
        if not texts and not examples:
            raise NodeError("There is nothing to read: fill 'texts', or wire in a corpus or demonstrations.")
        data = {
            "texts": texts,
            "examples": [one.model_dump(mode="json") for one in examples],
            "source": demonstrations.source if demonstrations else "",
        }
        settings = self.model_dump(exclude={"texts"})
        return await trained(ctx, recipe="pretrain", model="", settings=settings, data=data)


def documents_of(text: str) -> list[str]:
    """Parted by lines of three dashes."""
    return [part.strip() for part in re.split(r"(?m)^---\s*$", text) if part.strip()]
