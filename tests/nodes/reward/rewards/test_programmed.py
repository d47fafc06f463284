"""Each programmed reward: what gets 1, what gets 0, what lies between, and that none hangs or breaks."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from nodes.reward.rewards.exact import exact
from nodes.reward.rewards.learned import squashed
from nodes.reward.rewards.length import Length, length
from nodes.reward.rewards.pattern import Pattern, pattern
from nodes.reward.rewards.similarity import similarity
from nodes.reward.rewards.valid_json import ValidJson, valid_json
from nodes.reward.scoring import ProgrammedReward, score_programmed

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"id": {"type": "string", "pattern": "^PX-"}, "kg": {"type": "number", "minimum": 0}},
        "required": ["id", "kg"],
    }
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"id": "PX-1", "kg": 2}', 1.0),
        ('{"id": "PX-1"}', 1 / 3),
        ('{"id": "1", "kg": -1}', 1 / 4),
        ("PX-1", 0.0),
        ("[" * 100_000, 0.0),
    ],
)
def test_valid_json(text, value):
    assert valid_json(text, json_schema=SCHEMA)[0] == pytest.approx(value)


def test_valid_json_names_the_first_broken_rule():
    assert valid_json('{"id": "PX-1", "kg": -1}', json_schema=SCHEMA)[1].startswith("kg: -1")


def test_a_schema_never_reaches_for_the_network():
    value, reason = valid_json("{}", json_schema='{"$ref": "http://127.0.0.1:9/schema.json"}')
    assert value < 1 and "not in it" in reason


def test_pattern():
    assert pattern("parcel PX-123456.", pattern=r"PX-\d{6}") == (1.0, "found 'PX-123456'")
    assert pattern("parcel PX-123456.", pattern=r"PX-\d{6}", whole=True)[0] == 0.0
    assert pattern("sorry, I cannot", pattern="sorry", wanted=False)[0] == 0.0


@pytest.mark.parametrize("slow", [r"(a|aa)+$", r"^(a|a)*\1b$"])
def test_a_slow_pattern_is_stopped(slow):
    started = time.monotonic()
    schema = json.dumps({"pattern": slow})
    assert pattern("a" * 5000 + "!", pattern=slow)[0] == 0.0
    assert valid_json(json.dumps("a" * 5000 + "!"), json_schema=schema)[0] < 1
    assert time.monotonic() - started < 5


def test_length():
    assert length("abcd", least=2, most=4)[0] == 1.0
    assert length("a", least=2, most=4)[0] == 0.5
    assert length("abcdefgh", least=2, most=4) == (0.5, "8 characters")
    assert length("one two", least=2, most=2, unit="words")[0] == 1.0
    assert length("", least=0, most=0)[0] == 1.0


def test_similarity_orders_by_closeness():
    reference = "The parcel left the depot."
    same, near, far = (
        similarity(text, reference=reference)[0]
        for text in (reference, "The parcel has left the depot.", "Bananas!")
    )
    assert same == 1.0 and same > near > 0.5 > far


def test_exact():
    assert exact('{"a": 1, "b": 2}', reference='{"b":2,"a":1}')[0] == 1.0
    assert exact('{"a": true}', reference='{"a": 1}')[0] == 0.0
    assert exact("Yes ", reference="yes")[0] == 0.0
    assert exact("Yes ", reference="yes", ignore_case=True)[0] == 1.0


@pytest.mark.parametrize("raw", [-1e9, -3.0, 0.0, 3.0, 1e9])
def test_a_learned_reward_stays_in_bounds(raw):
    value, _ = squashed(raw)
    assert 0 <= value <= 1 and squashed(0.0)[0] == 0.5


@given(st.text(max_size=200), st.text(max_size=200))
def test_every_reward_takes_any_text_and_stays_in_bounds(text, reference):
    rewards = [{"kind": "pattern", "pattern": "a+"}, {"kind": "valid_json", "json_schema": SCHEMA}]
    rewards += [{"kind": kind} for kind in ("length", "similarity", "exact")]
    built = [TypeAdapter(ProgrammedReward).validate_python(reward) for reward in rewards]
    score = score_programmed(built, text, reference=reference)
    assert 0 <= score.value <= 1
    assert all(0 <= part.value <= 1 and part.reason for part in score.parts)


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_a_text_is_most_like_itself(text):
    assert similarity(text, reference=text)[0] == pytest.approx(1.0)
    assert exact(text, reference=text)[0] == 1.0


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (lambda: Pattern(pattern="("), "not a regular expression"),
        (lambda: Length(least=5, most=1), "above 'most'"),
        (lambda: ValidJson(json_schema="{"), "not JSON"),
        (lambda: ValidJson(json_schema='{"type": 3}'), "not a JSON Schema"),
        (lambda: TypeAdapter(ProgrammedReward).validate_python({"kind": "learned", "model": "x"}), "learned"),
    ],
)
def test_a_bad_setting_says_why(build, why):
    with pytest.raises(ValidationError, match=why):
        build()
