"""Continuous batching gives each caller what it would get alone, whatever the architecture."""

import json
from pathlib import Path

import pytest
import torch
from jsonschema import Draft202012Validator, FormatChecker
from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2Config, JambaConfig, Lfm2Config, LlamaConfig

from flowbuilder.modelhub.runtime.batching import Batch
from flowbuilder.modelhub.runtime.request import Request

STARTER = Path(__file__).resolve().parents[2] / "flowbuilder" / "modelhub" / "starter"
TEXTS = [
    "Make a van record.",
    "x",
    "Context:\nThe route has stops and a long list of things.\n\nQuestion: why?",
]


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(STARTER)


def tiny(kind: str, vocabulary: int):
    torch.manual_seed(0)
    shape = {"vocab_size": vocabulary, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    configs = {
        "gpt2": lambda: GPT2Config(vocab_size=vocabulary, n_embd=32, n_layer=2, n_head=2, n_positions=256),
        "llama": lambda: LlamaConfig(**shape, intermediate_size=64, num_key_value_heads=2),
        "jamba": lambda: JambaConfig(
            **shape,
            intermediate_size=64,
            num_key_value_heads=2,
            attn_layer_period=2,
            attn_layer_offset=1,
            num_experts=1,
            mamba_d_state=8,
            use_mamba_kernels=False,
        ),
        "lfm2": lambda: Lfm2Config(
            **shape, intermediate_size=64, num_key_value_heads=2, layer_types=["conv", "full_attention"]
        ),
    }
    return AutoModelForCausalLM.from_config(configs[kind]()).eval()


def request(index: int, text: str, **fields) -> Request:
    fields = {"temperature": 0, "max_new_tokens": 12, **fields}
    return Request(
        id=str(index), path="", kind="causal", messages=[{"role": "user", "content": text}], **fields
    )


def drain(batch: Batch, joining: list[tuple[int, Request]] = ()) -> dict[str, str]:
    """Step until idle; requests join before the step with their number."""
    texts: dict[str, str] = {}
    waiting = dict(joining)
    step = 0
    while batch.busy or waiting:
        if step in waiting:
            batch.add(waiting.pop(step))
        if batch.busy:
            for piece in batch.step():
                texts[piece.id] = texts.get(piece.id, "") + piece.text
        step += 1
    return texts


@pytest.mark.parametrize("kind", ["gpt2", "llama", "lfm2", "jamba"])
def test_together_is_as_alone(kind, tokenizer):
    model = tiny(kind, len(tokenizer))
    alone = {}
    for index, text in enumerate(TEXTS):
        batch = Batch(model, tokenizer)
        batch.add(request(index, text))
        alone |= drain(batch)
    together = drain(
        Batch(model, tokenizer), [(2 * index, request(index, text)) for index, text in enumerate(TEXTS)]
    )
    assert together == alone


def test_a_seed_gives_the_same_text(tokenizer):
    model = tiny("llama", len(tokenizer))
    runs = [drain(Batch(model, tokenizer), [(0, request(0, "x", temperature=1, seed=5))]) for _ in range(2)]
    assert runs[0] == runs[1]


def test_a_stop_string_is_never_shown(tokenizer):
    model = AutoModelForCausalLM.from_pretrained(STARTER, dtype=torch.float32).eval()
    text = drain(
        Batch(model, tokenizer),
        [(0, request(0, TEXTS[0] + "\nFields:\n- van_id: string", max_new_tokens=60))],
    )["0"]
    stop = text[5:9]
    batch = Batch(model, tokenizer)
    batch.add(request(0, TEXTS[0] + "\nFields:\n- van_id: string", max_new_tokens=60, stop=(stop,)))
    assert drain(batch)["0"] == text[: text.index(stop)]


def test_a_cancelled_caller_leaves_and_the_others_go_on(tokenizer):
    batch = Batch(tiny("llama", len(tokenizer)), tokenizer)
    batch.add(request(0, "x", max_new_tokens=200))
    batch.add(request(1, "y"))
    batch.step()
    batch.cancel("0")
    assert set(drain(batch)) <= {"1"}


def test_a_prompt_that_is_too_long_is_named(tokenizer):
    with pytest.raises(ValueError, match="this model reads 256"):
        Batch(tiny("gpt2", len(tokenizer)), tokenizer).add(request(0, "word " * 2000))


def test_a_prompt_that_leaves_too_little_room_is_too_long(tokenizer):
    batch = Batch(tiny("gpt2", len(tokenizer)), tokenizer)
    batch.add(request(0, "x " * 80, room=20))
    with pytest.raises(ValueError, match="this model reads 157"):
        batch.add(request(1, "x " * 80, room=100))


SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "weight": {"type": "number"},
        "stops": {"type": "integer", "minimum": 1, "maximum": 40},
        "state": {"enum": ["open", "closed"]},
        "day": {"type": "string", "format": "date"},
        "fragile": {"type": "boolean"},
    },
    "required": ["id", "weight", "stops", "state", "day", "fragile"],
    "additionalProperties": False,
}


@pytest.mark.slow
def test_two_hundred_of_two_hundred_records_validate(tokenizer):
    batch = Batch(AutoModelForCausalLM.from_pretrained(STARTER, dtype=torch.float32).eval(), tokenizer)
    for index in range(200):
        prompt = f"Make a thing{index} record.\nFields:\n- id: string\n- weight: number"
        batch.add(request(index, prompt, schema=SCHEMA, temperature=1.0, max_new_tokens=400, seed=index))
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    texts = drain(batch)
    assert len(texts) == 200
    assert [text for text in texts.values() if not validator.is_valid(json.loads(text))] == []
