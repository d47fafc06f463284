"""What people think of an answer lands in the same datasets, by whichever door they asked."""

import asyncio
import json
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from flowbuilder.accounts.models import ApiKey
from flowbuilder.datasets import services as datasets
from flowbuilder.datasets.collecting import Wanted, collect
from flowbuilder.feedback.models import Comparison, Rating
from flowbuilder.publishing import doors as ways_in
from flowbuilder.runs.models import Run, Status
from tests.publishing.conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "https://shop.example"
BETTER = "Good day."


def finish(run_id, reply: str = "") -> str:
    """As a worker would leave it."""
    run = Run.objects.get(pk=run_id)
    said = reply or f"Hello, {run.inputs['question']}!"
    if run.status != Status.FINISHED:
        run.events.create(seq=1, type="node.finished", node="reply_1", data={"outputs": {"out": said}}, at=0)
        run.events.create(seq=2, type="run.finished", data={"reply": said}, at=0)
        Run.objects.filter(pk=run_id).update(status=Status.FINISHED, reply=said)
    return said


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """Each run is answered as soon as somebody follows it."""

    async def follow(run_id, after=0, **_):
        reply = await sync_to_async(finish)(run_id)
        yield {"type": "run.finished", "node": "", "data": {"reply": reply}, "seq": 2}

    for door in ("openai.answer", "mcp.server", "flowise.answering"):
        monkeypatch.setattr(f"flowbuilder.publishing.{door}.follow", follow)


class World:
    def __init__(self, flow, address: str, key: str) -> None:
        self.flow, self.address, self.key = flow, address, key

    def send(self, method: str, path: str, body: dict):
        told = {"Authorization": f"Bearer {self.key}"}
        answer = getattr(Client(), method)(path, body, content_type="application/json", headers=told)
        assert answer.status_code in {200, 201, 202}, answer.content
        return answer.json()

    def corrects(self, run: str) -> None:
        self.send("post", f"/api/runs/{run}/ratings", {"kind": "correction", "correction": BETTER})


@pytest.fixture
def world(asker, live_flow) -> World:
    wide = {"page": True, "embed": True, "mcp": True, "flowise": True, "pairs": True, "sites": [SITE]}
    doors = ways_in.change(asker=asker, flow=live_flow, **wide)
    return World(live_flow, doors.address, ApiKey.issue(asker.workspace, asker.user, "CI")[1])


def native(world: World, question: str) -> None:
    body = {"version": "live", "inputs": {"question": question}}
    run = world.send("post", f"/api/flows/{world.flow.pk}/runs", body)["id"]
    finish(run)
    world.corrects(run)


def chat_completions(world: World, question: str) -> None:
    body = {"model": world.flow.slug, "messages": [{"role": "user", "content": question}]}
    name = world.send("post", "/v1/chat/completions", body)["id"]
    world.corrects(str(uuid.UUID(name.removeprefix("chatcmpl-"))))


def responses(world: World, question: str) -> None:
    name = world.send("post", "/v1/responses", {"model": world.flow.slug, "input": question})["id"]
    world.corrects(str(uuid.UUID(name.removeprefix("resp_"))))


def mcp(world: World, question: str) -> None:
    params = {"name": world.flow.slug, "arguments": {"question": question}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Authorization": f"Bearer {world.key}", "Accept": "application/json, text/event-stream"}

    async def call() -> bytes:
        answer = await AsyncClient().post("/mcp", body, content_type="application/json", headers=headers)
        return b"".join([piece async for piece in answer.streaming_content])

    line = next(line for line in asyncio.run(call()).decode().splitlines() if line.startswith("data: "))
    world.corrects(json.loads(line.removeprefix("data: "))["result"]["_meta"]["flowbuilder/run"])


def flowise(world: World, question: str) -> None:
    """Its clients know thumbs and words alone."""
    said = world.send("post", f"/api/v1/prediction/{world.flow.pk}", {"question": question, "chatId": "c"})
    thumb = {
        "chatId": "c",
        "messageId": said["chatMessageId"],
        "rating": "THUMBS_DOWN",
        "content": "Too loud.",
    }
    world.send("post", f"/api/v1/feedback/{world.flow.pk}", thumb)


def visited(visit: Visit, question: str) -> str:
    run = visit.ask(question).json()["id"]
    finish(run)
    return run


def page(world: World, question: str) -> None:
    visit = Visit(world.address)
    rated = visit.send("put", f"/{visited(visit, question)}/rating", {"correction": BETTER})
    assert rated.status_code == 204


def widget(world: World, question: str) -> None:
    visit = Visit(world.address, frame=SITE)
    rated = visit.send("put", f"/{visited(visit, question)}/rating", {"correction": BETTER})
    assert rated.status_code == 204


def pair_on_the_page(world: World, question: str) -> None:
    visit = Visit(world.address)
    path = f"/{visited(visit, question)}/comparison"
    visit.send("post", path)
    comparison = Comparison.objects.get()
    for run in (comparison.left, comparison.right):
        if run.status != Status.FINISHED:
            finish(run.pk, BETTER)
    shown = visit.send("get", path).json()
    better = next(side for side in ("left", "right") if shown[side]["text"] == BETTER)
    assert visit.send("put", f"{path}/verdict", {"better": better}).status_code == 204


CORRECTED = [native, chat_completions, responses, mcp, page, widget]


def test_every_door_leads_into_the_same_datasets(asker, world):
    doors = {door.__name__: door for door in (*CORRECTED, flowise, pair_on_the_page)}
    for name, door in doors.items():
        door(world, name)
    assert Rating.objects.count() == len(doors)

    def rows(kind: str) -> list[dict]:
        made = datasets.create_dataset(workspace_id=asker.workspace.pk, name=kind, kind=kind)
        collect(dataset=made, wanted=Wanted(flows=[world.flow.pk]))
        return [row.content for row in made.draft]

    corrected = {door.__name__ for door in CORRECTED}
    assert {row["prompt"] for row in rows("completion")} == corrected
    pairs = {row["prompt"]: (row["chosen"], row["rejected"]) for row in rows("preference")}
    assert pairs == {name: (BETTER, f"Hello, {name}!") for name in {*corrected, "pair_on_the_page"}}
    labels = {row["prompt"]: row["label"] for row in rows("label") if row["completion"] != BETTER}
    assert labels == {name: False for name in {*corrected, "flowise"}}
