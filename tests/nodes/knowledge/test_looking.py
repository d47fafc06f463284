"""Filters on what documents say of themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nodes.knowledge.looking import Filter, Looking

FACTS = {"lang": "en", "year": 2024, "tags": ["Parcel", "depot"], "draft": False, "document": "protocol.md"}


@pytest.mark.parametrize(
    "field, op, value, kept",
    [
        ("lang", "eq", "EN", True),
        ("lang", "ne", "zh", True),
        ("lang", "ne", "en", False),
        ("lang", "in", "zh, en", True),
        ("lang", "in", ("zh", "de"), False),
        ("year", "eq", "2024", True),
        ("year", "gt", 2023, True),
        ("year", "lt", "2024", False),
        ("year", "gt", "999", True),
        ("tags", "contains", "parcel", True),
        ("tags", "contains", "par", False),
        ("tags", "eq", "depot", True),
        ("document", "contains", "proto", True),
        ("draft", "eq", False, True),
        ("draft", "eq", "false", True),
        ("owner", "eq", "me", False),
        ("owner", "ne", "me", True),
        ("owner", "lt", "z", False),
    ],
)
def test_conditions(field, op, value, kept):
    assert Filter(field=field, op=op, value=value).keeps(FACTS) is kept


def test_all_or_any():
    filters = [{"field": "lang", "value": "en"}, {"field": "year", "op": "gt", "value": 2024}]
    assert not Looking(filters=filters).keeps(FACTS)
    assert Looking(filters=filters, match="any").keeps(FACTS)
    assert Looking().keeps({}) and Looking(match="any").keeps({})


@pytest.mark.parametrize(
    "wrong",
    [
        {"field": "", "value": "x"},
        {"field": "a", "op": "like", "value": "x"},
        {"field": "a", "op": "eq", "value": ["x"]},
        {"field": "a", "value": {"$ne": 1}},
        {"field": "a", "value": "x" * 3000},
    ],
)
def test_what_is_no_condition(wrong):
    with pytest.raises(ValidationError):
        Filter.model_validate(wrong)


@given(
    st.dictionaries(
        st.sampled_from(["a", "b"]), st.text(max_size=5) | st.integers() | st.lists(st.text(max_size=3))
    )
)
def test_equal_and_not_equal_are_opposites(facts):
    equal, other = Filter(field="a", op="eq", value="x"), Filter(field="a", op="ne", value="x")
    assert equal.keeps(facts) is not other.keeps(facts)
