"""What cannot be understood, stored or done in time is refused by name: never a 500, never a flood."""

import time

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


NAMES = [f"n{number}" for number in range(MAX_NODES - 1)]
PROMPTS = [{"id": name, "type": "text.prompt", "settings": {"template": "{{ x }}"}} for name in NAMES]
REPLY = {"id": "reply", "type": "flow.reply"}
TO_REPLY = {"id": "last", "source": NAMES[-1], "target": "reply", "target_port": "content"}
LARGE = {
    "loose ends": {"nodes": PROMPTS},
    "chain": {"nodes": [*PROMPTS, REPLY], "wires": [*chain(NAMES), TO_REPLY]},
    "ring": {"nodes": PROMPTS, "wires": chain([*NAMES, NAMES[0]])},
    "wires to nowhere": {"nodes": PROMPTS, "wires": chain(["?" * 80] * 4 * MAX_NODES)},
}


@pytest.mark.parametrize("shape", LARGE)
def test_the_largest_graph_is_judged_in_a_second(shape):
    catalogue()
    started = time.perf_counter()
    found = problems(parse_graph(LARGE[shape]), catalogue())
    assert time.perf_counter() - started < 1
    assert len(str(found)) < 5_000_000
