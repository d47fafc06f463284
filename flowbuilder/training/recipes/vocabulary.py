"""The tokenizer of a model that is trained from nothing: learned from its own texts."""

from __future__ import annotations

from collections.abc import Iterator

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

PAD, END, SYSTEM, USER, ASSISTANT = SPECIALS = (
    "<|pad|>",
    "<|end|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
)

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + (message['content'] | trim) }}"
    "{% if message['role'] == 'assistant' %}{{ '<|end|>' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
PIECES = r"\p{Lu}?\p{Ll}+|\p{Lu}+|[\p{L}\p{M}]+|\p{Nd}|[^\p{L}\p{M}\p{Nd}]+"


def train_tokenizer(
    texts: Iterator[str], vocab_size: int, max_length: int, *, chats: bool = True
) -> PreTrainedTokenizerFast:
    """A byte-level BPE whose pieces of a word are the same wherever the word stands.

    A space never joins the word after it, and digits stand alone: ``parcel_id`` in a list and
    ``"parcel_id"`` in JSON become the same tokens, which is what makes copying learnable for a small model.
    Without ``chats`` there is no chat template: the runtime then has the model go on with what it is given.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(PIECES), "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocab_size,
            special_tokens=list(SPECIALS),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=[SYSTEM, USER, ASSISTANT],
        chat_template=CHAT_TEMPLATE if chats else None,
        model_max_length=max_length,
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )
