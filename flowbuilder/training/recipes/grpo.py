"""Reinforcement learning by comparing a model's answers with each other, through TRL.

    python -m flowbuilder.training.recipes.grpo config.json

Group relative policy optimisation: Shao et al. 2024, "DeepSeekMath", section 4. For each prompt the model
writes several answers; an answer's advantage is its reward against its group's mean. The KL penalty is a term of
the loss (equation 3).
"""

from __future__ import annotations

from trl import GRPOConfig, GRPOTrainer

from flowbuilder.training.recipes.practice import PracticeJob, practise
from flowbuilder.training.recipes.running import run_recipe


class GrpoJob(PracticeJob):
    """Nothing is GRPO's own."""


def train(job: GrpoJob) -> dict[str, float]:
    return practise(job, GRPOTrainer, GRPOConfig)


if __name__ == "__main__":
    run_recipe(train, GrpoJob)
