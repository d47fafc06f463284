"""A page of somebody else: another origin, with a content security policy that allows our script and frame only."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = "<!doctype html><html lang='en'><title>Shop</title><h1>Shop</h1><main id='place'></main>{}</html>"


@contextmanager
def other_site(ours: str, tag: str) -> Iterator[str]:
    """Serves ``tag`` until the block ends; its address is of another site than ``ours``, not only another port."""
    policy = f"default-src 'none'; script-src {ours}; frame-src {ours}; require-trusted-types-for 'script'"

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(BODY.format(tag).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
