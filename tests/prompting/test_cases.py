"""How far an answer meets a case."""

import pytest
from pydantic import ValidationError

from flowbuilder.prompting.cases import Case, Check, score

SCHEMA = '{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}'


@pytest.mark.parametrize(
    ("answer", "measure", "expected"),
    [
        ("In bay 4", "agreement", 1.0),
        ("In bay 4 or van 9", "agreement", 2 / 3),
        ("In bay 4", "exact", 1.0),
        ("It is in bay 4", "exact", 0.0),
        ("It is in bay 4", "contains", 1.0),
    ],
)
def test_measures(answer, measure, expected):
    assert score(
        answer, Case(question="?", expected="in bay 4" if measure != "exact" else "In bay 4"), measure
    ) == pytest.approx(expected, abs=0.1)


def test_records_are_measured_field_by_field():
    case = Case(question="?", expected='{"id": 1, "status": "new"}')
    assert score('{"status": "new", "id": 2}', case) == 0.5
    assert score('{"status":"new","id":1}', case, "exact") == 1.0


@pytest.mark.parametrize(
    ("kind", "value", "holds", "fails"),
    [
        ("contains", "Bay", "in bay 4", "nowhere"),
        ("lacks", "sorry", "in bay 4", "Sorry, no"),
        ("equals", '{"a": 1}', '{ "a": 1 }', "a"),
        ("schema", SCHEMA, '{"id": 3}', '{"id": "3"}'),
    ],
)
def test_checks(kind, value, holds, fails):
    case = Case(question="?", checks=(Check(kind=kind, value=value),))
    assert (score(holds, case), score(fails, case)) == (1.0, 0.0)


@pytest.mark.parametrize("value", ["{", '{"type": "nonsense"}', " "])
def test_a_check_that_can_never_hold_is_refused(value):
    with pytest.raises(ValidationError):
        Check(kind="schema", value=value)
