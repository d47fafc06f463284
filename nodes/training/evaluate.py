from pydantic import Field, field_validator

from nodes.base import Context, Node, NodeError
from nodes.reward.rewards.valid_json import ValidJson
from nodes.reward.scoring import ProgrammedReward
from nodes.training.job import evaluated
from nodes.training.prompts import prompts_of
from nodes.types import EvaluationReport, JsonSchema, LongText, ModelRef, ModelVersion, Prompts


class Evaluate(Node):
    """Measures a new version against an old one on prompts that neither learned from: a report with both answers."""

    title = "Evaluate"
    icon = "clipboard-check"
    tags = (
        "win rate",
        "held-out",
        "regression",
        "safety",
        "tass",
        "perplexity",
        "judge",
        "before and after",
        "rlhf",
    )

    prompts: LongText = "Make a parcel record."
    """What both are asked unless prompts are wired in: one a line; or JSON lines with "prompt" and perhaps "reference"."""
    baseline: ModelRef = ""
    """The old version when nothing is wired into 'before'; empty is what is in production of the new one's model."""
    rewards: tuple[ProgrammedReward, ...] = Field(
        (), max_length=20, json_schema_extra={"x-widget": "rewards"}
    )
    """Rules that score the answers, beside the reward model that is wired in."""
    judge: ModelRef = ""
    """A model that is asked which answer is better, in both orders; empty asks none."""
    json_schema: JsonSchema = ""
    """A JSON Schema that answers should satisfy; empty asks for none."""
    safety: bool = True
    """Whether the safety set is asked too."""
    samples: int = Field(0, ge=0, le=16)
    """Drawn answers a prompt, beside the likeliest; scores are means over all."""
    temperature: float = Field(0.7, gt=0, le=2)
    """How much the drawn answers vary."""
    max_new_tokens: int = Field(128, ge=1, le=8192)
    """An answer's length limit, in tokens."""
    margin: float = Field(0.1, ge=0, le=1)
    """How much lower an answer must score to be called worse."""
    seed: int = 0
    """The same seed draws the same answers."""

    @field_validator("prompts")
    @classmethod
    def _readable(cls, text: str) -> str:
        prompts_of(text)
        return text

    @field_validator("json_schema")
    @classmethod
    def _is_a_schema(cls, text: str) -> str:
        return ValidJson(json_schema=text).json_schema

    async def run(
        self,
        ctx: Context,
        after: ModelVersion,
        before: ModelVersion | None = None,
        reward_model: ModelVersion | None = None,
        prompts: Prompts | None = None,
    ) -> EvaluationReport:
        asked = prompts or Prompts(lines=tuple(prompts_of(self.prompts)))
        if not asked.lines:
            raise NodeError("The prompts that are wired in are none: there is nothing to measure on.")
        if reward_model is not None and reward_model.kind != "reward":
            raise NodeError(
                f"'{reward_model.ref}' is a {reward_model.kind} model and gives no scores; wire in a reward model."
            )
        data = {
            "before": before.ref if before else self.baseline,
            "prompts": [line.model_dump() for line in asked.lines],
            "source": asked.source,
            "rewards": [reward.model_dump() for reward in self.rewards],
            "reward_model": reward_model.ref if reward_model else None,
            "judge": self.judge or None,
        }
        settings = self.model_dump(exclude={"prompts", "rewards", "baseline", "judge"})
        return await evaluated(ctx, model=after.ref, settings=settings, data=data)
