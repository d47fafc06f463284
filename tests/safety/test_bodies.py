"""What cannot be understood, stored or done in time is refused by name: never a 500, never a flood."""

import sys

import pytest

from flowbuilder.engine.graph import MAX_NODES
from flowbuilder.engine.validate import problems
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.services import parse_graph

DEEP = "[" * 200_000
BODIES = [
    ("/api/flows", "{", 400),
    ("/api/flows", DEEP, 400),
    ("/api/flows", '{"name": "' + "x" * 17 * 2**20 + '"}', 413),
    ("/api/flows", '{"name": "\\ud800"}', 422),
    ("/api/flows", '{"name": "x", "template": "../../settings"}', 404),
    ("/api/keys", '{"name": "x", "flow": "x"}', 422),
    ("/api/nodes/ports", '{"type": "../../settings", "settings": {}}', 422),
    ("/api/nodes/ports", '{"type": "text.prompt", "settings": {"template": 5}}', 422),
    ("/api/jobs", '{"recipe": "grpo", "data": {"prompts": 5}}', 422),
    ("/api/jobs", '{"recipe": "grpo", "data": {"prompts": [1]}}', 422),
    ("/api/jobs", '{"recipe": "grpo", "data": {"prompts": [{"prompt": "x"}], "reward_model": {}}}', 422),
    ("/api/jobs", '{"recipe": "reward_model", "settings": {"steps": "x"}, "data": {"pairs": 5}}', 422),
    ("/api/datasets", '{"name": "../x", "kind": "prompts"}', 422),
    ("/api/datasets", '{"name": "x", "kind": "prompts", "train_share": 99, "validation_share": 9}', 422),
    ("/api/models", '{"name": "../x", "source": "folder", "location": "x"}', 422),
    ("/v1/chat/completions", '{"model": "the-flow", "messages": []}', 400),
    ("/v1/chat/completions", '{"model": "the-flow", "messages": [{"role": "user", "content": 5}]}', 422),
]


@pytest.mark.parametrize(("path", "body", "status"), BODIES, ids=lambda value: str(value)[:60])
def test_a_bad_body_is_refused_by_name(world, path, body, status):
    answer = world.client("key").post(path, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (status, "application/json")
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("number", [10**30, -1])
def test_a_number_out_of_all_bounds_names_nothing(world, number):
    client, flow = world.client("key"), world.flow.pk
    for method, path, body in (
        ("post", f"/api/flows/{flow}/runs", {"version": number}),
        ("put", f"/api/flows/{flow}/publication", {"version": number}),
        ("put", f"/api/flows/{flow}", {"graph": {}, "revision": number}),
        ("put", "/api/models/heron/aliases/production", {"number": number}),
    ):
        answer = getattr(client, method)(path, body, content_type="application/json")
        assert answer.status_code in {404, 409, 422}, path


@pytest.mark.parametrize("path", ["/?q=%00", "/v1/models/%00", "/accounts/reset/key/%00-x/", "/flows/%00/"])
def test_an_address_with_a_nul_is_refused(world, path):
    assert world.client("owner").get(path).status_code == 400


def test_what_the_database_cannot_store_is_refused_by_name(world):
    """PostgreSQL cannot; SQLite can."""
    answer = world.client("key").post("/api/flows", '{"name": "\\u0000"}', content_type="application/json")
    assert answer.status_code in {201, 422}


def chain(ends: list[str]) -> list[dict]:
    steps = zip(ends, ends[1:], strict=False)
    return [{"id": f"w{n}", "source": a, "target": b, "target_port": "x"} for n, (a, b) in enumerate(steps)]


def large(shape: str, nodes: int) -> dict:
    """A graph of that many nodes; each shape is one that a careless check would go through again and again."""
    names = [f"n{number}" for number in range(nodes - 1)]
    prompts = [{"id": name, "type": "text.prompt", "settings": {"template": "{{ x }}"}} for name in names]
    reply = {"id": "reply", "type": "flow.reply"}
    to_reply = {"id": "last", "source": names[-1], "target": "reply", "target_port": "content"}
    return {
        "loose ends": {"nodes": prompts},
        "chain": {"nodes": [*prompts, reply], "wires": [*chain(names), to_reply]},
        "ring": {"nodes": prompts, "wires": chain([*names, names[0]])},
        "wires to nowhere": {"nodes": prompts, "wires": chain(["?" * 80] * 4 * nodes)},
    }[shape]


def calls(graph: dict) -> int:
    """How many functions are called to judge it: as telling as time, and the same on every machine."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        problems(parse_graph(graph), catalogue())
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", ["loose ends", "chain", "ring", "wires to nowhere"])
def test_judging_a_graph_twice_as_large_takes_about_twice_the_work(shape):
    calls(large(shape, 10))  # what is made once is made here
    assert calls(large(shape, MAX_NODES)) < 2.6 * calls(large(shape, MAX_NODES // 2))


@pytest.mark.parametrize("shape", ["loose ends", "wires to nowhere"])
def test_the_largest_graph_s_problems_fit_into_an_answer(shape):
    assert len(str(problems(parse_graph(large(shape, MAX_NODES)), catalogue()))) < 5_000_000
