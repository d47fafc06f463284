"""Learns from answers that were each found good or bad, through TRL.

    python -m flowbuilder.training.recipes.kto config.json

Kahneman-Tversky optimisation: Ethayarajh et al. 2024, "KTO: Model Alignment as Prospect Theoretic
Optimization", equation 8. A pair gives one good and one bad answer, which need not meet in a step.
"""

from __future__ import annotations

import random
from typing import Any

from datasets import Dataset
from trl import KTOConfig, KTOTrainer

from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.examples import Example
from flowbuilder.training.recipes.preferences import Pair, PreferenceJob, far_from_reference, improve
from flowbuilder.training.recipes.running import run_recipe


class KtoJob(PreferenceJob):
    """``beta`` is how soon a gain or a loss counts as large: the higher, the less the model moves."""


SHOWN = {
    "loss": "loss",
    "rewards/margins": "margin",
    "rewards/chosen": "chosen_reward",
    "rewards/rejected": "rejected_reward",
    "kl": "answer_kl",  # nats an answer, where other recipes tell a token's
    "entropy": "entropy",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "num_tokens": "tokens",
}


def train(job: KtoJob) -> dict[str, float]:
    at_once = 2 * job.batch_size

    def trainer(pairs: list[Pair], **shared: Any) -> KTOTrainer:
        return Ready(
            args=KTOConfig(
                **job.arguments(), per_device_train_batch_size=processes.share(at_once, "batch_size")
            ),
            ref_model=job.reference(),
            train_dataset=Dataset.from_list(rows(pairs, at_once, job.seed)),
            **shared,
        )

    return improve(job, trainer, SHOWN, lambda pairs: far_from_reference(pairs, job.beta))


def rows(pairs: list[Pair], at_once: int, seed: int) -> list[dict[str, Any]]:
    """Good and bad answers, mixed. Beside each an answer to another prompt of its batch, from which the drift of
    the model is estimated (section 3.3); so the batches, and the order of all, are fixed here."""
    answers: list[tuple[Example, bool]] = [
        rated for chosen, rejected in pairs for rated in ((chosen, True), (rejected, False))
    ]
    random.Random(seed).shuffle(answers)  # noqa: S311 - a shuffle, no secret
    found = []
    for start in range(0, len(answers), at_once):
        batch = answers[start : start + at_once]
        for index, (one, good) in enumerate(batch):
            found.append(
                {
                    "prompt_ids": one.prompt,
                    "completion_ids": one.answer,
                    "KL_completion_ids": batch[index - 1][0].answer,
                    "label": good,
                }
            )
    return found


class Ready(KTOTrainer):  # type: ignore[misc]
    """Takes tokens as they are: TRL's own would differ from what the runtime reads."""

    def _prepare_dataset(self, dataset: Dataset, *_: Any) -> Dataset:
        return dataset


if __name__ == "__main__":
    run_recipe(train, KtoJob)
