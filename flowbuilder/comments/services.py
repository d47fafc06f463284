"""What is done in threads, and told to the open editors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, User
from flowbuilder.comments.mentions import people_around
from flowbuilder.comments.models import Comment, Mention, Thread
from flowbuilder.engine.graph import nodes_within
from flowbuilder.flows.editing.telling import tell
from flowbuilder.flows.models import Flow

MOST_THREADS = 500
MOST_COMMENTS = 200
"""In one thread."""


def begin(*, asker: Asker, flow: Flow, node: str, text: str, mentions: Iterable[int] = ()) -> Thread:
    """A thread on a node, or with an empty ``node`` on the flow."""
    if flow.threads.count() >= MOST_THREADS:
        raise ApiError("too_many", f"A flow has at most {MOST_THREADS} threads; delete old ones.", 409)
    label = _label_of(flow, node) if node else ""
    with transaction.atomic():
        thread = Thread.objects.create(workspace=flow.workspace, flow=flow, node=node, label=label)
        _say(asker, thread, text, mentions)
    return thread


def reply(*, asker: Asker, thread: Thread, text: str, mentions: Iterable[int] = ()) -> Comment:
    """Another word in it; a resolved thread is open again."""
    if thread.comments.count() >= MOST_COMMENTS:
        raise ApiError("too_many", f"A thread has at most {MOST_COMMENTS} comments; begin another one.", 409)
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(resolved_at=None, resolved_by=None)
        return _say(asker, thread, text, mentions)


def resolve(*, asker: Asker, thread: Thread, resolved: bool) -> None:
    thread.resolved_at = timezone.now() if resolved else None
    thread.resolved_by = asker.user if resolved else None
    with transaction.atomic():
        thread.save(update_fields=["resolved_at", "resolved_by"])
        _told(thread.flow_id)


def delete(*, asker: Asker, thread: Thread) -> None:
    """By who began it, or by who may change the flow."""
    first = thread.comments.first()
    if not asker.can_manage and not (first and asker.user and first.person_id == asker.user.pk):
        raise ApiError("forbidden", "A thread is deleted by who began it, or by an editor.", 403)
    with transaction.atomic():
        flow_id = thread.flow_id
        details = {"node": thread.node, "comments": thread.comments.count()}
        audit.record(asker=asker, action="comment.deleted", subject=thread.flow.name, details=details)
        thread.delete()
        _told(flow_id)


def _say(asker: Asker, thread: Thread, text: str, mentions: Iterable[int]) -> Comment:
    if asker.user is None:
        raise ApiError("forbidden", "Sign in to comment: others want to know who says it.", 403)
    comment = Comment.objects.create(thread=thread, person=asker.user, name=str(asker.user), text=text)
    called = {person.pk for person in people_around(asker, thread.flow)} & set(mentions)
    called.discard(asker.user.pk)
    Mention.objects.bulk_create(
        Mention(comment=comment, person=person) for person in User.objects.filter(pk__in=called)
    )
    _told(thread.flow_id)
    return comment


def _told(flow_id: Any) -> None:
    transaction.on_commit(partial(tell, flow_id, {"type": "comments"}))


def _label_of(flow: Flow, path: str) -> str:
    for found, node in nodes_within(flow.graph):
        if found == path:
            return str(node.get("label") or node["id"])[:200]
    raise ApiError("not_found", f"The flow as it is saved has no node '{path[:80]}'.", 404)
