"""What is done to conversations: one is deleted, a turn is sent to review, to the tests, or corrected."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.debugging.correcting import correct
from flowbuilder.debugging.graphs import base_of
from flowbuilder.feedback import services as feedback
from flowbuilder.feedback.models import ForReview, Kind, Rating
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.conversations.reading import turns_of
from flowbuilder.publishing.usage.models import UsageRecord
from flowbuilder.runs import services as runs
from flowbuilder.runs.conversation import asked
from flowbuilder.runs.log import stream_key
from flowbuilder.runs.models import ENDED, Run
from flowbuilder.testcases import services as testcases
from flowbuilder.testcases.models import Origin
from flowbuilder.variables.models import Scope, Variable
from flowbuilder.wire import impatient_client

log = logging.getLogger(__name__)


def delete(*, asker: Asker, flow: Flow, conversation: str) -> int:
    """Its turns, what was said of them, and what the flow remembers of its sessions; how many turns went.

    What they used stays on record, without the visitor. Test cases and rows of datasets that somebody made of it stay.
    """
    found = list(turns_of(asker, flow, conversation))
    if not found:
        raise ApiError("not_found", _("There is no such conversation, or it is not yours."), 404)
    for run in found:
        if run.status not in ENDED:
            runs.cancel(run)
    ids = [run.pk for run in found]
    with transaction.atomic():
        holders = {f"{flow.pk}:{run.session}" for run in found if run.session}
        Variable.objects.filter(flow=flow, scope=Scope.SESSION, holder__in=holders).delete()
        Rating.objects.filter(run__in=ids).delete()
        UsageRecord.objects.filter(pk__in=ids).update(visitor="")
        Run.objects.filter(pk__in=ids).delete()
        record(asker=asker, action="conversation.deleted", subject=flow.name, details={"turns": len(ids)})
    try:
        impatient_client().delete(*map(stream_key, ids))
    except RedisError as error:  # they go by themselves within the hour
        log.warning("streams of a deleted conversation stay a while: %s", error)
    return len(ids)


def send_to_review(*, asker: Asker, run: Run) -> None:
    """It comes before everything else in the review queue, until somebody has rated it for themselves."""
    must_have_a_reply(run)
    ForReview.objects.get_or_create(
        run=run, defaults={"workspace": asker.workspace, "flow_id": run.flow_id, "person": asker.user}
    )


def send_to_tests(*, asker: Asker, run: Run) -> None:
    """The flow should answer so again."""
    must_have_a_reply(run)
    testcases.add_case(
        test_set=testcases.set_of(asker=asker, flow=run.flow),
        question=asked(run),
        expected_answer=run.reply,
        origin=Origin.ASKED,
        run=run,
        asker=asker,
    )


def send_correction(*, asker: Asker, run: Run, answer: str) -> None:
    """What should have been said: a pair to learn from and, where the flow searches a base, an answer that it keeps."""
    must_have_a_reply(run)
    if base_of(run.graph, run.workspace_id) is not None and str(run.inputs.get("question", "")).strip():
        feedback.must_correct(run.reply, answer)
        correct(asker=asker, run=run, answer=answer, directly=False)
    else:
        feedback.rate(asker=asker, run=run, kind=Kind.CORRECTION, correction=answer)


def must_have_a_reply(run: Run) -> None:
    if not run.reply:
        raise ApiError("invalid", _("This turn has no answer."), 422)
