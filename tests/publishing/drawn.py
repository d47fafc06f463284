"""Flows of a few nodes in one line, published in a running installation."""

import httpx

PORTS = {
    "flow.reply": "content",
    "flow.approval": "content",
    "flow.wait": "value",
    "knowledge.retrieve": "question",
    "language.local_model": "prompt",
    "language.structured": "prompt",
    "text.prompt": "said",
}


def graph(*middle: dict, start: dict | None = None, leaves: dict[str, str] | None = None) -> dict:
    """Start, what stands between, Reply. ``leaves``: by which port a node is left, where it has several."""
    nodes = [start or {"id": "start", "type": "flow.start"}, *middle, {"id": "reply", "type": "flow.reply"}]
    wires = [
        {
            "id": f"w{n}",
            "source": a["id"],
            "source_port": (leaves or {}).get(a["id"], "out"),
            "target": b["id"],
            "target_port": PORTS[b["type"]],
        }
        for n, (a, b) in enumerate(zip(nodes, nodes[1:], strict=False))
    ]
    return {"nodes": nodes, "wires": wires}


def published(client: httpx.Client, name: str, drawn: dict, **doors: object) -> dict:
    """The flow, live, with these doors open beside the API's."""
    flow = client.post("/api/flows", json={"name": name}).raise_for_status().json()
    path = f"/api/flows/{flow['id']}"
    client.put(path, json={"graph": drawn, "revision": flow["revision"]}).raise_for_status()
    client.post(f"{path}/versions", json={}).raise_for_status()
    client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
    return {**flow, "doors": client.patch(f"{path}/doors", json=doors).raise_for_status().json()}
