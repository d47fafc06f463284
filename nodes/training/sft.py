from pydantic import Field, field_validator

from nodes.base import Context, NodeError
from nodes.training.demonstrations import demonstrations_of
from nodes.training.job import TrainingNode, started_from, trained
from nodes.types import Demonstrations, LongText, ModelRef, ModelVersion


class TrainSft(TrainingNode):
    """Teaches a model by showing it how: it learns to answer as demonstrations do."""

    title = "Supervised fine-tune"
    icon = "graduation-cap"
    tags = ("sft", "demonstrations", "instructions", "lora", "train", "job")

    model: ModelRef = "starter"
    """The model to teach, unless one is wired in; it stays as it is, a new version comes out."""
    examples: LongText = ""
    """What it is shown beside the demonstrations wired in: JSON lines with "prompt" and "completion", or "messages"."""
    steps: int = Field(200, ge=1, le=100_000)
    """Training steps."""
    batch_size: int = Field(8, ge=1, le=512)
    """Demonstrations a step."""
    learning_rate: float = Field(1e-4, gt=0, le=0.1)
    """How far a step moves the weights."""
    held_out: float = Field(0.1, ge=0, le=0.5)
    """The share of demonstrations kept aside to measure the loss before and after."""
    lora_rank: int = Field(0, ge=0, le=512)
    """0 trains all weights; a rank such as 16 trains adapters of that width, with far less memory (LoRA)."""
    merge: bool = True
    """LoRA: the adapters are added to the weights in the end; else they are kept beside them, as files of their own."""
    seed: int = 0
    """The same seed draws the same batches."""

    @field_validator("examples")
    @classmethod
    def _readable(cls, text: str) -> str:
        demonstrations_of(text)
        return text

    async def run(
        self, ctx: Context, demonstrations: Demonstrations | None = None, start: ModelVersion | None = None
    ) -> ModelVersion:
        model = started_from(self.model, start)
        wired = demonstrations.examples if demonstrations else ()
        shown = Demonstrations(
            examples=(*wired, *demonstrations_of(self.examples).examples),
            source=demonstrations.source if demonstrations else "",
        )
        if not shown.examples:
            raise NodeError("There is nothing to learn from: fill 'examples' or wire in demonstrations.")
        settings = self.model_dump(exclude={"model", "examples"})
        return await trained(
            ctx, recipe="sft", model=model, settings=settings, data=shown.model_dump(mode="json")
        )
