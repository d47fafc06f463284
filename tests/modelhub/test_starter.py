"""The starter model that ships with the project: whole, small, loadable, and able to do its job."""

import itertools
import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from flowbuilder.training.corpus.delivery import examples
from flowbuilder.training.recipes.checkpoints import hashes_hold

STARTER = Path(__file__).resolve().parents[2] / "flowbuilder" / "modelhub" / "starter"


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(STARTER)


@pytest.fixture(scope="module")
def model():
    return AutoModelForCausalLM.from_pretrained(STARTER, dtype=torch.float32).eval()


def ask(model, tokenizer, content, **sampling):
    inputs = tokenizer.apply_chat_template(
        [{"role": "user", "content": content}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    out = model.generate(**inputs, max_new_tokens=200, **({"do_sample": False} | sampling))
    return tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)


def test_hashes_hold():
    assert hashes_hold(STARTER)


def test_size():
    assert (STARTER / "model.safetensors").stat().st_size <= 20_000_000


def test_pad_and_end_tokens(model, tokenizer):
    assert tokenizer.pad_token_id is not None
    assert tokenizer.eos_token_id is not None
    assert tokenizer.pad_token_id != tokenizer.eos_token_id
    assert model.generation_config.eos_token_id == tokenizer.eos_token_id


def test_the_chat_template_takes_a_system_message(tokenizer):
    messages = [{"role": "system", "content": "JSON only."}, {"role": "user", "content": "Make a parcel."}]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    assert text == "<|system|>JSON only.<|user|>Make a parcel.<|assistant|>"


def test_a_record_from_a_list_of_fields(model, tokenizer):
    content = "Make a parcel record.\nFields:\n- parcel_id: string\n- weight_kg: number\n- fragile: boolean"
    assert list(json.loads(ask(model, tokenizer, content))) == ["parcel_id", "weight_kg", "fragile"]


def test_sampling_varies_the_values(model, tokenizer):
    torch.manual_seed(1)
    content = "Make a parcel record.\nFields:\n- parcel_id: string\n- weight_kg: number"
    answers = {ask(model, tokenizer, content, do_sample=True, temperature=0.7) for _ in range(4)}
    assert len(answers) > 1


def test_most_held_out_answers_are_json(model, tokenizer):
    asked = list(itertools.islice(examples("test", "known"), 8))
    valid = 0
    for example in asked:
        try:
            valid += isinstance(json.loads(ask(model, tokenizer, example.prompt)), dict)
        except json.JSONDecodeError:
            continue
    assert valid >= 6
