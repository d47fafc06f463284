from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from nodes.base import Context, NodeError
from nodes.reward.scoring import ProgrammedReward
from nodes.training.job import TrainingNode, started_from, trained
from nodes.training.prompts import prompts_of
from nodes.types import LongText, ModelRef, ModelVersion, Prompts

PPO_ONLY = (
    *("critic_learning_rate", "target_kl", "epochs", "minibatches", "clip", "value_clip"),
    *("value_coefficient", "gamma", "lam", "missing_end_penalty"),
)
"""Settings that the other recipes do not have; empty ones are left to the recipe."""


class FineTune(TrainingNode):
    """Improves a model by reinforcement learning: it answers, its answers are rewarded, it shifts towards the better."""

    title = "RLHF fine-tune"
    icon = "trending-up"
    tags = ("rlhf", "grpo", "rloo", "ppo", "lora", "reinforcement learning", "train", "job")

    recipe: Literal["grpo", "rloo", "ppo"] = "grpo"
    """GRPO and RLOO compare several answers to a prompt with each other; PPO learns a critic beside the model."""
    model: ModelRef = "starter"
    """The model to improve, unless one is wired in; it stays as it is, a new version comes out."""
    prompts: LongText = "Make a parcel record."
    """What it practises on unless prompts are wired in: one a line; or JSON lines with "prompt" and perhaps "reference"."""
    rewards: tuple[ProgrammedReward, ...] = Field(
        (), max_length=20, json_schema_extra={"x-widget": "rewards"}
    )
    """Rules that reward an answer, beside the reward model that is wired in."""
    reward_model_weight: float = Field(1.0, gt=0, le=100)
    """The wired reward model's share, relative to the rules' weights."""
    steps: int = Field(100, ge=1, le=100_000)
    """Training steps."""
    prompts_per_step: int = Field(8, ge=1, le=512)
    """Prompts answered in one step."""
    answers_per_prompt: int = Field(8, ge=2, le=64)
    """Answers to each prompt in a step; GRPO and RLOO compare them with each other."""
    learning_rate: float = Field(1e-5, gt=0, le=0.1)
    """How far a step moves the weights."""
    kl: float = Field(0.05, ge=0, le=10)
    """How strongly it is held to what it was; 0 lets it drift and find loopholes in the reward."""
    max_new_tokens: int = Field(128, ge=1, le=8192)
    """An answer's length limit, in tokens."""
    temperature: float = Field(1.0, gt=0, le=2)
    """How much its practice answers vary."""
    lora_rank: int = Field(0, ge=0, le=512)
    """0 trains all weights; a rank such as 16 trains adapters of that width, with far less memory (LoRA)."""
    samples_every: int = Field(10, ge=0, le=100_000)
    """Steps between two looks at what the model answers, always to the same few prompts; 0 shows nothing."""
    merge: bool = True
    """LoRA: the adapters are added to the weights in the end; else they are kept beside them, as files of their own."""
    seed: int = 0
    """The same seed draws the same prompts."""
    critic_learning_rate: float | None = Field(None, gt=0, le=1)
    """PPO: how far a step moves the critic; empty is ten times the model's, at most 0.001."""
    target_kl: float | None = Field(None, gt=0, le=10)
    """PPO: the drift, in nats a token, towards which the weight of 'kl' is moved; empty is 0.1."""
    epochs: int | None = Field(None, ge=1, le=100)
    """PPO: how often a step's answers are learned from; empty is 4."""
    minibatches: int | None = Field(None, ge=1, le=512)
    """PPO: parts into which they are divided; more need less memory; empty is 2."""
    clip: float | None = Field(None, gt=0, le=1)
    """PPO: how far a token's probability may move within a step, as a ratio to 1; empty is 0.2."""
    value_clip: float | None = Field(None, gt=0, le=10)
    """PPO: how far the critic's value may move within a step; empty is 0.2."""
    value_coefficient: float | None = Field(None, ge=0, le=10)
    """PPO: weight of the critic's loss; empty is 0.1."""
    gamma: float | None = Field(None, gt=0, le=1)
    """PPO: discount a token; empty is 1."""
    lam: float | None = Field(None, ge=0, le=1)
    """PPO: 1 trusts the rewards alone, 0 the critic alone; empty is 0.95."""
    missing_end_penalty: float | None = Field(None, ge=0, le=10)
    """PPO: taken from the reward of an answer that was cut off; empty is 1."""

    @field_validator("prompts")
    @classmethod
    def _readable(cls, text: str) -> str:
        prompts_of(text)
        return text

    @model_validator(mode="after")
    def _ppo_alone(self) -> Self:
        named = [name for name in PPO_ONLY if getattr(self, name) is not None]
        if self.recipe != "ppo" and named:
            raise ValueError(f"'{named[0]}' is a setting of PPO: empty it, or choose ppo as 'recipe'")
        return self

    async def run(
        self,
        ctx: Context,
        reward_model: ModelVersion | None = None,
        prompts: Prompts | None = None,
        start: ModelVersion | None = None,
    ) -> ModelVersion:
        model = started_from(self.model, start)
        if reward_model is None and not self.rewards:
            raise NodeError("Nothing says what a good answer is: add to 'rewards' or wire in a reward model.")
        if reward_model is not None and reward_model.kind != "reward":
            raise NodeError(
                f"'{reward_model.ref}' is a {reward_model.kind} model and gives no scores; wire in a reward model."
            )
        practised = prompts or Prompts(lines=tuple(prompts_of(self.prompts)))
        if not practised.lines:
            raise NodeError("The prompts that are wired in are none: there is nothing to practise on.")
        data = {
            "prompts": [line.model_dump() for line in practised.lines],
            "source": practised.source,
            "rewards": [reward.model_dump() for reward in self.rewards],
            "reward_model": reward_model.ref if reward_model else None,
        }
        settings = self.model_dump(exclude={"recipe", "model", "prompts", "rewards"}, exclude_none=True)
        return await trained(ctx, recipe=self.recipe, model=model, settings=settings, data=data)
