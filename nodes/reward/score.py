from nodes.base import Context, Node
from nodes.reward.rewards.valid_json import ValidJson
from nodes.reward.scoring import Rewards, score_all
from nodes.types import Score


class RewardScore(Node):
    """Scores an answer with rules and reward models: one score, with every part and its reason."""

    title = "Reward score"
    icon = "gauge"
    tags = ("evaluate", "grade", "rlhf", "check", "quality")
    attempts = 4

    rewards: Rewards = (ValidJson(),)
    """What counts, and how much. The score is the weighted mean, in 0..1."""

    async def run(self, ctx: Context, text: str, prompt: str = "", reference: str = "") -> Score:
        (score,) = await score_all(self.rewards, ctx.models, [text], prompt=prompt, reference=reference)
        ctx.report("metric", {"score": score.value})
        return score
