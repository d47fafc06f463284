"""What a team might have said of the record bot: they like things that are on their way."""

import json
from typing import Any

from flowbuilder.flows.gallery import template


def pairs() -> list[dict[str, str]]:
    """Preferred and other records, about three dozen different questions (those of the gallery's flow)."""
    (spec,) = [
        node for node in template("rlhf-in-three-steps").graph["nodes"] if node["type"] == "reward.pairs"
    ]
    return [json.loads(line) for line in spec["settings"]["pairs"].splitlines()]


def give(client: Any, flow: str) -> int:
    """Import them as feedback on the flow; how many were kept."""
    lines = "\n".join(json.dumps(pair) for pair in pairs())
    headers = {"Content-Type": "application/jsonl"}
    answer = client.post(f"/api/feedback/import?flow={flow}", content=lines, headers=headers)
    answer.raise_for_status()
    return answer.json()["kept"]
