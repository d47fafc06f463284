"""How much better than expected each token of an answer was. All take [answers, tokens] and a mask of 1 and 0."""

from __future__ import annotations

import torch
from torch import Tensor


def gae(rewards: Tensor, values: Tensor, mask: Tensor, gamma: float, lam: float) -> tuple[Tensor, Tensor]:
    """Advantages and returns by generalised advantage estimation (Schulman et al. 2016, equation 16).

    ``values`` are those before each token; after an answer's last one nothing is to come. Padding stands on
    the right.
    """
    advantages = torch.zeros_like(rewards)
    ahead = value_ahead = torch.zeros_like(rewards[:, 0])
    for token in reversed(range(rewards.shape[1])):
        surprise = rewards[:, token] + gamma * value_ahead - values[:, token]
        ahead = (surprise + gamma * lam * ahead) * mask[:, token]
        value_ahead = values[:, token] * mask[:, token]
        advantages[:, token] = ahead
    return advantages, (advantages + values) * mask


def whiten(values: Tensor, mask: Tensor) -> Tensor:
    """Mean 0 and deviation 1 over the masked ones; 0 elsewhere, and everywhere when all are the same."""
    centred = (values - masked_mean(values, mask)) * mask
    return centred / (masked_mean(centred**2, mask).sqrt() + 1e-8)


def explained_variance(values: Tensor, returns: Tensor, mask: Tensor) -> float:
    """1: the critic foresaw all; 0: no more than a constant would; below: less than that."""
    spread = variance(returns, mask)
    return 1 - variance(returns - values, mask) / spread if spread > 0 else 0.0


def variance(values: Tensor, mask: Tensor) -> float:
    return masked_mean((values - masked_mean(values, mask)) ** 2, mask).item()


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / mask.sum()
