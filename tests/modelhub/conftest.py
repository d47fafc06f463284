"""Small real models, made on the spot."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import (
    AutoTokenizer,
    BartConfig,
    BartForConditionalGeneration,
    GPT2Config,
    GPT2LMHeadModel,
    Lfm2Config,
    T5Config,
    T5ForConditionalGeneration,
)

from flowbuilder.modelhub import registry
from flowbuilder.modelhub.runtime.architectures import Lfm2ForSequenceClassification
from flowbuilder.modelhub.starter_folder import STARTER
from tests.modelhub.hub import serve


@pytest.fixture(autouse=True)
def _models_alone(monkeypatch) -> None:
    """What the evaluation app has against a version has tests of its own."""
    monkeypatch.setattr(registry, "refusals_of", None)


@pytest.fixture(scope="session")
def tokenizer():
    return AutoTokenizer.from_pretrained(STARTER)


@pytest.fixture(scope="session")
def make_model(tokenizer) -> Callable:
    """``make_model(kind)`` builds a model of gpt2, t5, bart or lfm2-reward with random weights."""
    size = len(tokenizer)
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    t5 = {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 2}
    bart = {"d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "max_position_embeddings": 256}
    bart |= {"encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 64}
    lfm2 = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2}
    lfm2 |= {"intermediate_size": 64, "layer_types": ["conv", "full_attention"], "num_labels": 1}
    makers = {
        "gpt2": lambda: GPT2LMHeadModel(
            GPT2Config(vocab_size=size, n_embd=32, n_layer=1, n_head=2, n_positions=256, **ends)
        ),
        "t5": lambda: T5ForConditionalGeneration(
            T5Config(vocab_size=size, decoder_start_token_id=0, **t5, **ends)
        ),
        "bart": lambda: BartForConditionalGeneration(
            BartConfig(
                vocab_size=size,
                decoder_ffn_dim=64,
                decoder_start_token_id=1,
                forced_eos_token_id=None,
                **bart,
                **ends,
            )
        ),
        "lfm2-reward": lambda: Lfm2ForSequenceClassification(Lfm2Config(vocab_size=size, **lfm2, **ends)),
        "lfm2-classifier": lambda: Lfm2ForSequenceClassification(
            Lfm2Config(vocab_size=size, **lfm2 | {"num_labels": 3}, id2label=dict(enumerate("abc")), **ends)
        ),
    }

    def make(kind: str):
        torch.manual_seed(3)
        return makers[kind]().eval()

    return make


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory, tokenizer, make_model) -> Callable[[str], Path]:
    """``model_folder(kind)`` is such a model, saved."""
    made: dict[str, Path] = {}

    def save(kind: str) -> Path:
        if kind not in made:
            made[kind] = tmp_path_factory.mktemp("models") / kind
            make_model(kind).save_pretrained(made[kind])
            tokenizer.save_pretrained(made[kind])
        return made[kind]

    return save


@pytest.fixture
def hub(tmp_path, settings, monkeypatch, model_folder):
    """A hub on this machine, with a small model in ``acme/tiny`` beside files that nobody should fetch."""
    found, server = serve(tmp_path / "hub")
    folder = shutil.copytree(model_folder("gpt2"), found.root / "acme" / "tiny")
    (folder / "pytorch_model.bin").write_bytes(b"a pickle")
    (folder / "modeling_evil.py").write_text("raise SystemExit")
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.safetensors").write_bytes(b"another format")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Tiny")
    settings.FLOWBUILDER_HUB = found.url
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    # Ten megabytes by default: what broke off within a piece is not kept.
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 4000)
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda seconds: None)
    yield found
    server.shutdown()


@pytest.fixture(autouse=True)
def _nobody_asks_for_proof(monkeypatch):
    """The registry by itself: what the apps above it have against a version is their own tests' matter."""
    from flowbuilder.modelhub import registry

    monkeypatch.setattr(registry, "refusals_of", None)
