"""Debugging over HTTP: a question with its passages and its answer, and what should have been answered."""

import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.debugging import asking
from flowbuilder.debugging.correcting import correct, must_search
from flowbuilder.flows.api import find as find_flow
from flowbuilder.knowledge.api import find as find_base
from flowbuilder.runs.api import find as find_run
from flowbuilder.runs.api import must_run, summary
from nodes.knowledge.looking import Looking

must_correct = api_must(edits, "Your role may not change what is answered; ask an editor of the workspace.")

router = Router(tags=["debugging"])
MOST_PASSAGES = 50


class Asked(Schema):
    question: str = Field(min_length=1, max_length=4000)
    looking: Looking | None = None
    """How passages are looked for; without it the defaults, and the flow as it is set."""
    flow: uuid.UUID | None = None
    """Whose draft answers; without it there are only passages."""


@router.post("/knowledge/{uuid:base_id}/questions", response={202: dict[str, Any]})
async def ask_base(request: HttpRequest, base_id: uuid.UUID, body: Asked) -> Any:
    """Search, and start a run that answers: `{found, run}`. An editor's run takes `looking` over."""
    base = await sync_to_async(find_base)(request, base_id)
    run = None
    if body.flow is not None:
        must_run(request)
        run = await asking.start(
            asker=request.asker,
            base=base,
            flow=await sync_to_async(find_flow)(request, body.flow),
            question=body.question,
            looking=body.looking,
        )
    side = await asking.look(base, body.question, body.looking or Looking())
    return Status(202, {"found": side.found, "run": summary(run) if run else None})


class Correction(Schema):
    answer: str = Field(min_length=1, max_length=20_000)
    base: uuid.UUID | None = None
    """Where it is kept; without it the base that the run searched."""
    passages: list[int] = Field([], max_length=MOST_PASSAGES)
    """Ids of those that should have been found."""
    directly: bool = True
    """Let the flow's draft give kept answers as they are."""


@router.post("/runs/{uuid:run_id}/correction", response={201: dict[str, Any]})
def correct_run(request: HttpRequest, run_id: uuid.UUID, body: Correction) -> Any:
    """Say what should have been answered: kept for the next time, in other words, too; a test case; a preference pair."""
    run = find_run(request, run_id)
    must_correct(request)
    base = find_base(request, body.base) if body.base else None
    passages = []
    if body.passages:
        base = base or must_search(run)
        passages = asking.passages_of(base, body.passages)
    made = correct(
        asker=request.asker,
        run=run,
        answer=body.answer,
        base=base,
        passages=passages,
        directly=body.directly,
    )
    return Status(
        201,
        {
            "answer": {"base": str(made.passage.base_id), "passage": made.passage.pk},
            "case": {"set": str(made.case.set_id), "id": made.case.pk},
            "rating": str(made.rating.pk) if made.rating else None,
            "directly": made.directly,
            "draft_changed": made.changed,
        },
    )
