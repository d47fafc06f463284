"""Each change is small, is drawn again from the same seed, and leaves what it must leave."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.data.perturbations import (
    ON_PROMPTS,
    case,
    list_order,
    perturbed,
    punctuation,
    renumbered,
    typos,
    width,
)  # fmt: skip


def all_of(change, text, draws=60) -> set[str]:
    return {change(text, random.Random(seed)) for seed in range(draws)}


@given(st.text(max_size=200), st.sampled_from(sorted(ON_PROMPTS)), st.integers(0, 99))
def test_any_text_is_taken_and_the_same_seed_draws_the_same(text, kind, seed):
    first = ON_PROMPTS[kind](text, random.Random(seed))
    assert first == ON_PROMPTS[kind](text, random.Random(seed))


def test_case_and_punctuation():
    assert all_of(case, "Where is it?") == {"where is it?", "WHERE IS IT?"}
    found = all_of(punctuation, "Please, where is it?")
    assert {"Please, where is it", "Please, where is it!", "Please where is it?"} <= found
    assert "包裹在哪里？？" in all_of(punctuation, "包裹在哪里？")


def test_typos_are_few_and_near():
    text = "Where is the parcel that left the depot this morning with the blue van?"
    for found in all_of(typos, text):
        assert abs(len(found) - len(text)) <= 2
    assert any(found != text for found in all_of(typos, text))
    assert typos("123 ?", random.Random(1)) == "123 ?"


def test_lists_keep_their_members():
    for found in all_of(list_order, "List id, weight, route and stop of the parcel."):
        assert sorted(found.replace(",", "").replace(" and", "").split()) == sorted(
            "List id weight route stop of the parcel.".split()
        )
        assert found.endswith("of the parcel.")
    assert all_of(list_order, "- a\n- b\n") == {"- a\n- b\n", "- b\n- a\n"}
    assert (
        "列出重量、编号、路线" in all_of(list_order, "列出重量、编号、路线")
        and len(all_of(list_order, "甲、乙")) == 2
    )


def test_width():
    assert width("Where, when?", random.Random(1)) == "Where， when？"
    assert width("在哪里？今天，", random.Random(1)) == "在哪里?今天,"


def test_an_id_is_drawn_anew_alike_wherever_it_stands():
    example = {"prompt": "Where is PX-4711 (order 80012)?", "completion": '{"id": "PX-4711", "order": 80012}'}
    found = renumbered(example, random.Random(3))
    new = found["prompt"].split("PX-")[1][:4]
    assert new != "4711" and f"PX-{new}" in found["completion"] and "80012" not in found["completion"]
    turns = {"messages": [{"role": "user", "content": "PX-1?"}, {"role": "assistant", "content": "PX-1"}]}
    changed = renumbered(turns, random.Random(3))["messages"]
    assert changed[0]["content"] == changed[1]["content"] + "?" and changed[0]["role"] == "user"


@pytest.mark.parametrize(
    "text", ["at 08:10 on 2026-01-02", "since 1999", "3 parcels", "15 %", "1.5 kg", "10/12"]
)
def test_times_dates_and_amounts_stay(text):
    assert renumbered({"prompt": text}, random.Random(1)) == {"prompt": text}


def test_where_nothing_can_change_there_is_nothing():
    assert (
        perturbed(
            {"prompt": "?"},
            "?",
            lambda prompt: {"prompt": prompt},
            ["numbers", "list_order"],
            random.Random(1),
        )
        is None
    )
    found = perturbed({"prompt": "Go"}, "Go", lambda prompt: {"prompt": prompt}, ["case"], random.Random(1))
    assert found is not None and found[1] == "case"
