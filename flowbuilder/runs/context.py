"""The real services that a node may ask for, put together for one run."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flowbuilder.apis.nodes import NodeApis
from flowbuilder.knowledge.retrieval.for_nodes import NodeKnowledge
from flowbuilder.knowledge.retrieval.vectors import NodeEmbedding
from flowbuilder.modelhub.remote import NodeRemoteModels
from flowbuilder.modelhub.science import NodeScience
from flowbuilder.modelhub.services import Live, NodeModels
from flowbuilder.outside.databases import NodeDatabases
from flowbuilder.outside.documents import NodeDocuments
from flowbuilder.outside.mail import NodeMail
from flowbuilder.outside.mcp_servers import NodeMcp
from flowbuilder.outside.requests import NodeRequests
from flowbuilder.runs.conversation import NodeConversation
from flowbuilder.runs.models import Run
from flowbuilder.variables.for_nodes import NodeVariables
from nodes.base import Context, NodeError
from nodes.services.caller import Caller

training_for: Callable[[uuid.UUID, uuid.UUID, str], Any] | None = None
"""(workspace, run, node) -> Training. Set by the training app, which stands above this layer."""

feedback_for: Callable[[uuid.UUID], Any] | None = None
"""(workspace) -> Feedback. Set by the feedback app."""

datasets_for: Callable[[uuid.UUID], Any] | None = None
"""(workspace) -> Datasets. Set by the datasets app."""

promotion_for: Callable[[uuid.UUID, uuid.UUID], Any] | None = None
"""(workspace, run) -> Promotion. Set by the evaluation app."""


class Missing:
    """Stands where a service is not part of this installation."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __getattr__(self, name: str) -> Any:
        raise NodeError(f"This installation has no {self.what}.")


def context_for(
    workspace_id: uuid.UUID,
    run_id: uuid.UUID,
    node_id: str,
    report: Any,
    live: Live | None = None,
    run: Run | None = None,
) -> Context:
    """Without ``run`` there is no conversation, and nothing is remembered: a prompt search plays flows so."""
    variables = (
        NodeVariables(workspace_id, run.flow_id, run.pk, run.session, run.environment) if run else None
    )
    training = training_for(workspace_id, run_id, node_id) if training_for else Missing("training")
    return Context(
        models=NodeModels(workspace_id, report, live),
        knowledge=NodeKnowledge(workspace_id),
        training=training,
        feedback=feedback_for(workspace_id) if feedback_for else None,
        datasets=datasets_for(workspace_id) if datasets_for else None,
        promotion=promotion_for(workspace_id, run_id) if promotion_for else None,
        apis=NodeApis(workspace_id),
        embedding=NodeEmbedding(),
        variables=variables,
        conversation=NodeConversation(run.pk, run.flow_id, run.session, variables)
        if run and variables
        else None,
        remote=NodeRemoteModels(workspace_id, report),
        caller=caller_of(run, node_id) if run else None,
        science=NodeScience(workspace_id, report),
        requests=NodeRequests(workspace_id),
        mcp=NodeMcp(workspace_id),
        documents=NodeDocuments(workspace_id),
        mail=NodeMail(),
        databases=NodeDatabases(),
        run_id=str(run_id),
        node_id=node_id,
        mode="published" if live else "draft",
        report=report,
    )


def caller_of(run: Run, node_id: str) -> Caller | None:
    asked = dict(run.caller)
    return Caller.model_validate(asked) if asked.pop("node", None) == node_id else None
