"""Learns chosen answers and unlearns rejected ones at once, without a reference, through TRL.

    python -m flowbuilder.training.recipes.orpo config.json

Odds ratio preference optimisation: Hong et al. 2024, "ORPO: Monolithic Preference Optimization without
Reference Model", equation 6: the loss of supervised fine-tuning on the chosen answer, and a penalty where its
odds are not above the rejected one's. TRL keeps it under ``trl.experimental``, which may change or lose it with
any release: a TRL without it fails such a job with that reason, and no other recipe.
"""

from __future__ import annotations

import math
from typing import Any

from datasets import Dataset

from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.examples import Example
from flowbuilder.training.recipes.preferences import Pair, PreferenceJob, improve
from flowbuilder.training.recipes.running import run_recipe

try:
    from trl.experimental.orpo import ORPOConfig, ORPOTrainer
except ImportError:
    ORPOConfig, ORPOTrainer = None, object


class OrpoJob(PreferenceJob):
    """``beta`` is the weight of the odds ratio beside the loss of fine-tuning: the higher, the more the pairs count."""


SHOWN = {
    "loss": "loss",
    "nll_loss": "chosen_loss",
    "rewards/accuracies": "accuracy",
    "log_odds_chosen": "margin",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
}
IGNORED = -100
"""The label of a token that is read and not learned."""


def train(job: OrpoJob) -> dict[str, float]:
    if ORPOConfig is None:
        raise ValueError("The installed TRL has no ORPO. Choose DPO or KTO, or install trl 1.16.")

    def trainer(pairs: list[Pair], **shared: Any) -> Any:
        arguments = {**job.arguments(), "max_length": 2**31}  # None would be 512
        return Ready(
            args=ORPOConfig(
                **arguments, per_device_train_batch_size=processes.share(job.batch_size, "batch_size")
            ),
            train_dataset=Dataset.from_list([row(pair) for pair in pairs]),
            **shared,
        )

    # A model that knows nothing is at the logarithm of its vocabulary, which is not above that of 2 ** 18.
    return improve(job, trainer, SHOWN, lambda pairs: {"chosen_loss": 3 * math.log(2**18)})


def row(pair: Pair) -> dict[str, list[int]]:
    chosen, rejected = (labelled(one) for one in pair)
    found = {f"chosen_{name}": ids for name, ids in chosen.items()}
    found |= {f"rejected_{name}": ids for name, ids in rejected.items()}
    prompt = pair[0].prompt
    return {**found, "prompt_input_ids": prompt, "prompt_attention_mask": [1] * len(prompt)}


def labelled(one: Example) -> dict[str, list[int]]:
    labels = [IGNORED] * len(one.prompt) + one.answer
    return {"input_ids": one.ids, "attention_mask": [1] * len(one.ids), "labels": labels}


class Ready(ORPOTrainer):  # type: ignore[misc]
    """Takes tokens as they are: TRL's own would differ from what the runtime reads."""

    def tokenize_row(self, feature: dict[str, Any], *_: Any) -> dict[str, Any]:
        return feature


if __name__ == "__main__":
    run_recipe(train, OrpoJob)
