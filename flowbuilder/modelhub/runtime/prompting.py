"""Messages as the token ids a model reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def prompt_ids(tokenizer: Any, messages: Sequence[dict[str, str]]) -> list[int]:
    """By the chat template where the tokenizer has one; else the messages' texts, a blank line between."""
    if tokenizer.chat_template:
        text = tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
        return list(tokenizer(text, add_special_tokens=False).input_ids)
    return list(tokenizer("\n\n".join(message["content"] for message in messages)).input_ids)


def answer_ids(tokenizer: Any, messages: Sequence[dict[str, str]], answer: str) -> list[int]:
    """The prompt with a finished answer: what a reward model reads, in training and in use alike."""
    end = [] if tokenizer.eos_token_id is None else [tokenizer.eos_token_id]
    return prompt_ids(tokenizer, messages) + tokenizer(answer, add_special_tokens=False).input_ids + end


def text_ids(tokenizer: Any, text: str) -> list[int]:
    """A text by itself, as its classifier reads it: with what the tokenizer puts around any text, and no template."""
    return list(tokenizer(text).input_ids)


class TooLong(ValueError):
    """A prompt that leaves its model no room."""


def too_long(length: int, limit: int) -> TooLong:
    return TooLong(f"The prompt has {length} tokens; this model reads {limit}. Shorten it or retrieve less.")
