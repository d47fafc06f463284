"""The flows that are asked: the smallest one, and one with the shipped model."""

from typing import Any

from tests.installation import Installation

ECHO = {
    "nodes": [{"id": "start", "type": "flow.start"}, {"id": "reply", "type": "flow.reply"}],
    "wires": [{"id": "w", "source": "start", "target": "reply", "target_port": "content"}],
}
MODEL = {
    "nodes": [
        {"id": "start", "type": "flow.start"},
        {
            "id": "model",
            "type": "language.local_model",
            "settings": {"temperature": 0, "max_new_tokens": 48},
        },
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "v", "source": "start", "target": "model", "target_port": "prompt"},
        {"id": "w", "source": "model", "target": "reply", "target_port": "content"},
    ],
}
QUESTIONS = {
    "echo": "all is well",
    "model": "Make a van record.\nFields:\n- van_id: string\n- city: string",
}


def publish(installation: Installation, name: str, graph: dict[str, Any]) -> dict[str, Any]:
    """The flow, with the question that it is asked."""
    with installation.client() as client:
        flow = client.post("/api/flows", json={"name": f"Load {name}"}).raise_for_status().json()
        path = f"/api/flows/{flow['id']}"
        client.put(path, json={"graph": graph, "revision": flow["revision"]}).raise_for_status()
        client.post(f"{path}/versions", json={}).raise_for_status()
        client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
    return {**flow, "question": QUESTIONS[name]}
