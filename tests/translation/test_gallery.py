"""The gallery in the reader's language: its titles, and the flow that is made from one."""

import pytest

from flowbuilder.flows.gallery.language import texts
from flowbuilder.flows.models import Flow

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-hans"}


def test_a_flow_begins_in_the_language_of_whoever_makes_it(api_client, owner):
    client = api_client(owner)
    shown = client.get("/gallery/", headers=CHINESE).content.decode()
    assert "节点分组" in shown and "A group of nodes" not in shown
    client.post("/gallery/", {"template": "approve-before-it-goes-out"}, headers=CHINESE)
    made = Flow.objects.get()
    settings = {node["id"]: node.get("settings", {}) for node in made.graph["nodes"]}
    assert made.name == "发出前先批准"
    assert "这则通知可以发给所有客户吗？" in {each.get("question") for each in settings.values()}
    assert "格拉茨仓库星期五关闭。" in {each.get("example") for each in settings.values()}


def test_what_people_saved_stays_in_their_words(api_client, owner):
    client = api_client(owner)
    flow = client.post("/api/flows", {"name": "F", "template": "hello"}, "application/json").json()
    client.post("/api/templates", {"flow": flow["id"], "title": "Hello"}, "application/json")
    titles = [row["title"] for row in client.get("/api/templates", headers=CHINESE).json()]
    assert titles[0] == "Hello" and "您好" in titles[1:]


def test_what_is_looked_up_is_what_the_catalogue_gets():
    found = {text for _slug, text in texts()}
    assert {"A group of nodes", "Tell us about the parcel.", "Weight in kg", "Read it again"} <= found
