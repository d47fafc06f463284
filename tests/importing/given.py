"""What a person gives an imported flow before it runs, and a model and other systems that answer it."""

import json
from typing import Any

from flowbuilder.engine.graph import Graph
from nodes.base import Operation
from nodes.mock.records import make
from nodes.services.databases import Found
from nodes.services.mcp import McpTool
from nodes.services.requests import Response
from tests.modelhub.openai_server import Answer

GIVEN = {
    "knowledge.retrieve": {"base": "5f0c4a9e-0000-4000-8000-000000000001"},
    "tools.sql_query": {"database": "shop"},
    "tools.mcp": {"server": "https://mcp.example.com"},
    "tools.mcp_call": {"server": "https://mcp.example.com"},
    "tools.api_operation": {"operation": "Shop: GET /items", "answers": "mock"},
}


def with_what_it_needs(graph: Graph, address: str) -> Graph:
    """The same flow, with a model at this address and what else somebody has to choose."""
    data = graph.model_dump(mode="json")
    _fill(data, address)
    return Graph.model_validate(data)


def _fill(level: dict[str, Any], address: str) -> None:
    for node in level["nodes"]:
        settings = node["settings"]
        settings |= GIVEN.get(node["type"], {})
        if node["type"] == "language.agent":
            node["type"] = "language.remote_agent"
        if node["type"].startswith("language.remote_"):
            settings |= {"base_url": address, "model_name": "tiny-chat"}
        if node["type"] == "tools.http_request":
            settings["auth"] = "none"
            if not settings["url"].startswith("http"):
                settings["url"] = "https://api.example.com/"
        if node["body"]:
            _fill(node["body"], address)


def answered(body: dict[str, Any], number: int) -> Answer:
    """Calls each tool once in a conversation, fills in what a schema asks for, and ends loops after a few rounds."""
    form = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if form:
        return Answer((json.dumps(_chosen(form, number)),))
    called = {call["function"]["name"] for said in body["messages"] for call in said.get("tool_calls") or ()}
    tools = [tool["function"] for tool in body.get("tools", ())]
    if body.get("tool_choice") != "none":
        for tool in tools:
            if tool["name"] not in called and "Does not work yet" not in tool["description"]:
                given = make(tool["parameters"], seed=1)
                return Answer(calls=((tool["name"], json.dumps(given)),))
    return Answer((f"answer {number}",))


def _chosen(form: dict[str, Any], number: int) -> Any:
    made = make(form, seed=number)
    for name, rule in form.get("properties", {}).items():
        if isinstance(made, dict) and "FINISH" in rule.get("enum", ()) and number > 2:
            made[name] = "FINISH"
    return made


class Requests:
    """Every other system: asked nothing for real."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, request):
        self.sent.append(request.url)
        return Response(status=200, headers={}, text='{"ok": true}')


class Mcp:
    async def tools(self, server):
        return [McpTool(name="look", description="Looks"), McpTool(name="slack_post_message")]

    async def call(self, server, tool, arguments):
        return "done"


class Mail:
    async def send(self, letter):
        return "<1@example.com>"


class Databases:
    async def select(self, database, sql, values, *, most, seconds):
        return Found(columns=("name",), rows=({"name": "Ada"},))

    async def tables(self, database):
        return {"people": ("name",)}


class Apis:
    async def operation(self, ref, question=""):
        record = {"type": "object", "properties": {"name": {"type": "string"}}}
        return Operation(ref=ref, path="/items", responses={"200": record})


SERVICES = {"requests": Requests, "mcp": Mcp, "mail": Mail, "databases": Databases, "apis": Apis}
