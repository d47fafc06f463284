"""Models with a state of their own for each caller answer as they do alone, and as a pass over the whole text says."""

import json

import pytest
import torch

from flowbuilder.modelhub.runtime.loaded import LoadedModels
from flowbuilder.modelhub.runtime.recurrent import RecurrentBatch, causal_batch
from flowbuilder.modelhub.runtime.request import Request
from tests.modelhub.tiny import recurrent

TEXTS = ["Make a van record.", "x", "The route has stops and a long list of things."]
STATE = {"rwkv": "state", "mamba": "cache_params", "mamba2": "cache_params", "falcon_mamba": "cache_params"}
STATE |= {"xlstm": "cache_params", "recurrent_gemma": ""}


@pytest.fixture(scope="module")
def make(tokenizer):
    return lambda kind: recurrent(kind, len(tokenizer))


def request(index: int, text: str, **fields) -> Request:
    fields = {"temperature": 0, "max_new_tokens": 8, **fields}
    return Request(str(index), "", "causal", [{"role": "user", "content": text}], **fields)


def drain(batch: RecurrentBatch) -> dict[str, str]:
    texts: dict[str, str] = {}
    while batch.busy:
        for piece in batch.step():
            texts[piece.id] = texts.get(piece.id, "") + piece.text
    return texts


@torch.inference_mode()
def read_whole(model, tokenizer, prompt: list[int], count: int) -> str:
    """Greedy, with all of the text read anew for each token."""
    ids = list(prompt)
    for _ in range(count):
        ids.append(int(model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1].argmax()))
        if ids[-1] == tokenizer.eos_token_id:
            ids.pop()
            break
    return tokenizer.decode(ids[len(prompt) :], skip_special_tokens=True)


@pytest.mark.parametrize("kind", sorted(STATE))
def test_callers_that_come_one_by_one_get_what_the_whole_text_gives(make, tokenizer, kind):
    model = make(kind)
    batch = causal_batch(model, tokenizer)
    assert isinstance(batch, RecurrentBatch) and batch.state == STATE[kind]
    batch.add(request(0, TEXTS[0]))
    texts = {piece.id: piece.text for piece in batch.step()}
    for index in (1, 2):
        batch.add(request(index, TEXTS[index]))
    prompts = [list(reader.slot.ids[: reader.slot.start]) for reader in batch.readers]
    for index, text in drain(batch).items():
        texts[index] = texts.get(index, "") + text
    for index, prompt in enumerate(prompts):
        assert texts.get(str(index), "") == read_whole(model, tokenizer, prompt, 8)


def test_a_schema_binds_it_and_a_cancelled_caller_leaves(make, tokenizer):
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
    batch = causal_batch(make("rwkv"), tokenizer)
    batch.add(request(0, TEXTS[0], schema=schema, max_new_tokens=60))
    batch.add(request(1, TEXTS[1], max_new_tokens=60))
    batch.cancel("1")
    texts = drain(batch)
    assert set(texts) == {"0"} and type(json.loads(texts["0"])["ok"]) is bool


def test_it_is_loaded_from_a_folder_like_any_other_and_reads_beyond_its_training_length(
    make, tokenizer, tmp_path
):
    make("rwkv").save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    batch = LoadedModels(1000).get(str(tmp_path), "causal").batch
    batch.add(request(0, "word " * 200, max_new_tokens=2))
    last = batch.step() + batch.step()
    assert last[-1].done and last[-1].usage["prompt_tokens"] > 64
