"""What every training job can be told, whatever its recipe."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class TrainingJob(BaseModel):
    """A recipe's own class adds what it learns from, and how."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Path
    """Folder of the model that it starts from; it stays as it is."""
    out_dir: Path
    """Where the finished version is written."""
    work_dir: Path
    """Where checkpoints live; a job found there is resumed."""
    lora_rank: int = Field(0, ge=0)
    """Width of the adapters that are trained instead of the weights; 0 trains all weights."""
    merge: bool = True
    """Whether the adapters are added to the weights in the end; else they are kept beside them, in ``adapter``."""
    seed: int = 0
    samples_every: int = Field(50, ge=0)
    """Steps between two looks at what the model answers, always to the same few prompts; 0 shows nothing."""
    patience: int = Field(0, ge=0)
    """Steps without a gain of the watched figure after which it ends early, with the weights it then has; 0 is never."""
    min_gain: float = Field(0.0, ge=0)
    """What counts as a gain of that figure, which is a mean over ten steps."""
    threads: int = Field(1, ge=1)
    """For the small models that fit a CPU one thread is the fastest on a machine that does other work."""
