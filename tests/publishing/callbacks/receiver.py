"""A program that receives callbacks and believes what the ``standardwebhooks`` package verifies: ``receiver.py PORT FOLDER``.

FOLDER holds ``secret``, and ``answers``: the statuses with which it answers, one a line, then 204. It adds to ``told.jsonl``.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # noqa: N802 - the name is http.server's
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            said = Webhook((FOLDER / "secret").read_text()).verify(body, dict(self.headers))
        except WebhookVerificationError as error:
            said = {"refused": str(error)}
        lines = (FOLDER / "answers").read_text().split()
        (FOLDER / "answers").write_text("\n".join(lines[1:]))
        status = 401 if "refused" in said else int(lines[0]) if lines else 204
        with (FOLDER / "told.jsonl").open("a") as told:
            told.write(json.dumps({"id": self.headers["webhook-id"], "status": status, **said}) + "\n")
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


HTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
