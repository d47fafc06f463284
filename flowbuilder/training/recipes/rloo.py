"""Reinforcement learning by plain REINFORCE with a good baseline, through TRL.

    python -m flowbuilder.training.recipes.rloo config.json

REINFORCE leave-one-out: Ahmadian et al. 2024, "Back to Basics: Revisiting REINFORCE Style Optimization for
Learning from Human Feedback in LLMs", section 3. For each prompt the model writes several answers; an answer's
advantage is its reward against the mean of the others', so that it never counts against itself. The KL penalty is
taken from an answer's reward.
"""

from __future__ import annotations

from trl import RLOOConfig, RLOOTrainer

from flowbuilder.training.recipes.practice import PracticeJob, practise
from flowbuilder.training.recipes.running import run_recipe


class RlooJob(PracticeJob):
    """Nothing is RLOO's own."""


def train(job: RlooJob) -> dict[str, float]:
    return practise(job, RLOOTrainer, RLOOConfig)


if __name__ == "__main__":
    run_recipe(train, RlooJob)
