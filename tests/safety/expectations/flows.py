import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.safety.expectations.rules import FLOW, THING, Rule, changes, edits, reads, shows


def a_flow_file(world: Any) -> dict[str, Any]:
    text = json.dumps({"format": "flowbuilder/flow", "version": 1, "name": "New"})
    return {"files": [SimpleUploadedFile("new.json", text.encode())]}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/nodes": {"GET": reads()},
    "api/plugins": {"GET": reads()},
    "api/nodes/ports": {"POST": reads(sends=lambda world: {"type": "text.prompt"})},
    "api/templates": {
        "GET": reads(),
        "POST": edits(FLOW, 201, sends=lambda world: {"flow": world.parameters["flow_id"], "title": "New"}),
    },
    "api/templates/<template_id>": {"DELETE": edits(THING, done=204)},
    "api/flows": {"GET": reads(), "POST": edits(done=201, sends=lambda world: {"name": "New"})},
    "api/flow-files": {"GET": reads(), "POST": edits(done=201, sends=a_flow_file, form=True)},
    "api/flows/<flow_id>/file": {"GET": reads(FLOW)},
    "api/bots": {"POST": edits(done=201, sends=lambda world: {"name": "New", "description": "Chats."})},
    "api/bots/understanding": {"POST": reads(sends=lambda world: {"description": "Chats."})},
    "api/flows/<flow_id>": {
        "GET": reads(FLOW),
        "PUT": edits(FLOW, sends=lambda world: {"graph": world.graph, "revision": 1}),
        "DELETE": edits(FLOW, done=204),
    },
    "api/flows/drafts": {"POST": edits(sends=lambda world: {"words": "Chats."})},
    "api/flows/<flow_id>/edits": {
        "GET": reads(FLOW),
        "POST": edits(
            FLOW, sends=lambda world: {"client": "tab", "number": 1, "revision": 1, "name": "Heron 2"}
        ),
    },
    "api/flows/<flow_id>/validate": {"POST": reads(FLOW, sends=lambda world: {})},
    "api/flows/<flow_id>/versions": {
        "GET": reads(FLOW),
        "POST": edits(FLOW, done=201, sends=lambda world: {}),
    },
    "api/flows/<flow_id>/versions/<number>": {
        "GET": reads(FLOW),
        "PATCH": edits(FLOW, sends=lambda world: {"name": "Heron 1"}),
    },
    "api/flows/<flow_id>/publication": {
        "GET": reads(FLOW),
        "PUT": edits(FLOW, sends=lambda world: {"version": 1}),
    },
    "api/flows/<flow_id>/publication/rollbacks": {
        "POST": edits(FLOW, done=409, sends=lambda world: {}),  # nothing was live before
    },
    "api/flows/<flow_id>/environments": {"GET": reads(FLOW)},
    "api/flows/<flow_id>/environments/<environment>": {
        "PUT": edits(FLOW, sends=lambda world: {"version": 1}),
    },
    "api/flows/<flow_id>/environments/<environment>/rollbacks": {
        "POST": edits(FLOW, done=409, sends=lambda world: {}),
    },
    "api/flows/<flow_id>/promotions": {"POST": edits(FLOW, done=409, sends=lambda world: {})},
    "api/flows/<flow_id>/difference": {"GET": reads(FLOW)},
    "bots/new/": {
        "GET": shows(),
        "POST": changes(sends=lambda world: {"name": "New", "description": "Chats."}),
    },
    "gallery/": {"GET": shows(), "POST": changes(sends=lambda world: {"name": "New"})},
    "nodes/": {"GET": shows()},
    "nodes/<type_id>/": {"GET": shows()},
    "flows/files/": {"GET": shows()},
    "flows/<flow_id>/": {"GET": shows(FLOW)},
    "flows/<flow_id>/deletion/": {"POST": changes(FLOW)},
    "flows/<flow_id>/template/": {"GET": changes(FLOW, done=200), "POST": changes(FLOW)},
    "gallery/<template_id>/deletion/": {"POST": changes(THING)},
}
