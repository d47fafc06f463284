from typing import Literal

from pydantic import Field

from nodes.base import Context
from nodes.training.job import TrainingNode, started_from, trained
from nodes.types import ModelRef, ModelVersion, Preferences


class TrainPreference(TrainingNode):
    """Improves a model straight from the answers that people chose and rejected, without a reward model."""

    title = "Preference fine-tune"
    icon = "thumbs-up"
    tags = ("dpo", "kto", "orpo", "preferences", "feedback", "lora", "train", "job")

    recipe: Literal["dpo", "kto", "orpo"] = "dpo"
    """DPO compares the two answers of a pair; KTO takes each as good or bad; ORPO also teaches the chosen answer."""
    model: ModelRef = "starter"
    """The model to improve, unless one is wired in; it stays as it is, a new version comes out."""
    steps: int = Field(200, ge=1, le=100_000)
    """Training steps."""
    batch_size: int = Field(8, ge=1, le=512)
    """Pairs a step."""
    learning_rate: float = Field(2e-5, gt=0, le=0.1)
    """How far a step moves the weights."""
    beta: float = Field(0.1, gt=0, le=10)
    """DPO and KTO: how strongly it is held to what it was. ORPO: how much the pairs count beside the teaching."""
    held_out: float = Field(0.1, ge=0, le=0.5)
    """The share of pairs kept aside to measure the accuracy before and after."""
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
        settings = self.model_dump(exclude={"recipe", "model"})
        data = preferences.model_dump(mode="json")
        return await trained(ctx, recipe=self.recipe, model=model, settings=settings, data=data)
