"""Who receives callbacks, and sees whether they come from here."""

from __future__ import annotations

from flowbuilder.publishing.samples.sample import Sample

SECRET = "FLOWBUILDER_CALLBACK_SECRET"  # noqa: S105 - the name of a variable

PYTHON = f"""import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

key = base64.b64decode(os.environ["{SECRET}"].removeprefix("whsec_"))

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sent = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        digest = hmac.new(key, ".".join(sent).encode() + b"." + body, hashlib.sha256).digest()
        ours = "v1," + base64.b64encode(digest).decode()
        fresh = abs(time.time() - int(sent[1])) < 300
        genuine = fresh and hmac.compare_digest(ours, self.headers["webhook-signature"])
        self.send_response(204 if genuine else 401)
        self.end_headers()
        if genuine:  # the same id may come twice
            print(sent[0], json.loads(body)["data"]["reply"], flush=True)

HTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8001))), Receiver).serve_forever()"""

JAVASCRIPT = f"""import {{ createHmac, timingSafeEqual }} from "node:crypto";
import {{ createServer }} from "node:http";

const key = Buffer.from(process.env.{SECRET}.replace("whsec_", ""), "base64");

createServer(async (request, response) => {{
  const body = Buffer.concat(await request.toArray());
  const id = request.headers["webhook-id"];
  const at = request.headers["webhook-timestamp"];
  const digest = createHmac("sha256", key).update(`${{id}}.${{at}}.`).update(body).digest("base64");
  const ours = Buffer.from(`v1,${{digest}}`);
  const theirs = Buffer.from(request.headers["webhook-signature"] ?? "");
  const fresh = Math.abs(Date.now() / 1000 - Number(at)) < 300;
  const genuine = fresh && ours.length === theirs.length && timingSafeEqual(ours, theirs);
  response.writeHead(genuine ? 204 : 401).end();
  if (genuine) console.log(id, JSON.parse(body).data.reply); // the same id may come twice
}}).listen(Number(process.env.PORT ?? 8001), "127.0.0.1");"""


def samples() -> list[Sample]:
    return [
        Sample("callback-python", "Python", PYTHON),
        Sample("callback-javascript", "JavaScript", JAVASCRIPT),
    ]
