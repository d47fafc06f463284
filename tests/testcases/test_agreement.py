"""How far an answer says what was expected."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.testcases.agreement import agreement

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "expected, answer, share",
    [
        ('{"a": 1, "b": [1, 2]}', '{"b": [1, 3], "a": 1, "c": 0}', 2 / 3),
        ('{"a": 1}', "a is 1", 0.0),
        ("the depot code", "the parcel id", 0.0),
        ("depot code and date", "depot code", 0.8),
        ("包裹重量", "包裹重量", 1.0),
        ("!", "!", 1.0),
    ],
)
def test_shares(expected, answer, share):
    assert agreement(expected, answer) == pytest.approx(share)


@given(st.dictionaries(st.text(max_size=3), json_values, max_size=4))
def test_a_record_agrees_with_itself_however_it_is_written(record):
    assert agreement(json.dumps(record), json.dumps(record, indent=2, sort_keys=True)) == 1.0


@given(st.text(), st.text())
def test_a_share_is_a_share(expected, answer):
    assert 0 <= agreement(expected, answer) <= 1
