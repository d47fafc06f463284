"""From a prediction to the run that answers it: a new one, or a parked one that somebody lets go on."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing import turns
from flowbuilder.publishing.chat_api import LONGEST_QUESTION
from flowbuilder.publishing.filling_in import fields_of_form, file_fields_of_form
from flowbuilder.publishing.flowise import leads
from flowbuilder.publishing.flowise.entrance import Caller
from flowbuilder.publishing.flowise.files import ReadFile, texts_of, with_files
from flowbuilder.publishing.flowise.overriding import overrides_of
from flowbuilder.publishing.flowise.sent import HumanInput, Prediction
from flowbuilder.publishing.models import Turn
from flowbuilder.publishing.outsiders import discreetly
from flowbuilder.publishing.rate import count_question
from flowbuilder.runs import services as runs
from flowbuilder.runs import waits
from flowbuilder.runs.models import ENDED, Door, Run, Wait

ROLES = {"apiMessage": "assistant", "userMessage": "user"}
OUTCOMES = {"proceed": "approved", "reject": "refused"}


@dataclass(frozen=True)
class Asked:
    """A question with its run. ``after`` and ``answered`` say where a run that was parked goes on."""

    turn: Turn
    question: str
    chat: str
    session: str
    after: int = 0
    answered: frozenset[str] = field(default_factory=frozenset)


def ask(caller: Caller, sent: Prediction, files: list[UploadedFile]) -> Asked:
    chat = sent.chatId or str(uuid.uuid4())
    session = str((sent.overrideConfig or {}).get("sessionId") or chat)
    visitor = caller.visitor(session)
    if caller.asker is None:
        count_question(caller.doors, visitor, caller.network_address)
    if sent.humanInput:
        return go_on(caller, sent.humanInput, chat, session)
    question, inputs = _inputs(caller, sent, _read(caller, sent, files))
    history = _history(caller, sent, session)
    with transaction.atomic():
        if sent.leadEmail:
            leads.note_email(caller, chat, sent.leadEmail)
        given = {**inputs, "history": history}
        run = _submit(
            caller, given, caller.memory(session), overrides_of(caller.flow, sent.overrideConfig or {})
        )
        turn = Turn.objects.create(
            workspace=caller.doors.workspace,
            flow=caller.flow,
            run=run,
            visitor=visitor.id,
            conversation=caller.conversation(chat),
            via=visitor.via,
            site=visitor.site,
        )
    return Asked(turn, question, chat, session)


def _read(caller: Caller, sent: Prediction, files: list[UploadedFile]) -> list[ReadFile]:
    if (sent.uploads or files) and caller.asker is None and not caller.doors.flowise_files:
        raise ApiError("forbidden", "This chatbot takes no files.", 403)
    return texts_of(sent.uploads or [], files)


def _inputs(caller: Caller, sent: Prediction, files: list[ReadFile]) -> tuple[str, dict[str, Any]]:
    """What was asked, in words, and what the run is given. A form gets its fields, and nothing else passes."""
    fields = fields_of_form(caller.doors)
    form = sent.form or {}
    given = {name: value for name, value in form.items() if name in fields}
    for name in file_fields_of_form(caller.doors):
        if name not in given and files:
            given[name], files = files[0].text, files[1:]
    said = (sent.question or "").strip() or "\n".join(f"{name}: {value}" for name, value in form.items())
    if not said and not given and not files:
        raise ApiError("invalid", "Send a 'question', or the 'form' with which the flow begins.", 400)
    if caller.asker is None and len(said) > LONGEST_QUESTION:
        raise ApiError("too_large", f"A question may have {LONGEST_QUESTION} characters.", 413)
    if fields and form:
        asked = (sent.question or "").strip()
        return said, {**given, **({"question": with_files(asked, files)} if asked else {})}
    return said, {**given, "question": with_files(said, files)}


def _history(caller: Caller, sent: Prediction, session: str) -> list[dict[str, str]]:
    if sent.history is not None:
        return [{"role": ROLES[said.role], "content": said.content} for said in sent.history]
    return turns.told_before(turns.turns_of(caller.doors, caller.visitor(session)))


def _submit(caller: Caller, inputs: dict[str, Any], session: str, overrides: dict[str, Any]) -> Run:
    with nullcontext() if caller.asker else discreetly(caller.flow):
        return runs.submit(
            asker=caller.acting(),
            flow=caller.flow,
            version=caller.flow.published_version,
            inputs=inputs,
            session=session,
            overrides=overrides,
            origin={"kind": "flowise"},
            door=Door.FLOWISE,
        )


def go_on(caller: Caller, said: HumanInput, chat: str, session: str) -> Asked:
    """Answer what a run of this chat is parked at; it goes on from there, under the id of the same message."""
    wait = waiting_in(caller, chat, said.startNodeId)
    turn = caller.turns(chat).get(run=wait.run_id)
    parked = turn.run.events.filter(type="node.waiting", node=wait.node_id).last()
    decided = {"outcome": OUTCOMES[said.type], "comment": said.feedback or ""}
    waits.resolve(asker=caller.acting(), run=turn.run, node=wait.node_id, said=decided)
    after = parked.seq if parked else 0
    return Asked(turn, said.feedback or said.type.title(), chat, session, after, frozenset({wait.key}))


def waiting_in(caller: Caller, chat: str, node: str) -> Wait:
    if caller.asker is None and not caller.doors.flowise_approvals:
        raise ApiError("forbidden", "Somebody of the workspace decides this, not the chat.", 403)
    open_ones = Wait.objects.filter(run__in=caller.turns(chat).values("run"), resolved_at=None)
    open_ones = open_ones.filter(about__kind="approval").exclude(run__status__in=ENDED)
    found = [wait for wait in open_ones.order_by("-pk") if not node or wait.node_id == node]
    if not found:
        raise ApiError("not_found", f"Nothing in this chat waits for a decision at '{node[:100]}'.", 404)
    return found[0]
