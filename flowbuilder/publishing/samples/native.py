"""As a run of its own, with all its inputs, and its events as they come."""

from __future__ import annotations

from typing import Any

from flowbuilder.publishing.samples.sample import KEY, Sample, Way, as_json, as_python, curl


def way(flow_id: str, inputs: dict[str, Any], base: str) -> Way:
    body = {"version": "live", "inputs": inputs}
    url = f"{base}/api/flows/{flow_id}/runs"
    told = "# Starts a run; its events, the reply among them, come from /api/runs/<id>/events.\n"
    samples = (
        Sample("native", "curl", told + curl(url, body)),
        Sample("native-python", "Python", _python(url, body, base)),
        Sample("native-javascript", "JavaScript", _javascript(url, body, base)),
    )
    return Way("native", "Flowbuilder", samples)


def _python(url: str, body: dict[str, Any], base: str) -> str:
    return f"""import json, os
import httpx

headers = {{"Authorization": f"Bearer {{os.environ['{KEY}']}}"}}
with httpx.Client(base_url={as_json(base)}, headers=headers, timeout=None) as http:
    run = http.post({as_json(url)}, json={as_python(body)}).raise_for_status().json()
    # Cut off, ask again with the header Last-Event-ID: the rest follows.
    with http.stream("GET", f"/api/runs/{{run['id']}}/events") as events:
        for line in events.iter_lines():
            event = json.loads(line[6:]) if line.startswith("data: ") else {{"type": ""}}
            if event["type"] == "run.finished":
                print(event["data"]["reply"])"""


def _javascript(url: str, body: dict[str, Any], base: str) -> str:
    return f"""const headers = {{
  Authorization: `Bearer ${{process.env.{KEY}}}`,
  "Content-Type": "application/json",
}};
const sent = JSON.stringify({as_json(body)});
const run = await (await fetch({as_json(url)}, {{ method: "POST", headers, body: sent }})).json();
const events = await fetch(`{base}/api/runs/${{run.id}}/events`, {{ headers }});
let text = "";
for await (const part of events.body.pipeThrough(new TextDecoderStream())) text += part;
for (const line of text.split("\\n")) {{
  const event = line.startsWith("data: ") ? JSON.parse(line.slice(6)) : {{}};
  if (event.type === "run.finished") console.log(event.data.reply);
}}"""
