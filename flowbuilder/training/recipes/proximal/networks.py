"""What the policy and the critic say of the tokens of an answer."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from transformers import AutoModel, PreTrainedModel

from flowbuilder.training.recipes.adapters import adapted
from flowbuilder.training.recipes.loading import load


class Critic(torch.nn.Module):
    """The model's body with a head that says what reward is still to come.

    It starts from the model's weights, with a head of zeros: at first it expects nothing anywhere.
    """

    def __init__(self, folder: Path, rank: int = 0) -> None:
        super().__init__()
        self.body = adapted(load(AutoModel, folder), rank)
        self.head = torch.nn.Linear(self.body.config.hidden_size, 1)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, mask: Tensor, count: int) -> Tensor:
        """Values before each of the last ``count`` tokens."""
        hidden = self.body(
            input_ids=ids, attention_mask=mask, position_ids=positions(mask), use_cache=False
        ).last_hidden_state
        return self.head(hidden[:, -count - 1 : -1]).squeeze(-1)


def distributions(
    model: PreTrainedModel, ids: Tensor, mask: Tensor, count: int, temperature: float
) -> Tensor:
    """Log-probabilities of all tokens where each of the last ``count`` was chosen: [rows, count, vocabulary]."""
    logits = model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=positions(mask),
        use_cache=False,
        logits_to_keep=count + 1,
    ).logits[:, :-1]
    return torch.log_softmax(logits.float() / temperature, -1)


def of_tokens(spread: Tensor, ids: Tensor) -> Tensor:
    """The log-probabilities of the tokens that were chosen."""
    return spread.gather(-1, ids[:, -spread.shape[1] :, None]).squeeze(-1)


def positions(mask: Tensor) -> Tensor:
    """Counted from a row's first real token, wherever the padding stands."""
    return (mask.cumsum(-1) - 1).clamp(min=0)
