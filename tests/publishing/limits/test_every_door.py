"""A limit refuses at every door, in the words of whoever stands before it, and says when to come again."""

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import AsyncClient, Client
from django.utils import timezone

from flowbuilder.accounts.models import ApiKey
from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing.limits.services import set_limit
from flowbuilder.publishing.models import Schedule
from flowbuilder.publishing.triggers.schedules import start_what_is_due
from flowbuilder.publishing.triggers.tokens import path_of
from flowbuilder.publishing.usage.models import UsageRecord
from flowbuilder.runs.models import Run
from tests.publishing.conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "https://shop.example"
HOOK = {"id": "hook", "type": "flow.webhook"}
HALF_A_YEAR_ON = (timezone.now().month + 5) % 12 + 1
CLOCK = {
    "id": "clock",
    "type": "flow.schedule",
    "settings": {"cron": f"0 0 15 {HALF_A_YEAR_ON} *", "text": "Report"},
}
ASK = [{"role": "user", "content": "Hi"}]
LIMITS = {
    "requests_a_minute": (0, "0 requests a minute", 60),
    "runs_at_once": (0, "0 runs at once", 2),
    "tokens_a_day": (9, "9 tokens a day", None),
    "tokens_a_month": (9, "9 tokens a month", None),
    "money_a_month": (Decimal("0.50"), "0.50 money a month", None),
}


@dataclass
class Door:
    """One refusal: the status on the wire, the seconds to wait, the words."""

    status: int
    seconds: int
    words: str


@dataclass
class World:
    """Three flows of the same limits: one that is asked, one that a call starts, one that a time starts."""

    asked: object
    called: object
    planned: object
    key: str
    address: str

    def post(self, path: str, body: dict, **headers: str):
        told = {"Authorization": f"Bearer {self.key}", **headers}
        return Client().post(path, body, content_type="application/json", headers=told)


@pytest.fixture
def world(asker, live_flow, publish):
    doors = ways_in.change(
        asker=asker,
        flow=live_flow,
        page=True,
        embed=True,
        mcp=True,
        flowise=True,
        flowise_public=True,
        sites=[SITE],
    )
    key = ApiKey.issue(asker.workspace, asker.user, "CI")[1]
    called, planned = publish(HOOK, "body"), publish(CLOCK, "text")
    for flow in (live_flow, called, planned):
        spent = {
            "workspace": flow.workspace,
            "flow": flow,
            "environment": "production",
            "door": "api",
            "outside": True,
        }
        now = timezone.now()
        counted = {"tokens_in": 4, "tokens_out": 5, "cost": Decimal("0.5")}
        UsageRecord.objects.create(
            at=now, day=now.date(), ended_at=now, status="finished", **spent, **counted
        )
    return World(live_flow, called, planned, key, doors.address)


def told(answer, *way: str) -> Door:
    words = answer.json()
    for name in way:
        words = words[name]
    return Door(answer.status_code, int(answer["Retry-After"]), words)


def native(world: World) -> Door:
    return told(world.post(f"/api/flows/{world.asked.pk}/runs", {"version": "live"}), "error", "message")


def openai(world: World, path: str = "chat/completions", **more) -> Door:
    body = {"model": world.asked.slug, "messages": ASK, "input": "Hi", **more}
    answer = world.post(f"/v1/{path}", body)
    error = answer.json()["error"]
    known = {"rate_limit_error": "rate_limit_exceeded", "insufficient_quota": "insufficient_quota"}
    assert known[error["type"]] == error["code"]
    return told(answer, "error", "message")


def mcp(world: World) -> Door:
    """The call was made, and its result is an error that the model may read."""
    params = {"name": world.asked.slug, "arguments": {"question": "Hi"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Authorization": f"Bearer {world.key}", "Accept": "application/json, text/event-stream"}

    async def ask() -> bytes:
        answer = await AsyncClient().post("/mcp", body, content_type="application/json", headers=headers)
        assert answer.status_code == 200
        return b"".join([piece async for piece in answer.streaming_content])

    line = next(line for line in asyncio.run(ask()).decode().splitlines() if line.startswith("data: "))
    result = json.loads(line.removeprefix("data: "))["result"]
    assert result["isError"]
    error = result["_meta"]["flowbuilder/error"]
    return Door(error["status"], error["retryAfter"], result["content"][0]["text"])


def flowise(world: World) -> Door:
    answer = world.post(f"/api/v1/prediction/{world.asked.pk}", {"question": "Hi"})
    assert answer.json()["success"] is False and answer.json()["statusCode"] == 429
    return told(answer, "message")


def flowise_stream(world: World) -> Door:
    """What the widget shows as it stands."""
    asked = {"question": "Hi", "streaming": True}
    answer = Client().post(
        f"/api/v1/prediction/{world.asked.pk}",
        asked,
        content_type="application/json",
        headers={"Origin": SITE},
    )
    assert answer["Content-Type"].startswith("text/plain")
    assert (answer["Access-Control-Allow-Origin"], answer["Access-Control-Expose-Headers"]) == (
        SITE,
        "Retry-After",
    )
    return Door(answer.status_code, int(answer["Retry-After"]), answer.content.decode())


def page(world: World) -> Door:
    return told(Visit(world.address).ask(), "error", "message")


def widget(world: World) -> Door:
    return told(Visit(world.address, frame=SITE).ask(), "error", "message")


def webhook(world: World) -> Door:
    answer = Client().post(path_of(world.called.webhooks.get()), {"a": 1}, content_type="application/json")
    return told(answer, "error", "message")


def schedule(world: World) -> Door:
    """Nobody is answered: its page tells of it, and it is tried again."""
    now = timezone.now()
    Schedule.objects.update(next_at=now - timedelta(seconds=1), refused=[])
    assert start_what_is_due(now) == 0
    row = world.planned.schedules.get()
    (refused,) = row.refused
    assert (refused["outcome"], refused["message"]) == ("waits", row.problem)
    return Door(429, round((row.next_at - now).total_seconds()), row.problem)


DOORS = {
    "native": native,
    "chat completions": openai,
    "chat completions, streamed": lambda world: openai(world, stream=True),
    "responses": lambda world: openai(world, "responses"),
    "responses in the background": lambda world: openai(world, "responses", background=True),
    "mcp": mcp,
    "flowise": flowise,
    "flowise, streamed": flowise_stream,
    "page": page,
    "widget": widget,
    "webhook": webhook,
    "schedule": schedule,
}


@pytest.mark.parametrize("name", LIMITS)
def test_every_door_says_what_is_used_up_and_when_it_is_not(asker, world, name):
    allowed, words, seconds = LIMITS[name]
    for flow in (world.asked, world.called, world.planned):
        set_limit(asker=asker, owner=flow, **{name: allowed})
    for door, knock in DOORS.items():
        refused = knock(world)
        assert refused.status == 429, door
        assert words in refused.words and "Try again in" in refused.words, door
        assert refused.seconds == seconds if seconds else 0 < refused.seconds <= 31 * 24 * 3600 + 1, door
        assert world.asked.name not in refused.words, door
    assert not Run.objects.exists()
