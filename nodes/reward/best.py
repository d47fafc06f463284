from dataclasses import dataclass

from nodes.base import Context, Node, NodeError
from nodes.reward.rewards.valid_json import ValidJson
from nodes.reward.scoring import Rewards, score_all
from nodes.types import Candidates, Score


@dataclass(frozen=True)
class Best:
    best: str
    score: Score


class PickBest(Node):
    """Scores several answers to one prompt and passes on the best one."""

    title = "Pick the best"
    icon = "trophy"
    tags = ("best of n", "rank", "reward", "rlhf", "choose")
    attempts = 4

    rewards: Rewards = (ValidJson(),)
    """What counts, and how much. Of equal scores the earlier answer wins."""

    async def run(self, ctx: Context, candidates: Candidates, reference: str = "") -> Best:
        if not candidates.answers:
            raise NodeError("There is nothing to pick from: 'candidates' holds no answers.")
        scores = await score_all(
            self.rewards, ctx.models, candidates.answers, prompt=candidates.prompt, reference=reference
        )
        first = max(range(len(scores)), key=lambda index: scores[index].value)
        ctx.report("metric", {"scores": [score.value for score in scores], "chosen": first})
        return Best(candidates.answers[first], scores[first])
