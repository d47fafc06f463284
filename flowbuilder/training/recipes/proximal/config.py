"""Everything that PPO can be told."""

from __future__ import annotations

from pydantic import Field

from flowbuilder.training.recipes.job import TrainingJob
from flowbuilder.training.recipes.judge import JudgeConfig
from nodes.types import PromptLine


class PpoJob(TrainingJob):
    """Everything a job depends on."""

    prompts: list[PromptLine] = Field(min_length=1)
    judge: JudgeConfig
    steps: int = Field(100, ge=1)
    prompts_per_step: int = Field(8, ge=1)
    answers_per_prompt: int = Field(8, ge=1)
    learning_rate: float = Field(1e-5, gt=0)
    """Of the policy at the first step; both rates fall linearly to zero."""
    critic_learning_rate: float | None = Field(None, gt=0)
    """Of the critic, whose head starts from nothing; None is ten times the policy's, at most 1e-3."""
    kl: float = Field(0.05, ge=0)
    """Weight of the KL penalty in the reward at the first step; 0 keeps it out."""
    target_kl: float = Field(0.1, gt=0)
    """Drift from the reference, in nats a token, towards which the weight of the KL penalty is moved."""
    epochs: int = Field(4, ge=1)
    """How often a step's answers are learned from."""
    minibatches: int = Field(2, ge=1)
    """Parts into which they are divided, with an update after each. More of them need less memory."""
    clip: float = Field(0.2, gt=0)
    """How far a token's probability may move within a step, as a ratio to 1 (Schulman et al. 2017)."""
    value_clip: float = Field(0.2, gt=0)
    """How far a value may move within a step."""
    value_coefficient: float = Field(0.1, ge=0)
    """Weight of the value loss in the sum of both. The two models share no weights, and Adam levels a loss's
    scale out: how fast the critic learns is decided by its learning rate."""
    gamma: float = Field(1.0, gt=0, le=1)
    """Discount a token. At 1 an early token counts as much for the answer's reward as a late one."""
    lam: float = Field(0.95, ge=0, le=1)
    """1 trusts the rewards alone (no bias, much variance), 0 the critic alone (Schulman et al. 2016)."""
    missing_end_penalty: float = Field(1.0, ge=0)
    """Taken from the reward of an answer that was cut off, so that an end is worth reaching."""
    max_new_tokens: int = Field(128, ge=1)
    temperature: float = Field(1.0, gt=0)
    lora_rank: int = Field(0, ge=0)
    """Width of the adapters that are trained, in both models, instead of the weights; 0 trains all weights."""
    save_every: int = Field(10, ge=1)
    """Steps between checkpoints."""
    samples_every: int = Field(10, ge=0)
