"""Makes chosen answers likelier than rejected ones, straight from the pairs, through TRL.

    python -m flowbuilder.training.recipes.dpo config.json

Direct preference optimisation: Rafailov et al. 2023, "Direct Preference Optimization: Your Language Model is
Secretly a Reward Model", equation 7. It needs no reward model and no generation: how much likelier an answer
became than the frozen reference finds it is its reward.
"""

from __future__ import annotations

from typing import Any

from datasets import Dataset
from trl import DPOConfig, DPOTrainer

from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.preferences import Pair, PreferenceJob, far_from_reference, improve
from flowbuilder.training.recipes.running import run_recipe


class DpoJob(PreferenceJob):
    """``beta`` holds the model to the reference: the higher, the less it moves."""


SHOWN = {
    "loss": "loss",
    "rewards/accuracies": "accuracy",
    "rewards/margins": "margin",
    "rewards/chosen": "chosen_reward",
    "rewards/rejected": "rejected_reward",
    "entropy": "entropy",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "num_tokens": "tokens",
}


def train(job: DpoJob) -> dict[str, float]:
    def trainer(pairs: list[Pair], **shared: Any) -> DPOTrainer:
        return Ready(
            args=DPOConfig(
                **job.arguments(), per_device_train_batch_size=processes.share(job.batch_size, "batch_size")
            ),
            ref_model=job.reference(),
            train_dataset=Dataset.from_list([row(pair) for pair in pairs]),
            **shared,
        )

    return improve(job, trainer, SHOWN, lambda pairs: far_from_reference(pairs, job.beta))


def row(pair: Pair) -> dict[str, list[int]]:
    chosen, rejected = pair
    return {"prompt_ids": chosen.prompt, "chosen_ids": chosen.answer, "rejected_ids": rejected.answer}


class Ready(DPOTrainer):  # type: ignore[misc]
    """Takes tokens as they are: TRL's own would differ from what the runtime reads."""

    def _prepare_dataset(self, dataset: Dataset, *_: Any) -> Dataset:
        return dataset


if __name__ == "__main__":
    run_recipe(train, DpoJob)
