"""The mathematics of PPO on a batch of answers. Tensors are [answers, tokens]; ``answer`` is 1
at an answer's tokens and 0 at its padding, which stands on the right."""

from __future__ import annotations

import torch
from torch import Tensor


def gae(rewards: Tensor, values: Tensor, answer: Tensor, gamma: float, lam: float) -> tuple[Tensor, Tensor]:
    """Advantages and returns by generalised advantage estimation (Schulman et al. 2016, equation 16).

    ``values`` are those before each token; after an answer's last one nothing is to come.
    """
    advantages = torch.zeros_like(rewards)
    ahead = value_ahead = torch.zeros_like(rewards[:, 0])
    for token in reversed(range(rewards.shape[1])):
        surprise = rewards[:, token] + gamma * value_ahead - values[:, token]
        ahead = (surprise + gamma * lam * ahead) * answer[:, token]
        value_ahead = values[:, token] * answer[:, token]
        advantages[:, token] = ahead
    return advantages, (advantages + values) * answer


def whiten(values: Tensor, answer: Tensor) -> Tensor:
    """Mean 0 and deviation 1 over the masked ones; 0 elsewhere, and everywhere when all are the same."""
    centred = (values - mean_over(values, answer)) * answer
    return centred / (mean_over(centred**2, answer).sqrt() + 1e-8)


def policy_loss(
    new: Tensor, old: Tensor, advantages: Tensor, answer: Tensor, clip: float
) -> tuple[Tensor, Tensor]:
    """The clipped surrogate (Schulman et al. 2017, equation 7) with its sign turned, and the share of tokens
    on which the clip took hold."""
    ratio = ((new - old) * answer).exp()  # masked first: at padding it may overflow
    free = -advantages * ratio
    held = -advantages * ratio.clamp(1 - clip, 1 + clip)
    return mean_over(torch.maximum(free, held), answer), mean_over((held > free).float(), answer)


def value_loss(new: Tensor, old: Tensor, returns: Tensor, answer: Tensor, clip: float) -> Tensor:
    """Half the squared error, clipped as the policy is (Huang et al. 2024)."""
    held = old + (new - old).clamp(-clip, clip)
    return 0.5 * mean_over(torch.maximum((new - returns) ** 2, (held - returns) ** 2), answer)


def next_kl_weight(weight: float, drift: float, target: float) -> float:
    """A fifth too much drift or more raises the weight by 2 %, a fifth too little or less lowers it by 2 %.

    Ziegler et al. 2019, section 2.2. Theirs counts an answer's drift, ours a token's, as the charts show it.
    """
    error = min(max(drift / target - 1, -0.2), 0.2)
    return weight * (1 + 0.1 * error)


def explained_variance(values: Tensor, returns: Tensor, answer: Tensor) -> float:
    """1: the critic foresaw all; 0: no more than a constant would; below: less than that."""
    spread = variance(returns, answer)
    return 1 - variance(returns - values, answer) / spread if spread > 0 else 0.0


def variance(values: Tensor, answer: Tensor) -> float:
    return mean_over((values - mean_over(values, answer)) ** 2, answer).item()


def mean_over(values: Tensor, answer: Tensor) -> Tensor:
    return (values * answer).sum() / answer.sum()
