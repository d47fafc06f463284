"""Our flows that are asked: the smallest one, one that asks a model elsewhere, and one with the shipped model."""

from itertools import pairwise
from typing import Any

from tests.installation import Installation

QUESTIONS = {
    "echo": "all is well",
    "remote": "all is well",
    "starter": "Make a van record.\nFields:\n- van_id: string\n- city: string",
}


def graph(name: str, host: str) -> dict[str, Any]:
    """``host``: where the stand-in for a model answers."""
    if name == "echo":
        return chain(("start", "flow.start", {}), ("reply", "flow.reply", {}))
    settings = {"temperature": 0, "max_new_tokens": 48}
    kind = "language.local_model"
    if name == "remote":
        kind = "language.remote_model"
        settings |= {"base_url": f"http://{host}/v1", "model_name": "stand-in"}
    return chain(("start", "flow.start", {}), ("model", kind, settings), ("reply", "flow.reply", {}))


def chain(*steps: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """Each wired to the next, which takes it as its content or its prompt."""
    wires = [
        {
            "id": f"{before[0]}-{after[0]}",
            "source": before[0],
            "target": after[0],
            "target_port": "content" if after[1] == "flow.reply" else "prompt",
        }
        for before, after in pairwise(steps)
    ]
    nodes = [{"id": number, "type": kind, "settings": settings} for number, kind, settings in steps]
    return {"nodes": nodes, "wires": wires}


def publish(installation: Installation, name: str, host: str) -> dict[str, Any]:
    """The flow, open to OpenAI's and to Flowise's clients, with the question that it is asked."""
    with installation.client() as client:
        flow = client.post("/api/flows", json={"name": f"Load {name}"}).raise_for_status().json()
        path = f"/api/flows/{flow['id']}"
        body = {"graph": graph(name, host), "revision": flow["revision"]}
        client.put(path, json=body).raise_for_status()
        client.post(f"{path}/versions", json={}).raise_for_status()
        client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
        client.patch(f"{path}/doors", json={"flowise": True}).raise_for_status()
    return {**flow, "question": QUESTIONS[name]}
