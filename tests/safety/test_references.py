"""Ids and names inside bodies and graphs: what is not the asker's is not there, whatever names it."""

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from flowbuilder.datasets.nodes import NodeDatasets
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.retrieval.for_nodes import NodeKnowledge
from flowbuilder.modelhub.models import Kind, ModelVersion, Source
from flowbuilder.modelhub.registry import resolve
from flowbuilder.runs.models import Run
from flowbuilder.training.models import Job
from nodes.base import NodeError
from nodes.knowledge.looking import Looking


def send(client: Client, path: str, body: dict, method: str = "post", **headers: str):
    return getattr(client, method)(path, body, content_type="application/json", headers=headers)


def retrieving(**settings: str) -> dict:
    """Start, retrieve, reply."""
    return {
        "nodes": [
            {"id": "start", "type": "flow.start"},
            {"id": "find", "type": "knowledge.retrieve", "settings": settings},
            {"id": "reply", "type": "flow.reply"},
        ],
        "wires": [
            {"id": "w1", "source": "start", "target": "find", "target_port": "question"},
            {"id": "w2", "source": "find", "target": "reply", "target_port": "content"},
        ],
    }


@pytest.fixture
def elsewhere(world):
    """The stranger's workspace."""
    return world.people["stranger"].memberships.get().workspace


@pytest.fixture
def own_flow(elsewhere):
    return Flow.objects.create(workspace=elsewhere, name="Own", slug="own", graph=retrieving())


@pytest.mark.parametrize("named_by", ["base_id", "name"])
def test_a_graph_finds_no_knowledge_of_another_workspace(world, elsewhere, named_by):
    wanted = world.parameters["base_id"] if named_by == "base_id" else "Protocol heron"
    with pytest.raises(NodeError, match="There is no knowledge base .* This workspace has: none yet"):
        async_to_sync(NodeKnowledge(elsewhere.pk).search)([wanted], "What is a parcel?", Looking())


@pytest.mark.parametrize("ref", ["heron", "heron@1", "heron:production"])
def test_a_reference_finds_no_model_of_another_workspace(world, elsewhere, ref):
    with pytest.raises(NodeError, match="There is: starter@2, starter@1"):
        resolve(elsewhere.pk, ref)
    assert resolve(world.workspace.pk, ref).model.name == "heron"


@pytest.mark.parametrize("field", ["model", "reward_model"])
def test_a_job_takes_no_model_of_another_workspace(world, field):
    data = {"prompts": [{"prompt": "A parcel?"}], "rewards": [{"kind": "length"}]}
    order = {"model": "heron"} if field == "model" else {}
    if field == "reward_model":
        ModelVersion.objects.filter(model__name="heron").update(kind=Kind.REWARD)
        data = {"prompts": [{"prompt": "A parcel?"}], "reward_model": "heron"}
    answer = send(world.client("stranger"), "/api/jobs", {"recipe": "grpo", "data": data, **order})
    assert answer.status_code == 422 and "no model 'heron'" in answer.json()["error"]["message"]
    assert not Job.objects.filter(workspace__name="Elsewhere").exists()


@pytest.mark.parametrize("ref", ["heron", "heron@1"])
def test_a_graph_finds_no_dataset_of_another_workspace(world, elsewhere, ref):
    with pytest.raises(NodeError, match="There is no dataset .* There is: none yet"):
        async_to_sync(NodeDatasets(elsewhere.pk).rows)(ref, ["train"])
    with pytest.raises(NodeError, match="There is no dataset"):
        async_to_sync(NodeDatasets(elsewhere.pk).add_synthetic)(dataset=ref, kind="completion", rows=[])
    assert async_to_sync(NodeDatasets(world.workspace.pk).rows)(ref, ["train"]).ref == "heron@1"


def test_a_dataset_takes_no_flow_rater_or_model_of_another_workspace(world):
    client = world.client("stranger")
    own = send(client, "/api/datasets", {"name": "own", "kind": "completion"}).json()
    path = f"/api/datasets/{own['id']}"
    for body in ({"flow": str(world.flow.pk)}, {"person": world.people["admin"].pk}):
        assert send(client, f"{path}/collection", body).status_code == 404
    assert sum(send(client, f"{path}/collection", {}).json().values()) == 0
    order = {"plan": {"method": "generate", "model": "heron"}, "seeds": ["A parcel?"]}
    assert send(client, f"{path}/augmentations", order).status_code == 422
    assert client.get(f"{path}/statistics?model=heron").status_code == 422
    row = world.parameters["row_id"]
    assert client.get(f"{path}/rows/{row}/history").status_code == 404  # a row of another dataset
    assert client.get(f"/datasets/{own['id']}/rows/{row}/").status_code == 404


def test_a_flow_runs_no_version_of_another_flow(world, own_flow):
    answer = send(world.client("stranger"), f"/api/flows/{own_flow.pk}/runs", {"version": 1})
    assert answer.status_code == 404
    answer = send(world.client("stranger"), f"/api/flows/{own_flow.pk}/publication", {"version": 1}, "put")
    assert answer.status_code == 404


def test_a_key_is_limited_to_no_flow_of_another_workspace(world):
    answer = send(world.client("stranger"), "/api/keys", {"name": "x", "flow": str(world.flow.pk)})
    assert answer.status_code == 404
    answer = world.client("stranger").post("/keys/", {"name": "x", "flow": str(world.flow.pk)})
    assert answer.status_code == 422


@pytest.mark.parametrize("asker", ["runner", "key of the flow"])
def test_who_may_not_edit_runs_no_graph_of_their_own(world, asker):
    path = f"/api/flows/{world.flow.pk}/runs"
    own = send(world.client(asker), path, {"graph": retrieving(base="Protocol heron")})
    assert own.status_code == 403 and "as it is saved" in own.json()["error"]["message"]
    moved = {
        **world.graph,
        "nodes": [{**node, "position": {"x": 9, "y": 9}} for node in world.graph["nodes"]],
    }
    assert send(world.client(asker), path, {"graph": moved}).status_code == 202  # what the editor sends
    assert send(world.client("editor"), path, {"graph": world.graph}).status_code == 202


def test_an_idempotency_key_tells_nothing_of_another_flow(world):
    Run.objects.filter(pk=world.run.pk).update(idempotency_key="monday")
    another = Flow.objects.get(slug="another")
    for path, body in (
        (f"/api/flows/{another.pk}/runs", {}),
        ("/v1/chat/completions", {"model": "another", "messages": [{"role": "user", "content": "Hi"}]}),
    ):
        answer = send(world.client("key of another flow"), path, body, **{"Idempotency-Key": "monday"})
        assert answer.status_code == 409 and "ibis" not in answer.content.decode()
    again = send(
        world.client("key of the flow"),
        f"/api/flows/{world.flow.pk}/runs",
        {},
        **{"Idempotency-Key": "monday"},
    )
    assert again.json()["id"] == str(world.run.pk)


def test_a_key_never_does_more_than_its_maker_still_may(world):
    client = world.client("key")
    assert send(client, "/api/flows", {"name": "New"}).status_code == 201
    world.people["owner"].memberships.update(role="viewer")
    assert send(client, "/api/flows", {"name": "Newer"}).status_code == 403
    world.people["owner"].memberships.all().delete()
    assert send(client, "/api/flows", {"name": "Newest"}).status_code == 401


def test_a_deactivated_person_and_their_keys_are_nobody(world):
    world.people["owner"].is_active = False
    world.people["owner"].save()
    assert {world.client(asker).get("/api/flows").status_code for asker in ("owner", "key")} == {401}


def test_a_version_that_jobs_started_from_stays(world):
    version = ModelVersion.objects.get(pk=world.parameters["version_id"])
    Job.objects.update(base=version)
    answer = world.client("owner").delete(f"/api/models/{version.pk}")
    assert answer.status_code == 409 and "heron@1" in answer.json()["error"]["message"]
    assert ModelVersion.objects.filter(pk=version.pk, source=Source.FOLDER).exists()


@pytest.mark.parametrize("number", ["²", "-1", "1e3", "9" * 5000])
def test_a_strange_event_number_is_refused_by_name(world, number):
    answer = world.client("owner").get(
        f"/api/runs/{world.run.pk}/events", headers={"Last-Event-ID": number.encode().decode("latin-1")}
    )
    assert answer.status_code == 400 and "Last-Event-ID" in answer.json()["error"]["message"]
