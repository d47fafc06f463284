"""The evaluation recipe on tiny models: it measures, it goes on where it was cut off, a judge is asked twice."""

import json
import time

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2Config, GPT2ForSequenceClassification

from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.training.findings import Row
from flowbuilder.training.recipes.evaluate import EvaluateJob
from flowbuilder.training.recipes.pairwise import pair_prompts, verdict
from flowbuilder.training.recipes.saved import Saved
from nodes.training.evaluate import Evaluate
from tests.training.launch import launch, lines_of

PROMPTS = [{"prompt": f"Say {number}.", "reference": f"{number} and more"} for number in range(6)]
ASKED = {
    "prompts": PROMPTS,
    "rewards": [{"kind": "length", "most": 5}],
    "json_schema": '{"type": "object"}',
    "samples": 1,
    "safety": False,
    "max_new_tokens": 8,
    "names": {"before": "tiny@1", "after": "tiny@2"},
}


@pytest.fixture(scope="module")
def other_model(tiny_model, tmp_path_factory):
    """The tiny model, shaken: its answers differ."""
    folder = tmp_path_factory.mktemp("other")
    model = AutoModelForCausalLM.from_pretrained(tiny_model)
    torch.manual_seed(1)
    with torch.no_grad():
        for weights in model.parameters():
            weights += torch.randn_like(weights)
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(tiny_model).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def reward_model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reward")
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    shape = {"n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 128, "num_labels": 1}
    config = GPT2Config(vocab_size=len(tokenizer), pad_token_id=tokenizer.pad_token_id, **shape)
    GPT2ForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def run(folder, model, before, **fields) -> dict:
    process = launch("evaluate", folder, model, before=str(before), **ASKED | fields)
    process.join()
    assert process.exitcode == 0, [lines_of(folder, "failed"), (folder / "err.log").read_text()[-2000:]]
    return lines_of(folder, "finished")[-1]["report"]


def rows_of(folder) -> list[Row]:
    lines = (folder / "out" / "rows.jsonl").read_text().splitlines()
    return [Row.model_validate_json(line) for line in lines]


@pytest.mark.slow
def test_everything_is_measured(tmp_path, tiny_model, other_model, reward_model):
    asked = {"judge": str(STARTER), "reward_model": str(reward_model), "safety": True}
    report = run(tmp_path, other_model, tiny_model, **asked)
    named = {figure["name"]: figure for figure in report["figures"]}
    assert named.keys() == {
        *("reward", "learned reward", "schema validity", "perplexity", "bits per byte"),
        *("length", "repetition", "TASS", "TAST"),
    }
    assert {won["by"] for won in report["wins"]} == {"rewards", "reward_model", "judge"}
    assert (report["before"], report["after"], report["prompts"]) == ("tiny@1", "tiny@2", 6)
    rows = rows_of(tmp_path)
    assert report["notes"] == ["3 questions of the safety set were longer than one of the two versions reads"]
    assert len(rows) == 6 + 48 - 3 and all(len(row.before.samples) == 1 for row in rows if not row.item)
    assert all(row.after.rated.by == "judge" for row in rows if row.item)
    assert any(row.before.answer != row.after.answer for row in rows)
    assert named["perplexity"]["before"] != named["perplexity"]["after"]
    steps = lines_of(tmp_path, "metrics")
    assert steps[-1]["step"] == steps[-1]["steps"] and lines_of(tmp_path, "sample")
    for row in rows:
        for side in (row.before, row.after):
            if not row.item:
                weighted = (side.rules + side.learned) / 2
                assert side.score == pytest.approx(weighted)


@pytest.mark.slow
def test_a_judge_that_cannot_read_the_pairs_says_nothing(tmp_path, tiny_model, other_model):
    report = run(tmp_path, other_model, tiny_model, judge=str(tiny_model))
    assert [won["by"] for won in report["wins"]] == ["rewards"]
    assert report["notes"] == ["12 questions were longer than the judge reads"]


@pytest.mark.slow
def test_a_version_against_itself_is_a_tie_and_worse_nowhere(tmp_path, tiny_model):
    report = run(tmp_path, tiny_model, tiny_model)
    assert [(won["rate"], won["ties"]) for won in report["wins"]] == [(0.5, 6)]
    assert (report["worse"], report["improved"]) == (0, 0)
    assert {figure["difference"] for figure in report["figures"]} == {0}


@pytest.mark.slow
def test_what_was_answered_is_not_asked_again(tmp_path, tiny_model, other_model):
    """A kill leaves whole lines and half of one; the rest is asked, and the report is that of a job in one go."""
    whole = run(tmp_path, other_model, tiny_model)
    saved = tmp_path / "work" / "answers.jsonl"
    lines = saved.read_text(encoding="utf-8").splitlines(keepends=True)
    known = json.loads(lines[3])[0]
    lines[3] = json.dumps([known, "as it was saved"]) + "\n"
    saved.write_text("".join(lines[: len(lines) // 2]) + lines[-1][:7], encoding="utf-8")
    again = run(tmp_path, other_model, tiny_model)
    texts = [text for row in rows_of(tmp_path) for text in (row.before.answer, *row.before.samples)]
    assert texts.count("as it was saved") == 1
    same = ("perplexity", "bits per byte")
    assert [f for f in again["figures"] if f["name"] in same] == [
        f for f in whole["figures"] if f["name"] in same
    ]


@pytest.mark.slow
def test_it_pauses_between_two_answers_and_goes_on(tmp_path, tiny_model):
    many = {"prompts": PROMPTS * 20, "max_new_tokens": 32}
    process = launch("evaluate", tmp_path, tiny_model, before=str(tiny_model), **ASKED | many)
    while process.is_alive() and not lines_of(tmp_path, "metrics"):
        time.sleep(0.01)
    process.terminate()
    process.join()
    assert process.exitcode == 0 and not lines_of(tmp_path, "finished")
    (paused,) = lines_of(tmp_path, "paused")
    answers = (tmp_path / "work" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert 0 < len(answers) == paused["step"] < 480
    assert run(tmp_path, tiny_model, tiny_model, **many)["prompts"] == 120


@pytest.mark.slow
def test_a_prompt_that_one_of_them_cannot_read_is_left_out(tmp_path, tiny_model):
    long = {"prompt": "many words " * 200}
    assert run(tmp_path, tiny_model, tiny_model, prompts=[*PROMPTS, long])["left_out"] == 1
    process = launch(
        "evaluate", tmp_path / "none", tiny_model, before=str(tiny_model), **ASKED | {"prompts": [long]}
    )
    process.join()
    assert "longer than what one of the two models reads" in lines_of(tmp_path / "none", "failed")[0]["error"]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("A", "B", (1.0, True)),
        ("B", "A", (0.0, True)),
        ("tie", "tie", (0.5, True)),
        ("A", "A", (0.5, False)),
        ("B", "B", (0.5, False)),
        ("A", "tie", (0.5, False)),
    ],
)
def test_a_judge_who_changes_its_mind_with_the_order_gives_a_tie(first, second, wanted):
    assert verdict(first, second) == wanted


def test_a_pair_is_shown_in_both_orders():
    first, second = pair_prompts("Which?", "the old", "the new")
    assert first.index("the new") < first.index("the old") and second.index("the old") < second.index(
        "the new"
    )


def test_saved_lines_survive_a_broken_end(tmp_path):
    path = tmp_path / "answers.jsonl"
    Saved(path)["a"] = {"text": "é\u2028\n"}
    path.write_text(path.read_text(encoding="utf-8") + '["b", "ha', encoding="utf-8")
    saved = Saved(path)
    assert saved["a"] == {"text": "é\u2028\n"} and "b" not in saved
    saved["b"] = 1
    assert Saved(path)["b"] == 1


def test_the_node_and_its_recipe_have_the_same_defaults():
    """Whoever orders over HTTP and names nothing gets what the form shows."""
    shared = (Evaluate.model_fields.keys() & EvaluateJob.model_fields.keys()) - {
        "prompts",
        "rewards",
        "judge",
    }
    assert {"samples", "margin", "safety", "max_new_tokens", "json_schema", "seed", "temperature"} == shared
    for name in shared:
        assert Evaluate.model_fields[name].default == EvaluateJob.model_fields[name].default, name
