"""A server on this machine that tells what it was asked."""

import http.server
import json
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.runs.conftest import make_flow, play, sample_nodes  # noqa: F401


@dataclass
class Echo:
    """Answers with what it was asked as JSON; ``/status/N`` with that status, ``/busy`` twice with 503 first."""

    url: str = ""
    asked: list[dict] = field(default_factory=list)
    busy: int = 2

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


def handler(echo: Echo):
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            told = {
                "method": self.command,
                "path": parts.path,
                "query": parse_qsl(parts.query),
                "headers": headers,
                "body": body,
            }
            echo.asked.append(told)
            status = int(parts.path.split("/")[2]) if parts.path.startswith("/status/") else 200
            if parts.path == "/busy":
                echo.busy -= 1
                status = 503 if echo.busy >= 0 else 200
            said = b"x" * (6 * 2**20) if parts.path == "/big" else json.dumps(told).encode()
            moved = {"/moved": dict(parse_qsl(parts.query)).get("to"), "/round": "/round"}.get(parts.path)
            self.send_response(302 if moved else status)
            if moved:
                self.send_header("location", moved)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer

        def log_message(self, *args):
            pass

    return Handler


@pytest.fixture
def echo(settings):
    found = Echo()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(found))
    found.url = f"http://127.0.0.1:{server.server_port}"
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [found.host]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()
