"""Files in Flowise's widget: attached to a chat, put into the flow's knowledge, shown again; and icons of nodes."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from ninja import File, Form, Router, UploadedFile

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.nodes import catalogue
from flowbuilder.knowledge import uploads
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.publishing.flowise.entrance import Caller, enter
from flowbuilder.publishing.flowise.files import text_of
from flowbuilder.publishing.flowise.models import LONGEST_ID, Attachment
from flowbuilder.publishing.flowise.sent import MOST_FILES
from flowbuilder.publishing.rate import count_opinion

router = Router(auth=None)
KEPT = timedelta(days=7)
MOST_IN_A_CHAT = 20
SPRITE = settings.BASE_DIR / "static" / "dist" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="(?P<name>[a-z0-9-]+)"[^>]*>(?P<drawn>.*?)</symbol>', re.S)
DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#444" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round">{}</svg>'
)


@router.post("/attachments/{flow_id}/{chat_id}")
def attach(
    request: HttpRequest, flow_id: str, chat_id: str, files: File[list[UploadedFile]]
) -> list[dict[str, Any]]:
    """The text of each, which the client then sends with the question."""
    caller = enter(request, flow_id)
    if caller.asker is None and not caller.doors.flowise_files:
        raise ApiError("forbidden", "This chatbot takes no files.", 403)
    count_opinion(caller.doors, caller.network_address)
    must_be_few(files)
    conversation = caller.conversation(chat_id)
    Attachment.objects.filter(flow=caller.flow, created_at__lt=timezone.now() - KEPT).delete()
    there = Attachment.objects.filter(flow=caller.flow, conversation=conversation).count()
    if there + len(files) > MOST_IN_A_CHAT:
        raise ApiError("too_many", f"A chat may have {MOST_IN_A_CHAT} files.", 422)
    return [_kept(caller, conversation, file) for file in files]


def _kept(caller: Caller, conversation: Any, file: UploadedFile) -> dict[str, Any]:
    name, data = uploads.name_of(file)[:255], uploads.read(file)
    read = text_of(name, data)
    known = {"workspace": caller.doors.workspace, "flow": caller.flow, "conversation": conversation}
    Attachment.objects.create(**known, name=name, data=data)
    return {"name": name, "mimeType": file.content_type, "size": len(data), "content": read.text}


@router.get("/get-upload-file")
def get_file(request: HttpRequest, chatflowId: str, chatId: str, fileName: str) -> HttpResponse:
    """The bytes of an attachment, for whoever knows the chat's id."""
    caller = enter(request, chatflowId)
    found = Attachment.objects.filter(
        flow=caller.flow, conversation=caller.conversation(chatId[: LONGEST_ID + 1])
    )
    attachment = found.filter(name=fileName).order_by("-created_at").first()
    if attachment is None:
        raise ApiError("not_found", "There is no such file in this chat.", 404)
    answer = HttpResponse(bytes(attachment.data), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, attachment.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.post("/vector/upsert/{flow_id}")
def upsert(
    request: HttpRequest,
    flow_id: str,
    files: File[list[UploadedFile] | None] = None,
    stopNodeId: Form[str] = "",
) -> dict[str, Any]:
    """Puts documents into the knowledge base that the flow reads; ``stopNodeId`` says which node's, where it reads several."""
    caller = enter(request, flow_id, with_key=True)
    if caller.asker is None or not caller.asker.can_edit:
        raise ApiError("forbidden", "Filling a knowledge base needs a key of the whole workspace.", 403)
    if not files:
        raise ApiError("invalid", "Send documents as the multipart field 'files'.", 422)
    must_be_few(files)
    base = base_of(caller, stopNodeId)
    refused, repeated = uploads.take(base=base, files=files)
    if refused and len(refused) == len(files):
        raise ApiError("invalid", " ".join(refused), 422)
    return {
        "numAdded": len(files) - len(refused) - len(repeated),
        "numDeleted": 0,
        "numUpdated": 0,
        "numSkipped": len(repeated),
        "addedDocs": [{"pageContent": "", "metadata": {"source": uploads.name_of(file)}} for file in files],
        "refused": refused,
    }


def base_of(caller: Caller, node_id: str) -> KnowledgeBase:
    """``ApiError`` 422 names the nodes to choose from."""
    version = caller.flow.published_version
    reading = {
        node["id"]: str(node.get("settings", {}).get("base", ""))
        for node in (version.graph["nodes"] if version else [])
        if node["type"].startswith("knowledge.") and node.get("settings", {}).get("base")
    }
    wanted = {reading[node_id]} if node_id in reading else set(reading.values())
    if len(wanted) != 1:
        there = ", ".join(sorted(reading)) or "none"
        raise ApiError(
            "invalid", f"Name the node whose knowledge base is meant as 'stopNodeId': {there}.", 422
        )
    name = wanted.pop()
    known = KnowledgeBase.objects.visible_to(caller.asker)
    found = [base for base in known if name in {str(base.pk), base.name}]
    if len(found) != 1:
        raise ApiError("not_found", "The flow's knowledge base is gone.", 404)
    return found[0]


@router.get("/node-icon/{type_id}")
def node_icon(request: HttpRequest, type_id: str) -> HttpResponse:
    """Of a node's type, as the traces name it."""
    icon = next((row["icon"] for row in catalogue().describe() if row["type"] == type_id), "")
    drawn = next(
        (found["drawn"] for found in SYMBOL.finditer(SPRITE.read_text()) if found["name"] == icon), None
    )
    if drawn is None:
        raise ApiError("not_found", f"No node is called '{type_id[:100]}'.", 404)
    answer = HttpResponse(DRAWN.format(drawn), content_type="image/svg+xml")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


def must_be_few(files: list[UploadedFile]) -> None:
    if len(files) > MOST_FILES:
        raise ApiError("invalid", f"{MOST_FILES} files may be sent at once; these are {len(files)}.", 422)
