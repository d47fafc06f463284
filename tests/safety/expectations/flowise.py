"""The Flowise-compatible door: here for keys alone; tests/publishing/flowise opens it to the public."""

from typing import Any

from tests.safety.expectations.knowledge import a_file
from tests.safety.expectations.rules import EDIT, FLOW, RUN, Rule, calls, changes, edits, public


def a_prediction(world: Any) -> dict[str, Any]:
    return {"question": "Where is my parcel?", "streaming": True}


def a_thumb(world: Any) -> dict[str, Any]:
    told = world.parameters
    return {"chatId": told["chat_id"], "messageId": told["message_id"], "rating": "THUMBS_UP"}


def a_lead(world: Any) -> dict[str, Any]:
    chat = world.parameters["chat_id"]
    return {"chatflowid": str(world.flow.pk), "chatId": chat, "name": "Ann", "email": "ann@example.test"}


def page_for_editors() -> Rule:
    return Rule("page", EDIT, FLOW, 200)


ROUTES: dict[str, dict[str, Rule]] = {
    "api/flows/<flow_id>/leads": {"GET": edits(FLOW)},
    "api/flows/<flow_id>/leads/<lead_id>": {"DELETE": edits(FLOW, done=204)},
    "publishing/<flow_id>/leads/": {"GET": page_for_editors()},
    "publishing/<flow_id>/leads/export/": {"GET": page_for_editors()},
    "publishing/<flow_id>/leads/<lead_id>/deletion/": {"POST": changes(FLOW)},
    "api/v1/chatflows-streaming/<flow_id>": {"GET": public()},
    "api/v1/prediction/<flow_id>": {"POST": calls(FLOW, RUN, sends=a_prediction)},
    "api/v1/public-chatbotConfig/<flow_id>": {"GET": calls(FLOW, RUN)},
    "api/v1/chatmessage/abort/<flow_id>/<chat_id>": {"PUT": calls(FLOW, RUN)},
    "api/v1/feedback/<subject>": {
        "POST": calls(FLOW, RUN, sends=a_thumb),
        "PUT": calls(FLOW, RUN, sends=lambda world: {"content": "late"}),
    },
    "api/v1/leads": {"POST": calls(FLOW, RUN, sends=a_lead)},
    "api/v1/leads/": {"POST": calls(FLOW, RUN, sends=a_lead)},
    "api/v1/attachments/<flow_id>/<chat_id>": {"POST": calls(FLOW, RUN, sends=a_file, form=True)},
    # The flow reads no knowledge base.
    "api/v1/vector/upsert/<flow_id>": {"POST": calls(FLOW, EDIT, done=422, sends=a_file, form=True)},
    "api/v1/get-upload-file": {"GET": public(422)},  # it says of which flow
    "api/v1/node-icon/<type_id>": {"GET": public()},
    "api/v1/": {"GET": public(404)},
}
