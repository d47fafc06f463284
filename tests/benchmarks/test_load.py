"""The load benchmark asks what a Flowise server is asked, and tells what it took."""

import asyncio
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.load.calls import Target, measure


class Server(BaseHTTPRequestHandler):
    asked: list[dict] = []

    def do_POST(self):
        self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        told = json.dumps({"text": "all is well"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_every_caller_asks_until_the_time_is_over(address, monkeypatch):
    monkeypatch.setattr("benchmarks.load.calls.WARM_SECONDS", 0)
    target = Target(f"{address}/api/v1/prediction/1", {}, {"question": "all is well"}, os.getpid())
    told = asyncio.run(measure(target, callers=4, seconds=0.2))
    assert told["calls_a_second"] > 0 and told["ms_p50"] <= told["ms_p95"]
    assert len(Server.asked) >= 5 and Server.asked[0] == {"question": "all is well"}
