"""What is shown of a model is what the model does: weights that sum to one, chances that are its softmax."""

import base64

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, Lfm2Config, LlamaConfig

from flowbuilder.modelhub.runtime.loaded import LoadedModels
from flowbuilder.modelhub.runtime.looking import attended, attentions, bytes_of, looked, token
from flowbuilder.modelhub.runtime.request import Request
from tests.modelhub.tiny import recurrent

TEXT = "The van leaves at nine. 路"
KINDS = {
    "gpt2": ["decoder"],
    "llama": ["decoder"],
    "lfm2": ["decoder"],
    "t5": ["decoder", "encoder", "cross"],
}


@pytest.fixture(scope="module")
def make(make_model, tokenizer):
    shape = {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
    }
    shape |= {"intermediate_size": 64}
    configs = {
        "llama": lambda: LlamaConfig(num_hidden_layers=2, **shape),
        "lfm2": lambda: Lfm2Config(num_hidden_layers=2, layer_types=["conv", "full_attention"], **shape),
    }

    def make(kind: str):
        torch.manual_seed(1)
        return (
            AutoModelForCausalLM.from_config(configs[kind]()).eval() if kind in configs else make_model(kind)
        )

    return make


def request(what: str, text: str = TEXT, **look) -> Request:
    return Request("1", "", "", [{"role": "user", "content": text}], look={"what": what, **look})


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_of_every_head_sums_to_one(make, tokenizer, kind):
    model = make(kind)
    read = tokenizer(TEXT).input_ids
    written = [0, 5, 6] if kind == "t5" else []
    found = attentions(model, read, written)
    assert list(found) == KINDS[kind]
    for name, layers in found.items():
        for weights in layers.values():
            assert torch.allclose(weights.sum(-1), torch.ones(()), atol=1e-5)
            rows = len(read) if name == "encoder" or not written else len(written)
            assert weights.shape[1:] == (rows, len(written) if written and name == "decoder" else len(read))
            if name == "decoder":  # nobody looks ahead
                assert torch.equal(weights, weights.tril())
    if kind == "lfm2":
        assert list(found["decoder"]) == [1]


def test_what_is_sent_are_those_weights_in_eight_bits(make, tokenizer):
    model, read = make("llama"), tokenizer(TEXT).input_ids
    sent = attended(model, read, [], [1])["maps"][0]
    assert [layer["layer"] for layer in sent["layers"]] == [1]
    shape = (sent["heads"], sent["rows"], sent["columns"])
    weights = np.frombuffer(base64.b64decode(sent["layers"][0]["weights"]), np.uint8).reshape(shape) / 255
    assert np.abs(weights - attentions(model, read, [])["decoder"][1].numpy()).max() <= 0.5 / 255 + 1e-6
    assert model.config._attn_implementation == "sdpa"


@pytest.mark.parametrize("kind", ["gpt2", "llama", "t5"])
def test_chances_are_the_model_s_softmax_and_one_may_go_on(make, tokenizer, kind):
    model = make(kind)
    facts = looked(model, tokenizer, request("next", top=5)).facts
    ids = torch.tensor([tokenizer(TEXT).input_ids])
    inputs = {"input_ids": ids}
    if kind == "t5":
        inputs["decoder_input_ids"] = torch.tensor([[0]])
    with torch.inference_mode():
        chances = torch.softmax(model(**inputs).logits[0, -1], -1)
    assert [each["id"] for each in facts["next"]] == chances.topk(5).indices.tolist()
    assert [each["probability"] for each in facts["next"]] == pytest.approx(chances.topk(5).values.tolist())
    assert facts["entropy"] == pytest.approx(float(-(chances * chances.log2()).sum()), rel=1e-4)
    chosen = facts["next"][2]["id"]
    on = looked(model, tokenizer, request("next", top=5, then=[chosen])).facts
    assert (on.get("written") or on["tokens"])[-1]["id"] == chosen
    assert on["next"] != facts["next"]


def test_tokens_are_their_bytes_and_together_the_text(make, tokenizer):
    facts = looked(make("gpt2"), tokenizer, request("tokens")).facts
    plain = [each for each in facts["tokens"] if each["id"] not in tokenizer.all_special_ids]
    assert bytes.fromhex("".join(each["bytes"] for each in plain)) == TEXT.encode()
    assert [each["id"] for each in facts["tokens"]] == tokenizer(TEXT).input_ids


def test_other_vocabularies_have_bytes_too(tokenizer):
    class Pieces:
        all_special_tokens = ["</s>"]

    assert bytes_of(Pieces(), "<0x0A>", "\n") == b"\n"
    assert bytes_of(Pieces(), "▁van", "van") == b" van"
    assert bytes_of(Pieces(), "</s>", "") == b"</s>"
    assert bytes_of(Pieces(), "##ing", "ing") == b"ing"
    assert token(tokenizer, tokenizer.eos_token_id)["piece"] == tokenizer.eos_token


def test_a_conversation_is_looked_at_as_the_model_reads_it(make, tokenizer):
    facts = looked(make("gpt2"), tokenizer, request("tokens", chat=True)).facts
    assert len(facts["tokens"]) > len(tokenizer(TEXT).input_ids)


@pytest.mark.parametrize(
    ("kind", "text", "look", "why"),
    [
        ("llama", "word " * 200, {}, "attention is shown of 128 at most"),
        ("llama", TEXT, {"layers": [9]}, "attention stands in 0, 1"),
        ("rwkv", TEXT, {}, "recurrent state"),
    ],
)
def test_what_cannot_be_shown_is_said(make, tokenizer, kind, text, look, why):
    model = recurrent(kind, len(tokenizer)) if kind == "rwkv" else make(kind)
    with pytest.raises(ValueError, match=why):
        looked(model, tokenizer, request("attention", text, **look))


def test_a_prompt_beyond_the_window_is_named(make, tokenizer):
    with pytest.raises(ValueError, match="reads 256"):
        looked(make("gpt2"), tokenizer, request("next", "word " * 400))


def test_a_model_that_is_looked_at_answers_afterwards_as_before(model_folder):
    loaded = LoadedModels(1000).get(str(model_folder("gpt2")), "causal")

    def answer():
        loaded.batch.add(
            Request("a", "", "causal", [{"role": "user", "content": "x"}], temperature=0, max_new_tokens=5)
        )
        return [piece.text for _ in range(8) if loaded.batch.busy for piece in loaded.batch.step()]

    before = answer()
    looked(loaded.model, loaded.tokenizer, request("attention"))
    assert answer() == before
