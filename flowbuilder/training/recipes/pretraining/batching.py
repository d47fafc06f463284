"""What a step of a pre-training learns from."""

import random

import torch
from transformers import PreTrainedTokenizerFast

from flowbuilder.training.recipes.pretraining.config import POOL, PretrainConfig
from flowbuilder.training.recipes.reading import Corpus, Row, digit_ids
from flowbuilder.training.recipes.vocabulary import SPECIALS


def batches(
    config: PretrainConfig, corpus: Corpus, pool: int, pad: int
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """The batches of one pool: token ids and loss weights, both [examples, length], padded on the right."""
    rows = sorted(corpus.pool(pool, POOL), key=lambda row: len(row.tokens))
    if not rows:
        raise ValueError(
            f"No example fits the {config.max_length} tokens that the model is to read; raise 'max_length'."
        )
    grouped = grouped_by_length(rows, config.batch_tokens)
    random.Random(f"order:{config.seed}:{pool}").shuffle(grouped)  # noqa: S311 - a shuffle, no secret
    return [tensors(group, pad) for group in grouped]


def grouped_by_length(rows: list[Row], batch_tokens: int) -> list[list[Row]]:
    """Neighbours of rows in the order of their lengths, as many as have so many tokens with their padding."""
    grouped: list[list[Row]] = [[]]
    for row in rows:
        if grouped[-1] and (len(grouped[-1]) + 1) * len(row.tokens) > batch_tokens:
            grouped.append([])
        grouped[-1].append(row)
    return grouped


def tensors(group: list[Row], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and loss weights, both [examples, length], padded on the right."""
    width = max(len(tokens) for tokens, _ in group)
    ids = torch.full((len(group), width), pad)
    weights = torch.zeros(len(group), width)
    for row, (tokens, marks) in enumerate(group):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        weights[row, : len(tokens)] = torch.tensor(marks)
    return ids, weights


def copy_batch(
    config: PretrainConfig, tokenizer: PreTrainedTokenizerFast, step: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Random tokens in segments that come back in another order: ids and weights as of ``batches``.

    To follow a segment that was seen before is the skill of an induction head (Olsson et al. 2022), on
    which copying of names rests. Here every repeated token asks for it, so it forms early; on the corpus
    alone most of a small budget passes before it does. In every other row the segments end in digits:
    few tokens that occur everywhere, so what stands before them has to be matched at greater length.
    """
    rng = random.Random(f"copy:{config.seed}:{step}")  # noqa: S311 - a corpus, no secret
    digits = digit_ids(tokenizer)
    length = min(128, config.max_length)
    rows, marks = [], []
    for number in range(max(1, config.batch_tokens // length)):
        segments = []
        for _ in range(rng.randint(4, 10)):
            segment = [rng.randrange(len(SPECIALS), len(tokenizer)) for _ in range(rng.randint(2, 6))]
            if number % 2:
                segment += rng.choices(digits, k=rng.randint(1, 6))
            segments.append(segment)
        row: list[int] = []
        mark: list[float] = []
        seen = 0.0
        while len(row) < length:
            rng.shuffle(segments)
            for segment in segments:
                row += segment
                # A segment's first token is chance; only what follows it can be known.
                mark += [0.0] + [seen] * (len(segment) - 1)
            seen = 1.0
        rows.append(row[:length])
        marks.append(mark[:length])
    return torch.tensor(rows), torch.tensor(marks)
