"""Comments over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.comments import services
from flowbuilder.comments.mentions import people_around, unread
from flowbuilder.comments.models import Comment, Mention, Thread
from flowbuilder.comments.unread import counts, read, read_to
from flowbuilder.flows.api import find as find_flow

router = Router(tags=["comments"])
LONGEST = 4000


class NewComment(Schema):
    text: str = Field(min_length=1, max_length=LONGEST)
    """Markdown."""
    mentions: list[int] = Field([], max_length=20)
    """Whom it calls, by the ids of `people`; who does not see the flow is left out."""


class NewThread(NewComment):
    node: str = Field("", max_length=500)
    """The node's path; empty for the flow."""


class Resolution(Schema):
    resolved: bool


@router.get("/flows/{uuid:flow_id}/comments")
def list_threads(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    """All threads of a flow, the people whom a comment may call, how many comments are new to you, and how far you read."""
    flow = find_flow(request, flow_id)
    threads = flow.threads.select_related("resolved_by").prefetch_related("comments")
    people = people_around(request.asker, flow).order_by("name", "email")[:200]
    return {
        "threads": [row(request, thread) for thread in threads],
        "people": [{"person": person.pk, "name": str(person)} for person in people],
        "unread": counts(request.asker.user, [flow]).get(flow.pk, 0),
        "read_to": read_to(request.asker.user, flow),
    }


@router.post("/flows/{uuid:flow_id}/comments", response={201: dict[str, Any]})
def begin_thread(request: HttpRequest, flow_id: uuid.UUID, body: NewThread) -> Any:
    """Begin a thread. Whoever sees the flow may."""
    flow = find_flow(request, flow_id)
    return Status(201, row(request, services.begin(asker=request.asker, flow=flow, **body.dict())))


@router.post("/flows/{uuid:flow_id}/comments/reading", response={204: None})
def read_threads(request: HttpRequest, flow_id: uuid.UUID) -> Any:
    """You have seen the threads: nothing in them is new to you, and what mentions you there is read."""
    read(person=request.asker.user, flow=find_flow(request, flow_id))
    return Status(204, None)


@router.post("/comments/{uuid:thread_id}/replies", response={201: dict[str, Any]})
def reply(request: HttpRequest, thread_id: uuid.UUID, body: NewComment) -> Any:
    """Say more; a resolved thread is open again."""
    thread = find(request, thread_id)
    return Status(
        201, comment_row(request, services.reply(asker=request.asker, thread=thread, **body.dict()))
    )


@router.put("/comments/{uuid:thread_id}/resolution")
def resolve(request: HttpRequest, thread_id: uuid.UUID, body: Resolution) -> dict[str, Any]:
    thread = find(request, thread_id)
    services.resolve(asker=request.asker, thread=thread, resolved=body.resolved)
    return row(request, thread)


@router.delete("/comments/{uuid:thread_id}", response={204: None})
def delete_thread(request: HttpRequest, thread_id: uuid.UUID) -> Any:
    services.delete(asker=request.asker, thread=find(request, thread_id))
    return Status(204, None)


@router.get("/mentions")
def list_mentions(request: HttpRequest) -> list[dict[str, Any]]:
    """Where somebody called you and you did not look yet. A key hears of its own workspace alone."""
    asker = request.asker
    found = unread(asker.user) if asker.only is None else []
    if asker.key_id:
        found = [mention for mention in found if workspace_of(mention) == asker.workspace.pk]
    return [
        {
            "flow": str(mention.comment.thread.flow_id),
            "name": mention.comment.thread.flow.name,
            "thread": str(mention.comment.thread_id),
            "by": mention.comment.name,
            "text": mention.comment.text,
            "at": mention.comment.created_at,
        }
        for mention in found
    ]


def workspace_of(mention: Mention) -> uuid.UUID:
    return uuid.UUID(str(mention.comment.thread.workspace_id))


def find(request: HttpRequest, thread_id: uuid.UUID) -> Thread:
    thread = Thread.objects.visible_to(request.asker).filter(pk=thread_id).select_related("flow").first()
    if thread is None:
        raise ApiError("not_found", "There is no such thread, or it is not yours.", 404)
    return thread


def row(request: HttpRequest, thread: Thread) -> dict[str, Any]:
    return {
        "id": str(thread.pk),
        "node": thread.node,
        "label": thread.label,
        "resolved": thread.resolved_at is not None,
        "resolved_by": str(thread.resolved_by) if thread.resolved_by else None,
        "comments": [comment_row(request, comment) for comment in thread.comments.all()],
    }


def comment_row(request: HttpRequest, comment: Comment) -> dict[str, Any]:
    user = request.asker.user
    return {
        "id": comment.pk,
        "person": comment.person_id,
        "name": comment.name,
        "mine": user is not None and comment.person_id == user.pk,
        "text": comment.text,
        "at": comment.created_at,
    }
