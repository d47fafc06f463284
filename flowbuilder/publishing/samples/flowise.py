"""For who comes from Flowise: the host and the id are what changes."""

from __future__ import annotations

from typing import Any

from flowbuilder.publishing.inputs import QUESTION
from flowbuilder.publishing.samples.sample import KEY, Sample, as_json, curl


def samples(flow_id: str, inputs: dict[str, Any], base: str) -> list[Sample]:
    """``inputs``: a question, and what a form is filled in with, which Flowise sends apart from it."""
    form = {name: value for name, value in inputs.items() if name != QUESTION}
    asked = {
        **({QUESTION: inputs[QUESTION]} if QUESTION in inputs else {}),
        **({"form": form} if form else {}),
    }
    body = {**asked, "overrideConfig": {"sessionId": "customer-1"}}
    return [
        Sample("flowise-curl", "curl", curl(f"{base}/api/v1/prediction/{flow_id}", body)),
        Sample("flowise-sdk", "flowise-sdk", _sdk(flow_id, asked, base)),
        Sample("flowise-embed", "flowise-embed", _embed(flow_id, base)),
    ]


def _sdk(flow_id: str, asked: dict[str, Any], base: str) -> str:
    # Node finds no names in the package, which is CommonJS: only the whole of it.
    told = "".join(f"  {name}: {as_json(value)},\n" for name, value in asked.items())
    return f"""import flowise from "flowise-sdk";

const {{ FlowiseClient }} = flowise;
const client = new FlowiseClient({{ baseUrl: {as_json(base)}, apiKey: process.env.{KEY} }});
const events = await client.createPrediction({{
  chatflowId: {as_json(flow_id)},
{told}  streaming: true,
}});
for await (const {{ event, data }} of events) if (event === "token") process.stdout.write(data);"""


def _embed(flow_id: str, base: str) -> str:
    return f"""<script type="module">
  import Chatbot from "https://cdn.jsdelivr.net/npm/flowise-embed@3.1.6/dist/web.js";
  Chatbot.init({{ chatflowid: {as_json(flow_id)}, apiHost: {as_json(base)} }});
</script>"""
