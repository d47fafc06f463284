"""Files that mean harm, or are broken: a named error or an import that is whole, never anything else."""

import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.validate import problems
from flowbuilder.importing.original import Unreadable
from flowbuilder.importing.parsing import DEEPEST, parsed, unpacked
from flowbuilder.importing.services import preview
from flowbuilder.importing.units import drawn_of, found_in
from tests.importing.samples import agent_flow, chain, edge, node, workspace
from tests.importing.test_dify import step, wire, workflow
from tests.importing.test_langflow import flow as langflow
from tests.mutating import mutated

CATALOGUE = Catalogue.load()


def circle():
    steps = [node(f"llmAgentflow_{at}", "llmAgentflow") for at in range(4)]
    edges = [edge(f"llmAgentflow_{at}", f"llmAgentflow_{(at + 1) % 4}") for at in range(4)]
    return {"nodes": [node("startAgentflow_0", "startAgentflow"), *steps], "edges": edges}


def sequence():
    rows = [{"variable": "$flow.state.next", "operation": "Is", "value": "a", "output": "To A"}]
    return {
        "nodes": [
            node("seqStart_0", "seqStart"),
            node(
                "seqLLMNode_0", "seqLLMNode", {"llmNodeName": "Think", "systemMessagePrompt": "Think {deep}"}
            ),
            node("seqCondition_0", "seqCondition", {"conditionUI": json.dumps(rows)}),
            node("seqLoop_0", "seqLoop", {"loopToName": "Think"}),
            node("seqEnd_0", "seqEnd"),
            node("supervisor_0", "worker", {"workerName": "W"}),
        ],
        "edges": [
            edge("seqStart_0", "seqLLMNode_0", into="sequentialNode"),
            edge("seqLLMNode_0", "seqCondition_0", into="sequentialNode"),
            edge("seqCondition_0", "seqLoop_0", out="toA-Condition", into="sequentialNode"),
            edge("seqCondition_0", "seqEnd_0", out="end-Condition", into="sequentialNode"),
        ],
    }


def round_and_round():
    loop = {"loop_count": 3, "loop_variables": [{"label": "n", "value_type": "constant", "value": "1"}]}
    loop["break_conditions"] = [
        {"variable_selector": ["loop", "n"], "comparison_operator": "is", "value": "2"}
    ]
    given = {"query": {"value": "{{#sys.query#}}"}, "model": {"value": {"provider": "openai", "model": "m"}}}
    given["tools"] = {"value": [{"tool_name": "tavily_search", "enabled": True}]}
    nodes = [
        step("start", "start"),
        step("loop", "loop", 300, **loop),
        step(
            "script",
            "code",
            parent="loop",
            code_language="javascript",
            code="function main({a}) { return a }",
        ),
        step(
            "set",
            "assigner",
            parent="loop",
            items=[{"variable_selector": ["loop", "n"], "value": ["script", "a"]}],
        ),
        step("out", "loop-end", parent="loop"),
        step("agent", "agent", 600, agent_parameters=given),
        step("search", "tool", 900, tool_name="google", tool_parameters={"q": {"value": ["agent", "text"]}}),
    ]
    edges = [wire("start", "loop"), wire("script", "set"), wire("loop", "agent"), wire("agent", "search")]
    return {"app": {"name": "x", "mode": "workflow"}, "workflow": {"graph": {"nodes": nodes, "edges": edges}}}


SEEDS = [round_and_round, chain, agent_flow, circle, sequence, workspace, workflow, langflow]


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_changed_in_an_export_it_is_refused_by_name_or_whole(data):
    seed = data.draw(st.sampled_from(SEEDS))
    text = json.dumps(mutated(seed(), data.draw)).encode()
    try:
        found = found_in([("odd.json", text)])
        drawn = [
            *found.flows,
            *(each for name, parts in found.workspaces for each in drawn_of(name, parts, KNOWN)),
        ]
    except Unreadable as refused:
        assert "odd.json" in str(refused) or "no flow" in str(refused)
        return
    for each in drawn:
        Graph.model_validate(each.graph.model_dump(mode="json"))
        assert "cycle" not in {problem.code for problem in problems(each.graph, CATALOGUE)}
        json.dumps(each.report.as_json(), allow_nan=False).encode()


def known():
    from flowbuilder.importing.known import Known

    return Known()


KNOWN = known()


def test_a_flow_with_its_own_tail_in_its_mouth_comes_in_without_that_wire():
    (drawn,) = found_in([("circle.json", json.dumps(circle()).encode())]).flows
    assert len(drawn.report.dropped) == 1 and "circle" in drawn.report.dropped[0]["why"]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("deep.json", b"[" * 5000 + b"]" * 5000, "nested deeper"),
        ("deep.json", b'{"a":' * (DEEPEST + 5) + b"1" + b"}" * (DEEPEST + 5), "nested deeper"),
        ("nan.json", b'{"nodes": NaN}', "not JSON"),
        ("latin.json", b'{"nodes": "\xff"}', "UTF-8"),
        ("bomb.yml", b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "aliases"),
        ("tag.yml", b"!!python/object/apply:os.system [id]", "not YAML"),
        ("list.json", b"[1]", "none of these"),
        ("nodes.json", b'{"nodes": {"a": 1}}', "'nodes' is not a list"),
        ("many.json", json.dumps({"nodes": [{}] * 1001}).encode(), "at most 1,000"),
        ("twins.json", json.dumps({"nodes": [node("a", "x"), node("a", "x")]}).encode(), "have the id 'a'"),
    ],
)
def test_it_says_which_file_and_why(name, data, why):
    with pytest.raises(Unreadable, match=why) as refused:
        found_in([(name, data)])
    assert name in str(refused.value)


def test_a_zip_file_is_not_unpacked_without_end():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.json", b" " * 60_000_000)
    with pytest.raises(Unreadable, match="50 MB"):
        unpacked([("bomb.zip", packed.getvalue())])
    with pytest.raises(Unreadable, match="not a zip file"):
        unpacked([("no.zip", b"PK")])


def test_what_a_database_cannot_keep_is_left_out():
    assert parsed("a.json", b'{"a\\u0000": "\\ud800b"}') == {"a": "?b"}


@pytest.mark.django_db
def test_over_the_services_it_is_an_error_of_the_client(asker):
    for data in (b"", b"{}", b"null", b'{"nodes": 1}', b'{"ChatFlow": [{"flowData": "{"}]}'):
        with pytest.raises(ApiError) as refused:
            preview(asker=asker, files=[("x.json", data)])
        assert refused.value.status == 422
