"""Answers of a model to many prompts at once."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import PreTrainedModel

from flowbuilder.modelhub.runtime.prompting import prompt_ids
from flowbuilder.modelhub.runtime.slot import end_tokens

TOGETHER = 128
MOST = 128
"""New tokens; the longest right answer to these prompts has about 90."""


@torch.inference_mode()
def answers(
    model: PreTrainedModel,
    tokenizer: Any,
    prompts: Sequence[str],
    *,
    temperature: float,
    top_p: float = 1.0,
    seed: int = 0,
) -> list[str]:
    """One answer to each prompt; at temperature 0 the likeliest token every time."""
    torch.manual_seed(seed)
    sampling = (
        {"do_sample": True, "temperature": temperature, "top_p": top_p, "top_k": 0}
        if temperature
        else {"do_sample": False}
    )
    asked = [prompt_ids(tokenizer, [{"role": "user", "content": prompt}]) for prompt in prompts]
    by_length = sorted(range(len(asked)), key=lambda index: len(asked[index]))
    found = [""] * len(asked)
    for start in range(0, len(asked), TOGETHER):
        chosen = by_length[start : start + TOGETHER]
        inputs = tokenizer.pad({"input_ids": [asked[index] for index in chosen]}, return_tensors="pt")
        out = model.generate(
            **inputs,
            **sampling,
            max_new_tokens=MOST,
            eos_token_id=sorted(end_tokens(model, tokenizer)),
            pad_token_id=tokenizer.pad_token_id,
        )
        for index, tokens in zip(chosen, out[:, inputs["input_ids"].shape[1] :], strict=True):
            found[index] = str(tokenizer.decode(tokens, skip_special_tokens=True))
    return found
