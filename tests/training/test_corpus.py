"""The corpus keeps its promises: seeded, well-formed, and no held-out thing ever reaches training."""

import itertools
import json
import random
import re

import pytest

from flowbuilder.training.corpus.delivery import examples, parse_object
from flowbuilder.training.corpus.names import ENGLISH, SUFFIXES, held_out_word, invented_word
from flowbuilder.training.corpus.records import held_out_combination
from flowbuilder.training.corpus.values import make_value, value_fits

SUFFIX_WORDS = {suffix for group in SUFFIXES.values() for suffix in group} | {"is", "has"}


def take(split, count=1500, seed="test"):
    return list(itertools.islice(examples(seed, split), count))


def test_same_seed_same_examples():
    assert take("train", 50) == take("train", 50)
    assert take("train", 50) != take("train", 50, seed="other")


@pytest.mark.parametrize("split", ["train", "known", "new"])
def test_every_completion_is_the_right_answer_to_its_prompt(split):
    for example in take(split, 600):
        assert example.exact(example.completion), example
        assert json.dumps(parse_object(example.completion), ensure_ascii=False) == example.completion


def test_train_and_known_share_no_combination():
    train = {example.record_type.combination for example in take("train", 4000)}
    known = {example.record_type.combination for example in take("known", 1000)}
    assert train and known and not train & known
    assert not any(held_out_combination(example.record_type) for example in take("train"))


def novel_words(example):
    names = [example.record_type.name, *(field.name for field in example.record_type.fields)]
    for name in names:
        words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)} - SUFFIX_WORDS
        assert words, name
        yield from words


def test_every_name_of_the_new_split_holds_only_never_seen_words():
    seen = {
        word
        for example in take("train", 6000)
        for word in re.findall(r"[a-z]+", f"{example.prompt} {example.completion} {example.system}".lower())
    }
    new = {word for example in take("new", 1500) for word in novel_words(example)}
    assert len(new) > 500
    assert not new & seen


def test_invented_words_of_training_are_never_held_out():
    rng = random.Random(5)
    train = {invented_word(rng, "train") for _ in range(3000)}
    new = {invented_word(rng, "new") for _ in range(3000)}
    assert not train & new
    assert any(held_out_word(word) for word in ENGLISH)


def test_values_vary():
    values = {example.completion for example in take("train", 500)}
    assert len(values) > 480


@pytest.mark.parametrize(
    ("value", "kind", "fits"),
    [
        (3, "integer", True),
        (3.0, "integer", False),
        (True, "integer", False),
        (3, "number", True),
        (True, "number", False),
        ("2026-02-30", "date", False),
        ("2026-02-28", "date", True),
        ("2026-02-28T10:00:00Z", "date-time", True),
        ("2026-02-28", "date-time", False),
        ("a", "enum", True),
        ("c", "enum", False),
        ("", "string", False),
        (1, "boolean", False),
    ],
)
def test_value_fits(value, kind, fits):
    assert value_fits(value, kind, ("a", "b")) is fits


def test_unknown_type_names_the_known_ones():
    with pytest.raises(ValueError, match="date-time"):
        make_value(random.Random(1), "x", "uuid")
    with pytest.raises(ValueError, match="date-time"):
        value_fits("x", "uuid")


def test_exact_wants_order_and_types():
    example = next(e for e in examples("order") if e.kind == "record" and len(e.record_type.fields) > 2)
    right = json.loads(example.completion)
    assert example.exact(json.dumps(right))
    assert not example.exact(json.dumps(dict(reversed(right.items()))))
    assert not example.exact(example.completion + " and more")
    assert not example.exact(json.dumps(dict.fromkeys(right)))
