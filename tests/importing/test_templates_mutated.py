"""Flowise's own templates, broken in many ways: each comes in whole or is refused by name."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowbuilder.engine.graph import Graph
from flowbuilder.engine.validate import problems
from flowbuilder.importing.original import Unreadable
from flowbuilder.importing.units import found_in
from tests.importing.test_hostile import CATALOGUE
from tests.mutating import mutated

pytestmark = [pytest.mark.integration, pytest.mark.slow]
WHOLE_LIFE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@pytest.fixture(scope="module")
def sources(templates):
    return [json.loads(path.read_bytes()) for path in sorted(templates.glob("*/*.json"))]


@settings(max_examples=60, suppress_health_check=WHOLE_LIFE)
@given(st.data())
def test_whatever_is_changed_in_a_template(sources, data):
    text = json.dumps(mutated(data.draw(st.sampled_from(sources)), data.draw))
    if data.draw(st.booleans()) and data.draw(st.integers(0, 4)) == 0:
        text = text[: data.draw(st.integers(0, len(text)))]
    try:
        (drawn,) = found_in([("odd.json", text.encode())]).flows
    except Unreadable as refused:
        assert "odd.json" in str(refused)
        return
    Graph.model_validate(drawn.graph.model_dump(mode="json"))
    assert "cycle" not in {problem.code for problem in problems(drawn.graph, CATALOGUE)}
    json.dumps(drawn.report.as_json(), allow_nan=False).encode()
