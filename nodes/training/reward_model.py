from pydantic import Field

from nodes.base import Context
from nodes.training.job import TrainingNode, started_from, trained
from nodes.types import ModelRef, ModelVersion, Preferences


class TrainRewardModel(TrainingNode):
    """Trains a model that scores answers the way people chose between them."""

    title = "Reward model"
    icon = "scale"
    tags = ("rlhf", "preferences", "train", "bradley-terry", "score")

    model: ModelRef = "starter"
    """The model that it starts from, unless one is wired in; it keeps what that one knows and learns to score."""
    steps: int = Field(300, ge=1, le=100_000)
    """Training steps."""
    batch_size: int = Field(16, ge=1, le=512)
    """Pairs a step."""
    learning_rate: float = Field(1e-4, gt=0, le=0.1)
    """How far a step moves the weights."""
    held_out: float = Field(0.1, ge=0, le=0.5)
    """The share of pairs kept aside to measure the accuracy; near 0.5 it has learned nothing."""
    lora_rank: int = Field(0, ge=0, le=512)
    """0 trains all weights; a rank such as 16 trains adapters of that width, with far less memory (LoRA)."""
    merge: bool = True
    """LoRA: the adapters are added to the weights in the end; else they are kept beside them, as files of their own."""
    seed: int = 0
    """The same seed draws the same batches."""

    async def run(
        self, ctx: Context, preferences: Preferences, start: ModelVersion | None = None
    ) -> ModelVersion:
        model = started_from(self.model, start)
        settings = self.model_dump(exclude={"model"})
        data = preferences.model_dump(mode="json")
        return await trained(ctx, recipe="reward_model", model=model, settings=settings, data=data)
