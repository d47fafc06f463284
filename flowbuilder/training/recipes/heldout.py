"""Score a model version on held-out examples of the delivery corpus: greedy, unconstrained."""

import itertools
from dataclasses import dataclass
from typing import get_args

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from flowbuilder.training.corpus.delivery import Example, Kind, examples, parse_object
from flowbuilder.training.corpus.names import Split


@dataclass(frozen=True)
class Score:
    """One row of the held-out table; shares run from 0 to 1."""

    split: Split
    kind: Kind
    count: int
    valid_json: float
    """Share of answers that are one JSON object and nothing else."""
    exact: float
    """Share of answers that are right in full; see ``Example.exact``."""


def heldout_table(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, *, count: int = 200, seed: str = "held-out"
) -> list[Score]:
    """Score ``count`` examples of each kind on known names in unseen combinations and on never-seen names."""
    table = []
    splits: tuple[Split, ...] = ("known", "new")
    for split, kind in itertools.product(splits, get_args(Kind)):
        asked = list(itertools.islice(examples(f"{seed}:{split}:{kind}", split, kind), count))
        answers = answer(model, tokenizer, asked)
        valid = sum(parse_object(text) is not None for text in answers)
        exact = sum(example.exact(text) for example, text in zip(asked, answers, strict=True))
        table.append(Score(split, kind, count, valid / count, exact / count))
    return table


@torch.inference_mode()
def answer(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, asked: list[Example], batch_size: int = 25
) -> list[str]:
    """The greedy answer to each example, in their order; at most 256 new tokens."""
    model.eval()
    answers = [""] * len(asked)
    by_length = sorted(range(len(asked)), key=lambda index: len(asked[index].prompt))
    for chosen in _batched(by_length, batch_size):
        texts = [
            tokenizer.apply_chat_template(
                [{"role": "user", "content": asked[index].prompt}], tokenize=False, add_generation_prompt=True
            )
            for index in chosen
        ]
        inputs = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)
        out = model.generate(
            input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"],
            max_new_tokens=256,
            do_sample=False,
        )
        for index, tokens in zip(chosen, out[:, inputs["input_ids"].shape[1] :], strict=True):
            answers[index] = str(tokenizer.decode(tokens, skip_special_tokens=True))
    return answers


def _batched(items: list[int], size: int) -> list[list[int]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def markdown(table: list[Score]) -> str:
    """The table as the model card prints it."""
    names = {"known": "known names, unseen combinations", "new": "never-seen names"}
    lines = ["| held-out set | task | prompts | JSON valid | exact |", "|---|---|---|---|---|"]
    lines += [
        f"| {names[row.split]} | {row.kind} | {row.count} | {row.valid_json:.1%} | {row.exact:.1%} |"
        for row in table
    ]
    return "\n".join(lines)
