"""What the gallery's flows meet outside, all on this machine: a web server, an MCP server, a model server, mail, a database."""

from __future__ import annotations

import http.server
import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.controller import Controller
from mcp.server import MCPServer

from tests.installation import free_port
from tests.modelhub.openai_server import served


@dataclass
class Neighbours:
    web: str = ""
    mcp: str = ""
    model: str = ""
    mail: str = ""
    database: str = ""
    letters: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """An administrator allows all of them."""
        hosts = [url.split("/")[2] for url in (self.web, self.mcp, self.model)]
        return {
            "FLOWBUILDER_OUTBOUND_HOSTS": ",".join(hosts),
            "FLOWBUILDER_DATABASES": json.dumps({"deliveries": self.database}),
            "FLOWBUILDER_MAIL_SERVER": self.mail,
            "FLOWBUILDER_MAIL_FROM": "flows@example.org",
            "FLOWBUILDER_MAIL_RECIPIENTS": "@example.org",
        }


@contextmanager
def neighbours(folder: Path) -> Iterator[Neighbours]:
    found = Neighbours()
    with ExitStack() as stack:
        found.web = stack.enter_context(_web())
        found.mcp = stack.enter_context(_mcp())
        found.model = stack.enter_context(served()).url
        found.mail = stack.enter_context(_mail(found.letters))
        found.database = _database(folder / "deliveries.sqlite3")
        yield found


@contextmanager
def _web() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class _Pages(http.server.BaseHTTPRequestHandler):
    """A parcel's state as JSON, and a page to read."""

    def do_GET(self) -> None:
        parcel = self.path.startswith("/parcels/")
        page = "<html><body><article><h1>Depots</h1><p>The depot in Graz is open at night.</p></article></body></html>"
        said = json.dumps({"id": self.path.split("/")[-1], "status": "delivered"}) if parcel else page
        self.send_response(200)
        self.send_header("content-type", "application/json" if parcel else "text/html; charset=utf-8")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def _mcp() -> Iterator[str]:
    server = MCPServer("sums")

    @server.tool()
    def add(a: int, b: int) -> str:
        """Adds two numbers."""
        return str(a + b)

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    web = uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_level="error", lifespan="on"))
    thread = threading.Thread(target=lambda: web.run(sockets=[listening]), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    web.should_exit = True
    thread.join(10)


@contextmanager
def _mail(letters: list[str]) -> Iterator[str]:
    class Box:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            letters.append(message_from_bytes(envelope.content)["subject"])
            return "250 OK"

    port = free_port()
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


def _database(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE parcels (id TEXT, kg REAL, depot TEXT)")
        rows = [("P-1", 2.5, "Graz"), ("P-2", 31.0, "Wien"), ("P-3", 4.0, "Graz")]
        connection.executemany("INSERT INTO parcels VALUES (?, ?, ?)", rows)
    connection.close()
    return f"sqlite:///{path}"
