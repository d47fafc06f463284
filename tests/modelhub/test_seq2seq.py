"""Encoder-decoder models in a batch answer as they answer alone."""

import pytest
import torch

from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.modelhub.runtime.seq2seq import Seq2SeqBatch

TEXTS = ["Make a van record.", "x", "Context:\nThe route has stops.\n\nQuestion: why?"]


def request(index: int, text: str, **fields) -> Request:
    fields = {"temperature": 0, "max_new_tokens": 10, **fields}
    return Request(str(index), "", "seq2seq", [{"role": "user", "content": text}], **fields)


def drain(batch: Seq2SeqBatch, later: list[Request] = ()) -> dict[str, str]:
    texts: dict[str, str] = {}
    coming = list(later)
    while batch.busy or coming:
        for piece in batch.step() if batch.busy else []:
            texts[piece.id] = texts.get(piece.id, "") + piece.text
        if coming:
            batch.add(coming.pop(0))
    return texts


@pytest.mark.parametrize("kind", ["t5", "bart"])
def test_callers_who_join_one_by_one_get_what_generate_gives(make_model, tokenizer, kind):
    model = make_model(kind)
    batch = Seq2SeqBatch(model, tokenizer)
    batch.add(request(0, TEXTS[0]))
    texts = drain(batch, [request(1, TEXTS[1]), request(2, TEXTS[2])])
    for index, text in enumerate(TEXTS):
        prompt = tokenizer.apply_chat_template(
            [{"role": "user", "content": text}], add_generation_prompt=True, tokenize=False
        )
        ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt").input_ids
        alone = model.generate(ids, max_new_tokens=10, do_sample=False, num_beams=1)
        assert texts.get(str(index), "") == tokenizer.decode(alone[0, 1:], skip_special_tokens=True)


def test_a_cancelled_caller_leaves_and_the_others_stay(make_model, tokenizer):
    batch = Seq2SeqBatch(make_model("t5"), tokenizer)
    for index, text in enumerate(TEXTS):
        batch.add(request(index, text))
    batch.step()
    batch.cancel("1")
    done = {piece.id for _ in range(20) if batch.busy for piece in batch.step() if piece.done}
    assert done == {"0", "2"} and not batch.busy


def test_a_schema_binds_it_too(make_model, tokenizer):
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
    batch = Seq2SeqBatch(make_model("t5"), tokenizer)
    batch.add(request(0, TEXTS[0], schema=schema, max_new_tokens=60))
    assert drain(batch)["0"] in {'{"ok": true}', '{"ok": false}'}


def test_usage_counts_what_was_read(make_model, tokenizer):
    batch = Seq2SeqBatch(make_model("t5"), tokenizer)
    batch.add(request(0, TEXTS[2]))
    last = [piece for _ in range(12) if batch.busy for piece in batch.step()][-1]
    assert last.usage["prompt_tokens"] > 10 and last.usage["completion_tokens"] <= 10
    assert torch.is_grad_enabled()
