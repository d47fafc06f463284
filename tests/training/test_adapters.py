"""LoRA changes nothing at first, is all that is trained, and is gone once merged."""

import pytest
import torch
from transformers import (
    BertConfig,
    BertLMHeadModel,
    GPT2Config,
    GPT2LMHeadModel,
    Lfm2Config,
    Lfm2ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
)

from flowbuilder.training import memory
from flowbuilder.training.recipes.adapters import adapted, adapter, merged

SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2, "vocab_size": 9}
LAYERS = {"num_key_value_heads": 2, "num_hidden_layers": 2}
MODELS = {
    "GPT-2": lambda: GPT2LMHeadModel(
        GPT2Config(n_embd=16, n_layer=2, n_head=2, n_positions=32, vocab_size=9)
    ),
    "Llama": lambda: LlamaForCausalLM(LlamaConfig(**SMALL, **LAYERS)),
    "Lfm2": lambda: Lfm2ForCausalLM(Lfm2Config(**SMALL, **LAYERS, layer_types=["conv", "full_attention"])),
}
IDS = torch.tensor([[1, 2, 3, 4, 5]])


@pytest.fixture(params=MODELS)
def model(request):
    torch.manual_seed(0)
    return MODELS[request.param]().eval()


@torch.no_grad()
def logits(model):
    return model(input_ids=IDS).logits


def test_what_is_merged_says_what_it_said_with_its_adapters(model, tmp_path):
    plain = logits(model)
    names = set(model.state_dict())
    with_adapters = adapted(model, 4)
    assert logits(with_adapters).equal(plain)
    with torch.no_grad():
        for name, weights in with_adapters.named_parameters():
            if "lora_" in name:
                weights += 0.5 * torch.randn_like(weights)
    changed = logits(with_adapters)
    assert (changed - plain).abs().max() > 1e-2
    alone = merged(with_adapters)
    torch.testing.assert_close(logits(alone), changed, rtol=1e-4, atol=1e-5)
    assert set(alone.state_dict()) == names
    alone.save_pretrained(tmp_path)
    torch.testing.assert_close(
        logits(type(alone).from_pretrained(tmp_path).eval()), changed, rtol=1e-4, atol=1e-5
    )


def test_nothing_but_the_adapters_is_trained_and_as_many_as_were_estimated(model, tmp_path):
    model.save_pretrained(tmp_path)
    shapes = dict(memory.weight_shapes(tmp_path))
    with_adapters = adapted(model, 4)
    trained = {name: weights for name, weights in with_adapters.named_parameters() if weights.requires_grad}
    assert trained and all("lora_" in name for name in trained)
    assert sum(weights.numel() for weights in trained.values()) == memory.adapters(shapes, 4)


def test_rank_0_is_the_model_itself(model):
    assert adapter(model, 0) is None and adapted(model, 0) is model is merged(model)


def test_a_model_whose_layers_are_called_otherwise_is_refused_with_what_would_fit():
    shape = {**SMALL, "num_hidden_layers": 1, "is_decoder": True}
    with pytest.raises(ValueError, match=r"\(bert\).*GPT-2: c_attn.*Llama: q_proj.*'lora_rank' to 0"):
        adapter(BertLMHeadModel(BertConfig(**shape)), 4)
