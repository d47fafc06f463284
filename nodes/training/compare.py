from pydantic import Field, field_validator

from nodes.base import Context, Node, Sampling
from nodes.reward.scoring import Reward, score_all
from nodes.training.prompts import prompts_of
from nodes.types import LongText, ModelRef, ModelVersion, PromptLine


class Compare(Node):
    """Asks two model versions the same prompts and shows their answers, and their scores, side by side."""

    title = "Compare versions"
    icon = "columns-2"
    tags = ("evaluate", "before and after", "a/b", "rlhf", "report")
    attempts = 4
    timeout = 3600

    prompts: LongText = "Make a parcel record."
    """What both are asked, one prompt a line; or JSON lines with "prompt" and perhaps "reference"."""
    baseline: ModelRef = "starter"
    """The earlier model when nothing is wired into 'before'."""
    rewards: tuple[Reward, ...] = Field((), max_length=20, json_schema_extra={"x-widget": "rewards"})
    """How the answers are scored; empty shows them without scores."""
    max_new_tokens: int = Field(128, ge=1, le=8192)
    """An answer's length limit, in tokens."""

    @field_validator("prompts")
    @classmethod
    def _readable(cls, text: str) -> str:
        prompts_of(text)
        return text

    async def run(self, ctx: Context, after: ModelVersion, before: ModelVersion | None = None) -> str:
        refs = [before.ref if before else self.baseline, after.ref]
        sections, totals = [], [0.0, 0.0]
        asked = prompts_of(self.prompts)
        for line in asked:
            answers = [await self._answer(ctx, ref, line.prompt) for ref in refs]
            scores = await self._scores(ctx, answers, line)
            totals = [total + score for total, score in zip(totals, scores, strict=True)]
            sections.append(_section(line.prompt, refs, answers, scores if self.rewards else []))
        if self.rewards:
            means = [total / len(asked) for total in totals]
            ctx.report("metric", {"before": means[0], "after": means[1], "gain": means[1] - means[0]})
            sections.insert(0, f"Mean reward: {refs[0]} {means[0]:.3f}, {refs[1]} {means[1]:.3f}")
        return "\n\n".join(sections)

    async def _answer(self, ctx: Context, ref: str, prompt: str) -> str:
        # The likeliest answer, not a drawn one: what differs comes from the models.
        sampling = Sampling(max_new_tokens=self.max_new_tokens, temperature=0, seed=0)
        return "".join([piece async for piece in ctx.models.generate(ref, prompt, sampling=sampling)])

    async def _scores(self, ctx: Context, answers: list[str], line: PromptLine) -> list[float]:
        if not self.rewards:
            return [0.0] * len(answers)
        scores = await score_all(
            self.rewards, ctx.models, answers, prompt=line.prompt, reference=line.reference
        )
        return [score.value for score in scores]


def _section(prompt: str, refs: list[str], answers: list[str], scores: list[float]) -> str:
    rows = [f"### {prompt}"]
    for index, (ref, answer) in enumerate(zip(refs, answers, strict=True)):
        score = f" ({scores[index]:.3f})" if scores else ""
        rows.append(f"**{ref}**{score}: {answer}")
    return "\n\n".join(rows)
