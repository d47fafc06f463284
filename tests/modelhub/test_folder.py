"""What a model's folder says about itself, and which folders are refused."""

import json
import shutil

import pytest

from flowbuilder.modelhub.folder import UnusableFolder, describe
from flowbuilder.modelhub.starter_folder import STARTER


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("gpt2", "causal"),
        ("t5", "seq2seq"),
        ("bart", "seq2seq"),
        ("lfm2-reward", "reward"),
        ("lfm2-classifier", "classifier"),
    ],
)
def test_the_kind_is_read_from_the_config(model_folder, kind, expected):
    assert describe(model_folder(kind)).kind == expected


def test_parameters_are_counted_without_loading(make_model, model_folder):
    counted = sum(p.numel() for p in make_model("gpt2").parameters())
    assert describe(model_folder("gpt2")).parameters == counted


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(STARTER, tmp_path / "copy")


def break_weights(folder):
    (folder / "model.safetensors").write_bytes(b"\xff" * 100)


def pickle_only(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def own_code(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "evil.Model"}}))


def other_kind(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(
        json.dumps({**config, "architectures": ["ViTForImageClassification"]})
    )


def no_tokenizer(folder):
    for path in folder.glob("tokenizer*"):
        path.unlink()


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (break_weights, "model.safetensors is damaged"),
        (pickle_only, "can carry code"),
        (own_code, "never run here"),
        (other_kind, "ViTForImageClassification"),
        (no_tokenizer, "tokenizer.json"),
        (lambda folder: (folder / "adapter_config.json").write_text("{}"), "not merged into its weights"),
        (lambda folder: (folder / "config.json").unlink(), "no config.json"),
        (lambda folder: (folder / "config.json").write_text("{"), "not JSON"),
    ],
)
def test_an_unusable_folder_says_why(copy, harm, why):
    harm(copy)
    with pytest.raises(UnusableFolder, match=why):
        describe(copy)
