"""The answers of a step, drawn from the policy."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from flowbuilder.modelhub.runtime.prompting import prompt_ids
from flowbuilder.modelhub.runtime.slot import end_tokens
from nodes.types import PromptLine


class Answers(NamedTuple):
    """A row each, prompts padded on the left and answers on the right."""

    ids: Tensor
    mask: Tensor
    answer: Tensor
    """1 at the answer's tokens, its end token among them."""
    ended: Tensor
    """Which of them were not cut off."""
    texts: list[str]


def answers(
    policy: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    asked: list[PromptLine],
    *,
    most: int,
    temperature: float,
) -> Answers:
    """One to each prompt, of at most so many tokens, drawn as the model's probabilities have it."""
    rows = [prompt_ids(tokenizer, [{"role": "user", "content": line.prompt}]) for line in asked]
    longest = max(map(len, rows))
    limit = getattr(policy.config, "max_position_embeddings", None) or 10**9
    if longest + most > limit:
        raise ValueError(
            f"A prompt of {longest} tokens and an answer of {most} exceed the {limit} tokens that this model "
            f"reads. Lower 'max_new_tokens' to {max(limit - longest, 0)} or shorten the prompts."
        )
    prompts = tokenizer.pad({"input_ids": rows}, return_tensors="pt").to(policy.device)
    end = sorted(end_tokens(policy, tokenizer))
    ids = policy.generate(
        input_ids=prompts.input_ids,
        attention_mask=prompts.attention_mask,
        do_sample=True,
        temperature=temperature,
        top_k=0,  # and the next two: what is learned from must be what was drawn from
        top_p=1.0,
        repetition_penalty=1.0,
        max_new_tokens=most,
        eos_token_id=end,
        pad_token_id=tokenizer.pad_token_id,
    )
    drawn = ids[:, prompts.input_ids.shape[1] :]
    ends = torch.isin(drawn, torch.tensor(end, device=ids.device))
    # An answer goes up to its first end token; more may follow where that token also pads.
    answer = ends.cumsum(1) - ends.long() == 0
    texts = tokenizer.batch_decode(
        [row[said] for row, said in zip(drawn, answer & ~ends, strict=True)], skip_special_tokens=True
    )
    mask = torch.cat([prompts.attention_mask, answer.long()], 1)
    return Answers(ids, mask, answer.float(), ends.any(1), texts)
