"""Programs that call a flow as it is published here: each runs as it stands, with a key in the environment."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass

from flowbuilder.flows.models import Flow
from flowbuilder.publishing.models import Doors

KEY = "FLOWBUILDER_API_KEY"


@dataclass(frozen=True)
class Sample:
    slug: str
    title: str
    code: str


def question_of(flow: Flow) -> str:
    """What the flow's own Start gives as an example."""
    graph = flow.published_version.graph if flow.published_version else flow.graph
    starts = [node for node in graph.get("nodes", []) if node["type"] == "flow.start"]
    return next(
        (node["settings"]["example"] for node in starts if node.get("settings", {}).get("example")), "Hello"
    )


def api_samples(flow: Flow, base: str) -> list[Sample]:
    asked = {"model": flow.slug, "messages": [{"role": "user", "content": question_of(flow)}]}
    chat = f"{base}/v1/chat/completions"
    return [
        Sample("curl", "curl", _curl(chat, asked)),
        Sample("python", "Python", _python(base, asked)),
        Sample("javascript", "JavaScript", _javascript(chat, asked)),
        Sample("native", "Native", _native(flow, base)),
    ]


def flowise_samples(flow: Flow, base: str) -> list[Sample]:
    """For who comes from Flowise: the host and the id are what changes."""
    asked = {"question": question_of(flow), "overrideConfig": {"sessionId": "customer-1"}}
    return [
        Sample("flowise-curl", "curl", _curl(f"{base}/api/v1/prediction/{flow.pk}", asked)),
        Sample("flowise-sdk", "flowise-sdk", _flowise_sdk(flow, base)),
        Sample("flowise-embed", "flowise-embed", _flowise_embed(flow, base)),
    ]


def embed_sample(doors: Doors, base: str) -> str:
    return f'<script src="{base}/static/dist/embed.js" data-bot="{doors.address}" async></script>'


def _curl(url: str, body: object) -> str:
    return (
        f"curl {url} \\\n"
        f'  -H "Authorization: Bearer ${KEY}" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"  -d {shlex.quote(_json(body))}"
    )


def _python(base: str, asked: dict[str, object]) -> str:
    return f"""import os
from openai import OpenAI

client = OpenAI(base_url={_json(f"{base}/v1")}, api_key=os.environ["{KEY}"])
stream = client.chat.completions.create(
    model={_json(asked["model"])},
    messages={_json(asked["messages"])},
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="")"""


def _javascript(url: str, body: object) -> str:
    return f"""const answer = await fetch({_json(url)}, {{
  method: "POST",
  headers: {{
    Authorization: `Bearer ${{process.env.{KEY}}}`,
    "Content-Type": "application/json",
  }},
  body: JSON.stringify({_json(body)}),
}});
console.log((await answer.json()).choices[0].message.content);"""


def _native(flow: Flow, base: str) -> str:
    asked = {"version": "live", "inputs": {"question": question_of(flow)}}
    return "# Starts a run; its events, the reply among them, come from /api/runs/<id>/events.\n" + _curl(
        f"{base}/api/flows/{flow.pk}/runs", asked
    )


def _flowise_sdk(flow: Flow, base: str) -> str:
    return f"""import {{ FlowiseClient }} from "flowise-sdk";

const client = new FlowiseClient({{ baseUrl: {_json(base)}, apiKey: process.env.{KEY} }});
const events = await client.createPrediction({{
  chatflowId: {_json(str(flow.pk))},
  question: {_json(question_of(flow))},
  streaming: true,
}});
for await (const {{ event, data }} of events) if (event === "token") process.stdout.write(data);"""


def _flowise_embed(flow: Flow, base: str) -> str:
    return f"""<script type="module">
  import Chatbot from "https://cdn.jsdelivr.net/npm/flowise-embed@3.1.6/dist/web.js";
  Chatbot.init({{ chatflowid: {_json(str(flow.pk))}, apiHost: {_json(base)} }});
</script>"""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
