"""What a new model reads: a corpus as rows of tokens with their weights in the loss.

A conversation is read as the chat template writes it, its answer weighing most. A text is read as it runs: documents
one after the other, an end token behind each, cut where the model's window ends.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from transformers import PreTrainedTokenizerFast

from flowbuilder.training.corpus import delivery
from flowbuilder.training.recipes.examples import divided
from flowbuilder.training.recipes.vocabulary import END
from nodes.types import Demonstration, PromptLine


class Row(NamedTuple):
    tokens: list[int]
    weights: list[float]


class Weights(NamedTuple):
    """Of tokens in the loss; all others weigh 1."""

    prompt: float
    mock_digit: float
    """Of the digits of mock values: mostly chance, so at full weight mostly noise in the gradient."""


class Chat(NamedTuple):
    messages: list[dict[str, str]]
    completion: str
    mock: bool = False
    """Whether the completion's digits are chance, as in a mock record, rather than known from the prompt."""


class Corpus(Protocol):
    chats: bool
    """Whether it holds conversations, so that the model knows a chat template."""

    def texts(self) -> Iterator[str]:
        """What the tokenizer is learned from."""

    def open(self, tokenizer: PreTrainedTokenizerFast, max_length: int, weights: Weights) -> None:
        """Before the first of its rows is asked for. ``ValueError`` where none fits the model."""

    def pool(self, number: int, count: int) -> list[Row]:
        """About so many rows: a fixed function of the seed and the number, so that a resumed run needs no more."""

    def held_out(self) -> list[Row]: ...

    def shown(self) -> list[PromptLine]:
        """Prompts whose answers are worth a look on the way."""


class Delivery:
    """The built-in corpus: as many examples as are asked for."""

    chats = True

    def __init__(self, seed: int, tokenizer_examples: int, at_once: int) -> None:
        self.seed = seed
        self.tokenizer_pools = range(-(-tokenizer_examples // at_once))
        self.at_once = at_once

    def texts(self) -> Iterator[str]:
        for pool in self.tokenizer_pools:
            for chat in self._chats(pool, self.at_once):
                yield from (f"{message['content']}\n{chat.completion}" for message in chat.messages)

    def open(self, tokenizer: PreTrainedTokenizerFast, max_length: int, weights: Weights) -> None:
        self.tokenizer, self.max_length, self.weights = tokenizer, max_length, weights

    def pool(self, number: int, count: int) -> list[Row]:
        rows = chat_rows(self._chats(number, count), self.tokenizer, self.weights)
        return fitting(rows, self.max_length)

    def held_out(self) -> list[Row]:
        return []

    def shown(self) -> list[PromptLine]:
        return [PromptLine(prompt=chat.messages[-1]["content"]) for chat in self._chats(0, 4)]

    def _chats(self, pool: int, count: int) -> Iterator[Chat]:
        for example in itertools.islice(delivery.examples(f"{self.seed}:{pool}"), count):
            system = [{"role": "system", "content": example.system}] if example.system else []
            messages = [*system, {"role": "user", "content": example.prompt}]
            yield Chat(messages, example.completion, example.kind != "extract")


class Written:
    """Texts and conversations that somebody gave."""

    def __init__(
        self, texts: Sequence[str], examples: Sequence[Demonstration], *, held_out: float, seed: int
    ) -> None:
        self.seed = seed
        self.share = held_out
        self.written = [text for text in texts if text.strip()]
        self.examples = list(examples)
        self.chats = bool(self.examples)

    def texts(self) -> Iterator[str]:
        yield from self.written
        for one in self.examples:
            yield "\n".join(message.content for message in one.messages)

    def open(self, tokenizer: PreTrainedTokenizerFast, max_length: int, weights: Weights) -> None:
        """Whole documents are held out where there are enough of them, else parts of them."""
        documents = [running_rows(text, tokenizer, max_length) for text in self.written]
        if round(len(documents) * self.share) < 1:
            documents = [[row] for rows in documents for row in rows]
        chats = [Chat(one.asked, one.answer) for one in self.examples]
        talks = [[row] for row in fitting(chat_rows(chats, tokenizer, weights), max_length)]
        kept: list[Row] = []
        aside: list[Row] = []
        for group in (documents, talks):
            if group:
                there, away = divided(group, self.share, self.seed)
                kept += itertools.chain.from_iterable(there)
                aside += itertools.chain.from_iterable(away)
        if not kept:
            raise ValueError(
                f"No example fits the {max_length} tokens that the model is to read; raise 'max_length'."
            )
        self.kept, self.aside = kept, aside
        self.beginnings = [
            tokenizer.decode(row.tokens[:16], skip_special_tokens=True) for row in aside or kept
        ]

    def pool(self, number: int, count: int) -> list[Row]:
        rng = random.Random(f"{self.seed}:{number}")  # noqa: S311 - a shuffle, no secret
        return rng.choices(self.kept, k=count)

    def held_out(self) -> list[Row]:
        return self.aside

    def shown(self) -> list[PromptLine]:
        if self.examples:
            return [
                PromptLine(prompt=one.asked[-1]["content"], reference=one.answer) for one in self.examples
            ]
        return [PromptLine(prompt=text) for text in self.beginnings if text.strip()]


def read_jsonl(path: Path) -> list[Demonstration]:
    lines = path.read_text().splitlines()
    return [Demonstration.model_validate(json.loads(line)) for line in lines if line.strip()]


def running_rows(text: str, tokenizer: PreTrainedTokenizerFast, max_length: int) -> list[Row]:
    """A document's tokens to its end, cut into windows. Each begins with the last token of the one before: what is
    read first in a window is not learned in it."""
    tokens = tokenizer(text + END, add_special_tokens=False)["input_ids"]
    starts = range(0, len(tokens) - 1, max(1, max_length - 1))
    cut = [tokens[start : start + max_length] for start in starts] if max_length > 1 else []
    return [Row(part, [1.0] * len(part)) for part in cut]


def chat_rows(chats: Iterable[Chat], tokenizer: PreTrainedTokenizerFast, weights: Weights) -> Iterator[Row]:
    drawn = list(chats)
    if not drawn:
        return
    rendered = [
        tokenizer.apply_chat_template(chat.messages, tokenize=False, add_generation_prompt=True)
        for chat in drawn
    ]
    prompts = tokenizer(rendered, add_special_tokens=False)["input_ids"]
    completions = tokenizer([chat.completion + END for chat in drawn], add_special_tokens=False)["input_ids"]
    digits = set(digit_ids(tokenizer))
    for chat, prompt, completion in zip(drawn, prompts, completions, strict=True):
        chance = digits if chat.mock else set()
        marks = [weights.mock_digit if token in chance else 1.0 for token in completion]
        yield Row(prompt + completion, [weights.prompt] * len(prompt) + marks)


def digit_ids(tokenizer: PreTrainedTokenizerFast) -> list[int]:
    """The ten tokens of the digits."""
    return [int(tokenizer.convert_tokens_to_ids(digit)) for digit in "0123456789"]


def fitting(rows: Iterable[Row], max_length: int) -> list[Row]:
    return [row for row in rows if len(row.tokens) <= max_length]
