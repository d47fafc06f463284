"""Models on the held-out prompts: what the hidden rule, the reward model and the reference say of their answers.

python -m benchmarks.loop.measure config.json
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, PreTrainedModel

from benchmarks.loop.answering import answers
from benchmarks.loop.prompts import prompts
from benchmarks.loop.raters import Raters
from benchmarks.loop.taste import worth
from flowbuilder.training.corpus.delivery import Example, parse_object
from flowbuilder.training.recipes.examples import example
from flowbuilder.training.recipes.judge import Judge, JudgeConfig
from flowbuilder.training.recipes.loading import load, load_tokenizer
from nodes.types import PromptLine

DECODINGS: dict[str, dict[str, float]] = {
    "greedy": {"temperature": 0},
    "chat": {"temperature": 0.7, "top_p": 0.95},
    "free": {"temperature": 1},
}
"""``chat`` is how the product answers people; ``free`` is the model's own distribution, which RL works on."""
AT_ONCE = 50


def main(path: Path) -> None:
    config = json.loads(path.read_text())
    torch.set_num_threads(1)
    asked = prompts(config["seed"], "held out", config["count"])
    tokenizer = load_tokenizer(config["models"]["shipped"], padding_side="left")
    models = {name: load(AutoModelForCausalLM, folder) for name, folder in config["models"].items()}
    judge = Judge(JudgeConfig(reward_model=config["reward_model"]))
    found = {
        name: one_model(model, models["sft"], tokenizer, asked, judge, config["seed"])
        for name, model in models.items()
    }
    result = {
        "models": found,
        "reward_model": reward_model(models["shipped"], tokenizer, asked, judge, config),
    }
    (path.parent / "measured.json").write_text(json.dumps(result))


def one_model(
    model: PreTrainedModel,
    reference: PreTrainedModel,
    tokenizer: Any,
    asked: list[Example],
    judge: Judge,
    seed: int,
) -> dict[str, Any]:
    """For each way of decoding a value for every prompt; and the drift from the reference."""
    texts = [one.prompt for one in asked]
    found: dict[str, Any] = {}
    for decoding, how in DECODINGS.items():
        said = answers(model, tokenizer, texts, **how, seed=seed)
        found[decoding] = {
            "worth": [worth(one, answer) for one, answer in zip(asked, said, strict=True)],
            "learned": judge([PromptLine(prompt=text) for text in texts], said),
            "valid": [parse_object(answer) is not None for answer in said],
            "exact": [one.exact(answer) for one, answer in zip(asked, said, strict=True)],
            "length": [len(tokenizer(answer).input_ids) for answer in said],
            "first": said[:3],
        }
    found["kl"] = drift(model, reference, tokenizer, texts, said)
    return found


@torch.inference_mode()
def drift(
    model: PreTrainedModel, reference: PreTrainedModel, tokenizer: Any, prompts: list[str], said: list[str]
) -> dict[str, float]:
    """KL divergence of the model from the reference over the whole vocabulary, along the model's own answers."""
    total, tokens = 0.0, 0
    for start in range(0, len(said), AT_ONCE):
        read = [
            example(tokenizer, [{"role": "user", "content": prompt}], answer)
            for prompt, answer in zip(
                prompts[start : start + AT_ONCE], said[start : start + AT_ONCE], strict=True
            )
        ]
        batch = tokenizer.pad(
            {"input_ids": [one.ids for one in read]}, padding_side="right", return_tensors="pt"
        )
        ours, theirs = (
            torch.log_softmax(each(**batch, use_cache=False).logits, -1) for each in (model, reference)
        )
        apart = (ours.exp() * (ours - theirs)).sum(-1)
        for row, one in enumerate(read):
            total += apart[row, len(one.prompt) - 1 : len(one.ids) - 1].sum().item()
            tokens += len(one.answer)
    return {"token": total / tokens, "answer": total / len(said)}


def reward_model(
    shipped: PreTrainedModel, tokenizer: Any, asked: list[Example], judge: Judge, config: dict[str, Any]
) -> dict[str, Any]:
    """On pairs of the shipped model's answers to held-out prompts: how often it sides with the hidden rule, and
    how often with raters who are as mistaken as those it learned from."""
    texts = [one.prompt for one in asked]
    both = [
        answers(shipped, tokenizer, texts, temperature=1, seed=1000 + 2 * config["seed"] + side)
        for side in (0, 1)
    ]
    rated = Raters(config["noise"], config["seed"] + 1000).pairs(asked, list(zip(*both, strict=True)))
    lines = [PromptLine(prompt=pair["prompt"]) for pair in rated]
    chosen, rejected = (judge(lines, [pair[side] for pair in rated]) for side in ("chosen", "rejected"))
    sides = [a > b for a, b in zip(chosen, rejected, strict=True)]
    return {
        "with_raters": sides,
        "with_rule": [side != pair["mistaken"] for side, pair in zip(sides, rated, strict=True)],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
