import pytest
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.flow.condition import Branch, Condition
from nodes.flow.rules import Rule
from nodes.types import Passage, Passages, Record

ORDER = '{"customer": {"age": 41, "name": "Ada"}, "items": [{"price": 3}], "tags": ["Express", "gift"]}'


def holds(given, **rule):
    return Rule(**rule).holds(given)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("Where is my PARCEL?", {"test": "contains", "value": "parcel"}),
        ("Where?", {"test": "lacks", "value": "parcel"}),
        ("7.0", {"test": "equals", "value": "7"}),
        (7.0, {"test": "equals", "value": "7"}),
        (True, {"test": "equals", "value": "true"}),
        (True, {"test": "true"}),
        ("no", {"test": "false"}),
        ("de-AT", {"test": "starts with", "value": "DE"}),
        ("invoice.pdf", {"test": "ends with", "value": ".pdf"}),
        ("green", {"test": "one of", "value": "red, green"}),
        ("PX-000123", {"test": "matches", "value": r"^px-\d{6}$"}),
        ("  ", {"test": "empty"}),
        ([], {"test": "empty"}),
        (
            Passages(items=(Passage(text="A van.", source="s", score=1),)),
            {"test": "not empty", "path": "items"},
        ),
        (ORDER, {"path": "customer.age", "test": "more than", "value": "40"}),
        (ORDER, {"path": "items[0].price", "test": "at most", "value": "3"}),
        (ORDER, {"path": "tags", "test": "contains", "value": "express"}),
        (ORDER, {"path": "customer.phone", "test": "empty"}),
        (Record(data={"age": 12}), {"path": "age", "test": "less than", "value": "18"}),
    ],
)
def test_a_rule_holds(value, rule):
    assert holds(value, **rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("soon", {"test": "more than", "value": "1"}),  # no number is not a large number
        ("Parcel", {"test": "contains", "value": "parcel", "ignore_case": False}),
        (ORDER, {"path": "tags", "test": "contains", "value": "exp"}),  # a list contains whole parts
        ("nan", {"test": "at least", "value": "0"}),
    ],
)
def test_a_rule_does_not_hold(value, rule):
    assert not holds(value, **rule)


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"test": "matches", "value": "("}, "not a regular expression"),
        ({"test": "at least", "value": "many"}, "'many' is none"),
        ({"path": "a..b", "test": "empty"}, "JMESPath"),
    ],
)
def test_a_rule_that_cannot_work_says_why(rule, named):
    with pytest.raises(ValidationError, match=named):
        Rule(**rule)


def test_a_pattern_that_explodes_is_given_up():
    with pytest.raises(NodeError, match="takes longer"):
        holds("a" * 40 + "!", test="matches", value=r"^(a|a)*$")


async def test_the_first_branch_that_fits_is_taken(make_context):
    said = []
    node = Condition(
        branches=(
            Branch(name="urgent", needs="any", rules=(Rule(value="now"), Rule(value="urgent"))),
            Branch(name="parcel", rules=(Rule(value="parcel"), Rule(test="not empty"))),
        )
    )
    assert list(node.outputs()) == ["urgent", "parcel", "else"]
    context = make_context(report=lambda kind, data: said.append(data))
    assert await node.run(context, "My parcel, urgent!") == {"urgent": "My parcel, urgent!"}
    assert await node.run(context, "My parcel") == {"parcel": "My parcel"}
    assert await node.run(context, "Hello") == {"else": "Hello"}
    assert [one["branch"] for one in said] == ["urgent", "parcel", "else"]


def test_branches_need_names_of_their_own():
    rules = (Rule(test="empty"),)
    with pytest.raises(ValidationError, match="two branches are called 'a'"):
        Condition(branches=(Branch(name="a", rules=rules), Branch(name="a", rules=rules)))
    with pytest.raises(ValidationError, match="choose another name"):
        Condition(branches=(Branch(name="else", rules=rules),))
