"""A correction in one step: the answer is kept, the question becomes a test case, and the two answers a pair to learn from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.debugging.graphs import answering_directly, base_of, retrievers
from flowbuilder.engine.graph import nodes_within
from flowbuilder.feedback import services as feedback
from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.services import save_draft
from flowbuilder.knowledge import answers
from flowbuilder.knowledge.models import KnowledgeBase, Passage
from flowbuilder.runs.models import Run
from flowbuilder.testcases import services as testcases
from flowbuilder.testcases.models import Origin, TestCase
from nodes.json_rules import errors_of

STRUCTURED = "language.structured"
MOST_TOLD = 5


@dataclass(frozen=True)
class Corrected:
    passage: Passage
    """The question with its answer, as it is found from now on."""
    case: TestCase
    rating: Rating | None
    """The pair; None where the run gave no answer that this one could be better than."""
    directly: bool
    """Whether the flow's draft gives such answers as they are."""
    changed: bool
    """Whether its draft was changed for that."""


def correct(
    *,
    asker: Asker,
    run: Run,
    answer: str,
    base: KnowledgeBase | None = None,
    passages: Sequence[Passage] = (),
    directly: bool = True,
) -> Corrected:
    """``answer`` is what should have been said; ``passages`` are those that should have been found."""
    base = base or must_search(run)
    question = str(run.inputs.get("question", "")).strip()
    if not question:
        raise ApiError("invalid", "This run was asked no question, so there is nothing to answer anew.", 422)
    must_fit(run, answer)
    with transaction.atomic():
        rating = rate(asker, run, answer)
        kept = answers.keep(base, question, answer, asker)
        case = testcases.add_case(
            test_set=testcases.set_of(asker=asker, base=base, flow=run.flow),
            question=question,
            expected_answer=answer,
            expected=testcases.expected_of(passages or [kept]),
            origin=Origin.CORRECTION,
            run=run,
            asker=asker,
        )
        changed = directly and answer_directly(run, base)
    return Corrected(kept, case, rating, answers_directly(run, base), changed)


def must_search(run: Run) -> KnowledgeBase:
    base = base_of(run.graph, run.workspace_id)
    if base is None:
        raise ApiError(
            "invalid", "This run searched no knowledge base that is still here: name a 'base'.", 422
        )
    return base


def must_fit(run: Run, answer: str) -> None:
    """Where the flow writes a record under a schema, so must whoever corrects it."""
    schema = schema_of(run)
    if schema is None:
        return
    try:
        record = json.loads(answer)
    except ValueError as error:
        raise ApiError("invalid", f"This flow answers with a record: {error}.", 422) from error
    if broken := errors_of(record, schema):
        raise ApiError(
            "invalid", "The record breaks its schema: " + "; ".join(broken[:MOST_TOLD]), 422, broken[:50]
        )


def schema_of(run: Run) -> dict[str, Any] | None:
    """Of the one node that writes the record."""
    nodes = [node for _, node in nodes_within(run.graph) if node.get("type") == STRUCTURED]
    text = str((nodes[0].get("settings") or {}).get("json_schema") or "") if len(nodes) == 1 else ""
    return dict(json.loads(text)) if text.strip() else None


def rate(asker: Asker, run: Run, answer: str) -> Rating | None:
    try:
        return feedback.rate(asker=asker, run=run, kind=Kind.CORRECTION, correction=answer)
    except ApiError as nothing_to_rate:
        if nothing_to_rate.status in {404, 422}:
            return None
        raise


def nodes_of(run: Run, base: KnowledgeBase) -> list[str]:
    only = KnowledgeBase.objects.filter(workspace_id=base.workspace_id).count() == 1
    return retrievers(run.flow.graph, base, only=only)


def answers_directly(run: Run, base: KnowledgeBase) -> bool:
    nodes = nodes_of(run, base)
    return bool(nodes) and answering_directly(run.flow.graph, nodes) is None


def answer_directly(run: Run, base: KnowledgeBase) -> bool:
    """Change the flow's draft where it does not do so yet."""
    graph = answering_directly(run.flow.graph, nodes_of(run, base))
    if graph is None:
        return False
    save_draft(flow=run.flow, graph=graph, revision=run.flow.revision)
    return True
