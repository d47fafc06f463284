"""Parts of a draft, waits and replays over HTTP."""

import uuid

import pytest

from flowbuilder.runs.models import Run, Status

START, REPLY = ("flow.start", {}), ("flow.reply", {})


@pytest.fixture
def flow(make_flow):
    nodes = {"s": START, "p": ("text.prompt", {"template": "<{{ x }}>"}, {"breakpoint": True}), "r": REPLY}
    return make_flow(nodes, ["s.out>p.x", "p.out>r.content"])


@pytest.fixture
def start(api_client, owner, flow):
    def start(**body):
        path = f"/api/flows/{flow.pk}/runs"
        return api_client(owner).post(path, body, content_type="application/json")

    return start


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        ({"only": "p", "until": "p"}, 422, "Ask for one of only, until"),
        ({"until": "p", "version": 1}, 404, "has no version 1"),
        ({"only": "p"}, 422, "builds on 's'"),
        ({"only": "g/p"}, 422, "There is no group 'g'"),
        ({"reuse": str(uuid.UUID(int=1))}, 404, "no run"),
    ],
)
def test_what_cannot_run_in_part_is_said(start, body, status, why):
    answer = start(**body)
    assert answer.status_code == status and why in answer.json()["error"]["message"]


def test_it_stops_is_answered_and_can_be_replayed(start, play, api_client, owner):
    client = api_client(owner)
    made = start(inputs={"question": "hi"}, until="p")
    assert made.status_code == 202
    run = play(Run.objects.get(pk=made.json()["id"]))
    path = f"/api/runs/{run.pk}"
    (wait,) = client.get(path).json()["waits"]
    assert (wait["node"], wait["about"]["kind"], wait["for_people"]) == ("p", "breakpoint", True)
    wrong = client.post(f"{path}/waits/p", {"action": "jump"}, content_type="application/json")
    assert wrong.status_code == 422
    right = {"action": "continue", "inputs": {"x": "ho"}}
    assert client.post(f"{path}/waits/p", right, content_type="application/json").status_code == 202
    assert client.post(f"{path}/waits/p", right, content_type="application/json").status_code == 404
    assert play(run).status == Status.FINISHED
    shown = client.get(f"{path}/graph").json()
    assert shown["part"] == {"until": "p"} and shown["nodes"] == ["s", "p"]
    assert [node["id"] for node in shown["graph"]["nodes"]] == ["s", "p", "r"]
    rows = {row["id"]: row for row in client.get(path).json()["nodes"]}
    assert rows["p"]["outputs"] == {"out": "<ho>"} and "r" not in rows


def test_only_a_failed_run_goes_on(start, play, api_client, owner):
    run = play(Run.objects.get(pk=start(inputs={"question": "hi"}, until="s").json()["id"]))
    client = api_client(owner)
    for body in ({}, {"draft": True}):
        answer = client.post(f"/api/runs/{run.pk}/resumption", body, content_type="application/json")
        assert answer.status_code == 409


def test_ports_follow_from_the_body(api_client, owner):
    body = {
        "nodes": [
            {"id": "in", "type": "flow.group_input", "settings": {"name": "word"}},
            {"id": "p", "type": "text.prompt", "settings": {"template": "{{ x }}"}},
            {"id": "out", "type": "flow.group_output", "settings": {"name": "text"}},
        ],
        "wires": [
            {"id": "1", "source": "in", "target": "p", "target_port": "x"},
            {"id": "2", "source": "p", "target": "out", "target_port": "content"},
        ],
    }
    asked = {"type": "flow.each", "body": body, "on_error": "port"}
    answer = api_client(owner).post("/api/nodes/ports", asked, content_type="application/json").json()
    assert [port["name"] for port in answer["inputs"]] == ["items", "word"]
    assert [(port["name"], port["type"]) for port in answer["outputs"]] == [
        ("text", "Items"),
        ("error", "Failure"),
    ]
