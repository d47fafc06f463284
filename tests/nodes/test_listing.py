import pytest

from nodes.base import NodeError
from nodes.listing import listed
from nodes.types import Candidates, Items, Passage, Passages, Record

PASSAGE = Passage(text="t", source="s", score=1)


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (["a", 1], ["a", 1]),
        (Items(items=("a", PASSAGE)), ["a", PASSAGE]),
        (Passages(items=(PASSAGE,)), [PASSAGE]),
        (Candidates(prompt="p", answers=("x", "y")), ["x", "y"]),
        (Record(data=[{"a": 1}]), [{"a": 1}]),
        (Record(data={"total": 1, "rows": [1, 2]}), [1, 2]),
        ({"rows": [1]}, [1]),
        ('["a", {"b": 1}]', ["a", {"b": 1}]),
        ("one\n\n two\n", ["one", " two"]),
        ("[not JSON]", ["[not JSON]"]),
        ("", []),
    ],
)
def test_what_holds_a_list_is_gone_through(value, items):
    assert listed(value) == items


@pytest.mark.parametrize("value", [3, True, {"a": [1], "b": [2]}, Record(data={"a": 1})])
def test_anything_else_is_refused(value):
    with pytest.raises(NodeError, match="takes a list"):
        listed(value)
