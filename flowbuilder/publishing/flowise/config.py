"""What Flowise's widget asks before it shows itself: the beginning of the chat, and what may be done in it."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from flowbuilder.knowledge.formats import MAX_BYTES, SUFFIXES
from flowbuilder.publishing.filling_in import form_of
from flowbuilder.publishing.flowise.entrance import Caller
from flowbuilder.publishing.models import Doors

MOST_MEGABYTES = MAX_BYTES // 2**20
KINDS = {"number": "number", "yes_no": "boolean", "choice": "options"}
"""Of our fields, in the words of Flowise's forms; everything else is typed as text."""


def config_of(caller: Caller) -> dict[str, Any]:
    doors = caller.doors
    files = bool(caller.asker or doors.flowise_files)
    return {
        "flowData": json.dumps({"nodes": [start_of(doors)]}, ensure_ascii=False),
        "starterPrompts": {str(place): {"prompt": text} for place, text in enumerate(doors.examples)},
        "chatFeedback": {"status": doors.feedback},
        "followUpPrompts": {"status": doors.flowise_follow_ups},
        "fullFileUpload": {"status": files, "allowedUploadFileTypes": SUFFIXES},
        "isTTSEnabled": False,
        "leads": leads_of(doors),
        "uploads": {
            "isImageUploadAllowed": False,
            "isSpeechToTextEnabled": False,
            "isRAGFileUploadAllowed": False,
            "imgUploadSizeAndTypes": [],
            "fileUploadSizeAndTypes": [
                {"fileTypes": SUFFIXES.split(","), "maxUploadSize": MOST_MEGABYTES},
            ]
            if files
            else [],
        },
    }


def leads_of(doors: Doors) -> dict[str, Any]:
    if not doors.flowise_leads:
        return {"status": False}
    return {
        "status": True,
        "title": _("How can we reach you?"),
        "name": True,
        "email": True,
        "phone": True,
        "successMessage": _("Thank you."),
    }


def start_of(doors: Doors) -> dict[str, Any]:
    """The node where the flow begins, as far as the widget reads it: its form."""
    form = form_of(doors)
    inputs: dict[str, Any] = {"startInputType": "chatInput"}
    if form:
        inputs = {
            "startInputType": "formInput",
            "formTitle": doors.shown_title,
            "formDescription": form["intro"],
            "formInputTypes": [_field(field) for field in form["fields"]],
        }
    return {"id": "startAgentflow_0", "data": {"name": "startAgentflow", "inputs": inputs}}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    kind = KINDS.get(field["kind"], "string")
    shown = {"type": kind, "label": field["label"], "name": field["name"]}
    return (
        {**shown, "addOptions": [{"option": choice} for choice in field["choices"]]}
        if kind == "options"
        else shown
    )
