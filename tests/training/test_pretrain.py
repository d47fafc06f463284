"""The pretraining recipe on a model of a few thousand parameters."""

import hashlib
import json
import shutil

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from flowbuilder.training.recipes.checkpoints import hashes_hold
from flowbuilder.training.recipes.greedy import greedy_answers
from flowbuilder.training.recipes.pretrain import pretrain, rate_at
from flowbuilder.training.recipes.pretraining import batching
from flowbuilder.training.recipes.pretraining import config as settings
from flowbuilder.training.recipes.pretraining.config import PretrainConfig
from flowbuilder.training.recipes.pretraining.model import build_model
from flowbuilder.training.recipes.reading import Weights, Written, running_rows
from flowbuilder.training.recipes.vocabulary import train_tokenizer
from flowbuilder.training.sizes import SIZES, parameters, pattern


def config(folder, **changes):
    settings = {
        "out_dir": folder / "out",
        "work_dir": folder / "work",
        "layers": "ca",
        "hidden_size": 16,
        "intermediate_size": 32,
        "heads": 2,
        "vocab_size": 320,
        "tokenizer_examples": 64,
        "batch_tokens": 1024,
        "max_length": 768,
        "steps": 6,
        "warmup_steps": 2,
        "threads": 1,
        "log_every": 2,
        "save_every": 3,
        "keep_checkpoints": 10,
    }
    return PretrainConfig(**(settings | changes))


@pytest.fixture(scope="module", autouse=True)
def small_pools():
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        for module in (batching, settings):
            patch.setattr(module, "POOL", 32)
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """One uninterrupted run of six steps."""
    folder = tmp_path_factory.mktemp("finished")
    pretrain(config(folder))
    return folder


def weights(folder):
    return load_file(folder / "out" / "model.safetensors")


def assert_same(left, right):
    assert left.keys() == right.keys()
    assert all(torch.equal(left[name], right[name]) for name in left)


def resumed_from(finished, tmp_path, *steps):
    """A run that finds only the checkpoints of ``steps``."""
    shutil.copytree(finished / "work" / "tokenizer", tmp_path / "work" / "tokenizer")
    for step in steps:
        shutil.copytree(finished / "work" / f"checkpoint-{step}", tmp_path / "work" / f"checkpoint-{step}")
    return config(tmp_path)


def test_resume_is_bit_equal_to_an_uninterrupted_run(finished, tmp_path, capsys):
    pretrain(resumed_from(finished, tmp_path, 3))
    start = json.loads(capsys.readouterr().out.splitlines()[0])
    assert start["resumed_at"] == 3
    assert_same(weights(tmp_path), weights(finished))


def test_a_corrupt_checkpoint_is_skipped(finished, tmp_path, capsys):
    resumed = resumed_from(finished, tmp_path, 3, 6)
    broken = tmp_path / "work" / "checkpoint-6" / "model.safetensors"
    broken.write_bytes(broken.read_bytes()[:-10])
    pretrain(resumed)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["kind"] == "checkpoint_broken" and lines[0]["step"] == 6
    assert lines[1]["resumed_at"] == 3
    assert_same(weights(tmp_path), weights(finished))


def test_a_checkpoint_without_its_hash_list_is_skipped(finished, tmp_path):
    resumed = resumed_from(finished, tmp_path, 3, 6)
    (tmp_path / "work" / "checkpoint-6" / "SHA256SUMS").unlink()
    pretrain(resumed)
    assert_same(weights(tmp_path), weights(finished))


def test_a_checkpoint_of_another_architecture_is_refused(finished, tmp_path):
    resumed = resumed_from(finished, tmp_path, 3).model_copy(update={"architecture": "gpt2"})
    with pytest.raises((ValueError, RuntimeError)):
        pretrain(resumed)


def test_the_version_loads_and_its_hashes_hold(finished):
    out = finished / "out"
    assert hashes_hold(out)
    model = AutoModelForCausalLM.from_pretrained(out)
    tokenizer = AutoTokenizer.from_pretrained(out)
    assert model.config.eos_token_id == tokenizer.eos_token_id == tokenizer.convert_tokens_to_ids("<|end|>")
    ids = tokenizer("hello", return_tensors="pt")["input_ids"]
    assert model.generate(input_ids=ids, max_new_tokens=3).shape[1] <= ids.shape[1] + 3


def test_gpt2_trains_by_the_same_recipe(tmp_path):
    metrics = pretrain(config(tmp_path, architecture="gpt2", steps=2))
    assert metrics["steps"] == 2
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "out").config.model_type == "gpt2"


def test_own_data_as_json_lines(tmp_path):
    data = tmp_path / "mine.jsonl"
    data.write_text(
        "".join(json.dumps({"prompt": f"say {n}", "completion": f"{n}"}) + "\n" for n in range(9))
    )
    assert pretrain(config(tmp_path, data=str(data), steps=2))["tokens"] > 0


TEXTS = [f"The van {n} stands at gate {n % 7}. It waits for its load, which is heavy." for n in range(60)]


def test_texts_are_learned_as_they_run_and_gone_on_with(tmp_path):
    small = {"max_length": 64, "batch_tokens": 512, "learning_rate": 0.01, "held_out": 0.2, "copying": False}
    figures = pretrain(config(tmp_path, texts=TEXTS, steps=150, **small))
    assert figures["held_out_perplexity"] < 8  # of 320 tokens
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "out")
    assert tokenizer.chat_template is None
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    (answer,) = greedy_answers(model, tokenizer, ["The van 5 stands at"], 24)
    assert answer.startswith(" gate ") and "waits" in answer


def test_documents_are_cut_at_the_window_and_all_their_tokens_are_read(finished):
    tokenizer = AutoTokenizer.from_pretrained(finished / "out")
    text = "one two three " * 40
    rows = running_rows(text, tokenizer, 32)
    learned = [token for row in rows for token in row.tokens[1:]]
    assert tokenizer.decode(rows[0].tokens[:1] + learned) == text + "<|end|>"
    assert {len(row.tokens) for row in rows[:-1]} == {32} and all(set(row.weights) == {1.0} for row in rows)


def test_documents_that_are_held_out_are_not_read(finished):
    tokenizer = AutoTokenizer.from_pretrained(finished / "out")
    corpus = Written([f"{number:03}" * 9 for number in range(40)], [], held_out=0.25, seed=0)
    corpus.open(tokenizer, 16, Weights(0.0, 0.0))
    read = {tuple(row.tokens) for number in range(8) for row in corpus.pool(number, 200)}
    aside = {tuple(row.tokens) for row in corpus.held_out()}
    assert len(corpus.held_out()) >= 10 and not aside & read


def test_of_a_single_document_parts_are_held_out(finished):
    tokenizer = AutoTokenizer.from_pretrained(finished / "out")
    corpus = Written([" ".join(TEXTS)], [], held_out=0.25, seed=0)
    corpus.open(tokenizer, 32, Weights(0.0, 0.0))
    assert len(corpus.held_out()) == round(0.25 * (len(corpus.kept) + len(corpus.aside)))
    assert corpus.shown()[0].prompt


def test_conversations_and_texts_are_learned_together(tmp_path):
    examples = [{"prompt": f"say {n}", "completion": f"{n}"} for n in range(20)]
    figures = pretrain(
        config(tmp_path, texts=TEXTS, examples=examples, steps=4, held_out=0.2, samples_every=2)
    )
    assert figures["held_out_loss"] > 0
    assert AutoTokenizer.from_pretrained(tmp_path / "out").chat_template


@pytest.mark.parametrize("architecture", ["lfm2", "gpt2"])
@pytest.mark.parametrize("name", ["tiny", "small"])
def test_a_size_has_about_the_weights_that_are_told(tmp_path, name, architecture):
    shape = config(tmp_path, size=name, architecture=architecture)
    tokenizer = train_tokenizer(iter(TEXTS), 320, shape.max_length)
    model = build_model(shape, tokenizer)
    told = parameters(SIZES[name], architecture, len(tokenizer), shape.max_length)
    assert told == pytest.approx(model.num_parameters(), rel=0.05)
    assert len(shape.layers) == SIZES[name].layers


def test_layers_alternate_as_the_shipped_model_s_do():
    assert pattern(7) == "ccacaca"
    for count in range(2, 20):
        assert pattern(count)[0] + pattern(count)[-1] == "ca" and len(pattern(count)) == count


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"size": "huge"}, "tiny, small"),
        ({"heads": 3}, "no multiple of 'heads' 3"),
        ({"texts": ["a"], "max_length": 1}, "fits"),
    ],
)
def test_what_cannot_be_built_or_read_is_named(tmp_path, changes, why):
    with pytest.raises(ValueError, match=why):
        pretrain(config(tmp_path, **changes))


def test_words_of_other_alphabets_are_words():
    tokenizer = train_tokenizer(iter(["грузовик стоит. грузовик ждёт. Größe"] * 20), 400, 64)
    alone = tokenizer.tokenize("грузовик")
    assert len(alone) == 1 and tokenizer.tokenize("стоит грузовик")[-1:] == alone


def test_it_learns(tmp_path, capsys):
    pretrain(config(tmp_path, steps=60, learning_rate=0.01, warmup_steps=5, log_every=10))
    losses = [row["loss"] for row in map(json.loads, capsys.readouterr().out.splitlines()) if "loss" in row]
    assert losses[-1] < losses[0] - 1.0


def test_a_budget_is_needed(tmp_path):
    with pytest.raises(ValueError, match="minutes"):
        pretrain(config(tmp_path, steps=None))


def test_rate_warms_up_holds_and_decays(tmp_path):
    settings = config(tmp_path, learning_rate=1.0, warmup_steps=10, decay_fraction=0.5)
    assert rate_at(settings, 0, 0.0) == pytest.approx(0.1)
    assert rate_at(settings, 20, 0.5) == 1.0
    assert rate_at(settings, 20, 0.75) == pytest.approx(0.5)
    assert rate_at(settings, 20, 1.0) == 0.0


def test_a_word_becomes_the_same_tokens_wherever_it_stands(finished):
    tokenizer = AutoTokenizer.from_pretrained(finished / "out")
    name = tokenizer.tokenize("zorbel_count")
    for text in ("- zorbel_count: string", '{"zorbel_count": "x"}', "| zorbel_count | 3 |"):
        joined = tokenizer.tokenize(text)
        assert any(joined[at : at + len(name)] == name for at in range(len(joined))), text


def test_text_survives_the_tokenizer(finished):
    tokenizer = AutoTokenizer.from_pretrained(finished / "out")
    text = 'Größe 12 µ → {"a b": "ÄÖ"}\n\n- x_Y'
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_hash_list_is_sha256sum_format(finished):
    line = (finished / "out" / "SHA256SUMS").read_text().splitlines()[0]
    digest, name = line.split("  ")
    assert hashlib.sha256((finished / "out" / name).read_bytes()).hexdigest() == digest
