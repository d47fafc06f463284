"""A real MCP server of the official package, over HTTP and as a program, asked by nodes and by a model."""

import socket
import sys
import threading
import uuid

import pytest
import uvicorn
from asgiref.sync import sync_to_async
from mcp.server import MCPServer

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.tool_calls import ToolCalls
from flowbuilder.outside.mcp_servers import NodeMcp
from flowbuilder.secrets import services
from nodes.base import Context, NodeError
from nodes.tools.mcp import Mcp
from nodes.tools.mcp_call import McpCall

CANARY = "canary-7f3a9c"
SCRIPT = """
from mcp.server import MCPServer
server = MCPServer("beside")
@server.tool()
def double(number: int) -> str:
    "Doubles a number."
    return str(2 * number)
server.run()
"""


class Guarded:
    """Asks for a token, and remembers what came."""

    def __init__(self, app):
        self.app, self.seen, self.token = app, [], ""

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            told = {name.decode(): value.decode() for name, value in scope["headers"]}.get(
                "authorization", ""
            )
            self.seen.append(told)
            if self.token and told != f"Bearer {self.token}":
                await send({"type": "http.response.start", "status": 401, "headers": []})
                return await send({"type": "http.response.body", "body": told.encode()})
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def running():
    server = MCPServer("depot")

    @server.tool()
    def weigh(what: str, grams: int = 5) -> str:
        """Says how much a thing weighs."""
        return f"{what}: {grams} g, told {CANARY}" if what == "leak" else f"{what}: {grams} g"

    @server.tool(name="lock.gate")
    def lock() -> str:
        """Locks the gate."""
        raise ValueError("the gate is stuck")

    app = Guarded(server.streamable_http_app())
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    web = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    thread = threading.Thread(target=lambda: web.run(sockets=[listening]), daemon=True)
    thread.start()
    while not web.started:
        thread.join(0.05)
    yield app, f"127.0.0.1:{listening.getsockname()[1]}"
    web.should_exit = True
    thread.join(10)


@pytest.fixture
def address(running, settings):
    running[0].token = ""
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [running[1]]
    return f"http://{running[1]}/mcp"


@pytest.fixture
def ctx():
    return Context(models=None, knowledge=None, training=None, mcp=NodeMcp(uuid.uuid4()))


async def test_a_model_gets_its_tools_and_calls_them(ctx, address):
    (weigh, lock) = (await Mcp(server=address).run(ctx)).tools
    assert (weigh.name, weigh.description, lock.name) == (
        "weigh",
        "Says how much a thing weighs.",
        "lock_gate",
    )
    calls = ToolCalls(Catalogue.load(["nodes"]), ctx)
    assert await calls.call(weigh, {"what": "box"}) == "box: 5 g"
    with pytest.raises(NodeError, match="'weigh' was not called: .*'what' is a required property"):
        await calls.call(weigh, {})
    with pytest.raises(NodeError, match=r"'lock.gate' refused: .*lock.gate"):
        await calls.call(lock, {})


async def test_only_the_chosen_tools_are_given(ctx, address):
    (only,) = (await Mcp(server=address, tools=("lock.gate",)).run(ctx)).tools
    assert only.settings["tool"] == "lock.gate"
    with pytest.raises(NodeError, match="Setting 'tools': the server has no 'fly'. It has: weigh, lock.gate"):
        await Mcp(server=address, tools=("fly",)).run(ctx)


async def test_a_tool_is_a_node(ctx, address):
    node = McpCall(server=address, tool="weigh", wired=("what",))
    assert list(node.inputs()) == ["what", "values"]
    assert await node.run(ctx, what="pen", values='{"grams": 2}') == "pen: 2 g"
    assert (await node.parameters(ctx))["required"] == ["what"]
    with pytest.raises(NodeError, match="has no 'fly'"):
        await McpCall(server=address, tool="fly").parameters(ctx)


@pytest.mark.parametrize(
    ("server", "why"),
    [
        ("http://example.test/mcp", "not among the hosts"),
        ("", "Setting 'server' is empty"),
        ("files", "no command that an administrator set up in FLOWBUILDER_MCP_COMMANDS. There is: none"),
        ("/bin/sh -c id", "no command that an administrator set up"),
    ],
)
async def test_only_what_the_administrator_allows_is_asked(ctx, address, server, why):
    with pytest.raises(NodeError, match=why):
        await Mcp(server=server).run(ctx)


async def test_nobody_there_is_told(ctx, settings):
    settings.FLOWBUILDER_OUTBOUND_HOSTS = ["127.0.0.1:9"]
    with pytest.raises(NodeError, match="'127.0.0.1:9' cannot be reached"):
        await Mcp(server="http://127.0.0.1:9/mcp").run(ctx)


@pytest.mark.django_db(transaction=True)
async def test_a_token_arrives_and_never_comes_back(address, running, asker, ctx, caplog):
    caplog.set_level("DEBUG")
    guarded, host = running
    guarded.token = CANARY
    with pytest.raises(NodeError) as refused:
        await Mcp(server=address).run(ctx)
    assert host in str(refused.value)
    await sync_to_async(services.keep)(asker=asker, name="depot", value=CANARY, hosts=[host])
    mine = Context(models=None, knowledge=None, training=None, mcp=NodeMcp(asker.workspace.pk))
    offered = await Mcp(server=address, auth="bearer", secret="depot").run(mine)
    answer = await ToolCalls(Catalogue.load(["nodes"]), mine).call(offered.tools[0], {"what": "leak"})
    assert answer == "leak: 5 g, told [secret depot]"
    assert CANARY not in caplog.text + str(offered) and f"Bearer {CANARY}" in guarded.seen


async def test_a_program_is_asked_where_the_administrator_names_it(ctx, settings, tmp_path):
    script = tmp_path / "server.py"
    script.write_text(SCRIPT)
    settings.FLOWBUILDER_MCP_COMMANDS = {"beside": f"{sys.executable} {script}"}
    (double,) = (await Mcp(server="beside").run(ctx)).tools
    assert await ToolCalls(Catalogue.load(["nodes"]), ctx).call(double, {"number": 21}) == "42"
