"""The recipes on a tiny model: they learn, they resume bit for bit, they stop what goes wrong."""

import json
import shutil
import subprocess
import sys

import pytest
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from flowbuilder.modelhub.folder import describe
from flowbuilder.modelhub.runtime.loaded import LoadedModels
from flowbuilder.training.recipes.checkpoints import hashes_hold
from flowbuilder.training.recipes.loading import load
from tests.training.launch import kill_at, lines_of, pause_at
from tests.training.small_jobs import LABELLED, ORDERS, assert_same, end, run, start

pytestmark = pytest.mark.slow

SAME_ADAPTERS = ("rloo with LoRA", "dpo with LoRA", "reward_model with LoRA", "classifier with LoRA")
"""They are kept and taken up by the same code as those of SFT."""
every = pytest.mark.parametrize("kind", [kind for kind in ORDERS if kind not in SAME_ADAPTERS])
one_of_each = pytest.mark.parametrize(
    "kind", ["pretrain", "grpo", "ppo with LoRA", "sft", "kto", "classifier"]
)
"""Of each way to train; the others share their code."""
UNBOUNDED = ("reward_model", "classifier", "pretrain")
"""A loss that is large says nothing of these, as long as it is a number."""


@every
def test_an_interrupted_job_goes_on_as_if_nothing_had_been(tmp_path, tiny_model, whole, kind):
    kill_at(start(kind, tmp_path, tiny_model, steps=6), tmp_path, step=5)
    seen = lines_of(tmp_path, "metrics")
    resumed = run(kind, tmp_path, tiny_model, steps=6)
    assert resumed[0]["step"] == 5  # from the checkpoint of step 4
    assert_same(whole(kind), tmp_path, [*seen, *resumed])


@pytest.mark.parametrize("kind", ["sft with LoRA", "reward_model with LoRA", "ppo with LoRA"])
def test_adapters_are_kept_beside_the_weights_where_that_is_wanted(tmp_path, tiny_model, whole, kind):
    run(kind, tmp_path, tiny_model, steps=6, merge=False)
    out, merged = tmp_path / "out", whole(kind) / "out"
    assert hashes_hold(out) and not list(merged.glob("adapter*"))
    assert str(tiny_model) not in (out / "adapter" / "adapter_config.json").read_text()
    auto = AutoModelForSequenceClassification if "reward" in kind else AutoModelForCausalLM
    base = load_file(out / "model.safetensors")
    was = load_file(tiny_model / "model.safetensors")
    assert all(base[name].equal(was[name]) for name in base.keys() & was.keys())
    together, alone = load(auto, out).state_dict(), load(auto, merged).state_dict()
    assert together.keys() == alone.keys()
    assert all(together[name].allclose(alone[name], atol=1e-6) for name in alone)
    assert any(not together[name].equal(base[name]) for name in base)
    # Whoever trains it further, or asks it, loads it as any other.
    served = LoadedModels(1000).get(str(out), "reward" if "reward" in kind else "causal").model
    assert all(served.state_dict()[name].equal(together[name]) for name in together)


@one_of_each
def test_a_paused_job_goes_on_as_if_nothing_had_been(tmp_path, tiny_model, whole, kind):
    process = start(kind, tmp_path, tiny_model, steps=6, save_every=100)
    pause_at(process, tmp_path, step=2)
    assert process.exitcode == 0 and not lines_of(tmp_path, "finished"), lines_of(tmp_path, "failed")
    (paused,) = lines_of(tmp_path, "paused")
    seen = lines_of(tmp_path, "metrics")
    assert 2 <= paused["step"] == seen[-1]["step"] < 6
    resumed = run(kind, tmp_path, tiny_model, steps=6, save_every=100)
    assert resumed[0]["step"] == paused["step"] + 1
    assert_same(whole(kind), tmp_path, [*seen, *resumed])


@one_of_each
def test_a_broken_checkpoint_is_passed_over(tmp_path, tiny_model, whole, kind):
    shutil.copytree(whole(kind) / "work", tmp_path / "work")
    weights = next((tmp_path / "work" / "checkpoint-6").glob("*model.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-100] ^= 1
    weights.write_bytes(data)
    assert [line["step"] for line in run(kind, tmp_path, tiny_model, steps=6)] == [5, 6]
    (told,) = lines_of(tmp_path, "alarm")
    assert told["kind"] == "checkpoint_broken" and f"step 6 is damaged ({weights.name}" in told["message"]
    assert_same(whole(kind), tmp_path, [])


@pytest.mark.parametrize("kind", ["sft", "rloo", "ppo"])
def test_a_job_that_gets_no_better_ends_early_and_well(tmp_path, tiny_model, kind):
    figures = run(kind, tmp_path, tiny_model, steps=60, patience=3, min_gain=9.0, samples_every=0)
    assert end(tmp_path)["stopped_early"] == 1 and end(tmp_path)["steps"] == len(figures) < 20
    assert hashes_hold(tmp_path / "out")


@pytest.mark.parametrize("kind", ["grpo", "ppo", "sft", "dpo"])
def test_the_same_prompts_are_answered_again_on_the_way(tmp_path, tiny_model, kind):
    figures = run(kind, tmp_path, tiny_model, steps=5, samples_every=2, learning_rate=2e-2)
    shown = lines_of(tmp_path, "sample")
    assert sorted({line["step"] for line in shown}) == [0, 2, 4, 5]
    prompts = {
        line["number"]: {other["prompt"] for other in shown if other["number"] == line["number"]}
        for line in shown
    }
    assert list(prompts) == list(range(len(prompts))) and all(len(each) == 1 for each in prompts.values())
    assert len({line["answer"] for line in shown if line["number"] == 0}) > 1
    assert all((line["reward"] is None) == ("judge" not in ORDERS[kind]) for line in shown)
    assert {"tokens_per_second", "memory_mb"} <= figures[0].keys()
    if "judge" in ORDERS[kind]:
        assert {"reward/length", "clip_fraction"} <= figures[0].keys()
        assert all(abs(line["reward/length"] - line["reward"]) < 1e-4 for line in figures)
    else:
        assert [line["step"] for line in figures if "held_out_loss" in line] == [2, 4, 5]


def test_looking_at_answers_changes_nothing(tmp_path, tiny_model):
    for folder, every_ in ((tmp_path / "seen", 1), (tmp_path / "unseen", 0)):
        run("grpo", folder, tiny_model, steps=3, samples_every=every_)
    left, right = (load_file(tmp_path / name / "out" / "model.safetensors") for name in ("seen", "unseen"))
    assert all(left[name].equal(right[name]) for name in left)


@pytest.mark.parametrize("kind", [kind for kind in ORDERS if kind not in UNBOUNDED and "LoRA" not in kind])
def test_a_training_that_diverges_stops_with_the_reason(tmp_path, tiny_model, kind):
    held = {"kl": 0.5} if "judge" in ORDERS[kind] else {}
    process = start(kind, tmp_path, tiny_model, steps=40, learning_rate=1e6, **held)
    process.join()
    assert process.exitcode == 1, (tmp_path / "err.log").read_text()[-2000:]
    assert "earning rate" in lines_of(tmp_path, "failed")[0]["error"]
    assert len(lines_of(tmp_path, "metrics")) < 20


# No adapter stands beside the embeddings, where nearly all of a tiny model is.
@pytest.mark.parametrize(("rank", "gain"), [(0, 3), (8, 0.05)])
def test_demonstrations_are_learned(tmp_path, tiny_model, rank, gain):
    run("sft", tmp_path, tiny_model, steps=60, learning_rate=2e-2, lora_rank=rank)
    figures = end(tmp_path)
    assert figures["loss_after"] < figures["loss_before"] - gain
    assert (figures["examples"], figures["held_out_examples"]) == (18, 6)
    assert hashes_hold(tmp_path / "out") and not list((tmp_path / "out").glob("adapter*"))
    AutoModelForCausalLM.from_pretrained(tmp_path / "out")


@pytest.mark.parametrize("kind", ["dpo", "dpo with LoRA", "kto", "orpo"])
def test_the_taste_of_pairs_is_learned(tmp_path, tiny_model, kind):
    run(kind, tmp_path, tiny_model, steps=40, learning_rate=1e-2)
    figures = end(tmp_path)
    assert figures["accuracy_before"] < 0.7 and figures["margin"] > 0.5
    assert figures["accuracy_after"] > 0.8 and figures["preferred"] > 0.8
    assert (figures["pairs"], figures["held_out_pairs"]) == (18, 6)
    AutoModelForCausalLM.from_pretrained(tmp_path / "out")


@pytest.mark.parametrize("kind", ["reward_model", "reward_model with LoRA"])
def test_a_reward_model_learns_the_taste(tmp_path, tiny_model, kind):
    figures = run(kind, tmp_path, tiny_model, steps=30, learning_rate=1e-2)
    assert end(tmp_path)["accuracy"] == 1.0
    assert [line["step"] for line in figures] == list(range(1, 31))
    assert figures[-1]["loss"] < figures[0]["loss"] / 2
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "out")
    assert model.config.num_labels == 1 and hashes_hold(tmp_path / "out")


@pytest.mark.parametrize("kind", ["classifier", "classifier with LoRA"])
def test_a_classifier_tells_the_labels_apart_the_rare_one_too(tmp_path, tiny_model, kind):
    figures = run(kind, tmp_path, tiny_model, steps=40, learning_rate=5e-3)
    (finished,) = lines_of(tmp_path, "finished")
    assert (
        finished["metrics"] | {"accuracy": 1.0, "macro_f1": 1.0, "texts": 18, "held_out_texts": 6}
        == finished["metrics"]
    )
    assert finished["report"]["labels"] == ["order", "question"]
    assert finished["report"]["confusion"] == [[2, 0], [0, 4]]
    assert figures[-1]["held_out_loss"] < 0.3 and figures[-1]["tokens"] > figures[0]["tokens"] > 0
    shown = lines_of(tmp_path, "sample")
    assert shown[-1]["reward"] == 1.0 and shown[-1]["answer"].split(" ")[0] in finished["report"]["labels"]
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "out")
    assert model.config.id2label == {0: "order", 1: "question"} and hashes_hold(tmp_path / "out")
    assert describe(tmp_path / "out").kind == "classifier"


def test_texts_of_one_label_are_refused(tmp_path, tiny_model):
    process = start("classifier", tmp_path, tiny_model, labelled=LABELLED[:5])
    process.join()
    assert "of at least two" in lines_of(tmp_path, "failed")[0]["error"]


@pytest.mark.parametrize("kind", ["grpo", "rloo", "ppo"])
def test_practice_raises_the_reward(tmp_path, tiny_model, kind):
    # About three in ten of a random model's answers have a "w" in them.
    changed = {"judge": {"rewards": [{"kind": "pattern", "pattern": "w"}]}, "answers_per_prompt": 16}
    changed |= {"learning_rate": 2e-2, "kl": 1e-3, "save_every": 100}
    figures = run(kind, tmp_path, tiny_model, **changed, steps=25)
    first, last = (sum(line["reward"] for line in part) / 5 for part in (figures[:5], figures[-5:]))
    assert last > first + 0.3
    assert lines_of(tmp_path, "sample") and {"kl", "entropy", "length", "repeated"} <= figures[0].keys()


def test_a_bad_configuration_is_named_on_the_command_line(tmp_path, tiny_model):
    config = {"model": str(tiny_model), "out_dir": str(tmp_path), "work_dir": str(tmp_path)}
    (tmp_path / "config.json").write_text(json.dumps({**config, "prompts": [], "judge": {}}))
    command = [sys.executable, "-m", "flowbuilder.training.recipes.grpo", str(tmp_path / "config.json")]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.returncode == 1 and "prompts" in json.loads(finished.stdout.splitlines()[-1])["error"]
