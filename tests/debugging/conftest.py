"""A base, a flow that answers from it, and a run of that flow as a worker would have left it."""

from typing import Any

import pytest

from flowbuilder.debugging.graphs import answering_flow
from flowbuilder.flows import services as flows
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage
from flowbuilder.knowledge.words import words
from flowbuilder.runs.models import Run, RunEvent, Status

QUESTION = "What does a parcel record need?"


@pytest.fixture
def base(workspace) -> KnowledgeBase:
    return KnowledgeBase.objects.create(workspace=workspace, name="protocol")


@pytest.fixture
def passage(base) -> Passage:
    document = Document.objects.create(
        workspace=base.workspace,
        base=base,
        name="protocol.md",
        format="md",
        size=1,
        sha256="x",
        status=DocumentStatus.READY,
    )
    text = "A parcel record has parcel_id and weight_kg."
    return Passage.objects.create(
        base=base, document=document, ordinal=0, text=text, words=words(text), start=0, end=len(text)
    )


@pytest.fixture
def flow(asker, base) -> Flow:
    made = flows.create_flow(asker=asker, name="Protocol bot")
    made.graph = answering_flow(base)
    made.save()
    return made


@pytest.fixture
def make_run(flow):
    def make(reply: str = "I do not know.", graph: dict[str, Any] | None = None, **fields: Any) -> Run:
        run = Run.objects.create(
            workspace=flow.workspace,
            flow=flow,
            graph=graph or flow.graph,
            inputs={"question": QUESTION},
            status=Status.FINISHED,
            reply=reply,
            **fields,
        )
        said = [("model_1", reply), ("reply_1", reply)]
        for seq, (node, text) in enumerate(said, start=1):
            data = {
                "outputs": {"out": text},
                "seconds": 0.25,
                "usage": {"prompt_tokens": 12, "completion_tokens": 3},
            }
            RunEvent.objects.create(run=run, seq=seq, type="node.finished", node=node, data=data, at=seq)
        return run

    return make
