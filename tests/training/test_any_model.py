"""Every recipe on models of the common families: without a chat template, without a padding token, with tied and
untied embeddings, with and without a token that begins a text."""

import gc
import importlib
import json
import os
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers.processors import TemplateProcessing
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GPT2Config,
    GPT2LMHeadModel,
    Lfm2Config,
    Lfm2ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.training.recipes.checkpoints import hashes_hold
from tests.training.launch import context, lines_of
from tests.training.small_jobs import ORDERS

pytestmark = pytest.mark.slow
SHAPE = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
SHAPE |= {"num_key_value_heads": 1, "max_position_embeddings": 128}


def gpt2(**ends):
    return GPT2LMHeadModel(GPT2Config(n_embd=16, n_layer=1, n_head=2, n_positions=128, **ends))


def llama(**ends):
    return LlamaForCausalLM(LlamaConfig(**SHAPE, **ends, tie_word_embeddings=False))


def qwen2(**ends):
    return Qwen2ForCausalLM(Qwen2Config(**SHAPE, **ends, tie_word_embeddings=True))


def lfm2(**ends):
    return Lfm2ForCausalLM(Lfm2Config(**SHAPE, **ends, layer_types=["conv", "full_attention"]))


# What its tokenizer has: a chat template, a padding token, a token that begins a text.
MODELS = {
    "GPT-2, bare": (gpt2, False, False, False),
    "Llama, begins and does not pad": (llama, False, False, True),
    "Qwen2, chats and does not pad": (qwen2, True, False, False),
    "Lfm2, bare": (lfm2, False, False, False),
}
KINDS = ["sft", "sft with LoRA", "dpo", "kto", "orpo", "grpo", "rloo", "ppo", "reward_model", "classifier"]
JOBS = {"sft": "SftJob", "dpo": "DpoJob", "kto": "KtoJob", "orpo": "OrpoJob", "grpo": "GrpoJob"}
JOBS |= {"rloo": "RlooJob", "ppo": "PpoJob", "reward_model": "RewardModelJob", "classifier": "ClassifierJob"}


def folder_of(folder: Path, make, chats: bool, pads: bool, begins: bool) -> Path:
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    if begins:
        tokenizer.bos_token = "<|system|>"
        begin = ("<|system|>", tokenizer.bos_token_id)
        tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
            single="<|system|> $A", special_tokens=[begin]
        )
    if not chats:
        tokenizer.chat_template = None
    if not pads:
        tokenizer.pad_token = None
    torch.manual_seed(0)
    ends = {"vocab_size": len(tokenizer), "eos_token_id": tokenizer.eos_token_id}
    ends |= {"pad_token_id": tokenizer.pad_token_id, "bos_token_id": tokenizer.bos_token_id}
    make(**ends).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def train_all(folder: str, model: str) -> None:
    """One after the other in one process, which is much faster than a process for each."""
    for descriptor, name in ((1, "out.log"), (2, "err.log")):
        os.dup2(os.open(Path(folder, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    gc.freeze()
    for kind in KINDS:
        recipe = kind.split()[0]
        module = importlib.import_module(f"flowbuilder.training.recipes.{recipe}")
        places = {"model": model, "out_dir": f"{folder}/{kind}/out", "work_dir": f"{folder}/{kind}/work"}
        fields = {**ORDERS[kind], **places, "steps": 2}
        print(json.dumps({"event": "kind", "kind": kind}), flush=True)
        module.train(getattr(module, JOBS[recipe]).model_validate(fields))


@pytest.mark.parametrize("name", list(MODELS))
def test_every_recipe_trains_it(tmp_path, name):
    model = folder_of(tmp_path / "model", *MODELS[name])
    tokenizer = AutoTokenizer.from_pretrained(model)
    make, chats, pads, begins = MODELS[name]
    assert bool(tokenizer.chat_template) == chats and (tokenizer.pad_token is not None) == pads
    assert (tokenizer("a").input_ids[0] == tokenizer.bos_token_id) == begins
    process = context.Process(target=train_all, args=(str(tmp_path), str(model)))
    process.start()
    process.join()
    begun = [line["kind"] for line in lines_of(tmp_path, "kind")]
    assert process.exitcode == 0, (begun[-1:], (tmp_path / "err.log").read_text()[-3000:])
    assert len(lines_of(tmp_path, "finished")) == len(KINDS)
    before = load_file(model / "model.safetensors")
    for kind in KINDS:
        out = tmp_path / kind / "out"
        assert hashes_hold(out)
        after = load_file(out / "model.safetensors")
        assert any(not after[key].equal(before[key]) for key in before.keys() & after.keys()), kind
        if kind.split()[0] not in {"reward_model", "classifier"}:
            assert after.keys() == before.keys(), kind
            AutoModelForCausalLM.from_pretrained(out)
