"""The estimate counts what each recipe keeps, and a machine that is too small is named with what would fit it."""

import json
import re
import struct

import pytest

from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.training import memory

PAIRS = {"pairs": [{"prompt": "Say 1.", "chosen": "1", "rejected": "one and so on"}]}
EXAMPLES = {"examples": [{"prompt": "Say 1.", "completion": "1"}]}
PROMPTS = {"prompts": [{"prompt": "Say 1."}]}
DATA = {"sft": EXAMPLES, **dict.fromkeys(("reward_model", "dpo", "kto", "orpo"), PAIRS)}
DATA |= dict.fromkeys(("grpo", "rloo", "ppo"), PROMPTS)
STARTER_SIZE = 1_969_840


@pytest.fixture
def large(tmp_path):
    """The header of a Llama of 7.0G parameters: no weights are needed to tell its size."""
    wide, thin, layers, words = 4096, 11008, 34, 32000
    shapes = {"model.embed_tokens.weight": [words, wide], "lm_head.weight": [words, wide]}
    for layer in range(layers):
        own = f"model.layers.{layer}"
        shapes |= {f"{own}.self_attn.{name}_proj.weight": [wide, wide] for name in "qkvo"}
        shapes |= {f"{own}.mlp.{name}_proj.weight": [thin, wide] for name in ("gate", "up")}
        shapes[f"{own}.mlp.down_proj.weight"] = [wide, thin]
    header, at = {}, 0
    for name, shape in shapes.items():
        end = at + 4 * shape[0] * shape[1]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, end]}
        at = end
    text = json.dumps(header).encode()
    with (tmp_path / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + at)  # a hole: it takes no room on the disk
    config = {
        "hidden_size": wide,
        "num_hidden_layers": layers,
        "vocab_size": words,
        "max_position_embeddings": 4096,
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


@pytest.mark.parametrize(
    ("recipe", "copies"),
    [
        ("sft", 4),
        ("reward_model", 4),
        ("orpo", 4),
        ("dpo", 5),
        ("kto", 5),
        ("grpo", 5),
        ("rloo", 5),
        ("ppo", 9),
    ],
)
def test_full_training_keeps_weights_gradients_moments_and_what_its_recipe_compares_with(recipe, copies):
    told = memory.estimate(recipe, {}, DATA[recipe], STARTER)
    assert told.parameters == told.trained == STARTER_SIZE
    models = told.weights + told.gradients + told.optimizer + told.reference + told.critic
    assert models == copies * 4 * STARTER_SIZE
    assert told.needed == models + told.activations + told.process


@pytest.mark.parametrize("recipe", DATA)
def test_with_lora_only_the_adapters_are_trained_and_no_reference_is_kept(recipe):
    told = memory.estimate(recipe, {"lora_rank": 8}, DATA[recipe], STARTER)
    assert told.trained < STARTER_SIZE / 5 and told.reference == 0
    assert told.gradients == 4 * told.trained and told.optimizer == 8 * told.trained
    assert (told.critic > 0) is (recipe == "ppo")


def test_a_reward_model_takes_its_weights():
    told = memory.estimate("grpo", {}, PROMPTS, STARTER, reward_model=STARTER)
    assert told.reward_model == 4 * STARTER_SIZE


def test_more_at_once_and_longer_texts_need_more():
    def activations(recipe, **settings):
        return memory.estimate(recipe, settings, DATA[recipe], STARTER).activations

    assert activations("sft", batch_size=16) == 2 * activations("sft", batch_size=8)
    assert activations("dpo", batch_size=8) > 2 * activations("sft", batch_size=8)  # and its texts are longer
    assert activations("grpo", max_new_tokens=256) > 1.8 * activations("grpo", max_new_tokens=128)
    assert activations("grpo", max_new_tokens=10**6) == activations("grpo", max_new_tokens=10**5)
    assert activations("ppo", minibatches=4) < activations("ppo")


@pytest.mark.parametrize(
    ("recipe", "gigabytes", "would"),
    [
        ("sft", 100, "It would fit with"),
        ("dpo", 64, r"It would fit with 'lora_rank' 16"),
        ("ppo", 24, "Choose a smaller model or a larger machine"),
        ("grpo", 43, r"'lora_rank' 16 with 'prompts_per_step' \d"),
    ],
)
def test_a_small_machine_refuses_with_the_reason_and_what_would_fit(
    monkeypatch, large, recipe, gigabytes, would
):
    monkeypatch.setattr(memory, "machine", lambda: gigabytes * 2**30)
    why = memory.refusal(recipe, {}, DATA[recipe], large)
    assert why.startswith("This training needs about") and "weights 26" in why
    assert f"this machine has {gigabytes * 0.9:.1f} GiB for it" in why
    assert re.search(would, why), why


def test_what_fits_is_not_refused(monkeypatch, large):
    assert memory.refusal("sft", {}, EXAMPLES, STARTER) == ""
    monkeypatch.setattr(memory, "machine", lambda: 200 * 2**30)
    assert memory.refusal("dpo", {}, PAIRS, large) == ""


def test_the_smaller_of_machine_and_group_counts(monkeypatch):
    monkeypatch.setattr(memory, "gpu_memory", lambda: 0)
    monkeypatch.setattr(memory, "group_limit", lambda: 2**20)
    assert memory.machine() == 2**20
    monkeypatch.setattr(memory, "gpu_memory", lambda: 2**37)
    assert memory.machine() == 2**37
