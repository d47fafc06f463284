"""What is learned from is what the runtime reads: token by token, for every recipe."""

import random

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer, RLOOConfig, RLOOTrainer

from flowbuilder.modelhub.runtime.prompting import answer_ids, prompt_ids
from flowbuilder.training.recipes import dpo, kto, orpo, sft
from flowbuilder.training.recipes.examples import Example, divided, example, fits, logprobs, only_fitting
from flowbuilder.training.recipes.preferences import accuracy, judged, pair_of
from flowbuilder.training.recipes.trainer import quiet
from nodes.types import Demonstration, PreferencePair

# Where a text begins or ends with a space or a letter, careless joining makes other tokens of it.
TEXTS = [
    ("Say 1.", "1"),
    ("Make a record ", ' {"a": 1}'),
    ("Straße\n", "über alles\n\n"),
    ("a", "b"),
    ("x", ""),
]


@pytest.fixture(params=["template", "plain"])
def tokenizer(request, tiny_model):
    found = AutoTokenizer.from_pretrained(tiny_model)
    if request.param == "plain":
        found.chat_template = None
    return found


def asked(text):
    return [{"role": "user", "content": text}]


@pytest.mark.parametrize(("prompt", "answer"), TEXTS)
def test_an_example_is_what_the_runtime_reads_and_then_the_answer_and_its_end(tokenizer, prompt, answer):
    one = example(tokenizer, asked(prompt), answer)
    assert one.prompt == prompt_ids(tokenizer, asked(prompt))
    assert one.ids == answer_ids(tokenizer, asked(prompt), answer)
    assert one.answer[-1] == tokenizer.eos_token_id


@pytest.mark.parametrize(("prompt", "answer"), TEXTS)
def test_every_recipe_learns_those_tokens(tokenizer, prompt, answer):
    pair = pair_of(tokenizer, PreferencePair(prompt=prompt, chosen=answer, rejected="no"))
    before, chosen = prompt_ids(tokenizer, asked(prompt)), answer_ids(tokenizer, asked(prompt), answer)
    rejected = answer_ids(tokenizer, asked(prompt), "no")

    taught = sft.labelled(pair[0])
    assert taught["input_ids"] == chosen
    assert taught["labels"] == [-100] * len(before) + chosen[len(before) :]

    row = dpo.row(pair)
    assert row["prompt_ids"] + row["chosen_ids"] == chosen and row["prompt_ids"] == before
    assert row["prompt_ids"] + row["rejected_ids"] == rejected

    good, bad = sorted(kto.rows([pair], 2, seed=0), key=lambda row: not row["label"])
    assert (good["prompt_ids"] + good["completion_ids"], bad["prompt_ids"] + bad["completion_ids"]) == (
        chosen,
        rejected,
    )
    assert good["KL_completion_ids"] == bad["completion_ids"] != good["completion_ids"]

    row = orpo.row(pair)
    assert row["chosen_input_ids"] == chosen and row["rejected_input_ids"] == rejected
    assert row["chosen_labels"] == taught["labels"]


@pytest.mark.parametrize(("trainer", "config"), [(GRPOTrainer, GRPOConfig), (RLOOTrainer, RLOOConfig)])
def test_practice_answers_what_the_runtime_would_be_asked(tiny_model, tmp_path, trainer, config):
    from flowbuilder.training.recipes.practice import PracticeJob, rows

    tokenizer = AutoTokenizer.from_pretrained(tiny_model, padding_side="left")
    job = PracticeJob(
        model=tiny_model,
        out_dir=tmp_path,
        work_dir=tmp_path,
        prompts=[{"prompt": prompt} for prompt, _ in TEXTS],
        judge={},
        steps=1,
        prompts_per_step=len(TEXTS),
    )
    data = rows(tokenizer, job)
    model = AutoModelForCausalLM.from_pretrained(tiny_model)
    shared = quiet(tmp_path, seed=0, steps=1, save_every=1)
    args = config(**shared, per_device_train_batch_size=2, num_generations=2)
    found = trainer(model, [lambda **_: [0.0]], args, data, processing_class=tokenizer)
    tokens, *_ = found._tokenize_prompts([row["prompt"] for row in data])
    assert tokens == [prompt_ids(tokenizer, asked(row["line"]["prompt"])) for row in data]


def test_a_conversation_is_read_up_to_its_last_answer(tokenizer):
    talk = [*asked("Hi"), {"role": "assistant", "content": "Hello"}, *asked("Bye")]
    one = Demonstration(messages=[*talk, {"role": "assistant", "content": "See you"}])
    assert example(tokenizer, one.asked, one.answer).ids == answer_ids(tokenizer, talk, "See you")


def test_the_pairs_of_kto_meet_another_answer_of_their_own_batch():
    pairs = [(Example([n], [10 + n]), Example([n], [20 + n])) for n in range(7)]
    rows = kto.rows(pairs, 4, seed=3)
    for start in range(0, len(rows), 4):
        batch = rows[start : start + 4]
        own, beside = ([row[name] for row in batch] for name in ("completion_ids", "KL_completion_ids"))
        assert sorted(own) == sorted(beside) and all(
            left != right for left, right in zip(own, beside, strict=True)
        )
    assert sum(row["label"] for row in rows) == 7
    assert [row["prompt_ids"] for row in rows] != sorted(row["prompt_ids"] for row in rows)


def test_a_log_probability_is_that_of_the_answer_alone_whatever_else_is_in_the_batch(tiny_model):
    model = AutoModelForCausalLM.from_pretrained(tiny_model).eval()
    examples = [Example([5, 6, 7], [8, 9]), Example([5], [9, 9, 9, 9, 9, 9, 9]), Example([4] * 9, [8])]
    for one, found in zip(examples, logprobs(model, examples), strict=True):
        with torch.no_grad():
            chances = torch.log_softmax(model(torch.tensor([one.ids])).logits[0], -1)
        start = len(one.prompt)
        wanted = sum(chances[start + n - 1, token].item() for n, token in enumerate(one.answer))
        assert found == pytest.approx(wanted, abs=1e-3)


def test_what_the_model_cannot_read_is_left_out_and_all_of_it_is_refused(tiny_model):
    model = AutoModelForCausalLM.from_pretrained(tiny_model)
    short, long = Example([1] * 100, [1] * 28), Example([1] * 100, [1] * 29)
    assert fits(model, short) and not fits(model, short, long)
    assert only_fitting(model, [short, long], lambda one: [one]) == [short]
    with pytest.raises(ValueError, match="longer than the 128 tokens"):
        only_fitting(model, [long], lambda one: [one])


def test_kept_and_aside_are_all_and_share_nothing():
    rows = list(range(23))
    kept, aside = divided(rows, 0.25, seed=1)
    assert sorted(kept + aside) == rows and len(aside) == 6
    assert divided(rows, 0.25, seed=1) == (kept, aside) != divided(rows, 0.25, seed=2)
    assert divided([1], 0.5, seed=0) == ([1], [])


def test_the_figures_of_pairs():
    random.seed(0)
    pairs = [(Example([1], [1, 1]), Example([1], [1]))] * 2
    before, after = [[-4.0, -4.0], [-3.0, -1.0]], [[-3.0, -5.0], [-3.0, -1.0]]
    assert accuracy(pairs, before) == 0.5  # -2 a token against -3, and against -1
    assert judged(pairs, before, after) == {
        "accuracy_before": 0.5,
        "accuracy_after": 0.5,
        "preferred": 0.5,
        "margin": 0.0,
    }
