"""Everything that a pre-training can be told."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flowbuilder.training.recipes.reading import Corpus, Delivery, Written, read_jsonl
from flowbuilder.training.sizes import SIZES, Architecture, pattern
from nodes.types import Demonstration

POOL = 512
"""Examples drawn at once, so that a batch can hold examples of similar length."""


class PretrainConfig(BaseModel):
    """Everything a run depends on. Two runs of one config with ``steps`` give the same weights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    out_dir: Path
    """Where the finished model version is written; its parent must be writable."""
    work_dir: Path
    """Where checkpoints live while the run lasts; a run found there is resumed."""
    data: str = "delivery"
    """``delivery`` for the built-in corpus, else the path of a JSON Lines file of prompt, completion. Unread where
    one of the next two is given."""
    texts: list[str] = Field(default_factory=list)
    """Documents, learned as running text."""
    examples: list[Demonstration] = Field(default_factory=list)
    """Conversations, learned by the chat template."""
    held_out: float = Field(0.05, ge=0, le=0.5)
    """Share of the documents and conversations kept aside to measure the perplexity."""
    seed: int = 1
    """Seeds the weights and the data."""

    architecture: Architecture = "lfm2"
    size: str = "custom"
    """One of ``sizes.SIZES``, which says the next four; ``custom`` leaves them as they are."""
    layers: str = Field("ccacaca", pattern="^[ca]+$")
    """One letter a layer: ``c`` short convolution, ``a`` attention. GPT-2 takes only its length."""
    hidden_size: int = Field(192, gt=0)
    intermediate_size: int = Field(384, gt=0)
    """Width of the feed-forward layers."""
    heads: int = Field(4, gt=0)
    """Attention heads; must divide ``hidden_size``."""
    vocab_size: int = Field(1536, ge=300)
    """Size of the byte-level BPE vocabulary, learned from ``tokenizer_examples``; 256 are the bytes."""
    tokenizer_examples: int = Field(20_000, gt=0)
    max_length: int = Field(768, gt=0)
    """Positions of the model; longer examples are left out."""

    minutes: float | None = Field(None, gt=0)
    """Wall-clock budget, summed over resumed parts."""
    steps: int | None = Field(None, gt=0)
    """Step budget. With both, whichever ends first."""
    batch_tokens: int = Field(3072, gt=0)
    """Tokens of one step, padding included."""
    learning_rate: float = Field(2e-3, gt=0)
    warmup_steps: int = Field(150, ge=0)
    decay_fraction: float = Field(0.35, ge=0, le=1)
    """The last part of the budget, in which the rate falls linearly to zero."""
    weight_decay: float = Field(0.05, ge=0)
    """On matrices only."""
    clip: float = Field(1.0, gt=0)
    """Largest norm of the gradient."""
    prompt_loss: float = Field(0.03, ge=0, le=1)
    """Weight of the prompt's tokens in the loss; the completion's weigh 1."""
    mock_digit_loss: float = Field(0.2, ge=0, le=1)
    """Weight of the digits of mock values: mostly chance, so at full weight mostly noise in the gradient."""
    copying: bool = True
    """Whether it also practises on random segments that repeat; see ``copy_batch``."""
    copy_steps: int = Field(1000, ge=0)
    """Up to this step every other batch is such practice."""
    copy_every: int = Field(6, ge=2)
    """After ``copy_steps``, every so many batches are."""

    samples_every: int = Field(0, ge=0)
    """Steps between two looks at what the model writes, and at the held-out loss; 0 looks at the end alone."""
    patience: int = Field(0, ge=0)
    """Steps without a gain of the held-out loss (of the loss, where nothing is held out) after which it ends; 0 is never."""
    min_gain: float = Field(0.0, ge=0)
    """What counts as a gain of that figure."""
    threads: int = Field(2, gt=0)
    log_every: int = Field(20, gt=0)
    """Steps between two lines of metrics."""
    checkpoint_minutes: float = Field(2.0, gt=0)
    save_every: int | None = Field(None, gt=0)
    """Also checkpoint every so many steps."""
    keep_checkpoints: int = Field(2, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _sized(cls, data: Any) -> Any:
        """A named size, or a number of layers, as the fields that it stands for."""
        if not isinstance(data, dict):
            return data
        if data.get("size", "custom") != "custom":
            if data["size"] not in SIZES:
                raise ValueError(f"there is no size '{data['size']}'; there is {', '.join(SIZES)}, custom")
            data = {**data, **SIZES[data["size"]]._asdict()}
        if isinstance(data.get("layers"), int):
            data = {**data, "layers": pattern(data["layers"])}
        return data

    @model_validator(mode="after")
    def _divisible(self) -> "PretrainConfig":
        if self.hidden_size % self.heads:
            raise ValueError(f"'hidden_size' {self.hidden_size} is no multiple of 'heads' {self.heads}")
        return self

    def corpus(self) -> Corpus:
        if self.texts or self.examples:
            return Written(self.texts, self.examples, held_out=self.held_out, seed=self.seed)
        if self.data == "delivery":
            return Delivery(self.seed, self.tokenizer_examples, POOL)
        return Written([], read_jsonl(Path(self.data)), held_out=self.held_out, seed=self.seed)
