from pydantic import Field, field_validator

from nodes.base import Context, NodeError
from nodes.training.job import TrainingNode, started_from, trained
from nodes.training.labelled import labelled_of
from nodes.types import LabelledTexts, LongText, ModelRef, ModelVersion


class TrainClassifier(TrainingNode):
    """Trains a model that tells which label fits a text, such as what a customer wants."""

    title = "Text classifier"
    icon = "tags"
    tags = ("classification", "label", "intent", "sentiment", "lora", "train", "job")

    model: ModelRef = "starter"
    """The language model that it starts from, unless one is wired in; it keeps what that one knows of texts."""
    labelled: LongText = ""
    """What it learns from beside the texts wired in: JSON lines with "text" and "label"."""
    steps: int = Field(200, ge=1, le=100_000)
    """Training steps."""
    batch_size: int = Field(16, ge=1, le=512)
    """Texts a step."""
    learning_rate: float = Field(1e-4, gt=0, le=0.1)
    """How far a step moves the weights."""
    balanced: bool = True
    """Rare labels count as much as frequent ones; else a text counts as much as any other."""
    held_out: float = Field(0.2, ge=0, le=0.5)
    """The share of each label's texts kept aside to measure on."""
    lora_rank: int = Field(0, ge=0, le=512)
    """0 trains all weights; a rank such as 16 trains adapters of that width, with far less memory (LoRA)."""
    merge: bool = True
    """LoRA: the adapters are added to the weights in the end; else they are kept beside them, as files of their own."""
    seed: int = 0
    """The same seed draws the same batches."""

    @field_validator("labelled")
    @classmethod
    def _readable(cls, text: str) -> str:
        labelled_of(text)
        return text

    async def run(
        self, ctx: Context, labelled: LabelledTexts | None = None, start: ModelVersion | None = None
    ) -> ModelVersion:
        model = started_from(self.model, start)
        wired = labelled or LabelledTexts()
        texts = LabelledTexts(labelled=(*wired.labelled, *labelled_of(self.labelled)), source=wired.source)
        if len({one.label for one in texts.labelled}) < 2:
            raise NodeError(
                "There is nothing to tell apart: fill 'labelled' or wire in texts of at least two labels."
            )
        settings = self.model_dump(exclude={"model", "labelled"})
        return await trained(
            ctx, recipe="classifier", model=model, settings=settings, data=texts.model_dump(mode="json")
        )
