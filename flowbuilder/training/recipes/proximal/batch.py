"""What a step learns from."""

from __future__ import annotations

from dataclasses import dataclass, fields

from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """A step's answers, a row each: prompts padded on the left, answers on the right, so that all answers
    begin in one column. ``ids`` and ``mask`` are [answers, prompt + answer tokens], the rest [answers, answer
    tokens]."""

    ids: Tensor
    mask: Tensor
    answer: Tensor
    """1 at the answer's tokens, its end token among them."""
    logprobs: Tensor
    """Of the tokens, as the policy was when it chose them."""
    reference: Tensor
    values: Tensor
    """What the critic expected before each token, as it was then."""
    entropy: Tensor
    kl: Tensor
    """From the reference to the policy, over the whole vocabulary: the tokens drawn alone would tell it with
    great noise."""
    returns: Tensor
    advantages: Tensor

    def rows(self, chosen: Tensor) -> Batch:
        return Batch(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})
