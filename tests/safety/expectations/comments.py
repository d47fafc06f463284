"""Comments: for whoever sees the flow and has a name; what is deleted is one's own, or an editor deletes it."""

from tests.safety.expectations.rules import FLOW, Rule, edits, reads

ROUTES: dict[str, dict[str, Rule]] = {
    "api/flows/<flow_id>/comments": {
        "GET": reads(FLOW),
        "POST": reads(FLOW, 201, sends=lambda world: {"text": "Why?", "node": "prompt"}),
    },
    "api/flows/<flow_id>/comments/reading": {"POST": reads(FLOW, 204)},
    "api/comments/<thread_id>": {"DELETE": edits(FLOW, 204)},
    "api/comments/<thread_id>/replies": {"POST": reads(FLOW, 201, sends=lambda world: {"text": "So that."})},
    "api/comments/<thread_id>/resolution": {"PUT": reads(FLOW, sends=lambda world: {"resolved": True})},
    "api/mentions": {"GET": reads()},
}
